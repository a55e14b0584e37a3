"""The strike comparer: a small network that says whether a strike laid on a reference is of the same die.

Both pictures go through one trunk; each place of one is compared with a neighbourhood of the same place of
the other, since poses are never exact, and a head weighs where they agree and where they don't. Every batch
holds whole families of near-twins with the same few dates: right pairs never share their date, wrong ones
often do, so that only the fixed parts can tell. References are drawings and strikes by turns.
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

from recognizer.stages.compare import LAID_PX, PICTURE_PX
from recognizer.training.checkpoints import keep, take_up
from recognizer.training.matcher import load_pool
from recognizer.training.matcher_pool import DIES, STRIKES, Family, lay

REACH = 2  # cells of 4 pixels that a place may be off, either way
CODE = 20  # numbers that stand for a place
PLACES = 32  # of each pair that teach the trunk
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ComparerParams:
    """How the comparer is fitted."""

    minutes: float = 45.0
    families: int = 8  # a batch holds all dies of each
    rate: float = 3e-3
    drawings: float = 0.45  # share of families whose references are drawings
    half: bool = True  # bfloat16 arithmetic: half as fast again where the processor has it
    seed: int = 1


def _block(a: int, b: int, size: int, stride: int) -> list[nn.Module]:
    return [nn.Conv2d(a, b, size, stride, size // 2, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]


class Comparer(nn.Module):  # type: ignore[misc]
    """(N, 1, P, P) strikes laid on (N, 1, P, P) references, ink 0-1 -> (N,) log odds that a die made both."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_block(1, 12, 5, 2),
            *_block(12, 24, 3, 2),
            *_block(24, 32, 3, 1),
            nn.Conv2d(32, CODE, 1, bias=False),
            nn.BatchNorm2d(CODE),  # about 0: else all places are alike at first, and nothing is learnt
        )
        self.head = nn.Sequential(
            *_block((2 * REACH + 1) ** 2 + 2 * CODE, 40, 1, 1), *_block(40, 40, 3, 2), *_block(40, 48, 3, 1)
        )
        self.last = nn.Linear(96, 1)
        self.sharpness = nn.Parameter(torch.tensor(2.3))

    def forward(self, asked: Tensor, known: Tensor) -> Tensor:
        a, b = self.trunk(asked), self.trunk(known)
        return self.weigh(correlate(F.normalize(a, dim=1), F.normalize(b, dim=1)), a, b)

    def weigh(self, near: Tensor, a: Tensor, b: Tensor) -> Tensor:
        """From how alike places near each other are (``correlate``), and the trunk's maps (N, CODE, H, W)."""
        found = self.head(torch.cat([near, a, b], 1))
        pooled = torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1)
        logit: Tensor = self.last(pooled)[:, 0]
        return logit


def correlate(a: Tensor, b: Tensor) -> Tensor:
    """How alike each place of ``a`` (N, C, H, W) is to those of ``b`` around it: (N, places, H, W)."""
    h, w = a.shape[2], a.shape[3]
    wide = F.pad(b, (REACH,) * 4)
    steps = range(2 * REACH + 1)
    return torch.stack([(a * wide[:, :, y : y + h, x : x + w]).sum(1) for y in steps for x in steps], 1)


def correlate_all(a: Tensor, b: Tensor) -> Tensor:
    """``correlate`` of each of D maps (F, D, C, H, W) with each of D others: (F * D * D, places, H, W)."""
    f, d, _, h, w = a.shape
    wide = F.pad(b, (REACH,) * 4)
    left = a.permute(0, 3, 4, 1, 2).contiguous()
    steps = range(2 * REACH + 1)
    near = [left @ wide[..., y : y + h, x : x + w].permute(0, 3, 4, 2, 1) for y in steps for x in steps]
    return torch.stack(near, 1).permute(0, 4, 5, 1, 2, 3).reshape(f * d * d, len(near), h, w)


# --- batches ------------------------------------------------------------------------------------------


def laid_family(
    rng: np.random.Generator, family: Family, drawings: float, jitter: float = 1.0
) -> tuple[list[Picture], list[Picture]]:
    """A strike of each die and a reference of each, all laid on one frame: strikes a little off."""
    drawn = rng.random() < drawings
    asked = [int(rng.integers(STRIKES)) for _ in range(DIES)]
    known = [STRIKES if drawn else int((s + rng.integers(1, STRIKES)) % STRIKES) for s in asked]
    frame = _frame() @ _about(np.eye(2) * (1 + rng.normal(0, 0.02 * jitter)), rng.normal(0, 1.5, 2) * jitter)
    frame = frame @ family.poses[0, known[0]]
    if rng.random() < 0.3:
        frame = _frame() @ _turn(rng.uniform(-np.pi, np.pi)) @ np.linalg.inv(_frame()) @ frame
    strikes, references = [], []
    for d in range(DIES):
        there = frame @ np.linalg.inv(family.poses[d, asked[d]])
        strikes.append(aged(rng, _laid(family.pictures[d, asked[d]], nudge(rng, jitter) @ there)))
        there = frame @ np.linalg.inv(family.poses[d, known[d]])
        references.append(aged(rng, _laid(family.pictures[d, known[d]], there)))
    return strikes, references


def _laid(picture: Picture, pose: NDArray[np.float64]) -> Picture:
    return lay(picture, pose)[:LAID_PX, :LAID_PX]


def _frame() -> NDArray[np.float64]:
    """A small picture's pixels to those of its middle part that is compared."""
    off = (PICTURE_PX - LAID_PX) / 2
    return np.array([[1, 0, -off], [0, 1, -off], [0, 0, 1.0]])


def _about(a: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = np.full(2, (PICTURE_PX - 1) / 2)
    return np.vstack([np.column_stack([a, middle - a @ middle + shift]), [0, 0, 1.0]])


def _turn(angle: float) -> NDArray[np.float64]:
    c, s = np.cos(angle), np.sin(angle)
    return _about(np.array([[c, -s], [s, c]]), np.zeros(2))


def nudge(rng: np.random.Generator, jitter: float = 1.0) -> NDArray[np.float64]:
    """How far a pose found by local features is off, in pixels of the frame."""
    middle = np.full(2, (LAID_PX - 1) / 2)
    a = np.eye(2) + rng.normal(0, 0.015 * jitter, (2, 2))
    shift = rng.normal(0, 1.5 * jitter, 2) + middle - a @ middle
    return np.vstack([np.column_stack([a, shift]), [0, 0, 1.0]])


def aged(rng: np.random.Generator, picture: Picture) -> Picture:
    """Contrast at random, now and then a part covered."""
    f = (picture / np.float32(255)) ** np.float32(rng.uniform(0.7, 1.5)) * np.float32(rng.uniform(0.6, 1.1))
    if rng.random() < 0.2:
        x, y = rng.integers(0, LAID_PX - 20, 2)
        w, h = rng.integers(12, 50, 2)
        f[y : y + h, x : x + w] = 0 if rng.random() < 0.6 else rng.random() * 0.6
    return np.asarray(np.clip(f * 255, 0, 255), np.uint8)


def draw_batch(
    rng: np.random.Generator, pool: Sequence[Family], p: ComparerParams, jitter: float = 1.0
) -> tuple[Tensor, Tensor]:
    """Strikes and references of ``p.families`` families, half of them of one kind: (F, DIES, P, P) in 0-1."""
    chosen = list(rng.choice(len(pool), min(p.families, len(pool)), replace=False))
    kind = pool[chosen[0]].kind
    kin = [n for n, f in enumerate(pool) if f.kind == kind and n not in chosen]
    for place, n in enumerate(rng.permutation(kin)[: p.families // 2]):
        chosen[1 + place] = n  # strangers of the same kind are the next hardest
    pairs = [laid_family(rng, pool[n], p.drawings, jitter) for n in chosen]
    asked, known = (np.array([pair[i] for pair in pairs], np.float32) / 255 for i in (0, 1))
    return torch.from_numpy(asked), torch.from_numpy(known)


def pairs_of(families: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which strike goes with which reference: every one with its family's, in rows of ``DIES``, then each
    with one of the family before."""
    rows = torch.arange(families * DIES)
    own = rows.reshape(families, 1, DIES).expand(-1, DIES, -1).reshape(-1)
    asked = torch.cat([rows.repeat_interleave(DIES), rows])
    known = torch.cat([own, torch.roll(rows, DIES)])
    return asked, known, (asked == known).float()


# --- fitting ------------------------------------------------------------------------------------------


def fit(folder: Path, state: Path, params: ComparerParams | None = None) -> Comparer:
    """Fit for ``params.minutes`` on the families of ``folder`` (``matcher.store_pool``).

    Goes on from ``state`` where that exists, and writes it every two minutes.
    """
    p = params or ComparerParams()
    torch.manual_seed(p.seed)
    net, done, spent = Comparer(), 0, 0.0
    optimiser = torch.optim.AdamW(net.parameters(), lr=p.rate, weight_decay=1e-2)
    parts = {"net": net, "optimiser": optimiser}
    if state.exists():
        kept = take_up(state, parts)
        done, spent = int(kept["steps"]), float(kept["seconds"])
    rng = np.random.default_rng([p.seed, done])
    pool = load_pool(folder)
    start = saved = time.monotonic()
    net.train()
    recent: list[tuple[float, float, float, float]] = []
    while spent + (now := time.monotonic()) - start < p.minutes * 60:
        part = (spent + now - start) / (p.minutes * 60)
        rate = float(p.rate * min(done / 60 + 0.02, 1.0) * 0.5 * (1 + np.cos(np.pi * part)))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, 1e-5)
        recent.append(_step(net, optimiser, *draw_batch(rng, pool, p), p.half))
        done += 1
        if done % 50 == 0:
            losses = " ".join(f"{x:.3f}" for x in np.mean(recent[-50:], axis=0))
            print(f"step {done} choice, pair, places, right {losses} s {spent + now - start:.0f}", flush=True)
        if now - saved > 120:
            keep(state, parts, steps=done, seconds=spent + now - start)
            saved = now
    keep(state, parts, steps=done, seconds=spent + time.monotonic() - start)
    return net


def place_loss(a: Tensor, b: Tensor, asked: Tensor, known: Tensor, sharpness: Tensor) -> Tensor:
    """How badly inked places of strikes find themselves on their references among all places of the batch.

    ``a``, ``b``: the trunk's unit codes (N, CODE, H, W); ``asked``, ``known``: the pictures. Whole pictures
    teach little at first; every letter teaches what letters are. Dates are some noise in this.
    """
    n, _, h, w = a.shape
    ink = [
        F.adaptive_avg_pool2d(x.reshape(n, 1, *x.shape[2:]), (h, w)).reshape(n, -1) for x in (asked, known)
    ]
    chosen = (torch.minimum(*ink) * torch.rand(n, h * w)).topk(PLACES, 1).indices[:, None]
    left, right = (x.reshape(n, -1, h * w).gather(2, chosen.expand(-1, CODE, -1)) for x in (a, b))
    table = left.permute(0, 2, 1).reshape(-1, CODE) @ right.permute(0, 2, 1).reshape(-1, CODE).T
    loss: Tensor = F.cross_entropy(table * sharpness.exp().clamp(max=40), torch.arange(len(table)))
    return loss


def all_pairs(net: Comparer, asked: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """Log odds of the pairs of ``pairs_of``, from strikes and references (F, DIES, P, P); the unit codes."""
    n, side = len(asked) * DIES, asked.shape[2]
    maps = net.trunk(torch.cat([asked, known]).reshape(2 * n, 1, side, side))
    unit = F.normalize(maps, dim=1)
    i, j, _ = pairs_of(len(asked))
    a, b = (half.reshape(len(asked), DIES, *maps.shape[1:]) for half in (unit[:n], unit[n:]))
    near = torch.cat([correlate_all(a, b), correlate(unit[:n], torch.roll(unit[n:], DIES, 0))])
    return net.weigh(near, maps[:n][i], maps[n:][j]), unit


def _step(
    net: Comparer, optimiser: torch.optim.Optimizer, asked: Tensor, known: Tensor, half: bool
) -> tuple[float, float, float, float]:
    """One step; the losses of choosing among twins, of single pairs and of places, the share chosen right."""
    n = len(asked) * DIES
    same = pairs_of(len(asked))[2]
    with torch.autocast("cpu", torch.bfloat16, half):
        logits, unit = all_pairs(net, asked, known)
    logits, unit = logits.float(), unit.float()
    places = place_loss(unit[:n], unit[n:], asked, known, net.sharpness)
    table = logits[: n * DIES].reshape(-1, DIES, DIES)
    own = torch.arange(DIES).expand(len(table), -1)
    choice = 0.5 * (F.cross_entropy(table, own) + F.cross_entropy(table.transpose(1, 2), own))
    pair = F.binary_cross_entropy_with_logits(logits, same * 0.98 + 0.01)
    optimiser.zero_grad(set_to_none=True)
    (choice + pair + places).backward()
    optimiser.step()
    return choice.item(), pair.item(), places.item(), (table.argmax(2) == own).float().mean().item()


def judge(net: Comparer, pool: Sequence[Family], seed: int = 9) -> dict[str, float]:
    """Share of strikes that choose their own die among it and its three near-twins, from drawings and from
    strikes, and of strangers of the same kind that are less alike than the own die."""
    rng = np.random.default_rng(seed)
    net.eval()
    found = {}
    with torch.no_grad():
        for name, drawings in (("from_drawing", 1.0), ("from_strike", 0.0)):
            right, above = [], []
            for start in range(0, len(pool) - 7, 8):
                asked, known = draw_batch(rng, pool[start : start + 8], ComparerParams(drawings=drawings))
                n = len(asked) * DIES
                logits, _ = all_pairs(net, asked, known)
                table = logits[: n * DIES].reshape(-1, DIES, DIES)
                right.append((table.argmax(2) == torch.arange(DIES)).float().mean().item())
                own = table.diagonal(dim1=1, dim2=2).reshape(-1)
                above.append((own > logits[n * DIES :]).float().mean().item())
            found[name], found[name + "_over_strangers"] = float(np.mean(right)), float(np.mean(above))
    return found


def export(net: Comparer, home: Path, facts: dict[str, Any]) -> None:
    """Write ``model.onnx`` and ``model.toml`` (version, hash, ``facts``) into ``home``."""
    import tomli_w

    home.mkdir(parents=True, exist_ok=True)
    net.eval()
    names: dict[str, Any] = {"input_names": ["strike", "reference"], "output_names": ["log_odds"]}
    axes = {name: {0: "n"} for name in ("strike", "reference", "log_odds")}
    blank, path = torch.zeros(2, 1, LAID_PX, LAID_PX), str(home / "model.onnx")
    torch.onnx.export(net, (blank, blank), path, **names, dynamic_axes=axes, opset_version=13, dynamo=False)
    digest = hashlib.sha256((home / "model.onnx").read_bytes()).hexdigest()
    table = {**facts, "sha256": digest, "inputs": ["strike", "reference"], "outputs": ["log_odds"]}
    (home / "model.toml").write_text(tomli_w.dumps(json.loads(json.dumps(table))), encoding="utf-8")
