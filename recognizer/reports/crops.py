"""Rectified crops: each region cut out of its rectified piece and turned upright."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from recognizer.geometry import Box, Homography
from recognizer.imaging.ink import fine_ink
from recognizer.types import Ink, Piece, Region, Rgb

MARGIN = 0.04  # of the region's longer side: shows that nothing is cut off
INK_SIDE_PX = 1600  # of the picture of a piece's ink: its letters can be read, its file stays small
STROKE = 0.01  # of a piece's longer side, the widest stroke of a strike: 2 mm on a cover
_PNG_EFFORT = 4  # of 9: twice as fast as the library's choice for 2 % more bytes


@dataclass(frozen=True, eq=False, slots=True)
class Crop:
    """A region by itself.

    ``pixels`` is (h, w, 3) uint8 RGB at the piece's scale. ``frame`` maps the crop's pixels to the piece's;
    with ``piece.to_scan`` after it, to the scan's: ``crop.frame.then(piece.to_scan).apply([[x, y]])``.
    """

    name: str  # r1-postmark
    pixels: Rgb
    frame: Homography


def crop_region(piece: Piece, region_id: str, region: Region) -> Crop:
    """Cut ``region`` out of its piece, turned so that what it says reads level, with a small margin.

    The region's ``angle_deg`` (clockwise, on the piece) is undone; beyond the piece's edge its last pixels
    are repeated.
    """
    level = Homography.similarity(1.0, -region.angle_deg, 0.0, 0.0)
    points = region.outline if len(region.outline) > 2 else region.box.corners
    extent = Box.around(level.apply(points))
    extent = extent.grown(MARGIN * max(extent.w, extent.h) + 1)
    width, height = max(round(extent.w), 1), max(round(extent.h), 1)
    frame = Homography.shift(extent.x, extent.y).then(level.inverse())
    pixels = cv2.warpAffine(
        piece.pixels,
        frame.matrix[:2],
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Crop(f"{region_id}-{region.kind}", np.asarray(pixels, np.uint8), frame)


def region_crops(piece: Piece, regions: Iterable[tuple[str, Region]]) -> dict[str, bytes]:
    """PNG files of a piece's regions, given with their ids: ``{"r1-postmark.png": ..., ...}``."""
    crops = (crop_region(piece, region_id, region) for region_id, region in regions)
    return {f"{crop.name}.png": as_png(crop.pixels) for crop in crops}


def ink_picture(piece: Piece, ink: Ink) -> bytes:
    """A piece's strikes alone as PNG, black on white, ``INK_SIDE_PX`` long at most."""
    scale = min(1.0, INK_SIDE_PX / max(piece.pixels.shape[:2]))
    small = piece.pixels
    if scale < 1:
        small = np.asarray(
            cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    layer = fine_ink(small, ink, max(small.shape[:2]) * STROKE)
    _, data = cv2.imencode(".png", 255 - layer, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_EFFORT])
    return bytes(data.tobytes())


def as_png(pixels: Rgb) -> bytes:
    """An RGB picture as PNG."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_EFFORT])
    return bytes(data.tobytes())
