"""What a person should look at."""

from __future__ import annotations

import numpy as np
from made_up import record

from recognizer.album.look import reasons
from recognizer.records import CoverRecord
from recognizer.types import Scan


def cover(mark: str | None, conflicts: list[str]) -> CoverRecord:
    scan = Scan("a.png", 0, np.zeros((60, 80, 3), np.uint8), None, "0" * 64)
    (one,) = record(scan, mark).covers
    return one.model_copy(update={"mission": one.mission.model_copy(update={"conflicts": conflicts})})


def test_a_contradiction_needs_a_known_mark() -> None:
    odd = ["no event on this day", "another"]
    assert reasons(cover("m2", odd)) == ["contradiction: no event on this day"]
    assert reasons(cover(None, odd)) == ["1 strike of no known mark"]
    assert reasons(cover("m2", [])) == []
