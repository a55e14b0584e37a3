"""Handwriting: capitals and joined letters as pen strokes, each writer with habits of their own.

hand = Hand.random(rng)
paths = hand.line(rng, "Miss Martha Darrough")      # pen paths (N, 2): cap height 1, baseline 0, y down
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.training.curves import smooth
from recognizer.training.places import TONGUES, pick, tongue

Rng = np.random.Generator
Path = NDArray[np.float64]


def _strokes(text: str) -> list[Path]:
    """Strokes parted with ``|``, points as pairs of hundredths: x from the left, y up from the baseline."""
    numbers = [[int(n) / 100 for n in part.split()] for part in text.split("|")]
    return [np.array(n).reshape(-1, 2) for n in numbers]


_CAPITALS = {
    "A": "0 0 45 100 90 0|18 38 74 38",
    "B": "0 0 0 100 62 92 66 60 4 52|4 52 80 42 74 6 0 0",
    "C": "84 84 48 100 6 62 10 18 46 0 86 14",
    "D": "0 0 0 100 62 90 84 50 62 10 0 0",
    "E": "76 100 0 100 0 0 78 0|0 52 60 52",
    "F": "76 100 0 100 0 0|0 52 60 52",
    "G": "84 84 48 100 6 62 10 18 46 0 84 14 84 44 54 44",
    "H": "0 0 0 100|84 0 84 100|0 50 84 52",
    "I": "20 0 20 100",
    "J": "64 100 64 16 38 0 8 20",
    "K": "0 0 0 100|76 100 2 44 80 0",
    "L": "0 100 0 0 70 2",
    "M": "0 0 8 100 48 28 90 100 98 0",
    "N": "0 0 2 100 76 0 78 100",
    "O": "46 100 6 62 12 16 46 0 82 20 86 68 46 100",
    "P": "0 0 2 100 68 92 68 56 2 46",
    "Q": "46 100 6 62 12 16 46 0 82 20 86 68 46 100|56 24 92 -8",
    "R": "0 0 2 100 66 92 64 56 2 48|30 48 76 0",
    "S": "78 84 46 100 12 80 46 52 78 26 46 0 6 14",
    "T": "0 100 86 98|42 99 42 0",
    "U": "0 100 6 20 42 0 76 20 80 100",
    "V": "0 100 40 0 82 100",
    "W": "0 100 24 0 48 70 74 0 100 100",
    "X": "0 0 76 100|4 100 78 0",
    "Y": "0 100 38 52 78 100|38 52 34 0",
    "Z": "0 98 76 100 2 0 78 2",
    "0": "36 100 4 58 12 10 40 0 66 40 60 90 36 100",
    "1": "8 78 26 100 26 0",
    "2": "4 78 34 100 62 74 2 2 68 0",
    "3": "4 92 48 100 54 64 20 52 64 34 44 2 2 8",
    "4": "48 0 48 100 0 32 70 32",
    "5": "60 100 10 98 8 58 52 54 58 12 4 2",
    "6": "50 100 8 46 14 4 52 8 54 40 10 38",
    "7": "2 98 62 100 22 0",
    "8": "32 52 8 78 32 100 54 80 32 52 4 22 32 0 60 22 32 52",
    "9": "54 70 22 58 14 90 46 98 54 70 38 0",
    ".": "4 2 8 2",
    ",": "8 6 2 -10",
    "-": "4 40 40 42",
    "/": "0 0 40 100",
}
_JOINED = {
    "a": "0 5 40 44 12 44 4 14 26 0 46 42 48 6 66 5",
    "b": "0 5 30 94 14 96 12 2 40 6 40 36 28 40 62 36",
    "c": "0 5 34 44 10 42 6 10 30 0 56 6",
    "d": "0 5 38 42 10 42 4 12 26 0 46 96 48 6 66 5",
    "e": "0 8 38 28 26 48 6 24 26 0 56 6",
    "f": "0 5 34 96 18 98 14 -38 26 -30 18 6 48 6",
    "g": "0 5 38 44 8 40 8 8 36 10 40 44 34 -38 8 -42 54 6",
    "h": "0 5 26 94 12 96 8 0 32 44 42 34 44 5 62 5",
    "i": "0 5 16 46 20 6 40 5|18 66 21 68",
    "j": "0 5 18 46 14 -40 0 -38 40 6|20 66 23 68",
    "k": "0 5 26 94 12 96 8 0 34 44 14 24 40 2 60 6",
    "l": "0 5 28 92 14 98 14 8 40 5",
    "m": "0 5 10 44 12 0 28 44 36 38 38 0 54 44 62 36 64 5 84 5",
    "n": "0 5 10 44 12 0 30 46 40 36 42 5 62 5",
    "o": "0 5 26 46 4 24 20 0 42 24 28 46 60 38",
    "p": "0 5 12 46 8 -40 12 30 34 46 42 18 12 2 56 6",
    "q": "0 5 38 44 8 40 8 8 36 12 40 44 38 -42 60 6",
    "r": "0 5 14 50 22 40 36 44 36 6 54 5",
    "s": "0 5 26 50 34 18 14 0 52 5",
    "t": "0 5 24 84 18 8 42 5|4 58 40 61",
    "u": "0 5 8 46 10 8 32 6 40 46 42 5 62 5",
    "v": "0 40 10 44 18 2 38 46 60 40",
    "w": "0 40 8 44 14 4 30 36 40 4 58 46 74 40",
    "x": "0 42 14 44 32 2 52 5|34 44 6 0",
    "y": "0 5 8 46 10 8 36 8 42 46 34 -40 8 -42 56 6",
    "z": "0 40 34 42 4 2 54 5",
}
CAPITALS = {char: _strokes(text) for char, text in _CAPITALS.items()}
JOINED = {char: _strokes(text) for char, text in _JOINED.items()}
_TITLES = ("Mr.", "Mrs.", "Miss", "Herr", "Mme.", "Dr.", "Pvt.", "Sgt.", "")


@dataclass(frozen=True)
class Hand:
    """A writer: joined letters or capitals, the slant, how wide, how unsteady."""

    joined: bool
    slant: float
    width: float
    unsteady: float
    gap: float

    @classmethod
    def random(cls, rng: Rng) -> Hand:
        return cls(
            bool(rng.random() < 0.65),
            float(rng.normal(0.25, 0.2)),
            float(rng.uniform(0.6, 1.15)),
            float(rng.uniform(0.015, 0.05)),
            float(rng.uniform(0.35, 0.8)),
        )

    def line(self, rng: Rng, text: str) -> list[Path]:
        """Pen paths of a line of Latin text; y down, capitals 1 high."""
        paths: list[Path] = []
        x = 0.0
        for word in text.split():
            run: list[Path] = []
            for char in word:
                x = self._letter(rng, char, x, paths, run)
            if run:
                paths.append(self._inked(rng, smooth(np.concatenate(run), steps=5)))
            x += self.gap * rng.uniform(0.8, 1.3)
        return paths

    def _letter(self, rng: Rng, char: str, x: float, paths: list[Path], run: list[Path]) -> float:
        """Write a letter at x, joined ones into ``run``, others into ``paths``; returns the next one's x."""
        if self.joined and char in JOINED:
            body, *marks = JOINED[char]
            scale = self.width * rng.uniform(0.85, 1.2)
            run.append(self._placed(rng, body, x, scale))
            paths += [self._inked(rng, self._placed(rng, mark, x, scale)) for mark in marks]
            return x + float(body[-1, 0]) * scale
        strokes = CAPITALS.get(char.upper())
        if strokes is None:
            return x + 0.3
        if run:
            paths.append(self._inked(rng, smooth(np.concatenate(run), steps=5)))
            run.clear()
        small = 1.0 if char.isupper() or not char.isalpha() or self.joined else rng.uniform(0.75, 0.95)
        scale = self.width * rng.uniform(0.75, 1.0)
        for stroke in strokes:
            placed = self._placed(rng, stroke * (1, small), x, scale)
            curved = smooth(placed, steps=4) if rng.random() < 0.7 else placed
            paths.append(self._inked(rng, curved))
        return x + max(float(s[:, 0].max()) for s in strokes) * scale + 0.16 * rng.uniform(0.7, 1.5)

    def _placed(self, rng: Rng, stroke: Path, x: float, scale: float) -> Path:
        shaken = stroke + rng.normal(0, self.unsteady, stroke.shape)
        return np.asarray(shaken * (scale, 1) + (x, 0), np.float64)

    def _inked(self, rng: Rng, path: Path) -> Path:
        """Slanted, and turned so that y runs down."""
        return np.stack([path[:, 0] + path[:, 1] * self.slant, -path[:, 1]], 1)


def random_words(rng: Rng, count: int) -> str:
    """Names and places as letters have them, in upper and lower case."""
    words = []
    for _ in range(count):
        t = tongue(pick(rng, tuple(name for name in TONGUES if name != "ru")))
        dice = rng.random()
        if dice < 0.15:
            words.append(str(int(rng.integers(1, 9999))))
        elif dice < 0.3:
            words.append(pick(rng, _TITLES))
        else:
            words.append((pick(rng, t.heads) + pick(rng, t.tails)).title())
    return " ".join(word for word in words if word)


def block(rng: Rng, hand: Hand, width: float, lines: int) -> Sequence[list[Path]]:
    """Lines of writing, each about ``width`` capital heights long."""
    found = []
    for _ in range(lines):
        wanted, text = width * rng.uniform(0.45, 1.0), ""
        while len(text) * 0.55 * hand.width < wanted:
            text = f"{text} {random_words(rng, 1)}"
        found.append(hand.line(rng, text.strip()[: max(int(wanted / (0.5 * hand.width)), 3)]))
    return found
