from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.imaging.unroll import STRIP_HEIGHT, Ring
from recognizer.stages.alphabet import CLASSES, classify
from recognizer.stages.date_look import HEADS, DateLook
from recognizer.stages.date_view import CORE, PARTS, SIDE, STRIDE, DatePlace
from recognizer.stages.lettering import Lettering, Line, Slot
from recognizer.stages.wording import (
    Agreement,
    Letters,
    Wording,
    agreement,
    covered_by_date,
    letters_seen,
    letters_told,
)
from recognizer.types import LearntStrike, Strike

SAME = Homography.identity()


def row(text: str, y: float = 50.0, sure: float = 0.9, angle_deg: float = 0.0) -> Line:
    """A line of lettering, each letter 12 pixels from the one before; a space is a place with nothing."""
    slots, places = [], []
    for n, char in enumerate(text):
        found = classify(char)
        if char == " " or found is None:
            continue
        shapes = np.full(CLASSES, (1 - sure) / CLASSES, np.float32)
        shapes[found] += sure
        slots.append(Slot(12.0 * n, 0.95, shapes))
        places.append((20.0 + 12 * n, y))
    a = np.deg2rad(angle_deg)
    headings = np.tile([np.cos(a), np.sin(a)], (len(slots), 1))
    blank = np.zeros((1, CLASSES), np.float32)
    return Line("line", angle_deg, 0.0, blank, tuple(slots), np.array(places).reshape(-1, 2), headings, 30.0)


def lettering(*lines: Line) -> Lettering:
    return Lettering(lines, Ring(60, 60, 50, 50, 0.3))


def told(*lines: Line) -> Letters:
    return letters_told(lettering(*lines))


def seen(*lines: Line) -> Letters:
    return letters_seen(lettering(*lines))


def test_the_same_words_at_the_same_places_speak_for_one_die() -> None:
    speaks, against = agreement(told(row("LARAMIE")), seen(row("LARAMIE")), SAME)
    assert speaks > 2
    assert against == 0


def test_other_words_speak_against_it_and_one_letter_tells_twins_apart() -> None:
    _, against = agreement(told(row("LARAMIE")), seen(row("DESMOIN")), SAME)
    assert against > 1.5
    speaks, one = agreement(told(row("IOWA 1")), seen(row("IOWA 2")), SAME)
    assert speaks > 1
    assert 0.2 < one < 1


def test_look_alikes_of_two_scripts_are_the_same() -> None:
    speaks, against = agreement(told(row("CAMARA")), seen(row("САМАРА"[:5] + "A")), SAME)
    assert speaks > 1.5
    assert against < 0.6, "only R is not Р"


def test_places_are_those_of_the_pose() -> None:
    moved = Homography.similarity(1.5, 20, 7, -4)
    line = row("LARAMIE")
    places = moved.apply(line.places)
    a = np.deg2rad(20)
    turned = Line(
        "line", 20, 0, line.shapes, line.slots, places, np.tile([np.cos(a), np.sin(a)], (7, 1)), 45.0
    )
    assert agreement(told(line), seen(turned), moved)[0] > 2
    assert agreement(told(line), seen(turned), SAME)[0] < 1


def test_unread_places_upside_down_readings_and_dates_say_nothing() -> None:
    reference = told(row("12.10.2008"))
    assert agreement(reference, seen(row("LARAMIE", y=90)), SAME) == Agreement()
    assert agreement(reference, seen(row("27.05.1963", angle_deg=180)), SAME) == Agreement()
    other = seen(row("27.05.1963"))
    assert agreement(reference, other, SAME)[1] > 1
    assert agreement(reference, other, SAME, np.ones(len(reference), np.bool_)) == Agreement()
    assert agreement(seen(), other, SAME) == Agreement()


def test_a_letter_read_in_several_strips_is_told_once() -> None:
    assert len(told(row("IOWA"), row("IOWA", y=52), row("IO", y=90))) == 6
    assert len(told(row("IOWA", sure=0.4))) == 0


def test_the_place_of_the_date_is_known_from_the_look() -> None:
    parts = np.zeros((len(PARTS), SIDE // STRIDE, SIDE // STRIDE))
    parts[0] = 1.0
    parts[:, 20, 20] = 0.0
    parts[2, 20, 20] = 1.0
    of = {name: np.full(n, 1 / n) for name, n in HEADS.items()}
    look = DateLook(0.9, *of.values(), parts=parts, clarity=0.1)
    pixels = np.full((200, 200, 3), 255, np.uint8)
    strike = Strike(pixels, pixels[:, :, 0], Box(28, 28, 144, 144), SAME, None, None)
    assert CORE == 144, "a pixel of the crop is then a pixel of the look"
    at = np.array([[100 + 2, 100 + 2], [60, 60]], np.float64)
    assert covered_by_date(at, strike, look).tolist() == [True, False]
    assert not covered_by_date(at, strike, None).any()
    closely = DatePlace(np.array([[32.0, 33.0]]) / 144, np.array([2]), np.array([0.9]))
    assert covered_by_date(at, strike, replace(look, place=closely)).tolist() == [True, False]
    clear = replace(look, place=closely, clarity=0.9)
    assert covered_by_date(at, strike, clear).tolist() == [True, True]


class CountingReader:
    spec: Mapping[str, Any] = {}

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Every strip says A in its middle."""
        self.asked += 1
        n, _, height, width = inputs[0].shape
        assert height == STRIP_HEIGHT
        out = np.zeros((n, width // 2, CLASSES), np.float32)
        out[:, :, 0] = 1
        out[:, width // 4] = 0
        out[:, width // 4, classify("A") or 0] = 0.98
        return [out]


@pytest.mark.parametrize("drawn", [False, True])
def test_a_reference_is_read_once_and_in_its_own_box(drawn: bool) -> None:
    die = np.zeros((220, 220), np.uint8)
    y, x = np.mgrid[:220, :220]
    far = np.hypot(x - 110, y - 110)
    die[(far < 100) & (far > 94)] = 255
    pixels = np.repeat((255 - die)[:, :, None], 3, 2)
    reader = CountingReader()
    wording = Wording(die if drawn else LearntStrike(pixels, Box(10, 10, 200, 200)), reader)
    assert reader.asked == 0
    assert wording.nbytes == 0
    letters = wording.letters
    asked = reader.asked
    assert wording.letters is letters
    assert reader.asked == asked > 0
    assert wording.nbytes > 0
    assert np.abs(letters.places - 0.5).max(1).min() < 0.1, "the line through the middle has its A there"
    assert (np.abs(letters.places - 0.5) < 0.6).all()
