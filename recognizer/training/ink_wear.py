"""What becomes of a die's ink on the way to the paper: gain, pressure, gaps, mottle, slips.

    coverage = impress(rng, drawn.ink, drawn.px_per_mm, WEAR["ordinary"])     # (H, W) uint8, 255 = full ink

Lengths are in millimetres, so a die drawn finer is worn alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.textures import grain, nearest_grain, swell
from recognizer.types import Ink

Rng = np.random.Generator
Field = NDArray[np.float32]


# Mean and deviation of the logarithm of an exponent for ink layers (0-1): on real paper they are mostly paler
# than any press draws.
PALER = (0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Wear:
    """How roughly a strike is made. Ranges are drawn from evenly; chances are per strike."""

    spread_mm: tuple[float, float]  # how far ink runs at a stroke's edge
    gain: tuple[float, float]  # above 0 strokes thicken, below 0 they thin (share of the edge's run)
    pressure: tuple[float, float]  # mean pressure, 1 = an even full strike
    unevenness: float  # deviation of the pressure field
    tilt: tuple[float, float]  # how much less pressure one side gets
    gap: float  # chance of a part that did not print
    mottle: tuple[float, float]  # 0 = solid ink
    slip: float  # chance that the hammer slid
    double: float  # chance of a second, shifted impression
    film: float  # chance that the die's ground printed faintly
    clog: float  # chance of letters filled with dried ink
    faint: tuple[float, float]  # overall strength of the ink
    dry: tuple[float, float] = (1.0, 1.0)  # above 1: what is half covered prints paler still


WEAR: dict[str, Wear] = {
    "none": Wear((0.04, 0.05), (0, 0), (1.3, 1.3), 0, (0, 0), 0, (0, 0), 0, 0, 0, 0, (1, 1)),
    "ordinary": Wear(
        spread_mm=(0.04, 0.1),
        gain=(-0.4, 0.45),
        pressure=(0.85, 1.25),
        unevenness=0.18,
        tilt=(0.0, 0.35),
        gap=0.22,
        mottle=(0.0, 0.7),
        slip=0.08,
        double=0.03,
        film=0.08,
        clog=0.06,
        faint=(0.6, 1.0),
        dry=(1.0, 2.2),
    ),
    "severe": Wear(
        spread_mm=(0.05, 0.2),
        gain=(-0.5, 0.7),
        pressure=(0.5, 1.15),
        unevenness=0.3,
        tilt=(0.1, 0.9),
        gap=0.7,
        mottle=(0.2, 1.0),
        slip=0.25,
        double=0.14,
        film=0.2,
        clog=0.22,
        faint=(0.4, 1.0),
        dry=(1.0, 2.4),
    ),
}


_GRID = np.mgrid[-1:1:12j, -1:1:12j].astype(np.float32)  # the pressure field is drawn this coarse


def impress(rng: Rng, ink: Ink, px_per_mm: float, wear: Wear) -> Ink:
    """The ink that reaches the paper when a die with ``ink`` (H, W) uint8 is struck once.

    Returns coverage (H, W) uint8. The die is not changed.
    """
    h, w = ink.shape
    pressure = _pressure(rng, h, w, wear)
    spread = max(rng.uniform(*wear.spread_mm) * px_per_mm, 0.3)
    body = cv2.GaussianBlur(ink, (0, 0), spread).astype(np.float32)
    body *= 1 / 255
    gain = float(rng.uniform(*wear.gain))
    roughness = rng.uniform(*wear.mottle)
    # The edge stands where the blurred stroke passes a level that falls as the pressure rises.
    level = 0.5 - 0.35 * gain + 0.3 * (1.0 - pressure)
    if roughness:
        fibre = grain(rng, h, w, nearest_grain(0.12 * px_per_mm)).astype(np.float32)
        level += (fibre - 128) * (0.0022 * (0.3 + roughness))
    cover = (body - level) * (1 / 0.22) + 0.5
    np.clip(cover, 0, 1, out=cover)
    if roughness:
        cover *= _mottle(rng, h, w, px_per_mm, pressure, roughness)
    if rng.random() < 0.4 and wear.mottle[1]:  # ink pushed to the edges of the strokes
        cover *= 1.0 - rng.uniform(0.1, 0.45) * np.clip(body * 3 - 2, 0, 1)
    np.clip(cover, 0, 1, out=cover)
    if wear.dry[1] > 1:
        cover = cv2.pow(cover, rng.uniform(*wear.dry))
    out = np.asarray(np.clip(cover * (255 * rng.uniform(*wear.faint)), 0, 255), np.uint8)
    return _mishaps(rng, out, ink, px_per_mm, wear)


def _pressure(rng: Rng, h: int, w: int, wear: Wear) -> Field:
    """The pressure field (h, w): mean, a tilt, soft unevenness, places where nothing touched."""
    knots, (y, x) = len(_GRID[0]), _GRID
    a, tilt = rng.uniform(0, 2 * np.pi), rng.uniform(*wear.tilt)
    field = np.full((knots, knots), rng.uniform(*wear.pressure), np.float32)
    field -= tilt * np.clip(x * np.cos(a) + y * np.sin(a), -0.3, 1.2)
    if wear.unevenness:
        field += swell(rng, knots, knots, 5, wear.unevenness)
    if rng.random() < wear.gap:
        for _ in range(int(rng.integers(1, 4))):
            b, reach, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 1.0), rng.uniform(0.12, 0.5)
            away = (x - reach * np.cos(b)) ** 2 + (y - reach * np.sin(b)) ** 2
            field -= rng.uniform(0.5, 2.2) * np.exp(-away / (2 * size**2))
    return np.asarray(cv2.resize(field, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)


def _mottle(rng: Rng, h: int, w: int, px_per_mm: float, pressure: Field, roughness: float) -> Field:
    """How much of the ink stays, pixel by pixel: patchy where the pressure is low."""
    coarse = nearest_grain((0.3, 0.6, 1.5)[int(rng.integers(3))] * px_per_mm)
    fine = nearest_grain(0.12 * px_per_mm)  # the dry, grainy look of paper that took ink only on its fibres
    share = rng.uniform(0.2, 0.9)
    mixed = cv2.addWeighted(
        grain(rng, h, w, coarse),
        share,
        grain(rng, h, w, fine),
        1.1 - share,
        128 * (1 - share - (1.1 - share)),
    )
    patch = mixed.astype(np.float32)
    patch -= 128
    patch *= roughness / 55
    patch += pressure
    patch += 0.15 - 0.25 * roughness
    patch *= 1.6
    return np.asarray(np.clip(patch, 0, 1, out=patch), np.float32)


def _mishaps(rng: Rng, cover: Ink, ink: Ink, px_per_mm: float, wear: Wear) -> Ink:
    """Slips, second impressions, filled letters, a printed ground."""
    slip, double, film, clog = rng.random(4)
    if slip < wear.slip:
        cover = _slid(rng, cover, px_per_mm)
    if double < wear.double:
        h, w = cover.shape
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 2.5), 1)
        turn[:, 2] += rng.normal(0, 0.9 * px_per_mm, 2)
        again = cv2.warpAffine(cover, turn, (w, h))
        cover = np.maximum(cover, cv2.convertScaleAbs(again, alpha=rng.uniform(0.25, 0.9)))
    if clog < wear.clog:
        cover = np.maximum(cover, _clogged(rng, ink, px_per_mm))
    if film < wear.film:
        reach = cv2.GaussianBlur(cv2.dilate(ink, np.ones((5, 5), np.uint8)), (0, 0), 0.9 * px_per_mm)
        rough = grain(rng, cover.shape[0], cover.shape[1], nearest_grain(0.5 * px_per_mm))
        shade = cv2.multiply(reach, rough, scale=rng.uniform(0.1, 0.5) / 128)
        cover = np.maximum(cover, shade)
    return np.asarray(cover, np.uint8)


def _slid(rng: Rng, cover: Ink, px_per_mm: float) -> Ink:
    """The hammer slid a little while it touched."""
    length = max(int(rng.uniform(0.2, 0.9) * px_per_mm), 2)
    a = rng.uniform(0, np.pi)
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    tip = (round(length + length * np.cos(a)), round(length + length * np.sin(a)))
    cv2.line(kernel, (length, length), tip, 1.0, 1)
    trail = cv2.filter2D(cover, -1, kernel / kernel.sum())
    left = cv2.convertScaleAbs(cover, alpha=rng.uniform(0.3, 0.8))
    return np.asarray(np.maximum(cv2.convertScaleAbs(trail, alpha=1.25), left), np.uint8)


def _clogged(rng: Rng, ink: Ink, px_per_mm: float) -> Ink:
    """Dried ink in a part of the die: counters and gaps print solid there."""
    h, w = ink.shape
    side = 2 * int(rng.uniform(0.3, 0.7) * px_per_mm) + 1
    full = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    where = np.zeros_like(ink)
    centre = (int(rng.uniform(0.2, 0.8) * w), int(rng.uniform(0.2, 0.8) * h))
    cv2.circle(where, centre, int(rng.uniform(0.1, 0.3) * w), 255, -1)
    where = cv2.GaussianBlur(where, (0, 0), 0.8 * px_per_mm)
    return np.asarray(cv2.multiply(full, where, scale=rng.uniform(0.6, 0.95) / 255), np.uint8)
