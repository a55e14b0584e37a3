"""Pictures made smaller in two steps show the same as in one, in the same place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.imaging.shrink import shrunk


@pytest.mark.parametrize("size", [(2705, 1913), (1601, 1203), (640, 480), (1000, 30)])
def test_it_agrees_with_opencvs_own_averaging(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    width, height = size
    pixels = cv2.resize(rng.integers(0, 255, (24, 32, 3), np.uint8), size, interpolation=cv2.INTER_CUBIC)
    before = pixels.copy()
    small = shrunk(pixels, width * 3 // 10, height * 3 // 10)
    once = cv2.resize(pixels, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert small.shape == (height * 3 // 10, width * 3 // 10, 3)
    assert np.abs(small.astype(int) - once).mean() < 4  # half a pixel of shift at the far rim
    assert np.array_equal(pixels, before)
