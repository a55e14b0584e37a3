"""Handwriting-like strokes, signatures, typed and printed addresses: what covers carry besides marks.

All draw coverage: (H, W) uint8, 255 full ink, to be multiplied into paper with ``paper.ink_over``.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.curves import smooth
from recognizer.training.die import set_text
from recognizer.training.elements import Canvas
from recognizer.training.handwriting import Hand, block, random_words
from recognizer.training.places import any_tongue, pick, place, tongue
from recognizer.types import Ink

Rng = np.random.Generator
PENS = ((25, 35, 110), (30, 30, 40), (20, 20, 25), (60, 50, 130), (110, 30, 40), (60, 60, 70))


def pen(
    coverage: Ink,
    paths: list[NDArray[np.float64]],
    x: float,
    y: float,
    width_px: float,
    angle_deg: float = 0.0,
) -> None:
    """Draw pen paths at a place, in place."""
    a = np.deg2rad(angle_deg)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    lines = [np.round((p @ turn + (x, y)) * 16).astype(np.int32) for p in paths]
    cv2.polylines(coverage, lines, False, 235, max(1, round(width_px)), cv2.LINE_AA, 4)


def autograph(rng: Rng, coverage: Ink, x: float, y: float, width: float, px_per_mm: float) -> None:
    """A signature: a tall start, a name written fast, a flourish, in place."""
    height = width * rng.uniform(0.13, 0.22)
    hand = Hand(
        True, float(rng.normal(0.4, 0.2)), float(rng.uniform(0.8, 1.4)), float(rng.uniform(0.05, 0.12)), 0.2
    )
    paths = [path * height for path in hand.line(rng, random_words(rng, 1)[:10])]
    reach = max((float(p[:, 0].max()) for p in paths), default=width)
    big = np.array(
        [
            (0, 0),
            (reach * 0.05, -height * 2.2),
            (reach * 0.15, -height),
            (reach * 0.05, height),
            (reach * 0.2, 0),
        ]
    )
    tail = [
        (reach * 0.9, 0),
        (reach * 1.2, -height),
        (reach * 0.5, height),
        (reach * 0.1, height * rng.uniform(0.5, 1.5)),
    ]
    pen(
        coverage,
        [smooth(big), smooth(np.array(tail)), *paths],
        x,
        y,
        rng.uniform(0.3, 0.6) * px_per_mm,
        rng.normal(0, 8),
    )


def address_lines(rng: Rng) -> list[str]:
    """Printed or typed lines of an address."""
    name = any_tongue(rng)
    return [
        f"{pick(rng, tongue(name).heads).title()} {pick(rng, tongue(name).heads).title()}",
        f"{pick(rng, tongue(name).heads).title()} {int(rng.integers(1, 200))}",
        f"{int(rng.integers(10000, 99999))} {place(rng, name)}",
        *([pick(rng, tongue(name).countries)] if rng.random() < 0.6 else []),
    ]


def handwritten_block(
    rng: Rng,
    coverage: Ink,
    x: float,
    y: float,
    width: float,
    px_per_mm: float,
    lines: int,
    hand: Hand | None = None,
) -> None:
    """Some lines of writing, each a little lower and further in, in place (pixels)."""
    hand = hand or Hand.random(rng)
    height = rng.uniform(2.6, 6.5) * px_per_mm
    gap, tilt, nib = height * rng.uniform(1.5, 2.3), rng.normal(0, 2.0), height * rng.uniform(0.05, 0.11)
    for i, paths in enumerate(block(rng, hand, width / height, lines)):
        start = x + i * rng.uniform(0, 0.08) * width
        pen(coverage, [path * height for path in paths], start, y + i * gap, nib, tilt)


def printed_block(
    rng: Rng,
    coverage: Ink,
    x_mm: float,
    y_mm: float,
    px_per_mm: float,
    lines: list[str],
    height_mm: float,
    font: str,
) -> None:
    """Typed or printed lines with their left edge at x, in place."""
    size = (coverage.shape[1] / px_per_mm, coverage.shape[0] / px_per_mm)
    room = Canvas(size, px_per_mm, margin_mm=0.0)
    room.origin = np.array([0.0, 0.0])
    for i, words in enumerate(lines):
        setting = set_text(
            "text",
            {"text": words, "x": 0, "y": y_mm + i * height_mm * 1.9, "height": height_mm, "font": font},
        )
        shift = x_mm - (setting.letters[0].x if setting.letters else 0.0)
        moved = set_text(
            "text",
            {"text": words, "x": shift, "y": y_mm + i * height_mm * 1.9, "height": height_mm, "font": font},
        )
        if not moved.letters:
            continue
        corners = moved.corners * px_per_mm
        x0, y0 = np.maximum(np.floor(corners.min(0)).astype(int) - 2, 0)
        x1 = min(int(corners[:, 0].max()) + 3, coverage.shape[1])
        y1 = min(int(corners[:, 1].max() + height_mm * px_per_mm * 0.4) + 3, coverage.shape[0])
        if x1 <= x0 or y1 <= y0:
            continue
        patch = room.window(int(x0), int(y0), x1, y1)
        patch.letters(moved, 0.0, 255)
        view = coverage[y0:y1, x0:x1]
        np.maximum(view, patch.down(), out=view)
