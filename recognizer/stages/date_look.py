"""A strike looked at as a whole for its date: no line is searched for, nothing is cut out first.

``read_lettering`` reads strips, and a date that stands askew, between bars or under a stamp's edge is easily
cut wrong. Here one network sees the whole strike and says what day, month and year it bears, each with a
probability; the two ways fail differently, and ``stages/date.py`` weighs both.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.stages.network import Network
from recognizer.types import Strike

SIDE = 160  # of the picture looked at: the smallest date figures of a dial are then about 9 px high
CORE = 144  # the longer side of the strike's box in it
CENTURIES = (1800, 1900, 2000)
NO_HOUR = 24  # the class of a strike that shows no hour
TURNS = (-5.0, 5.0)  # degrees: what is read so from several views errs less than what is read from one
STRIDE = 4  # of the map of parts
PARTS = ("none", "day tens", "day unit", "month", "century", "tens", "unit", "hour", "other")  # of a date
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


def look_at(strike: Strike) -> NDArray[np.float32]:
    """What the network is shown, (2, SIDE, SIDE) 0..1: the strike's ink layer, and how dark each pixel is.

    The strike's box, its longer side ``CORE``, lies in the middle. The darkness helps where the ink layer
    failed, the layer where paper and stamps are dark.
    """
    core = strike.core
    scale = CORE / max(core.w, core.h, 1.0)
    height, width = strike.ink.shape
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    dark = strike.pixels.min(2)
    low, high = np.percentile(dark, (1, 90))
    layers = [strike.ink.astype(np.float32) / 255, (high - dark.astype(np.float32)) / max(high - low, 20.0)]
    out = np.zeros((2, SIDE, SIDE), np.float32)
    left = round(SIDE / 2 - core.centre[0] * scale)
    top = round(SIDE / 2 - core.centre[1] * scale)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size[0], SIDE), min(top + size[1], SIDE)
    for layer, target in zip(layers, out, strict=True):
        if x1 > x0 and y1 > y0:
            small = cv2.resize(layer, size, interpolation=how)
            target[y0:y1, x0:x1] = small[y0 - top : y1 - top, x0 - left : x1 - left]
    return np.clip(out, 0, 1)


def look_for_date(strike: Strike, model: Network) -> DateLook:
    """Look at a strike with the ``date-reader`` model: as it is and turned a little each way, as one."""
    shown = look_at(strike)
    views = np.stack([shown, *(_turned(shown, angle) for angle in TURNS)])
    present, *parts, where = model(views)
    day, month, century, tens, unit, hour = (_together(np.asarray(p, np.float64)) for p in parts)
    stands = np.asarray(where[0], np.float64)
    return DateLook(float(present.mean()), day, month, century, tens, unit, hour, stands)


def _together(views: NDArray[np.float64]) -> NDArray[np.float64]:
    """One probability for each value out of those of several views (n, values): their geometric mean."""
    mean = np.exp(np.log(np.maximum(views, 1e-6)).mean(0))
    return np.asarray(mean / mean.sum(), np.float64)


def _turned(shown: NDArray[np.float32], angle_deg: float) -> NDArray[np.float32]:
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle_deg, 1.0)
    return np.stack([cv2.warpAffine(layer, turn, (SIDE, SIDE)) for layer in shown])
