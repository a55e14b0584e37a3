"""The vocabulary of the mission catalogue: programmes, flights, their events, crews and pads; validated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field, field_validator

from recognizer.records import MARK_ID, Confidence, Record

EventKind = Literal["launch", "docking", "undocking", "landing"]
EVENTS: tuple[EventKind, ...] = ("launch", "docking", "undocking", "landing")


class Event(Record):
    """One event: its moment, or only its day, in UTC, and the calendar date elsewhere where that differs."""

    utc: dt.datetime | dt.date
    local: dict[str, dt.date] = Field(default_factory=dict)  # zone -> date: {"baikonur": 2010-12-16}

    @property
    def day(self) -> dt.date:
        return self.utc.date() if isinstance(self.utc, dt.datetime) else self.utc

    def date_in(self, zone: str) -> dt.date:
        """The calendar date in a zone ('utc', 'moscow' ...); the UTC date where nothing else is stated."""
        return self.local.get(zone, self.day)

    @field_validator("local")
    @classmethod
    def _within_a_day(cls, local: dict[str, dt.date], info: object) -> dict[str, dt.date]:
        utc = getattr(info, "data", {}).get("utc")
        if utc is None:
            return local
        day = utc.date() if isinstance(utc, dt.datetime) else utc
        for zone, date in local.items():
            if abs((date - day).days) > 1:
                raise ValueError(f"the date in {zone}, {date}, is more than a day from {day}")
        return local


class Fact(Record):
    """How we know something; the keys under ``source`` are explained in the table ``sources``."""

    source: tuple[str, ...]
    confidence: Confidence


class Slip(Fact):
    """A date that was planned and not kept: covers may bear it, but nothing happened on it."""

    date: dt.date
    event: EventKind
    why: str


class Flight(Record):
    """One flight. ``source`` and ``confidence`` hold for every fact that ``facts`` does not name."""

    id: str = Field(pattern=MARK_ID)
    name: str
    name_ru: str | None = None
    status: Literal["flown", "aborted", "in flight"] = "flown"
    flight_numbers: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    crew_up: tuple[str, ...] = ()
    crew_down: tuple[str, ...] | None = None  # None: not down yet, or not known
    callsign: str | None = None
    expeditions: tuple[int, ...] = ()
    expeditions_home: tuple[int, ...] = ()  # brought home by this craft, launched otherwise
    visiting_expedition: int | None = None
    visit_names: tuple[str, ...] = ()
    ship_name: str | None = None
    pad: str | None = None
    launch: Event
    docking: Event | None = None
    undocking: Event | None = None
    landing: Event | None = None
    landing_place: str | None = None
    slipped: tuple[Slip, ...] = ()
    source: tuple[str, ...]
    confidence: Confidence
    facts: dict[str, Fact] = Field(default_factory=dict)
    note: str | None = None

    def events(self) -> Iterator[tuple[EventKind, Event]]:
        """The events that took place, in their order."""
        for kind in EVENTS:
            event: Event | None = getattr(self, kind)
            if event is not None:
                yield kind, event

    def known_from(self, fact: str) -> Fact:
        """Where a fact of this flight is from, and how sure it is."""
        return self.facts.get(fact) or Fact(source=self.source, confidence=self.confidence)


class Person(Record):
    """How a cover may name one of a crew."""

    name: str
    surname: str
    surname_ru: str | None = None
    also: tuple[str, ...] = ()


class Pad(Record):
    id: str
    name: str
    place: str
    words: tuple[str, ...] = ()  # how marks and cachets call it


class Anniversary(Record):
    """A day of the year that is marked every year, whoever is in space."""

    day: str = Field(pattern=r"^\d\d-\d\d$")
    name: str
    places: tuple[str, ...]


class Programme(Record):
    """What holds for all flights of a programme."""

    id: str = Field(pattern=MARK_ID)
    name: str
    station: str | None = None
    board: tuple[str, ...] = ()  # place words of marks struck on board
    expedition_words: tuple[str, ...] = ("expedition", "exp")
    visiting_words: tuple[str, ...] = ("visiting expedition",)
    # By place the zones its marks may go by, the likeliest first; 'everywhere' for the places not named.
    zones: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    places: dict[Literal["launch", "docking", "undocking", "landing", "mail"], dict[str, float]] = Field(
        default_factory=dict
    )  # of a hundred pieces of an event, how many bear a mark of the place


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All flights by id, in order of launch, with what is needed to recognise them."""

    flights: Mapping[str, Flight]
    programme_of: Mapping[str, Programme]  # by flight id
    people: Mapping[str, Person]  # by name
    pads: Mapping[str, Pad]
    anniversaries: tuple[Anniversary, ...]
    sources: Mapping[str, str]

    @cached_property
    def lander_of(self) -> Mapping[str, tuple[str, ...]]:
        """By flight id: the other craft in which somebody of its crew came home."""
        return {
            flight.id: tuple(
                other.id
                for other in self.flights.values()
                if other.id != flight.id
                and other.landing is not None
                and 0 <= (other.landing.day - flight.launch.day).days < 500
                and self._not_down_before(flight, other)
            )
            for flight in self.flights.values()
        }

    def _not_down_before(self, flight: Flight, other: Flight) -> bool:
        """True when somebody of ``flight`` came down in ``other``, as the first landing after the launch."""
        for name in flight.crew_up:
            if name in (other.crew_down or ()):
                landings = [
                    f.landing.day
                    for f in self.flights.values()
                    if f.landing and name in (f.crew_down or ()) and f.landing.day >= flight.launch.day
                ]
                if other.landing and other.landing.day == min(landings):
                    return True
        return False
