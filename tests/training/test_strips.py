from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from recognizer.imaging.unroll import STRIP_HEIGHT
from recognizer.stages.alphabet import CLASSES
from recognizer.training.pressed_strips import PressedStrips
from recognizer.training.strip_texts import compose, date_line
from recognizer.training.strips import Faces, draw


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces.found([Path(matplotlib.get_data_path()) / "fonts" / "ttf"])


def test_drawn_strips_have_the_reader_s_form(faces: Faces) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        strip, classes, places, _ = draw(rng, faces)
        assert strip.shape == (2, STRIP_HEIGHT, 256)
        assert strip.dtype == np.float32
        assert 0 <= strip.min() <= strip.max() <= 1
        assert all(0 < c < CLASSES for c in classes)
        assert len(places) == len(classes)
        assert places == sorted(places)


def test_the_same_seed_draws_the_same_strip(faces: Faces) -> None:
    (a, read_a, *_), (b, read_b, *_) = (draw(np.random.default_rng(5), faces) for _ in range(2))
    assert read_a == read_b
    assert (a == b).all()


def test_a_clean_strip_holds_more_ink_than_an_empty_one(faces: Faces) -> None:
    rng = np.random.default_rng(2)
    drawn = [draw(rng, faces, wear=0.0) for _ in range(40)]
    assert sum(bool(classes) and strip.std() > 0.05 for strip, classes, *_ in drawn) > 30


def test_texts_are_dates_and_words_of_both_scripts() -> None:
    rng = np.random.default_rng(3)
    texts = [compose(rng) for _ in range(300)]
    assert any("А" <= c <= "Я" for t in texts for c in t)
    assert any("A" <= c <= "Z" for t in texts for c in t)
    assert sum(any(c.isdigit() for c in date_line(rng)) for _ in range(100)) > 80


def test_strips_of_pressed_strikes_say_something_and_are_told_so() -> None:
    rng = np.random.default_rng(4)
    source = PressedStrips()
    strips = [one for _ in range(6) for one in source.strike(rng)]
    assert len(strips) > 6
    assert all(strip.shape == (2, STRIP_HEIGHT, 256) for strip, *_ in strips)
    assert sum(bool(classes) for _, classes, *_ in strips) > len(strips) / 2
