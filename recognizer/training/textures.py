"""Random fields that paper, ink and cameras share: made once, cut anew for every use."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE = 1024
GRAINS = (1, 2, 4, 8, 16)  # pixels: the size of a grain of each field
Rng = np.random.Generator


@cache
def _field(grain: int, channels: int) -> NDArray[np.uint8]:
    """A (1024, 1024[, 3]) field round 128 with a standard deviation of 40."""
    rng = np.random.default_rng(1000 + 10 * grain + channels)
    side = _SIDE // grain
    shape = (side, side) if channels == 1 else (side, side, channels)
    coarse = rng.normal(0, 1, shape).astype(np.float32)
    field = coarse if grain == 1 else cv2.resize(coarse, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)
    field /= field.std()
    return np.asarray(np.clip(field * 40 + 128, 0, 255), np.uint8)


def grain(rng: Rng, height: int, width: int, size: int = 1, channels: int = 1) -> NDArray[np.uint8]:
    """A piece of noise (height, width[, 3]) uint8, mean 128, deviation 40, grains of ``size`` pixels.

    ``size`` is one of ``GRAINS``. Pieces larger than the stored field repeat it mirrored.
    """
    field = _field(size, channels)
    if height > _SIDE or width > _SIDE:
        bottom, right = max(height - _SIDE, 0), max(width - _SIDE, 0)
        field = np.asarray(cv2.copyMakeBorder(field, 0, bottom, 0, right, cv2.BORDER_REFLECT_101), np.uint8)
    y = int(rng.integers(0, field.shape[0] - height + 1))
    x = int(rng.integers(0, field.shape[1] - width + 1))
    return field[y : y + height, x : x + width]


def weighted(rng: Rng, weights: tuple[float, ...]) -> int:
    """An index drawn by weight; a good deal faster than ``rng.choice``."""
    total, dice = 0.0, rng.random() * sum(weights)
    for i, weight in enumerate(weights):
        total += weight
        if dice < total:
            return i
    return len(weights) - 1


def nearest_grain(pixels: float) -> int:
    """The stored grain size nearest to a wish."""
    for size in GRAINS:
        if pixels < size * 1.42:
            return size
    return GRAINS[-1]


def swell(rng: Rng, height: int, width: int, knots: int = 4, spread: float = 1.0) -> NDArray[np.float32]:
    """A smooth random field (height, width) float32, mean about 0, deviation about ``spread``."""
    coarse = rng.normal(0, spread, (knots, knots)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
