"""Four-sided shapes: around a blob, from long straight edges, and how well they fit."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points, polygon_area

Mask = NDArray[np.uint8]  # (H, W), 0 or 255
Lab = NDArray[np.uint8]  # (H, W, 3), OpenCV's 8-bit Lab


def enclosing_quad(points: Points) -> Points | None:
    """The four lines close around ``points`` (N, 2): (4, 2), or None where there are no four.

    Starts from the convex hull and drops, again and again, the edge whose removal (its neighbours
    prolonged until they meet) adds the least area. A tilted or perspective sheet keeps its four sides,
    a cut corner is filled in.
    """
    hull = cv2.convexHull(np.asarray(points, np.float32).reshape(-1, 1, 2))
    hull = cv2.approxPolyDP(hull, 0.004 * cv2.arcLength(hull, True), True)
    polygon = [np.asarray(p, np.float64) for p in hull.reshape(-1, 2)]
    if len(polygon) < 4:
        return None
    while len(polygon) > 4:
        best: tuple[float, int, Points] | None = None
        for i in range(len(polygon)):
            before, start = polygon[i - 1], polygon[i]
            end, after = polygon[(i + 1) % len(polygon)], polygon[(i + 2) % len(polygon)]
            corner = meeting(before, start, after, end)
            if corner is None or np.dot(corner - start, start - before) < 0:
                continue
            added = polygon_area(np.array([start, corner, end]))
            if best is None or added < best[0]:
                best = (added, i, corner)
        if best is None:
            return None
        _, i, corner = best
        polygon[i] = corner
        polygon.pop((i + 1) % len(polygon))
    return in_order(np.array(polygon))


def meeting(a: Points, b: Points, c: Points, d: Points) -> Points | None:
    """Where the line through a, b meets that through c, d; None when they run alike."""
    ab, cd = b - a, d - c
    across = ab[0] * cd[1] - ab[1] * cd[0]
    if abs(across) < 1e-6 * np.linalg.norm(ab) * np.linalg.norm(cd) + 1e-12:
        return None
    along = ((c[0] - a[0]) * cd[1] - (c[1] - a[1]) * cd[0]) / across
    return np.asarray(a + along * ab, np.float64)


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


def overlap(mask: Mask, quad: Points) -> float:
    """Intersection over union of a mask and a quad, both clipped to the mask's frame."""
    inside = filled(quad, mask.shape[:2])
    either = cv2.countNonZero(cv2.bitwise_or(mask, inside))
    return cv2.countNonZero(cv2.bitwise_and(mask, inside)) / either if either else 0.0


def settled(quad: Points, contour: Points, reach: float) -> Points:
    """The quad with each side laid through the contour points (N, 2) near it, robustly.

    Points within ``reach`` pixels of a side count for it, those by its ends (rounded, torn, bumped
    corners) do not. A side with too few points stays. Huber's weights keep a flap or a tear from pulling.
    """
    lines = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        length = float(np.linalg.norm(end - start))
        along = (end - start) / max(length, 1e-9)
        rel = contour - start
        t, off = rel @ along, rel @ np.array([-along[1], along[0]])
        near = contour[(np.abs(off) <= reach) & (t > 0.06 * length) & (t < 0.94 * length)]
        if len(near) >= max(0.2 * length, 8):
            vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).reshape(4)
            start = np.array([x, y], np.float64)
            end = start + np.array([vx, vy], np.float64)
        lines.append((start, end))
    corners = [meeting(*lines[i - 1], *lines[i]) for i in range(4)]
    moved = [c for c in corners if c is not None]
    if len(moved) < 4 or np.abs(np.array(moved) - quad).max() > 4 * reach:
        return quad
    return in_order(np.array(moved))


def snapped(
    quad: Points,
    pixels: NDArray[np.uint8],
    inward: float,
    outward: float,
    step: float = 1.0,
    hidden: Mask | None = None,
    outermost: float = 1.0,
) -> Points:
    """The quad with each side moved onto the sharpest step of colour near it in ``pixels`` (H, W, 3).

    A shadow beside a sheet is soft, the sheet's own edge is sharp. Each side is tried at every place, both
    ends apart, from ``outward`` pixels outside to ``inward`` pixels inside, every ``step`` pixels. Of places
    at least ``outermost`` times as sharp as the sharpest the outermost is taken: below 1 it keeps the paper's
    edge where a printed frame runs just inside it. Where
    ``hidden`` (a mask of any size, stretched over ``pixels``) is set, another sheet hides the side.
    """
    quad = in_order(quad)
    lines = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
        into = np.array([-along[1], along[0]])  # clockwise corners, y down: the inside is to the right
        offsets = np.arange(-np.ceil(outward / step), np.ceil(inward / step) + 0.5) * step
        first, last = _sharpest(pixels, start, end, into, offsets, hidden, outermost)
        lines.append((start + first * into, end + last * into))
    corners = [meeting(*lines[i - 1], *lines[i]) for i in range(4)]
    moved = [c for c in corners if c is not None]
    return in_order(np.array(moved)) if len(moved) == 4 else quad


def _sharpest(
    pixels: NDArray[np.uint8],
    start: Points,
    end: Points,
    into: Points,
    offsets: NDArray[np.float64],
    hidden: Mask | None,
    outermost: float,
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
    highest = cv2.dilate(score, np.ones((3, 3), np.uint8))
    peaks = np.argwhere((score >= highest) & (score >= outermost * score.max()))
    best_last, best_first = min(peaks, key=lambda c: int(c.sum()))
    return float(offsets[best_first]), float(offsets[best_last])


def _sampled(pixels: NDArray[np.uint8], at: Points) -> NDArray[np.float32]:
    places = at.astype(np.float32)
    found = cv2.remap(
        pixels, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(found, np.float32)
