"""What lies round pieces: scanner beds, tables, album pages with rings and pockets. (H, W, 3) RGB uint8."""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.training.textures import grain
from recognizer.types import Rgb

Rng = np.random.Generator


def _flat(rng: Rng, height: int, width: int, colour: tuple[int, int, int], size: int, strength: float) -> Rgb:
    out = np.empty((height, width, 3), np.uint8)
    out[:] = np.clip(np.array(colour) + rng.normal(0, 4, 3), 0, 255).astype(np.uint8)
    noise = cv2.merge([grain(rng, height, width, size)] * 3)
    return np.asarray(cv2.addWeighted(out, 1.0, noise, strength, -128 * strength), np.uint8)


def bed(rng: Rng, height: int, width: int) -> Rgb:
    """The lid of a scanner: white, black or grey."""
    colour = ((252, 252, 252), (10, 10, 12), (205, 205, 208), (60, 60, 62))[
        int(rng.choice(4, p=[0.5, 0.3, 0.15, 0.05]))
    ]
    return _flat(rng, height, width, colour, 2, 0.04)


def table(rng: Rng, height: int, width: int) -> Rgb:
    """Wood, cloth or a dark desk."""
    colour = ((120, 82, 52), (70, 70, 74), (200, 196, 188), (40, 60, 90), (165, 130, 90))[
        int(rng.integers(5))
    ]
    out = _flat(rng, height, width, colour, (2, 4)[int(rng.integers(2))], rng.uniform(0.04, 0.16))
    if colour[0] > colour[2] + 30:  # the grain of wood
        streaks = cv2.resize(
            grain(rng, height, max(width // 32, 8), 1), (width, height), interpolation=cv2.INTER_CUBIC
        )
        out = cv2.addWeighted(out, 1.0, cv2.merge([streaks] * 3), 0.25, -32)
    if rng.random() < 0.5:
        _strewn(rng, out)
    return np.asarray(out, np.uint8)


def _strewn(rng: Rng, out: Rgb) -> None:
    """Corners of other things that lie about: papers, pages, dark boards."""
    height, width = out.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        a, size = rng.uniform(-0.4, 0.4), np.array([width, height]) * rng.uniform(0.2, 0.6, 2)
        turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        middle = (
            (rng.choice([0.0, 1.0]) * width, rng.random() * height)
            if rng.random() < 0.5
            else (rng.random() * width, rng.choice([0.0, 1.0]) * height)
        )
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2 @ turn + middle
        tone = rng.choice([30, 120, 200, 235, 250]) + rng.normal(0, 6, 3)
        cv2.fillConvexPoly(out, corners.astype(np.int32), np.clip(tone, 0, 255).tolist(), cv2.LINE_AA)


def album_page(rng: Rng, height: int, width: int, columns: int, rows: int) -> Rgb:
    """A stock page: black or pale, pockets with bright edges, rings of a binder at a side."""
    dark = rng.random() < 0.5
    colour = (
        (28, 28, 30) if dark else ((238, 234, 222), (222, 222, 224), (250, 250, 248))[int(rng.integers(3))]
    )
    out = _flat(rng, height, width, colour, 4, 0.08)
    edge = (90, 90, 95) if dark else (190, 190, 190)
    if rng.random() < 0.6:  # pockets
        for row in range(rows + 1):
            y = int(row * height / rows)
            cv2.line(out, (0, y), (width, y), edge, int(rng.integers(1, 5)), cv2.LINE_AA)
        for column in range(1, columns):
            x = int(column * width / columns)
            cv2.line(out, (x, 0), (x, height), edge, int(rng.integers(1, 5)), cv2.LINE_AA)
    dice = rng.random()
    if dice < 0.4:
        _rings(rng, out)
    elif dice < 0.6 and columns > 1:
        _binder(rng, out)
    return out


def _binder(rng: Rng, out: Rgb) -> None:
    """The mechanism of an open ring binder down the middle: a dark gap, a metal bar, rings across it."""
    height, width = out.shape[:2]
    x, half = width // 2, max(int(width * rng.uniform(0.02, 0.035)), 4)
    metal = (196, 160, 90) if rng.random() < 0.6 else (170, 172, 178)
    out[:, x - half : x + half] = (out[:, x - half : x + half] * 0.35).astype(np.uint8)
    out[int(height * 0.05) : int(height * 0.95), x - half // 3 : x + half // 3] = metal
    for t in np.linspace(0.12, 0.88, int(rng.choice([2, 4, 4]))):
        centre = (x, int(t * height))
        cv2.ellipse(
            out, centre, (half, max(half // 3, 2)), 0, 180, 360, metal, max(half // 5, 2), cv2.LINE_AA
        )


def _rings(rng: Rng, out: Rgb) -> None:
    """Round holes and metal rings: as round as a postmark, and none."""
    height, width = out.shape[:2]
    side, middle = rng.random() < 0.7, rng.random() < 0.3
    size = max(int(min(height, width) * rng.uniform(0.012, 0.03)), 4)
    for t in np.linspace(0.15, 0.85, int(rng.choice([2, 3, 4]))):
        along = int(t * (height if side else width))
        across = int((0.5 if middle else 0.015) * (width if side else height))
        centre = (across, along) if side else (along, across)
        cv2.circle(out, centre, size, (120, 120, 122), -1, cv2.LINE_AA)
        cv2.circle(out, centre, max(size - 2, 2), (20, 20, 20), -1, cv2.LINE_AA)
        if rng.random() < 0.7:
            cv2.ellipse(
                out, centre, (size * 2, size), 0, 180, 360, (170, 170, 175), max(size // 3, 2), cv2.LINE_AA
            )
