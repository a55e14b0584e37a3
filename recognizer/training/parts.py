"""What all kinds of pieces have: stamps, strikes that tie them, hand stamps, addresses; the dies at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.geometry import Box
from recognizer.training.backdrops import Rng
from recognizer.training.dates import Moment
from recognizer.training.designs import Design, random_design, random_wheels
from recognizer.training.draft import chance
from recognizer.training.scrawl import address_lines
from recognizer.training.sheet import Sheet

EUROPEAN = ("bridge_dater", "bridge_dater", "oval", "box_across", "russian_hammer", "boxed_dater")
PICTORIAL = ("pictorial", "pictorial", "free_pictorial", "angular")
BY_HAND = ("box", "straight_line", "registered_box", "ringless_text", "boxed_dater", "seal", "seal")
OLD = ("far_eastern", "bridge_dater", "box_across", "american_dial")


@dataclass(frozen=True, eq=False)
class Stock:
    """The dies at hand: new ones without end, or a fixed set so that a die comes back on other pieces."""

    designs: Sequence[Design] = ()

    def take(self, rng: Rng, families: Sequence[str]) -> Design:
        """A die of one of the families."""
        family = families[int(rng.integers(len(families)))]
        fits = [d for d in self.designs if d.family == family]
        return fits[int(rng.integers(len(fits)))] if fits else random_design(rng, family)


def lean(rng: Rng) -> float:
    return float(rng.normal(0, 5) if rng.random() < 0.8 else rng.normal(0, 40))


def stamps_in_a_row(rng: Rng, sheet: Sheet, most: int, words: str | None = None) -> list[Box]:
    """A row of stamps at the top right, now and then a block."""
    w, _ = sheet.size_mm
    count = int(rng.integers(1, most + 1))
    boxes: list[Box] = []
    x, y = w - rng.uniform(2, 8), rng.uniform(2, 8)
    same = (rng.uniform(20, 26), rng.uniform(24, 30)) if chance(rng, 0.5) else None
    if same is not None and chance(rng, 0.3):
        same = (same[1] * 1.4, same[0] * 1.05)
    for i in range(count):
        size = same or (rng.uniform(19, 38), rng.uniform(20, 32))
        x -= size[0] + rng.uniform(0, 2)
        if x < w * 0.35:
            x, y = w - size[0] - rng.uniform(3, 8), y + 32
        box = sheet.stamp(x, y + rng.normal(0, 1), words if i < 9 else None, size)
        boxes.append(box)
    return boxes


def any_wear(rng: Rng) -> str:
    return "severe" if chance(rng, 0.2) else "ordinary"


def tie(rng: Rng, sheet: Sheet, design: Design, boxes: list[Box], moment: Moment, wear: str) -> None:
    """Strike where the stamps lie, mostly half on the paper."""
    box = boxes[int(rng.integers(len(boxes)))]
    corner = rng.choice([0.0, 0.15, 0.5, 0.85, 1.0], 2)
    x, y = box.x + box.w * corner[0] + rng.normal(0, 3), box.y + box.h * corner[1] + rng.normal(0, 3)
    w, h = sheet.size_mm
    half = [d / 2 for d in design.size_mm]
    x = float(np.clip(x, half[0] * 0.85, max(w - half[0] * 0.85, half[0])))
    y = float(np.clip(y, half[1] * 0.85, max(h - half[1] * 0.85, half[1])))
    sheet.strike(design, x, y, random_wheels(rng, design, moment), wear, lean(rng))


def struck_by_hand(rng: Rng, sheet: Sheet, stock: Stock, most: int) -> None:
    """Censors' boxes, straight lines and the like, wherever there was room."""
    w, h = sheet.size_mm
    for _ in range(int(rng.integers(0, most + 1))):
        design = stock.take(rng, BY_HAND)
        x, y = rng.uniform(0.12, 0.85) * w, rng.uniform(0.3, 0.9) * h
        angle = float(rng.normal(0, 5) + rng.choice([0, 0, 0, 90, 180], p=[0.6, 0.15, 0.1, 0.1, 0.05]))
        sheet.strike(design, float(x), float(y), None, any_wear(rng), angle)


def addressed(rng: Rng, sheet: Sheet, printed: float) -> None:
    w, h = sheet.size_mm
    x, y = w * rng.uniform(0.28, 0.5), h * rng.uniform(0.48, 0.62)
    if chance(rng, printed):
        font = str(rng.choice(["typewriter", "sans", "serif", "mono"]))
        sheet.print_lines(x, y, address_lines(rng), rng.uniform(2.0, 3.2), font)
    else:
        sheet.write(x, y, w * rng.uniform(0.35, 0.55), int(rng.integers(2, 5)))
