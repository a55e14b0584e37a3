"""The regions of a piece: postmarks, hand stamps, stamps, cachets, labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box
from recognizer.imaging.circles import Circle, find_circles
from recognizer.imaging.ink import Floats, densities, paper_colour
from recognizer.types import Piece, Region, RegionKind, Rgb


class Network(Protocol):
    """A model as this stage needs it: its ``model.toml`` and a call that runs it."""

    @property
    def spec(self) -> Mapping[str, Any]: ...

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True)
class SegmentParams:
    """Defaults of the search without a network."""

    work_side_px: int = 1000  # a 25 mm dial on a 230 mm cover is then 110 px across
    dial_share: tuple[float, float] = (0.028, 0.12)  # radius of a dial, of the longer side
    least_ring: float = 0.47  # drawn share of the ring over chance: half-struck dials reach .5
    picture_share: tuple[float, float] = (0.05, 0.35)  # side of a stamp, of the longer side
    least_fill: float = 0.72  # of a stamp's box that is printed on


def find_regions(
    piece: Piece, model: Network | None = None, params: SegmentParams | None = None
) -> list[Region]:
    """Find what is on ``piece``, the likeliest first.

    Boxes and outlines are in the piece's pixels. Without a model, rings (postmarks) and printed rectangles
    (stamps) are found by classical vision.
    """
    p = params or SegmentParams()
    scale = min(p.work_side_px / max(piece.pixels.shape[:2]), 1.0)
    small = _resized(piece.pixels, scale)
    layer = densities(small, paper_colour(small))[:, :, 2]
    regions = _dials(layer, p) + _printed(layer, p)
    return sorted((_enlarged(r, scale) for r in regions), key=lambda r: r.probability, reverse=True)


def _resized(pixels: Rgb, scale: float) -> Rgb:
    if scale >= 1:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _enlarged(region: Region, scale: float) -> Region:
    return Region(
        region.kind,
        region.box.scaled(1 / scale),
        region.outline / scale,
        region.probability,
        region.angle_deg,
    )


def _dials(layer: Floats, p: SegmentParams) -> list[Region]:
    """Rings drawn in thin lines, as postmarks; the probability is a rough reading of the ring's score."""
    side = max(layer.shape)
    kernel = np.ones((13, 13), np.uint8)  # a dial's lines and letters are at most this wide at work size
    thin = cv2.morphologyEx(cv2.blur(layer, (2, 2)), cv2.MORPH_TOPHAT, kernel)
    rings = find_circles(thin, p.dial_share[0] * side, p.dial_share[1] * side, p.least_ring)
    return [_dial(c) for c in rings[:12]]


def _dial(c: Circle) -> Region:
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]
    outline = np.column_stack([c.x + c.r * np.cos(turn), c.y + c.r * np.sin(turn)])
    return Region(
        "postmark", Box(c.x - c.r, c.y - c.r, 2 * c.r, 2 * c.r), outline, float(min(0.35 + c.score, 0.97))
    )


def _printed(layer: Floats, p: SegmentParams) -> list[Region]:
    """Solid printed rectangles: stamps where they stand near the top or the right edge, else cachets."""
    height, width = layer.shape
    side = max(height, width)
    size = max(round(side * 0.012) | 1, 3)
    dense = cv2.morphologyEx(
        (cv2.blur(layer, (size, size)) > 0.16).astype(np.uint8),
        cv2.MORPH_OPEN,
        np.ones((2 * size + 1, 2 * size + 1), np.uint8),
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(dense)
    found = []
    for x, y, w, h, area in stats[1:count]:
        low, high = p.picture_share[0] * side, p.picture_share[1] * side
        if min(w, h) < low or max(w, h) > high or area < p.least_fill * w * h:
            continue
        box = Box(float(x), float(y), float(w), float(h))
        kind: RegionKind = "stamp" if y < 0.3 * height or x + w > 0.75 * width else "cachet"
        found.append(Region(kind, box, box.corners, 0.6 if kind == "stamp" else 0.4))
    return found
