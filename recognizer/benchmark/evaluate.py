"""The library and the models asked about everything in a labelled folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from recognizer.benchmark.evaluation import Evaluation, count_mission, count_names, count_regions
from recognizer.benchmark.labelled import LabelledStrike, Labels
from recognizer.errors import InputError
from recognizer.pipeline import Bench, examine, name_strike
from recognizer.records import StrikeRecord
from recognizer.sources.scans import Limits, read_scans
from recognizer.types import Scan


def evaluate(
    labels: Labels,
    bench: Bench,
    limits: Limits,
    whole: bool = True,
    asked: Sequence[LabelledStrike] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Evaluation, list[InputError]]:
    """Ask for every labelled strike in its box and, when ``whole``, examine every image; failures beside.

    ``asked`` leaves out the strikes the library was taught from. ``progress`` is told images done and in all.
    """
    result = Evaluation()
    failures: list[InputError] = []
    by_image: dict[str, list[LabelledStrike]] = {}
    for strike in labels.strikes if asked is None else asked:
        by_image.setdefault(strike.image, []).append(strike)
    images = sorted({*by_image, *(labels.images if whole else ())})
    answers: list[tuple[LabelledStrike, StrikeRecord]] = []
    for number, image in enumerate(images, 1):
        try:
            for scan in _first(labels.folder / image, limits):
                answers += [(s, name_strike(scan, s.box, bench)) for s in by_image.get(image, ())]
                if whole and image in labels.images:
                    _examine(result, labels, image, scan, bench)
        except InputError as error:
            failures.append(error)
        progress(number, len(images))
    count_names(result, answers, set(bench.kit.library.specs))
    return result, failures


def _examine(result: Evaluation, labels: Labels, image: str, scan: Scan, bench: Bench) -> None:
    record = examine(scan, bench).record
    if image in labels.regions:
        regions = [r for cover in record.covers for r in cover.regions]
        count_regions(result, labels.regions[image], labels.ignored[image], regions)
    if image in labels.missions:
        said = [cover.mission.id for cover in record.covers if cover.mission.id]
        count_mission(result, labels.missions[image], said[0] if said else None)


def _first(path: Path, limits: Limits) -> Iterator[Scan]:
    yield next(read_scans(path, limits))
