"""Vector shapes for small drawings: fills, clearings and strokes in painter's order, and curves.

Coordinates are free units, x right, y down, until ``fit`` lays a drawing into the unit square.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.geometry import Points


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """One step of a drawing: a polygon filled with ink (or cleared of it); a line where ``width`` is set."""

    points: Points  # (N, 2)
    ink: bool = True
    width: float | None = None  # in the units of the points; None: filled


Shapes = tuple[Shape, ...]
Flags = NDArray[np.bool_]  # (N,)


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A drawing in the unit square, drawn in order. ``aspect`` is its true width over its height.

    Widths of lines are parts of the picture's height.
    """

    shapes: Shapes
    aspect: float


def fill(points: ArrayLike) -> Shape:
    return Shape(np.asarray(points, np.float64))


def clear(points: ArrayLike) -> Shape:
    return Shape(np.asarray(points, np.float64), ink=False)


def line(points: ArrayLike, width: float, ink: bool = True) -> Shape:
    return Shape(np.asarray(points, np.float64), ink, width)


def outlined(points: ArrayLike, width: float) -> Shapes:
    """A white body with a contour, hiding what is beneath."""
    p = np.asarray(points, np.float64)
    return clear(p), line(np.vstack([p, p[:1]]), width)


def mirrored(shapes: Iterable[Shape]) -> Shapes:
    """The same across the line x = 0."""
    return tuple(replace(s, points=s.points * (-1, 1)) for s in shapes)


def moved(
    shapes: Iterable[Shape], scale: float = 1.0, angle_deg: float = 0.0, x: float = 0.0, y: float = 0.0
) -> Shapes:
    """Scale, turn clockwise about the origin, then shift."""
    a = np.deg2rad(angle_deg)
    m = scale * np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    return tuple(
        replace(s, points=s.points @ m + (x, y), width=None if s.width is None else s.width * scale)
        for s in shapes
    )


def fit(shapes: Iterable[Shape], box: tuple[float, float, float, float]) -> Picture:
    """Lay the part ``box`` (left, top, width, height) of a drawing into the unit square."""
    x, y, w, h = box
    done = tuple(
        replace(s, points=(s.points - (x, y)) / (w, h), width=None if s.width is None else s.width / h)
        for s in shapes
    )
    return Picture(done, w / h)


# --- curves -------------------------------------------------------------------------------------------


def smooth(points: ArrayLike, closed: bool = False, steps: int = 10) -> Points:
    """A curve through points (N, 2): centripetal enough for drawings (Catmull-Rom, finely sampled)."""
    p = np.asarray(points, np.float64)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    q = np.vstack([ends[0], p, ends[1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(q[:-3], q[1:-2], q[2:-1], q[3:], strict=True):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack(parts if closed else [*parts, p[-1:]])


def arc(
    x: float,
    y: float,
    rx: float,
    ry: float | None = None,
    start: float = 0.0,
    end: float = 360.0,
    turn: float = 0.0,
) -> Points:
    """Points along an ellipse turned by ``turn`` degrees, clockwise from the top."""
    t = np.deg2rad(np.linspace(start, end, max(8, int(abs(end - start) / 3)) + 1))
    p = np.stack([rx * np.sin(t), -(rx if ry is None else ry) * np.cos(t)], 1)
    a = np.deg2rad(turn)
    return np.asarray(p @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + (x, y))


def star(x: float, y: float, r: float, points: int = 5, inner: float = 0.4) -> Points:
    t = np.arange(2 * points) * np.pi / points
    reach = np.where(np.arange(2 * points) % 2, r * inner, r)
    return np.stack([x + reach * np.sin(t), y - reach * np.cos(t)], 1)


def box(x: float, y: float, w: float, h: float) -> Points:
    """A rectangle by its left, top, width, height."""
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64)


def inside(points: Points, polygon: Points) -> Flags:
    """Which of the points (N, 2) lie inside a polygon (even-odd)."""
    x, y = points[:, :1], points[:, 1:]
    a, b = polygon, np.roll(polygon, -1, 0)
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / (b[:, 1] - a[:, 1]) + a[:, 0]
    return np.asarray((crosses & (x < at)).sum(1) % 2 == 1)


def runs(good: Flags) -> list[slice]:
    """The unbroken stretches of a line, two points or longer, where ``good`` (N,) holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], good.astype(np.int8), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]


def hatched(polygon: ArrayLike, pitch: float, width: float, angle_deg: float = 0.0) -> Shapes:
    """Parallel lines that shade a polygon, ``angle_deg`` clockwise from level."""
    p = np.asarray(polygon, np.float64)
    a = np.deg2rad(angle_deg)
    m = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    level = p @ m.T
    (x0, y0), (x1, y1) = level.min(0), level.max(0)
    xs = np.linspace(x0, x1, max(int((x1 - x0) / pitch * 12), 40))
    rows = [np.stack([xs, np.full_like(xs, y)], 1) @ m for y in np.arange(y0 + pitch / 2, y1, pitch)]
    return tuple(line(row[part], width) for row in rows for part in runs(inside(row, p)))
