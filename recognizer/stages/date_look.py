"""A strike looked at as a whole for its date: no line is searched for, nothing is cut out first.

``read_lettering`` reads strips, and a date that stands askew, between bars or under a stamp's edge is easily
cut wrong. Here one network sees the whole strike and says what day, month and year it bears, each with a
probability, and where they stand; a second one sees that place again, larger and level. The ways fail
differently, and ``stages/date.py`` weighs them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.stages.date_lines import SeenLine, lines_seen
from recognizer.stages.date_view import (
    CLOSE,
    SIDE,
    DatePlace,
    closer_views,
    look_at,
    look_closer,
    place_on_die,
    views_around,
    views_of_date,
)
from recognizer.stages.network import Network
from recognizer.stages.strikes import Layers, layers_of, sharpened
from recognizer.stages.view import View
from recognizer.types import Strike

CENTURIES = (1800, 1900, 2000)
NO_HOUR = 24  # the class of a strike that shows no hour
TURNS = (-5.0, 5.0)  # degrees: what is read so from several views errs less than what is read from one
FOUND = 0.3  # probability of the likeliest date where it was looked for; below, it is looked for elsewhere
# Probability that a strike bears a date, from which it is looked for elsewhere: of 150 drawn strikes with one
# 98 % have more than .7, of 120 without any three quarters less than .11.
LIKELY = 0.15
_NUDGES = tuple(
    Homography.affine(cv2.getRotationMatrix2D((CLOSE[1] / 2, CLOSE[0] / 2), angle_deg, scale))
    for angle_deg, scale in ((4, 0.9), (-4, 1.08), (-3, 0.92), (3, 1.1), (0, 0.82), (0, 1.18))
)
_FOLLOWED = 2  # so many of the first glances, the clearest, are followed up
_CLEAR = 0.7  # probability of the likeliest date from which no more of that is needed
_STEPS = 2  # so often: what a glance cuts off at its edge, the next one has in its middle
# Of the close views' logarithms, the rest is the first look's: likeliest on drawn dates, .55 to 1 tried.
CLOSE_WEIGHT = 0.85
HEADS = {"day": 31, "month": 12, "century": 3, "tens": 10, "unit": 10, "hour": 25}


@dataclass(frozen=True, eq=False, slots=True)
class DateLook:
    """What the network sees: a probability for every value of each part of the date."""

    present: float  # that the strike bears a date
    day: NDArray[np.float64]  # (31,)
    month: NDArray[np.float64]  # (12,)
    century: NDArray[np.float64]  # (3,), in the order of CENTURIES
    tens: NDArray[np.float64]  # (10,)
    unit: NDArray[np.float64]  # (10,)
    hour: NDArray[np.float64]  # (25,), the last: no hour
    parts: NDArray[np.float64]  # (len(PARTS), SIDE / STRIDE, SIDE / STRIDE): what stands where
    in_use: tuple[int, int] | None = None  # first and last year of the die, where known
    clarity: float = 1.0  # of the picture that shows it best, see ``_clearly``
    place: DatePlace | None = None  # where on the die the date stands, as seen there
    lines: tuple[SeenLine, ...] = ()  # of the date, as seen there

    def of(self, day: int, month: int, year: int) -> float:
        """The probability of a whole date, its parts taken as independent."""
        if not 0 <= year - CENTURIES[0] < 100 * len(CENTURIES):
            return 0.0
        return float(self.years[year - CENTURIES[0]] * self.month[month - 1] * self.day[day - 1])

    @property
    def years(self) -> NDArray[np.float64]:
        """(300,) the probability of each year from the first of CENTURIES on.

        Where the years of use are known, two figures stand for the year nearest to them.
        """
        table = np.einsum("i,j,k->ijk", self.century, self.tens, self.unit).reshape(len(CENTURIES), 100)
        if self.in_use is not None:
            years = np.array(CENTURIES)[:, None] + np.arange(100)
            off = np.maximum(np.maximum(self.in_use[0] - years, years - self.in_use[1]), 0)
            table = np.where(off == off.min(0), table.sum(0) / (off == off.min(0)).sum(0), 0.0)
        return np.asarray(table.reshape(-1), np.float64)

    def best(self, count: int = 8) -> list[tuple[datetime.date, float]]:
        """The likeliest dates that exist, best first, with their probabilities."""
        years, found = self.years, []
        for y in np.argsort(-years)[:8]:
            for m in np.argsort(-self.month)[:4]:
                for d in np.argsort(-self.day)[:4]:
                    try:
                        date = datetime.date(CENTURIES[0] + int(y), int(m) + 1, int(d) + 1)
                    except ValueError:
                        continue
                    found.append((date, float(years[y] * self.month[m] * self.day[d])))
        return sorted(found, key=lambda one: -one[1])[:count]


@dataclass(frozen=True, eq=False, slots=True)
class _Glance:
    """One close picture as the second network saw it."""

    view: View
    picture: NDArray[np.float32]  # (2, *CLOSE)
    present: float  # that a date stands on it
    told: tuple[NDArray[np.float32], ...]  # for each of HEADS (1, values)
    parts: NDArray[np.float32]  # (len(PARTS), rows, columns)


@dataclass(frozen=True, eq=False, slots=True)
class _Search:
    """A strike searched for its date with the layers it was shown in."""

    layers: Layers
    whole: Sequence[NDArray[np.float32]]  # what the first network says, for each of HEADS (1, values)
    present: float  # by the first network
    parts: NDArray[np.float32]  # its map
    best: _Glance  # the clearest close picture


def look_for_date(
    strike: Strike, model: Network, closer: Network | None = None, told: Sequence[View] = ()
) -> DateLook:
    """Look at a strike for its date.

    ``model`` is ``date-reader``, which sees the whole strike; alone it is asked thrice, the strike turned a
    little. ``closer`` is ``date-closeup``: it sees the place where the first one saw the date, on a rim also
    unrolled, then again where it sees it itself. Where none is clear, but one likely, it looks all round, and
    all is done once more with the strike sharpened.
    ``told``: views where the date must stand, if its place on the die is known (``views_at``).
    """
    layers = layers_of(strike)
    if closer is None:
        shown = look_at(strike, layers)
        present, *heads, where = model(np.stack([shown, *(_turned(shown, angle) for angle in TURNS)]))
        return _fused(float(present.mean()), heads, where[0])
    searches = [_search(strike, layers, model, closer, told)]
    if _clarity(searches[0].best) < FOUND:
        searches.append(_search(strike, sharpened(strike, layers), model, closer, told))
    clearest = max(searches, key=lambda search: _clarity(search.best))
    best = clearest.best
    nudged = [best.view.then(nudge) for nudge in _NUDGES]
    glances = [best, *_glances(closer, strike, clearest.layers, nudged)]
    first = [_together(np.concatenate(one))[None] for one in zip(*(s.whole for s in searches), strict=True)]
    heads = [np.concatenate([one, *(g.told[i] for g in glances)]) for i, one in enumerate(first)]
    weights = np.array([1 - CLOSE_WEIGHT, *[CLOSE_WEIGHT / len(glances)] * len(glances)])
    surely = (clearest.present + sum(g.present for g in glances) / len(glances)) / 2
    return replace(
        _fused(surely, heads, clearest.parts, weights),
        clarity=_clarity(best),
        place=place_on_die(best.parts, best.view, strike),
        lines=lines_seen(best.parts, best.picture, best.view),
    )


def _search(strike: Strike, layers: Layers, model: Network, closer: Network, told: Sequence[View]) -> _Search:
    """Where the first network sees the date, and nearer there; all round where none is clear, but likely."""
    present, *whole, where = model(look_at(strike, layers)[None])
    glance = partial(_glances, closer, strike, layers)
    first = glance([*views_of_date(where[0], strike.core), *told])
    if max(map(_clarity, first)) < FOUND and present[0, 0] >= LIKELY:
        first += glance(views_around(strike.core))
    return _Search(layers, whole, float(present[0, 0]), where[0], _nearest(glance, first))


def clearly(strike: Strike, model: Network, closer: Network) -> float:
    """How clearly a strike shows a date at first glance: the probability of the likeliest one.

    ``model`` and ``closer`` as of ``look_for_date``, which looks longer and at more views.
    """
    layers = layers_of(strike)
    *_, where = model(look_at(strike, layers)[None])
    return max(map(_clarity, _glances(closer, strike, layers, views_of_date(where[0], strike.core))))


def _nearest(glance: Callable[[list[View]], list[_Glance]], first: list[_Glance]) -> _Glance:
    """The clearest view of the date: one of the first, or nearer, where they saw it best."""
    nearer: list[_Glance] = []
    for start in sorted(first, key=_clarity, reverse=True)[:_FOLLOWED]:
        for _ in range(_STEPS):
            if max(map(_clarity, nearer), default=0.0) < _CLEAR:
                start = max(glance(closer_views(start.parts, start.view)), key=_clarity)
                nearer.append(start)
    return max([*nearer, *first], key=_clarity)


def _glances(closer: Network, strike: Strike, layers: Layers, views: list[View]) -> list[_Glance]:
    shown = look_closer(strike, views, layers)
    present, *told, parts = closer(shown)
    return [
        _Glance(view, shown[i], float(present[i, 0]), tuple(t[i : i + 1] for t in told), parts[i])
        for i, view in enumerate(views)
    ]


def _clarity(glance: _Glance) -> float:
    return _clearly(glance.present, glance.told)


def _clearly(present: float, told: Sequence[NDArray[np.floating]]) -> float:
    """The probability of the likeliest date seen, its hour left out; ``told`` for each of HEADS."""
    return present * float(np.prod([one.max() for one in told[:5]]))


def _fused(
    present: float,
    told: Sequence[NDArray[np.float32]],
    where: NDArray[np.float32],
    weights: NDArray[np.float64] | None = None,
) -> DateLook:
    """One look out of several, their probabilities (n, values) for each of HEADS."""
    day, month, century, tens, unit, hour = (_together(np.asarray(t, np.float64), weights) for t in told)
    clarity = _clearly(present, (day, month, century, tens, unit))
    return DateLook(
        present, day, month, century, tens, unit, hour, np.asarray(where, np.float64), clarity=clarity
    )


def _together(views: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """One probability for each value out of those of several views (n, values): their geometric mean."""
    mean = np.exp(np.average(np.log(np.maximum(views, 1e-6)), 0, weights))
    return np.asarray(mean / mean.sum(), np.float64)


def _turned(shown: NDArray[np.float32], angle_deg: float) -> NDArray[np.float32]:
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle_deg, 1.0)
    return np.stack([cv2.warpAffine(layer, turn, (SIDE, SIDE)) for layer in shown])
