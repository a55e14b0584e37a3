from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.imaging.unroll import (
    STRIP_HEIGHT,
    Ring,
    find_ring,
    letter_band,
    level,
    line_angles,
    line_cut,
    ring_cut,
)


def spot(x: float, y: float) -> np.ndarray:
    ink = np.zeros((300, 300), np.float32)
    cv2.circle(ink, (round(x), round(y)), 3, 1.0, -1)
    return ink


@pytest.mark.parametrize("foot", [False, True])
@pytest.mark.parametrize("angle_deg", [95, 170, 260, 355])
def test_a_spot_on_the_ring_lies_where_the_cut_says(foot: bool, angle_deg: float) -> None:
    ring = Ring(150, 140, 110, 100, 0.5)
    a = np.deg2rad(angle_deg)
    point = np.array([150 + 0.8 * 110 * np.cos(a), 140 + 0.8 * 100 * np.sin(a)])
    cut = ring_cut(ring, 0.6, 1.0, foot)
    strip = cut.of(spot(*point))
    places = cut.place(point)
    assert places
    for x, y in places:
        assert strip[round(y), round(x)] > 0.5
        assert abs(y - STRIP_HEIGHT / 2) < 2


def test_the_head_of_a_letter_is_up_in_both_directions() -> None:
    ring = Ring(150, 150, 100, 100, 0.5)
    top_head, top_foot = np.array([150.0, 60.0]), np.array([150.0, 80.0])  # at 12 o'clock, heads outward
    around = ring_cut(ring, 0.6, 1.0, foot=False)
    assert around.place(top_head)[0][1] < around.place(top_foot)[0][1]
    low_head, low_foot = np.array([150.0, 220.0]), np.array([150.0, 240.0])  # at 6 o'clock, heads inward
    below = ring_cut(ring, 0.6, 1.0, foot=True)
    assert below.place(low_head)[0][1] < below.place(low_foot)[0][1]


def test_a_spot_on_a_turned_line_lies_where_the_cut_says() -> None:
    point = np.array([180.0, 171.0])
    cut = line_cut(150, 150, 30, 200, 50)
    ((x, y),) = cut.place(point)
    assert cut.of(spot(*point))[round(y), round(x)] > 0.5


@pytest.mark.parametrize(("dx", "dy", "r"), [(0, 0, 100), (6, -5, 104), (-8, 3, 92)])
def test_a_broken_rim_is_found(dx: float, dy: float, r: float) -> None:
    ink = np.zeros((300, 300), np.float32)
    cv2.ellipse(ink, (150 + int(dx), 150 + int(dy)), (int(r), int(r)), 0, 30, 290, 1.0, 3)
    ring = find_ring(ink, 150, 150, 100, 100)
    assert ring.clarity > 0.2
    assert abs(ring.x - 150 - dx) < 4
    assert abs(ring.y - 150 - dy) < 4
    assert abs(ring.radius - r) < 4


def test_without_a_rim_the_box_stands() -> None:
    ring = find_ring(np.zeros((300, 300), np.float32), 150, 150, 100, 90)
    assert (ring.x, ring.y, ring.rx, ring.ry, ring.clarity) == (150, 150, 100, 90, 0.0)


@pytest.mark.parametrize("angle_deg", [-24.0, 0.0, 15.0])
def test_the_direction_of_text_lines_is_found(angle_deg: float) -> None:
    drawn = np.zeros((96, 96), np.uint8)
    for y, text in ((34, "12 OCT"), (58, "19 30"), (82, "2008")):
        cv2.putText(drawn, text, (12, y), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 255, 1)
    turn = cv2.getRotationMatrix2D((48, 48), -angle_deg, 1.0)  # OpenCV turns anticlockwise
    ink = cv2.warpAffine(drawn, turn, (96, 96)).astype(np.float32) / 255
    angles = np.arange(-48, 49, 3.0)
    assert abs(angles[line_angles(ink, angles).argmax()] - angle_deg) <= 3


def test_faint_ink_is_levelled_but_bare_paper_is_not() -> None:
    strip = np.zeros((STRIP_HEIGHT, 100), np.float32)
    strip[10:20, 40:60] = 0.4
    assert level(strip).max() == pytest.approx(1.0)
    assert level(np.full((STRIP_HEIGHT, 100), 0.02, np.float32)).max() < 0.1


@pytest.mark.parametrize(("low", "high"), [(0.55, 0.68), (0.66, 0.8), (0.78, 0.92)])
def test_the_band_of_letters_is_found_between_rim_and_middle(low: float, high: float) -> None:
    ink = np.zeros((300, 300), np.float32)
    cv2.circle(ink, (150, 150), 120, 1.0, 3)
    for a in np.deg2rad(np.arange(0, 360, 9)):  # strokes like letters' stems, and a picture in the middle
        ends = [(round(150 + r * 120 * np.cos(a)), round(150 + r * 120 * np.sin(a))) for r in (low, high)]
        cv2.line(ink, *ends, 1.0, 3)
    cv2.rectangle(ink, (120, 130), (180, 170), 1.0, -1)
    inner, outer = letter_band(ink, Ring(150, 150, 120, 120, 1.0))
    assert inner < low - 0.02
    assert outer > high + 0.02
    assert (inner + outer) / 2 == pytest.approx((low + high) / 2, abs=0.03)
    assert outer - inner < 2.2 * (high - low)


@pytest.mark.parametrize("foot", [False, True])
def test_the_middle_line_of_a_strip_runs_where_its_pixels_lie(foot: bool) -> None:
    ring = Ring(150, 140, 110, 100, 0.5)
    for cut in (ring_cut(ring, 0.6, 1.0, foot), line_cut(150, 150, 30, 200, 50)):
        map_x, map_y = np.broadcast_arrays(*cut.maps())
        x = np.array([10.0, 40.0, 90.0])
        points, headings = cut.along(x)
        rows = slice(STRIP_HEIGHT // 2 - 1, STRIP_HEIGHT // 2 + 1)
        middle = np.column_stack([m[rows][:, x.astype(int)].mean(0) for m in (map_x, map_y)])
        assert points == pytest.approx(middle, abs=0.6)
        step = cut.along(x + 1)[0] - points
        assert headings == pytest.approx(step / np.hypot(*step.T)[:, None], abs=0.12)
