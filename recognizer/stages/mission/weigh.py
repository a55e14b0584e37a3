"""The weighing: what each strike and each text says for each flight, against a piece made for no flight.

A hypothesis is a flight and what the piece was made for: its launch, docking, undocking or landing, the
landing of its crew in another craft, or the flight as a whole. Every strike bears the date of the event, of
another event of the flight, of a day on board, or it is foreign to the piece. All numbers are likelihoods
relative to a piece made for no event, so that a mark which says nothing counts 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognizer.flights import Catalogue, EventKind, Flight, Programme, Slip
from recognizer.stages.mission.days import KINDS, Days, EventDays, event_days
from recognizer.stages.mission.texts import Reading

Grid = NDArray[np.float64]  # (F, 6): flights by subjects

SUBJECTS = ("launch", "docking", "undocking", "landing", "crew landing", "flight")
_ACTUAL = ("launch", "docking", "undocking", "landing", "crew landing", "on board")
PEOPLE = 150  # that a cover may name: about as many as the catalogue has


@dataclass(frozen=True)
class Params:
    """How a specialist weighs. Where no count exists the value is an estimate and says so."""

    no_flight: float = 0.25  # estimate: of the pieces a space collector scans, those of no flight
    # Estimate after the covers of the article and of dealers' lists, most of them launch covers.
    subjects: tuple[float, ...] = (0.50, 0.12, 0.06, 0.17, 0.01, 0.14)
    # Rows as ``subjects``, columns: whose date a strike of such a piece bears. Rests are foreign strikes.
    strikes: tuple[tuple[float, ...], ...] = (
        (0.86, 0.05, 0.005, 0.015, 0.005, 0.010),
        (0.08, 0.78, 0.010, 0.010, 0.000, 0.060),
        (0.02, 0.02, 0.780, 0.100, 0.000, 0.020),
        (0.03, 0.02, 0.080, 0.800, 0.000, 0.010),
        (0.05, 0.02, 0.000, 0.030, 0.840, 0.010),
        (0.15, 0.10, 0.050, 0.150, 0.050, 0.250),
    )
    repeat_foreign: float = 0.3  # a second strike of one foreign day is likelier than the first
    note_foreign: float = 0.3  # dates in notes often speak of something else
    correction_foreign: float = 0.03  # dates that are said to be the right ones seldom do
    slip: float = 0.015  # even a date typed in may be set or read one figure wrong
    note_slip: float = 0.003  # one written by hand hardly
    on_board: float = 0.9  # of strikes dated while docked, those with a mark from on board
    ashore: float = 0.02  # of strikes of other places, those that bear any day of the flight
    other_dates: float = 0.3  # estimate: ordinary pieces that bear yet another date
    planned: float = 0.002  # estimate: pieces made for a date that was then put off, to those of the event
    mail: float = 5.0  # in a hundred ordinary pieces, those of a place the catalogue does not list
    elsewhere: float = 0.0005  # share of pieces with a mark of a place not listed for the event
    unnamed: float = 0.3  # marks of no known place, on pieces of a flight to ordinary ones
    tied_mark: float = 1000.0  # times likelier on a piece of the mission the mark was made for
    wrong_pad: float = 0.03  # the mark of one pad on a piece of a launch from another
    pad_elsewhere: float = 0.1  # the mark of a pad on a piece of no launch
    undated_place: float = 0.5  # exponent: a strike without a date may have been put on at any time
    craft_named: float = 400.0
    visit_named: float = 300.0
    emblem_named: float = 150.0
    expedition_named: float = 200.0
    home_named: float = 15.0
    year_named: float = 5.0
    pad_named: float = 3.0
    not_named: float = 0.1  # a text that names another flight, on a piece of this one
    event_named: float = 12.0
    crew_limit: float = 1e4  # names are not independent: they come from one hand
    roles: tuple[float, ...] = (0.85, 0.05, 0.10)  # names are the crew up, the crew down, of both
    roles_at_landing: tuple[float, ...] = (0.25, 0.60, 0.15)


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """Strikes of one day on a piece, or a dated note: what they say together."""

    days: Days
    strikes: int
    places: Mapping[str, float]  # of their marks, with the probability of the surest
    pads: frozenset[str] = frozenset()
    note: bool = False  # dates in texts alone
    corrects: bool = False  # a text says that this is the right date
    doubted: bool = False  # and this one is not
    anniversary: float = 1.0  # how much likelier than on other days an ordinary piece bears this date


@dataclass(frozen=True, eq=False)
class Scales:
    """A catalogue made ready for weighing."""

    catalogue: Catalogue
    events: EventDays
    strikes: NDArray[np.float64]
    landers: NDArray[np.float64]  # (F, F): row's crew came home in column's craft, shares
    pads: tuple[str | None, ...]
    people: tuple[str, ...]
    crews: tuple[NDArray[np.bool_], ...]  # (F, people) each: up, down, met on board
    params: Params
    _weights: dict[str | None, Days] = field(default_factory=dict)  # kept: places recur
    _places: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    # --- dates ---

    def matches(self, group: Group) -> NDArray[np.float64]:
        """(F, 5): how many times likelier than by chance the date is, by event, last the crew's landing."""
        place = max(group.places, key=lambda name: group.places[name]) if group.places else None
        if place not in self._weights:
            self._weights[place] = self.events.weights([self._zones(f, place) for f in self.flights])
        mass = self.events.mass(group.days, self._weights[place]) * len(group.days)
        home = self.landers @ (0.9 * mass[:, 3] + 0.1 * mass[:, 2])
        return np.column_stack([mass, home])

    def group(self, group: Group) -> Grid:
        """(F, 6): what a group of strikes says."""
        p = self.params
        kinds = np.column_stack([self.matches(group), self.events.while_docked(group.days) * len(group.days)])
        for number, slip in self.slips(group):
            kinds[number, KINDS.index(slip.event)] += p.planned * len(group.days)
        if not group.places:
            kinds *= 1.0 if group.note else p.unnamed
            kinds[:, 5] *= p.ashore
        for place, sure in group.places.items():
            shares = self.place(place)
            kinds *= sure * shares[:, :6] / shares[:, 6:] + (1 - sure)
        kinds *= self.pad(group.pads)
        kinds[:, 5] *= group.anniversary
        foreign = np.maximum(1 - self.strikes.sum(1), 0.0)
        if group.corrects:
            foreign = np.full_like(foreign, p.correction_foreign)
        elif group.note or group.doubted:
            foreign = np.maximum(foreign, p.note_foreign)
        foreign = foreign * p.repeat_foreign ** (group.strikes - 1)
        return np.asarray((kinds @ self.strikes.T + foreign) / group.anniversary)

    def slips(self, group: Group) -> list[tuple[int, Slip]]:
        """Planned dates that were not kept and that a group of strikes bears."""
        axis = self.events.axis
        return [
            (number, slip)
            for number, flight in enumerate(self.catalogue.flights.values())
            for slip in flight.slipped
            if (at := axis.index(slip.date)) is not None and group.days[at] > 0.5
        ]

    def undated(self, place: str | None, pad: str | None) -> Grid:
        """(F, 6): what the place of a strike without a date says."""
        said = np.ones((len(self.flights), 6))
        if place is not None:
            shares = self.place(place)
            expected = shares[:, :6] @ self.strikes.T
            expected += np.maximum(1 - self.strikes.sum(1), 0.0) * shares[:, 6:]
            said = (expected / shares[:, 6:]) ** self.params.undated_place
        if pad is not None:
            said = said * (self.pad(frozenset({pad})) @ self.strikes.T)
        return np.asarray(said)

    def place(self, place: str) -> NDArray[np.float64]:
        """(F, 7): shares of pieces with a mark of the place: events, crew's landing, on board, mail."""
        if place in self._places:
            return self._places[place]
        p = self.params
        programmes = [self.catalogue.programme_of[flight] for flight in self.flights]
        mail = max(each.places.get("mail", {}).get(place, p.mail) for each in programmes) / 100
        rows = []
        for programme in programmes:
            share = [self._share(programme, kind, place, mail) for kind in KINDS]
            on_board = p.on_board if place in programme.board else mail * p.ashore
            rows.append([*share, share[3], on_board, mail])
        table = np.array(rows)
        self._places[place] = table
        return table

    def _share(self, programme: Programme, kind: EventKind, place: str, mail: float) -> float:
        """The share of an event's pieces with a mark of the place; no news where the catalogue is silent."""
        shares = programme.places.get(kind)
        return mail if shares is None else shares.get(place, 0.0) / 100 or self.params.elsewhere

    def pad(self, pads: frozenset[str]) -> NDArray[np.float64]:
        """(F, 6): how well the pads that marks name go with each event of each flight."""
        said = np.ones((len(self.flights), len(_ACTUAL)))
        for pad in pads:
            said[:, 0] *= [1.0 if own in (pad, None) else self.params.wrong_pad for own in self.pads]
            said[:, 1:] *= self.params.pad_elsewhere
        return said

    def _zones(self, flight: str, place: str | None) -> Sequence[str]:
        zones = self.catalogue.programme_of[flight].zones
        return zones.get(place or "", zones.get("everywhere", ["utc"]))

    @property
    def flights(self) -> tuple[str, ...]:
        return self.events.flights

    # --- marks and words ---

    def tied(self, flights: frozenset[str], probability: float = 1.0) -> Grid:
        """(F, 6): what a mark made for certain missions says."""
        fits = np.array([f in flights for f in self.flights])
        said = np.where(fits, self.params.tied_mark / max(len(flights), 1), self.params.not_named)
        return np.repeat((probability * said + (1 - probability))[:, None], 6, 1)

    def words(self, reading: Reading) -> Grid:
        """(F, 6): what the texts say."""
        said = np.ones((len(self.flights), 6))
        for kind in dict.fromkeys(c.kind for c in reading.claims):
            flights = frozenset[str]().union(*(c.flights for c in reading.claims if c.kind == kind))
            fits = np.array([f in flights for f in self.flights])
            said *= np.where(fits, self._named(kind) / _spread(kind, len(flights)), self._not_named(kind))[
                :, None
            ]
        if reading.events:
            named = [
                s in reading.events or (s == "crew landing" and "landing" in reading.events) for s in SUBJECTS
            ]
            said *= np.where(named, self.params.event_named, 1.0)
        if reading.people:
            said *= self._crew(reading.people)
        return said

    def _named(self, kind: str) -> float:
        p = self.params
        return {
            "craft": p.craft_named, "visit": p.visit_named, "emblem": p.emblem_named, "pad": p.pad_named,
            "expedition": p.expedition_named, "home expedition": p.home_named, "year": p.year_named,
        }[kind]  # fmt: skip

    def _not_named(self, kind: str) -> float:
        return {"home expedition": 1.0, "year": 0.4, "pad": 0.3}.get(kind, self.params.not_named)

    def _crew(self, people: Sequence[frozenset[str]]) -> Grid:
        """(F, 6): how well the names fit: the crew up, the crew down, both, others met on board."""
        p = self.params
        up, down, met = self.crews
        count = len(self.flights)
        chances = [np.ones(count) for _ in range(3)]
        for who in people:
            named = np.array([name in who for name in self.people])
            among = [(crew & named).any(1) for crew in (up, down, up | down)]
            stranger = np.where((met & named).any(1), 0.05 / 12, 0.03 / PEOPLE)
            for role, crew in enumerate((up, down, up | down)):
                share = 0.92 / np.maximum(crew.sum(1), 2)
                chances[role] *= np.where(among[role], share, stranger) * PEOPLE
        said = np.repeat((np.array(p.roles) @ chances)[:, None], len(SUBJECTS), 1)
        said[:, SUBJECTS.index("landing")] = np.array(p.roles_at_landing) @ chances
        said *= min(p.crew_limit / said.max(), 1.0)
        return np.asarray(np.maximum(said, 1 / p.crew_limit))


def _spread(kind: str, flights: int) -> float:
    """Words that fit several flights say less for each; a year or a pad always fits several."""
    return 1.0 if kind in ("year", "pad") else float(flights)


@lru_cache(maxsize=8)
def scales_for(catalogue: Catalogue, params: Params) -> Scales:
    """Make a catalogue ready; kept, since a catalogue serves many pieces."""
    events = event_days(catalogue)
    number = {flight: i for i, flight in enumerate(events.flights)}
    landers = np.zeros((len(number), len(number)))
    for flight, others in catalogue.lander_of.items():
        for other in others:
            landers[number[flight], number[other]] = 1 / len(others)
    flights = list(catalogue.flights.values())
    people = sorted({name for f in flights for name in (*f.crew_up, *(f.crew_down or ()))})
    crews: list[list[Collection[str]]] = [
        [f.crew_up for f in flights],
        [f.crew_down or () for f in flights],
        [_met(f, flights) for f in flights],
    ]
    return Scales(
        catalogue,
        events,
        np.array(params.strikes),
        landers,
        tuple(f.pad for f in flights),
        tuple(people),
        tuple(np.array([[name in c for name in people] for c in crew], np.bool_) for crew in crews),
        params,
    )


def _met(flight: Flight, flights: Sequence[Flight]) -> frozenset[str]:
    """Everybody of craft that were up at the same time."""
    end = flight.landing.day if flight.landing else None
    return frozenset(
        name
        for other in flights
        if (end is None or other.launch.day <= end)
        and (other.landing is None or other.landing.day >= flight.launch.day)
        for name in (*other.crew_up, *(other.crew_down or ()))
    )
