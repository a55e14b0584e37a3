from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.imaging.unroll import STRIP_HEIGHT
from recognizer.stages.alphabet import CLASSES
from recognizer.stages.date_lines import SeenLine, lines_seen, read_lines
from recognizer.stages.date_view import (
    CLOSE,
    CLOSE_STRIDES,
    PARTS,
    from_crop,
    look_closer,
    rims_of,
    view_of,
)
from recognizer.stages.lettering import frame_of
from recognizer.stages.view import View
from recognizer.types import Strike

SIZE = 300
CORE = Box(10, 10, 280, 280)
TALL = 20  # pixels of the crop


def strike_with(feet: Points, heads: Points) -> Strike:
    """A strike whose letters are bars from ``feet`` to ``heads``, (N, 2) pixels of the crop."""
    ink = np.zeros((SIZE, SIZE), np.uint8)
    for foot, head in zip(feet, heads, strict=True):
        cv2.line(ink, tuple(np.rint(foot).astype(int)), tuple(np.rint(head).astype(int)), 255, 3)
    pixels = np.repeat(255 - ink[:, :, None], 3, 2)
    return Strike(pixels, ink, CORE, Homography.identity(), None, None)


def map_with(view: View, strike: Strike, letters: Points) -> NDArray[np.float64]:
    """What the network would say: a figure at each of the letters' middles, (N, 2) pixels of the crop."""
    (across, down), (height, width) = CLOSE_STRIDES, CLOSE
    shown = np.zeros((len(PARTS), height // down, width // across))
    at = view.apply(from_crop(strike).apply(letters))
    columns, rows = (at // CLOSE_STRIDES).astype(int).T
    shown[PARTS.index("unit"), rows, columns] = 0.9
    return shown


def seen_on(strike: Strike, view: View, letters: Points) -> tuple[SeenLine, ...]:
    (picture,) = look_closer(strike, [view])
    return lines_seen(map_with(view, strike, letters), picture, view)


class Listener:
    """A reader that reads nothing and keeps what it was shown."""

    def __init__(self) -> None:
        self.strips: list[NDArray[np.float32]] = []

    def __call__(self, strips: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        self.strips += [strip[0] for strip in strips]
        out = np.zeros((len(strips), strips.shape[3] // 2, CLASSES), np.float32)
        out[:, :, 0] = 1
        return [out]


def inked_rows(strip: NDArray[np.float32]) -> tuple[float, float]:
    """First and last row of a strip that its letters reach."""
    rows = np.flatnonzero(strip.mean(1) > 0.5 * strip.mean(1).max())
    return float(rows[0]), float(rows[-1])


@pytest.mark.parametrize("angle_deg", [0.0, 17.0, -30.0])
def test_lines_of_a_date_askew_are_cut_level_and_in_their_middle(angle_deg: float) -> None:
    turn = Homography.shift(-150, -150).then(Homography.similarity(1.0, angle_deg, 150, 150))
    x = np.arange(110.0, 191.0, 13.0)
    feet, heads, middles = (
        turn.apply(np.concatenate([np.column_stack([x, np.full(len(x), y + off)]) for y in (130, 170)]))
        for off in (TALL / 2, -TALL / 2, 0.0)
    )
    strike = strike_with(feet, heads)
    places = from_crop(strike).apply(middles)
    level = Homography.shift(-80, -80).then(
        Homography.similarity(2.0, -angle_deg, CLOSE[1] / 2, CLOSE[0] / 2)
    )
    lines = seen_on(strike, View(level), middles)
    assert len(lines) == 2
    scale = View(level).scale * float(from_crop(strike).matrix[0, 0])
    assert [line.tall for line in lines] == pytest.approx([TALL * scale] * 2, abs=6)
    expected = sorted({round(y) for y in View(level).apply(places)[:, 1]})
    assert sorted(line.middle for line in lines) == pytest.approx([expected[0], expected[-1]], abs=2.5)
    listener = Listener()
    read = read_lines(strike, lines, frame_of(strike)[1], listener)
    assert len(read) == len(listener.strips) == 6
    assert [line.angle_deg for line in read] == pytest.approx([angle_deg] * 6, abs=0.5)
    assert sorted(line.offset for line in read)[::3] == pytest.approx([-20 / 140, 20 / 140], abs=0.04)
    for strip in listener.strips:
        top, bottom = inked_rows(strip)
        assert (top + bottom) / 2 == pytest.approx(STRIP_HEIGHT / 2, abs=3.5)
        assert 0.4 < (bottom - top) / STRIP_HEIGHT < 0.85


@pytest.mark.parametrize("foot", [False, True])
def test_a_date_along_the_rim_is_cut_unrolled(foot: bool) -> None:
    angles = np.deg2rad([-130.0 + 9 * i for i in range(9)] if not foot else [125.0 - 9 * i for i in range(9)])
    way = np.column_stack([np.cos(angles), np.sin(angles)])
    inner, outer = (150 + way * r for r in (105 - TALL / 2, 105 + TALL / 2))
    strike = strike_with(inner, outer)
    places = from_crop(strike).apply((inner + outer) / 2)
    rim = rims_of(places, np.ones(9), CORE)[foot]
    view = view_of(places, np.zeros(9, np.intp), np.ones(9), rim)
    (line,) = seen_on(strike, view, (inner + outer) / 2)
    listener = Listener()
    read = read_lines(strike, [line], frame_of(strike)[1], listener)
    assert {one.where for one in read} == {"ring"}
    for strip in listener.strips:
        top, bottom = inked_rows(strip)
        assert (top + bottom) / 2 == pytest.approx(STRIP_HEIGHT / 2, abs=4)
        columns = strip[STRIP_HEIGHT // 2] > 0.5
        assert int((np.diff(columns.astype(int)) > 0).sum()) + int(columns[0]) == 9, "each letter apart"


def test_where_a_figure_was_seen_but_no_ink_is_there_is_no_line() -> None:
    empty = strike_with(np.zeros((0, 2)), np.zeros((0, 2)))
    view = View(Homography.shift(-80, -80).then(Homography.similarity(2.0, 0.0, CLOSE[1] / 2, CLOSE[0] / 2)))
    assert seen_on(empty, view, np.column_stack([np.arange(110.0, 191.0, 13.0), np.full(7, 150.0)])) == ()


def test_no_date_no_lines(strike: Strike) -> None:
    nothing = np.zeros((len(PARTS), CLOSE[0] // CLOSE_STRIDES[1], CLOSE[1] // CLOSE_STRIDES[0]))
    assert lines_seen(nothing, np.zeros((2, *CLOSE), np.float32), View()) == ()
    assert read_lines(strike, (), frame_of(strike)[1], Listener()) == ()
