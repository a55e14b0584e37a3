"""Sketched covers carry their truth: regions on the picture, ink where the strikes are."""

from __future__ import annotations

import numpy as np

from recognizer.training.sketch import KINDS
from recognizer.training.sketch_dies import dial
from recognizer.training.sketch_ink import worn
from recognizer.training.sketch_scan import sketch_scan


def test_truth_lies_on_the_picture_and_ink_mostly_in_struck_boxes() -> None:
    inside = total = 0.0
    kinds: set[str] = set()
    for seed in range(12):
        pixels, ink, rows = sketch_scan(np.random.default_rng(seed), 480)
        h, w = ink.shape
        assert pixels.shape == (h, w, 3)
        assert (rows[:, 1:3] >= -0.5).all()
        assert (rows[:, 1] + rows[:, 3] <= w + 0.5).all()
        assert (rows[:, 2] + rows[:, 4] <= h + 0.5).all()
        kinds |= {KINDS[int(k)] for k in rows[:, 0]}
        struck = np.zeros((h, w), bool)
        for _, x, y, bw, bh in rows[rows[:, 0] < 2]:
            struck[max(int(y) - 3, 0) : int(y + bh) + 4, max(int(x) - 3, 0) : int(x + bw) + 4] = True
        inside, total = inside + float(ink[struck].sum()), total + float(ink.sum())
    assert inside > 0.9 * total
    assert {"postmark", "stamp", "handstamp"} <= kinds


def test_one_seed_draws_one_cover() -> None:
    one, other = (sketch_scan(np.random.default_rng(5), 320) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_dial_fills_its_square_and_wear_takes_ink_away() -> None:
    rng = np.random.default_rng(1)
    for _ in range(6):
        die = dial(rng, 160)
        ys, xs = np.nonzero(die > 0.5)
        assert min(np.ptp(xs), np.ptp(ys)) > 0.75 * 160
        struck = worn(rng, die)
        assert struck.shape == die.shape
        assert struck.max() <= 1
