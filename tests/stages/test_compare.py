from __future__ import annotations

import cv2
import numpy as np

from recognizer.geometry import Homography
from recognizer.stages.compare import LAID_PX, PICTURE_PX, face_of, laid_on, same_die


def dotted() -> np.ndarray:
    picture = np.zeros((PICTURE_PX, PICTURE_PX), np.uint8)
    for x, y in np.random.default_rng(2).integers(30, 114, (12, 2)).tolist():
        cv2.circle(picture, (x, y), 4, 255, -1)
    return picture


def test_a_turned_strike_is_laid_back_on_its_reference() -> None:
    reference = dotted()
    middle = (PICTURE_PX - 1) / 2
    about = Homography.shift(-middle, -middle).then(Homography.similarity(0.95, 40, 2, -1))
    turned = about.then(Homography.shift(middle, middle))
    strike = cv2.warpPerspective(reference, turned.matrix, (PICTURE_PX, PICTURE_PX))
    laid = laid_on(strike, turned.inverse())
    assert laid.shape == (LAID_PX, LAID_PX)
    assert np.corrcoef(laid.ravel(), face_of(reference).ravel())[0, 1] > 0.9


def test_the_comparer_is_asked_once_for_all_pairs() -> None:
    asked: list[int] = []

    def comparer(a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
        asked.append(len(a))
        assert a.max() <= 1
        return [(a * b).sum((1, 2, 3)).astype(np.float32)]

    face = face_of(dotted())
    odds = same_die([face, 0 * face], [face, face], comparer)
    assert asked == [2]
    assert odds[0] > odds[1] == 0
