"""A strike and a reference laid over each other: are they of one die? Asked of the learned matcher."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.types import Gray

Network = Callable[..., list[NDArray[np.float32]]]

PICTURE_PX = 144  # side of the pictures compared: letters of a date stamp are about 11 pixels high


def shrink(picture: Gray) -> tuple[Gray, Homography]:
    """A portrait's picture brought to ``PICTURE_PX``, and the map of its pixels to the small ones."""
    n = picture.shape[0]
    small = cv2.resize(picture, (PICTURE_PX, PICTURE_PX), interpolation=cv2.INTER_AREA)
    f = PICTURE_PX / n
    return np.asarray(small, np.uint8), Homography(
        np.array([[f, 0, (f - 1) / 2], [0, f, (f - 1) / 2], [0, 0, 1.0]])
    )


def alike(
    strike: Gray, references: Sequence[Gray], poses: Sequence[Homography], matcher: Network
) -> NDArray[np.float32]:
    """How surely each reference is of the strike's die: the matcher's logits, (N,).

    ``strike`` and ``references`` are small pictures (``shrink``); ``poses`` take the strike's pixels to each
    reference's.
    """
    laid = [
        cv2.warpPerspective(strike, pose.matrix, (PICTURE_PX, PICTURE_PX), flags=cv2.INTER_LINEAR)
        for pose in poses
    ]
    asked = np.stack(laid)[:, None].astype(np.float32) / 255
    known = np.stack(list(references))[:, None].astype(np.float32) / 255
    return np.asarray(matcher(asked, known)[0].reshape(-1), np.float32)
