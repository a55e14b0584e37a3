"""A training on what is drawn without end: a network, its smoothed copy, a clock, checkpoints, the export."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from recognizer.training.checkpoints import Stateful, follow, keep, take_up
from recognizer.training.taken_up import settle, take_up_shipped


class Recipe(Protocol):
    """How a network is trained, a dataclass; all of it goes into ``model.toml``."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def minutes(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def decay(self) -> float: ...
    @property
    def warm_steps(self) -> int: ...
    @property
    def half(self) -> bool: ...
    @property
    def smooth(self) -> float: ...
    @property
    def seed(self) -> int: ...


class Pictured(Protocol):
    """A batch: what the network is shown, beside what its losses need."""

    @property
    def pictures(self) -> Tensor: ...


_SETTLING = 24  # batches that norms are settled by
_ALONE, _ALONE_RATE = 200, 4e-3  # steps, and their rate, of what does not ship

R = TypeVar("R", bound=Recipe)
B = TypeVar("B", bound=Pictured)
Judge = Callable[[], dict[str, float]]


class Fit(ABC, Generic[R, B]):
    """One training on what is drawn without end."""

    told_every: ClassVar[int]  # steps from one report and checkpoint to the next
    judged_every: ClassVar[int]  # and from one judgement on what is held out to the next

    def __init__(self, recipe: R, folder: Path, make: Callable[[], nn.Module], device: str = "cpu") -> None:
        self.recipe, self.folder, self.device = recipe, folder, torch.device(device)
        torch.manual_seed(recipe.seed)
        self.net, self.smooth = make().to(self.device), make().to(self.device)
        self.smooth.load_state_dict(self.net.state_dict())
        self.net.to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), recipe.rate, weight_decay=recipe.decay)
        self.step = 0
        self.spent_s, self.before_s = 0.0, 0.0  # of this schedule, of earlier ones
        self.averaged = 1  # trainings whose mean the weights are

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    @property
    def minutes(self) -> float:
        """How long the weights have been trained, all schedules together."""
        return (self.before_s + self.spent_s) / 60

    @property
    def _parts(self) -> dict[str, Stateful]:
        return {"net": self.net, "smooth": self.smooth, "optimiser": self.optimiser}

    @abstractmethod
    def batches(self) -> Iterator[B]:
        """Batches without end, from this step on."""

    @abstractmethod
    def losses(self, seen: Any, batch: B) -> dict[str, Tensor]:
        """What the network's answers cost, in parts."""

    @abstractmethod
    def judge(self) -> Judge:
        """What asks the smoothed network about things held out, drawn now."""

    @abstractmethod
    def write(self, path: Path) -> None:
        """Write the smoothed network as it ships, before it is brought to eight bits."""

    def save(self) -> None:
        keep(self.checkpoint, self._parts, step=self.step, spent_s=self.spent_s, before_s=self.before_s)

    def resume(self, fresh_clock: bool = False) -> None:
        """Take up a checkpoint; ``fresh_clock`` starts a new schedule from its weights."""
        state = take_up(self.checkpoint, self._parts, self.device)
        self.step, self.spent_s, self.before_s = state["step"], state["spent_s"], state["before_s"]
        if fresh_clock:
            self.spent_s, self.before_s = 0.0, self.before_s + self.spent_s

    def take_mean(self, folders: Sequence[Path]) -> None:
        """Take up the mean of the weights that several trainings of this network ended with.

        Trainings that began with the same weights end in one valley, and the mean errs less than each of them
        (Wortsman et al., "Model soups", 2022). It counts as trained as long as the longest of them.
        """
        ends = [take_up(folder / self.checkpoint.name, self._parts, self.device) for folder in folders]
        longest = max(ends, key=lambda end: end["step"])
        self.step, self.before_s = longest["step"], longest["before_s"] + longest["spent_s"]
        self.averaged = len(ends)
        mean = {
            name: torch.stack([end["smooth"][name] for end in ends]).mean(0)
            if last.is_floating_point()
            else last
            for name, last in longest["smooth"].items()
        }
        self.smooth.load_state_dict(mean)
        self.net.load_state_dict(mean)

    def begin_from(self, home: Path) -> None:
        """A new schedule from the weights that ship in a model's folder."""
        left = take_up_shipped(self.smooth, home / "model.onnx", self.write)
        batches = (moved(batch, self.device) for batch in self.batches())
        settle(self.smooth, (batch.pictures for batch in islice(batches, _SETTLING)))
        self.net.load_state_dict(self.smooth.state_dict())
        self._teach_alone(left, islice(batches, _ALONE))
        trained = tomllib.loads((home / "model.toml").read_text(encoding="utf-8"))["trained"]
        self.step, self.before_s = trained["steps"], 60.0 * trained["minutes"]

    def _teach_alone(self, names: list[str], batches: Iterator[B]) -> None:
        """Steps for what does not ship, heads that only teach: the rest stays as it is."""
        if not names:
            return
        own = [self.net.get_parameter(name) for name in names]
        optimiser = torch.optim.AdamW(own, _ALONE_RATE)
        self.net.eval()
        for batch in batches:
            parts = self.losses(self.net(batch.pictures), batch)
            torch.stack(list(parts.values())).sum().backward()
            optimiser.step()
            self.net.zero_grad(set_to_none=True)
        self.net.train()
        self.smooth.load_state_dict(self.net.state_dict())

    def run(self, say: Callable[[str], None] = print) -> None:
        """Train until the recipe's minutes are over, saying how far it is."""
        batches, judged = self.batches(), self.judge()
        begun, mark = self.step, time.monotonic()
        means: dict[str, float] = {}
        while self.spent_s < self.recipe.minutes * 60:
            self._set_rate(self.step - begun)
            for name, value in self._learn(next(batches)).items():
                means[name] = 0.98 * means.get(name, value) + 0.02 * value
            now = time.monotonic()
            self.spent_s, mark = self.spent_s + now - mark, now
            if self.step % self.told_every == 0:
                told = {k: round(v, 4) for k, v in means.items()}
                if self.step % self.judged_every == 0:
                    told |= {f"held {k}": round(v, 3) for k, v in judged().items()}
                say(json.dumps({"step": self.step, "minutes": round(self.spent_s / 60, 1), **told}))
                self.save()
                mark = time.monotonic()
        self.save()

    def _learn(self, batch: B) -> dict[str, float]:
        """One step; the parts of the loss."""
        batch = moved(batch, self.device)
        with torch.autocast(self.device.type, torch.bfloat16, self.recipe.half):
            seen = self.net(batch.pictures.contiguous(memory_format=torch.channels_last))
        parts = self.losses(seen.float(), batch)
        self.optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        follow(self.smooth, self.net, self.step, self.recipe.smooth)
        return {name: value.item() for name, value in parts.items()}

    def _set_rate(self, run: int) -> None:
        done = min(self.spent_s / (self.recipe.minutes * 60), 1.0)
        fall = 0.5 + 0.5 * math.cos(math.pi * done)
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate * min(1.0, (run + 1) / self.recipe.warm_steps) * fall + 1e-6

    def trained(self, script: str, on: str, **besides: int) -> list[str]:
        """The lines of ``model.toml`` on how the weights came about."""
        return [
            "[trained]",
            f'by = "{script}, on drawn {on} alone"',
            f"minutes = {self.minutes:.0f}",
            f"steps = {self.step}",
            *([f"mean_of = {self.averaged}"] if self.averaged > 1 else []),
            f"weights = {sum(p.numel() for p in self.smooth.parameters())}",
            *(f"{k} = {v}" for k, v in besides.items()),
            *(f"{k} = {json.dumps(v)}" for k, v in asdict(self.recipe).items() if k != "minutes"),
        ]


T = TypeVar("T")


def moved(batch: T, device: torch.device) -> T:
    """A batch, a tuple of tensors and tables of them, on another device."""
    if isinstance(batch, Tensor):
        there: T = batch.to(device)
        return there
    if isinstance(batch, dict):
        return {name: moved(value, device) for name, value in batch.items()}  # type: ignore[return-value]
    parts: Any = batch
    return type(batch)(*(moved(part, device) for part in parts))


def table(name: str, values: Mapping[str, float]) -> str:
    """A table of ``model.toml``, to three places."""
    return "\n".join([f"[{name}]", *(f"{key} = {value:.3f}" for key, value in values.items())])


F = TypeVar("F")


def shipped(
    out: Path, write: Callable[[Path], None], judge: Callable[[Path], F], spec: Callable[[str, F], str]
) -> F:
    """Write ``model.onnx`` and ``model.toml``; the figures. ``spec`` takes the network's hash and them.

    Both come last and together: a folder that lacks one of them would stop every command.
    """
    with tempfile.TemporaryDirectory() as work:
        network = Path(work) / "model.onnx"
        write(network)
        figures = judge(network)
        told = spec(hashlib.sha256(network.read_bytes()).hexdigest(), figures)
        out.mkdir(parents=True, exist_ok=True)
        (out / "model.onnx").write_bytes(network.read_bytes())
        (out / "model.toml").write_text(told, encoding="utf-8")
    return figures
