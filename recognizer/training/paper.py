"""Paper: white, cream, toned, kraft, laid, coloured, with creases, stains and printed borders.

sheet = paper(rng, height, width, px_per_mm)       # (H, W, 3) RGB uint8
"""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.training.textures import grain, nearest_grain, swell
from recognizer.types import Rgb

Rng = np.random.Generator
# kind -> (red, green, blue of fresh paper, how far it varies, weight)
KINDS: dict[str, tuple[tuple[int, int, int], int, float]] = {
    "white": ((246, 245, 242), 8, 0.38),
    "cream": ((240, 228, 200), 12, 0.33),
    "toned": ((222, 198, 156), 18, 0.12),
    "kraft": ((196, 158, 112), 16, 0.03),
    "grey": ((205, 205, 206), 18, 0.08),
    "blue": ((205, 222, 232), 14, 0.035),
    "pink": ((240, 212, 204), 12, 0.01),
    "green": ((208, 226, 208), 14, 0.012),
    "lilac": ((212, 204, 216), 12, 0.01),
}


def paper(rng: Rng, height: int, width: int, px_per_mm: float, kind: str | None = None) -> Rgb:
    """A sheet (height, width, 3) RGB uint8. ``kind`` is a key of ``KINDS``."""
    names = list(KINDS)
    weights = np.array([KINDS[n][2] for n in names])
    name = kind or names[int(rng.choice(len(names), p=weights / weights.sum()))]
    colour, spread, _ = KINDS[name]
    tone = np.clip(np.array(colour) + rng.normal(0, spread / 4, 3) + rng.normal(0, spread / 1.5), 40, 255)
    strength = rng.uniform(0.015, 0.12) if name != "kraft" else rng.uniform(0.06, 0.15)
    fibres = grain(rng, height, width, nearest_grain(rng.choice([0.1, 0.2, 0.4]) * px_per_mm))
    sheet = np.empty((height, width, 3), np.uint8)
    sheet[:] = tone.astype(np.uint8)
    shade = cv2.addWeighted(fibres, strength, fibres, 0.0, 200 - 128 * strength)
    if rng.random() < 0.5:
        clouds = swell(rng, height, width, int(rng.integers(3, 9)), rng.uniform(1, 5))
        shade = np.asarray(np.clip(shade + clouds, 0, 255), np.uint8)
    if rng.random() < 0.15:
        shade = _laid(rng, shade, px_per_mm)
    if rng.random() < 0.25:
        shade = _creased(rng, shade, px_per_mm)
    sheet = cv2.multiply(sheet, cv2.merge([shade] * 3), scale=1 / 200)
    if rng.random() < 0.2 and name not in ("white", "grey"):
        sheet = _stained(rng, sheet, px_per_mm)
    return np.asarray(sheet, np.uint8)


def _laid(rng: Rng, shade: np.ndarray, px_per_mm: float) -> np.ndarray:
    """The ribs of laid paper."""
    h, w = shade.shape
    pitch = max(rng.uniform(0.7, 1.1) * px_per_mm, 3)
    wave = (np.sin(np.arange(max(h, w)) * 2 * np.pi / pitch) * rng.uniform(2, 5)).astype(np.float32)
    ribs = np.repeat(wave[:h, None], w, 1) if rng.random() < 0.5 else np.repeat(wave[None, :w], h, 0)
    return np.asarray(np.clip(shade + ribs, 0, 255), np.uint8)


def _creased(rng: Rng, shade: np.ndarray, px_per_mm: float) -> np.ndarray:
    """One or two folds: a light ridge beside a dark valley."""
    h, w = shade.shape
    y, x = np.mgrid[0:h:2, 0:w:2].astype(np.float32)  # a fold is wider than two pixels
    out = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 3))):
        a, across = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.5)
        away = ((x - w / 2) * np.cos(a) + (y - h / 2) * np.sin(a) - across * min(h, w)) / px_per_mm
        out += rng.uniform(8, 30) * (
            -np.exp(-((away / 0.25) ** 2)) + 0.6 * np.exp(-(((away - 0.4) / 0.4) ** 2))
        )
    folds = cv2.resize(np.asarray(out, np.float32), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(shade, folds, dtype=cv2.CV_8U), np.uint8)


def _stained(rng: Rng, sheet: Rgb, px_per_mm: float) -> Rgb:
    """Foxing and water marks: brown spots with soft edges."""
    h, w = sheet.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    for _ in range(int(rng.integers(1, 25))):
        centre = (int(rng.integers(w)), int(rng.integers(h)))
        cv2.circle(
            mask, centre, max(int(rng.exponential(1.2) * px_per_mm), 1), int(rng.integers(30, 160)), -1
        )
    mask = cv2.GaussianBlur(mask, (0, 0), 0.4 * px_per_mm + 0.3)
    return ink_over(sheet, mask, (165, 110, 50))


def ink_over(
    pixels: Rgb, coverage: np.ndarray, colour: tuple[float, float, float], blend: float = 1.0
) -> Rgb:
    """Multiply ink of a colour (0-255 each) into pixels (H, W, 3) under ``coverage`` (H, W) uint8."""
    darker = [(float(c) - 255) / 255 * blend for c in colour]
    factor = cv2.merge([cv2.convertScaleAbs(coverage, alpha=share, beta=255) for share in darker])
    return np.asarray(cv2.multiply(pixels, factor, scale=1 / 255), np.uint8)


def air_mail_edge(rng: Rng, sheet: Rgb, px_per_mm: float) -> Rgb:
    """Slanting red and blue bars along the edges."""
    h, w = sheet.shape[:2]
    out = sheet.copy()
    band, step = rng.uniform(2.5, 4.5) * px_per_mm, rng.uniform(6, 9) * px_per_mm
    rim = np.zeros((h, w), np.uint8)
    cv2.rectangle(rim, (0, 0), (w - 1, h - 1), 255, int(2 * band))
    colours = ((200, 40, 50), (40, 60, 150)) if rng.random() < 0.8 else ((40, 130, 70), (200, 40, 50))
    bars = np.zeros((2, h, w), np.uint8)
    for i, at in enumerate(np.arange(-h, w + h, step)):
        bar = [[at, 0], [at + step * 0.55, 0], [at + step * 0.55 - h * 0.5, h], [at - h * 0.5, h]]
        cv2.fillPoly(bars[i % 2], [np.array(bar, np.int32)], 255)
    for layer, colour in zip(bars, colours, strict=True):
        out = ink_over(out, layer & rim, colour)
    return out
