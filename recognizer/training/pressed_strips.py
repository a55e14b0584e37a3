"""Strips cut from pressed strikes, exactly as the reader meets them, with what stands on each.

Where ``strips`` draws single lines in many faces, here whole dies are struck, their ink lifted and their
lettering cut
out by the very code that reads strikes, so that neighbours, rims, crossing lines and wrong directions are
as in use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognizer.geometry import Box, Points
from recognizer.imaging.unroll import STRIP_HEIGHT, Cut, Ring, level, line_cut, ring_cut
from recognizer.stages.alphabet import SPACE_CLASS, classify
from recognizer.stages.lettering import LetteringParams, frame_of
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import Design, random_design
from recognizer.training.impressions import share_printed
from recognizer.training.press import StrikeSample, press_strike
from recognizer.training.strips import Told

_PRINTED = 0.3  # share of a letter's ink that must be on the paper for it to be asked for
_WEARS = ("ordinary", "ordinary", "ordinary", "severe")


@dataclass(frozen=True, eq=False, slots=True)
class _Letters:
    """All letters of a strike on the working ink: where, how high, which way up."""

    middle: Points  # (N, 2)
    up: Points  # (N, 2) from foot to head
    classes: NDArray[np.intp]
    line: NDArray[np.intp]  # letters of one number belong to one line of the die
    word: NDArray[np.intp]  # of its line


class PressedStrips:
    """A source of strips for the reader: ``(rng, wear) -> strip, classes``."""

    def __init__(self, width: int = 256, turns: int = 6) -> None:
        self.width, self.turns = width, turns
        self._stock: list[Told] = []
        self._designs: list[Design] = []

    def __call__(self, rng: Generator, wear: float) -> Told:
        while len(self._stock) < 60:  # several strikes mixed, so that a batch is not one strike
            self._stock += self.strike(rng)
        return self._stock.pop(int(rng.integers(0, len(self._stock))))

    def strike(self, rng: Generator) -> list[Told]:
        """Strips of one new strike."""
        if len(self._designs) < 40 or rng.random() < 1 / self.turns:
            self._designs = [*self._designs[-59:], random_design(rng)]
        design = self._designs[int(rng.integers(0, len(self._designs)))]
        sample = press_strike(rng, design, 256, str(rng.choice(_WEARS)))
        return self._cut(rng, sample)

    def _cut(self, rng: Generator, sample: StrikeSample) -> list[Told]:
        box = Box.around(sample.outline())
        box = Box(
            box.x + rng.normal(0, 0.015) * box.w,
            box.y + rng.normal(0, 0.015) * box.h,
            box.w * (1 + rng.normal(0, 0.02)),
            box.h * (1 + rng.normal(0, 0.02)),
        )
        strike = lift_strike(sample.pixels, box, None)
        p = LetteringParams()
        ink, ring, scale = frame_of(strike, p)
        letters = _letters(sample, scale, strike.frame.inverse().apply([[0.0, 0.0]])[0])
        cuts = [*_ring_cuts(rng, ring, p), *_line_cuts(rng, letters)]
        out = []
        for cut in cuts:
            out += self._windows(rng, cut, ink, letters)
        return [out[i] for i in rng.permutation(len(out))[:14]]

    def _windows(self, rng: Generator, cut: Cut, ink: NDArray[np.float32], letters: _Letters) -> list[Told]:
        """Pieces of the training width out of one strip, where it is clear what they say."""
        whole = level(cut.of(ink))
        places = _placed(cut, letters)
        out = []
        starts = [0] if whole.shape[1] <= self.width else rng.integers(0, whole.shape[1] - self.width, 2)
        for start in starts:
            read = _says(places, letters, int(start), self.width)
            if read is None or (not read[0] and rng.random() < 0.8):
                continue
            piece = np.zeros((STRIP_HEIGHT, self.width), np.float32)
            part = whole[:, start : start + self.width]
            left = int(rng.integers(0, self.width - part.shape[1] + 1))
            piece[:, left : left + part.shape[1]] = part
            out.append(Told(piece, read[0], [x + left for x in read[1]]))
        return out


def _letters(sample: StrikeSample, scale: float, shift: Points) -> _Letters:
    """The letters that printed, on the ink at working size."""
    ideal = sample.ideal()
    middle, up, classes, line, word = [], [], [], [], []
    for n, legend in enumerate(sample.legends()):
        for k, (char, corners) in enumerate(zip(legend.letters, legend.boxes, strict=True)):
            found = classify(char)
            if found is None or share_printed(sample.ink, ideal, corners) <= _PRINTED:
                continue
            middle.append(corners.mean(0))
            up.append((corners[0] + corners[1] - corners[2] - corners[3]) / 2)
            classes.append(found)
            line.append(n)
            word.append(legend.text[: _nth(legend.text, k)].count(" "))
    where = np.array(middle, np.float64).reshape(-1, 2) + shift
    return _Letters(
        where * scale,
        np.array(up, np.float64).reshape(-1, 2) * scale,
        np.array(classes, np.intp),
        np.array(line, np.intp),
        np.array(word, np.intp),
    )


def _nth(text: str, k: int) -> int:
    """Where the k-th letter of a text stands, spaces not counted."""
    return [i for i, c in enumerate(text) if c != " "][k]


def _ring_cuts(rng: Generator, ring: Ring, p: LetteringParams) -> list[Cut]:
    if ring.flat:
        return []
    out = []
    for low, high in p.bands:
        shift = rng.normal(0, 0.02)
        for foot in (False, True):
            out.append(ring_cut(ring, low + shift, high + shift + rng.normal(0, 0.02), foot))
    return out


def _line_cuts(rng: Generator, letters: _Letters) -> list[Cut]:
    """A strip along each straight line of the die, cut a little wrong, now and then upside down."""
    out = []
    for n in np.unique(letters.line):
        chosen = letters.line == n
        middle, up = letters.middle[chosen], letters.up[chosen]
        tall = np.hypot(*up.T)
        heads = up / tall[:, None]
        if chosen.sum() < 1 or np.hypot(*heads.mean(0)) < 0.97 or tall.mean() < 6:
            continue
        mean = heads.mean(0)
        angle = float(np.rad2deg(np.arctan2(mean[0], -mean[1]))) + rng.normal(0, 3.0)
        if rng.random() < 0.06:
            angle += 180
        height = float(tall.mean()) / rng.uniform(0.38, 0.9)
        across = rng.normal(0, 0.07) * height
        along = rng.normal(0, 0.6) * height
        a = np.deg2rad(angle)
        x, y = middle.mean(0)
        x, y = x + along * np.cos(a) - across * np.sin(a), y + along * np.sin(a) + across * np.cos(a)
        out.append(line_cut(float(x), float(y), angle, float(rng.uniform(3.5, 8)) * height, height))
    return out


def _placed(cut: Cut, letters: _Letters) -> NDArray[np.float64]:
    """Each letter on the strip: (N, 5) x, y, height there, turn in degrees from upright, copies are rows
    apart.

    A ring strip goes round more than once, so a letter may stand on it twice; the last column is its number.
    """
    rows = []
    for i, (m, u) in enumerate(zip(letters.middle, letters.up, strict=True)):
        for x, y in cut.place(m):
            ends = cut.place(m + u / 2, near=x), cut.place(m - u / 2, near=x)
            if not ends[0] or not ends[1]:
                continue
            (hx, hy), (fx, fy) = ends[0][0], ends[1][0]
            tall = float(np.hypot(hx - fx, hy - fy))
            turn = float(np.rad2deg(np.arctan2(hx - fx, fy - hy)))
            rows.append((x, y, tall, turn, float(i)))
    return np.array(rows, np.float64).reshape(-1, 5)


def _says(
    places: NDArray[np.float64], letters: _Letters, start: int, width: int
) -> tuple[list[int], list[float]] | None:
    """The classes a window shows, left to right, and their places; None when that is in doubt."""
    x = places[:, 0] - start
    off = np.abs(places[:, 1] - STRIP_HEIGHT / 2) / STRIP_HEIGHT
    size = places[:, 2] / STRIP_HEIGHT
    upright = np.abs(places[:, 3]) < 22
    inside = (x > 3) & (x < width - 3)
    fits = (size > 0.3) & (size < 1.0) & upright & inside
    asked = fits & (off < 0.24 + 0.1 * (size < 0.5))
    doubtful = (fits & ~asked & (off < 0.42)) | (
        inside & ~upright & (np.abs(places[:, 3]) < 40) & (off < 0.3)
    )
    edge = asked & ((x < 9) | (x > width - 9))
    if doubtful.any() or edge.any():
        return None
    rows = places[asked]
    rows = rows[np.argsort(rows[:, 0])]
    out: list[int] = []
    at: list[float] = []
    last, left = -1, set()
    for i, here in zip(rows[:, 4].astype(int), (rows[:, 0] - start).tolist(), strict=True):
        line = int(letters.line[i])
        if last >= 0 and line != letters.line[last]:
            left.add(int(letters.line[last]))
        if line in left and letters.word[i] != 0:
            return None  # two lines of the die run through each other
        if last >= 0 and (line != letters.line[last] or letters.word[i] != letters.word[last]):
            out.append(SPACE_CLASS)
            at.append((at[-1] + here) / 2)
        out.append(int(letters.classes[i]))
        at.append(here)
        last = i
    return out, at
