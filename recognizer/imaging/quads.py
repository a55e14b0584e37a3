"""Four-sided shapes: in order, cut by a frame, their sides moved onto edges."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points

Mask = NDArray[np.uint8]  # (H, W), 0 or 255
Lab = NDArray[np.uint8]  # (H, W, 3), OpenCV's 8-bit Lab


def meeting(a: Points, b: Points, c: Points, d: Points) -> Points | None:
    """Where the line through a, b meets that through c, d; None when they run alike."""
    ab, cd = b - a, d - c
    across = ab[0] * cd[1] - ab[1] * cd[0]
    if abs(across) < 1e-6 * np.linalg.norm(ab) * np.linalg.norm(cd) + 1e-12:
        return None
    along = ((c[0] - a[0]) * cd[1] - (c[1] - a[1]) * cd[0]) / across
    return np.asarray(a + along * ab, np.float64)


def _corners(lines: Sequence[tuple[Points, Points]]) -> Points | None:
    """Where each of four lines, by two points each, meets the one before; None where two run alike."""
    found = [meeting(*lines[i - 1], *lines[i]) for i in range(4)]
    moved = [c for c in found if c is not None]
    return np.array(moved) if len(moved) == 4 else None


def in_order(quad: Points) -> Points:
    """The corners clockwise from the one that is top left when the shape is turned upright the short way.

    The top side is the one nearest to horizontal among those that run left to right, so a sheet turned
    by less than 45 degrees keeps its own top.
    """
    x, y = quad[:, 0], quad[:, 1]
    signed = np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))
    clockwise = quad if signed > 0 else quad[::-1]  # y points down
    sides = np.roll(clockwise, -1, axis=0) - clockwise
    first = int(np.argmax(sides[:, 0] / np.maximum(np.hypot(sides[:, 0], sides[:, 1]), 1e-9)))
    return np.roll(clockwise, -first, axis=0)


def within_frame(quad: Points, width: float, height: float, also: Sequence[bool] = (False,) * 4) -> Points:
    """The quad (clockwise from its top left) with the sides that a picture's frame cuts laid on the frame.

    ``also``: sides (top, right, bottom, left) to lay there in any case.
    """
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    top, right = quad[[0, 1], 1].mean() < 0, quad[[1, 2], 0].mean() > width
    bottom, left = quad[[2, 3], 1].mean() > height, quad[[3, 0], 0].mean() < 0
    lines = []
    for i, cut in enumerate((top, right, bottom, left)):
        side = frame if cut or also[i] else quad
        lines.append((side[i], side[(i + 1) % 4]))
    corners = _corners(lines)
    return quad if corners is None else corners


def side_lengths(quad: Points) -> NDArray[np.float64]:
    """(4,): top, right, bottom, left."""
    sides = np.roll(quad, -1, axis=0) - quad
    return np.asarray(np.hypot(sides[:, 0], sides[:, 1]), np.float64)


def corner_angles(quad: Points) -> NDArray[np.float64]:
    """(4,) inner angles in degrees."""
    before, after = np.roll(quad, 1, axis=0) - quad, np.roll(quad, -1, axis=0) - quad
    cosine = (before * after).sum(1) / np.maximum(
        np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1), 1e-9
    )
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))), np.float64)


def filled(quad: Points, shape: tuple[int, int]) -> Mask:
    """A mask (H, W) of ``shape`` with the quad's inside set to 255."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(quad * 16).astype(np.int32), 255, cv2.LINE_8, 4)
    return mask


def snapped(
    quad: Points,
    pixels: NDArray[np.uint8],
    inward: float,
    outward: float,
    step: float = 1.0,
    hidden: Mask | None = None,
    likely: float | None = None,
) -> Points:
    """The quad with each side moved onto the sharpest step of colour near it in ``pixels`` (H, W, 3).

    A shadow beside a sheet is soft, the sheet's own edge is sharp. Each side is tried at every place, both
    ends apart, from ``outward`` pixels outside to ``inward`` pixels inside, every ``step`` pixels. With
    ``likely``, the quad's usual error as a share of how far is looked, places further off count less. Where
    ``hidden`` (a mask of any size, stretched over ``pixels``) is set, another sheet hides the side.
    """
    quad = in_order(quad)
    lines = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
        into = np.array([-along[1], along[0]])  # clockwise corners, y down: the inside is to the right
        offsets = np.arange(-np.ceil(outward / step), np.ceil(inward / step) + 0.5) * step
        first, last = _sharpest(pixels, start, end, into, offsets, hidden, likely)
        lines.append((start + first * into, end + last * into))
    corners = _corners(lines)
    return quad if corners is None else in_order(corners)


def _sharpest(
    pixels: NDArray[np.uint8],
    start: Points,
    end: Points,
    into: Points,
    offsets: NDArray[np.float64],
    hidden: Mask | None,
    likely: float | None,
) -> tuple[float, float]:
    """How far to move both ends of a side; zeros where no edge is seen."""
    step = offsets[1] - offsets[0]
    t = np.linspace(0.04, 0.96, 72)
    if hidden is not None:
        on_side = (start + t[:, None] * (end - start)) * np.divide(hidden.shape[::-1], pixels.shape[1::-1])
        x, y = np.rint(on_side).astype(int).T
        t = t[hidden[y.clip(0, hidden.shape[0] - 1), x.clip(0, hidden.shape[1] - 1)] == 0]
        if len(t) < 18:
            return 0.0, 0.0
    at = (start + t[:, None] * (end - start))[:, None] + offsets[None, :, None] * into
    inside = ((at > 1) & (at < [pixels.shape[1] - 2, pixels.shape[0] - 2])).all(2)
    if inside.mean() < 0.5:
        return 0.0, 0.0  # the picture's frame
    change = np.abs(_sampled(pixels, at + step * into) - _sampled(pixels, at - step * into)).max(2)
    change = np.where(inside, np.minimum(change, 40), 0)  # a dark stamp at the edge counts no more than paper
    ends = np.arange(len(offsets))
    # column[last, first, sample]: where a side from ``first`` to ``last`` crosses each sample
    first, last = ends[None, :, None], ends[:, None, None]
    column = np.rint(first + t * (last - first)).astype(int)
    score = change[np.arange(len(t)), column].mean(2)
    if score.max() < 3:
        return 0.0, 0.0
    if likely is not None:
        off = offsets / np.where(offsets < 0, -offsets[0], offsets[-1])
        score = score * np.exp(-(off[None, :] ** 2 + off[:, None] ** 2) / (4 * likely**2))
    equal = np.argwhere(score >= score.max() - 1e-6)  # of sides equally sharp the outermost
    best_last, best_first = min(equal, key=lambda c: int(c.sum()))
    return float(offsets[best_first]), float(offsets[best_last])


def _sampled(pixels: NDArray[np.uint8], at: Points) -> NDArray[np.float32]:
    places = at.astype(np.float32)
    found = cv2.remap(
        pixels, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(found, np.float32)
