from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.stages.date_view import (
    CLOSE,
    CORE,
    PARTS,
    SIDE,
    STRIDE,
    look_at,
    look_closer,
    view_of,
    views_around,
    where_date_stands,
)
from recognizer.types import Strike


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


def test_the_map_of_the_first_look_says_where_to_look_closer() -> None:
    shown = np.zeros((len(PARTS), SIDE // STRIDE, SIDE // STRIDE))
    shown[0] = 1.0
    for column, name in enumerate(("day unit", "month", "tens", "unit")):
        shown[:, 30, 8 + 2 * column] = 0
        shown[PARTS.index(name), 30, 8 + 2 * column] = 1.0
    view = where_date_stands(shown)
    x, y = view.inverse().apply([[CLOSE[1] / 2, CLOSE[0] / 2]])[0]
    assert (x, y) == pytest.approx(((8 + 3 + 0.5) * STRIDE, 30.5 * STRIDE), abs=1)
    shown[0] = 1.0
    shown[1:] = 0.0
    x, y = where_date_stands(shown).inverse().apply([[CLOSE[1] / 2, CLOSE[0] / 2]])[0]
    assert (x, y) == pytest.approx((SIDE / 2, SIDE / 2), abs=1)


def test_the_close_picture_shows_the_strike_under_the_view(strike: Strike) -> None:
    scale = CORE / 80
    view = (
        Homography.shift(-SIDE / 2, -SIDE / 2)
        .then(Homography.scaling(0.5))
        .then(Homography.shift(CLOSE[1] / 2, CLOSE[0] / 2))
    )
    (shown,) = look_closer(strike, [view])
    assert shown.shape == (2, *CLOSE)
    rows, columns = np.nonzero(shown[0] > 0.5)
    assert columns.min() == pytest.approx(CLOSE[1] / 2 + (100 - 120) * scale / 2, abs=2)
    assert columns.max() == pytest.approx(CLOSE[1] / 2 + (140 - 120) * scale / 2, abs=2)
    assert rows.min() == pytest.approx(CLOSE[0] / 2 + (50 - 60) * scale / 2, abs=2)


def test_views_around_show_every_place_of_the_rim_level() -> None:
    views = views_around(Box(0, 0, 100, 100))
    for at in np.deg2rad(np.arange(0, 360, 10)):
        x, y = SIDE / 2 + 0.4 * CORE * np.cos(at), SIDE / 2 + 0.4 * CORE * np.sin(at)
        ahead = (x - np.sin(at), y + np.cos(at))
        shown = 0
        for view in views:
            (u, v), (u1, v1) = view.apply([(x, y), ahead])
            inside = 20 < u < CLOSE[1] - 20 and 15 < v < CLOSE[0] - 15
            shown += inside and abs(v1 - v) < 0.4 * abs(u1 - u)
        assert shown >= 1
