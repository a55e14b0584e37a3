from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Homography
from recognizer.imaging.polar import ANGLES, spectra, table_of, turned_likeness, unroll


def blob(x: float, y: float) -> np.ndarray:
    v, u = np.mgrid[0:101, 0:101]
    return (255 * np.exp(-((u - x) ** 2 + (v - y) ** 2) / 18)).astype(np.uint8)


def unit(radius: float = 45.0, turn_deg: float = 0.0) -> np.ndarray:
    return Homography.similarity(radius, turn_deg, 50, 50).matrix


@pytest.mark.parametrize(("x", "y", "angle"), [(50, 20, 0), (80, 50, 90), (50, 80, 180), (20, 50, 270)])
def test_columns_run_clockwise_from_the_top(x: float, y: float, angle: float) -> None:
    column = unroll(blob(x, y), unit()).sum(0).argmax()
    assert column * 360 / ANGLES == pytest.approx(angle, abs=4)


def test_the_turn_of_a_turned_picture_is_found() -> None:
    picture = np.maximum(blob(50, 20), blob(75, 60))
    maps = [unroll(picture, unit(turn_deg=t)).astype(np.float32) for t in (0, -90)]
    unrolled = [m / np.linalg.norm(m) for m in maps]
    known, asked = (spectra(m[None]) for m in unrolled)
    # Seen through a frame turned by -90 the picture stands 90 degrees further clockwise.
    alike = turned_likeness(asked, table_of(known))[:, 0, 0]
    assert alike.max() > 0.98
    assert alike.argmax() * 360 / ANGLES == pytest.approx(90, abs=4)
