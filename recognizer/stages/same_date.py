"""A date read with the help of other strikes of the same die.

Special cancels bear one date for ever, and mail is posted in heaps: two strikes of a die often show the same
day. How probable that is follows from how well what was read of both agrees; what each of them shows then
speaks for the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recognizer.stages.date import Dates
from recognizer.stages.date_view import DatePlace


@dataclass(frozen=True, eq=False, slots=True)
class KnownDate:
    """What a strike of the library says: days (ISO) with their probabilities, and where its date stands."""

    days: Mapping[str, float]
    place: DatePlace | None = None  # on the strike's box; None where it was not clearly seen


@dataclass(frozen=True, slots=True)
class SameDateParams:
    """Fitted on drawn pairs of strikes (training/same_date_fit.py).

    On real ones, every two strikes of a die asked together, 47 of 233 unclear dates came out right and 2
    wrong (with the networks before the present ones). Pictures of the dates laid on each other told no more
    than the readings do.
    """

    # Log odds that two strikes show the same date: a constant, and for each unit of the logarithm of the
    # probability that what was read of both is one date.
    same: tuple[float, float] = (3.253, 0.282)
    strange: float = 1e-5  # probability of a date that was not thought of
    least: float = 1e-6  # that both are one date
    # Probability from which others count: where they don't make it clear, a strike says what it shows itself.
    # Of drawn pairs 54 dates were then right and 1 wrong, from .85 65 and 4; now 155 instead of 130 of 250
    # first strikes are read right, 4 instead of 3 wrong.
    clear: float = 0.9


def shared(
    dates: Dates, others: Iterable[Mapping[str, float]], params: SameDateParams | None = None
) -> Dates:
    """The dates of a strike, reweighed by what was read of other strikes of its die if that makes one clear.

    ``others``: for each of these, days (ISO) with their probabilities. The strike itself must not be among
    them.
    """
    p = params or SameDateParams()
    chances = dates.by_day
    for theirs in others:
        together = agreement(chances, theirs, p)
        if together > 0:
            same = _same(together, p)
            chances = {
                day: same * chance * theirs.get(day, p.strange) / together + (1 - same) * chance
                for day, chance in chances.items()
            }
    return dates.reweighed(chances) if max(chances.values(), default=0.0) >= p.clear else dates


def same_date(one: Mapping[str, float], other: Mapping[str, float], params: SameDateParams) -> float:
    """The probability that two strikes of a die show the same date, by what was read of each."""
    return _same(agreement(one, other, params), params)


def _same(agreed: float, params: SameDateParams) -> float:
    z = params.same[0] + params.same[1] * math.log(max(agreed, params.least))
    return 1 / (1 + math.exp(-z))


def agreement(one: Mapping[str, float], other: Mapping[str, float], params: SameDateParams) -> float:
    """The probability that what was read of two strikes is one date, each read by itself."""
    return sum(chance * other.get(day, params.strange) for day, chance in one.items())
