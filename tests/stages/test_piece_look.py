"""Votes of a network's cells put together: which pieces, how sure, which lies upon which."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.stages.piece_look import REACH, SIDE, STRIDE, prepared, voted

CELLS = SIDE // STRIDE


def maps_of(*pieces: tuple[list[list[float]], tuple[int, int, int, int]], spread: float = 0.02) -> np.ndarray:
    """Maps in which cells of rows a..b and columns c..d vote for corners (px of the small copy)."""
    maps = np.zeros((10, CELLS, CELLS), np.float32)
    maps[0], maps[9] = -6, np.log(spread)
    rows, columns = np.mgrid[:CELLS, :CELLS] * STRIDE + STRIDE / 2
    for corners, (a, b, c, d) in pieces:
        maps[0, a:b, c:d] = 6
        for k, (x, y) in enumerate(corners):
            maps[1 + 2 * k, a:b, c:d] = (x - columns[a:b, c:d]) / REACH
            maps[2 + 2 * k, a:b, c:d] = (y - rows[a:b, c:d]) / REACH
    return maps


SHEET = [[16, 24], [112, 20], [115, 84], [13, 88]]


def test_cells_that_agree_are_one_piece() -> None:
    (seen,) = voted(maps_of((SHEET, (3, 10, 2, 14))), (144, SIDE))
    np.testing.assert_allclose(seen.corners, SHEET, atol=0.01)
    assert seen.spread == pytest.approx(0.02, rel=0.01)
    assert seen.open == pytest.approx(7 * 12 * STRIDE**2 / 6432, rel=0.02), "share of its area that votes"


def test_corners_come_in_pixels_of_the_scan() -> None:
    (seen,) = voted(maps_of((SHEET, (3, 10, 2, 14))), (1440, 1920), (0.1, 0.1))
    np.testing.assert_allclose(seen.corners, np.array(SHEET) * 10, atol=0.1)
    assert seen.cell_px == pytest.approx((80, 80))


def test_votes_beyond_the_picture_do_not_count() -> None:
    assert voted(maps_of((SHEET, (3, 10, 2, 14))), (20, SIDE)) == []


def test_of_two_that_overlap_the_one_whose_cells_are_there_lies_above() -> None:
    below = [[8, 8], [104, 8], [104, 72], [8, 72]]
    above = [[72, 40], [168, 40], [168, 104], [72, 104]]
    maps = maps_of((below, (1, 9, 1, 13)), (above, (5, 13, 9, 21)))
    by_left = sorted(voted(maps, (144, SIDE)), key=lambda s: float(s.corners[0, 0]))
    assert len(by_left) == 2
    assert by_left[1].lies_on(by_left[0])
    assert not by_left[0].lies_on(by_left[1])
    assert by_left[0].open < by_left[1].open


def test_the_copy_is_at_the_top_left_and_marked() -> None:
    pixels = np.full((300, 600, 3), (255, 0, 51), np.uint8)
    image, scale = prepared(pixels)
    assert image.shape == (4, SIDE, SIDE)
    assert scale == pytest.approx((SIDE / 600, SIDE / 600))
    np.testing.assert_allclose(image[:, 10, 10], [1, 0, 0.2, 1], atol=1e-6)
    np.testing.assert_allclose(image[:, SIDE // 2 + 4, 10], 0)
