"""How answers on a labelled folder are counted; no file is touched.

A strike whose mark the library has is *right* when named as labelled, *wrong* when given another name, *open*
when given none; one whose mark it has not is *unknown*, and *accepted* when given a name all the same. A
wrong name is worse than none, so the two are never added up. Precision is right names of all names given,
recall right names of all strikes whose mark the library has. Regions match at an intersection over union of
0.5, each once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from recognizer.benchmark.labelled import LabelledRegion, LabelledStrike
from recognizer.geometry import Box
from recognizer.records import RegionRecord, StrikeRecord

IOU = 0.5
NEUTRAL = 0.1  # overlap with a place labelled "ignore" from which a find counts neither way
BINS = 10  # of the reliability diagram
ARCS = ((0.0, "under half"), (0.5, "half or more"), (0.8, "nearly whole"))  # visible share, from


@dataclass(slots=True)
class Count:
    """Strikes asked for and what came of them. ``unknown``: of a mark the library has not."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    open: int = 0
    unknown: int = 0
    accepted: int = 0  # unknown ones that were given a name

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrong + self.accepted)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.asked - self.unknown)


@dataclass(slots=True)
class Found:
    """Regions of one kind: labelled, found among them, found beside them."""

    labelled: int = 0
    found: int = 0
    spurious: int = 0

    @property
    def precision(self) -> float | None:
        return _share(self.found, self.found + self.spurious)

    @property
    def recall(self) -> float | None:
        return _share(self.found, self.labelled)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers given with a probability in a range: how many, their mean probability, how many were right."""

    answers: int
    probability: float
    right: float


@dataclass(slots=True)
class Evaluation:
    """Everything counted, each group of counts by what it is split by."""

    names: dict[str, dict[str, Count]] = field(
        default_factory=dict
    )  # all, ink, visible, shape -> value -> count
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)  # labelled, named
    dates: Count = field(default_factory=Count)
    regions: dict[str, Found] = field(default_factory=dict)
    missions: Count = field(default_factory=Count)
    reliability: dict[str, list[Bin]] = field(default_factory=dict)  # mark, date

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "names": {by: {k: _told(c) for k, c in counts.items()} for by, counts in self.names.items()},
            "confused": [[a, b, n] for (a, b), n in self.confused.most_common()],
            "dates": _told(self.dates),
            "regions": {kind: _told(c) for kind, c in self.regions.items()},
            "missions": _told(self.missions),
            "reliability": {what: [asdict(b) for b in bins] for what, bins in self.reliability.items()},
        }


def count_names(
    evaluation: Evaluation, asked: Iterable[tuple[LabelledStrike, StrikeRecord]], library: set[str]
) -> None:
    """Count the names and dates of strikes asked for one by one."""
    sure: dict[str, list[tuple[float, bool]]] = {"mark": [], "date": []}
    for strike, answer in asked:
        best = answer.matches[0] if answer.matches else None
        named = best.mark if best and answer.known else None
        for by, value in _splits(strike):
            count = evaluation.names.setdefault(by, {}).setdefault(value, Count())
            _add(count, strike.mark if strike.mark in library else None, named)
        if named is not None and named != strike.mark:
            evaluation.confused[strike.mark, named] += 1
        if best is not None:
            sure["mark"].append((best.probability, best.mark == strike.mark))
        if strike.date is not None:
            date = answer.date.value if answer.date else None
            _add(evaluation.dates, strike.date, date)
            if answer.date is not None and date is not None:
                sure["date"].append((answer.date.probability, date == strike.date))
    for what, pairs in sure.items():
        evaluation.reliability[what] = reliability(pairs)


def count_regions(
    evaluation: Evaluation,
    truth: Sequence[LabelledRegion],
    ignored: Sequence[Box],
    got: Sequence[RegionRecord],
) -> None:
    """Count what was found on one image, each kind for itself."""
    for kind in sorted({*(t.kind for t in truth), *(r.kind for r in got)}):
        want = [t.box for t in truth if t.kind == kind]
        boxes = [Box(*r.box) for r in got if r.kind == kind]
        found = evaluation.regions.setdefault(kind, Found())
        used: set[int] = set()
        for box in want:
            free = [n for n in range(len(boxes)) if n not in used]
            best = max(free, key=lambda n: boxes[n].iou(box), default=None)
            if best is not None and boxes[best].iou(box) >= IOU:
                used.add(best)
        found.labelled += len(want)
        found.found += len(used)
        found.spurious += sum(
            n not in used and not any(box.iou(i) > NEUTRAL for i in ignored) for n, box in enumerate(boxes)
        )


def count_mission(evaluation: Evaluation, truth: str | None, named: str | None) -> None:
    """Count what was said of a piece's mission."""
    _add(evaluation.missions, truth, named)


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Answers by the probability given with them: of those given with 0.9, nine in ten should be right."""
    bins = []
    for n in range(BINS):
        inside = [(p, hit) for p, hit in pairs if min(int(p * BINS), BINS - 1) == n]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            bins.append(Bin(len(inside), round(mean, 4), round(sum(h for _, h in inside) / len(inside), 4)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: how far probability and truth lie apart, weighed by the answers."""
    total = sum(b.answers for b in bins)
    return None if total == 0 else sum(b.answers * abs(b.probability - b.right) for b in bins) / total


def _add(count: Count, truth: str | None, named: str | None) -> None:
    count.asked += 1
    if truth is None:
        count.unknown += 1
        count.accepted += named is not None
    else:
        count.right += named == truth
        count.open += named is None
        count.wrong += named is not None and named != truth


_SPLITS: dict[str, Callable[[LabelledStrike], str | None]] = {
    "all": lambda s: "all",
    "ink": lambda s: s.ink,
    "shape": lambda s: s.shape,
    "visible": lambda s: (
        None if s.visible is None else [name for least, name in ARCS if s.visible >= least][-1]
    ),
}


def _splits(strike: LabelledStrike) -> list[tuple[str, str]]:
    return [(by, value) for by, of in _SPLITS.items() if (value := of(strike)) is not None]


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else round(part / whole, 4)


def _told(count: Count | Found) -> dict[str, Any]:
    return asdict(count) | {"precision": count.precision, "recall": count.recall}
