"""The die comparer: a small network that sees a strike and two dies where these differ: which one is it?

Correlation weighs every pixel alike and takes a slip, a run of ink or a pen stroke for a difference; what a
figure looks like when it is worn has to be learnt. The network answers for one die against the other: asked
the other way round it says the opposite. Its answers for several windows of one strike are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.sources.models import Model, open_model
from recognizer.stages.difference import WINDOW, DifferenceParams
from recognizer.stages.evidence import CANDIDATE, weights_of
from recognizer.training.fit import Fit, Judge, shipped, table
from recognizer.training.layers import Block, conv
from recognizer.training.supply import Supply
from recognizer.training.to_onnx import to_onnx
from recognizer.training.twin_strikes import TwinStrike, TwinStrikes

HELD_OUT = 10**12  # seeds from here on are never trained on
Told = Callable[[NDArray[np.float32]], NDArray[np.float32]]  # windows (n, 3, W, W) to log odds (n,)
_ANY_WAY = 0.3  # share of strikes shown turned any way round


@dataclass(frozen=True)
class ComparerRecipe:
    """How the comparer is trained; all of it goes into ``model.toml``."""

    minutes: float = 25.0
    batch: int = 64
    rate: float = 2e-3
    decay: float = 0.05
    warm_steps: int = 100
    half: bool = False  # bfloat16 arithmetic
    fresh: float = 0.04  # share of a batch that is newly pressed
    kept: int = 40_000  # strikes kept for that (10 kB each)
    drop: float = 0.3
    smooth: float = 0.995  # of the running mean of weights that ships
    seed: int = 31


class Batch(NamedTuple):
    """Windows of several strikes, one after the other."""

    pictures: Tensor  # (n, 3, WINDOW, WINDOW)
    strike: Tensor  # (n,) which strike of the batch each window is of
    own: Tensor  # (strikes,) 1 where the first die made it


class Seen(NamedTuple):
    told: Tensor  # (n,) log odds that the strike is of the first die

    def float(self) -> Seen:
        return Seen(self.told.float())


class Comparer(nn.Module):  # type: ignore[misc]
    """Takes (n, 3, WINDOW, WINDOW) 0..1, see ``difference.windows_on``."""

    def __init__(self, drop: float = 0.0) -> None:
        super().__init__()
        self.look = nn.Sequential(
            conv(3, 24, 2, 5), conv(24, 48), conv(48, 64, 2), Block(64), conv(64, 96, 2), Block(96)
        )
        self.drop = nn.Dropout(drop)
        self.told = nn.Sequential(nn.Linear(96 * (WINDOW // 8) ** 2, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, x: Tensor) -> Seen:
        both = torch.cat([x, x[:, [0, 2, 1]]])
        one, other = self.told(self.drop(self.look(both).flatten(1)))[:, 0].chunk(2)
        return Seen(one - other)


class Shipped(nn.Module):  # type: ignore[misc]
    """As it ships: log odds alone."""

    def __init__(self, net: Comparer) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        told: Tensor = self.net(x).told
        return told


def batch_of(strikes: Sequence[TwinStrike], rng: Generator | None = None) -> Batch:
    """A batch; with ``rng`` every window is shown otherwise than before, and half of the pairs swapped."""
    pictures, own = [], []
    for strike in strikes:
        windows, mine = _as_shown(strike), strike.own
        if rng is not None:
            windows = _varied(windows, rng)
            if rng.random() < 0.5:
                windows, mine = np.asarray(windows[:, [0, 2, 1]], np.float32), not mine
        pictures.append(windows)
        own.append(float(mine))
    of = np.repeat(np.arange(len(strikes)), [len(strike.windows) for strike in strikes])
    return Batch(torch.from_numpy(np.concatenate(pictures)), torch.from_numpy(of), torch.tensor(own))


def _as_shown(strike: TwinStrike) -> NDArray[np.float32]:
    return np.asarray(strike.windows / np.float32(255), np.float32)


def _varied(windows: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Turned, resized and moved, the strike a little against the dies, and paler or darker."""
    shown, half = np.empty_like(windows), (WINDOW - 1) / 2
    for window, out in zip(windows, shown, strict=True):
        turn = rng.uniform(-180, 180) if rng.random() < _ANY_WAY else rng.normal(0, 5)
        map_ = cv2.getRotationMatrix2D((half, half), float(turn), float(np.exp(rng.normal(0, 0.08))))
        map_[:, 2] += rng.normal(0, 1.5, 2)
        beside = map_.copy()
        beside[:, 2] += rng.normal(0, 0.7, 2)
        for layer, way, target in zip(window, (beside, map_, map_), out, strict=True):
            target[:] = cv2.warpAffine(layer, way, (WINDOW, WINDOW))
    shown[:, 0] = np.clip(shown[:, 0] * rng.uniform(0.75, 1.25), 0, 1)
    return shown


def _drawing(home: Path) -> TwinStrikes:
    return TwinStrikes(open_model("strike-matcher", home), open_model("strike-calibration", home))


def held_out(home: Path, count: int, seed: int = 0) -> list[TwinStrike]:
    """Strikes of pairs never trained on. ``home`` is the folder of models that strikes are named by."""
    rng, draw = np.random.default_rng(HELD_OUT + seed), _drawing(home)
    return [draw(rng) for _ in range(count)]


def judge(told: Told, strikes: Sequence[TwinStrike]) -> dict[str, float]:
    """Share of strikes given to their own die by what the network says alone, and together with what
    speaks for it otherwise, in ordinary and severe wear; and how much of a log odds one of the network's is.
    """
    own = np.array([strike.own for strike in strikes])
    severe = np.array([strike.severe for strike in strikes])
    lead = np.array([strike.lead for strike in strikes])
    said = np.array([_said(told, strike) for strike in strikes])
    fitted = LogisticRegression(C=10.0).fit(np.column_stack([lead, said]), own)
    both = fitted.decision_function(np.column_stack([lead, said])) > 0
    found = {}
    for name, these in (("ordinary", ~severe), ("severe", severe)):
        found[f"{name}_before"] = float(own[these].mean())
        found[f"{name}_alone"] = float(((said[these] > 0) == own[these]).mean())
        found[name] = float((both[these] == own[these]).mean())
    return {**found, "of_a_log_odds": float(fitted.coef_[0, 1] / fitted.coef_[0, 0])}


def _said(told: Told, strike: TwinStrike) -> float:
    most = DifferenceParams().most_told
    return float(np.clip(told(_as_shown(strike)).sum(), -most, most))


@torch.no_grad()  # type: ignore[untyped-decorator]
def _answers(net: nn.Module, windows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(net.eval()(torch.from_numpy(windows)).told.numpy())


class ComparerFit(Fit[ComparerRecipe, Batch]):
    """One training of the comparer: a strike's windows must say together which die made it."""

    told_every, judged_every = 100, 1000

    def __init__(self, recipe: ComparerRecipe, folder: Path, home: Path) -> None:
        self.home = home
        super().__init__(recipe, folder, partial(Comparer, recipe.drop))

    def batches(self) -> Iterator[Batch]:
        p = self.recipe
        supply = Supply(partial(_drawing, self.home), p.batch, p.fresh, 1000, p.kept, p.seed + self.step)
        rng = np.random.default_rng([p.seed, self.step])
        while True:
            yield batch_of(supply.batch(), rng)

    def losses(self, seen: Seen, batch: Batch) -> dict[str, Tensor]:
        sums = torch.zeros_like(batch.own).index_add_(0, batch.strike, seen.told)
        return {"die": F.binary_cross_entropy_with_logits(sums, batch.own)}

    def write(self, path: Path) -> None:
        axes = {"windows": {0: "n"}, "told": {0: "n"}}
        to_onnx(Shipped(self.smooth), torch.zeros(2, 3, WINDOW, WINDOW), path, axes)

    def judge(self) -> Judge:
        return partial(judge, partial(_answers, self.smooth), held_out(self.home, 400))


def export(fit: ComparerFit, out: Path, count: int = 1500) -> dict[str, float]:
    """Write ``model.onnx`` and ``model.toml`` with the figures on pairs held out.

    It stays in single precision: it is small, and asked for few windows.
    """

    def judged(network: Path) -> dict[str, float]:
        model = Model("die-comparer", "", {}, network)
        return judge(lambda windows: model(windows)[0], held_out(fit.home, count, 5))

    return shipped(out, fit.write, judged, partial(_spec, fit))


def _spec(fit: ComparerFit, sha256: str, figures: Mapping[str, float]) -> str:
    """What ``model.toml`` says."""
    calibration = open_model("strike-calibration", fit.home).spec
    shown = weights_of(calibration, learned=True).candidate[CANDIDATE.index("shown")]
    lines = [
        'version = "1"',
        f'sha256 = "{sha256}"',
        'about = "Says which of two dies a strike shows, by what it sees where they differ."',
        "",
        "[input]",
        f'windows = "float32 (n, 3, {WINDOW}, {WINDOW}): a strike, one die, another, ink bright, 0..1"',
        "[output]",
        'told = "float32 (n,): log odds that it is the first die; those of one strike add up"',
        "# What of a correlation one of them is worth, as the calibration weighs correlations:",
        f"worth = {figures['of_a_log_odds'] / shown:.4f}",
        "",
        *fit.trained("scripts/train_comparer.py", "near-twins"),
        "",
        "# Strikes of near-twins held out, share given to their own die: without it, by it alone, by both.",
        table("figures", figures),
    ]
    return "\n".join(lines) + "\n"
