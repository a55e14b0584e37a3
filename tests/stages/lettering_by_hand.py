"""Lettering as a perfect or a doubtful reader would give it, without a strike."""

from __future__ import annotations

import numpy as np

from recognizer.imaging.unroll import Ring
from recognizer.stages.alphabet import CLASSES, classify
from recognizer.stages.lettering import Lettering, Line, Slot, Where


def slots(text: str, sure: float = 0.95, pitch: float = 12.0) -> tuple[Slot, ...]:
    """One slot a character, spaces as wider gaps; ``~`` is a place where the reader is at a loss."""
    x, out = 10.0, []
    for char in text:
        if char == " ":
            x += 0.9 * pitch
            continue
        shapes = np.full(CLASSES, (1 - sure) / CLASSES, np.float32)
        if char == "~":
            shapes[:] = 1 / CLASSES
        else:
            found = classify(char)
            assert found is not None
            shapes[found] += sure
        out.append(Slot(x, 0.98, shapes))
        x += pitch
    return tuple(out)


def line(
    text: str, where: Where = "line", offset: float = 0.0, angle_deg: float = 0.0, sure: float = 0.95
) -> Line:
    return Line(where, angle_deg, offset, np.zeros((1, CLASSES), np.float32), slots(text, sure))


def lettering(*lines: Line) -> Lettering:
    return Lettering(tuple(lines), Ring(0, 0, 100, 100, 0.3))
