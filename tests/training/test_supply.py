"""Batches of new samples and of some seen before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("torch")

from numpy.random import Generator

from recognizer.training.supply import Supply


class _Counter:
    """Draws 1, 2, 3, ..."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, rng: Generator) -> int:
        self.drawn += 1
        return self.drawn


def _counting() -> Callable[[Generator], int]:
    return _Counter()


def test_a_batch_is_new_at_first_then_partly_seen_before() -> None:
    supply = Supply(_counting, batch=8, fresh=0.25, first=16, kept=20, seed=3)
    assert supply.batch() == list(range(1, 9))
    assert supply.batch() == list(range(9, 17))
    third = supply.batch()
    assert third[:2] == [17, 18]
    assert set(third[2:]) <= set(range(1, 17))


def test_only_so_many_are_kept() -> None:
    supply = Supply(_counting, batch=4, fresh=0.5, first=4, kept=6, seed=3)
    seen = [supply.batch() for _ in range(40)]
    assert len({n for batch in seen[-3:] for n in batch[2:]}) <= 6 + 6
