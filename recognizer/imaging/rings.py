"""Boxes of dials drawn tight: the ring itself says where a round strike ends."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box
from recognizer.imaging.circles import Circle, snap_to_ring
from recognizer.imaging.ink import densities, paper_colour, thin_part

RADIUS_PX = 48  # of the ring as it is looked at: its line is then one or two pixels wide


def tight_box(pixels: NDArray[np.uint8], box: Box, least_score: float = 0.42) -> Box:
    """``box`` of a round strike in (H, W, 3) RGB uint8, moved onto its ring where one is clearly drawn."""
    if not 0.8 < box.w / box.h < 1.25:
        return box
    radius = (box.w + box.h) / 4
    height, width = pixels.shape[:2]
    rows, columns = box.grown(0.5 * radius).slices(width, height)
    scale = RADIUS_PX / radius
    crop = cv2.resize(
        pixels[rows, columns], None, fx=scale, fy=scale,
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
    )  # fmt: skip
    layer = thin_part(np.ascontiguousarray(densities(crop, paper_colour(crop))[:, :, 2]), 9)
    x, y = box.centre
    start = Circle((x - columns.start) * scale, (y - rows.start) * scale, float(RADIUS_PX), 0.0)
    ring = snap_to_ring(layer, start)
    if ring.score < least_score:
        return box
    r = (ring.r + 0.5) / scale
    left, top = ring.x / scale + columns.start - r, ring.y / scale + rows.start - r
    return Box(float(left), float(top), float(2 * r), float(2 * r))
