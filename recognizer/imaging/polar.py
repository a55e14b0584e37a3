"""Round pictures unrolled about their centre, and likeness over every turn by Fourier transform."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.types import Gray

Floats = NDArray[np.float32]
Spectra = NDArray[np.complex64]

RADII = 56  # rows of an unrolled picture: a letter of a date stamp is about 12 high
ANGLES = 384  # columns: a letter of the rim is about 8 wide
INNER = 0.10  # of the radius; nearer the centre an angle means nothing
OUTER = 1.10


@lru_cache(maxsize=4)
def _grid(inner: float, outer: float) -> tuple[Floats, Floats]:
    radius = np.linspace(inner, outer, RADII, dtype=np.float32)[:, None]
    angle = np.arange(ANGLES, dtype=np.float32)[None] * np.float32(2 * np.pi / ANGLES)
    return radius * np.sin(angle), -radius * np.cos(angle)  # 0 at the top, clockwise


def unroll(picture: Gray, to_picture: NDArray[np.float64]) -> Gray:
    """``picture`` (H, W) uint8 unrolled to (RADII, ANGLES): rows outwards, columns clockwise from the top.

    ``to_picture`` (3, 3) maps the unit disc (centre 0, 0, rim at distance 1) to the picture's pixels.
    """
    x, y = _grid(INNER, OUTER)
    m = to_picture.astype(np.float32)
    w = m[2, 0] * x + m[2, 1] * y + m[2, 2]
    u = (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / w
    v = (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / w
    return np.asarray(cv2.remap(picture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)


def spectra(maps: Floats) -> Spectra:
    """Maps (N, C, A) of unit length over (C, A) as spectra over the angle, (N, C, A // 2 + 1)."""
    return np.asarray(np.fft.rfft(maps, axis=2), np.complex64)


def table_of(known: Spectra) -> Spectra:
    """Spectra (M, C, F) laid out for ``turned_likeness``: conjugate, (F, C, M), so that a search copies
    nothing."""
    return np.ascontiguousarray(known.transpose(2, 1, 0).conj())


def turned_likeness(asked: Spectra, known: Spectra) -> Floats:
    """Cosine of each asked map (N, C, F) with every known one (F, C, M, see ``table_of``) at every turn:
    (A, N, M).

    Entry [k, i, j]: map i turned back by k steps lies on map j, that is asked[a + k] goes with known[a].
    """
    product = np.matmul(np.ascontiguousarray(asked.transpose(2, 0, 1)), known)  # (F, N, M)
    return np.asarray(np.fft.irfft(product, 2 * (asked.shape[2] - 1), axis=0), np.float32)
