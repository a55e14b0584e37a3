"""Lines in the unit square: smooth curves, ellipses, the tremble of a hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]
Drawing = dict[str, list[Line]]
Rng = np.random.Generator


def smooth(points: Line, closed: bool = False, steps: int = 8) -> Line:
    """A Catmull-Rom curve through points (N, 2)."""
    p = np.asarray(points, np.float64)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([p[:1], p, p[-1:]])
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    out = curve.reshape(-1, 2)
    return out if closed else np.concatenate([out, p[-2:-1]])


def ellipse(x: float, y: float, rx: float, ry: float, start: float = 0.0, end: float = 360.0) -> Line:
    t = np.deg2rad(np.linspace(start, end, 33))
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def wobbled(rng: Rng, line: Line, by: float = 0.012) -> Line:
    return np.asarray(line + rng.normal(0, by, line.shape))
