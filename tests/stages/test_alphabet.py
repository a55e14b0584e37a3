from __future__ import annotations

import pytest

from recognizer.stages.alphabet import CLASSES, SHAPES, classify, encode, resemblance, settle


def test_look_alikes_of_both_scripts_are_one_shape() -> None:
    assert encode("BEKHOC") == encode("ВЕКНОС")
    assert classify("0") == classify("О")
    assert classify("3") == classify("З")
    assert classify("6") != classify("б")


def test_kazakh_serbian_and_ukrainian_letters_have_shapes_of_their_own() -> None:
    assert len({classify(c) for c in "ҚҢӘҒӨҰҮЂЉЊЋЏЄҐЎ"}) == 15
    assert classify("ё") == classify("Ë")


def test_an_unknown_character_has_no_shape() -> None:
    assert classify("金") is None
    assert encode("金A") == encode("A")


@pytest.mark.parametrize(
    ("shapes", "characters"),
    [("БAЙKOHУP", "БАЙКОНУР"), ("12.OЗ.1961", "12.03.1961"), ("VILNIUS", "VILNIUS"), ("O8", "08")],
)
def test_a_word_settles_its_script(shapes: str, characters: str) -> None:
    assert settle(shapes) == characters


def test_every_shape_resembles_itself_most() -> None:
    weights = resemblance()
    assert weights.shape == (CLASSES, CLASSES)
    assert len(SHAPES) == CLASSES - 1 == len(set(SHAPES))
    assert (weights.diagonal() == weights.max(1)).all()
