"""Exams drawn by the press: designs nobody trained on, with near-twins among them, without end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognizer.benchmark.dataset import Cut, Exam, Lesson, Question
from recognizer.geometry import Box
from recognizer.training.designs import Design, near_twin, random_design
from recognizer.training.press import StrikeSample, press_strike, reference

DRAWING_PX = 320


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """What a drawn exam is made of."""

    designs: int = 40  # without their near-twins
    twins: float = 1.0  # share of the designs that come with a near-twin
    shots: int = 1  # strikes each design is learnt from; 0: from its clean drawing
    strikes: int = 1  # asked for, each design
    wear: str = "ordinary"
    unknown: float = 0.0  # share of the designs left out of the library
    box_off: float = 0.02  # deviation of each box side, as a share of the longer one


def drawn_exam(name: str, seed: int, plan: DrawnPlan | None = None) -> Exam:
    """The exam of a plan; the same seed draws the same one."""
    p = plan or DrawnPlan()
    rng = np.random.default_rng([seed, 2_000])
    lessons, questions = [], []
    for n in range(p.designs):
        first = random_design(rng)
        pair = [first, near_twin(first, rng)] if rng.random() < p.twins else [first]
        for which, design in enumerate(pair):
            mark = f"{design.family}-{n:03d}-{'ab'[which]}"
            known = rng.random() >= p.unknown
            if known:
                lessons.append(_lesson(rng, mark, design, p))
            for _ in range(p.strikes):
                cut = draw_cut(press_strike(rng, design, _side(rng), p.wear), rng, p)
                questions.append(Question(cut, mark if known else None, mark))
    return Exam(name, tuple(lessons), tuple(questions))


def _lesson(rng: np.random.Generator, mark: str, design: Design, p: DrawnPlan) -> Lesson:
    if not p.shots:
        return Lesson(mark, die=reference(design, DRAWING_PX))
    taught = [press_strike(rng, design, _side(rng), "ordinary") for _ in range(p.shots)]
    return Lesson(mark, tuple(draw_cut(sample, rng, p) for sample in taught))


def _side(rng: np.random.Generator) -> int:
    """A date stamp is 90 pixels wide on a small photograph and 330 at 300 dpi."""
    return int(rng.integers(110, 330))


def draw_cut(sample: StrikeSample, rng: np.random.Generator, p: DrawnPlan) -> Cut:
    """A struck sample as it is asked for: its box a little off."""
    true = Box.around(sample.outline())
    off = rng.normal(0, p.box_off, 4) * max(true.w, true.h)
    height, width = sample.pixels.shape[:2]
    box = Box(true.x + off[0], true.y + off[1], true.w + off[2], true.h + off[3]).clipped(width, height)
    return Cut(sample.pixels, box)
