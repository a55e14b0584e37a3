"""A piece weighed, as evidence and conflicts speak of it: what each date is the date of, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.flights import Event, Flight
from recognizer.stages.mission.days import KINDS
from recognizer.stages.mission.piece import Gathered, anniversary
from recognizer.stages.mission.weigh import SUBJECTS, Grid, Scales

MATCH = 10.0  # times likelier than by chance: from here on a date speaks for an event
_NAMED_MOST = 4  # candidates named in one sentence


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """A piece weighed. ``best`` is the leading flight, ``subject`` what the piece was made for."""

    piece: Gathered
    scales: Scales
    matches: tuple[Grid, ...]  # (F, 5) for each group of strikes
    best: int
    subject: int
    answered: bool  # whether the leading flight is the answer

    @property
    def flight(self) -> Flight:
        return self.scales.catalogue.flights[self.scales.flights[self.best]]

    @property
    def crew_landing(self) -> bool:
        """True when the piece was made for the landing of the crew in another craft."""
        return SUBJECTS[self.subject] == "crew landing"

    # --- what a group of strikes fits ---

    def fits(self, group: int) -> bool:
        """True when the date is that of an event of the leading flight."""
        columns = 5 if self.crew_landing else 4
        return bool(self.matches[group][self.best, :columns].max() > MATCH)

    def on_board(self, group: int) -> bool:
        """True for marks from on board, dated while the leading flight was docked."""
        g = self.piece.groups[group]
        boards = set(self.scales.catalogue.programme_of[self.flight.id].board)
        docked = self.scales.events.while_docked(g.days)[self.best] * len(g.days)
        return bool(boards & set(g.places)) and bool(docked > MATCH)

    def events_of(self, group: int) -> list[tuple[int, int]]:
        """Flight and kind of every event that the date fits, the best first; kind 4 is the crew's landing."""
        wanted = self.scales.strikes[self.subject, :4]
        chance = self.matches[group][:, :4] * self.shares(group)[:, :4]
        chance[self.best] *= wanted / wanted.max()
        fits = np.argwhere(self.matches[group][:, :4] > MATCH)
        found = sorted(((int(f), int(k)) for f, k in fits), key=lambda event: -chance[event])
        if self.crew_landing and self.matches[group][self.best, 4] > MATCH:
            found.append((self.best, 4))
        return found

    def shares(self, group: int) -> Grid:
        """(F, 7): how usual the places of a group are for each event, see ``Scales.place``."""
        table = np.ones((len(self.scales.flights), 7))
        for place in self.piece.groups[group].places:
            table = table * self.scales.place(place)
        return table

    def special_day(self, group: int) -> str | None:
        """The anniversary of the day, if it is one."""
        g = self.piece.groups[group]
        return anniversary(g.days, g.places, self.scales.catalogue, self.scales.events.axis)

    def docked(self, group: int) -> str:
        """The craft at the station on the day of strikes from on board; nothing for other strikes."""
        g = self.piece.groups[group]
        boards = {b for p in self.scales.catalogue.programme_of.values() for b in p.board}
        if not boards & set(g.places):
            return ""
        docked = self.scales.events.while_docked(g.days) * len(g.days)
        return listed([self.name(int(f)) for f in np.flatnonzero(docked > MATCH)[:_NAMED_MOST]])

    # --- in words ---

    def date_says(self, group: int) -> str:
        """What the date of a group of strikes is the date of."""
        events = self.events_of(group)
        if self.answered and self.fits(group):
            return self.event(group, *next(e for e in events if e[0] == self.best))
        if self.answered and self.on_board(group):
            other = f"{self.event(group, *events[0])}, " if events else ""
            return f"{other}on board while {self.flight.name} was docked"
        if events:
            some = dict.fromkeys(self.event(group, f, k) for f, k in events[:_NAMED_MOST])
            return f"fits {'; '.join(some)}" + (" and others" if len(events) > _NAMED_MOST else "")
        docked = self.docked(group)
        says = self.special_day(group) or f"no event on this day by the date of {listed(self._zones(), 'or')}"
        return says + (f"; docked then: {docked}" if docked else "")

    def event(self, group: int, flight: int, kind: int) -> str:
        """An event, its date where the strikes leave it open, and by whose calendar they bear it."""
        if kind == 4:
            return self._crews_landing()
        entry = self.scales.catalogue.flights[self.scales.flights[flight]]
        event: Event = getattr(entry, KINDS[kind])
        zones = self.scales.catalogue.programme_of[entry.id].zones.get("everywhere", ("utc",))
        dates = {zone: event.date_in(zone) for zone in dict.fromkeys((*zones, *event.local))}
        axis, days = self.scales.events.axis, self.piece.groups[group].days
        best = max(dates.values(), key=lambda d: days[i] if (i := axis.index(d)) is not None else 0.0)
        text = f"the {KINDS[kind]} of {entry.name}" + (f" ({best})" if days.max() < 0.5 else "")
        where = [zone for zone, date in dates.items() if date == best]
        return (
            text
            if set(zones) <= set(where)
            else f"{text} by the date of {listed(list(map(zone_name, where)))}"
        )

    def _crews_landing(self) -> str:
        catalogue, flight = self.scales.catalogue, self.flight
        craft = [catalogue.flights[i] for i in catalogue.lander_of[flight.id]]
        home = [n for n in flight.crew_up if any(n in (c.crew_down or ()) for c in craft)]
        who = "the crew" if len(home) == len(flight.crew_up) else listed(home)
        return f"the landing of {who} of {flight.name} in {listed([c.name for c in craft])}"

    def _zones(self) -> list[str]:
        programmes = self.scales.catalogue.programme_of.values()
        zones = dict.fromkeys(z for p in programmes for z in p.zones.get("everywhere", ("utc",)))
        return [zone_name(zone) for zone in zones]

    def name(self, flight: int) -> str:
        return self.scales.catalogue.flights[self.scales.flights[flight]].name

    def names(self, flights: frozenset[str]) -> str:
        """The names of some flights, in order of launch; the first few of many."""
        ordered = [f.name for f in self.scales.catalogue.flights.values() if f.id in flights]
        return listed(ordered[:_NAMED_MOST]) + (" and others" if len(ordered) > _NAMED_MOST else "")

    def surname(self, who: frozenset[str]) -> str:
        """The surname of one named person, or of namesakes."""
        name = sorted(who)[0]
        person = self.scales.catalogue.people.get(name)
        return person.surname if person else name.split()[-1]


def zone_name(zone: str) -> str:
    return "UTC" if zone == "utc" else zone.replace("-", " ").title()


def listed(items: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
