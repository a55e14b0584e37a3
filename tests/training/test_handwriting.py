from __future__ import annotations

import numpy as np
import pytest

from recognizer.training.handwriting import CAPITALS, JOINED, Hand, random_words


@pytest.mark.parametrize("joined", [True, False])
def test_a_line_runs_to_the_right_and_stands_on_its_baseline(joined: bool) -> None:
    hand = Hand(joined, 0.2, 0.9, 0.02, 0.5)
    paths = hand.line(np.random.default_rng(1), "Miss Martha 904")
    points = np.concatenate(paths)
    assert points[:, 0].max() > 5
    assert -1.4 < points[:, 1].min() < -0.8
    assert points[:, 1].max() < 0.7
    starts = [float(path[:, 0].min()) for path in paths]
    assert np.corrcoef(starts, np.arange(len(starts)))[0, 1] > 0.9


def test_every_letter_of_random_words_can_be_written() -> None:
    words = random_words(np.random.default_rng(2), 200)
    plain = [c for c in words if c.isascii() and c not in " ()'"]
    assert all(c.upper() in CAPITALS for c in plain)
    assert set(JOINED) == set("abcdefghijklmnopqrstuvwxyz")
