"""Quick dies for the finder: dials, pictorials, boxes of words, killers, at twice their size."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from recognizer.training.line_art import random_picture
from recognizer.training.places import boxed_lines, pick, straight_lines
from recognizer.training.sketch_ink import (
    FACES,
    Mask,
    Rng,
    art_mask,
    chance,
    date_text,
    lay,
    text_mask,
    words,
)


def _line(rng: Rng, d: float) -> int:
    """A stroke's width for a die ``d`` px across: 1 to 2.5 %, seldom up to 4 %."""
    return max(round(d * rng.uniform(0.008, 0.04 if chance(rng, 0.2) else 0.025)), 1)


def dial(rng: Rng, d: int, dated: bool = True) -> Mask:
    """A round die ``d`` px across: ring or rings, legends along the rim, date, bridge or picture inside."""
    radius = d / 2
    canvas = np.zeros((d, d), np.float32)
    rings = int(rng.choice([0, 1, 2, 3], p=[0.12, 0.46, 0.36, 0.06])) if dated else int(rng.choice([0, 1, 2]))
    line = _line(rng, d)
    inner = rng.uniform(0.5, 0.68)
    for ring in range(rings):
        r = radius - line if ring == 0 else radius * (inner if ring == 1 else inner * 0.94)
        cv2.circle(
            canvas,
            (d // 2, d // 2),
            max(int(r), 1),
            1.0,
            line if ring == 0 else max(line - 1, 1),
            cv2.LINE_AA,
        )
    _rim(rng, canvas, radius, 0.93 if rings else 0.98, inner if rings > 1 else rng.uniform(0.6, 0.75))
    _middle(rng, canvas, radius, inner * 0.92 if rings > 1 else inner, dated, line)
    return canvas


def _rim(rng: Rng, canvas: Mask, radius: float, outer: float, inner: float) -> None:
    """Legends along the rim between two radii (shares of the radius), drawn on a strip that is bent round."""
    depth = max(int(radius), 8)
    strip = np.zeros((depth, int(2 * np.pi * 0.8 * radius)), np.float32)
    wide = strip.shape[1]
    middle, height = depth * (1 - (outer + inner) / 2), depth * (outer - inner) * rng.uniform(0.5, 0.72)
    top = text_mask(rng, words(rng), height, width=wide * rng.uniform(0.4, 0.62))
    lay(strip, top, wide / 2, middle)
    kind = rng.random()
    if kind < 0.4:
        foot = text_mask(rng, words(rng), height, width=wide * 0.36)[::-1, ::-1]
        strip = np.roll(strip, wide // 2, 1)
        lay(strip, foot, wide / 2, middle)
        strip = np.roll(strip, wide // 2, 1)
    elif kind < 0.65:
        strip = np.roll(strip, wide // 2, 1)
        lay(
            strip,
            text_mask(rng, pick(rng, ("*", "* * *", "★", "•", "1", "a", "б", "+")), height),
            wide / 2,
            middle,
        )
        strip = np.roll(strip, wide // 2, 1)
    y, x = np.mgrid[0 : canvas.shape[0], 0 : canvas.shape[1]].astype(np.float32)
    u, v = x - radius, y - radius
    across = (np.arctan2(u, -v) / (2 * np.pi) + 0.5) * wide
    down = depth - np.hypot(u, v) / radius * depth
    bent = cv2.remap(strip, across.astype(np.float32), down, cv2.INTER_LINEAR)
    np.maximum(canvas, bent, out=canvas)


def _middle(rng: Rng, canvas: Mask, radius: float, inner: float, dated: bool, line: int) -> None:
    """The inside of a dial: a date in one to four lines, a bridge with or without comb, or a picture."""
    c, room = radius, radius * inner
    style = rng.random() if dated else rng.choice([0.95, 0.3])
    if style < 0.45:
        lines = [
            date_text(rng),
            *(
                pick(rng, ("5 PM", "11 30 AM", "1945", "IOWA", "2008", "-8", "б"))
                for _ in range(int(rng.integers(0, 3)))
            ),
        ]
        height = room * rng.uniform(0.3, 0.42) * (1 if len(lines) < 3 else 0.8)
        for i, text in enumerate(lines):
            lay(
                canvas,
                text_mask(rng, text, height, width=1.6 * room),
                c,
                c + (i - (len(lines) - 1) / 2) * height * 1.45,
            )
    elif style < 0.8:
        half = room * rng.uniform(0.24, 0.36)
        full = chance(rng, 0.5)
        reach = int(np.sqrt(max((radius if full else room) ** 2 - half**2, 1)) * 0.97)
        for s in (-1, 1):
            y = int(c + s * half)
            cv2.line(canvas, (int(c - reach), y), (int(c + reach), y), 1.0, max(line - 1, 1), cv2.LINE_AA)
            if chance(rng, 0.5):
                for x in np.arange(-room * 0.85, room * 0.85, max(room * rng.uniform(0.08, 0.2), 4)):
                    tip = np.sqrt(max(room**2 - x * x, 0)) * 0.95
                    if tip > half:
                        cv2.line(canvas, (int(c + x), y), (int(c + x), int(c + s * tip)), 1.0, 1, cv2.LINE_AA)
            elif chance(rng, 0.6):
                lay(
                    canvas,
                    text_mask(rng, pick(rng, ("10-11", "1", "A", "8 N", "★", "а")), room * 0.28),
                    c,
                    c + s * (half + room * 0.3),
                )
        canvas[int(c - half) + 2 : int(c + half) - 1, int(c - reach) : int(c + reach)] *= 0 if full else 1
        lay(canvas, text_mask(rng, date_text(rng), half * 1.3, width=1.7 * room), c, c)
    else:
        side = int(room * 1.7)
        lay(
            canvas,
            art_mask(random_picture(rng), side, int(side * rng.uniform(0.6, 0.95)), max(line - 1, 1)),
            c,
            c,
        )
        if chance(rng, 0.6):
            lay(canvas, text_mask(rng, date_text(rng), room * 0.25, width=1.5 * room), c, c + room * 0.7)


def pictorial(rng: Rng, d: int) -> Mask:
    """A ringless or odd-shaped special cancel: a picture with words under, over or around it."""
    w, h = int(d * rng.uniform(0.9, 1.5)), int(d * rng.uniform(0.6, 1.0))
    canvas = np.zeros((h, w), np.float32)
    line = max(_line(rng, d) - 1, 1)
    shape = rng.random()
    frame: list[tuple[float, float]] | None = None
    if shape < 0.16:
        frame = [(0.02, 0.97), (0.5, 0.02), (0.98, 0.97)]
    elif shape < 0.28:
        frame = [(0.5, 0.02), (0.98, 0.5), (0.5, 0.98), (0.02, 0.5)]
    elif shape < 0.4:
        frame = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)]
    elif shape < 0.5:
        frame = [
            (0.5 + 0.48 * np.cos(a), 0.5 + 0.48 * np.sin(a)) for a in np.arange(8) * np.pi / 4 + np.pi / 8
        ]
    elif shape < 0.62:
        frame = [(0.5 + 0.48 * np.cos(a), 0.5 + 0.48 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)]
    inset = 0.72 if frame is None else 0.5
    lay(
        canvas,
        art_mask(random_picture(rng), int(w * inset), int(h * inset), line),
        w / 2,
        h * rng.uniform(0.42, 0.55),
    )
    size = h * rng.uniform(0.08, 0.13)
    lay(canvas, text_mask(rng, words(rng), size, width=w * inset * 1.2), w / 2, h * 0.87)
    if chance(rng, 0.6):
        lay(
            canvas,
            text_mask(rng, date_text(rng), size, width=w * inset),
            w / 2,
            h * (0.12 if frame is None else 0.3),
        )
    if frame is not None:
        for by in (1.0, 0.9)[: 1 + int(chance(rng, 0.35))]:
            points = (np.array(frame) - 0.5) * by + 0.5
            cv2.polylines(
                canvas, [np.asarray(points * (w, h) * 16, np.int32)], True, 1.0, line + 1, cv2.LINE_AA, 4
            )
    return canvas


def box_stamp(rng: Rng, w: int, lines: Sequence[str] | None = None) -> Mask:
    """A framed or frameless block of words: registered boxes, censor, postage due, slogans."""
    lines = lines or _phrases(rng)
    height = w * rng.uniform(0.07, 0.16) if len(lines) > 1 else w * rng.uniform(0.05, 0.12)
    gap, pad = height * rng.uniform(1.3, 1.8), height * rng.uniform(0.5, 1.3)
    h = int(gap * (len(lines) - 1) + height + 2 * pad)
    canvas = np.zeros((h, w), np.float32)
    face = FACES[int(rng.integers(len(FACES)))]
    for i, text in enumerate(lines):
        lay(canvas, text_mask(rng, text, height, face, w - 2.2 * pad), w / 2, pad + height / 2 + i * gap)
    if chance(rng, 0.72 if len(lines) > 1 else 0.4):
        thick = max(round(height * rng.uniform(0.06, 0.2)), 1)
        for inset in (thick // 2 + 1, thick // 2 + 1 + max(round(height * 0.3), 2))[
            : 1 + int(chance(rng, 0.25))
        ]:
            cv2.rectangle(canvas, (inset, inset), (w - 1 - inset, h - 1 - inset), 1.0, thick)
        if chance(rng, 0.3):
            cv2.ellipse(
                canvas, (w // 2, h // 2), (int(w * 0.3), int(h * 0.28)), 0, 0, 360, 1.0, thick, cv2.LINE_AA
            )
    return canvas


def examiner(rng: Rng, w: int) -> Mask:
    """A frame with words over and under a number in an oval or a box of its own: censors, customs."""
    h = int(w * rng.uniform(0.4, 0.8))
    canvas = np.zeros((h, w), np.float32)
    thick = max(round(w * rng.uniform(0.006, 0.02)), 1)
    frame = rng.random()
    if frame < 0.7:
        cv2.rectangle(canvas, (thick, thick), (w - 1 - thick, h - 1 - thick), 1.0, thick)
        if chance(rng, 0.25):
            inset = thick * 4
            cv2.rectangle(canvas, (inset, inset), (w - 1 - inset, h - 1 - inset), 1.0, thick)
    elif frame < 0.9:
        cv2.ellipse(
            canvas, (w // 2, h // 2), (w // 2 - thick, h // 2 - thick), 0, 0, 360, 1.0, thick, cv2.LINE_AA
        )
    size, face = h * rng.uniform(0.1, 0.17), FACES[int(rng.integers(len(FACES)))]
    over, under = (_phrases(rng)[0] for _ in range(2))
    for text, at in ((over, 0.16), (under, 0.84)):
        lay(canvas, text_mask(rng, text, size, face, w * 0.62), w / 2, h * at)
    axes = (max(int(w * rng.uniform(0.16, 0.28)), 2), max(int(h * rng.uniform(0.13, 0.2)), 2))
    if chance(rng, 0.6):
        cv2.ellipse(canvas, (w // 2, h // 2), axes, 0, 0, 360, 1.0, thick, cv2.LINE_AA)
    elif chance(rng, 0.5):
        cv2.rectangle(
            canvas, (w // 2 - axes[0], h // 2 - axes[1]), (w // 2 + axes[0], h // 2 + axes[1]), 1.0, thick
        )
    lay(canvas, text_mask(rng, str(int(rng.integers(1, 60000))), size, face, axes[0] * 1.6), w / 2, h / 2)
    if chance(rng, 0.5):
        for text, x in zip(pick(rng, ("US", "RB", "OK", "12")), (0.11, 0.89), strict=True):
            lay(canvas, text_mask(rng, text, size * 1.1, face), w * x, h / 2)
    return canvas


def numbering(rng: Rng, height: float) -> Mask:
    """Bare figures of a numbering machine, ``height`` px high, wide apart and mostly heavy."""
    figures = "".join(str(n) for n in rng.integers(0, 10, int(rng.integers(3, 7))))
    text = (" " if chance(rng, 0.4) else "").join(figures)
    bold = ("DejaVuSans-Bold.ttf", "DejaVuSerif-Bold.ttf")
    face = bold[int(rng.integers(2))] if chance(rng, 0.7) else FACES[int(rng.integers(len(FACES)))]
    mask = text_mask(rng, f"№ {text}" if chance(rng, 0.2) else text, height, face)
    wide = max(round(mask.shape[1] * rng.uniform(0.75, 1.25)), 1)
    return np.asarray(cv2.resize(mask, (wide, mask.shape[0]), interpolation=cv2.INTER_AREA), np.float32)


def _phrases(rng: Rng) -> list[str]:
    if chance(rng, 0.6):
        return pick(rng, boxed_lines() if chance(rng, 0.55) else straight_lines()).split("|")
    return [words(rng) for _ in range(int(rng.integers(1, 4)))]


def killer(rng: Rng, w: int, h: int) -> Mask:
    """Wavy or straight bars, a grid, or heavy short bars: what cancels the stamp beside a dial."""
    canvas = np.zeros((h, w), np.float32)
    count, thick = int(rng.integers(4, 9)), max(round(h * rng.uniform(0.012, 0.035)), 1)
    wavy = chance(rng, 0.7)
    x = np.arange(0, w, 3)
    swing = h * rng.uniform(0.02, 0.05) if wavy else 0.0
    phase, period = rng.uniform(0, 6), w / rng.uniform(2, 6)
    for y in np.linspace(swing + thick, h - swing - thick, count):
        curve = np.stack([x, y + swing * np.sin(x / period * 6.28 + phase)], 1)
        cv2.polylines(
            canvas,
            [np.asarray(curve * 16, np.int32)],
            False,
            1.0,
            thick if wavy else thick * 2,
            cv2.LINE_AA,
            4,
        )
    return canvas
