"""What a training learns from: samples drawn by a worker without end, many kept and shown again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.random import Generator
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

T = TypeVar("T")
Draw = Callable[[Generator], T]


class _Stream(IterableDataset[T]):  # type: ignore[misc]
    """What a worker draws: ``make`` is called there, for what draws may not travel well."""

    def __init__(self, make: Callable[[], Draw[T]], seed: int) -> None:
        self.make, self.seed = make, seed

    def __iter__(self) -> Iterator[T]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        draw = self.make()
        while True:
            yield draw(rng)


def _as_it_is(sample: T) -> T:
    """Not made tensors of, as is usual: each would hold a file open for as long as it is kept."""
    return sample


class Supply(Generic[T]):
    """Batches, a share of each newly drawn, the rest seen before.

    Drawing a sample costs more than a step of training on it: each is shown several times. ``first`` samples
    are drawn before any is shown again, ``kept`` are remembered.
    """

    def __init__(
        self, make: Callable[[], Draw[T]], batch: int, fresh: float, first: int, kept: int, seed: int
    ) -> None:
        self.size, self.new, self.first, self.kept = batch, max(round(batch * fresh), 1), first, kept
        self.rng = np.random.default_rng([seed, 1])
        loader = DataLoader(
            _Stream(make, seed), batch_size=None, num_workers=1, prefetch_factor=128, collate_fn=_as_it_is,
            multiprocessing_context="spawn",  # a fork of a process with OpenCV's threads may wait for ever
        )  # fmt: skip
        self._fresh: Iterator[T] = iter(loader)
        self._pool: list[T] = []

    def batch(self) -> list[T]:
        """The next batch: new samples first."""
        new = self.new if len(self._pool) >= self.first else self.size
        fresh = [next(self._fresh) for _ in range(new)]
        seen = len(self._pool)
        old = [self._pool[i] for i in self.rng.integers(0, max(seen, 1), self.size - new)] if seen else []
        for one in fresh:
            if len(self._pool) < self.kept:
                self._pool.append(one)
            else:
                self._pool[int(self.rng.integers(self.kept))] = one
        return [*fresh, *old]
