"""A training is stopped, goes on, and ends as if it had never been stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from recognizer.training.fit import Fit, Judge  # noqa: E402


@dataclass(frozen=True)
class _Recipe:
    minutes: float = 0.2  # twelve steps of a second
    rate: float = 0.05
    decay: float = 0.01
    warm_steps: int = 1
    half: bool = False
    smooth: float = 0.9
    seed: int = 3


class _Batch(NamedTuple):
    pictures: Any


class _Tiny(Fit[_Recipe, _Batch]):
    told_every, judged_every = 2, 4

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _Recipe(), folder, lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 1))
        )

    def batches(self) -> Iterator[_Batch]:
        while True:
            drawn = np.random.default_rng(self.step).random((8, 1, 4, 4), np.float32)
            yield _Batch(torch.from_numpy(drawn))

    def losses(self, seen: Any, batch: _Batch) -> dict[str, Any]:
        return {"off": ((seen[:, 0] - batch.pictures.sum((1, 2, 3))) ** 2).mean()}

    def write(self, path: Path) -> None:
        raise NotImplementedError

    def judge(self) -> Judge:
        return lambda: {"weight": float(self.smooth[1].weight.detach().mean())}


@pytest.fixture(autouse=True)
def _a_second_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count()
    monkeypatch.setattr("recognizer.training.fit.time.monotonic", lambda: float(next(clock)))


def _stop_at(step: int) -> Any:
    def say(line: str) -> None:
        if f'"step": {step},' in line:
            raise KeyboardInterrupt

    return say


def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    through, stopped, resumed = _Tiny(tmp_path / "a"), _Tiny(tmp_path / "b"), _Tiny(tmp_path / "b")
    through.run(lambda line: None)
    with pytest.raises(KeyboardInterrupt):
        stopped.run(_stop_at(8))
    resumed.resume()
    assert resumed.step == 6  # as last kept
    resumed.run(lambda line: None)
    assert resumed.step == through.step == 12
    for mine, wanted in zip(resumed.smooth.parameters(), through.smooth.parameters(), strict=True):
        assert torch.equal(mine, wanted)


def test_a_new_schedule_starts_from_the_weights_and_counts_all_minutes(tmp_path: Path) -> None:
    _Tiny(tmp_path).run(lambda line: None)
    again = _Tiny(tmp_path)
    again.resume(fresh_clock=True)
    assert again.spent_s == 0
    again.run(lambda line: None)
    assert again.step == 24
    assert again.minutes == pytest.approx(0.4)


def test_the_mean_of_two_trainings_lies_between_them(tmp_path: Path) -> None:
    ends = [_Tiny(tmp_path / name) for name in "ab"]
    ends[0].run(lambda line: None)
    ends[1].step = 100  # draws other samples
    ends[1].run(lambda line: None)
    mean = _Tiny(tmp_path / "mean")
    mean.take_mean([tmp_path / name for name in "ab"])
    one, other = (end.smooth[1].weight.detach() for end in ends)
    assert not torch.equal(one, other)
    assert torch.allclose(mean.smooth[1].weight, (one + other) / 2)
    assert mean.step == 112
    assert mean.minutes == pytest.approx(0.2)
    assert "mean_of = 2" in mean.trained("a script", "strikes")


def test_a_training_says_what_it_loses_and_how_it_does_on_what_is_held_out(tmp_path: Path) -> None:
    said: list[str] = []
    _Tiny(tmp_path).run(said.append)
    assert len(said) == 6
    assert all('"off"' in line for line in said)
    assert [('"held weight"' in line) for line in said] == [False, True] * 3
