"""Plates go where nothing is hidden, near what they name."""

from __future__ import annotations

import numpy as np

from recognizer.geometry import Box
from recognizer.reports.plates import Plate, place_plates

PAPER = np.full((600, 900, 3), 235, np.uint8)


def gap(a: Box, b: Box) -> float:
    dx = max(b.x - (a.x + a.w), a.x - (b.x + b.w), 0)
    dy = max(b.y - (a.y + a.h), a.y - (b.y + b.h), 0)
    return float(np.hypot(dx, dy))


def test_a_plate_stands_right_beside_its_region() -> None:
    region = Box(400, 250, 120, 120)
    (place,) = place_plates(PAPER, [(region, 3.0)], [Plate(200, 50, region)])
    assert place is not None
    assert (place.w, place.h) == (200, 50)
    assert region.intersection(place) == 0
    assert gap(region, place) < 15


def test_no_plate_covers_a_strike_or_another_plate_or_leaves_the_picture() -> None:
    regions = [Box(100 + 130 * i, 200 + 60 * (i % 2), 110, 110) for i in range(6)]
    plates = [Plate(180, 48, region) for region in regions]
    places = [p for p in place_plates(PAPER, [(r, 3.0) for r in regions], plates) if p is not None]
    assert len(places) == 6
    for i, place in enumerate(places):
        assert place.clipped(900, 600) == place
        assert all(place.intersection(r) == 0 for r in regions)
        assert all(place.intersection(other) == 0 for other in places[:i])


def test_bare_paper_is_preferred_to_writing() -> None:
    written = PAPER.copy()
    written[330:600, ::4] = 20  # below the region everything is written on
    region = Box(400, 200, 120, 120)
    (place,) = place_plates(written, [(region, 3.0)], [Plate(160, 40, region)])
    assert place is not None
    assert place.y + place.h <= 330


def test_where_there_is_no_room_no_plate_is_forced_in() -> None:
    full = Box(0, 0, 900, 600)
    assert place_plates(PAPER, [(full, 3.0)], [Plate(200, 50, full)]) == [None]
    assert place_plates(PAPER, [], [Plate(1000, 50, full)]) == [None]
