"""Strike ink at full size: thin strokes where a coarse layer says that a strike lies."""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.imaging.ink import fine_ink


def test_strokes_of_the_strike_are_kept_and_writing_elsewhere_is_not() -> None:
    strike, writing = (np.zeros((400, 600), np.uint8) for _ in range(2))
    cv2.circle(strike, (160, 200), 80, 255, 4, cv2.LINE_AA)
    cv2.putText(strike, "1961", (120, 212), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 255, 3, cv2.LINE_AA)
    cv2.putText(writing, "Moscow", (330, 220), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 255, 4, cv2.LINE_AA)
    dark = np.maximum(strike, writing)[:, :, None] / np.float32(255)
    page = np.clip(240 - 200 * dark, 0, 255).astype(np.uint8).repeat(3, 2)
    coarse = cv2.resize(cv2.GaussianBlur(strike, (0, 0), 6), (120, 80), interpolation=cv2.INTER_AREA)
    ink = fine_ink(page, np.minimum(coarse * 2.0, 255).astype(np.uint8), 12.0)
    assert ink.shape == strike.shape
    assert ink[strike > 200].mean() > 120
    assert ink[writing > 200].mean() < 10
    assert ink[(strike == 0) & (writing == 0)].mean() < 10
