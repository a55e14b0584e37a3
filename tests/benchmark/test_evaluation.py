"""Counting on a labelled folder: right, wrong, open and unknown never mixed up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recognizer.benchmark.evaluation import (
    Evaluation,
    calibration_error,
    count_names,
    count_regions,
    reliability,
)
from recognizer.benchmark.labelled import LabelledRegion, LabelledStrike, read_labels
from recognizer.benchmark.plots import plots
from recognizer.errors import InputError, UsageError
from recognizer.geometry import Box
from recognizer.records import DateAnswer, RegionRecord, StrikeImageRecord, StrikeMatchRecord, StrikeRecord

COVERS = Path(__file__).resolve().parent.parent / "covers"


def asked(truth: str, named: str | None, date: str | None = None, ink: str = "black", visible: float = 0.9):  # type: ignore[no-untyped-def]
    """A labelled strike and the answer to it; ``named`` None leaves it unknown, ``x`` being the nearest."""
    label = LabelledStrike("a.jpg", Box(0, 0, 9, 9), truth, "a", "2008-10-12", ink, visible)
    match = StrikeMatchRecord(mark=named or "x", probability=0.95 if named else 0.2, score=1.0)
    answer = StrikeRecord(
        image=StrikeImageRecord(path="a.jpg"), box=(0, 0, 9, 9), known=named is not None, matches=[match],
        date=date and DateAnswer(text=date, value=date, probability=0.8),
    )  # fmt: skip
    return label, answer


def test_names_are_counted_apart() -> None:
    result = Evaluation()
    pairs = [
        asked("one", "one", "2008-10-12"), asked("one", "two", "2008-10-17", "violet"),
        asked("two", None, None, "violet", 0.3), asked("new", None), asked("new", "one", None, "violet", 0.6),
    ]  # fmt: skip
    count_names(result, pairs, {"one", "two"})
    total = result.names["all"]["all"]
    assert (total.asked, total.right, total.wrong, total.open) == (5, 1, 1, 1)
    assert (total.unknown, total.accepted) == (2, 1)
    assert (total.precision, total.recall) == (round(1 / 3, 4), round(1 / 3, 4))
    assert result.confused == {("one", "two"): 1, ("new", "one"): 1}
    assert result.names["ink"]["violet"].asked == 3
    assert {k: c.asked for k, c in result.names["visible"].items()} == {
        "nearly whole": 3, "under half": 1, "half or more": 1,
    }  # fmt: skip
    assert (result.dates.right, result.dates.wrong, result.dates.open) == (1, 1, 3)
    assert json.loads(json.dumps(result.to_dict()))["names"]["all"]["all"]["right"] == 1
    assert {name: data[:4] for name, data in plots(result).items()} == {
        "reliability.png": b"\x89PNG", "confusion.png": b"\x89PNG",
    }  # fmt: skip


def test_regions_match_once_and_ignored_places_count_neither_way() -> None:
    result = Evaluation()
    truth = [LabelledRegion("stamp", Box(0, 0, 100, 100)), LabelledRegion("postmark", Box(300, 0, 80, 80))]
    boxes = [(2, 2, 100, 100), (0, 0, 90, 100), (500, 500, 50, 50)]
    got = [
        RegionRecord(id=f"r{n}", kind="stamp", box=b, outline=[], probability=1) for n, b in enumerate(boxes)
    ]
    count_regions(result, truth, [Box(505, 505, 40, 40)], got)
    stamps, postmarks = result.regions["stamp"], result.regions["postmark"]
    assert (stamps.labelled, stamps.found, stamps.spurious) == (1, 1, 1)
    assert (postmarks.labelled, postmarks.found, postmarks.recall) == (1, 0, 0.0)


def test_reliability() -> None:
    bins = reliability([(0.95, True)] * 9 + [(0.95, False)] + [(0.15, False)] * 4)
    assert [(b.answers, b.right) for b in bins] == [(4, 0.0), (10, 0.9)]
    assert calibration_error(bins) == pytest.approx((4 * 0.15 + 10 * 0.05) / 14)


def test_the_covers_of_the_tests_are_a_labelled_folder(tmp_path: Path) -> None:
    labels = read_labels(COVERS)
    assert labels.strikes[0].box.w > 20
    assert labels.strikes[0].ink is not None
    assert {r.kind for regions in labels.regions.values() for r in regions} >= {"postmark", "stamp"}
    assert "soyuz-tma-13" in labels.missions.values()
    with pytest.raises(UsageError, match="identity"):
        read_labels(tmp_path)
    (tmp_path / "identity.json").write_text('[{"group": "a", "strikes": [{"image": "a.jpg"}]}]')
    with pytest.raises(InputError, match="label"):
        read_labels(tmp_path)
