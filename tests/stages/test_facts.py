from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.records import MarkSpec, Names, Sourced
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
