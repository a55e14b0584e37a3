"""A strike in standard form: its darkness evened out, centred, brought to one size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.types import Gray, Ink, Rgb

SIDE_PX = 256  # the longer side of the core: a letter of a date stamp is then about 25 pixels high
MARGIN = 0.12  # of SIDE_PX, kept around the core on every side


@dataclass(frozen=True, eq=False, slots=True)
class Portrait:
    """``picture``: square uint8, ink bright, contrast evened out, the core's centre in its middle.

    ``half_w``, ``half_h``: half the core's width and height in its pixels. ``from_crop`` maps the pixels of
    the crop it was made from to its own.
    """

    picture: Gray
    half_w: float
    half_h: float
    from_crop: Homography

    @property
    def middle(self) -> float:
        """The pixel, in x and in y, where the core's centre lies."""
        return float(self.picture.shape[0] - 1) / 2


def darkness(pixels: Rgb, core: Box) -> Ink:
    """How much darker than its paper every pixel of a crop (H, W, 3) RGB uint8 is; 0 paper, 255 full ink.

    The paper is the brightest in a neighbourhood of a thirteenth of the core, smoothed: it follows folds,
    shadows and the ground of a stamp.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    scale = 200 / max(core.w, core.h, 1)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=way)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (0, 0), 8)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]))
    depth = np.clip(1 - gray / np.maximum(paper, 1), 0, 1)
    full = max(float(np.percentile(depth, 97)), 0.15)
    return np.asarray(np.clip(depth / full * 255, 0, 255), np.uint8)


def portray(ink: Ink, core: Box) -> Portrait:
    """Bring an ink layer (H, W), its strike in ``core``, to standard form."""
    side = max(core.w, core.h, 1.0)
    scale = SIDE_PX / side
    n = round(SIDE_PX * (1 + 2 * MARGIN))
    if scale < 0.7:  # average first: sampling alone would drop thin lines
        small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        fx, fy = small.shape[1] / ink.shape[1], small.shape[0] / ink.shape[0]
        source, rest = np.asarray(small, np.uint8), (scale / fx, scale / fy)
    else:
        source, rest, (fx, fy) = ink, (scale, scale), (1.0, 1.0)
    middle, (cx, cy) = (n - 1) / 2, core.centre
    move = np.array([[rest[0], 0, middle - cx * scale], [0, rest[1], middle - cy * scale]])
    picture = cv2.warpAffine(source, move, (n, n), flags=cv2.INTER_CUBIC)
    whole = Homography(np.diag([fx, fy, 1.0])).then(Homography.affine(move))
    return Portrait(_evened(np.asarray(picture, np.uint8)), core.w * scale / 2, core.h * scale / 2, whole)


def _evened(picture: NDArray[np.uint8]) -> Gray:
    """Faint and heavy parts brought to the same strength: a strike is rarely pressed evenly."""
    f = picture.astype(np.float32)
    inked = f[f > 20]
    around = cv2.GaussianBlur(f, (0, 0), SIDE_PX * 0.08)
    floor = 0.35 * float(inked.mean()) if inked.size else 1.0
    return np.asarray(np.clip(f / np.maximum(around, floor) * 60, 0, 255), np.uint8)
