"""Verdicts of people set the album's thresholds, once there are enough."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from conftest import OpenCatalogue
from made_up import draw, judge
from test_catalogue import make, regions, strikes

from recognizer.album.thresholds import ENOUGH, Trust, fit, kept, refit, trusted
from recognizer.album.verdicts import Judge, answer_all, give_verdict
from recognizer.records import MarkAlternative, MarkAnswer


def test_the_fit_finds_the_line() -> None:
    chance = random.Random(3)
    pairs = []
    for _ in range(400):  # the program is too sure of itself: it says 0.73 where half are right
        odds = chance.uniform(-3, 5)
        pairs.append((1 / (1 + math.exp(-odds)), chance.random() < 1 / (1 + math.exp(-1.5 * (odds - 1)))))
    trust = fit(pairs)
    assert trust is not None
    assert trust.threshold == pytest.approx(1 / (1 + math.exp(-1)), abs=0.05)
    assert trust.right_after > trust.right_before


def test_too_few_or_one_sided_verdicts_fit_nothing() -> None:
    assert fit([(0.9, True)] * (ENOUGH * 2)) is None
    assert fit([(0.9, True), (0.2, False)] * (ENOUGH // 2 - 1)) is None
    assert fit([(0.9, False), (0.2, True)] * ENOUGH) is None  # the surer, the wronger


def test_trust_names_and_takes_names_away() -> None:
    trust = Trust(slope=1.0, shift=-math.log(3), verdicts=40, right_before=0.5, right_after=0.9)
    assert trust.threshold == pytest.approx(0.75)
    sure = MarkAnswer(id="a", name="A", known=True, probability=0.9)
    doubtful = MarkAnswer(id="a", name="A", known=True, probability=0.6)
    assert trusted(sure, trust, {}).known
    taken = trusted(doubtful, trust, {})
    assert (taken.id, taken.known, taken.alternatives[0].mark) == (None, False, "a")
    easy = Trust(1.0, math.log(3), 40, 0.5, 0.9)
    nearest = [MarkAlternative(mark="b", probability=0.4)]
    named = trusted(
        MarkAnswer(id=None, name=None, known=False, probability=0.4, alternatives=nearest), easy, {"b": "B"}
    )
    assert (named.id, named.name, named.known, named.alternatives) == ("b", "B", True, [])


def test_verdicts_on_an_album_are_used(tmp_path: Path, open_catalogue: OpenCatalogue) -> None:
    for n in range(2, 2 * ENOUGH + 4, 2):
        draw(tmp_path / "scans" / f"{n}.png", n)
    catalogue = make(tmp_path, open_at=open_catalogue)
    names = strikes(catalogue)
    assert refit(catalogue) is None
    marks = {row["id"]: row["mark"] for row in catalogue.contents()["regions"]}
    for number, strike in enumerate(names[1:]):  # the program says 0.9 of all; a fifth of them are wrong
        if number % 5:
            give_verdict(catalogue, strike, "mark", marks[strike], judge())
        else:
            give_verdict(catalogue, strike, "unknown", None, judge())
    assert refit(catalogue) is None  # always 0.9: nothing to be learnt from that
    assert kept(catalogue) is None
    strict = Judge({}, judge().missions, Trust(1.0, -3.0, ENOUGH, 0.5, 0.5))
    assert answer_all(catalogue, strict) == 1  # the one nobody has judged loses its name
    unjudged = next(
        e.paths[0] for e in catalogue.entries() if e.record and e.record.image.sha256[:12] == names[0][:12]
    )  # type: ignore[index]
    assert not regions(catalogue, Path(unjudged))[0].mark.known  # type: ignore[union-attr]
    assert answer_all(catalogue, judge()) == 1
