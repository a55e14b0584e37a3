"""Letters cut by hands: the same number gives the same hand, and every letter is whole and legible."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.training.fonts import face, is_hand, some_hand
from recognizer.training.glyphs import Glyph
from recognizer.training.stroke_letters import StrokeFace

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZБГДЖЗИЙЛПУФЦЧШЩЪЫЬЭЮЯҚҢӨҰҒÄÉŘŮ"


def _inked(glyph: Glyph) -> np.ndarray:
    picture = np.zeros((160, 240), np.uint8)
    cv2.fillPoly(picture, [np.round(c * 100 + (50, 130)).astype(np.int32) for c in glyph.contours], 255)
    return picture


def _holes(glyph: Glyph) -> int:
    """Islands of paper inside a letter."""
    count, _ = cv2.connectedComponents(255 - _inked(glyph), connectivity=4)
    return count - 2


def test_one_number_one_hand() -> None:
    one, same, other = face("strokes:7"), StrokeFace(7, face().glyph), face("strokes:8")
    for letter in "5R":
        pairs = zip(one.glyph(letter).contours, same.glyph(letter).contours, strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)
    assert not np.array_equal(_inked(one.glyph("5")), _inked(other.glyph("5")))


def test_hands_cut_the_letters_of_postmarks() -> None:
    for seed in range(6):
        hand = face(f"strokes:{seed}")
        for letter in LETTERS:
            assert hand.has(letter)
            points = np.concatenate(hand.glyph(letter).contours)
            assert -1.5 < points[:, 1].min() < -0.8, letter  # accents stand above the capitals
            assert -0.06 < points[:, 1].max() < 0.35, letter
            assert points[:, 0].max() < hand.glyph(letter).advance + 0.35, letter


@pytest.mark.parametrize(
    ("letter", "holes"), [("0", 1), ("8", 2), ("6", 1), ("9", 1), ("D", 1), ("7", 0), ("C", 0), ("Ф", 2)]
)
def test_bowls_are_closed_and_mouths_open(letter: str, holes: int) -> None:
    found = [_holes(face(f"strokes:{seed}").glyph(letter)) for seed in range(12)]
    assert np.median(found) == holes


def test_letters_that_a_hand_lacks_come_from_the_font() -> None:
    hand = face("strokes:3")
    assert not hand.has("q")
    assert hand.glyph("q") is face("sans", False).glyph("q")


def test_hands_are_told_by_their_names() -> None:
    rng = np.random.default_rng(1)
    assert is_hand(some_hand(rng, 10))
    assert not is_hand("sans")
    with pytest.raises(ValueError, match="strokes:N"):
        face("strokes:x")
