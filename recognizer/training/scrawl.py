"""Handwriting-like strokes, signatures, typed and printed addresses: what covers carry besides marks.

All draw coverage: (H, W) uint8, 255 full ink, to be multiplied into paper with ``paper.ink_over``.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.die import set_text
from recognizer.training.elements import Canvas
from recognizer.training.line_art import smooth
from recognizer.training.places import any_tongue, pick, place, tongue
from recognizer.types import Ink

Rng = np.random.Generator
PENS = ((25, 35, 110), (30, 30, 40), (20, 20, 25), (60, 50, 130), (110, 30, 40), (60, 60, 70))


def written_line(rng: Rng, length: float, height: float, legible: float = 1.0) -> list[NDArray[np.float64]]:
    """Pen paths (N, 2) of one line of joined writing from the origin on, baseline at 0."""
    paths: list[NDArray[np.float64]] = []
    x, slant = 0.0, rng.uniform(0.0, 0.6)
    while x < length:
        letters = int(rng.integers(2, 9))
        points = []
        for _ in range(letters):
            up = (
                height
                * rng.choice([0.9, 1.0, 1.1, 2.1, 2.3], p=[0.25, 0.3, 0.15, 0.2, 0.1])
                * rng.uniform(0.8, 1.1)
            )
            low = height * 0.8 if rng.random() < 0.12 else 0.0
            step = height * rng.uniform(0.45, 0.95) * legible
            points += [
                (x, 0.0),
                (x + step * 0.35, -up),
                (x + step * 0.55, -up * 0.75),
                (x + step * 0.5, low),
                (x + step, -height * 0.1),
            ]
            x += step
        p = np.array(points) + rng.normal(0, height * 0.05, (len(points), 2))
        p[:, 0] -= p[:, 1] * slant
        paths.append(smooth(p, steps=5))
        x += height * rng.uniform(0.7, 1.4)
    return paths


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
    """A signature: a tall start, a wild middle and a flourish, in place."""
    height = width * rng.uniform(0.1, 0.18)
    paths = written_line(rng, width * 0.8, height, rng.uniform(0.5, 1.2))
    big = smooth(
        np.array(
            [
                (0, 0),
                (width * 0.05, -height * 3),
                (width * 0.15, -height * 2),
                (width * 0.05, height),
                (width * 0.2, 0),
            ]
        )
    )
    tail = smooth(
        np.array(
            [
                (width * 0.7, 0),
                (width, -height),
                (width * 0.5, height),
                (width * 0.1, height * rng.uniform(0.5, 1.5)),
            ]
        )
    )
    pen(coverage, [big, tail, *paths[:2]], x, y, rng.uniform(0.3, 0.6) * px_per_mm, rng.normal(0, 8))


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
    rng: Rng, coverage: Ink, x: float, y: float, width: float, px_per_mm: float, lines: int
) -> None:
    """Some lines of writing, each a little lower and further in, in place (pixels)."""
    height = rng.uniform(1.6, 3.2) * px_per_mm
    gap, tilt, nib = height * rng.uniform(2.6, 3.8), rng.normal(0, 2.5), rng.uniform(0.12, 0.32) * px_per_mm
    for i in range(lines):
        length = width * rng.uniform(0.45, 1.0)
        pen(
            coverage,
            written_line(rng, length, height),
            x + i * rng.uniform(0, 0.08) * width,
            y + i * gap,
            nib,
            tilt,
        )


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
