"""Where a network sees pieces on a small copy of a scan: roughly where their corners are, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points, polygon_area
from recognizer.imaging.shrink import shrunk
from recognizer.stages.network import Network
from recognizer.types import Rgb

SIDE = 192  # px, longest side of the copy
STRIDE = 8  # px from one cell of the network's maps to the next
REACH = SIDE / 4  # px: what an offset of 1 is
_HEARD = 0.5  # of a cell that some piece lies there: others don't vote
_ALIKE = 0.12  # of a piece's size: votes whose corners differ by less are for the same piece


@dataclass(frozen=True, eq=False, slots=True)
class Sighting:
    """A piece as the network sees it."""

    corners: Points  # (4, 2) px of the scan, clockwise from the top left
    open: float  # share of it that lies open and within the frame, 0..1
    spread: float  # how far off a corner may be, as a share of the piece's size (root of its area)
    cells: NDArray[np.bool_]  # (rows, columns) of the network's maps: those that voted for it
    cell_px: tuple[float, float]  # across and down, of a cell on the scan

    def inside(self, outline: Points) -> NDArray[np.bool_]:
        """Which cells' middles lie inside a convex outline (N, 2), clockwise, px of the scan."""
        rows, columns = np.mgrid[: self.cells.shape[0], : self.cells.shape[1]]
        middles = (np.stack([columns, rows], -1) + 0.5) * self.cell_px
        side = np.roll(outline, -1, axis=0) - outline
        off = middles[:, :, None] - outline
        return np.asarray((side[:, 0] * off[..., 1] - side[:, 1] * off[..., 0] >= 0).all(2))

    def lies_on(self, other: Sighting) -> bool:
        """Whether it covers a part of another piece: where both might lie most cells are its own."""
        both = self.inside(self.corners) & self.inside(other.corners)
        return int((both & self.cells).sum()) > int((both & other.cells).sum())


def look_for_pieces(pixels: Rgb, model: Network) -> list[Sighting]:
    """The pieces on a scan (H, W, 3), the one that shows most first. ``model`` is ``piece-finder``."""
    image, scale = prepared(pixels)
    (maps,) = model(image[None])
    return voted(maps[0], pixels.shape[:2], scale)


def prepared(pixels: Rgb) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """The network's input (4, SIDE, SIDE): RGB 0..1 and where the picture is; and its px per px, (x, y)."""
    height, width = pixels.shape[:2]
    factor = SIDE / max(height, width)
    w, h = max(round(width * factor), 1), max(round(height * factor), 1)
    out = np.zeros((4, SIDE, SIDE), np.float32)
    small = pixels if factor == 1 else shrunk(pixels, w, h)
    out[:3, :h, :w] = small.transpose(2, 0, 1) / np.float32(255)
    out[3, :h, :w] = 1
    return out, (w / width, h / height)


def voted(
    maps: NDArray[np.float32], shape: tuple[int, ...], scale: tuple[float, float] = (1.0, 1.0)
) -> list[Sighting]:
    """What the cells of the maps (10, rows, columns) agree on.

    Each cell says whether a piece lies there, where that piece's corners are from it, and how sure it is of
    them. ``shape``: the scan's height and width, ``scale``: px of the small copy per px of the scan, (x, y).
    """
    _, rows, columns = maps.shape
    y, x = np.mgrid[:rows, :columns]
    middles = np.stack([x, y], -1).reshape(-1, 1, 2) * STRIDE + STRIDE / 2
    there = 1 / (1 + np.exp(-maps[0].reshape(-1).astype(np.float64)))
    corners = middles + REACH * maps[1:9].reshape(4, 2, -1).transpose(2, 0, 1)
    spread = np.exp(maps[9].reshape(-1).astype(np.float64))
    within = (middles[:, 0] / scale < (shape[1], shape[0])).all(1)
    left = (there >= _HEARD) & within
    found = []
    while left.any():
        first = int(np.argmax(np.where(left, there / (0.02 + spread), -1)))
        size = max(polygon_area(corners[first]), 1.0) ** 0.5
        agree = left & (np.linalg.norm(corners - corners[first], axis=2).max(1) < _ALIKE * size)
        weight = there[agree] / (0.01 + spread[agree]) ** 2
        quad = np.average(corners[agree], 0, weight)
        seen = float(there[agree].sum()) * STRIDE**2 / max(polygon_area(quad), STRIDE**2)
        off = float(np.average(spread[agree], weights=weight))
        cell_px = STRIDE / scale[0], STRIDE / scale[1]
        found.append(Sighting(quad / scale, min(seen, 1.0), off, agree.reshape(rows, columns), cell_px))
        left &= ~agree
    return sorted(found, key=lambda s: int(s.cells.sum()), reverse=True)
