"""Ways of looking at a part of a strike: flat, turned level, or along its rim, unrolled.

Places on a strike are pixels of the picture ``date_view.look_at``, in whose middle the strike's box lies.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.geometry import Homography, Points


@dataclass(frozen=True, slots=True)
class Rim:
    """The plane that a strike's rim unrolls to: x along the lettering in its reading direction, y down.

    The origin lies ``level`` half boxes from the middle, at ``at`` radians clockwise from the right. Letters
    stand there with their heads away from the middle, or with ``foot`` towards it.
    """

    middle: float  # the strike's centre, x and y alike
    half: tuple[float, float]  # of its box
    at: float
    foot: bool
    level: float

    @property
    def _reach(self) -> float:
        return sum(self.half) / 2

    def unrolled(self, places: ArrayLike) -> Points:
        """Places (N, 2) of the strike as points of the plane."""
        out, angle = self.polar(places)
        turn = (angle - self.at + np.pi) % (2 * np.pi) - np.pi
        way = -1.0 if self.foot else 1.0
        return np.column_stack(
            [way * turn * self.level * self._reach, way * (self.level - out) * self._reach]
        )

    def rolled(self, points: ArrayLike) -> Points:
        """Points (N, 2) of the plane as places of the strike."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        way = -1.0 if self.foot else 1.0
        angle = self.at + way * p[:, 0] / (self.level * self._reach)
        out = self.level - way * p[:, 1] / self._reach
        return np.column_stack(
            [
                self.middle + out * self.half[0] * np.cos(angle),
                self.middle + out * self.half[1] * np.sin(angle),
            ]
        )

    def polar(self, places: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far out places (N, 2) lie, 1 on the box's sides, and where about the middle, in radians."""
        p = (np.asarray(places, np.float64).reshape(-1, 2) - self.middle) / self.half
        return np.hypot(p[:, 0], p[:, 1]), np.arctan2(p[:, 1], p[:, 0])


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A view of a strike: its plane, the strike itself or its ``rim``, and a map from there to a picture."""

    to_picture: Homography = field(default_factory=Homography.identity)
    rim: Rim | None = None

    @property
    def scale(self) -> float:
        """How much larger than on the strike things are in the picture."""
        return float(np.sqrt(abs(np.linalg.det(self.to_picture.matrix[:2, :2]))))

    def then(self, other: Homography) -> View:
        """The view seen through another map of its picture."""
        return replace(self, to_picture=self.to_picture.then(other))

    def apply(self, places: ArrayLike) -> Points:
        """Places (N, 2) of the strike as pixels of the picture."""
        return self.to_picture.apply(places if self.rim is None else self.rim.unrolled(places))

    def back(self, pixels: ArrayLike) -> Points:
        """Pixels (N, 2) of the picture as places of the strike."""
        points = self.to_picture.inverse().apply(pixels)
        return points if self.rim is None else self.rim.rolled(points)
