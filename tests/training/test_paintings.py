"""Painted cachets: pictures and words that fill their box."""

from __future__ import annotations

import numpy as np

from recognizer.geometry import Box
from recognizer.training.paintings import painting
from recognizer.training.sheet import Sheet
from recognizer.training.stamps import Sticker


def test_a_painting_fills_its_box_and_bears_colour() -> None:
    coloured = 0
    for seed in range(12):
        picture = painting(np.random.default_rng(seed), 4.0)
        cover = picture.alpha > 60
        assert cover.any(0)[[0, -1]].all()
        assert cover.any(1)[[0, -1]].all()
        assert picture.pixels.shape == (*picture.alpha.shape, 3)
        coloured += int(np.ptp(picture.pixels[cover].astype(int), axis=1).max() > 40)
    assert coloured >= 8


def test_it_is_printed_on_the_paper_about_its_middle() -> None:
    sheet = Sheet(np.random.default_rng(1), 400, 300, 4.0, "white")
    before = sheet.pixels.copy()
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:30] = 255
    sheet.painted(Sticker(np.full((40, 60, 3), (200, 0, 0), np.uint8), alpha), 50, 30)
    changed = (sheet.pixels != before).any(2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (110, 129, 170, 229)
    assert (sheet.pixels[changed][:, 1] == 0).all()
    assert [(r.kind, r.box) for r in sheet.regions] == [("cachet", Box(170, 100, 60, 40))]
