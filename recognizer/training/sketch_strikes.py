"""Where strikes fall on a sketched cover: dials with their killers, pictorials, boxes of words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.training.sketch import Sketch
from recognizer.training.sketch_dies import box_stamp, dial, examiner, killer, numbering, pictorial
from recognizer.training.sketch_ink import Mask, Rng, chance
from recognizer.training.sketch_parts import rgb

Spot = tuple[float, float, float, float]  # x, y, w, h of a stamp

_INKS = {
    "black": (0.1, 0.1, 0.11),
    "grey": (0.25, 0.24, 0.25),
    "violet": (0.42, 0.18, 0.55),
    "blue": (0.15, 0.25, 0.6),
    "red": (0.75, 0.15, 0.2),
    "magenta": (0.8, 0.2, 0.5),
    "green": (0.1, 0.42, 0.25),
}


def ink_colour(rng: Rng, names: tuple[str, ...], p: tuple[float, ...]) -> NDArray[np.float32]:
    c = rgb(_INKS[names[int(rng.choice(len(names), p=p))]])
    return np.asarray(np.clip(c + rng.normal(0, 0.04, 3), 0, 1), np.float32)


def strike_all(rng: Rng, s: Sketch, stamps: list[Spot]) -> None:
    w, h = s.size
    again = None  # several strikes of one die on a piece are common
    for _ in range(int(rng.choice([0, 1, 2, 3, 4, 5], p=[0.06, 0.46, 0.24, 0.13, 0.07, 0.04]))):
        d = max(
            int(2 * s.px_per_mm * rng.choice([rng.uniform(20, 30), rng.uniform(26, 42)], p=[0.7, 0.3])), 40
        )
        die = (
            again
            if again is not None and chance(rng, 0.5)
            else (pictorial(rng, d) if chance(rng, 0.22) else dial(rng, d))
        )
        again = die
        d = die.shape[1]
        colour = ink_colour(
            rng, ("black", "grey", "violet", "blue", "red", "green"), (0.6, 0.16, 0.1, 0.07, 0.06, 0.01)
        )
        angle = rng.uniform(-180, 180) if chance(rng, 0.12) else rng.normal(0, 9)
        x, y = rng.uniform(0.05, 0.95) * w, rng.uniform(0.08, 0.92) * h
        machine = False
        if stamps and chance(rng, 0.75):
            tx, ty, tw, th = stamps[int(rng.integers(len(stamps)))]
            machine = chance(rng, 0.4)
            if machine:
                x, y = tx - d / 4 - rng.uniform(0.0, 0.3) * w, ty + th * rng.uniform(0.3, 0.9)
            else:
                x, y = tx + rng.uniform(-0.5, 1.1) * tw, ty + rng.uniform(0.0, 1.4) * th
        x, y = float(np.clip(x, d * 0.2, w - d * 0.2)), float(np.clip(y, d * 0.2, h - d * 0.2))
        s.strike(rng, die, "postmark", colour, x, y, angle)
        if machine:
            _cancel(rng, s, colour, x + d / 4, y, d)
    for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.24, 0.38, 0.26, 0.12]))):
        wide = max(int(2 * s.px_per_mm * rng.uniform(25, 75)), 60)
        die = _hand_die(rng, s.px_per_mm, wide)
        colour = ink_colour(
            rng,
            ("black", "violet", "magenta", "blue", "red", "green", "grey"),
            (0.15, 0.3, 0.13, 0.14, 0.14, 0.04, 0.1),
        )
        angle = rng.choice([rng.normal(0, 4), rng.uniform(-30, 30), 90.0], p=[0.7, 0.25, 0.05])
        s.strike(
            rng, die, "handstamp", colour, rng.uniform(0.1, 0.9) * w, rng.uniform(0.1, 0.9) * h, float(angle)
        )


def _hand_die(rng: Rng, px_per_mm: float, wide: int) -> Mask:
    style = rng.random()
    if style < 0.18:
        return dial(rng, max(int(2 * px_per_mm * rng.uniform(22, 45)), 40), False)
    if style < 0.26:
        return numbering(rng, 2 * px_per_mm * rng.uniform(4, 9))
    return examiner(rng, wide) if style < 0.42 else box_stamp(rng, wide)


def _cancel(rng: Rng, s: Sketch, colour: NDArray[np.float32], left: float, y: float, d: int) -> None:
    """The right half of a machine cancel: wavy killer (of no kind) or a slogan box (a postmark)."""
    wide, high = int(d * rng.uniform(1.2, 3.2)), int(d * rng.uniform(0.7, 1.0))
    slogan = chance(rng, 0.25)
    die = box_stamp(rng, wide) if slogan else killer(rng, wide, high)
    gap = d * rng.uniform(0.02, 0.15)
    x = left + gap + die.shape[1] / 4
    if slogan:
        s.strike(rng, die, "postmark", colour, x, y, rng.normal(0, 1))
    else:
        before = s.ink.copy()
        s.strike(rng, die, None, colour, x, y, rng.normal(0, 1.5))
        s.ink = before
