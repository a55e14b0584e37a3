from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from recognizer.geometry import Points  # noqa: E402
from recognizer.imaging.unroll import STRIP_HEIGHT  # noqa: E402
from recognizer.stages.alphabet import BLANK, CLASSES  # noqa: E402
from recognizer.training.impressions import legibility, strength  # noqa: E402
from recognizer.training.reader_fit import IGNORED, batch_of, losses, step_targets  # noqa: E402
from recognizer.training.strips import Told  # noqa: E402
from recognizer.types import Ink  # noqa: E402

A, B = 9, 10


def _strip(open_: tuple[tuple[float, float], ...] = ()) -> Told:
    return Told(np.zeros((2, STRIP_HEIGHT, 64), np.float32), [A, B], [16.0, 40.0], open_)


def _letter(level: int) -> tuple[Ink, Points]:
    """A T, and its box."""
    ink = np.zeros((30, 30), np.uint8)
    ink[6:9, 8:22] = ink[6:24, 14:17] = level
    return ink, np.array([[8.0, 6], [22, 6], [22, 24], [8, 24]])


def test_steps_say_which_letter_stands_where() -> None:
    wanted = step_targets(_strip(), 32)
    assert wanted[8] == A
    assert wanted[20] == B
    assert wanted[14] == BLANK
    assert IGNORED in wanted[8:20]


def test_nothing_is_asked_of_stretches_in_doubt() -> None:
    wanted = step_targets(_strip(((46.0, 60.0),)), 32)
    assert (wanted[23:31] == IGNORED).all()
    assert wanted[8] == A


def test_a_strip_shown_again_is_another_and_its_letters_are_told_where_they_stand() -> None:
    strip = np.zeros((2, STRIP_HEIGHT, 128), np.float32)
    strip[:, 6:26, 40:43] = strip[:, 6:26, 90:93] = 1
    told, rng = Told(strip, [A, B], [41.0, 91.0], ((60.0, 70.0),)), np.random.default_rng(1)
    places = []
    for _ in range(20):
        batch = batch_of([told], rng)
        columns = batch.pictures[0].numpy().mean((0, 1))
        asked = np.flatnonzero(batch.steps[0].numpy() == A)
        places.append(2 * asked.mean())
        first = columns[:64] * (columns[:64] > 0.5 * columns[:64].max())
        assert first @ np.arange(64) / first.sum() == pytest.approx(places[-1], abs=2.5)
    assert np.std(places) > 1
    assert (batch_of([told]).pictures[0].numpy() == strip).all()


def test_letters_at_the_ends_of_a_strip_stay_on_it() -> None:
    told = Told(np.zeros((2, STRIP_HEIGHT, 64), np.float32), [A, B], [4.0, 60.0])
    rng = np.random.default_rng(2)
    for _ in range(20):
        steps = batch_of([told], rng).steps[0].numpy()
        assert A in steps
        assert B in steps


def test_what_a_doubtful_strip_is_read_as_costs_nothing_but_for_its_places() -> None:
    batch = batch_of([_strip(), _strip(((46.0, 60.0),))])
    flat = torch.full((2, 32, CLASSES), -math.log(CLASSES))
    sure = flat.clone()
    sure[1, 26, A] = 0.0  # a letter seen where it is in doubt
    before, after = (losses(seen, batch, 1.0) for seen in (flat, sure))
    assert before["ctc"] == after["ctc"]
    assert before["places"] == after["places"]
    sure[0, 26, A] = 0.0
    assert losses(sure, batch, 1.0)["ctc"] != before["ctc"]


def test_a_letter_is_legible_however_pale_but_not_beneath_a_pen_stroke() -> None:
    cut, corners = _letter(255)
    pale, _ = _letter(40)
    scrawled = pale.copy()
    scrawled[2:28, 4:20] = 220
    assert legibility(pale, cut, corners) > 0.9
    assert legibility(scrawled, cut, corners) < 0.25
    assert legibility(np.zeros_like(cut), cut, corners) == 0.0
    assert strength(pale, cut, corners) == pytest.approx(40 / 255, abs=0.01)


def test_a_box_beyond_the_picture_shows_nothing() -> None:
    cut, corners = _letter(255)
    assert legibility(cut, cut, corners - 100) == 0.0
    assert strength(cut, cut, corners + 100) == 0.0
