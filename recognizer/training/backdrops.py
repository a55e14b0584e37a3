"""What lies under a strike: paper with stamps, print, handwriting, an edge; kept on a shelf, cut anew.

ground, dark = cut_backdrop(rng, 224, 224)        # (224, 224, 3) RGB uint8
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from recognizer.training.designs import random_design, random_wheels
from recognizer.training.die import Plate
from recognizer.training.ink_wear import WEAR, impress
from recognizer.training.labels import random_label
from recognizer.training.paper import air_mail_edge, ink_over, paper
from recognizer.training.scrawl import PENS, address_lines, handwritten_block, printed_block
from recognizer.training.stamps import INKS, Sticker, postage_stamp
from recognizer.training.textures import grain
from recognizer.types import Rgb

Rng = np.random.Generator
SHELF = 240  # backdrops kept: 110 MB, about ten seconds to draw over a training's first minutes
_SIDE = 400


@lru_cache(maxsize=SHELF)
def backdrop(number: int) -> Rgb:
    """The backdrop with that number, (400, 400, 3) RGB uint8; always the same picture."""
    rng = np.random.default_rng(50_000 + number)
    px_per_mm = rng.uniform(5, 10)
    sheet = paper(rng, _SIDE, _SIDE, px_per_mm)
    kind = rng.random()
    if kind < 0.52:
        pass
    elif kind < 0.82:
        for _ in range(int(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15]))):
            stamp = postage_stamp(rng, px_per_mm)
            x = int(rng.uniform(-0.35, 0.9) * _SIDE)
            y = int(rng.uniform(-0.35, 0.9) * _SIDE)
            stick(sheet, stamp, x, y, shadow=px_per_mm * 0.15)
    elif kind < 0.86:
        sheet = air_mail_edge(rng, sheet, px_per_mm)
    else:
        sheet = _clutter(rng, sheet)
    if rng.random() < 0.06:
        label = random_label(rng, px_per_mm)
        x, y = rng.uniform(-0.2, 0.8, 2) * _SIDE
        stick(sheet, label, int(x), int(y), px_per_mm * 0.1, float(rng.normal(0, 6)))
    if rng.random() < 0.35:
        sheet = _inscribed(rng, sheet, px_per_mm)
    if rng.random() < 0.22:
        sheet = _struck_before(rng, sheet, px_per_mm)
    return sheet


def _inscribed(rng: Rng, sheet: Rgb, px_per_mm: float) -> Rgb:
    """Handwriting or print across the sheet."""
    cover = np.zeros(sheet.shape[:2], np.uint8)
    if rng.random() < 0.72:
        x, y = rng.uniform(-0.3, 0.5, 2) * _SIDE
        handwritten_block(rng, cover, x, y, _SIDE * 1.2, px_per_mm, int(rng.integers(1, 6)))
        return ink_over(sheet, cover, PENS[int(rng.integers(len(PENS)))])
    height = rng.uniform(1.4, 4.0)
    where = rng.uniform(0, 0.6, 2) * _SIDE / px_per_mm
    font = str(rng.choice(["sans", "serif", "typewriter", "roman"]))
    printed_block(rng, cover, where[0], where[1], px_per_mm, address_lines(rng), height, font)
    return ink_over(sheet, cover, INKS[int(rng.integers(len(INKS)))])


def _struck_before(rng: Rng, sheet: Rgb, px_per_mm: float) -> Rgb:
    """Another strike that reaches into this one, or the mirrored set-off of one from a neighbouring piece."""
    design = random_design(rng)
    wheels = random_wheels(rng, design)
    drawn = Plate(design.spec, px_per_mm, fine=3).set(wheels.date, wheels.letter, wheels.number)
    cover = impress(rng, drawn.ink, px_per_mm, WEAR["ordinary"])
    if rng.random() < 0.25:
        cover = cv2.convertScaleAbs(cv2.flip(cover, 1), alpha=rng.uniform(0.08, 0.35))
    h, w = cover.shape
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 25), 1)
    turn[:, 2] += rng.uniform(-0.1, 1.1, 2) * _SIDE - (w / 2, h / 2)
    placed = np.asarray(cv2.warpAffine(cover, turn, (_SIDE, _SIDE)), np.uint8)
    return ink_over(sheet, placed, (45, 40, 48) if rng.random() < 0.8 else INKS[int(rng.integers(len(INKS)))])


def _clutter(rng: Rng, sheet: Rgb) -> Rgb:
    """The edge of the piece with the scanner's lid, an album page or a table beyond."""
    out = sheet.copy()
    a, at = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.45) * _SIDE
    y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32)
    beyond = (x - _SIDE / 2) * np.cos(a) + (y - _SIDE / 2) * np.sin(a) > at
    tone = rng.choice([8, 250, 235, 60, 120]) + rng.normal(0, 5, 3)
    out[beyond] = np.clip(tone, 0, 255).astype(np.uint8)
    return np.asarray(cv2.addWeighted(out, 1.0, grain(rng, _SIDE, _SIDE, 2, 3), 0.05, -6.4), np.uint8)


def stick(sheet: Rgb, sticker: Sticker, x: int, y: int, shadow: float = 0.0, angle_deg: float = 0.0) -> None:
    """Put a stamp or label on a sheet with its top left at (x, y), in place; what sticks out is cut off."""
    pixels, alpha = sticker.pixels, sticker.alpha
    if angle_deg:
        pixels, alpha = turned(pixels, alpha, angle_deg)
    h, w = alpha.shape
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, sheet.shape[1]), min(y + h, sheet.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    view = sheet[y0:y1, x0:x1]
    part = (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
    if shadow > 0.3:
        dark = cv2.GaussianBlur(cv2.dilate(alpha, np.ones((3, 3), np.uint8)), (0, 0), shadow)[part]
        view[:] = ink_over(view, dark, (150, 150, 150))
    share = cv2.merge([alpha[part]] * 3).astype(np.float32) / 255
    view[:] = (view * (1 - share) + pixels[part] * share + 0.5).astype(np.uint8)


def turned(pixels: Rgb, alpha: np.ndarray, angle_deg: float) -> tuple[Rgb, np.ndarray]:
    """A sticker turned clockwise, on a larger canvas."""
    h, w = alpha.shape
    m = cv2.getRotationMatrix2D((w / 2, h / 2), -angle_deg, 1)
    W = int(h * abs(m[0, 1]) + w * abs(m[0, 0])) + 2
    H = int(h * abs(m[0, 0]) + w * abs(m[0, 1])) + 2
    m[:, 2] += ((W - w) / 2, (H - h) / 2)
    return cv2.warpAffine(pixels, m, (W, H)), cv2.warpAffine(alpha, m, (W, H))


def cut_backdrop(rng: Rng, height: int, width: int) -> Rgb:
    """A piece of a random backdrop, turned, (height, width, 3) RGB uint8."""
    whole = backdrop(int(rng.integers(SHELF)))
    turn = int(rng.integers(4))
    h, w = (width, height) if turn % 2 else (height, width)
    room = rng.uniform(0.75, 1.0)
    side_h, side_w = min(int(h / room), _SIDE), min(int(w / room), _SIDE)
    y, x = int(rng.integers(0, _SIDE - side_h + 1)), int(rng.integers(0, _SIDE - side_w + 1))
    cut = whole[y : y + side_h, x : x + side_w]
    if rng.random() < 0.3 or side_h < h or side_w < w:
        cut = cv2.resize(cut, (w, h), interpolation=cv2.INTER_LINEAR)
    else:
        cut = cut[:h, :w]
    if turn:
        cut = cv2.rotate(
            cut, (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)[turn - 1]
        )
    return np.asarray(cut, np.uint8)
