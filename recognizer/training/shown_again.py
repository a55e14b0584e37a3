"""What was kept is shown again, but never twice the same: a network else learns it by heart."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

_DILATED, _ERODED = 0.08, 0.07  # shares whose strokes are made half a pixel thicker, and thinner


def shown_again(
    rng: Generator,
    layers: NDArray[np.float32],
    matrix: NDArray[np.float64],
    move: NDArray[np.float64],
    blurred: float,
    blur_px: tuple[float, float],
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Layers (n, H, W) mapped about their middle by ``matrix`` (2, 2) and moved by ``move`` (2,) pixels, now
    and then blurred, thicker or thinner; and the shift (2,) that goes with ``matrix`` for places (x, y).

    ``blurred``: share that is blurred, by a deviation between those of ``blur_px``.
    """
    height, width = layers.shape[1:]
    middle = np.array([width / 2, height / 2])
    shift = middle - matrix @ middle + move
    warp = np.column_stack([matrix, shift])
    shown = np.stack([cv2.warpAffine(layer, warp, (width, height)) for layer in layers])
    dice = rng.random()
    if dice < blurred:
        deviation = blur_px[0] + (blur_px[1] - blur_px[0]) * dice / blurred
        shown = np.stack([cv2.GaussianBlur(layer, (0, 0), deviation) for layer in shown])
    elif dice < blurred + _DILATED + _ERODED:
        change = cv2.dilate if dice < blurred + _DILATED else cv2.erode
        shown = (shown + np.stack([change(layer, np.ones((2, 2), np.uint8)) for layer in shown])) / 2
    return np.asarray(shown, np.float32), shift
