"""Rings planted among clutter are found where they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.imaging.circles import find_circles, ring_profile


@pytest.mark.parametrize("radius", [34, 58, 90])
def test_a_ring_among_writing_is_found(radius: int) -> None:
    layer = np.zeros((420, 640), np.float32)
    rng = np.random.default_rng(radius)
    for _ in range(25):
        a, b = rng.integers(0, 400, 2), rng.integers(-60, 60, 2)
        cv2.line(layer, tuple(map(int, a)), tuple(map(int, a + b)), 0.6, 2, cv2.LINE_AA)
    cv2.circle(layer, (470, 200), radius, 0.7, 2, cv2.LINE_AA)
    best = find_circles(layer, 28, 120)[0]
    assert np.hypot(best.x - 470, best.y - 200) < 2.5
    assert best.r == pytest.approx(radius, abs=3)


def test_lines_alone_are_no_ring() -> None:
    layer = np.zeros((300, 400), np.float32)
    for y in range(20, 290, 18):
        cv2.line(layer, (20, y), (380, y + 9), 0.8, 2, cv2.LINE_AA)
    assert find_circles(layer, 28, 120, least_score=0.47) == []


def test_beyond_the_picture_there_is_no_ink() -> None:
    """What lies outside must not be whatever the memory held before: the same picture, the same answer."""
    layer = np.ones((60, 60), np.float32)
    for noise in (0.3, 0.9):
        np.full((72, 64), noise, np.float32)  # dirties the memory that the next array may get
        profile = ring_profile(layer, 5.0, 30.0, 40.0)
        assert profile[36, 20:].max() == 0.0  # straight to the left, past the edge
        assert profile[0, :30].min() == 1.0  # to the right, inside
