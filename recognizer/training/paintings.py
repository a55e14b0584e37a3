"""Printed cachets in many colours: paintings and photographs, framed or cut out, of first-day covers.

They are the hardest to tell from stamps: only teeth, a value and a country's name are missing.
"""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.training.die import Plate
from recognizer.training.places import any_tongue, pick, tongue
from recognizer.training.stamps import Sticker, colourful, engraved
from recognizer.training.textures import swell
from recognizer.types import Gray

Rng = np.random.Generator


def painting(rng: Rng, px_per_mm: float) -> Sticker:
    """One to three pictures beside each other, often with words beneath."""
    size = max(int(rng.uniform(28, 70) * px_per_mm), 24), max(int(rng.uniform(30, 85) * px_per_mm), 24)
    pixels, alpha = np.full((*size, 3), 255, np.uint8), np.zeros(size, np.uint8)
    worded = rng.random() < 0.6
    room = size[0] - (int(5 * px_per_mm) if worded else 0)
    for left, right in _columns(rng, size[1]):
        top, bottom = _within(rng, room)
        part, cover = pixels[top:bottom, left:right], alpha[top:bottom, left:right]
        coloured = rng.random() < 0.8
        part[:] = colourful(rng, *cover.shape) if coloured else engraved(rng, part, px_per_mm)
        cover[:] = _outline(rng, *cover.shape)
    if worded:
        _caption(rng, pixels, alpha, room, px_per_mm)
    x, y, w, h = cv2.boundingRect(np.where(alpha > 60, 255, 0).astype(np.uint8))
    return Sticker(pixels[y : y + h, x : x + w], alpha[y : y + h, x : x + w])


def _columns(rng: Rng, width: int) -> list[tuple[int, int]]:
    """Where one to three pictures stand from left to right."""
    count = (1, 1, 1, 2, 3)[int(rng.integers(5))]
    edges = np.linspace(0, width, count + 1) + np.append(0, rng.normal(0, 0.05 * width, count))
    edges = np.clip(edges, 0, width).astype(int)
    edges[-1] = width
    return [(a, b) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True) if b - a >= 12]


def _within(rng: Rng, height: int) -> tuple[int, int]:
    tall = int(height * rng.uniform(0.7, 1.0))
    top = int(rng.integers(0, height - tall + 1))
    return top, top + max(tall, 12)


def _outline(rng: Rng, h: int, w: int) -> Gray:
    """A rectangle, an oval, a vignette fading into the paper, or a figure cut out."""
    shape = int(rng.choice(4, p=[0.25, 0.15, 0.25, 0.35]))
    if shape == 0:
        return np.full((h, w), 255, np.uint8)
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    out = np.hypot(x, y)
    if shape == 1:
        return np.where(out < 1, 255, 0).astype(np.uint8)
    rough = swell(rng, h, w, 6, 0.16 if shape == 2 else 0.3)
    fade = 2.5 if shape == 2 else 14.0
    return np.asarray(np.clip((0.85 - out + rough) * fade, 0, 1) * 255, np.uint8)


def _caption(rng: Rng, pixels: np.ndarray, alpha: Gray, top: int, px_per_mm: float) -> None:
    """Words under the pictures, in one ink."""
    h, w = alpha.shape
    size_mm = (w / px_per_mm, (h - top) / px_per_mm)
    words = pick(rng, tongue(any_tongue(rng)).words)
    text = {"kind": "text", "text": words, "height": rng.uniform(1.6, 2.6), "width": size_mm[0] * 0.95}
    ink = cv2.resize(Plate({"size_mm": size_mm, "element": [text]}, px_per_mm).set().ink, (w, h - top))
    pixels[top:] = rng.integers(20, 120, 3).astype(np.uint8)
    alpha[top:] = ink
    cv2.multiply(alpha[top:], 1.0, alpha[top:], 0.9)
