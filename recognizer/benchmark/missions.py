"""How well the probabilities of mission answers hold: of answers given with 0.9, nine in ten must be right.

Counted for every piece is the leading candidate: the answer, or the first of the alternatives of an
undetermined one. It is right when it is the flight the piece was made for; for a piece made for no flight it
is wrong. No file is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np

from recognizer.benchmark.mission_pieces import Piece
from recognizer.flights import Catalogue
from recognizer.records import MarkSpec
from recognizer.stages.mission import suggest_mission


@dataclass(frozen=True, slots=True)
class Outcome:
    """One piece answered."""

    status: str
    probability: float  # of the leading candidate
    right: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like probability: their number, mean probability, share right."""

    count: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    pieces: int
    certain: int
    certain_wrong: int
    probable: int
    probable_wrong: int
    undetermined: int
    expected_calibration_error: float
    milliseconds: float  # median, of processor time
    slowest_milliseconds: float  # 99 in 100 take less
    bins: tuple[Bin, ...]


def answer(pieces: Iterable[Piece], catalogue: Catalogue, marks: Mapping[str, MarkSpec]) -> list[Outcome]:
    """Answer every piece and compare with its truth."""
    outcomes = []
    for piece in pieces:
        start = process_time()
        reading = suggest_mission(piece.observations, catalogue, marks)
        seconds = process_time() - start
        lead = reading.id or (reading.alternatives[0].id if reading.alternatives else None)
        right = lead is not None and lead == piece.flight
        outcomes.append(Outcome(reading.status, reading.probability, right, seconds))
    return outcomes


def figures(outcomes: Sequence[Outcome], bins: int = 20) -> Figures:
    """Count the answers; the calibration error is over ``bins`` equal steps of probability."""
    by_status = {s: [o for o in outcomes if o.status == s] for s in ("certain", "probable", "undetermined")}
    table = calibration(outcomes, bins)
    error = sum(b.count * abs(b.probability - b.right) for b in table) / max(len(outcomes), 1)
    times = np.array([o.seconds for o in outcomes]) * 1000
    return Figures(
        pieces=len(outcomes),
        certain=len(by_status["certain"]),
        certain_wrong=sum(not o.right for o in by_status["certain"]),
        probable=len(by_status["probable"]),
        probable_wrong=sum(not o.right for o in by_status["probable"]),
        undetermined=len(by_status["undetermined"]),
        expected_calibration_error=error,
        milliseconds=float(np.median(times)),
        slowest_milliseconds=float(np.percentile(times, 99)),
        bins=tuple(table),
    )


def calibration(outcomes: Sequence[Outcome], bins: int = 20) -> list[Bin]:
    """The outcomes by equal steps of probability; empty steps are left out."""
    table = []
    for step in range(bins):
        inside = [o for o in outcomes if min(int(o.probability * bins), bins - 1) == step]
        if inside:
            probability = float(np.mean([o.probability for o in inside]))
            table.append(Bin(len(inside), probability, float(np.mean([o.right for o in inside]))))
    return table
