"""A rough box about a dial is moved onto its ring; where there is no ring it is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.imaging.rings import tight_box

TRUE = Box(170, 90, 160, 160)


def dial() -> np.ndarray:
    pixels = np.full((360, 480, 3), (236, 224, 196), np.uint8)
    for radius in (79, 50):
        cv2.circle(pixels, (250, 170), radius, (50, 48, 52), 2, cv2.LINE_AA)
    for text, x, y in (("12.4.61", 214, 176), ("MOSKVA", 214, 112), ("POSTAMT", 212, 240)):
        cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (50, 48, 52), 1, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize(("dx", "dy", "grow"), [(12, -8, 6), (-10, 10, -8), (0, 0, 12), (15, 4, 0)])
def test_a_rough_box_snaps_to_the_outer_ring(dx: float, dy: float, grow: float) -> None:
    rough = Box(TRUE.x + dx, TRUE.y + dy, TRUE.w, TRUE.h).grown(grow)
    assert tight_box(dial(), rough).iou(TRUE) > max(0.93, rough.iou(TRUE))


def test_without_a_ring_the_box_stays() -> None:
    pixels = np.full((360, 480, 3), 240, np.uint8)
    cv2.putText(pixels, "POSTAGE DUE", (170, 170), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (60, 60, 60), 2)
    assert tight_box(pixels, TRUE) == TRUE


def test_a_long_box_is_no_dial() -> None:
    long = Box(100, 100, 200, 90)
    assert tight_box(dial(), long) == long
