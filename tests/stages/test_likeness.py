"""Neighbours planted among strangers are found, whatever way they are turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.records import MarkSpec, Names
from recognizer.stages.likeness import nearest_neighbours
from recognizer.types import Ink, Mark


def blot(seed: int) -> Ink:
    """Random blots within a circle."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((200, 200), np.uint8)
    for _ in range(40):
        r, a = 90 * np.sqrt(rng.random()), rng.random() * 2 * np.pi
        centre = (int(100 + r * np.cos(a)), int(100 + r * np.sin(a)))
        cv2.circle(ink, centre, int(rng.integers(3, 9)), 255, -1)
    return ink


def turned(ink: Ink, degrees: float) -> Ink:
    h, w = ink.shape
    matrix = cv2.getRotationMatrix2D(((w - 1) / 2, (h - 1) / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (w, h)), np.uint8)


def mark(mark_id: str, die: Ink | None) -> Mark:
    return Mark(MarkSpec(id=mark_id, name=Names(en=mark_id), status="learnt"), die)


@pytest.mark.parametrize("degrees", [0, 37, 180, 251.5])
def test_a_turned_copy_is_nearest(degrees: float) -> None:
    marks = {f"m{n}": mark(f"m{n}", blot(n)) for n in range(12)}
    marks["copy"] = mark("copy", turned(blot(5), degrees))
    nearest = nearest_neighbours(marks)
    assert nearest["copy"] is not None
    assert nearest["copy"].mark == "m5"
    assert nearest["copy"].distance < 0.05
    assert nearest["m5"] is not None
    assert nearest["m5"].mark == "copy"
    assert nearest["m3"] is not None
    assert nearest["m3"].distance > 0.3


def test_marks_known_by_words_have_no_neighbour() -> None:
    assert nearest_neighbours({"a": mark("a", None), "b": mark("b", blot(1))}) == {"b": None}
