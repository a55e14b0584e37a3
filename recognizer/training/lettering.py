"""Words set along a line, an arc or an ellipse, kerned, with every letter's place recorded.

All in millimetres of the die: x right, y down, origin at its centre, angles clockwise, 0 = top for arcs.
``height`` is the height of a capital letter. ``cut`` makes letters stand a little askew, as a hand cuts them:
(seed, amount), the same each time, or a generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.training.dates import RAISED
from recognizer.training.fonts import is_hole
from recognizer.training.glyphs import Lettered, Polygon

Cut = Sequence[float] | np.random.Generator | None


@dataclass(frozen=True, slots=True)
class Letter:
    """Where one letter stands: the centre of its capital-height box, the box's size, its turn (clockwise)."""

    char: str
    x: float
    y: float
    w: float
    h: float
    angle_deg: float


@dataclass(frozen=True, eq=False, slots=True)
class Lettering:
    """A set line of type: ``runs`` of contours to fill even-odd, one by one; ``holes`` are cleared last."""

    text: str
    height: float
    path: Points  # (N, 2) along the letters' middles, in reading order
    letters: tuple[Letter, ...]  # spaces left out
    runs: tuple[tuple[Polygon, ...], ...]
    holes: tuple[Polygon, ...] = ()

    @property
    def corners(self) -> Points:
        """(4 * letters, 2): the corners of every letter's box."""
        return letter_corners(self.letters)


def letter_corners(letters: tuple[Letter, ...]) -> Points:
    """(4 * letters, 2) corners of letter boxes, in the letters' plane."""
    if not letters:
        return np.zeros((0, 2))
    table = np.array([(o.x, o.y, o.w / 2, o.h / 2, o.angle_deg) for o in letters])
    a = np.deg2rad(table[:, 4])
    along = np.stack([np.cos(a), np.sin(a)], 1) * table[:, 2:3]
    down = np.stack([-np.sin(a), np.cos(a)], 1) * table[:, 3:4]
    middle = table[:, :2]
    left, right = middle - along, middle + along
    corners = np.stack([left - down, right - down, right + down, left + down], 1)
    return np.asarray(corners.reshape(-1, 2), np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class _Galley:
    """Letters in a row before they are bent: pen positions in mm from the row's middle."""

    chars: list[str]
    middles: NDArray[np.float64]  # centre of each letter's advance
    advances: NDArray[np.float64]
    length: float


def _compose(text: str, face: Lettered, height: float, spacing: float) -> _Galley:
    advances = np.array([face.glyph(c).advance for c in text]) * height
    kerns = np.array([0.0] + [face.kern(a, b) for a, b in pairwise(text)]) * height
    starts = (
        np.concatenate([[0.0], np.cumsum(advances)[:-1]]) + np.cumsum(kerns) + spacing * np.arange(len(text))
    )
    length = float(starts[-1] + advances[-1]) if len(text) else 0.0
    return _Galley(list(text), starts + advances / 2 - length / 2, advances, length)


def _shape(
    text: str,
    face: Lettered,
    height: float,
    row: _Galley,
    feet: Points,
    angles: NDArray[np.float64],
    slant: float,
    squeeze: float = 1.0,
    cut: Cut = None,
) -> Lettering:
    """Place each letter with the middle of its foot on ``feet``, turned by ``angles``."""
    if cut is not None:
        rng, amount = (
            (np.random.default_rng(int(cut[0])), float(cut[1])) if isinstance(cut, Sequence) else (cut, 1.0)
        )
        feet = feet + rng.normal(0, 0.018 * height * amount, feet.shape)
        angles = angles + rng.normal(0, 1.3 * amount, len(angles))
    lean = float(np.tan(np.deg2rad(slant)))
    together: list[Polygon] = []
    apart: list[tuple[Polygon, ...]] = []
    holes: list[Polygon] = []
    letters = []
    turns = np.deg2rad(angles)
    cosines, sines = np.cos(turns), np.sin(turns)
    middles = feet + np.stack([sines, -cosines], 1) * (height / 2)
    for i, char in enumerate(row.chars):
        glyph = face.glyph(char)
        if not glyph.contours:
            continue
        c, s, advance = float(cosines[i]), float(sines[i]), float(row.advances[i])
        # column vectors: squeeze and lean first, then the turn
        wide = height * squeeze
        m = np.array([[c * wide, s * wide], [-height * (lean * c + s), height * (c - lean * s)]])
        offset = feet[i] - m[0] * (advance / height / 2)
        placed = [k @ m + offset for k in glyph.contours]
        if glyph.overlapping:
            for contour in placed:
                if is_hole(contour, tuple(placed)):
                    holes.append(contour)
                else:
                    apart.append((contour,))
        else:
            together.extend(placed)
        x, y = middles[i].tolist()
        letters.append(Letter(char.translate(RAISED), x, y, advance * squeeze, height, float(angles[i])))
    runs = ((tuple(together),) if together else ()) + tuple(apart)
    return Lettering(
        text.translate(RAISED), height, np.asarray(middles, np.float64), tuple(letters), runs, tuple(holes)
    )


def set_line(
    text: str,
    face: Lettered,
    height: float,
    x: float = 0.0,
    y: float = 0.0,
    spacing: float = 0.0,
    width: float | None = None,
    slant: float = 0.0,
    angle_deg: float = 0.0,
    cut: Cut = None,
) -> Lettering:
    """A straight line centred on (x, y). ``width`` condenses (never stretches) it to fit."""
    row = _compose(text, face, height, spacing)
    squeeze = min(1.0, width / row.length) if width and row.length else 1.0
    a = np.deg2rad(angle_deg)
    along, down = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
    feet = np.array([x, y]) + row.middles[:, None] * squeeze * along + down * height / 2
    return _shape(text, face, height, row, feet, np.full(len(text), angle_deg), slant, squeeze, cut)


def set_arc(
    text: str,
    face: Lettered,
    height: float,
    rx: float,
    ry: float | None = None,
    centre_deg: float = 0.0,
    inward: bool = False,
    spacing: float = 0.0,
    span_deg: float | None = None,
    slant: float = 0.0,
    x: float = 0.0,
    y: float = 0.0,
    cut: Cut = None,
) -> Lettering:
    """A line bent along a circle of baseline radius ``rx`` (or the ellipse ``rx``, ``ry``) about (x, y).

    Letters stand on the baseline with their heads outward; ``inward`` turns them round, so that a line at the
    bottom reads from left to right. ``span_deg`` letter-spaces the line to fill that arc.
    """
    ry = rx if ry is None else ry
    angles, arc = _arc_table(rx, ry)
    row = _compose(text, face, height, spacing)
    if span_deg is not None and len(text) > 1:
        span = np.interp(span_deg, angles, arc) if rx == ry else arc[-1] * span_deg / 360
        row = _compose(text, face, height, spacing + (span - row.length) / (len(text) - 1))
    sign = -1.0 if inward else 1.0
    start = np.interp(centre_deg % 360, angles, arc)
    at = np.interp((start + sign * row.middles) % arc[-1], arc, angles)
    t = np.deg2rad(at)
    feet = np.stack([x + rx * np.sin(t), y - ry * np.cos(t)], 1)
    normal = np.rad2deg(np.arctan2(ry * np.sin(t), rx * np.cos(t)))  # of the ellipse, clockwise from up
    return _shape(text, face, height, row, feet, normal + (180 if inward else 0), slant, cut=cut)


@lru_cache(maxsize=512)
def _arc_table(rx: float, ry: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The parameter angle (degrees) and the length along an ellipse up to it."""
    degrees = np.linspace(0, 360, 721)
    t = np.deg2rad(degrees)
    steps = np.hypot(np.diff(rx * np.sin(t)), np.diff(ry * np.cos(t)))
    return degrees, np.concatenate([[0.0], np.cumsum(steps)])
