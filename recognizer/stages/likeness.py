"""How alike the marks of a library look: each one's nearest neighbour, whatever way up it is struck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.types import Ink, Mark

Polar = NDArray[np.float32]  # (angles, radii), blurred ink, mean 0 over each circle, length 1 in all


@dataclass(frozen=True, slots=True)
class LikenessParams:
    angles: int = 256  # 1.4 degrees a step: a letter of the outer ring is four wide
    radii: int = 64  # a ring and its legend stay apart
    blur: float = 0.02  # of the picture's longer side: strikes differ from dies by about that
    shortlist: int = 8  # neighbours compared over every turn; the rest are ruled out by their spectra


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The mark most like another. ``distance`` is 1 minus correlation: 0 the same picture, 1 unlike."""

    mark: str
    distance: float


def nearest_neighbours(
    marks: Mapping[str, Mark], params: LikenessParams = LikenessParams()
) -> dict[str, Neighbour | None]:
    """For each mark that has a picture its nearest neighbour, by its die, else by the first strike learnt.

    Pictures are unrolled about their middles and correlated over every turn. None where there is no other.
    """
    polars = {}
    for mark_id, mark in marks.items():
        ink = _picture(mark)
        if ink is not None:
            polars[mark_id] = unrolled(ink, params)
    ids = list(polars)
    if len(ids) < 2:
        return dict.fromkeys(ids)
    spectra = np.stack([np.fft.rfft(p, axis=0).astype(np.complex64) for p in polars.values()])
    faces = np.abs(spectra).reshape(len(ids), -1)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True) + 1e-9
    found: dict[str, Neighbour | None] = {}
    for n, mark_id in enumerate(ids):
        alike = faces @ faces[n]
        alike[n] = -1
        close = np.argsort(-alike)[: min(params.shortlist, len(ids) - 1)]
        scores = [_correlation(spectra[n], spectra[m], params.angles) for m in close]
        best = int(np.argmax(scores))
        found[mark_id] = Neighbour(ids[close[best]], round(max(0.0, 1 - scores[best]), 3))
    return found


def unrolled(ink: Ink, params: LikenessParams = LikenessParams()) -> Polar:
    """Ink (H, W) about the middle of its box as angles by radii, blurred, length 1.

    The mean of each circle is taken out: a plain ring, which every dial has, tells nothing.
    """
    h, w = ink.shape
    soft = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), max(params.blur * max(h, w), 0.6))
    polar = cv2.warpPolar(
        soft,
        (params.radii, params.angles),
        ((w - 1) / 2, (h - 1) / 2),
        max(h, w) / 2,
        cv2.INTER_LINEAR | cv2.WARP_POLAR_LINEAR | cv2.WARP_FILL_OUTLIERS,
    )
    polar = (polar - polar.mean(0)) * np.sqrt(np.linspace(0.05, 1, params.radii, dtype=np.float32))
    return np.asarray(polar / (np.linalg.norm(polar) + 1e-9), np.float32)


def _correlation(a: NDArray[np.complex64], b: NDArray[np.complex64], angles: int) -> float:
    """The best correlation of two unrolled pictures over every turn, from their spectra."""
    return float(np.fft.irfft((a * np.conj(b)).sum(1), n=angles).max())


def _picture(mark: Mark) -> Ink | None:
    if mark.die is not None:
        return mark.die
    if not mark.strikes:
        return None
    strike = mark.strikes[0]
    rows, columns = strike.core.slices(strike.pixels.shape[1], strike.pixels.shape[0])
    return np.asarray(255 - strike.pixels[rows, columns].min(2))
