"""Resampling of pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def shrunk(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """A smaller copy by area averaging, so that thin lines fade instead of breaking; ``factor`` in (0, 1]."""
    height, width = pixels.shape[:2]
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
