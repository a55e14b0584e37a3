from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from lettering_by_hand import lettering, line
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.records import MarkSpec, Names, SourcedDate
from recognizer.stages.date import read_date
from recognizer.stages.date_look import (
    CLOSE,
    CORE,
    HEADS,
    NO_HOUR,
    PARTS,
    SIDE,
    STRIDE,
    look_at,
    look_closer,
    look_for_date,
    view_of,
    where_date_stands,
)
from recognizer.stages.lettering import Lettering
from recognizer.stages.network import Network
from recognizer.types import DateReading, Strike


class Seer:
    """A network that says what it is told to: for each head the value seen and how surely."""

    spec: Mapping[str, Any] = {}

    def __init__(self, present: float = 0.99, **sure: tuple[int, float]) -> None:
        self.present, self.sure = present, sure

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        views = len(inputs[0])
        out = [np.full((views, 1), self.present, np.float32)]
        for name, n in HEADS.items():
            value, chance = self.sure.get(name, (NO_HOUR, 0.99))
            row = np.full((views, n), (1 - chance) / (n - 1), np.float32)
            row[:, value] = chance
            out.append(row)
        return [*out, np.zeros((views, len(PARTS), 40, 40), np.float32)]


def seer(day: int, month: int, year: int, sure: float = 0.99, **more: tuple[int, float]) -> Seer:
    return Seer(
        day=(day - 1, sure),
        month=(month - 1, sure),
        century=(year // 100 - 18, sure),
        tens=(year // 10 % 10, sure),
        unit=(year % 10, sure),
        **more,
    )


@pytest.fixture
def strike() -> Strike:
    pixels = np.full((120, 200, 3), 240, np.uint8)
    pixels[50:60, 100:140] = 20
    ink = np.zeros((120, 200), np.uint8)
    ink[50:60, 100:140] = 255
    return Strike(pixels, ink, Box(80, 20, 80, 80), Homography.shift(0, 0), None, "black")


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


def test_a_day_that_no_month_has_is_not_offered(strike: Strike) -> None:
    look = look_for_date(strike, seer(31, 2, 1945))
    dates = look.best()
    assert dates[0][0].month != 2 or dates[0][0].day != 31
    assert all(a[1] >= b[1] for a, b in pairwise(dates))


def test_the_probability_of_a_date_is_that_of_its_parts(strike: Strike) -> None:
    look = look_for_date(strike, seer(12, 10, 2008, 0.9))
    assert look.of(12, 10, 2008) == pytest.approx(0.9**5, rel=1e-4)
    assert look.of(12, 10, 1708) == 0.0


def test_years_of_use_decide_the_century(strike: Strike) -> None:
    look = replace(look_for_date(strike, seer(12, 10, 1908)), in_use=(1999, 2012))
    assert look.best()[0][0].isoformat() == "2008-10-12"


def read(
    strike: Strike, eye: Network, seen: Lettering | None = None, mark: MarkSpec | None = None
) -> DateReading:
    return read_date(strike, mark, None, None, seen, look_for_date(strike, eye))


def test_a_date_only_looked_at_is_read_with_its_hour(strike: Strike) -> None:
    reading = read(strike, seer(12, 10, 2008, 0.9999, hour=(15, 0.95)))
    assert (reading.value, reading.hour) == ("2008-10-12", 15)


def test_a_figure_the_look_is_unsure_of_leaves_the_date_open(strike: Strike) -> None:
    eye = seer(12, 10, 2008, 0.99)
    eye.sure["unit"] = (8, 0.4)
    reading = read(strike, eye)
    assert reading.value is None
    assert reading.text is not None
    assert reading.text.endswith("200?")
    assert reading.alternatives[0].value == "2008-10-12"


def test_lines_that_agree_make_a_date_surer(strike: Strike) -> None:
    eye = seer(12, 10, 2008, 0.97)
    alone = read(strike, eye)
    both = read(strike, eye, lettering(line("12.10.2008")))
    against = read(strike, eye, lettering(line("27.05.1963")))
    assert both.value == "2008-10-12"
    assert both.probability > alone.probability
    assert against.value is None


def test_no_date_is_made_up_where_the_look_sees_none(strike: Strike) -> None:
    flat = Seer(0.01, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    assert read(strike, flat).value is None


def test_a_mark_in_use_in_one_century_reads_two_figures_so(strike: Strike) -> None:
    mark = MarkSpec(
        id="m",
        name=Names(en="m"),
        status="described",
        first_use=SourcedDate(value="1999", source="s"),
        last_use=SourcedDate(value="2010", source="s"),
    )
    reading = read(strike, seer(12, 10, 1908, 0.999), mark=mark)
    assert reading.value == "2008-10-12"


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
    shown = look_closer(strike, view)
    assert shown.shape == (2, *CLOSE)
    rows, columns = np.nonzero(shown[0] > 0.5)
    assert columns.min() == pytest.approx(CLOSE[1] / 2 + (100 - 120) * scale / 2, abs=2)
    assert columns.max() == pytest.approx(CLOSE[1] / 2 + (140 - 120) * scale / 2, abs=2)
    assert rows.min() == pytest.approx(CLOSE[0] / 2 + (50 - 60) * scale / 2, abs=2)


def test_what_is_seen_closely_outweighs_the_first_look(strike: Strike) -> None:
    far, close = seer(12, 10, 2008, 0.6), seer(17, 10, 2008, 0.9)
    assert look_for_date(strike, far).best(1)[0][0].isoformat() == "2008-10-12"
    both = look_for_date(strike, far, close)
    assert both.best(1)[0][0].isoformat() == "2008-10-17"
    assert both.day[16] < look_for_date(strike, close).day[16]
