"""Simulated pieces of known mission: marks, dates with reading errors, foreign strikes, texts.

The draw has its own shares of events, foreign strikes, texts and reading errors and takes none from the
weighing; the shares of places by event are the catalogue's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from recognizer.flights import Catalogue, Event, EventKind, Flight
from recognizer.records import MarkSpec
from recognizer.types import DateAlternative, Observation

T = TypeVar("T")
_USUAL = 1.5  # in a hundred pieces of an event, from which on a place is usual for it


@dataclass(frozen=True)
class Draw:
    """What pieces look like. Shares are estimates after dealers' lists unless said otherwise."""

    no_flight: float = 0.25
    launch: float = 0.50
    docking: float = 0.12
    undocking: float = 0.06
    landing: float = 0.18
    further_event: float = 0.12  # pieces with a strike of another event of the flight
    foreign: float = 0.06  # pieces with a strike that has nothing to do with the flight
    foreign_flight: float = 0.3  # of those, the ones that bear an event of another flight
    second_date: float = 0.25  # ordinary pieces with another date
    unnamed: float = 0.15  # strikes whose mark is not named
    misnamed: float = 0.02  # strikes named as another mark
    text: float = 0.25  # pieces with something else to read
    other_text: float = 0.05  # of those, the ones that speak of another flight
    year_missing: float = 0.10
    # The date reader on degraded strips: about half exact (measured on a prototype: 0.54), the rest open.
    exact: float = 0.55
    partial: float = 0.25
    # What is left is not read at all. Of exact readings, the share wrong in a figure is 1 - probability.
    sure: tuple[float, float] = (12.0, 1.0)  # Beta: how sure the reader is of an exact reading


@dataclass(frozen=True, slots=True)
class Piece:
    observations: tuple[Observation, ...]
    flight: str | None  # the truth; None for a piece made for no flight


class Simulation:
    """Draws pieces from a catalogue and a library of marks."""

    def __init__(
        self, catalogue: Catalogue, marks: Mapping[str, MarkSpec], seed: int, draw: Draw | None = None
    ) -> None:
        self._catalogue = catalogue
        self._flights = list(catalogue.flights.values())
        self._marks = list(marks.values())
        self._by_place: dict[str, list[MarkSpec]] = {}
        for mark in self._marks:
            if mark.place and mark.kind == "postmark":
                self._by_place.setdefault(mark.place, []).append(mark)
        self._draw = draw or Draw()
        self._random = np.random.default_rng(seed)

    def pieces(self, count: int) -> Iterator[Piece]:
        """``count`` pieces, each with its true flight."""
        for _ in range(count):
            yield self._ordinary() if self._happens(self._draw.no_flight) else self._flown()

    # --- pieces ---

    def _flown(self) -> Piece:
        d = self._draw
        flight = self._pick(self._flights)
        kinds = [kind for kind, _ in flight.events()]
        shares = {"launch": d.launch, "docking": d.docking, "undocking": d.undocking, "landing": d.landing}
        main = self._weighted(kinds, [shares[kind] for kind in kinds])
        told = self._day(flight, main, 1 + self._few())
        if self._happens(d.further_event):
            told += self._day(flight, self._pick(kinds), 1)
        if self._happens(d.foreign):
            told += self._foreign(flight)
        if self._happens(d.text):
            other = self._happens(d.other_text)
            told.append(self._text(self._pick(self._flights) if other else flight, main))
        return Piece(tuple(told), flight.id)

    def _ordinary(self) -> Piece:
        """A piece made for no flight. What was posted at Baikonur on the day of a launch is of that launch,
        whatever its sender had in mind: so with every place that is usual for an event."""
        first = self._flights[0].launch.day
        days = (self._flights[-1].launch.day - first).days
        place, day = self._place(self._flights[0], "mail"), self._any_day(first, days)
        told = self._strikes(place, day, 1 + self._few())
        if self._happens(self._draw.second_date):
            told += self._strikes(self._place(self._flights[0], "mail"), self._any_day(first, days), 1)
        return Piece(tuple(told), self._flight_of(place, day))

    def _flight_of(self, place: str | None, day: dt.date) -> str | None:
        """The flight an event of which fell on that day, at a place usual for it."""
        for flight in self._flights:
            programme = self._catalogue.programme_of[flight.id]
            zones = programme.zones.get(place or "", programme.zones.get("everywhere", ("utc",)))
            for kind, event in flight.events():
                usual = programme.places.get(kind, {}).get(place or "", 0.0) >= _USUAL
                if usual and day in {event.date_in(zone) for zone in zones}:
                    return flight.id
        return None

    def _day(self, flight: Flight, kind: EventKind, strikes: int) -> list[Observation]:
        """Strikes of one place, set for one event by one calendar."""
        event: Event = getattr(flight, kind)
        place = self._place(flight, kind)
        zones = self._catalogue.programme_of[flight.id].zones
        own = zones.get(place or "", zones.get("everywhere", ("utc",)))
        day = event.date_in(own[0] if self._happens(0.6) else self._pick(list(own)))
        return self._strikes(place, day, strikes, flight)

    def _foreign(self, flight: Flight) -> list[Observation]:
        if self._happens(self._draw.foreign_flight):
            other = self._pick([f for f in self._flights if f.id != flight.id])
            return self._day(other, self._pick([kind for kind, _ in other.events()]), 1)
        day = flight.launch.day + dt.timedelta(int(self._random.integers(-60, 400)))
        return self._strikes(self._place(flight, "mail"), day, 1)

    # --- strikes ---

    def _strikes(
        self, place: str | None, day: dt.date, count: int, flight: Flight | None = None
    ) -> list[Observation]:
        hide_year = self._happens(self._draw.year_missing)
        return [self._strike(place, day, hide_year, flight) for _ in range(count)]

    def _strike(self, place: str | None, day: dt.date, hide_year: bool, flight: Flight | None) -> Observation:
        d = self._draw
        mark = self._mark(place, day, flight)
        sure = 1.0 if mark.startswith("place:") else float(self._random.beta(20, 1))
        if self._happens(d.unnamed):
            mark = "unknown"
        elif self._happens(d.misnamed):
            mark, sure = self._pick(self._marks).id, float(self._random.uniform(0.5, 0.8))
        strike = Observation(None, mark=mark, mark_probability=sure)
        kind = self._random.random()
        if kind < d.exact:
            return self._read(strike, day, hide_year)
        if kind < d.exact + d.partial:
            return replace(strike, date=self._blurred(day, hide_year), date_probability=0.9)
        return strike

    def _read(self, strike: Observation, day: dt.date, hide_year: bool) -> Observation:
        """An exact reading, wrong in one figure as often as its probability says."""
        sure = float(self._random.beta(*self._draw.sure))
        truth, value = day.isoformat(), day.isoformat()
        others: list[DateAlternative] = []
        if not self._happens(sure):
            value = self._slipped(day)
        if self._happens(0.5):
            other = truth if value != truth else self._slipped(day)
            others = [DateAlternative(_without_year(other, hide_year), (1 - sure) * 0.6)]
        return replace(
            strike,
            date=_without_year(value, hide_year),
            date_probability=sure,
            date_alternatives=tuple(others),
        )

    def _blurred(self, day: dt.date, hide_year: bool) -> str:
        """The date with one to three figures not read; rarely one of the others is wrong."""
        text = day.isoformat() if self._happens(0.95) else self._slipped(day)
        spots = self._random.choice([2, 3, 5, 6, 8, 9], size=int(self._random.integers(1, 4)), replace=False)
        return _without_year("".join("?" if i in spots else c for i, c in enumerate(text)), hide_year)

    def _slipped(self, day: dt.date) -> str:
        """Another day that differs in one figure."""
        text = day.isoformat()
        while True:
            at = self._pick([2, 3, 5, 6, 8, 9])
            wrong = text[:at] + str(self._random.integers(0, 10)) + text[at + 1 :]
            try:
                if dt.date.fromisoformat(wrong) != day:
                    return wrong
            except ValueError:
                continue

    def _mark(self, place: str | None, day: dt.date, flight: Flight | None) -> str:
        """A mark of the place in use on the day, ``place:`` where the library has none."""
        if place is None:
            return "unknown"
        fits = [m for m in self._by_place.get(place, ()) if _in_use(m, day) and self._pad_fits(m, flight)]
        return self._pick(fits).id if fits else f"place:{place}"

    def _pad_fits(self, mark: MarkSpec, flight: Flight | None) -> bool:
        return "gagarin-start" not in mark.id or flight is None or flight.pad == "gagarin-start"

    def _place(self, flight: Flight, kind: str) -> str | None:
        places = dict(self._catalogue.programme_of[flight.id].places)
        shares = places[kind]  # type: ignore[index]
        names: list[str | None] = [*shares, None]
        rest = max(100.0 - sum(shares.values()), 0.0)
        return self._weighted(names, [*shares.values(), rest])

    # --- texts ---

    def _text(self, flight: Flight, main: EventKind) -> Observation:
        home = main == "landing" and flight.crew_down and self._happens(0.6)
        crew = [name.split()[-1] for name in (flight.crew_down if home else flight.crew_up) or ()]
        choices = ["crew: " + ", ".join(crew), flight.name, (flight.name_ru or flight.name) + ", экипаж"]
        if flight.expeditions:
            choices.append(f"Expedition {self._pick(list(flight.expeditions))}")
        if flight.visiting_expedition:
            choices.append(f"ЭП-{flight.visiting_expedition}")
        return Observation(None, text=self._pick(choices))

    # --- chance ---

    def _happens(self, probability: float) -> bool:
        return bool(self._random.random() < probability)

    def _few(self) -> int:
        return int(self._random.choice(5, p=(0.25, 0.30, 0.25, 0.12, 0.08)))

    def _any_day(self, first: dt.date, days: int) -> dt.date:
        return first + dt.timedelta(int(self._random.integers(days)))

    def _pick(self, items: Sequence[T]) -> T:
        return items[int(self._random.integers(len(items)))]

    def _weighted(self, items: Sequence[T], shares: Sequence[float]) -> T:
        return items[int(self._random.choice(len(items), p=np.array(shares) / np.sum(shares)))]


def _without_year(text: str, hide: bool) -> str:
    return "????" + text[4:] if hide else text


def _in_use(mark: MarkSpec, day: dt.date) -> bool:
    """True within the known use of a mark and two years on either side of a mere sighting."""
    near = dt.timedelta(730)
    first, last = (
        dt.date.fromisoformat((end.value + rest)[:10]) if end else None
        for end, rest in ((mark.first_use, "-01-01"), (mark.last_use, "-12-31"))
    )
    return (first is None or day >= first - near) and (last is None or day <= last + near)
