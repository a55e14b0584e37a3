"""How probable it is that two strikes of a die show one date: fitted and judged on drawn pairs.

    python scripts/fit_same_date.py --pairs 1500

Special cancels mostly show one date; of dials a quarter of the pairs do, half of the others lie within two
months, as mail of one sender does. Only pairs count that could be known to be of one die.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from recognizer.stages.date import DateParams, Dates, decide, weigh_dates
from recognizer.stages.date_look import look_for_date
from recognizer.stages.learn import consensus
from recognizer.stages.lettering import Reader
from recognizer.stages.network import Network
from recognizer.stages.same_date import SameDateParams, agreement, shared
from recognizer.stages.strikes import lift_strike
from recognizer.training.dates import Moment, random_moment
from recognizer.training.designs import Design, Wheels, random_design, random_wheels
from recognizer.training.draft import chance
from recognizer.training.press import press_strike
from recognizer.training.reading_fit import logistic
from recognizer.types import LearntStrike, Strike

_SPECIAL = 0.3  # share of special cancels beyond those of the common stream
_SAME = {True: 0.85, False: 0.25}  # share of pairs that show one date, of special cancels and of others
_NEAR = ((0.5, 60), (0.75, 1000))  # days that half of the others lie apart at most, and three quarters
_SEVERE = 0.25


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """Two strikes of a die: what was read of each, and the dates (ISO) they show."""

    read: tuple[Dates, Dates]
    dates: tuple[str, str]

    @property
    def same(self) -> bool:
        return self.dates[0] == self.dates[1]


def pairs(
    rng: Generator, count: int, reader: Reader, looker: Network, closer: Network, params: DateParams
) -> Iterator[Pair]:
    """Pairs of drawn strikes that lie on each other, read."""
    left = count
    while left:
        design = random_design(rng, "pictorial" if chance(rng, _SPECIAL) else None)
        wheels = _wheels(rng, design)
        dates = tuple(w.date.iso for w in wheels if w.date and w.date.iso)
        if len(dates) < 2:
            continue
        strikes = [_struck(rng, design, w) for w in wheels]
        if consensus([LearntStrike(s.pixels, s.core) for s in strikes]) is None:
            continue
        one, other = (_read(s, reader, looker, closer, params) for s in strikes)
        yield Pair((one, other), (dates[0], dates[1]))
        left -= 1


def _wheels(rng: Generator, design: Design) -> tuple[Wheels, Wheels]:
    """Two settings of a die's wheels, alike or of different days."""
    moment = random_moment(rng, *design.years)
    first = random_wheels(rng, design, moment)
    if chance(rng, _SAME[design.family == "pictorial"]) or first.date is None:
        return first, first
    while True:
        second = random_wheels(rng, design, _other(rng, design, moment))
        if second.date and second.date.format == first.date.format:
            return first, second


def _other(rng: Generator, design: Design, moment: Moment) -> Moment:
    dice = rng.random()
    for share, days in _NEAR:
        if dice < share:
            off = int(rng.integers(1, days)) * (1 if chance(rng, 0.5) else -1)
            day = datetime.date(moment.year, moment.month, moment.day) + datetime.timedelta(off)
            return replace(moment, year=day.year, month=day.month, day=day.day)
    return random_moment(rng, *design.years)


def _struck(rng: Generator, design: Design, wheels: Wheels) -> Strike:
    wear = "severe" if chance(rng, _SEVERE) else "ordinary"
    side = int(rng.integers(110, 300))
    sample = press_strike(rng, design, side, wear, wheels, angle_deg=float(rng.normal(0, 12)))
    return lift_strike(sample.pixels, sample.found_box(rng, 0.014), None)


def _read(strike: Strike, reader: Reader, looker: Network, closer: Network, params: DateParams) -> Dates:
    return weigh_dates(strike, None, None, reader, None, look_for_date(strike, looker, closer), params)


def fit_same(found: Sequence[Pair], params: SameDateParams) -> tuple[float, float]:
    """``SameDateParams.same``, from the pairs whose first strike is unsure: no others are asked."""
    unsure = [pair for pair in found if pair.read[0].unsure]
    read = [(one.by_day, other.by_day) for one, other in (pair.read for pair in unsure)]
    agreed = [agreement(one, other, params) for one, other in read]
    rows = np.column_stack([np.ones(len(agreed)), [math.log(max(a, params.least)) for a in agreed]])
    constant, slope = logistic(rows, np.array([pair.same for pair in unsure]))
    return round(float(constant), 3), round(float(slope), 3)


def judge(found: Sequence[Pair], params: SameDateParams, dates: DateParams) -> dict[str, float]:
    """Dates of the first strikes, by themselves and with the second ones: how many are right and wrong."""
    counts: dict[str, float] = {"pairs": len(found), "unsure": sum(p.read[0].unsure for p in found)}
    for name, helped in (("alone", False), ("together", True)):
        told = []
        for pair in found:
            one, other = pair.read
            read = shared(one, [other.by_day], params) if helped and one.unsure else one
            told.append((decide(read, dates).value, pair.dates[0]))
        counts[f"{name}_right"] = sum(value == date for value, date in told)
        counts[f"{name}_wrong"] = sum(value not in (None, date) for value, date in told)
    return counts
