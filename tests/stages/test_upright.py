"""What lies on its side or head comes back the right way up, and still knows where it was."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.stages.date_look import HEADS
from recognizer.stages.date_view import PARTS
from recognizer.stages.upright import lying, set_upright, stood_up, told_by_stamps, told_by_strikes
from recognizer.types import Piece, Region, RegionKind, Strike

STAMP, STRIKE = Box(500, 20, 70, 80), Box(440, 60, 100, 100)  # on a cover of 600 x 400 as it should lie


def region(kind: RegionKind, box: Box, probability: float = 0.95) -> Region:
    return Region(kind, box, box.corners, probability)


def cover() -> np.ndarray:
    pixels = np.random.default_rng(1).integers(0, 255, (400, 600, 3)).astype(np.uint8)
    return pixels


def turned(turns: int) -> tuple[Piece, list[Region]]:
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
    piece, regions = turned(turns)
    assert told_by_stamps(piece, regions) == 4 - turns
    upright = set_upright(piece, 4 - turns)
    assert upright is not None
    assert np.array_equal(upright.pixels, cover())
    assert upright.dpi == 300.0
    np.testing.assert_allclose(upright.to_scan.apply(Box(0, 0, 600, 400).corners), upright.outline, atol=1e-6)
    place = upright.to_scan.apply([STAMP.centre])[0] - (1000, 2000)
    np.testing.assert_allclose(place, regions[0].box.centre, atol=1e-6)


def test_a_piece_the_right_way_up_stays() -> None:
    assert told_by_stamps(*turned(0)) == 0
    assert set_upright(turned(0)[0], 0) is None


@pytest.mark.parametrize(
    "others",
    [
        [region("stamp", STAMP)],  # another stamp where it belongs
        [region("postmark", STRIKE)],  # a strike where the stamps should be
    ],
)
def test_when_in_doubt_it_stays(others: list[Region]) -> None:
    piece, regions = turned(2)
    assert told_by_stamps(piece, [*regions, *others]) is None


def test_a_dial_beside_the_stamp_tells_as_much() -> None:
    piece, regions = turned(2)
    beside = Box(250, 290, 90, 90)  # of a machine cancel, in the lower half as the piece lies
    assert told_by_stamps(piece, [regions[0], region("postmark", beside)]) == 2
    above = Box(250, 40, 90, 90)  # of a cover that lies right, a postage-due stamp at its bottom left
    assert told_by_stamps(piece, [regions[0], region("postmark", above)]) is None


def test_a_stamp_that_nobody_cancelled_tells_nothing() -> None:
    piece, regions = turned(2)
    assert told_by_stamps(piece, regions[:1]) is None


def test_a_quarter_turn_needs_a_piece_on_its_short_side_and_half_a_turn_one_on_its_long_side() -> None:
    wide, tall = turned(0)[0], turned(1)[0]
    turns = {
        (name, q): set_upright(piece, q)
        for name, piece in (("wide", wide), ("tall", tall))
        for q in (1, 2, 3)
    }
    assert {key for key, piece in turns.items() if piece} == {("wide", 2), ("tall", 1), ("tall", 3)}


@pytest.mark.parametrize(
    ("turns", "agreed"), [([], None), ([None], None), ([2, None, 2], 2), ([0, 2], None), ([None, 0], 0)]
)
def test_strikes_that_tell_anything_must_agree(turns: list[int | None], agreed: int | None) -> None:
    assert told_by_strikes(turns) == agreed


class Sees:
    """Stands for a network: as clear as told, by the side of its picture on which the dark place lies."""

    spec: Mapping[str, object] = {}

    def __init__(self, clear: dict[int, float], map_: tuple[int, int]) -> None:
        self.clear, self.map, self.asked = clear, map_, 0

    def __call__(self, *inputs: np.ndarray) -> list[np.ndarray]:
        (pictures,) = inputs
        count, _, height, width = pictures.shape
        self.asked += count
        sides = []
        for dark in pictures[:, 1]:
            y, x = (np.mean(at) for at in np.nonzero(dark > 0.5))
            off = x - width / 2, y - height / 2
            sides.append((0 if off[0] > 0 else 2) if abs(off[0]) > abs(off[1]) else (1 if off[1] > 0 else 3))
        clear = np.array([self.clear.get(side, 0.0) for side in sides], np.float32)
        told = [np.eye(n, dtype=np.float32)[[0] * count] for n in HEADS.values()]
        return [clear[:, None], *told, np.zeros((count, len(PARTS), *self.map), np.float32)]


def told(strike: Strike, clear: dict[int, float], asked: int) -> int | None:
    """How a strike is said to lie whose date is as clear as told, by the quarters it is turned by."""
    looker, closer = Sees({}, (40, 40)), Sees(clear, (16, 48))
    turn = lying(strike, looker, closer)
    assert closer.asked == asked
    return turn


def struck(turns: int = 0) -> Strike:
    """A strike with a dark place right of its middle, turned by quarters clockwise, cut at (30, 40)."""
    pixels = np.full((120, 140, 3), 250, np.uint8)
    pixels[52:64, 95:107] = 20
    core = Box(15, 6, 110, 108)
    return stood_up(
        Strike(pixels, 255 - pixels[:, :, 0], core, Homography.shift(30, 40), None, "black"), (4 - turns) % 4
    )


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_strike_is_stood_up_where_its_date_can_only_be_read_so(turns: int) -> None:
    assert told(struck(turns), {0: 0.8, turns: 0.01}, asked=4) == turns
    back, upright = stood_up(struck(turns), turns), struck()
    assert np.array_equal(back.pixels, upright.pixels)
    assert np.array_equal(back.ink, upright.ink)
    np.testing.assert_allclose(back.core.corners, upright.core.corners, atol=1e-6)
    np.testing.assert_allclose(back.frame.matrix, upright.frame.matrix, atol=1e-6)


def test_a_strike_set_upright_knows_where_it_was_cut() -> None:
    upright = stood_up(struck(), 1)  # as if it had been struck on its side
    assert upright.frame.turn_at(0, 0) == 90
    box = Box.around(upright.frame.apply(upright.core.corners))
    np.testing.assert_allclose(box.corners, Box(45, 46, 110, 108).corners, atol=1e-6)


def test_a_strike_in_doubt_stays() -> None:
    assert told(struck(), {0: 0.02, 2: 0.15}, asked=4) is None  # turned it isn't legible either
    assert told(struck(), {0: 0.12, 2: 0.6}, asked=4) is None  # not that much clearer
    assert told(struck(), {0: 0.9, 2: 0.9}, asked=1) == 0  # what stands clearly is not looked at again
