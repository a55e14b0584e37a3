"""What is taken for a strike and is none: figures ringed by a pen, tide marks, scribbles, torn corners."""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.training import sketch_parts as parts
from recognizer.training.line_art import random_picture
from recognizer.training.outline import smooth
from recognizer.training.sketch import Sketch
from recognizer.training.sketch_dies import killer
from recognizer.training.sketch_ink import Mask, Rng, art_mask, chance, field, lay, text_mask, words

PENS = ((0.12, 0.12, 0.16), (0.12, 0.2, 0.5), (0.2, 0.1, 0.1), (0.4, 0.4, 0.42), (0.7, 0.15, 0.15))


def distract(rng: Rng, s: Sketch, stamps: list[tuple[float, float, float, float]]) -> None:
    """Put some such things on a cover; none of them is a region."""
    w, h = s.size
    if chance(rng, 0.2):
        _tide_mark(rng, s)
    for _ in range(int(rng.choice([0, 1, 2], p=[0.72, 0.2, 0.08]))):
        size = int(s.px_per_mm * rng.uniform(7, 26))
        ring = _pen_ring(rng, max(size, 12))
        s.press(ring, _pen(rng), rng.uniform(0.05, 0.95) * w, rng.uniform(0.05, 0.95) * h, False)
    if stamps and chance(rng, 0.12):
        x, y, tw, th = stamps[int(rng.integers(len(stamps)))]
        bars = killer(rng, int(tw * rng.uniform(2, 5)), int(th * rng.uniform(1.2, 1.9)))
        small = np.asarray(cv2.resize(bars, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
        s.press(small * rng.uniform(0.5, 1), parts.rgb([0.1, 0.1, 0.11]), x + tw / 2, y + th / 2, False)
        if chance(rng, 0.5):
            scrawled = parts.scrawl(rng, max(int(tw * 2), 30), max(int(th), 14))
            s.press(
                scrawled * rng.uniform(0.4, 1), _pen(rng), x - tw * rng.uniform(0, 1.5), y + th / 2, False
            )
    if chance(rng, 0.08):
        side = int(s.px_per_mm * rng.uniform(12, 40))
        doodle = art_mask(random_picture(rng), max(side, 12), max(side, 12), int(rng.integers(1, 3)))
        s.press(doodle, _pen(rng), rng.uniform(0.05, 0.95) * w, rng.uniform(0.05, 0.95) * h, False)
    if chance(rng, 0.1):
        _torn_corner(rng, s)


def _pen(rng: Rng) -> parts.Picture:
    return parts.rgb(PENS[int(rng.integers(len(PENS)))])


def _pen_ring(rng: Rng, size: int) -> Mask:
    """A figure or two with a line drawn round by hand."""
    canvas = np.zeros((size, size), np.float32)
    turn = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.2), 14) + rng.uniform(0, 6.28)
    reach = size * 0.45 * (1 + rng.normal(0, 0.06, turn.size))
    points = np.stack(
        [size / 2 + reach * np.cos(turn), size / 2 + reach * np.sin(turn) * rng.uniform(0.6, 1)], 1
    )
    line = np.zeros((size, size), np.uint8)
    thick = max(round(size * rng.uniform(0.02, 0.06)), 1)
    cv2.polylines(line, [np.asarray(smooth(points) * 16, np.int32)], False, 255, thick, cv2.LINE_AA, 4)
    canvas += line.astype(np.float32) / np.float32(255)
    if chance(rng, 0.8):
        text = str(int(rng.integers(1, 200))) if chance(rng, 0.7) else words(rng)[:3]
        lay(canvas, text_mask(rng, text, size * rng.uniform(0.25, 0.4), width=size * 0.7), size / 2, size / 2)
    return np.asarray(np.clip(canvas, 0, 1) * rng.uniform(0.4, 1), np.float32)


def _tide_mark(rng: Rng, s: Sketch) -> None:
    """A stain with a darker rim, as water and grease leave."""
    w, h = s.size
    side = int(min(w, h) * rng.uniform(0.08, 0.5))
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
    shape = (
        1
        - np.hypot(x, y * rng.uniform(0.7, 1.3))
        - 0.25
        + rng.uniform(0.02, 0.2) * field(rng, side, side, side / 4)
    )
    body = np.clip(shape * 12, 0, 1) * rng.uniform(0, 0.5)
    rim = np.exp(-((shape / rng.uniform(0.03, 0.1)) ** 2)) * rng.uniform(0, 0.6)
    mask = np.asarray(np.clip((body + rim) * (1 + 0.3 * field(rng, side, side, 4)), 0, 0.8), np.float32)
    tint = parts.rgb([rng.uniform(0.35, 0.8), rng.uniform(0.25, 0.6), rng.uniform(0.1, 0.5)])
    s.press(mask, tint, rng.uniform(0, 1) * w, rng.uniform(0, 1) * h, False)


def _torn_corner(rng: Rng, s: Sketch) -> None:
    """A corner or an edge torn off: the ground shows, the tear is a ragged pale line."""
    w, h = s.size
    corner = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)[int(rng.integers(4))]
    reach = min(w, h) * rng.uniform(0.05, 0.25)
    inward = np.sign(np.array([w, h]) / 2 - corner)
    ends = corner + inward * np.array([[reach * rng.uniform(0.4, 2), 0], [0, reach * rng.uniform(0.4, 1.5)]])
    t = np.linspace(0, 1, 9)[:, None]
    tear = ends[0] * (1 - t) + ends[1] * t + rng.normal(0, reach * 0.05, (9, 2))
    polygon = np.asarray(np.vstack([corner, tear]) * 16, np.int32)
    level = rng.choice([rng.uniform(0.9, 1.0), rng.uniform(0, 0.15), rng.uniform(0.3, 0.9)])
    cv2.fillPoly(s.image, [polygon], (level, level, level * rng.uniform(0.85, 1)), cv2.LINE_AA, 4)
    cv2.polylines(
        s.image,
        [np.asarray(tear * 16, np.int32)],
        False,
        (0.9, 0.88, 0.84),
        int(rng.integers(1, 4)),
        cv2.LINE_AA,
        4,
    )
