"""Strips cut from pressed strikes, exactly as the reader meets them, with what stands on each.

Where ``strips`` draws single lines in many faces, here whole dies are struck, their ink lifted and their
lettering cut
out by the very code that reads strikes, so that neighbours, rims, crossing lines and wrong directions are
as in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognizer.geometry import Box, Points
from recognizer.imaging.unroll import STRIP_HEIGHT, Cut, levelled, line_cut
from recognizer.stages.alphabet import SPACE_CLASS, classify
from recognizer.stages.lettering import LetteringParams, frame_of, places_read
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import Design, random_design, recut
from recognizer.training.draft import chance
from recognizer.training.impressions import layers_seen, legibility, strength
from recognizer.training.ink_wear import PALER
from recognizer.training.press import StrikeSample, press_strike
from recognizer.training.strips import Told
from recognizer.types import Strike

_LEGIBLE = 0.55  # likeness to what the die bears from which a letter is asked for
_FAINT = 0.08  # of full ink: paler ones are in doubt too
_GONE = 0.25  # below this nothing of it is seen; in between it is in doubt and not asked for
_WEARS = ("ordinary", "ordinary", "ordinary", "severe")
_SIZES = (96, 128, 160, 192, 224, 288)  # px of the crop: scans at 100 to 300 dpi, drawn larger to be read
_RECUT = 0.5  # share of designs that are lettered in other faces than the press's own


@dataclass(frozen=True, eq=False, slots=True)
class _Letters:
    """The letters of a strike that are seen, on the working ink: where, how high, which way up."""

    middle: Points  # (N, 2)
    up: Points  # (N, 2) from foot to head
    classes: NDArray[np.intp]
    line: NDArray[np.intp]  # letters of one number belong to one line of the die
    word: NDArray[np.intp]  # of its line
    legible: NDArray[np.bool_]  # the others are in doubt


class PressedStrips:
    """A source of strips for the reader: ``(rng, wear) -> strip, classes``."""

    def __init__(self, width: int = 256, turns: int = 6, faces: Sequence[str] = ()) -> None:
        self.width, self.turns, self.faces = width, turns, faces
        self._stock: list[Told] = []
        self._designs: list[Design] = []

    def __call__(self, rng: Generator, wear: float) -> Told:
        while len(self._stock) < 60:  # several strikes mixed, so that a batch is not one strike
            self._stock += self.strike(rng)
        return self._stock.pop(int(rng.integers(0, len(self._stock))))

    def strike(self, rng: Generator) -> list[Told]:
        """Strips of one new strike."""
        if len(self._designs) < 40 or rng.random() < 1 / self.turns:
            self._designs = [*self._designs[-59:], self._design(rng)]
        design = self._designs[int(rng.integers(0, len(self._designs)))]
        sample = press_strike(rng, design, int(rng.choice(_SIZES)), str(rng.choice(_WEARS)))
        return self._cut(rng, sample)

    def _design(self, rng: Generator) -> Design:
        design = random_design(rng)
        return recut(rng, design, self.faces) if self.faces and chance(rng, _RECUT) else design

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
        layers, ring, scale = frame_of(strike, p)
        letters = _letters(sample, strike, scale)
        layers[..., 0] **= np.float32(np.exp(rng.normal(*PALER)))
        cuts = [*(cut for *_, cut in places_read(layers[..., 0], ring, p)), *_line_cuts(rng, letters)]
        out = []
        for cut in cuts:
            out += self._windows(rng, cut, layers, letters)
        return [out[i] for i in rng.permutation(len(out))[:14]]

    def _windows(
        self, rng: Generator, cut: Cut, layers: NDArray[np.float32], letters: _Letters
    ) -> list[Told]:
        """Pieces of the training width out of one strip, where it is clear what they say."""
        whole = levelled(cut.of(layers))
        places = _placed(cut, letters)
        out = []
        starts = [0] if whole.shape[2] <= self.width else rng.integers(0, whole.shape[2] - self.width, 2)
        for start in starts:
            read = _says(places, letters, int(start), self.width)
            if read is None or (not read.classes and rng.random() < 0.9):
                continue
            piece = np.zeros((len(whole), STRIP_HEIGHT, self.width), np.float32)
            part = whole[:, :, start : start + self.width]
            left = int(rng.integers(0, self.width - part.shape[2] + 1))
            piece[:, :, left : left + part.shape[2]] = part
            doubts = tuple((a + left, b + left) for a, b in read.doubts)
            out.append(Told(piece, read.classes, [x + left for x in read.places], doubts))
        return out


def _letters(sample: StrikeSample, strike: Strike, scale: float) -> _Letters:
    """The letters that are seen, on the ink at working size."""
    to_crop, ideal = strike.frame.inverse(), sample.ideal(strike)
    layers = layers_seen(strike)
    middle, up, classes, line, word, legible = [], [], [], [], [], []
    for n, legend in enumerate(sample.legends()):
        for k, (char, printed) in enumerate(zip(legend.letters, legend.boxes, strict=True)):
            found, corners = classify(char), to_crop.apply(printed)
            alike = [legibility(layer, ideal, corners) for layer in layers]
            if found is None or max(alike) < _GONE:
                continue
            middle.append(corners.mean(0))
            up.append((corners[0] + corners[1] - corners[2] - corners[3]) / 2)
            classes.append(found)
            line.append(n)
            word.append(_word_of(legend.text, k))
            legible.append(
                any(
                    likeness >= _LEGIBLE and strength(layer, ideal, corners) >= _FAINT
                    for likeness, layer in zip(alike, layers, strict=True)
                )
            )
    return _Letters(
        np.array(middle, np.float64).reshape(-1, 2) * scale,
        np.array(up, np.float64).reshape(-1, 2) * scale,
        np.array(classes, np.intp),
        np.array(line, np.intp),
        np.array(word, np.intp),
        np.array(legible, np.bool_),
    )


def _word_of(text: str, k: int) -> int:
    """The number of the word that the k-th letter of a text stands in, spaces not counted."""
    of_letters = [n for n, word in enumerate(text.split()) for _ in word]
    return of_letters[min(k, len(of_letters) - 1)] if of_letters else 0


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


class _Read(NamedTuple):
    """What a window shows, left to right, where, and the stretches in doubt."""

    classes: list[int]
    places: list[float]
    doubts: list[tuple[float, float]]


def _says(places: NDArray[np.float64], letters: _Letters, start: int, width: int) -> _Read | None:
    """What a window of one strip shows; None where two lines of the die run through each other."""
    x = places[:, 0] - start
    off = np.abs(places[:, 1] - STRIP_HEIGHT / 2) / STRIP_HEIGHT
    size, turn = places[:, 2] / STRIP_HEIGHT, np.abs(places[:, 3])
    fits = (size > 0.18) & (size < 1.0) & (x > 3) & (x < width - 3)
    on_line = fits & (turn < 22) & (off < 0.24 + 0.1 * (size < 0.5))
    told = on_line & (size > 0.3) & (x >= 9) & (x <= width - 9) & letters.legible[places[:, 4].astype(int)]
    doubtful = fits & ~told & (on_line | ((turn < 22) & (off < 0.42)) | ((turn < 40) & (off < 0.3)))
    reach = 0.4 * places[:, 2] + 2
    read = _Read([], [], [(a - r, a + r) for a, r in zip(x[doubtful], reach[doubtful], strict=True)])
    last, unclear = -1, False
    latest: dict[int, int] = {}  # of each line
    for i, here, sure in sorted(
        zip(places[:, 4].astype(int), x.tolist(), told.tolist(), strict=True), key=lambda one: one[1]
    ):
        if not sure:
            unclear |= any(a <= here <= b for a, b in read.doubts)
            continue
        line = int(letters.line[i])
        if last >= 0 and line != letters.line[last] and i > latest.get(line, i):
            return None
        parted = last >= 0 and (line != letters.line[last] or letters.word[i] != letters.word[last])
        if parted and not unclear:
            read.classes.append(SPACE_CLASS)
            read.places.append((read.places[-1] + here) / 2)
        read.classes.append(int(letters.classes[i]))
        read.places.append(here)
        last, latest[line], unclear = i, i, False
    return read
