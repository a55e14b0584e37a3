"""Four-sided shapes cut by a picture's frame."""

from __future__ import annotations

import numpy as np

from recognizer.imaging.quads import within_frame


def test_a_quad_within_the_frame_is_left_as_it_is() -> None:
    quad = np.array([[10, 12], [90, 8], [95, 60], [7, 66.0]])
    np.testing.assert_allclose(within_frame(quad, 100, 80), quad)


def test_sides_beyond_the_frame_are_laid_on_it() -> None:
    """A leaning sheet that hangs over the right and lower rims: two sides stay, two become the rims."""
    quad = np.array([[10, 10], [130, 22], [120, 110], [0, 98.0]])
    left, right = within_frame(quad, 100, 80)[[0, 3]], within_frame(quad, 100, 80)[[1, 2]]
    np.testing.assert_allclose(right[:, 0], 100)
    np.testing.assert_allclose([left[1, 1], right[1, 1]], 80)
    np.testing.assert_allclose(left[0], [10, 10])
    np.testing.assert_allclose(right[0], [100, 19], err_msg="on the upper side, prolonged as it runs")
