"""Which way up a piece or a strike lies, by the postage stamps, stuck at the top right, or by dates.

Turns are told in quarters clockwise: 1 for what was turned from its upright by 90 degrees clockwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from recognizer.geometry import Box, Homography
from recognizer.stages.date_look import clearly
from recognizer.stages.network import Network
from recognizer.types import Piece, Region, Strike


@dataclass(frozen=True, slots=True)
class UprightParams:
    """When the stamps, or a date, tell enough; when in doubt a piece stays as it lies."""

    sure_stamp: float = 0.85  # probability of a stamp that counts
    corner: float = 0.36  # of each side: a block of stamps reaches a third into a cover
    least_aspect: float = 1.15  # long side to short: on a square piece a stamp's corner says less
    most_px: int = 60_000_000  # turning copies the piece
    # Of 446 drawn strikes that stood 3 were turned then, none where their date had been looked for at length;
    # of 200 dated ones that lay 112 were set right and 3 wrongly:
    legible: float = 0.2  # probability of the likeliest date from which it tells how a strike stands
    clearer: float = 6.0  # times as probable as before must a date be on a strike that is turned


# Where stamps are that belong at the top right, as (right, bottom), and the quarters the piece is turned by.
_CORNERS = {(True, False): 0, (True, True): 1, (False, True): 2, (False, False): 3}
_UNDO = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


def told_by_stamps(
    piece: Piece, regions: Sequence[Region], params: UprightParams | None = None
) -> int | None:
    """How a piece is turned, as its stamps tell; None where they don't.

    All sure stamps have to lie in one corner, with a postmark on one of them or all postmarks beside them,
    and no postmark may lie in the corner opposite.
    """
    height, width = piece.pixels.shape[:2]
    corner = _stamps_corner(regions, width, height, params or UprightParams())
    return None if corner is None else _CORNERS[corner]


def told_by_strikes(turns: Iterable[int | None]) -> int | None:
    """How a piece is turned, as its strikes tell (see ``lying``): those that tell anything must agree."""
    told = {turn for turn in turns if turn is not None}
    return told.pop() if len(told) == 1 else None


def lying(
    strike: Strike,
    looker: Network,
    closer: Network,
    as_it_is: float | None = None,
    params: UprightParams | None = None,
) -> int | None:
    """How a strike is turned, as its date tells; None where it doesn't.

    ``looker`` and ``closer`` are ``date-reader`` and ``date-closeup``. ``as_it_is``: how clear its date is
    the way it is, where it was looked for already.
    """
    p = params or UprightParams()
    if as_it_is is None:
        as_it_is = clearly(strike, looker, closer)
    if as_it_is * p.clearer >= 1:
        return 0 if as_it_is >= p.legible else None
    clear = {quarters: clearly(stood_up(strike, quarters), looker, closer) for quarters in _UNDO}
    best = max(clear, key=lambda quarters: clear[quarters])
    return best if clear[best] >= max(p.legible, p.clearer * as_it_is) else None


def set_upright(piece: Piece, quarters: int, params: UprightParams | None = None) -> Piece | None:
    """A piece that lies so the right way up, with its map to the scan; None where it has to stay.

    A quarter turn is made only of a piece that stands on its short side, a half turn of one that lies on its
    long side.
    """
    p = params or UprightParams()
    height, width = piece.pixels.shape[:2]
    long, short = (width, height) if quarters == 2 else (height, width)
    if quarters == 0 or width * height > p.most_px or long < p.least_aspect * short:
        return None
    pixels, back = _undone(piece.pixels, quarters)
    outline = np.roll(piece.outline, -quarters, axis=0)
    return replace(piece, pixels=pixels, to_scan=back.then(piece.to_scan), outline=outline)


def stood_up(strike: Strike, quarters: int) -> Strike:
    """A strike that lies so the right way up, with its map to where it was cut from."""
    if quarters == 0:
        return strike
    (pixels, back), (ink, _) = (_undone(picture, quarters) for picture in (strike.pixels, strike.ink))
    core = Box.around(back.inverse().apply(strike.core.corners))
    return replace(strike, pixels=pixels, ink=ink, core=core, frame=back.then(strike.frame))


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
    for right, bottom in _CORNERS:
        near = np.abs(places - (right, bottom)) < p.corner
        far = np.abs(struck - (not right, not bottom)) < p.corner
        # A machine's dial stands beside the stamp: in the upper half once the piece is upright.
        half = struck[:, 0] if right == bottom else struck[:, 1]
        beside = ((half > 0.5) == (right if right == bottom else bottom)).all()
        if near.all() and not far.all(1).any() and (tied or beside):
            return right, bottom
    return None


def _undone(picture: np.ndarray, quarters: int) -> tuple[np.ndarray, Homography]:
    """A picture turned back, and the map from its pixels to those it had before."""
    turned = np.asarray(cv2.rotate(picture, _UNDO[quarters]), np.uint8)
    height, width = turned.shape[:2]
    x, y = {1: (height, 0), 2: (width, height), 3: (0, width)}[quarters]
    return turned, Homography.similarity(1.0, 90.0 * quarters, x, y)
