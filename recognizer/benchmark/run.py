"""The naming benchmark: ours and its peers through the same exams, beside what decoding the scans costs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from recognizer.benchmark.dataset import Exam, known_exam, read_designs, unknown_exam
from recognizer.benchmark.drawn import DrawnPlan, drawn_exam
from recognizer.benchmark.scoring import Namer, Tally, sit
from recognizer.sources.scans import read_scans


def real_exams(folder: Path) -> list[Exam]:
    """One strike, three strikes, unknown: as a labelled folder asks them (``identity.json`` beside its
    images).

    A third of the designs, by the hash of their names, is unknown in the third exam.
    """
    designs = read_designs(folder)
    left_out = [d.id for d in designs if int(hashlib.sha256(d.id.encode()).hexdigest(), 16) % 3 == 0]
    return [
        known_exam("real, one strike", folder, designs, 1),
        known_exam("real, three strikes", folder, designs, 3),
        unknown_exam("real, unknown", folder, designs, left_out),
    ]


def drawn_exams(seed: int = 1, designs: int = 100) -> list[Exam]:
    """Near-twins from clean drawings, one strike, unknown: drawn, so that anybody can run them."""
    plan = DrawnPlan(designs=designs)
    half = designs // 2
    return [
        drawn_exam("drawn, twins from drawings", seed, replace(plan, shots=0)),
        drawn_exam("drawn, twins from drawings, severe", seed, replace(plan, shots=0, wear="severe")),
        drawn_exam("drawn, one strike", seed, DrawnPlan(designs=designs, twins=0.2)),
        drawn_exam("drawn, half unknown", seed, DrawnPlan(designs=half, twins=0.0, unknown=0.5, strikes=2)),
    ]


def run(namers: Sequence[Namer], exams: Iterable[Exam]) -> Iterator[Tally]:
    """Every namer through every exam."""
    for exam in exams:
        for namer in namers:
            yield sit(namer, exam)[0]


@dataclass(frozen=True, slots=True)
class Floor:
    """What nobody can be quicker than: decoding the same scans."""

    scans: int
    ms: float  # a scan


def decode_floor(folder: Path) -> Floor:
    """Decode every image that ``identity.json`` of a labelled folder names, once."""
    paths = sorted({folder / s.image for d in read_designs(folder) for s in d.strikes})
    start = perf_counter()
    for path in paths:
        for _ in read_scans(path):
            pass
    return Floor(len(paths), (perf_counter() - start) * 1000 / max(len(paths), 1))
