"""What a letter of any origin is: outlines in units of the capital height, and how far the pen moves on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Polygon = NDArray[np.float64]  # (N, 2)


@dataclass(frozen=True, eq=False, slots=True)
class Glyph:
    """A letter: its contours, and how far the pen moves on. The capital height is 1."""

    contours: tuple[Polygon, ...]
    advance: float
    overlapping: bool  # contours that cover each other: they are filled one by one, not even-odd


class Lettered(Protocol):
    """Whatever gives letters: a font's file, an engraver's hand."""

    def has(self, letter: str) -> bool: ...

    def glyph(self, letter: str) -> Glyph: ...

    def kern(self, left: str, right: str) -> float: ...
