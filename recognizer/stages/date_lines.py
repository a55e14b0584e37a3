"""The lines of a date, cut out where a close look sees its figures: the reader then has them level and large.

``read_lettering`` tries strips at fixed places and heights, and a date is easily cut through. Here the place
is known, and the height of the letters is measured on the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography, Points
from recognizer.imaging.unroll import STRIP_HEIGHT, TONE, Ring, Strip, around_peak
from recognizer.stages.date_view import CLOSE, CLOSE_STRIDES, dated, from_crop
from recognizer.stages.lettering import Line, Reader, Where, inked, read_cuts
from recognizer.stages.view import View
from recognizer.types import Strike

_ROOMS = (1.5, 1.8, 2.1)  # heights of strips to that of the letters seen
_BESIDE = 1.6  # heights of a letter that a strip goes on at both ends: what the map missed
_FIGURES = 1.0  # summed chances that make a line
_NEAR_PX = 14.0  # of the picture: how far from the map's places the busiest row may be
_HEIGHTS_PX = (7.0, 44.0)  # letters are no lower and no taller


@dataclass(frozen=True, eq=False, slots=True)
class SeenLine:
    """A line of a date: level in ``view``, between ``left`` and ``right``, its letters ``tall`` pixels high
    about ``middle``.
    """

    view: View
    left: float
    right: float
    middle: float
    tall: float


@dataclass(frozen=True, eq=False, slots=True)
class _ViewCut:
    """The strip ``height`` pixels of a view high: where on the ink each of its pixels lies."""

    line: SeenLine
    height: float
    to_ink: Homography  # from the pixels of ``look_at``

    @property
    def width(self) -> int:
        room = 2 * _BESIDE * self.line.tall
        return max(round((self.line.right - self.line.left + room) * STRIP_HEIGHT / self.height / 4) * 4, 32)

    @property
    def scale(self) -> float:
        """Strip pixels per ink pixel."""
        (x0, y0), (x1, y1) = self._places(np.array([0.0, 1.0]) + self.width / 2, np.full(2, 0.0)).tolist()
        return float(1 / max(np.hypot(x1 - x0, y1 - y0), 1e-6))

    def _places(self, x: NDArray[np.float64], off: NDArray[np.float64]) -> Points:
        """On the ink, pixels of the strip, ``off`` its middle line."""
        factor = self.height / STRIP_HEIGHT
        left = self.line.left - _BESIDE * self.line.tall
        pixels = np.column_stack([left + (x + 0.5) * factor, self.line.middle + off * factor])
        return self.to_ink.apply(self.line.view.back(pixels))

    def of(self, ink: NDArray[np.float32]) -> Strip:
        x, y = np.meshgrid(np.arange(float(self.width)), np.arange(STRIP_HEIGHT) + 0.5 - STRIP_HEIGHT / 2)
        at = self._places(x.ravel(), y.ravel()).reshape(*x.shape, 2).astype(np.float32)
        return np.asarray(cv2.remap(ink, at[..., 0], at[..., 1], cv2.INTER_LINEAR), np.float32)

    def along(self, x: NDArray[np.float64]) -> tuple[Points, Points]:
        here, ahead = (self._places(x + step, np.zeros(len(x))) for step in (0.0, 1.0))
        way = ahead - here
        return here, way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]


def lines_seen(map_: NDArray[np.floating], picture: NDArray[np.float32], view: View) -> tuple[SeenLine, ...]:
    """The lines of a date on a close ``picture`` (2, *CLOSE) that its map (PARTS, rows, columns) shows."""
    chance = dated(map_)
    across, down = CLOSE_STRIDES
    rows = chance.sum(1)
    found: list[SeenLine] = []
    taken: list[int] = []
    for row in np.argsort(-rows, kind="stable").tolist():
        if rows[row] < _FIGURES:
            break
        if any(abs(row - other) < 2 for other in taken):
            continue
        taken.append(row)
        cells = chance[max(row - 1, 0) : row + 2]
        level = float(cells.sum(1) @ np.arange(max(row - 1, 0), min(row + 2, len(chance)))) / cells.sum()
        columns = np.flatnonzero(chance[row])
        left, right = (columns[0] - 0.5) * across, (columns[-1] + 1.5) * across
        high = _letters_at(picture[0], left, right, (level + 0.5) * down)
        if high is not None:
            found.append(SeenLine(view, float(left), float(right), *high))
    return tuple(found)


def _letters_at(
    ink: NDArray[np.float32], left: float, right: float, level: float
) -> tuple[float, float] | None:
    """Middle and height of the lettering of a picture near a row: there ink changes most along the line."""
    inside = ink[:, max(int(left), 0) : min(int(right) + 1, CLOSE[1])]
    if inside.shape[1] < 6:
        return None
    change = np.abs(np.diff(cv2.GaussianBlur(inside**TONE, (3, 1), 0), axis=1)).mean(1)
    busy = np.convolve(np.pad(change, 1, mode="edge"), np.full(3, 1 / 3), "valid")
    near = np.abs(np.arange(CLOSE[0]) - level) < _NEAR_PX
    top = int(np.where(near, busy, 0).argmax())
    if not (near[top] and busy[top] > 0):
        return None
    first, last = around_peak(busy, top)
    return (first + last) / 2, float(np.clip(last - first + 1, *_HEIGHTS_PX))


def read_lines(strike: Strike, lines: Sequence[SeenLine], ring: Ring, model: Reader) -> tuple[Line, ...]:
    """The lines of a date as the reader sees them, each at several heights.

    ``ring`` is the strike's, as of ``Lettering``.
    """
    if not lines:
        return ()
    layers, scale = inked(strike)
    to_ink = from_crop(strike).inverse().then(Homography.similarity(scale, 0.0, 0.0, 0.0))
    cuts = [_placed(_ViewCut(line, room * line.tall, to_ink), ring) for line in lines for room in _ROOMS]
    return tuple(read_cuts(cuts, layers, scale, model))


def _placed(cut: _ViewCut, ring: Ring) -> tuple[Where, float, float, _ViewCut]:
    """A strip with where it lies, as of ``Line``."""
    (place,), (way,) = cut.along(np.array([cut.width / 2]))
    angle = float(np.rad2deg(np.arctan2(way[1], way[0])))
    return "line" if cut.line.view.rim is None else "ring", angle, ring.across(place[0], place[1], angle), cut
