"""The strike matcher: a small network over unrolled strikes, trained so that strikes of one die lie alike.

A batch holds whole families of near-twins; each strike must find the picture of its own die among all others
at its best turn. Right pairs always have different dates, wrong ones often the same: the date can't help.
References are strikes and drawings by turns. Centre, size, shear and perspective are jittered as finders'
boxes are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.imaging.polar import ANGLES, RADII, unroll
from recognizer.sources.models import Model
from recognizer.training.fit import Fit, Judge, shipped, table
from recognizer.training.matcher_pool import DIES, STRIKES, Family, make_family
from recognizer.training.quantise import quantise
from recognizer.training.supply import Supply
from recognizer.training.to_onnx import to_onnx

HELD_OUT = 10**12  # seeds from here on are never trained on
CHANNELS = 64  # of the output map
STEPS = ANGLES // 4  # angles of the output map


@dataclass(frozen=True)
class MatcherRecipe:
    """How the matcher is trained; all of it goes into ``model.toml``."""

    minutes: float = 90.0
    families: int = 12  # a batch holds all dies of each
    rate: float = 2.5e-3
    decay: float = 0.02
    warm_steps: int = 100
    half: bool = False  # bfloat16 arithmetic
    fresh: float = 0.1  # share of a batch that is newly drawn
    kept: int = 3_000  # families kept to be shown again (600 kB each)
    drawings: float = 0.45  # share of families whose references are drawings
    smooth: float = 0.998  # of the running mean of weights that ships
    seed: int = 21


class Batch(NamedTuple):
    """Strikes, then references of the same dies in the same order: (2 N, 1, RADII, ANGLES) in 0-1."""

    pictures: Tensor


def _block(a: int, b: int, size: int | tuple[int, int], stride: int | tuple[int, int]) -> list[nn.Module]:
    return [_Wrapped(a, b, size, stride), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]


class _Wrapped(nn.Module):  # type: ignore[misc]
    """A convolution that goes round the circle and stops at the rim."""

    def __init__(self, a: int, b: int, size: int | tuple[int, int], stride: int | tuple[int, int]) -> None:
        super().__init__()
        high, wide = (size, size) if isinstance(size, int) else size
        self.over, self.beside = high // 2, wide // 2
        self.conv = nn.Conv2d(a, b, size, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([x[..., -self.beside :], x, x[..., : self.beside]], 3)
        found: Tensor = self.conv(F.pad(x, (0, 0, self.over, self.over)))
        return found


class Matcher(nn.Module):  # type: ignore[misc]
    """(N, 1, RADII, ANGLES) unrolled ink in 0-1 -> (N, CHANNELS, STEPS) of unit length over channels and
    steps."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_block(1, 24, 5, 2),
            *_block(24, 32, 3, 1),
            *_block(32, 64, 3, 2),
            *_block(64, 96, 3, 1),
            *_block(96, 96, 3, (2, 1)),
        )
        self.mix = nn.Sequential(
            nn.Conv2d(96, 192, (RADII // 8, 1), bias=False), nn.BatchNorm2d(192), nn.ReLU(),
            *_block(192, 128, (1, 5), 1),
        )  # fmt: skip
        self.last = nn.Conv2d(128, CHANNELS, 1, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(3.0))

    def forward(self, x: Tensor) -> Tensor:
        y = self.last(self.mix(self.trunk(x)))[:, :, 0]
        y = y - y.mean(2, keepdim=True)  # what is the same all round says nothing about the letters
        length = y.pow(2).sum((1, 2), keepdim=True).clamp_min(1e-6).sqrt()
        unit: Tensor = y / length
        return unit


def likeness(a: Tensor, b: Tensor) -> Tensor:
    """Cosine at the best turn of each of (N, C, A) with each of (M, C, A): (N, M)."""
    product = torch.einsum("ncf,mcf->nmf", torch.fft.rfft(a, dim=2), torch.fft.rfft(b, dim=2).conj())
    best: Tensor = torch.fft.irfft(product, n=a.shape[2], dim=2).amax(2)
    return best


# --- batches ------------------------------------------------------------------------------------------


def look(
    rng: np.random.Generator, family: Family, die: int, which: int, jitter: float = 1.0
) -> NDArray[np.uint8]:
    """One picture of a die unrolled about its centre, off by as much as finders are, contrast at random."""
    half = max(family.size_mm) / 2
    a = np.eye(2) + rng.normal(0, 0.02 * jitter, (2, 2)) + np.eye(2) * rng.normal(0, 0.03 * jitter)
    unit = np.eye(3)
    unit[:2, :2] = a * half
    unit[:2, 2] = rng.normal(0, 0.03 * jitter, 2) * half
    if rng.random() < 0.4:
        unit[2, :2] = rng.normal(0, 0.03 * jitter, 2)
    seen = unroll(family.pictures[die, which], family.poses[die, which] @ unit)
    if not jitter:
        return seen
    seen = np.roll(seen, int(rng.integers(ANGLES)), 1)
    f = (seen / np.float32(255)) ** np.float32(rng.uniform(0.7, 1.5)) * np.float32(rng.uniform(0.6, 1.1))
    if rng.random() < 0.3:
        start, width = int(rng.integers(ANGLES)), int(rng.integers(10, 50))
        columns = (start + np.arange(width)) % ANGLES
        f[int(rng.integers(0, RADII // 2)) :, columns] = 0 if rng.random() < 0.6 else rng.random() * 0.7
    return np.asarray(np.clip(f * 255, 0, 255), np.uint8)


def batch_of(rng: Generator, families: Sequence[Family], drawings: float) -> Batch:
    """One strike of every die and a reference of it."""
    asked, known = [], []
    for family in families:
        # All of a family are drawings or none: a strike is more like any strike than any drawing.
        drawn = rng.random() < drawings
        for die in range(DIES):
            s = int(rng.integers(STRIKES))
            r = STRIKES if drawn else int((s + rng.integers(1, STRIKES)) % STRIKES)
            asked.append(look(rng, family, die, s))
            known.append(look(rng, family, die, r, 0.0 if drawn else 0.7))
    return Batch(_tensor([*asked, *known]))


def _tensor(looks: Sequence[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.stack(looks)[:, None].astype(np.float32) / 255)


def _drawing() -> Callable[[Generator], Family]:
    return make_family


# --- training -----------------------------------------------------------------------------------------


class MatcherFit(Fit[MatcherRecipe, Batch]):
    """One training of the matcher: each strike must find its own die among all of the batch."""

    told_every, judged_every = 50, 500

    def __init__(self, recipe: MatcherRecipe, folder: Path) -> None:
        super().__init__(recipe, folder, Matcher)

    def batches(self) -> Iterator[Batch]:
        p = self.recipe
        supply = Supply(_drawing, p.families, p.fresh, 4 * p.families, p.kept, p.seed + self.step)
        rng = np.random.default_rng([p.seed, self.step])
        while True:
            yield batch_of(rng, supply.batch(), p.drawings)

    def losses(self, seen: Tensor, batch: Batch) -> dict[str, Tensor]:
        asked, known = seen.chunk(2)
        logits = likeness(asked, known) * self.net.sharpness.exp().clamp(max=200)
        own = torch.arange(len(asked))
        return {
            "strikes": 0.5 * F.cross_entropy(logits, own),
            "references": 0.5 * F.cross_entropy(logits.T, own),
        }

    def write(self, path: Path) -> None:
        axes = {"unrolled": {0: "n"}, "map": {0: "n"}}
        to_onnx(self.smooth, torch.zeros(2, 1, RADII, ANGLES), path, axes)

    def judge(self) -> Judge:
        return partial(judge, partial(_maps, self.smooth), held_out(40))


def held_out(count: int, seed: int = 0) -> list[Family]:
    """Families never trained on."""
    rng = np.random.default_rng(HELD_OUT + seed)
    return [make_family(rng) for _ in range(count)]


Maps = Callable[[NDArray[np.float32]], NDArray[np.float32]]  # unrolled strikes to their maps


def judge(maps: Maps, families: Sequence[Family], seed: int = 9) -> dict[str, float]:
    """Share of strikes that find their own die among those of all families, from strikes and from drawings,
    and share that find their family."""
    rng = np.random.default_rng(seed)
    dies = [(family, die) for family in families for die in range(DIES)]
    own = torch.arange(len(dies))

    def seen(which: int) -> Tensor:
        looks = _tensor([look(rng, f, d, which, 0.5) for f, d in dies]).numpy()
        return torch.from_numpy(np.concatenate([maps(looks[k : k + 64]) for k in range(0, len(looks), 64)]))

    asked, found = seen(0), {}
    for name, which in (("strike", 1), ("drawing", STRIKES)):
        best = likeness(asked, seen(which)).argmax(1)
        found[f"from_{name}"] = float((best == own).float().mean())
        found[f"family_from_{name}"] = float((best // DIES == own // DIES).float().mean())
    return found


@torch.no_grad()  # type: ignore[untyped-decorator]
def _maps(net: nn.Module, looks: NDArray[np.float32]) -> NDArray[np.float32]:
    seen = net.eval()(torch.from_numpy(looks).contiguous(memory_format=torch.channels_last))
    return np.asarray(seen.numpy(), np.float32)


def export(fit: MatcherFit, out: Path, count: int = 60) -> dict[str, float]:
    """Write ``model.onnx`` and ``model.toml`` with the figures on families held out."""

    def judged(network: Path) -> dict[str, float]:
        model = Model("strike-matcher", "", {}, network)
        return judge(lambda looks: model(looks)[0], held_out(count, 5))

    return shipped(out, partial(_write_network, fit), judged, partial(_spec, fit))


def _write_network(fit: MatcherFit, path: Path) -> None:
    """The network with its convolutions in eight bits, their scales set by strikes held out."""
    fit.write(path)
    rng = np.random.default_rng(HELD_OUT + 4)
    seen = batch_of(rng, held_out(12, 4), fit.recipe.drawings).pictures.numpy()
    quantise(path, "unrolled", [seen[k : k + 4] for k in range(0, len(seen), 4)], kinds=("Conv",))


def _spec(fit: MatcherFit, sha256: str, figures: dict[str, float]) -> str:
    """What ``model.toml`` says."""
    lines = [
        'version = "2"',
        f'sha256 = "{sha256}"',
        'about = "Strikes unrolled about their centre become maps that lie alike for one die."',
        "",
        "[input]",
        f'unrolled = "float32 (n, 1, {RADII}, {ANGLES}): ink outwards and clockwise from the top, 0..1"',
        "[output]",
        f'map = "float32 (n, {CHANNELS}, {STEPS}): of unit length; the cosine at the best turn is likeness"',
        "",
        *fit.trained("scripts/train_matcher.py", "strikes"),
        "",
        "# Families of a die and three near-twins held out, a third of the strikes severely worn: share that",
        "# find their own die among those of all families, and their family, from a strike or the drawing.",
        table("figures", figures),
    ]
    return "\n".join(lines) + "\n"
