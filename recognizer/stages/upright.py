"""Which way up a piece lies, where its postage stamps tell: they are stuck at the top right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from recognizer.geometry import Homography
from recognizer.types import Piece, Region


@dataclass(frozen=True, slots=True)
class UprightParams:
    """When the stamps tell enough; when in doubt a piece stays as it lies."""

    sure_stamp: float = 0.85  # probability of a stamp that counts
    corner: float = 0.36  # of each side: a block of stamps reaches a third into a cover
    least_aspect: float = 1.15  # long side to short: on a square piece a stamp's corner says less
    most_px: int = 60_000_000  # turning copies the piece


# Where stamps are that belong at the top right, as (right, bottom), and how OpenCV turns that piece upright.
_TURNS = {
    (False, True): cv2.ROTATE_180,  # bottom left
    (True, True): cv2.ROTATE_90_COUNTERCLOCKWISE,  # bottom right
    (False, False): cv2.ROTATE_90_CLOCKWISE,  # top left
}


def turned_upright(
    piece: Piece, regions: Sequence[Region], params: UprightParams | None = None
) -> Piece | None:
    """``piece`` the right way up, with its map to the scan; None where it already is or nothing tells.

    All sure stamps have to lie in one corner, with a postmark on one of them or all postmarks beside them,
    and no postmark may lie in the corner opposite. A quarter turn is made only of a piece that stands on its
    short side.
    """
    p = params or UprightParams()
    height, width = piece.pixels.shape[:2]
    corner = _stamps_corner(regions, width, height, p)
    if corner not in _TURNS or width * height > p.most_px:
        return None
    half = corner == (False, True)
    if (width if half else height) < p.least_aspect * (height if half else width):
        return None
    return _turned(piece, _TURNS[corner])


def _stamps_corner(
    regions: Sequence[Region], width: int, height: int, p: UprightParams
) -> tuple[bool, bool] | None:
    """The corner in which all stamps lie, as (right, bottom), if the postmarks agree."""
    stamps = [r.box for r in regions if r.kind == "stamp" and r.probability >= p.sure_stamp]
    strikes = [r.box for r in regions if r.kind == "postmark"]
    if not stamps or not strikes:
        return None
    tied = any(stamp.intersection(strike) > 0.1 * strike.area for stamp in stamps for strike in strikes)
    places = np.array([s.centre for s in stamps]) / (width, height)
    struck = np.array([s.centre for s in strikes]) / (width, height)
    for right, bottom in ((False, False), (False, True), (True, False), (True, True)):
        near = np.abs(places - (right, bottom)) < p.corner
        far = np.abs(struck - (not right, not bottom)) < p.corner
        # A machine's dial stands beside the stamp: in the upper half once the piece is upright.
        half = struck[:, 0] if right == bottom else struck[:, 1]
        beside = ((half > 0.5) == (right if right == bottom else bottom)).all()
        if near.all() and not far.all(1).any() and (tied or beside):
            return right, bottom
    return None


def _turned(piece: Piece, how: int) -> Piece:
    pixels = np.asarray(cv2.rotate(piece.pixels, how), np.uint8)
    height, width = pixels.shape[:2]
    # From the turned picture's pixels back to those of the piece as it lay.
    angle, x, y = {
        cv2.ROTATE_180: (180.0, width, height),
        cv2.ROTATE_90_CLOCKWISE: (-90.0, 0, width),
        cv2.ROTATE_90_COUNTERCLOCKWISE: (90.0, height, 0),
    }[how]
    back = Homography.similarity(1.0, angle, x, y)
    shift = {cv2.ROTATE_180: 2, cv2.ROTATE_90_CLOCKWISE: 3, cv2.ROTATE_90_COUNTERCLOCKWISE: 1}[how]
    outline = np.roll(piece.outline, -shift, axis=0)
    return replace(piece, pixels=pixels, to_scan=back.then(piece.to_scan), outline=outline)
