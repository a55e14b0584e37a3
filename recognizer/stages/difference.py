"""Two dies alike but for a word or a figure: which of them a strike shows, where they differ.

Over a whole strike two hammers of one office look the same, and how each happened to be laid on it outweighs
what parts them. So both are laid on it alike, and only the places are compared where one has ink and the
other has none, with a little around them: by ``die-comparer``, a network that sees the strike and both dies
there, or without it by correlation.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.stages.network import Network
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
    # Windows that the network sees, largest differences first; what part of the difference one must hold.
    windows: int = 4
    least_share: float = 0.12
    least_ink: float = 2000.0
    most_told: float = 8.0  # the network's log odds, at most


WINDOW = 40  # px of a portrait: two letters and what stands beside them
_FRAME = 4  # of its pixels at each side: differences lie within


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """A strike and two dies laid on each other, and ``place``: where the dies differ, and around."""

    strike: Gray
    one: Gray
    other: Gray
    place: NDArray[np.bool_]


def laid_alike(
    strike: Gray, one: Gray, other: Gray, pose: Homography, between: Homography, p: DifferenceParams
) -> Laid | None:
    """A strike and two dies in the frame of ``one``; None for dies that are no twins.

    All are pictures (H, W) of one size in standard form, see ``portrait``. ``pose`` maps ``one`` to the
    strike, ``between`` maps ``other`` to ``one`` or is wrong by a pixel or so.
    """
    size = (one.shape[1], one.shape[0])
    a = _soft(one, p)
    moved = np.asarray(cv2.warpPerspective(other, between.matrix, size), np.uint8)
    laid = [(die, b, _differing(a, b, p)) for die, b in ((die, _soft(die, p)) for die in (other, moved))]
    die, b, place = min(laid, key=lambda found: int(found[2].sum()))
    if not place.any() or place.sum() > p.most * _around(np.maximum(a, b) > p.ink, p).sum():
        return None
    seen = cv2.warpPerspective(strike, pose.inverse().matrix, size)
    return Laid(np.asarray(seen, np.uint8), one, die, place)


def shown_of(
    strike: Gray,
    one: Gray,
    other: Gray,
    pose: Homography,
    between: Homography,
    p: DifferenceParams,
    comparer: Network | None = None,
) -> float:
    """How much more a strike shows of one die than of another, where they differ: correlations, -2 to 2.

    Pictures and maps as for ``laid_alike``; 0 for dies that are no twins. ``comparer`` is ``die-comparer``.
    """
    laid = laid_alike(strike, one, other, pose, between, p)
    if laid is None:
        return 0.0
    if comparer is not None and len(seen := windows_on(laid, p)):
        told = float(comparer(seen)[0].sum())
        return float(comparer.spec["output"]["worth"]) * min(max(told, -p.most_told), p.most_told)
    dies = _soft(laid.one, p), _soft(laid.other, p)
    best_a, best_b = _correlations(_soft(laid.strike, p), dies, laid.place, p)
    return best_a - best_b


def windows_on(laid: Laid, p: DifferenceParams) -> NDArray[np.float32]:
    """(n, 3, WINDOW, WINDOW) 0..1: the strike, the one die and the other where most of the difference is."""
    a, b = _soft(laid.one, p), _soft(laid.other, p)
    left = _apart(a, b, p)
    left[left <= p.ink] = 0
    whole, inner = float(left.sum()), WINDOW - 2 * _FRAME
    windows: list[NDArray[np.float32]] = []
    while len(windows) < p.windows:
        mass = cv2.boxFilter(left, -1, (inner, inner), normalize=False, borderType=cv2.BORDER_CONSTANT)
        row, column = np.unravel_index(int(mass.argmax()), mass.shape)
        if mass[row, column] < max(p.least_share * whole, p.least_ink):
            break
        top, side = max(int(row) - inner // 2, 0), max(int(column) - inner // 2, 0)
        part = left[top : top + inner, side : side + inner]
        x = float(part.sum(0) @ np.arange(part.shape[1]) / part.sum()) + side
        y = float(part.sum(1) @ np.arange(part.shape[0]) / part.sum()) + top
        pictures = (laid.strike, laid.one, laid.other)
        cut = [
            cv2.getRectSubPix(picture.astype(np.float32), (WINDOW, WINDOW), (x, y)) for picture in pictures
        ]
        windows.append(np.asarray(np.clip(np.stack(cut) / 255, 0, 1), np.float32))
        half = WINDOW // 2
        left[max(int(y) - half, 0) : int(y) + half, max(int(x) - half, 0) : int(x) + half] = 0
    return np.asarray(windows, np.float32).reshape(-1, 3, WINDOW, WINDOW)


def _soft(picture: Gray, p: DifferenceParams) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), p.blur), np.float32)


def _differing(a: Picture, b: Picture, p: DifferenceParams) -> NDArray[np.bool_]:
    """Where one has ink and the other has none near it, and around."""
    return _around(_apart(a, b, p) > p.ink, p)


def _apart(a: Picture, b: Picture, p: DifferenceParams) -> Picture:
    """How much ink one has where the other has none near it."""
    near = np.ones((p.off, p.off), np.uint8)
    return np.asarray(np.maximum(a - cv2.dilate(b, near), b - cv2.dilate(a, near)), np.float32)


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
    wanted = (wanted - wanted.mean(0)) / (wanted.std(0) + 1e-3)
    reach, (height, width) = p.reach, inside.shape
    framed = cv2.copyMakeBorder(seen, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    moves = [(y0 + v, x0 + u) for v in range(2 * reach + 1) for u in range(2 * reach + 1)]
    parts = np.stack([framed[y : y + height, x : x + width][inside] for y, x in moves])
    parts -= parts.mean(1, keepdims=True)
    alike = parts @ wanted / len(wanted) / np.maximum(parts.std(1, keepdims=True), p.faint)
    one, other = alike.max(0).tolist()
    return one, other
