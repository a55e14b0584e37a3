from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.records import MarkSpec, Names, Sourced, SourcedDate
from recognizer.stages.date_look import HEADS, DateLook
from recognizer.stages.date_view import PARTS
from recognizer.stages.facts import facts
from recognizer.types import InkName, Strike


def strike(dpi: float | None = None, ink: InkName | None = None) -> Strike:
    pixels = np.full((360, 360, 3), 255, np.uint8)
    core = Box(30, 30, 300, 300)  # 25.4 mm at 300 dpi
    return Strike(pixels, pixels[:, :, 0], core, Homography.identity(), dpi, ink)


def card(size_mm: float | None = None, inks: list[str] | None = None) -> MarkSpec:
    size = Sourced(value=size_mm, source="a catalogue") if size_mm else None
    return MarkSpec(id="x", name=Names(en="x"), status="learnt", size_mm=size, inks=inks or [])


def test_what_is_not_known_says_nothing() -> None:
    assert facts(strike(), [card()], None) == [0.0]
    assert facts(strike(300.0), [card()], None) == [0.0]
    assert facts(strike(), [card(40.0)], None) == [0.0]


def test_a_wrong_size_speaks_against_a_mark() -> None:
    right, near, wrong = facts(strike(300.0), [card(25.4), card(26.5), card(36.0)], None)
    assert right == pytest.approx(0.0)
    assert -0.5 < near < 0
    assert wrong < -3


def test_another_ink_speaks_a_little_against_a_mark() -> None:
    assert facts(strike(ink="red"), [card(inks=["red", "blue"]), card(inks=["black"])], None) == [0.0, -1.0]


def seen(year: int, present: float = 1.0) -> DateLook:
    of = {name: np.full(n, 1e-4) for name, n in HEADS.items()}
    for name, value in (("century", year // 100 - 18), ("tens", year // 10 % 10), ("unit", year % 10)):
        of[name][value] = 1.0
    return DateLook(present, *of.values(), parts=np.zeros((len(PARTS), 1, 1)))


def used(first: str, last: str) -> MarkSpec:
    between = {
        "first_use": SourcedDate(value=first, source="a"),
        "last_use": SourcedDate(value=last, source="a"),
    }
    return card().model_copy(update=between)


def test_a_year_far_from_its_use_speaks_against_a_mark() -> None:
    cards = [used("2002-10-30", "2007-10-10"), used("1988-01-01", "1989-01-01"), card()]
    within, long_before, unknown = facts(strike(), cards, None, seen(2004))
    assert within == pytest.approx(0, abs=0.01)
    assert long_before == pytest.approx(-0.15 * (2004 - 1989 - 2), abs=0.05)
    assert unknown == 0


def test_a_century_seen_wrongly_or_no_date_says_nothing_of_use() -> None:
    mark = used("2002-10-30", "2007-10-10")
    assert facts(strike(), [mark], None, seen(1904)) == pytest.approx([0], abs=0.01)
    assert facts(strike(), [mark], None, seen(1965, present=0.01)) == pytest.approx([0], abs=0.02)
