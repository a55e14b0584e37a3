from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.stages.date_view import (
    CLOSE,
    CLOSE_STRIDES,
    CORE,
    PARTS,
    SIDE,
    STRIDE,
    closer_views,
    from_crop,
    look_at,
    look_closer,
    place_in_zone,
    place_on_die,
    rims_of,
    view_of,
    views_around,
    views_at,
    views_of_date,
)
from recognizer.stages.view import Rim, View
from recognizer.types import Strike

ACROSS, DOWN = CLOSE_STRIDES
WHOLE = Box(0, 0, 100, 100)


def test_the_strikes_box_lies_in_the_middle_at_its_size(strike: Strike) -> None:
    shown = look_at(strike)
    assert shown.shape == (2, SIDE, SIDE)
    assert shown.dtype == np.float32
    rows, columns = np.nonzero(shown[0] > 0.5)
    scale, middle = CORE / 80, SIDE / 2
    assert columns.min() == pytest.approx(middle + (100 - 120) * scale, abs=2)
    assert columns.max() == pytest.approx(middle + (140 - 120) * scale, abs=2)
    assert rows.min() == pytest.approx(middle + (50 - 60) * scale, abs=2)
    assert shown[1][rows, columns].mean() > 0.9


def figures(x: float, y: float, step: tuple[float, float]) -> tuple[Points, NDArray[np.intp]]:
    """The places of DD MM YYYY, each figure ``step`` from the one before it."""
    names = ("day tens", "day unit", "month", "month", "century", "century", "tens", "unit")
    places = np.array([(x, y)] * 8) + np.arange(8)[:, None] * step
    return places, np.array([PARTS.index(name) for name in names], np.intp)


@pytest.mark.parametrize("angle_deg", [0, 30, -50, 85, -85])
def test_a_date_of_one_line_is_seen_large_and_level(angle_deg: float) -> None:
    a = np.deg2rad(angle_deg)
    places, parts = figures(60, 70, (6 * np.cos(a), 6 * np.sin(a)))
    seen = view_of(places, parts, np.ones(8)).apply(places)
    assert np.ptp(seen[:, 1]) < 1
    assert (np.diff(seen[:, 0]) > 10).all(), "read from left to right, larger than before"
    assert seen[:, 0].mean() == pytest.approx(CLOSE[1] / 2, abs=1)
    assert seen[:, 1].mean() == pytest.approx(CLOSE[0] / 2, abs=1)
    assert (seen > 5).all()
    assert (seen < np.array(CLOSE[::-1]) - 5).all()


def test_lines_one_above_the_other_are_turned_level_by_their_figures() -> None:
    a = np.deg2rad(20)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    rows = [(x, y) for y in (-12, 0, 12) for x in (-9, -3, 3, 9)]
    names = [
        "day tens",
        "day unit",
        "day unit",
        "day unit",
        *["month"] * 4,
        "century",
        "century",
        "tens",
        "unit",
    ]
    places = np.array(rows) @ turn.T + 80
    seen = view_of(places, np.array([PARTS.index(n) for n in names], np.intp), np.ones(12)).apply(places)
    assert np.ptp(seen[:4, 1]) < 3
    assert np.ptp(seen[8:, 1]) < 3
    assert seen[8:, 1].mean() - seen[:4, 1].mean() > 30


def map_of(names: tuple[str, ...], cells: list[tuple[int, int]], side: int = SIDE // STRIDE) -> Points:
    """A map with parts of a date at (column, row) and nothing elsewhere."""
    shown = np.zeros((len(PARTS), side, side))
    shown[0] = 1.0
    for name, (column, row) in zip(names, cells, strict=True):
        shown[:, row, column] = 0
        shown[PARTS.index(name), row, column] = 1.0
    return shown


def middle_of(view: View) -> tuple[float, float]:
    x, y = view.back([[CLOSE[1] / 2, CLOSE[0] / 2]])[0].tolist()
    return x, y


def test_the_map_of_the_first_look_says_where_to_look_closer() -> None:
    level = map_of(("day unit", "month", "tens", "unit"), [(14 + 2 * i, 22) for i in range(4)])
    (view,) = views_of_date(level, WHOLE)
    assert middle_of(view) == pytest.approx(((14 + 3 + 0.5) * STRIDE, 22.5 * STRIDE), abs=1)
    (view,) = views_of_date(map_of((), []), WHOLE)
    assert middle_of(view) == pytest.approx((SIDE / 2, SIDE / 2), abs=1)


def on_rim(degrees: list[float], level: float = 0.8) -> Points:
    """Places on the rim of a strike that fills ``WHOLE``, clockwise from the right."""
    a = np.deg2rad(degrees)
    return SIDE / 2 + level * CORE / 2 * np.column_stack([np.cos(a), np.sin(a)])


@pytest.mark.parametrize(("begin", "step", "foot"), [(-60.0, 8.0, False), (130.0, -8.0, True)])
def test_a_date_along_the_rim_is_seen_level_when_unrolled(begin: float, step: float, foot: bool) -> None:
    places = on_rim([begin + step * i for i in range(8)])
    rims = rims_of(places, np.ones(8), WHOLE)
    assert [rim.foot for rim in rims] == [False, True]
    views = [view_of(places, np.zeros(8, np.intp), np.ones(8), rim) for rim in rims]
    seen = views[foot].apply(places)
    assert np.ptp(seen[:, 1]) < 0.5
    assert (np.diff(seen[:, 0]) > 10).all(), "read from left to right"
    assert (np.diff(views[not foot].apply(places)[:, 0]) < -10).all(), "on its head the other way round"
    heads = on_rim([begin], 0.7 if foot else 0.9)
    assert views[foot].apply(heads)[0, 1] < seen[0, 1] - 10


def test_a_line_across_the_middle_and_a_flat_box_have_no_rim() -> None:
    line = np.column_stack([np.linspace(50, 110, 8), np.full(8, 85.0)])
    assert not rims_of(line, np.ones(8), WHOLE)
    assert not rims_of(on_rim([10, 20, 30]), np.ones(3), Box(0, 0, 100, 40))


def test_places_on_a_rim_go_to_its_plane_and_back() -> None:
    rim = Rim(SIDE / 2, (70.0, 60.0), 2.9, True, 0.8)
    places = np.array([[20.0, 90.0], [30.0, 60.0], [12.0, 75.0]])
    np.testing.assert_allclose(rim.rolled(rim.unrolled(places)), places, atol=1e-9)


def test_a_date_on_a_close_picture_is_looked_at_closer_still() -> None:
    rim = rims_of(on_rim([40, 60]), np.ones(2), WHOLE)[1]
    first = View(Homography.similarity(1.7, 0, CLOSE[1] / 2, CLOSE[0] / 2), rim)
    shown = np.zeros((len(PARTS), CLOSE[0] // DOWN, CLOSE[1] // ACROSS))
    shown[PARTS.index("day unit"), 6, 8], shown[PARTS.index("unit"), 6, 24] = 1, 1
    nearer, flat = closer_views(shown, first)
    assert nearer.rim is rim
    assert nearer.scale > 1.2 * first.scale
    there = first.back([[8.5 * ACROSS, 6.5 * DOWN], [24.5 * ACROSS, 6.5 * DOWN]])
    assert nearer.apply(there).mean(0) == pytest.approx([CLOSE[1] / 2, CLOSE[0] / 2], abs=1)
    assert flat.rim is None
    left, right = flat.apply(there)
    assert left[1] == pytest.approx(right[1], abs=1), "a straight rim is level when seen flat"
    assert (left + right) / 2 == pytest.approx([CLOSE[1] / 2, CLOSE[0] / 2], abs=1)
    assert len(closer_views(shown, View(first.to_picture))) == 1
    assert closer_views(np.zeros_like(shown), first) == [first]


def test_where_a_date_stands_on_one_strike_it_is_looked_for_on_another(strike: Strike) -> None:
    shown = np.zeros((len(PARTS), CLOSE[0] // DOWN, CLOSE[1] // ACROSS))
    shown[PARTS.index("day unit"), 6, 8], shown[PARTS.index("unit"), 6, 24] = 1, 1
    view = View(Homography.similarity(2.0, 0, -SIDE / 2, -SIDE / 2))
    place = place_on_die(shown, view, strike)
    assert place is not None
    seen = view.back([[8.5 * ACROSS, 6.5 * DOWN], [24.5 * ACROSS, 6.5 * DOWN]])
    np.testing.assert_allclose(place.points, (seen - (SIDE - CORE) / 2) / CORE, atol=1e-6)
    assert place_on_die(np.zeros_like(shown), view, strike) is None
    turned = Homography.similarity(80.0, 30.0, 120, 40)  # the die's box on the other strike's crop
    (flat, *_) = views_at(place, turned, strike)
    left, right = flat.apply(from_crop(strike).apply(turned.apply(place.points)))
    assert left[1] == pytest.approx(right[1], abs=1), "level, though the die was turned"
    assert (left + right) / 2 == pytest.approx([CLOSE[1] / 2, CLOSE[0] / 2], abs=1)


@pytest.mark.parametrize("turn_deg", [0.0, 30.0, -60.0])
def test_a_cards_zone_is_seen_whole_and_level(strike: Strike, turn_deg: float) -> None:
    x, y, w, h = zone = (0.2, 0.4, 0.6, 0.1)
    turned = Homography.similarity(80.0, turn_deg, 120, 40)
    (flat, *_) = views_at(place_in_zone(zone), turned, strike)
    corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
    seen = flat.apply(from_crop(strike).apply(turned.apply(corners)))
    assert ((seen > 0) & (seen < CLOSE[::-1])).all()
    assert seen[0, 1] == pytest.approx(seen[1, 1], abs=1), "level, though the die was turned"
    assert np.ptp(seen[:, 0]) > 0.7 * CLOSE[1], "large"


def test_the_close_picture_shows_the_strike_under_the_view(strike: Strike) -> None:
    scale = CORE / 80
    view = (
        Homography.shift(-SIDE / 2, -SIDE / 2)
        .then(Homography.scaling(0.5))
        .then(Homography.shift(CLOSE[1] / 2, CLOSE[0] / 2))
    )
    (shown,) = look_closer(strike, [View(view)])
    assert shown.shape == (2, *CLOSE)
    rows, columns = np.nonzero(shown[0] > 0.5)
    assert columns.min() == pytest.approx(CLOSE[1] / 2 + (100 - 120) * scale / 2, abs=2)
    assert columns.max() == pytest.approx(CLOSE[1] / 2 + (140 - 120) * scale / 2, abs=2)
    assert rows.min() == pytest.approx(CLOSE[0] / 2 + (50 - 60) * scale / 2, abs=2)


def test_an_unrolled_rim_is_shown_straight(strike: Strike) -> None:
    core, ink = Box(10, 10, 100, 100), np.zeros((120, 120), np.uint8)
    cv2.circle(ink, (60, 60), 40, 255, 3)
    round_one = replace(strike, pixels=np.repeat(255 - ink[:, :, None], 3, 2), ink=ink, core=core)
    for view in views_around(core)[3:]:
        (shown,) = look_closer(round_one, [view])
        rows, columns = np.nonzero(shown[0] > 0.6)
        assert len(np.unique(columns)) > 0.9 * CLOSE[1], "from one end of the picture to the other"
        assert np.ptp(rows) < 16, "flat it would bend by more than twice that"


def test_views_around_show_every_place_of_the_rim_both_ways() -> None:
    views = views_around(WHOLE)
    for at in range(0, 360, 10):
        letters = on_rim([at - 2, at + 2])
        ways = set()
        for view in views:
            (u, v), (u1, v1) = view.apply(letters)
            if 20 < u < CLOSE[1] - 20 and 15 < v < CLOSE[0] - 15 and abs(v1 - v) < 1:
                ways.add(np.sign(u1 - u))
        assert ways == {1.0, -1.0}
