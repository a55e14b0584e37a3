"""The peer's network: a plain picture embedding, as a tutorial on metric learning would build one.

Pictures of strikes, turned at random, through a small convolutional network to one vector of unit length
each; pictures of one die are to lie near each other (normalised temperature-scaled cross entropy, Sohn 2016;
Chen et al. 2020). No unrolling, no poses: what one gets without knowing about dies.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.benchmark.peers import EMBEDDED_PX
from recognizer.training.matcher_pool import DIES, STRIKES, Family, families
from recognizer.training.to_onnx import to_onnx

LENGTH = 128  # of a vector


@dataclass(frozen=True, slots=True)
class EmbeddingParams:
    """How the peer's network is fitted."""

    families: int = 60  # drawn first: four near-twins of four strikes and a drawing each
    minutes: float = 4.0  # of processor time
    batch: int = 48  # dies, two pictures each
    rate: float = 2e-3
    seed: int = 77


class Embedding(nn.Module):  # type: ignore[misc]
    """(N, 1, EMBEDDED_PX, EMBEDDED_PX) ink 0-1 -> (N, LENGTH) of unit length."""

    def __init__(self) -> None:
        super().__init__()
        widths, layers = (1, 24, 48, 96, 128), list[nn.Module]()
        for a, b in pairwise(widths):
            layers += [nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
            layers += [nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
        self.trunk = nn.Sequential(*layers)
        self.last = nn.Linear(widths[-1], LENGTH)

    def forward(self, x: Tensor) -> Tensor:
        vector: Tensor = F.normalize(self.last(self.trunk(x).mean((2, 3))), dim=1)
        return vector


def train_embedding(path: Path, params: EmbeddingParams | None = None) -> None:
    """Draw dies, fit for ``params.minutes``, write the network to ``path`` (ONNX)."""
    p = params or EmbeddingParams()
    torch.manual_seed(p.seed)
    rng = np.random.default_rng(p.seed)
    stream = families(p.seed)
    pool = [next(stream) for _ in range(p.families)]
    net = Embedding()
    optimiser = torch.optim.AdamW(net.parameters(), lr=p.rate, weight_decay=1e-2)
    start = time.process_time()
    net.train()
    while (part := (time.process_time() - start) / (p.minutes * 60)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = p.rate * 0.5 * (1 + np.cos(np.pi * part))
        a, b = (net(x) for x in _batch(rng, pool, p.batch))
        alike = a @ b.T / 0.1
        own = torch.arange(len(a))
        loss = 0.5 * (F.cross_entropy(alike, own) + F.cross_entropy(alike.T, own))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    picture = torch.zeros(2, 1, EMBEDDED_PX, EMBEDDED_PX)
    to_onnx(net, picture, beside, {"picture": {0: "n"}, "vector": {0: "n"}}, opset=13)
    beside.replace(path)


def _batch(rng: np.random.Generator, pool: Sequence[Family], count: int) -> tuple[Tensor, Tensor]:
    """Two pictures of each of ``count`` dies, turned at random: (N, 1, P, P) each."""
    asked, known = [], []
    for _ in range(count):
        family, die = pool[int(rng.integers(len(pool)))], int(rng.integers(DIES))
        two = rng.choice(STRIKES + 1, 2, replace=False)
        asked.append(_turned(rng, family.pictures[die, two[0]]))
        known.append(_turned(rng, family.pictures[die, two[1]]))
    return _tensor(asked), _tensor(known)


def _turned(rng: np.random.Generator, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    side = picture.shape[0]
    scale = EMBEDDED_PX / side * float(rng.uniform(0.95, 1.15))
    turn = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), float(rng.uniform(-180, 180)), scale)
    turn[:, 2] += (EMBEDDED_PX - side) / 2 + rng.normal(0, 2, 2)
    flags = cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(picture, turn, (EMBEDDED_PX, EMBEDDED_PX), flags=flags), np.uint8)


def _tensor(pictures: Sequence[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.stack(pictures)[:, None].astype(np.float32) / 255)
