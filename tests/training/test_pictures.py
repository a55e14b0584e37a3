"""Drawing pictures: curves go through their points, shading stays inside, the globe turns the right way."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.training.elements import Canvas
from recognizer.training.globe import project
from recognizer.training.outline import arc, box, fit, hatched, inside, line, moved, outlined, runs, smooth
from recognizer.training.pictures import PICTURES


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = np.array([[0, 0], [1, 2], [3, 1], [4, 4]], float)
    curve = smooth(points)
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9


@pytest.mark.parametrize("angle_deg", [0, 30, 90])
def test_hatching_stays_inside_its_polygon(angle_deg: float) -> None:
    ring = arc(3, 2, 1.5)[:-1]
    lines = hatched(ring, 0.2, 0.01, angle_deg)
    assert len(lines) == pytest.approx(15, abs=1)  # 3 high, one line every 0.2
    for one in lines:
        assert np.hypot(*(one.points - (3, 2)).T).max() <= 1.5
        run = one.points[-1] - one.points[0]
        assert np.degrees(np.arctan2(run[1], run[0])) % 180 == pytest.approx(angle_deg % 180, abs=0.1)


def test_inside_and_runs() -> None:
    square = box(0, 0, 1, 1)
    np.testing.assert_array_equal(
        inside(np.array([[0.5, 0.5], [1.5, 0.5], [0.5, -0.1]]), square), [True, False, False]
    )
    assert runs(np.array([1, 1, 0, 1, 0, 1, 1, 1], bool)) == [slice(0, 2), slice(5, 8)]


def test_moving_turns_clockwise_and_scales_lines() -> None:
    (one,) = moved([line([(1, 0), (2, 0)], 0.1)], scale=2, angle_deg=90, x=5)
    np.testing.assert_allclose(one.points, [(5, 2), (5, 4)], atol=1e-12)
    assert one.width == pytest.approx(0.2)


def test_fitting_keeps_the_picture_in_the_unit_square() -> None:
    picture = fit(outlined(box(2, 3, 4, 2), 0.1), (2, 3, 4, 2))
    assert picture.aspect == 2
    assert picture.shapes[0].points.min() == 0
    assert picture.shapes[0].points.max() == 1
    assert picture.shapes[1].width == pytest.approx(0.05)


def test_the_globe_has_the_place_looked_at_in_its_middle_and_north_above() -> None:
    points, near = project(np.array([[63.3, 45.6], [63.3, 60.0], [80.0, 45.6], [243.3, -45.6]]), 63.3, 45.6)
    np.testing.assert_allclose(points[0], (0, 0), atol=1e-12)
    assert points[1][1] < 0  # farther north is higher
    assert points[2][0] > 0  # farther east is to the right
    np.testing.assert_array_equal(near, [True, True, True, False])


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_at_the_size_of_a_die_is_neither_empty_nor_a_blot(name: str) -> None:
    picture = PICTURES[name]
    width, height = 8 * picture.aspect, 8.0
    canvas = Canvas((width, height), 12, margin_mm=0)
    for shape in picture.shapes:
        points = (shape.points - 0.5) * (width, height)
        if shape.width is None:
            canvas.fill([points], 255 if shape.ink else 0)
        else:
            canvas.stroke(points, max(shape.width * height, 0.1), ink=255 if shape.ink else 0)
    assert 0.02 < canvas.down().mean() / 255 < 0.6
