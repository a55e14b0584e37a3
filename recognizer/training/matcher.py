"""The strike matcher: a small network over unrolled strikes, trained so that strikes of one die lie alike.

A batch holds whole families of near-twins; each strike must find the picture of its own die among all others
at its best turn. Right pairs always have different dates, wrong ones often the same: the date can't help.
References are strikes and drawings by turns. Centre, size, shear and perspective are jittered as finders'
boxes are.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.imaging.polar import ANGLES, RADII, unroll
from recognizer.training.checkpoints import keep, take_up
from recognizer.training.matcher_pool import DIES, STRIKES, Family, make_family

CHANNELS = 96  # of the output map
STEPS = ANGLES // 4  # angles of the output map


@dataclass(frozen=True, slots=True)
class FitParams:
    """How the matcher is fitted."""

    minutes: float = 60.0
    families: int = 14  # a batch holds all dies of each
    rate: float = 3e-3
    drawings: float = 0.45  # share of references that are drawings
    seed: int = 1


def _block(a: int, b: int, size: int, stride: int) -> list[nn.Module]:
    return [_Wrapped(a, b, size, stride), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]


class _Wrapped(nn.Module):  # type: ignore[misc]
    """A convolution that goes round the circle and stops at the rim."""

    def __init__(self, a: int, b: int, size: int, stride: int) -> None:
        super().__init__()
        self.pad = size // 2
        self.conv = nn.Conv2d(a, b, size, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat([x[..., -self.pad :], x, x[..., : self.pad]], 3)
        found: Tensor = self.conv(F.pad(x, (0, 0, self.pad, self.pad)))
        return found


class Matcher(nn.Module):  # type: ignore[misc]
    """(N, 1, RADII, ANGLES) unrolled ink in 0-1 -> (N, CHANNELS, STEPS) of unit length over channels and
    steps."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_block(1, 24, 5, 2), *_block(24, 40, 3, 1), *_block(40, 64, 3, 2), *_block(64, 64, 3, 1)
        )
        self.mix = nn.Sequential(
            nn.Conv2d(64, 128, (RADII // 4, 1), bias=False), nn.BatchNorm2d(128), nn.ReLU()
        )
        self.last = nn.Conv2d(128, CHANNELS, 1, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(3.4))

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


def draw_batch(rng: np.random.Generator, pool: Sequence[Family], p: FitParams) -> tuple[Tensor, Tensor]:
    """Strikes and references of the same dies in the same order: (N, 1, RADII, ANGLES) in 0-1 each."""
    asked, known = [], []
    for n in rng.choice(len(pool), min(p.families, len(pool)), replace=False):
        drawn = (
            rng.random() < p.drawings
        )  # all of a family: a strike is more like any strike than any drawing
        for die in range(DIES):
            s = int(rng.integers(STRIKES))
            r = STRIKES if drawn else int((s + rng.integers(1, STRIKES)) % STRIKES)
            asked.append(look(rng, pool[n], die, s))
            known.append(look(rng, pool[n], die, r, 0.0 if drawn else 0.7))
    return _tensor(asked), _tensor(known)


def _tensor(looks: Sequence[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.stack(looks)[:, None].astype(np.float32) / 255)


# --- the pool on disk ---------------------------------------------------------------------------------


def load_pool(folder: Path, most: int = 60) -> list[Family]:
    """The families stored so far."""
    pool: list[Family] = []
    for path in sorted(folder.glob("families-*.npz"))[-most:]:
        with np.load(path) as kept:
            sizes, pictures, poses = kept["size_mm"], kept["pictures"], kept["poses"]
            for n, kind in enumerate(kept["kind"]):
                size = (float(sizes[n, 0]), float(sizes[n, 1]))
                pool.append(Family(str(kind), size, pictures[n], poses[n]))
    return pool


def store_pool(folder: Path, seed: int, count: int, each: int = 20) -> None:
    """Draw ``count`` families into files of ``each``, leaving those already there."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count // each):
        path = folder / f"families-{seed:03d}-{n:04d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng([seed, n])
        drawn = [make_family(rng) for _ in range(each)]
        beside = path.with_name("part-" + path.name)
        np.savez(
            beside,
            kind=np.array([f.kind for f in drawn]),
            size_mm=np.array([f.size_mm for f in drawn]),
            pictures=np.stack([f.pictures for f in drawn]),
            poses=np.stack([f.poses for f in drawn]),
        )
        beside.replace(path)


# --- fitting ------------------------------------------------------------------------------------------


def fit(folder: Path, state: Path, params: FitParams | None = None) -> Matcher:
    """Fit for ``params.minutes`` on the families of ``folder``, taking in new files as they come.

    Goes on from ``state`` where that exists, and writes it every two minutes.
    """
    p = params or FitParams()
    torch.manual_seed(p.seed)
    net, done, spent = Matcher(), 0, 0.0
    optimiser = torch.optim.AdamW(_groups(net), lr=p.rate)
    parts = {"net": net, "optimiser": optimiser}
    if state.exists():
        kept = take_up(state, parts)
        done, spent = int(kept["steps"]), float(kept["seconds"])
    rng = np.random.default_rng([p.seed, done])
    pool = load_pool(folder)
    start = saved = read = time.monotonic()
    net.train()
    recent: list[tuple[float, float]] = []
    while spent + (now := time.monotonic()) - start < p.minutes * 60:
        part = (spent + now - start) / (p.minutes * 60)
        rate = float(p.rate * min(done / 40 + 0.02, 1.0) * 0.5 * (1 + np.cos(np.pi * part)))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, 1e-5)
        recent.append(_step(net, optimiser, *draw_batch(rng, pool, p)))
        done += 1
        if done % 20 == 0:
            loss, right = np.mean(recent[-20:], axis=0)
            print(
                f"step {done} loss {loss:.3f} right {right:.3f} families {len(pool)} s {now - start:.0f}",
                flush=True,
            )
        if now - read > 90:
            pool, read = load_pool(folder), now
        if now - saved > 120:
            keep(state, parts, steps=done, seconds=spent + now - start)
            saved = now
    keep(state, parts, steps=done, seconds=spent + time.monotonic() - start)
    return net


def _groups(net: Matcher) -> list[dict[str, Any]]:
    """Weights are held back, the sharpness isn't."""
    weights = [w for name, w in net.named_parameters() if name != "sharpness"]
    return [{"params": weights, "weight_decay": 1e-2}, {"params": [net.sharpness], "weight_decay": 0.0}]


def _step(
    net: Matcher, optimiser: torch.optim.Optimizer, asked: Tensor, known: Tensor
) -> tuple[float, float]:
    """One step; returns the loss and the share of strikes that found their own die."""
    maps = net(torch.cat([asked, known]).to(memory_format=torch.channels_last))
    alike = likeness(maps[: len(asked)], maps[len(asked) :])
    logits = alike * net.sharpness.exp().clamp(max=200)
    own = torch.arange(len(asked))
    loss = 0.5 * (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own))
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return loss.item(), (logits.argmax(1) == own).float().mean().item()


def judge(net: Matcher, pool: Sequence[Family], seed: int = 9) -> dict[str, float]:
    """Share of strikes that find their own die among all dies of the pool, from strikes and from drawings."""
    rng = np.random.default_rng(seed)
    net.eval()
    dies = [(family, die) for family in pool for die in range(DIES)]
    found = {}
    with torch.no_grad():
        asked = net(_tensor([look(rng, f, d, 0, 0.5) for f, d in dies]))
        for name, which in (("from_strike", 1), ("from_drawing", STRIKES)):
            known = net(_tensor([look(rng, f, d, which, 0.5) for f, d in dies]))
            right = likeness(asked, known).argmax(1) == torch.arange(len(dies))
            found[name] = float(right.float().mean())
    return found


def export(net: Matcher, home: Path, facts: dict[str, Any]) -> None:
    """Write ``model.onnx`` and ``model.toml`` (version, hash, ``facts``) into ``home``."""
    import tomli_w

    home.mkdir(parents=True, exist_ok=True)
    net.eval()
    names: dict[str, Any] = {"input_names": ["unrolled"], "output_names": ["map"]}
    axes = {"unrolled": {0: "n"}, "map": {0: "n"}}
    blank, path = torch.zeros(2, 1, RADII, ANGLES), str(home / "model.onnx")
    torch.onnx.export(net, (blank,), path, **names, dynamic_axes=axes, opset_version=13, dynamo=False)
    digest = hashlib.sha256((home / "model.onnx").read_bytes()).hexdigest()
    table = {**facts, "sha256": digest, "inputs": ["unrolled"], "outputs": ["map"]}
    (home / "model.toml").write_text(tomli_w.dumps(json.loads(json.dumps(table))), encoding="utf-8")
