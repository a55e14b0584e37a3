"""Days as an axis: what a date reading says of each day, and which strikes bear the same day.

A reading is a probability over all days of the catalogue's years, so that a date with unread figures, the
reader's alternatives and a slip of one figure are all the same kind of value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import UsageError
from recognizer.flights import EVENTS, Catalogue, Event, EventKind

Days = NDArray[np.float64]  # (N,), one value a day

_DATE = re.compile(r"(?P<date>[0-9?]{4}-[0-9?]{2}-[0-9?]{2})(?:T(?P<hour>[0-9?]{2})(?::?[0-9?]{2})?)?")


@dataclass(frozen=True, slots=True)
class Written:
    """A date as given: ``figures`` is YYYY-MM-DD with ``?`` for each figure not read."""

    figures: str
    hour: int | None

    @property
    def whole(self) -> bool:
        return "?" not in self.figures

    def agrees(self, other: Written) -> bool:
        """True when no figure read in both differs."""
        return all(a == b or "?" in (a, b) for a, b in zip(self.figures, other.figures, strict=True))

    @property
    def blank(self) -> bool:
        return not any(c.isdigit() for c in self.figures)


def parse_date(text: str) -> Written:
    """Read ``2001-10-21T12`` or ``200?-04-08``; raises UsageError when no such day can be."""
    match = _DATE.fullmatch(text.strip())
    remedy = "Write it YYYY-MM-DD with ? for each figure not read, and T12 after it for an hour."
    if match is None:
        raise UsageError("bad-date", f"{text!r} is no date.", remedy)
    figures, hour = match["date"], match["hour"]
    if not _can_be(figures) or (hour and hour.isdigit() and int(hour) > 24):
        raise UsageError("bad-date", f"{text!r}: there is no such day or hour.", remedy)
    return Written(figures, int(hour) if hour and hour.isdigit() else None)


@lru_cache(maxsize=4096)
def _can_be(figures: str) -> bool:
    """True when some day of any year fits the figures."""
    pattern = re.compile(figures[5:].replace("?", r"\d"))
    month_days = (dt.date(2000, 1, 1) + dt.timedelta(i) for i in range(366))
    fits = [d for d in month_days if pattern.fullmatch(f"{d:%m-%d}")]
    if not fits:
        return False
    leap_only = all((d.month, d.day) == (2, 29) for d in fits)
    if leap_only and "?" not in figures[:4]:
        year = int(figures[:4])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return True


@dataclass(frozen=True, eq=False, slots=True)
class Axis:
    """The days that count: the years of the catalogue and two more on either side."""

    first: dt.date
    figures: NDArray[np.uint8]  # (N, 8): the figures of YYYYMMDD

    @classmethod
    def over(cls, first: dt.date, last: dt.date) -> Axis:
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        text = np.char.replace(days.astype(str), "-", "")
        return cls(first, np.frombuffer("".join(text).encode(), np.uint8).reshape(-1, 8) - ord("0"))

    def __len__(self) -> int:
        return len(self.figures)

    def index(self, date: dt.date) -> int | None:
        """The place of a day, None when it lies outside."""
        at = (date - self.first).days
        return at if 0 <= at < len(self) else None

    def date(self, index: int) -> dt.date:
        return self.first + dt.timedelta(int(index))

    def fits(self, figures: str) -> NDArray[np.bool_]:
        """(N,): the days that ``YYYY-MM-DD`` with ``?`` fits."""
        wanted = figures.replace("-", "")
        read = [i for i, c in enumerate(wanted) if c != "?"]
        values = np.array([int(wanted[i]) for i in read], np.uint8)
        return np.asarray((self.figures[:, read] == values).all(1))

    def one_figure_off(self, figures: str) -> NDArray[np.bool_]:
        """(N,): the days that differ from a whole date in one figure."""
        wanted = np.array([int(c) for c in figures.replace("-", "")], np.uint8)
        return np.asarray((self.figures != wanted).sum(1) == 1)


def reading(axis: Axis, readings: Iterable[tuple[str, float]], slip: float) -> Days:
    """What a reader's answers say of each day; sums to 1.

    ``readings`` are figures with their probabilities. What they leave over, and ``slip`` of what they claim,
    goes in equal parts to days one figure off the first whole reading and to all days.
    """
    q = np.zeros(len(axis))
    left = 1.0
    off: NDArray[np.bool_] | None = None
    for figures, probability in readings:
        fits = axis.fits(figures)
        share = probability * (1 - slip)
        if (count := int(fits.sum())) and share > 0:
            q[fits] += share / count
            left -= share
        if off is None and "?" not in figures:
            off = axis.one_figure_off(figures)
    left = max(left, slip)
    if off is not None and off.any():
        q[off] += left / 2 / off.sum()
        left /= 2
    q += left / len(axis)
    return np.asarray(q / q.sum())


def same_day(a: Days, b: Days) -> float:
    """How many times likelier two readings are of one day than of two unrelated days."""
    return float(len(a) * (a * b).sum())  # no BLAS: its threads cost more than the sum


@dataclass(frozen=True, eq=False)
class EventDays:
    """When the events of all flights fell, in each zone: parallel arrays, one entry for each date."""

    axis: Axis
    flights: tuple[str, ...]
    flight: NDArray[np.intp]  # (E,) index into ``flights``
    kind: NDArray[np.intp]  # (E,) 0 launch, 1 docking, 2 undocking, 3 landing
    day: NDArray[np.intp]  # (E,) index on the axis
    zone: NDArray[np.str_]  # (E,)
    docked: NDArray[np.intp]  # (F, 2) first day after docking, undocking day; equal when never docked

    def weights(self, zones: Sequence[Sequence[str]]) -> Days:
        """(E,): how likely a mark set for the event bears this date, by the zones its place may use.

        ``zones`` has one sequence a flight, the likeliest zone first; each next one is 0.6 as likely.
        """
        weight = np.zeros(len(self.day))
        for f, order in enumerate(zones):
            share = 0.6 ** np.arange(len(order))
            for name, s in zip(order, share / share.sum(), strict=True):
                weight[(self.flight == f) & (self.zone == name)] += s
        return weight

    def mass(self, q: Days, weight: Days) -> NDArray[np.float64]:
        """(F, 4): the probability of the reading, were it set for each event of each flight."""
        found = np.bincount(
            self.flight * 4 + self.kind, weights=q[self.day] * weight, minlength=len(self.flights) * 4
        )
        return np.asarray(found.reshape(-1, 4))

    def on_days_of(self, flight: int, q: Days) -> float:
        """The probability that a reading is the date of any event of the flight, in any zone."""
        return float(q[np.unique(self.day[self.flight == flight])].sum())

    def while_docked(self, q: Days) -> Days:
        """(F,): the mean probability of a day while the craft was docked; 0 when it never was."""
        total = np.concatenate([[0.0], np.cumsum(q)])
        start, end = self.docked.T
        return np.asarray((total[end] - total[start]) / np.maximum(end - start, 1))


KINDS: tuple[EventKind, ...] = EVENTS


def event_days(catalogue: Catalogue) -> EventDays:
    """Lay the events of a catalogue on an axis of days."""
    days = [e.day for f in catalogue.flights.values() for _, e in f.events()]
    axis = Axis.over(dt.date(min(days).year - 2, 1, 1), dt.date(max(days).year + 2, 12, 31))
    entries: list[tuple[int, int, int, str]] = []
    docked: list[tuple[int, int]] = []
    for number, flight in enumerate(catalogue.flights.values()):
        zones = sorted({z for names in catalogue.programme_of[flight.id].zones.values() for z in names})
        for kind, event in flight.events():
            for zone in zones or ["utc"]:
                at = (event.date_in(zone) - axis.first).days
                entries.append((number, KINDS.index(kind), at, zone))
        docked.append(_stay(axis, flight.docking, flight.undocking))
    flight_, kind_, day_, zone_ = zip(*entries, strict=True)
    return EventDays(
        axis,
        tuple(catalogue.flights),
        np.array(flight_, np.intp),
        np.array(kind_, np.intp),
        np.array(day_, np.intp),
        np.array(zone_, np.str_),
        np.array(docked, np.intp),
    )


def _stay(axis: Axis, docking: Event | None, undocking: Event | None) -> tuple[int, int]:
    if docking is None:
        return 0, 0
    start = (docking.day - axis.first).days + 1
    end = (undocking.day - axis.first).days if undocking else min(start + 200, len(axis))
    return start, max(end, start)
