"""Two dies alike but for a word or a figure: which of them a strike shows, where they differ.

Over a whole strike two hammers of one office look the same, and how each happened to be laid on it outweighs
what parts them. So both are laid on it alike, and only the places are compared where one has ink and the
other has none, with a little around them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.types import Gray

Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DifferenceParams:
    """Defaults, in pixels of a portrait. Twice or half as much of each changed little on drawn twins."""

    blur: float = 1.0
    off: int = 3  # lines of two dies that lie this near each other are the same
    ink: float = 40.0  # of 255: a difference
    around: int = 7  # what stands beside a difference shows whether the strike lies right there
    reach: int = 4  # how far a place may lie off: strikes are pressed unevenly, paper gives
    most: float = 0.6  # of what is inked on either, and around: dies that differ in more are no twins
    faint: float = 8.0  # of 255: deviation of the ink of a place that shows nothing
    # Of 255: deviation below which a die has nothing there; and how much a strike shows of that: as much as
    # it shows by chance of whatever another die has there.
    bare: float = 6.0
    chance: float = 0.25


def shown_of(
    strike: Gray, one: Gray, other: Gray, pose: Homography, between: Homography, p: DifferenceParams
) -> float:
    """How much more a strike shows of one die than of another, where they differ: correlations, -2 to 2.

    All are pictures (H, W) of one size in standard form, see ``portrait``. ``pose`` maps ``one`` to the
    strike, ``between`` maps ``other`` to ``one`` or is wrong by a pixel or so. 0 for dies that are no twins.
    """
    size = (one.shape[1], one.shape[0])
    a = _soft(one, p)
    moved = np.asarray(cv2.warpPerspective(other, between.matrix, size), np.uint8)
    ways = [_soft(picture, p) for picture in (other, moved)]
    b, place = min(((b, _differing(a, b, p)) for b in ways), key=lambda found: int(found[1].sum()))
    if not place.any() or place.sum() > p.most * _around(np.maximum(a, b) > p.ink, p).sum():
        return 0.0
    seen = cv2.warpPerspective(strike, pose.inverse().matrix, size)
    best_a, best_b = _correlations(_soft(np.asarray(seen, np.uint8), p), (a, b), place, p)
    return best_a - best_b


def _soft(picture: Gray, p: DifferenceParams) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), p.blur), np.float32)


def _differing(a: Picture, b: Picture, p: DifferenceParams) -> NDArray[np.bool_]:
    """Where one has ink and the other has none near it, and around."""
    near = np.ones((p.off, p.off), np.uint8)
    apart = np.maximum(a - cv2.dilate(b, near), b - cv2.dilate(a, near)) > p.ink
    return _around(apart, p)


def _around(place: NDArray[np.bool_], p: DifferenceParams) -> NDArray[np.bool_]:
    near = np.ones((2 * p.around + 1, 2 * p.around + 1), np.uint8)
    return np.asarray(cv2.dilate(place.astype(np.uint8), near), np.bool_)


def _correlations(
    seen: Picture, dies: tuple[Picture, Picture], place: NDArray[np.bool_], p: DifferenceParams
) -> tuple[float, float]:
    """The best correlation of the strike with each die over a place, moved by up to ``reach``."""
    rows, columns = np.nonzero(place)
    y0, y1, x0, x1 = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    inside = place[y0:y1, x0:x1]
    wanted = np.stack([die[y0:y1, x0:x1][inside] for die in dies], 1)
    spread = wanted.std(0)
    wanted = (wanted - wanted.mean(0)) / (spread + 1e-3)
    reach, (height, width) = p.reach, inside.shape
    framed = cv2.copyMakeBorder(seen, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    moves = [(y0 + v, x0 + u) for v in range(2 * reach + 1) for u in range(2 * reach + 1)]
    parts = np.stack([framed[y : y + height, x : x + width][inside] for y, x in moves])
    parts -= parts.mean(1, keepdims=True)
    alike = parts @ wanted / len(wanted) / np.maximum(parts.std(1, keepdims=True), p.faint)
    one, other = np.where(spread < p.bare, p.chance, alike.max(0)).tolist()
    return one, other
