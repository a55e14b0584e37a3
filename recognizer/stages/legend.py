"""What a strike says around its ring, in its box, across its centre; and which mark of a library says that.

A legend is not spelt out first and looked up afterwards: each legend of each mark is laid along the read
shapes and
scored by how much better it explains them than chance does (local alignment, Smith and Waterman 1981, with
log odds
for the letters), so that a broken arc, a lost letter or the other script costs a little and not everything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.imaging.unroll import Ring
from recognizer.records import MarkSpec
from recognizer.stages.alphabet import CLASSES, SHAPES, SPACE_CLASS, classify, resemblance, settle
from recognizer.stages.lettering import Lettering, Line, Reader, Slot, read_lettering
from recognizer.types import Strike

Floats = NDArray[np.float32]
ANY = -1  # a letter nobody could read: fits every shape, says nothing


@dataclass(frozen=True, slots=True)
class LegendParams:
    """Weights in natural logs; a letter read for certain is worth -log(chance) = 2.8.

    Chosen on drawn strikes among libraries of 40 marks by the likelihood of the truth.
    """

    chance: float = 0.06  # how probable a shape is at a place by chance, look-alikes counted in
    floor: float = 0.004  # least probability of a letter where another was read
    lost: float = -2.0  # a letter of the legend that was not read, between letters that were
    extra: float = -1.8  # a shape read that the legend does not have
    unseen: float = -0.22  # a letter of the legend beyond the part that was read: ink is often missing
    placing: float = 4.0  # what laying a legend anywhere wins by chance
    longest: int = 40  # letters of a legend that are compared
    written: float = 0.25  # places less probable than this are not written at all
    letter_bar: float = 0.45  # a letter less probable than this is written ``?``
    # Odds of the best mark: softmax over the marks' scores and over "no mark of these".
    sharpness: float = 0.35
    nothing: float = 11.5


@dataclass(frozen=True, slots=True)
class LegendText:
    """One line as read: ``?`` for each letter not made out, a probability for each character."""

    text: str
    probabilities: tuple[float, ...]
    where: str  # ring, foot (letters on their heads for who looks from the centre) or line
    offset: float


@dataclass(frozen=True, eq=False, slots=True)
class LegendReading:
    """What a strike says, and the evidence it was read from."""

    texts: tuple[LegendText, ...]
    lettering: Lettering


@dataclass(frozen=True, slots=True)
class LegendCandidate:
    """One mark of a library: raw score and probability that the strike is of it."""

    mark: str
    score: float
    probability: float


def read_legend(
    strike: Strike,
    model: Reader | None,
    lettering: Lettering | None = None,
    params: LegendParams | None = None,
) -> LegendReading:
    """Read all lettering of a strike; ``lettering`` saves reading it twice. Without either nothing is
    read.
    """
    p = params or LegendParams()
    if lettering is None:
        core = strike.core
        blank = Lettering((), Ring(*core.centre, core.w / 2, core.h / 2, 0.0))
        lettering = read_lettering(strike, model) if model else blank
    texts = [t for t in (_spelled(line, p) for line in lettering.lines) if t]
    texts.sort(key=lambda t: -sum(q - p.letter_bar for q in t.probabilities))
    return LegendReading(tuple(texts[:8]), lettering)


def _spelled(line: Line, p: LegendParams) -> LegendText | None:
    """A line's best shapes as characters; None when hardly anything stands there."""
    chars, sure = [], []
    before: Slot | None = None
    slots = [s for s in line.slots if s.present >= p.written]
    pitch = float(np.median(np.diff([s.x for s in slots]))) if len(slots) > 2 else 12.0
    for slot in slots:
        if before is not None and slot.x - before.x > 1.9 * pitch:
            chars.append(" ")
            sure.append(1.0)
        best = int(slot.shapes.argmax())
        probability = float(slot.shapes[best]) * slot.present
        chars.append(SHAPES[best - 1] if probability >= p.letter_bar else "?")
        sure.append(probability)
        before = slot
    if sum(c not in "? .-'" for c in chars) < 2:
        return None
    return LegendText(settle("".join(chars)), tuple(round(q, 3) for q in sure), line.where, line.offset)


def letters_of(text: str, longest: int = LegendParams().longest) -> list[int]:
    """A legend's shapes without spaces and punctuation; ``?`` stays as a letter that may be any."""
    out = []
    for char in text:
        if char == "?":
            out.append(ANY)
            continue
        found = classify(char) if char.isalnum() or char == "№" else None
        if found is not None and found != SPACE_CLASS:
            out.append(found)
    return out[:longest]


def rank_by_legend(
    reading: LegendReading, specs: Mapping[str, MarkSpec], params: LegendParams | None = None
) -> list[LegendCandidate]:
    """The marks by how well their legends and shape explain a strike, best first.

    ``probability`` is of the strike being that mark, "none of these" counted in. Marks without a legible
    legend are
    left out.
    """
    p = params or LegendParams()
    written = {
        id: [x for x in (letters_of(text.text) for text in spec.legends) if _telling(x)]
        for id, spec in specs.items()
    }
    distinct = sorted({tuple(x) for lines in written.values() for x in lines})
    if not distinct:
        return []
    found = dict(zip(distinct, legend_scores(reading.lettering, distinct, p), strict=True))
    scores = {
        id: _together(lines, found) + shape_score(reading.lettering.ring, specs[id])
        for id, lines in written.items()
        if lines
    }
    return _weighed(scores, p)


def _together(lines: Sequence[Sequence[int]], found: Mapping[tuple[int, ...], float]) -> float:
    """The legends of one mark taken together: spellings of the same words count once, by the best of them."""
    total, counted = 0.0, list[Sequence[int]]()
    for letters in sorted(lines, key=lambda x: -found[tuple(x)]):
        if not any(_alike(letters, other) for other in counted):
            total += found[tuple(letters)]
            counted.append(letters)
    return total


def _alike(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two legends are largely the same words: most pairs of neighbouring letters are in both."""
    if min(len(a), len(b)) < 3:
        return False
    pairs_a, pairs_b = set(pairwise(a)), set(pairwise(b))
    return len(pairs_a & pairs_b) > 0.4 * min(len(pairs_a), len(pairs_b))


def _telling(letters: Sequence[int]) -> bool:
    return sum(x != ANY for x in letters) >= 1


def _weighed(scores: Mapping[str, float], p: LegendParams) -> list[LegendCandidate]:
    top = max([*scores.values(), p.nothing])
    odds = {id: math.exp(p.sharpness * (s - top)) for id, s in scores.items()}
    total = sum(odds.values()) + math.exp(p.sharpness * (p.nothing - top))
    ranked = sorted(scores, key=lambda id: -scores[id])
    return [LegendCandidate(id, round(scores[id], 3), round(odds[id] / total, 4)) for id in ranked]


def legend_scores(lettering: Lettering, legends: Sequence[Sequence[int]], p: LegendParams) -> list[float]:
    """For each legend (classes, ``ANY`` for unknown) its best log odds on any line of the strike, never
    below what a
    legend wholly without ink would score."""
    count, longest = len(legends), max(len(x) for x in legends)
    table = np.full((count, longest), ANY, np.intp)
    used = np.zeros((count, longest), bool)
    for i, letters in enumerate(legends):
        table[i, : len(letters)] = letters
        used[i, : len(letters)] = True
    length = used.sum(1).astype(np.float32)
    best = np.zeros(count, np.float32)
    for line in lettering.lines:
        if len(line.slots) >= 2:
            np.maximum(best, _aligned(line.slots, table, used, p), out=best)
    gained = np.maximum(best - p.placing, 0)
    covered = np.clip(best / -math.log(p.chance), 0, length)
    return [float(g) for g in gained + p.unseen * (length - covered)]


def _aligned(
    slots: Sequence[Slot], table: NDArray[np.intp], used: NDArray[np.bool_], p: LegendParams
) -> Floats:
    """Best local alignment of each legend (n, L) with the slots in order: (n,) natural log odds."""
    shapes = np.array([s.shapes for s in slots])
    present = np.array([s.present for s in slots], np.float32)
    fits = (
        np.clip(shapes @ resemblance().T, p.floor, 1) * present[:, None] + (1 - present[:, None]) * p.chance
    )
    odds = np.log(fits / p.chance).astype(np.float32)
    odds = np.hstack([odds, np.zeros((len(slots), 1), np.float32)])  # column ANY
    slide = -p.lost * np.arange(table.shape[1], dtype=np.float32)[None, :]
    row = np.zeros((table.shape[0], table.shape[1] + 1), np.float32)
    best = np.zeros(table.shape[0], np.float32)
    for i in range(len(slots)):
        match = np.where(used, odds[i][table], -9)
        new = np.maximum(row[:, :-1] + match, row[:, 1:] + p.extra * present[i])
        new = np.maximum(np.maximum.accumulate(new + slide, axis=1) - slide, 0)
        row[:, 1:] = new
        np.maximum(best, np.where(used, new, 0).max(1), out=best)
    return best


def shape_score(ring: Ring, spec: MarkSpec) -> float:
    """How well a strike's outline goes with a mark's shape, natural log odds by eye; 0 when nothing is
    known.
    """
    if spec.shape is None or spec.shape == "other":
        return 0.0
    if "circle" in spec.shape:
        return -3.0 if ring.flat else (0.5 if ring.clarity > 0.2 else -0.5)
    if spec.shape in ("rect", "triangle"):
        return 0.8 if ring.flat else (-1.5 if ring.clarity > 0.2 else 0.3)
    return -1.0 if ring.clarity > 0.25 and spec.shape == "frameless" else 0.0


def find_by_letters(pattern: str, specs: Mapping[str, MarkSpec]) -> list[tuple[str, str, float]]:
    """The library searched by the letters a collector can make out: ``"?АЙКОН??"``, ``?`` for each unread
    letter.

    Returns (mark id, the legend that fits best, share of the known letters found there in order), best
    first; marks
    sharing fewer than half are left out. Scripts, accents and capitals do not matter.
    """
    wanted = letters_of(pattern)
    known = sum(x != ANY for x in wanted)
    if not known:
        return []
    alike = resemblance()
    ranked = []
    for id, spec in specs.items():
        texts = [x.text for x in spec.legends]
        scored = [(_shared(wanted, letters_of(t, 200), alike) / known, t) for t in texts]
        if scored and max(scored)[0] >= 0.5:
            share, text = max(scored, key=lambda one: one[0])
            ranked.append((id, text, round(share, 3)))
    return sorted(ranked, key=lambda one: (-one[2], len(one[1]), one[0]))


def _shared(wanted: Sequence[int], legend: Sequence[int], alike: Floats) -> float:
    """Known letters of ``wanted`` found in ``legend`` in place, a letter too many or too few costing half."""
    row = [0.0] * (len(legend) + 1)
    for w in wanted:
        before, row = row, [max(row[0] - 0.5, 0.0)]
        for j, c in enumerate(legend):
            same = 0.0 if w == ANY or c == ANY else (float(alike[w, c]) if alike[w, c] >= 0.3 else -0.6)
            row.append(max(before[j] + same, before[j + 1] - 0.5, row[j] - 0.5, 0.0))
    return max(row)


__all__ = [
    "ANY", "CLASSES", "LegendCandidate", "LegendParams", "LegendReading", "LegendText", "find_by_letters",
    "legend_scores", "letters_of", "rank_by_legend", "read_legend", "shape_score",
]  # fmt: skip
