"""Strikes of unknown dies are sorted by die."""

from __future__ import annotations

from functools import cache

import numpy as np

from recognizer.geometry import Box
from recognizer.stages.grouping import group_strikes
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike
from recognizer.types import LearntStrike


@cache
def pressed(seed: int) -> tuple[tuple[LearntStrike, int], ...]:
    """Four dies struck three times each, and one die struck once."""
    rng = np.random.default_rng(seed)
    designs = [random_design(rng) for _ in range(5)]
    found = []
    for n in (0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 4):
        sample = press_strike(rng, designs[n], 200, "ordinary")
        height, width = sample.pixels.shape[:2]
        core = Box.around(sample.outline()).clipped(width, height)
        found.append((LearntStrike(sample.pixels, core), n))
    return tuple(found)


def test_strikes_of_one_die_come_together() -> None:
    count = whole = 0
    for seed in (11, 12, 13):
        strikes, dies = zip(*pressed(seed), strict=True)
        groups = group_strikes(strikes)
        assert sorted(n for group in groups for n in group) == list(range(13))
        for group in groups:  # never two dies in one: that is what a person can't see at a glance
            assert len({dies[n] for n in group}) == 1
        whole += len(groups[0]) == 3
        count += len(groups)
    assert whole >= 2  # albums in which all three strikes of a die lie together
    assert count <= 28  # of 39; over 24 such albums 8.2 an album on average


def test_new_strikes_join_the_groups_that_are_there() -> None:
    strikes, dies = zip(*pressed(11), strict=True)
    there = [[strikes[0], strikes[4]], [strikes[1], strikes[5]]]
    groups = group_strikes([strikes[8], strikes[9], strikes[12]], there)
    assert groups[:2] == [[0], [1]]
    assert groups[2:] == [[2]]
    assert dies[8] == dies[0]


def test_nothing_and_a_strike_alone() -> None:
    assert group_strikes([]) == []
    assert group_strikes([pressed(11)[0][0]]) == [[0]]
    assert group_strikes([], [[pressed(11)[0][0]]]) == [[]]
