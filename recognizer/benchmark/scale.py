"""Naming among ever more marks: how right, how quick, how much memory, whether the shortlist costs anything.

The same strikes are asked of every size of library, so that the curves differ by the number of marks alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.benchmark.dataset import Exam, Lesson, Question
from recognizer.benchmark.drawn import DRAWING_PX, DrawnPlan, draw_cut
from recognizer.benchmark.ours import Ours
from recognizer.benchmark.scoring import Namer, Tally, sit
from recognizer.stages.index import MarkIndex
from recognizer.training.designs import Design, near_twin, random_design
from recognizer.training.press import press_strike, reference

EVERY = 5  # one mark in so many is a near-twin of the one before: offices have several hammers


@dataclass(frozen=True, eq=False, slots=True)
class ScaleExam:
    """Drawn dies, the first of which are asked for. ``questions`` fit every library of at least ``asked``
    marks."""

    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]

    def among(self, marks: int, most: int | None = None) -> Exam:
        """The exam with a library of so many marks; ``most``: questions asked."""
        return Exam(f"{marks} marks", self.lessons[:marks], self.questions[:most])


def scale_exam(marks: int, asked: int = 20, strikes: int = 3, seed: int = 1) -> ScaleExam:
    """``strikes`` strikes in ordinary wear of each of the first ``asked`` dies; all known by drawings."""
    rng = np.random.default_rng([seed, 3_000])
    lessons, questions = [], []
    for n, design in zip(range(marks), _designs(rng), strict=False):
        lessons.append(Lesson(f"{n:05d}", die=reference(design, DRAWING_PX)))
        for _ in range(strikes if n < asked else 0):
            cut = draw_cut(press_strike(rng, design, int(rng.integers(110, 330))), rng, DrawnPlan())
            questions.append(Question(cut, f"{n:05d}", f"{design.family}-{n:05d}"))
    order = np.random.default_rng(seed).permutation(len(questions))  # a part of them is a fair sample
    return ScaleExam(tuple(lessons), tuple(questions[i] for i in order))


def _designs(rng: np.random.Generator) -> Iterator[Design]:
    while True:
        for _ in range(EVERY - 1):
            last = random_design(rng)
            yield last
        yield near_twin(last, rng)


def by_size(namers: Sequence[Namer], exam: ScaleExam, sizes: Sequence[int], most: int) -> Iterator[Tally]:
    """Every namer among every number of marks; ``most``: questions asked a peer that tries every mark in
    turn, where there are more than a thousand."""
    for size in sizes:
        for namer in namers:
            slow = size > 1000 and getattr(namer, "exhaustive", False)
            yield sit(namer, exam.among(size, most if slow else None))[0]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Whether a search by shortlist answers as one that lays every mark on the strike."""

    marks: int
    asked: int
    equal: int
    kb_a_mark: float


def shortcut(namer: Ours, exam: ScaleExam, marks: int, most: int | None) -> Shortcut:
    """Ask ``most`` questions among ``marks`` marks both ways."""
    among = exam.among(marks, most)
    _, quick = sit(namer, among)
    p = namer.params
    namer.params = replace(p, by_features=marks, by_matcher=marks, without_matcher=marks)
    slow = [namer.identify(q.cut) for q in among.questions]
    namer.params = p
    equal = sum(
        a.known == b.known and (a.best and a.best.mark) == (b.best and b.best.mark)
        for a, b in zip(quick, slow, strict=True)
    )
    return Shortcut(marks, len(slow), equal, index_bytes(namer.index) / marks / 1000)


def index_bytes(index: MarkIndex) -> int:
    """Memory of all arrays of a library made searchable, and of what was read and drawn anew so far."""
    arrays: list[NDArray[Any] | None] = [index.shortlist.sets, index.shortlist.basis, index.maps]
    for r in index.references:
        f = r.features
        arrays += [f.places, f.sizes, f.turns, f.words, r.voices]
    read = sum(r.wording.nbytes for r in index.references if r.wording is not None)
    drawn = sum(r.die.nbytes for r in index.references if r.die is not None)
    return read + drawn + sum(a.nbytes for a in arrays if a is not None)
