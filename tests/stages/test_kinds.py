"""Postmarks bear dates: what is seen of one decides where the finder was in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from recognizer.geometry import Box
from recognizer.records import MarkSpec, Names
from recognizer.stages.kinds import KindParams, as_named, postmark_probability, with_kind
from recognizer.types import Identification, Match, Region, RegionKind

PARAMS = KindParams(1.0, ((0.0, 1.0), (0.0, -1.0), (0.0, -1.0)))


def region(kind: RegionKind, probability: float = 0.6) -> Region:
    box = Box(10, 20, 100, 60)
    return Region(kind, box, box.corners, probability)


@pytest.mark.parametrize(
    ("taken_for", "dated", "is_one"),
    [
        ("handstamp", 0.99, "postmark"),
        ("handstamp", 0.02, "handstamp"),
        ("cachet", 0.99, "postmark"),
        ("cachet", 0.3, "cachet"),
        ("postmark", 0.02, "handstamp"),
        ("postmark", 0.9, "postmark"),
        ("stamp", 0.99, "stamp"),
    ],
)
def test_what_bears_a_date_is_a_postmark(taken_for: RegionKind, dated: float, is_one: str) -> None:
    before = region(taken_for)
    after = with_kind(before, dated, PARAMS)
    assert after.kind == is_one
    assert after.box == before.box


def test_a_sure_finder_is_not_overruled() -> None:
    assert with_kind(region("handstamp", 0.97), 0.9, PARAMS).kind == "handstamp"
    assert with_kind(region("postmark", 0.97), 0.1, PARAMS).kind == "postmark"


def test_nothing_is_surer_than_the_bound() -> None:
    nearly, quite = (postmark_probability(region("handstamp"), dated, PARAMS) for dated in (0.99, 1.0))
    assert nearly == pytest.approx(quite, abs=0.01)


def named(mark: str, known: bool = True) -> Identification:
    return Identification(known, (Match(mark, 9.0, 0.95),))


@pytest.mark.parametrize(
    ("card", "known", "kind"),
    [
        ({"kind": "handstamp", "status": "reconstruction"}, True, "handstamp"),
        ({"kind": "handstamp", "status": "reconstruction"}, False, "postmark"),
        ({"kind": "label", "status": "learnt"}, True, "label"),
    ],
)
def test_a_known_die_has_the_kind_of_its_card(card: dict[str, Any], known: bool, kind: str) -> None:
    specs = {"m": MarkSpec(id="m", name=Names(en="m"), **card)}
    assert as_named(region("postmark"), named("m", known), specs).kind == kind


def test_a_learnt_card_that_says_nothing_of_its_kind_decides_nothing() -> None:
    specs = {"m": MarkSpec(id="m", name=Names(en="m"), status="learnt")}
    assert as_named(region("handstamp"), named("m"), specs).kind == "handstamp"
