"""A strike against references by the learned matcher: which are alike, and at which turn.

It sees a strike unrolled about its centre, against all of a library. Boxes are a little off, so a strike is
unrolled about several centres and at several sizes, and the best counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.imaging.polar import Spectra, spectra, table_of, turned_likeness, unroll
from recognizer.types import Gray

Network = Callable[..., list[NDArray[np.float32]]]

PICTURE_PX = 176  # side of the pictures unrolled: letters of a date stamp are about 14 pixels high
MANY = 1500  # references beyond which only the best by one view are looked at by all views
FOREMOST = 200

# Centre off by that part of the radius, and size: what boxes are off by.
VIEWS = (
    (0.0, 0.0, 1.0), (0.06, 0.0, 1.0), (-0.06, 0.0, 1.0), (0.0, 0.06, 1.0), (0.0, -0.06, 1.0),
    (0.0, 0.0, 0.93), (0.0, 0.0, 1.07),
)  # fmt: skip


def shrink(picture: Gray) -> tuple[Gray, Homography]:
    """A portrait's picture brought to ``PICTURE_PX``, and the map of its pixels to the small ones."""
    n = picture.shape[0]
    small = cv2.resize(picture, (PICTURE_PX, PICTURE_PX), interpolation=cv2.INTER_AREA)
    f = PICTURE_PX / n
    return np.asarray(small, np.uint8), Homography(
        np.array([[f, 0, (f - 1) / 2], [0, f, (f - 1) / 2], [0, 0, 1.0]])
    )


def views(picture: Gray, half: float, matcher: Network, several: bool) -> Spectra:
    """The matcher's spectra of a small picture, (V, C, F); ``half``: half its strike's longer side there."""
    middle = (PICTURE_PX - 1) / 2
    unrolled = [
        unroll(
            picture, np.array([[half * s, 0, middle + half * x], [0, half * s, middle + half * y], [0, 0, 1]])
        )
        for x, y, s in (VIEWS if several else VIEWS[:1])
    ]
    return spectra(matcher(np.stack(unrolled)[:, None].astype(np.float32) / 255)[0])


def compare(asked: Spectra, known: Spectra) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of each of M references (F, C, M) the best cosine with the views asked (V, C, F), and its turn in
    degrees: (M,) each.

    The turn is how far the strike is turned clockwise from the reference.
    """
    if known.shape[2] > MANY:
        cosine, turn = _best(asked[:1], known)
        foremost = np.argpartition(-cosine, FOREMOST)[:FOREMOST]
        cosine[foremost], turn[foremost] = _best(asked, np.ascontiguousarray(known[:, :, foremost]))
        return cosine, turn
    return _best(asked, known)


def _best(asked: Spectra, known: Spectra) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    alike = turned_likeness(asked, known)  # (A, V, M)
    by_turn = alike.max(1)
    turn = by_turn.argmax(0)
    cosine = by_turn[turn, np.arange(len(turn))]
    return cosine.astype(np.float32), (turn * (360 / len(alike))).astype(np.float32)


def stacked(several: Sequence[Spectra]) -> Spectra:
    """One table of the first views of many references, (F, C, M)."""
    if not several:
        return np.zeros((2, 1, 0), np.complex64)
    return table_of(np.concatenate([s[:1] for s in several]))
