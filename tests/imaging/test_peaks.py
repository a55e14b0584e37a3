"""Boxes come back out of the maps they were put into."""

from __future__ import annotations

import numpy as np

from recognizer.imaging.peaks import boxes_at_peaks, overlaps, seen_together, without_doubles

GROUPS = (0, 1)


def maps() -> tuple[np.ndarray, np.ndarray]:
    """Two kinds on 16 x 20 cells of 4 px: one at x 10..50, y 20..40, one of the other kind on top of it."""
    heat, sides = np.zeros((2, 16, 20), np.float32), np.zeros((8, 16, 20), np.float32)
    for kind, (x, y, w, h), score in ((0, (10, 20, 40, 20), 0.9), (1, (6, 18, 50, 26), 0.6)):
        row, column = int((y + h / 2) / 4), int((x + w / 2) / 4)
        px, py = (column + 0.5) * 4, (row + 0.5) * 4
        heat[kind, row, column] = score
        heat[kind, row, column + 1] = score / 2
        sides[4 * kind : 4 * kind + 4, row, column] = np.log(
            np.array([px - x, py - y, x + w - px, y + h - py]) / 16
        )
    return heat, sides


def test_boxes_are_read_where_the_heat_peaks() -> None:
    rows = boxes_at_peaks(*maps(), GROUPS, 4, 0.1)
    np.testing.assert_allclose(rows, [[0, 0.9, 10, 20, 40, 20], [1, 0.6, 6, 18, 50, 26]], atol=1e-3)


def test_doubles_go_but_a_stamp_under_a_postmark_stays() -> None:
    rows = np.array(
        [[0, 0.9, 10, 10, 40, 40], [0, 0.5, 12, 12, 40, 40], [1, 0.4, 10, 10, 40, 40]], np.float32
    )
    np.testing.assert_array_equal(without_doubles(rows, GROUPS), rows[[0, 2]])


def test_overlap_is_intersection_over_union() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 0, 10, 10], [50, 50, 5, 5]], np.float32)
    np.testing.assert_allclose(overlaps(boxes, boxes[0]), [1, 1 / 3, 0], atol=1e-4)


def test_what_two_views_show_counts_more_than_what_one_does() -> None:
    one = np.array([[0, 0.9, 10, 10, 40, 40], [0, 0.8, 200, 10, 40, 40]], np.float32)
    other = np.array([[1, 0.7, 10, 10, 40, 40], [0, 0.3, 14, 10, 40, 40]], np.float32)
    expected = [[0, 0.6, 11, 10, 40, 40], [0, 0.4, 200, 10, 40, 40], [1, 0.35, 10, 10, 40, 40]]
    np.testing.assert_allclose(seen_together([one, other]), expected, atol=1e-4)
    np.testing.assert_allclose(seen_together([one]), one)
    assert seen_together([one[:0], other[:0]]).shape == (0, 6)


def test_two_boxes_of_one_view_are_never_one_thing() -> None:
    close = np.array([[0, 0.9, 10, 10, 40, 40], [0, 0.8, 14, 10, 40, 40]], np.float32)
    assert len(seen_together([close, close[:1]])) == 2
