"""The strike matcher: a small network that says whether two strikes laid over each other are of one die.

Both pictures go through the same trunk; each place of one is compared with a neighbourhood of the same place
of the other (poses are never exact), and a head weighs where they agree and where they don't. Near-twins with
the same date are the wrong pairs, strikes with other dates the right ones: only the fixed parts can tell.
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

from recognizer.stages.compare import PICTURE_PX
from recognizer.training.matcher_pool import DIES, STRIKES, Family, lay, make_family

REACH = 2  # cells of 4 pixels that a place may be off, either way


@dataclass(frozen=True, slots=True)
class FitParams:
    """How the matcher is fitted."""

    minutes: float = 60.0
    batch: int = 48
    rate: float = 2e-3
    seed: int = 1
    # Shares of the pairs; the rest are dies of the same kind laid over each other.
    same_strike: float = 0.26
    same_drawing: float = 0.20
    twin: float = 0.32


def _block(a: int, b: int, size: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(a, b, size, stride, size // 2, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)
    )


class Matcher(nn.Module):  # type: ignore[misc]
    """(N, 1, P, P) strike laid on (N, 1, P, P) reference -> (N,) logit that they are of one die."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(_block(1, 16, 5, 2), _block(16, 32, 3, 2), nn.Conv2d(32, 32, 3, 1, 1))
        compared = (2 * REACH + 1) ** 2
        self.head = nn.Sequential(
            _block(compared + 64 + 2, 48, 3, 2),
            _block(48, 64, 3, 1),
            _block(64, 64, 3, 2),
            _block(64, 64, 3, 1),
        )
        self.last = nn.Linear(128, 1)

    def forward(self, asked: Tensor, known: Tensor) -> Tensor:
        a, b = self.trunk(asked), self.trunk(known)
        near = correlate(F.normalize(a, dim=1), F.normalize(b, dim=1))
        best = near.amax(1, keepdim=True)
        strength = a.pow(2).mean(1, keepdim=True)
        found = self.head(torch.cat([near, best, strength, a, b], 1))
        pooled = torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1)
        logit: Tensor = self.last(pooled)[:, 0]
        return logit


def correlate(a: Tensor, b: Tensor) -> Tensor:
    """How alike each place of ``a`` (N, C, H, W) is to those of ``b`` around it: (N, (2 REACH + 1)^2, H, W)."""
    h, w = a.shape[2], a.shape[3]
    wide = F.pad(b, (REACH,) * 4)
    steps = range(2 * REACH + 1)
    return torch.stack([(a * wide[:, :, y : y + h, x : x + w]).sum(1) for y in steps for x in steps], 1)


# --- pairs --------------------------------------------------------------------------------------------


def draw_pair(
    rng: np.random.Generator, pool: Sequence[Family], p: FitParams
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], bool, str]:
    """A strike laid on a reference, whether they are of one die, and the sort of the pair."""
    family = pool[int(rng.integers(len(pool)))]
    d, s = int(rng.integers(DIES)), int(rng.integers(STRIKES))
    sort = str(
        rng.choice(
            ["strike", "drawing", "twin", "other"],
            p=[p.same_strike, p.same_drawing, p.twin, 1 - p.same_strike - p.same_drawing - p.twin],
        )
    )
    other, e = family, d
    if sort == "strike":
        r = int((s + rng.integers(1, STRIKES)) % STRIKES)
    elif sort == "drawing":
        r = STRIKES
    else:
        r = STRIKES if rng.random() < 0.4 else int(rng.integers(STRIKES))
        e = int((d + rng.integers(1, DIES)) % DIES)
        if sort == "other":
            other = _of_same_kind(rng, pool, family)
    to_known = other.poses[e, r] @ _fitting(rng, family, other) @ np.linalg.inv(family.poses[d, s])
    laid = lay(family.pictures[d, s], _nudge(rng) @ to_known)
    return _aged(rng, laid), _aged(rng, other.pictures[e, r]), sort in ("strike", "drawing"), sort


def _of_same_kind(rng: np.random.Generator, pool: Sequence[Family], family: Family) -> Family:
    kin = [f for f in pool if f.kind == family.kind and f is not family]
    among = kin if kin and rng.random() < 0.8 else pool
    return among[int(rng.integers(len(among)))]


def _fitting(rng: np.random.Generator, family: Family, other: Family) -> NDArray[np.float64]:
    """Millimetres of one die to those of another, as matching by size would lay them."""
    if other is family:
        return np.eye(3)
    scale = max(other.size_mm) / max(family.size_mm)
    turn = rng.uniform(-np.pi, np.pi) if rng.random() < 0.3 else rng.normal(0, 0.15)
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def _nudge(rng: np.random.Generator) -> NDArray[np.float64]:
    """How far a pose found by local features is off."""
    middle = (PICTURE_PX - 1) / 2
    a = np.eye(2) + rng.normal(0, 0.013, (2, 2))
    shift = rng.normal(0, 0.011, 2) * PICTURE_PX + middle - a @ [middle, middle]
    return np.vstack([np.column_stack([a, shift]), [0, 0, 1.0]])


def _aged(rng: np.random.Generator, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Contrast at random, now and then a part covered."""
    f = (picture / np.float32(255)) ** np.float32(rng.uniform(0.7, 1.5)) * np.float32(rng.uniform(0.7, 1.1))
    if rng.random() < 0.15:
        x, y = rng.integers(0, PICTURE_PX - 20, 2)
        w, h = rng.integers(15, 60, 2)
        f[y : y + h, x : x + w] = 0 if rng.random() < 0.6 else rng.random() * 0.6
    return np.asarray(np.clip(f * 255, 0, 255), np.uint8)


def draw_batch(
    rng: np.random.Generator, pool: Sequence[Family], p: FitParams
) -> tuple[Tensor, Tensor, Tensor]:
    """``p.batch`` pairs: strikes and references (N, 1, P, P) in 0-1, and 1.0 where they are of one die."""
    pairs = [draw_pair(rng, pool, p) for _ in range(p.batch)]
    asked = torch.from_numpy(np.stack([a for a, _, _, _ in pairs])[:, None].astype(np.float32) / 255)
    known = torch.from_numpy(np.stack([b for _, b, _, _ in pairs])[:, None].astype(np.float32) / 255)
    return asked, known, torch.tensor([float(same) for _, _, same, _ in pairs])


# --- fitting ------------------------------------------------------------------------------------------


def load_pool(folder: Path, most: int = 900) -> list[Family]:
    """The families stored so far, newest last."""
    pool: list[Family] = []
    for path in sorted(folder.glob("families-*.npz"))[-most:]:
        with np.load(path) as kept:
            sizes, pictures, poses = kept["size_mm"], kept["pictures"], kept["poses"]
            for n, kind in enumerate(kept["kind"]):
                size = (float(sizes[n, 0]), float(sizes[n, 1]))
                pool.append(Family(str(kind), size, pictures[n], poses[n]))
    return pool


def store_pool(folder: Path, seed: int, count: int, each: int = 20) -> None:
    """Draw ``count`` families into files of ``each``, going on after those already there."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count // each):
        path = folder / f"families-{seed:03d}-{n:04d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng([seed, n])
        drawn = [make_family(rng) for _ in range(each)]
        beside = path.with_suffix(".part.npz").with_name("part-" + path.name)
        np.savez(
            beside,
            kind=np.array([f.kind for f in drawn]),
            size_mm=np.array([f.size_mm for f in drawn]),
            pictures=np.stack([f.pictures for f in drawn]),
            poses=np.stack([f.poses for f in drawn]),
        )
        beside.replace(path)


def fit(folder: Path, state: Path, params: FitParams | None = None) -> Matcher:
    """Fit for ``params.minutes`` on the families of ``folder``, taking in new files as they come.

    Goes on from ``state`` where that exists, and writes it every two minutes.
    """
    p = params or FitParams()
    torch.manual_seed(p.seed)
    net, done, spent = Matcher(), 0, 0.0
    best = torch.optim.AdamW(net.parameters(), lr=p.rate, weight_decay=1e-2)
    if state.exists():
        kept: dict[str, Any] = torch.load(state, weights_only=True)
        net.load_state_dict(kept["net"])
        best.load_state_dict(kept["optimiser"])
        done, spent = int(kept["steps"]), float(kept["seconds"])
    rng = np.random.default_rng([p.seed, done])
    pool = load_pool(folder)
    start = saved = read = time.monotonic()
    net.train()
    recent: list[float] = []
    while spent + (now := time.monotonic()) - start < p.minutes * 60:
        part = (spent + now - start) / (p.minutes * 60)
        rate = p.rate * min(done / 100 + 0.01, 1.0) * 0.5 * (1 + np.cos(np.pi * part))
        for group in best.param_groups:
            group["lr"] = max(rate, 1e-5)
        asked, known, same = draw_batch(rng, pool, p)
        loss = F.binary_cross_entropy_with_logits(net(asked, known), same * 0.96 + 0.02)
        best.zero_grad(set_to_none=True)
        loss.backward()
        best.step()
        recent.append(loss.item())
        done += 1
        if done % 50 == 0:
            print(f"step {done} loss {np.mean(recent[-50:]):.4f} families {len(pool)}", flush=True)
        if now - read > 60:
            pool, read = load_pool(folder), now
        if now - saved > 120:
            _save(state, net, best, done, spent + now - start)
            saved = now
    _save(state, net, best, done, spent + time.monotonic() - start)
    return net


def _save(path: Path, net: Matcher, optimiser: torch.optim.Optimizer, steps: int, seconds: float) -> None:
    beside = path.with_name(path.name + ".part")
    torch.save(
        {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "steps": steps, "seconds": seconds},
        beside,
    )
    beside.replace(path)


def judge(net: Matcher, pool: Sequence[Family], pairs: int = 600, seed: int = 9) -> dict[str, float]:
    """Share of right pairs ranked above wrong ones (AUROC), by the sort of the wrong pair."""
    rng = np.random.default_rng(seed)
    net.eval()
    logits: dict[str, list[float]] = {}
    with torch.no_grad():
        for _ in range(pairs):
            a, b, _, sort = draw_pair(rng, pool, FitParams())
            two = [torch.from_numpy(x[None, None].astype(np.float32) / 255) for x in (a, b)]
            logits.setdefault(sort, []).append(float(net(*two)))

    def above(right: str, wrong: str) -> float:
        x, y = np.array(logits[right])[:, None], np.array(logits[wrong])[None]
        return float((x > y).mean() + 0.5 * (x == y).mean())

    return {f"{r} over {w}": above(r, w) for r in ("strike", "drawing") for w in ("twin", "other")}


def export(net: Matcher, home: Path, facts: dict[str, Any]) -> None:
    """Write ``model.onnx`` and ``model.toml`` (version, hash, ``facts``) into ``home``."""
    import tomli_w

    home.mkdir(parents=True, exist_ok=True)
    net.eval()
    blank = torch.zeros(2, 1, PICTURE_PX, PICTURE_PX)
    axes = {"strike": {0: "n"}, "reference": {0: "n"}, "logit": {0: "n"}}
    torch.onnx.export(
        net, (blank, blank), str(home / "model.onnx"), input_names=["strike", "reference"], output_names=["logit"],
        dynamic_axes=axes, opset_version=13, dynamo=False,
    )  # fmt: skip
    digest = hashlib.sha256((home / "model.onnx").read_bytes()).hexdigest()
    table = {**facts, "sha256": digest, "inputs": ["strike", "reference"], "outputs": ["logit"]}
    (home / "model.toml").write_text(tomli_w.dumps(json.loads(json.dumps(table))), encoding="utf-8")
