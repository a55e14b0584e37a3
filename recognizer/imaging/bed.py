"""What lies under the pieces: glass, a black lid, an album page, a table; a colour that holds the rim."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Lab = NDArray[np.uint8]  # (H, W, 3), OpenCV's 8-bit Lab
Mask = NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Bed:
    """A smooth ground that reaches the picture's rim."""

    mask: Mask  # 255 where the ground shows
    rim_share: float  # of the rim's pixels that belong to it
    spread: float  # its unevenness in grey levels, after shading is taken out
    level: float  # its lightness, 0 to 255


def find_bed(lab: Lab, least_share: float = 0.15) -> Bed | None:
    """The commonest colour of the rim and all ground of that colour joined to it.

    None when no colour holds ``least_share`` of the rim. The ground may shade slowly from side to side.
    """
    height, width = lab.shape[:2]
    depth = max(2, round(0.006 * max(height, width)))
    colours = _on_rim(lab, depth).astype(np.float32)
    centre = _commonest(colours)
    near = np.abs(colours - centre).max(1) < 14
    if near.mean() < least_share:
        return None
    centre = np.median(colours[near], axis=0)
    spread = float(np.sqrt(np.mean((colours[near] - centre) ** 2, axis=0)).max())
    # JPEG noise alone is about one level; a patterned table is let vary, but less than paper differs from it.
    reach = float(np.clip(3.5 * spread, 5, 18))
    mask = _joined(cv2.inRange(lab, centre - reach, centre + reach), depth)
    shade = _shading(lab, mask)
    if shade is not None:
        off = cv2.absdiff(lab, shade)
        mask = _joined(cv2.inRange(off, np.zeros(3), np.full(3, reach)), depth)
    share = float((_on_rim(mask, depth) > 0).mean())
    return Bed(mask, share, spread, float(centre[0]))


def _on_rim(picture: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """The values of all pixels within ``depth`` of the picture's frame, one row each."""
    channels = picture.shape[2:]
    sides = (picture[:depth], picture[-depth:], picture[depth:-depth, :depth], picture[depth:-depth, -depth:])
    return np.concatenate([side.reshape(-1, *channels) for side in sides])


def _commonest(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """The fullest cell of a coarse colour histogram, each cell counted with its neighbours'."""
    cells = (colours / 12).astype(int)
    counts = np.zeros((22, 22, 22), np.float32)
    np.add.at(counts, tuple(cells.T), 1)
    smooth = counts
    for axis in range(3):
        smooth = smooth + 0.5 * (np.roll(smooth, 1, axis) + np.roll(smooth, -1, axis))
    best = np.unravel_index(int(smooth.argmax()), smooth.shape)
    inside = np.abs(cells - np.array(best)).max(1) <= 1
    return np.asarray(np.median(colours[inside], axis=0) if inside.any() else colours.mean(0), np.float32)


def _joined(close: Mask, depth: int) -> Mask:
    """The parts of ``close`` that reach the rim, without bridges thinner than three pixels."""
    mask = cv2.morphologyEx(close, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(mask, connectivity=4, ltype=cv2.CV_16U)
    reaching = np.zeros(count, np.uint8)
    reaching[np.unique(_on_rim(labels, depth))] = 255
    reaching[0] = 0
    return np.asarray(reaching[labels], np.uint8)


def _shading(lab: Lab, mask: Mask) -> Lab | None:
    """The ground's own colour everywhere, a slanted plane a channel; None where even, or too little."""
    ys, xs = np.nonzero(mask[::4, ::4])
    if len(ys) < 200:
        return None
    height, width = mask.shape
    basis = np.column_stack([np.ones(len(ys)), xs * 4 / width, ys * 4 / height])
    planes, *_ = np.linalg.lstsq(basis, lab[::4, ::4][ys, xs].astype(np.float64), rcond=None)
    planes = planes.astype(np.float32)
    if np.abs(planes[1:]).max() < 2:
        return None
    gx = np.arange(width, dtype=np.float32) / width
    gy = np.arange(height, dtype=np.float32) / height
    full = [planes[0, c] + gx * planes[1, c] + gy[:, None] * planes[2, c] for c in range(3)]
    return np.asarray(cv2.merge([cv2.convertScaleAbs(np.maximum(plane, 0)) for plane in full]), np.uint8)
