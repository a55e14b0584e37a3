from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.records import MarkSpec, Names
from recognizer.stages.identify import index_marks
from recognizer.stages.learn import consensus, infer_date_zone, nearest
from recognizer.training.designs import Design, random_design
from recognizer.training.press import StrikeSample, press_strike
from recognizer.types import LearntStrike, Mark


def struck(design: Design, seed: int) -> tuple[StrikeSample, LearntStrike]:
    sample = press_strike(
        np.random.default_rng(seed), design, 240, angle_deg=0.0, jitter=0.0, backdrop=False, camera=None
    )
    return sample, LearntStrike(sample.pixels, Box.around(sample.outline()).clipped(240, 240))


@pytest.fixture(scope="module")
def dial() -> Design:
    return random_design(np.random.default_rng(3), "american_dial")


@pytest.mark.parametrize("family", ["bridge_dater", "far_eastern"])
def test_the_date_is_where_strikes_differ(family: str) -> None:
    dater = random_design(np.random.default_rng(30), family)
    pairs = [struck(dater, seed) for seed in range(4)]
    zone = infer_date_zone([learnt for _, learnt in pairs])
    assert zone is not None
    sample, learnt = pairs[0]
    corners = sample.corners("date")
    assert corners is not None
    core = learnt.core
    truth = Box.around((corners - (core.x, core.y)) / (core.w, core.h))
    overlap = truth.intersection(Box(*zone))
    assert overlap > 0.5 * Box(*zone).area
    assert overlap > 0.8 * truth.area


def test_strikes_of_one_date_say_nothing_of_where_it_stands(dial: Design) -> None:
    _, learnt = struck(dial, 1)
    same = LearntStrike(learnt.pixels, learnt.core, "1944-03-02")
    assert infer_date_zone([same, same]) is None


def test_consensus_keeps_what_all_strikes_have(dial: Design) -> None:
    strikes = [struck(dial, seed)[1] for seed in range(4)]
    support = consensus(strikes)
    assert support is not None
    assert len(support.used) == 4
    ink = support.picture > 127
    x, y, w, h = support.core.rounded()
    assert 0.02 < ink[y : y + h, x : x + w].mean() < 0.5
    assert consensus(strikes[:1]) is None


def test_a_mark_nearly_another_is_told(dial: Design) -> None:
    known = Mark(MarkSpec(id="old", name=Names(en="old"), status="learnt"), None, (struck(dial, 1)[1],))
    other = random_design(np.random.default_rng(8), "box")
    index = index_marks([known])
    again = nearest([struck(dial, 2)[1]], index)
    assert again is not None
    assert again.mark == "old"
    assert again.nearly
    apart = nearest([struck(other, 3)[1]], index)
    assert apart is None or not apart.nearly
    assert nearest([struck(dial, 2)[1]], index_marks([])) is None
