"""The one coordinate convention: x right, y down, pixel centres at integers, angles clockwise in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]  # (N, 2): x, y in pixels


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def around(cls, points: ArrayLike) -> Box:
        """The smallest box that holds ``points`` (N, 2)."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        (x0, y0), (x1, y1) = p.min(0), p.max(0)
        return cls(float(x0), float(y0), float(x1 - x0), float(y1 - y0))

    @classmethod
    def parse(cls, text: str) -> Box:
        """Read ``"x,y,w,h"``; raises ValueError when it is not four numbers with a positive extent."""
        x, y, w, h = (float(part) for part in text.split(","))
        if not (w > 0 and h > 0 and np.isfinite([x, y, w, h]).all()):
            raise ValueError(f"a box needs a positive width and height, not {text!r}")
        return cls(x, y, w, h)

    @property
    def area(self) -> float:
        return self.w * self.h

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def corners(self) -> Points:
        """(4, 2), clockwise from the top left."""
        return np.array(
            [
                [self.x, self.y],
                [self.x + self.w, self.y],
                [self.x + self.w, self.y + self.h],
                [self.x, self.y + self.h],
            ],
            np.float64,
        )

    def intersection(self, other: Box) -> float:
        """Shared area in square pixels."""
        w = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return w * h if w > 0 and h > 0 else 0.0

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def grown(self, by: float) -> Box:
        """The box with ``by`` pixels more on every side (fewer when negative)."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def scaled(self, factor: float) -> Box:
        """The box in an image resized by ``factor``."""
        return Box(self.x * factor, self.y * factor, self.w * factor, self.h * factor)

    def clipped(self, width: int, height: int) -> Box:
        """The part inside an image; width or height is 0 when nothing is."""
        x0, y0 = min(max(self.x, 0.0), width), min(max(self.y, 0.0), height)
        x1, y1 = min(max(self.x + self.w, 0.0), width), min(max(self.y + self.h, 0.0), height)
        return Box(x0, y0, max(x1 - x0, 0.0), max(y1 - y0, 0.0))

    def rounded(self) -> tuple[int, int, int, int]:
        """Whole pixels: x, y, w, h with at least one pixel each way."""
        x0, y0 = round(self.x), round(self.y)
        return x0, y0, max(round(self.x + self.w) - x0, 1), max(round(self.y + self.h) - y0, 1)

    def slices(self, width: int, height: int) -> tuple[slice, slice]:
        """Row and column slices that cut this box out of an array of that size, clipped to it."""
        x, y, w, h = self.rounded()
        return slice(max(y, 0), max(min(y + h, height), 0)), slice(max(x, 0), max(min(x + w, width), 0))


@dataclass(frozen=True, eq=False, slots=True)
class Homography:
    """A projective map between two pixel planes: ``matrix`` is (3, 3) float64, applied to (x, y, 1)."""

    matrix: NDArray[np.float64]

    @classmethod
    def identity(cls) -> Homography:
        return cls(np.eye(3))

    @classmethod
    def scaling(cls, factor: float) -> Homography:
        return cls(np.diag(np.array([factor, factor, 1.0])))

    @classmethod
    def shift(cls, x: float, y: float) -> Homography:
        return cls(np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]]))

    @classmethod
    def similarity(cls, scale: float, angle_deg: float, x: float, y: float) -> Homography:
        """Scale and turn clockwise about the origin, then shift by (x, y)."""
        a = np.deg2rad(angle_deg)
        c, s = scale * np.cos(a), scale * np.sin(a)
        return cls(np.array([[c, -s, x], [s, c, y], [0.0, 0.0, 1.0]]))

    @classmethod
    def affine(cls, matrix: ArrayLike) -> Homography:
        """From OpenCV's (2, 3) affine matrix."""
        return cls(np.vstack([np.asarray(matrix, np.float64), [0.0, 0.0, 1.0]]))

    @classmethod
    def between(cls, source: ArrayLike, target: ArrayLike) -> Homography:
        """The map that takes four points (4, 2) to four others."""
        a, b = np.asarray(source, np.float64), np.asarray(target, np.float64)
        rows = []
        for (x, y), (u, v) in zip(a, b, strict=True):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        h = np.linalg.solve(np.array(rows), b.reshape(-1))
        return cls(np.append(h, 1.0).reshape(3, 3))

    def apply(self, points: ArrayLike) -> Points:
        """Map points (N, 2)."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        q = np.column_stack([p, np.ones(len(p))]) @ self.matrix.T
        return np.asarray(q[:, :2] / q[:, 2:], np.float64)

    def then(self, after: Homography) -> Homography:
        """First this map, then ``after``."""
        return Homography(np.asarray(after.matrix @ self.matrix, np.float64))

    def turn_at(self, x: float, y: float) -> float:
        """How far it turns what lies at a point, clockwise, -180 to 180 degrees."""
        (x0, y0), (x1, y1) = self.apply([[x, y], [x + 1, y]])
        return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))

    def inverse(self) -> Homography:
        return Homography(np.linalg.inv(self.matrix).astype(np.float64))


def polygon_area(points: ArrayLike) -> float:
    """Area in square pixels of a simple polygon (N, 2)."""
    p = np.asarray(points, np.float64)
    x, y = p[:, 0], p[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def as_pairs(points: ArrayLike, digits: int = 1) -> list[tuple[float, float]]:
    """Points (N, 2) as rounded pairs, the way records hold them."""
    pairs: Sequence[Sequence[float]] = np.asarray(points, np.float64).reshape(-1, 2).round(digits).tolist()
    return [(x, y) for x, y in pairs]
