"""The reasons in words: what speaks for a mission, and what does not fit. Never a verdict on a piece."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.flights import Catalogue, Event, Flight
from recognizer.stages.mission_days import KINDS
from recognizer.stages.mission_piece import Gathered, Seen, anniversary, said
from recognizer.stages.mission_texts import Claim
from recognizer.stages.mission_weigh import SUBJECTS, Grid, Scales
from recognizer.types import Evidence

_MATCH = 10.0
_ZONES = {"utc": "UTC", "moscow": "Moscow", "baikonur": "Baikonur", "houston": "Houston"}
_FAR_DAYS = 2 * 365  # from the first or last sighting of a mark
_NAMED_MOST = 4  # candidates named in one sentence


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """A piece weighed: the leading flight, what the piece was made for, and whether it is the answer."""

    piece: Gathered
    scales: Scales
    matches: tuple[Grid, ...]
    best: int
    subject: int
    answered: bool

    @property
    def flight(self) -> Flight:
        return self.scales.catalogue.flights[self.scales.flights[self.best]]

    def fits(self, group: int) -> bool:
        columns = 5 if SUBJECTS[self.subject] == "crew landing" else 4
        return bool(self.matches[group][self.best, :columns].max() > _MATCH)

    def board(self, group: int) -> bool:
        """True for marks from on board, dated while the leading flight was docked."""
        g = self.piece.groups[group]
        boards = self.scales.catalogue.programme_of[self.flight.id].board
        docked = self.scales.events.while_docked(g.days)[self.best] * len(g.days)
        return bool(set(g.places) & set(boards)) and bool(docked > _MATCH)


# --- evidence -----------------------------------------------------------------------------------------


def evidence_of(
    case: Case, groups: Sequence[Grid], undated: Sequence[Grid], words: Grid
) -> tuple[Evidence, ...]:
    """What each strike and each text says, the weightiest first."""
    at = (case.best, case.subject)
    found: list[Evidence] = []
    for number, members in enumerate(case.piece.members):
        weight = _log(groups[number][at]) / max(len(members), 1)
        says = _group_says(case, number)
        found += [Evidence(s.region, f"{s.words}: {says}", round(weight, 2)) for s in members]
    for strike, grid in zip(case.piece.seen, undated, strict=True):
        if strike.facts.flights:
            names = _names(case, strike.facts.flights)
            found.append(Evidence(strike.region, f"{strike.facts.words}: made for {names}", _log(grid[at])))
        elif strike.days is None and strike.facts.place:
            place = f"a place of {SUBJECTS[case.subject]} marks" if _log(grid[at]) > 0.1 else "says little"
            found.append(Evidence(strike.region, f"{strike.words}, without a date: {place}", _log(grid[at])))
    found += _texts_say(case, words)
    found.sort(key=lambda e: -abs(e.weight))
    return (*found, *_crew_home(case))


def _group_says(case: Case, group: int) -> str:
    """What the date of a group of strikes is the date of."""
    fits = _fits(case, group)
    if case.answered and case.fits(group):
        return _of_event(case, group, *max((f for f in fits if f[0] == case.best), key=lambda f: f[2])[:2])
    if case.answered and case.board(group):
        other = f"{_of_event(case, group, *fits[0][:2])}, " if fits else ""
        return f"{other}on board while {case.flight.name} was docked"
    day = _special_day(case, group)
    docked = _docked(case, group)
    if fits:
        some = "; ".join(dict.fromkeys(_of_event(case, group, f, k) for f, k, _ in fits[:_NAMED_MOST]))
        return f"fits {some}" + (" and others" if len(fits) > _NAMED_MOST else "")
    if day is not None:
        return day + (f"; docked then: {docked}" if docked else "")
    if docked:
        return f"no event on this day; docked then: {docked}"
    return "no event on this day, in UTC, Moscow or Baikonur time"


def _special_day(case: Case, group: int) -> str | None:
    g = case.piece.groups[group]
    return anniversary(g.days, g.places, case.scales.catalogue, case.scales.events.axis)


def _fits(case: Case, group: int) -> list[tuple[int, int, float]]:
    """(flight, kind, how well) of every event that the date fits, the best first."""
    wanted = case.scales.strikes[case.subject, :4]
    matches = case.matches[group][:, :4] * _shares(case, group)[:, :4]
    matches[case.best] *= wanted / wanted.max()
    rows, kinds = np.nonzero(case.matches[group][:, :4] > _MATCH)
    found = [(int(f), int(k), float(matches[f, k])) for f, k in zip(rows, kinds, strict=True)]
    if SUBJECTS[case.subject] == "crew landing" and case.matches[group][case.best, 4] > _MATCH:
        found.append((case.best, 4, 0.0))
    return sorted(found, key=lambda f: -f[2])


def _shares(case: Case, group: int) -> Grid:
    table = np.ones((len(case.scales.flights), 7))
    for place in case.piece.groups[group].places:
        table = table * case.scales.place(place)
    return table


def _of_event(case: Case, group: int, flight: int, kind: int) -> str:
    """the launch of Soyuz TMA-20 (15 December 2010; 16 December at Baikonur)"""
    catalogue = case.scales.catalogue
    if kind == 4:
        craft = [catalogue.flights[i].name for i in catalogue.lander_of[case.flight.id]]
        return f"the landing of the crew of {case.flight.name} in {_and(craft)}"
    entry = catalogue.flights[case.scales.flights[flight]]
    event: Event = getattr(entry, KINDS[kind])
    axis = case.scales.events.axis
    days = case.piece.groups[group].days
    dates = {z: event.date_in(z) for z in _ZONES if z == "utc" or z in event.local or z in _everywhere(case)}
    best = max(set(dates.values()), key=lambda d: days[i] if (i := axis.index(d)) is not None else 0.0)
    where = [z for z, d in dates.items() if d == best]
    text = f"the {KINDS[kind]} of {entry.name}"
    if days.max() < 0.5:
        text += f" ({best})"
    everywhere = [z for z in dates if z != "houston"]
    if not set(everywhere) <= set(where):
        text += f" by the date of {_and([_ZONES[z] for z in where])}"
    return text


def _everywhere(case: Case) -> Sequence[str]:
    return case.scales.catalogue.programme_of[case.flight.id].zones.get("everywhere", ("utc",))


def _docked(case: Case, group: int) -> str:
    g = case.piece.groups[group]
    if not set(g.places) & {b for p in case.scales.catalogue.programme_of.values() for b in p.board}:
        return ""
    docked = case.scales.events.while_docked(g.days) * len(g.days)
    return _and([_name(case, int(f)) for f in np.flatnonzero(docked > _MATCH)[:_NAMED_MOST]])


def _texts_say(case: Case, words: Grid) -> Iterator[Evidence]:
    """One line a text that names something; the weight of all texts is shared out by what they name."""
    weight = _log(words[case.best, case.subject])
    speaking = [n for n in case.piece.noted if n.reading.claims or n.reading.people or n.reading.events]
    for noted in speaking:
        parts = [_claim_says(case, c) for c in noted.reading.claims]
        if noted.reading.people:
            parts.append("names " + _and([_surname(case, who) for who in noted.reading.people]))
        parts += [f"speaks of a {event}" for event in sorted(noted.reading.events)]
        quote = noted.text if len(noted.text) <= 60 else noted.text[:57] + "..."
        yield Evidence(noted.region, f"“{quote}”: {'; '.join(parts)}", weight / len(speaking))


def _claim_says(case: Case, claim: Claim) -> str:
    few = len(claim.flights) <= _NAMED_MOST
    names = _names(case, claim.flights)
    if claim.kind == "craft":
        return f"names {names}"
    if claim.kind == "emblem":
        return f"{claim.words} is {names}"
    return f"{claim.words}" + (f": {names}" if few else "")


def _crew_home(case: Case) -> Iterator[Evidence]:
    """The landing belongs to the craft; its crew may have come up in another: both are said."""
    if not case.answered:
        return
    catalogue, flight = case.scales.catalogue, case.flight
    if SUBJECTS[case.subject] == "crew landing":
        for other in catalogue.lander_of[flight.id]:
            home = [n for n in flight.crew_up if n in (catalogue.flights[other].crew_down or ())]
            yield Evidence(
                None,
                f"{_and(home)} went up in {flight.name} and came home in {catalogue.flights[other].name}",
                0.0,
            )
    elif SUBJECTS[case.subject] in ("landing", "undocking") and flight.crew_down is not None:
        others = {
            other.name: names
            for other in catalogue.flights.values()
            if flight.id in catalogue.lander_of[other.id]
            and (names := [n for n in other.crew_up if n in (flight.crew_down or ())])
        }
        for name, names in others.items():
            yield Evidence(None, f"{flight.name} brought home {_and(names)}, who had come up in {name}", 0.0)
        if not flight.crew_down:
            yield Evidence(None, f"{flight.name} came home without a crew", 0.0)


# --- conflicts ----------------------------------------------------------------------------------------


def conflicts_of(case: Case) -> tuple[str, ...]:
    """What does not fit together, in words a collector can check."""
    found: list[str] = []
    for group in range(len(case.piece.groups)):
        found += _date_conflicts(case, group)
    for strike in case.piece.seen:
        found += _mark_conflicts(case, strike)
    if case.answered:
        found += _text_conflicts(case)
    return tuple(dict.fromkeys(found))


def _date_conflicts(case: Case, group: int) -> Iterator[str]:
    members = case.piece.members[group]
    subject = members[0].words
    if len(members) > 1:
        subject += f" and {len(members) - 1} more"
    for number, slip in case.scales.slips(case.piece.groups[group]):
        yield f"{subject}: no {slip.event} of {_name(case, number)}; set for this day, not kept: {slip.why}"
    if case.answered and case.fits(group):
        if not any(_expected(case, group)):
            places = _and(sorted(case.piece.groups[group].places))
            yield f"{subject}: marks of {places} are not usual for this event"
        return
    if not case.answered and len(case.piece.groups) == 1 and _fits(case, group):
        return
    if case.board(group) and case.answered:
        return
    says = _group_says(case, group)
    if case.answered:
        yield f"{subject}: {says}; it does not belong to {case.flight.name}"
    elif (len(case.piece.groups) > 1 or not _fits(case, group)) and not _special_day(case, group):
        yield f"{subject}: {says}"


def _expected(case: Case, group: int) -> Iterator[bool]:
    """For each event of the leading flight the date fits: whether marks of such places are known of it."""
    shares = _shares(case, group)
    for kind in np.flatnonzero(case.matches[group][case.best] > _MATCH):
        yield (
            bool(shares[case.best, kind] > case.scales.params.elsewhere * 5)
            or not case.piece.groups[group].places
        )


def _mark_conflicts(case: Case, strike: Seen) -> Iterator[str]:
    flight = case.flight
    late = use_conflict(strike, flight.launch.day if case.answered else None)
    if late is not None:
        yield late
    odd = mark_conflict(strike, case.scales.catalogue, flight.id) if case.answered else None
    if odd is not None and (strike.facts.pad is None or SUBJECTS[case.subject] == "launch"):
        yield odd
    if case.answered and strike.facts.flights and flight.id not in strike.facts.flights:
        yield f"{strike.facts.words}: made for {_names(case, strike.facts.flights)}, not for {flight.name}"


def mark_conflict(strike: Seen, catalogue: Catalogue, flight: str) -> str | None:
    """What a mark can't have to do with a flight: another pad, a station it never reached."""
    entry = catalogue.flights[flight]
    if strike.facts.pad and entry.pad and entry.pad != strike.facts.pad:
        pads = catalogue.pads
        return (
            f"{strike.words}: the mark is of {pads[strike.facts.pad].name}, "
            f"{entry.name} was launched from {pads[entry.pad].name}"
        )
    if strike.facts.place in catalogue.programme_of[flight].board and entry.docking is None:
        return f"{strike.words}: {entry.name} never reached the station"
    return None


def use_conflict(strike: Seen, day: dt.date | None) -> str | None:
    """What is odd about the date of a strike, given when its mark is known to have been used."""
    if strike.written is not None and strike.written.whole:
        day = dt.date.fromisoformat(strike.written.figures)
    elif strike.days is not None:
        return None
    if day is None:
        return None
    period = strike.facts.period
    subject = f"{strike.facts.words}, {said(strike.written)}" if strike.written else strike.facts.words
    if period.last and day > period.last + dt.timedelta(0 if period.last_certain else _FAR_DAYS):
        until = "was in use until" if period.last_certain else "is known from pieces until"
        return f"{subject}: the mark {until} {period.last}"
    if period.first and day < period.first - dt.timedelta(0 if period.first_certain else _FAR_DAYS):
        since = "was in use from" if period.first_certain else "is known from pieces from"
        return f"{subject}: the mark {since} {period.first} on"
    return None


def _text_conflicts(case: Case) -> Iterator[str]:
    flight = case.flight
    for claim in case.piece.words.claims:
        if flight.id in claim.flights or claim.kind == "home expedition":
            continue
        if claim.kind == "pad":
            if SUBJECTS[case.subject] == "launch" and flight.pad is not None:
                own = case.scales.catalogue.pads[flight.pad].name
                yield f"a text names {claim.words}; {flight.name} was launched from {own}"
        else:
            yield f"a text says {claim.words}, which is not {flight.name}"
    for event in sorted(case.piece.words.events):
        if getattr(flight, event) is None and flight.status == "aborted":
            yield f"a text speaks of a {event}, which {flight.name} never came to"
    strangers = [
        who for who in case.piece.words.people if not who & {*flight.crew_up, *(flight.crew_down or ())}
    ]
    for who in strangers:
        yield f"{_surname(case, who)} is not of the crew of {flight.name}{_home_of(case, who)}"


def _home_of(case: Case, who: frozenset[str]) -> str:
    """Which craft near in time the person flew on."""
    flown = [
        f
        for f in case.scales.catalogue.flights.values()
        if who & {*f.crew_up, *(f.crew_down or ())}
        and abs((f.launch.day - case.flight.launch.day).days) < 400
    ]
    return f" but of {_and([f.name for f in flown[:2]])}" if flown else ""


# --- words --------------------------------------------------------------------------------------------


def _log(value: float) -> float:
    return round(float(np.log(max(value, 1e-9))), 2)


def _name(case: Case, flight: int) -> str:
    return case.scales.catalogue.flights[case.scales.flights[flight]].name


def _names(case: Case, flights: frozenset[str]) -> str:
    ordered = [f.name for f in case.scales.catalogue.flights.values() if f.id in flights]
    return _and(ordered[:_NAMED_MOST]) + (" and others" if len(ordered) > _NAMED_MOST else "")


def _surname(case: Case, who: frozenset[str]) -> str:
    name = sorted(who)[0]
    person = case.scales.catalogue.people.get(name)
    return person.surname if person else name.split()[-1]


def _and(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""
