"""Plates go where nothing is hidden, near what they name."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.reports.placing import BARRED, Place, Plate, place_plates

PAPER = np.full((600, 900, 3), 235, np.uint8)


def plate(region: Box, full: tuple[int, int] = (200, 50)) -> Plate:
    return Plate(region, full, (30, 24), worst_cost=0.7, farthest=200.0)


def gap(a: Box, b: Box) -> float:
    dx = max(b.x - (a.x + a.w), a.x - (b.x + b.w), 0)
    dy = max(b.y - (a.y + a.h), a.y - (b.y + b.h), 0)
    return float(np.hypot(dx, dy))


def test_a_plate_stands_right_beside_its_region() -> None:
    region = Box(400, 250, 120, 120)
    (place,) = place_plates(PAPER, [(region.corners, BARRED)], [plate(region)])
    assert not place.short
    assert (place.box.w, place.box.h) == (200, 50)
    assert region.intersection(place.box) == 0
    assert gap(region, place.box) < 20


def test_no_plate_covers_a_strike_or_another_plate_or_leaves_the_picture() -> None:
    regions = [Box(100 + 130 * i, 200 + 60 * (i % 2), 110, 110) for i in range(6)]
    places = place_plates(
        PAPER, [(r.corners, BARRED) for r in regions], [plate(r, (180, 48)) for r in regions]
    )
    assert len(places) == 6
    for i, place in enumerate(places):
        assert not place.short
        assert place.box.clipped(900, 600) == place.box
        assert all(place.box.intersection(r) == 0 for r in regions)
        assert all(place.box.intersection(other.box) == 0 for other in places[:i])


def test_the_corners_beside_a_round_strike_are_free() -> None:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = np.column_stack([450 + 290 * np.cos(angles), 300 + 290 * np.sin(angles)])
    (place,) = place_plates(
        PAPER[:, 150:750], [(circle - (150, 0), BARRED)], [plate(Box(10, 10, 580, 580), (60, 40))]
    )
    assert not place.short
    corners = place.box.corners - (300, 300)
    assert np.hypot(*corners.T).min() > 290


def test_bare_paper_is_preferred_to_writing() -> None:
    written = PAPER.copy()
    written[330:600, ::4] = 20  # below the region everything is written on
    region = Box(400, 200, 120, 120)
    (place,) = place_plates(written, [(region.corners, BARRED)], [plate(region)])
    assert place.box.y + place.box.h <= 330


def test_far_from_its_region_only_the_short_plate_is_put() -> None:
    region = Box(300, 260, 60, 60)
    crowd = [(Box(100, 60, 460, 460).corners, BARRED)]
    (place,) = place_plates(PAPER, crowd, [plate(region)])
    assert place.short
    assert Box(100, 60, 460, 460).intersection(place.box) == 0


@pytest.mark.parametrize("full", [(200, 50), (1000, 50)])
def test_where_there_is_no_room_the_short_plate_stands_in(full: tuple[int, int]) -> None:
    everything = Box(0, 0, 900, 600)
    (place,) = place_plates(PAPER, [(everything.corners, 3.0)], [plate(everything, full)])
    assert place == Place(place.box, True)
    assert (place.box.w, place.box.h) == (30, 24)
    assert place.box.clipped(900, 600) == place.box
