"""A known die tells the kind of its strike, and so do words that only hand stamps bear."""

from __future__ import annotations

from typing import Any

import pytest

from recognizer.geometry import Box
from recognizer.records import MarkSpec, Names
from recognizer.stages.kinds import as_named, as_read
from recognizer.stages.legend import LegendText
from recognizer.types import Identification, Match, Region, RegionKind


def region(kind: RegionKind, probability: float = 0.6) -> Region:
    box = Box(10, 20, 100, 60)
    return Region(kind, box, box.corners, probability)


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
    assert as_named(region("label"), named("m"), specs).kind == "postmark", "but that it was struck"


def says(text: str) -> list[LegendText]:
    return [LegendText("????", (0.4,) * 4, "line", 0.0), LegendText(text, (0.9,) * len(text), "ring", 0.9)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SSED BY NAVAL CENSOR PAS", "handstamp"),
        ("PASSEDBYNAVALC?NSOR", "handstamp"),
        ("ВОЕННАЯ ЦЕНЗУРА", "handstamp"),
        ("GEPRÜFT", "handstamp"),
        ("C?N?OR", "postmark"),  # too little of it
        ("????????", "postmark"),
        ("WINDSOR", "postmark"),
        ("БАЙКОНУР", "postmark"),
    ],
)
def test_words_that_no_postmark_bears_make_a_hand_stamp(text: str, kind: str) -> None:
    assert as_read(region("postmark"), says(text)).kind == kind


@pytest.mark.parametrize("kind", ["stamp", "label", "cachet", "handstamp"])
def test_words_change_nothing_else(kind: RegionKind) -> None:
    assert as_read(region(kind), says("PASSED BY CENSOR")).kind == kind
