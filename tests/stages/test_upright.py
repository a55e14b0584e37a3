"""A piece with its stamps planted in a corner comes back the right way up, and still knows its scan."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.stages.upright import turned_upright
from recognizer.types import Piece, Region, RegionKind

STAMP, STRIKE = Box(500, 20, 70, 80), Box(440, 60, 100, 100)  # on a cover of 600 x 400 as it should lie


def region(kind: RegionKind, box: Box, probability: float = 0.95) -> Region:
    return Region(kind, box, box.corners, probability)


def cover() -> np.ndarray:
    pixels = np.random.default_rng(1).integers(0, 255, (400, 600, 3)).astype(np.uint8)
    return pixels


def lying(turns: int) -> tuple[Piece, list[Region]]:
    """The cover after quarter turns counterclockwise, lying at (1000, 2000) on a scan."""
    pixels = np.ascontiguousarray(np.rot90(cover(), turns))
    height, width = pixels.shape[:2]
    boxes = []
    for box in (STAMP, STRIKE):
        x, y, w, h, wide = box.x, box.y, box.w, box.h, 600
        for _ in range(turns):
            x, y, w, h, wide = y, wide - x - w, h, w, 1000 - wide
        boxes.append(Box(x, y, w, h))
    shift = Homography.shift(1000, 2000)
    piece = Piece(pixels, shift, shift.apply(Box(0, 0, width, height).corners), 300.0)
    return piece, [region("stamp", boxes[0]), region("postmark", boxes[1])]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_piece_is_set_upright(turns: int) -> None:
    piece, regions = lying(turns)
    upright = turned_upright(piece, regions)
    assert upright is not None
    assert np.array_equal(upright.pixels, cover())
    assert upright.dpi == 300.0
    np.testing.assert_allclose(upright.to_scan.apply(Box(0, 0, 600, 400).corners), upright.outline, atol=1e-6)
    place = upright.to_scan.apply([STAMP.centre])[0] - (1000, 2000)
    np.testing.assert_allclose(place, regions[0].box.centre, atol=1e-6)


def test_a_piece_the_right_way_up_stays() -> None:
    assert turned_upright(*lying(0)) is None


@pytest.mark.parametrize(
    "others",
    [
        [region("stamp", STAMP)],  # another stamp where it belongs
        [region("postmark", STRIKE)],  # a strike where the stamps should be
    ],
)
def test_when_in_doubt_it_stays(others: list[Region]) -> None:
    piece, regions = lying(2)
    assert turned_upright(piece, [*regions, *others]) is None


def test_a_dial_beside_the_stamp_tells_as_much() -> None:
    piece, regions = lying(2)
    beside = Box(250, 290, 90, 90)  # of a machine cancel, in the lower half as the piece lies
    assert turned_upright(piece, [regions[0], region("postmark", beside)]) is not None
    above = Box(250, 40, 90, 90)  # of a cover that lies right, a postage-due stamp at its bottom left
    assert turned_upright(piece, [regions[0], region("postmark", above)]) is None


def test_a_stamp_that_nobody_cancelled_tells_nothing() -> None:
    piece, regions = lying(2)
    assert turned_upright(piece, regions[:1]) is None
