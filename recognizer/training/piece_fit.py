"""Training the network that finds pieces: drawn scenes without end, a clock, checkpoints."""

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

from recognizer.geometry import Points, polygon_area
from recognizer.sources.models import Model
from recognizer.stages.piece_look import REACH, SIDE, STRIDE, Sighting, prepared, voted
from recognizer.training.fit import Fit, Judge, shipped, table
from recognizer.training.piece_net import OUTPUTS, PieceNet
from recognizer.training.piece_scenes import Scene, Scenes, corner_error
from recognizer.training.quantise import quantise
from recognizer.training.supply import Supply
from recognizer.training.to_onnx import to_onnx

HELD_OUT = 10**12  # seeds from here on are never trained on
OPEN = 0.5  # share of a sheet that must show for it to be a piece of the scan
_HARDLY = 0.25  # with less it is ground; between the two either answer is right
_SMALL = (0.01, 0.02)  # share of the picture: smaller is ground, larger a piece
_CELLS = SIDE // STRIDE


@dataclass(frozen=True)
class PieceRecipe:
    """How the network is trained; all of it goes into ``model.toml``."""

    minutes: float = 90.0
    batch: int = 32
    rate: float = 2e-3
    decay: float = 0.02
    warm_steps: int = 300
    half: bool = False  # bfloat16 arithmetic: faster where the processor has it
    fresh: float = 0.3  # share of a batch that is newly drawn, the rest was seen before
    kept: int = 20_000  # scenes kept for that (80 kB each)
    smooth: float = 0.998  # of the running mean of weights that ships
    seed: int = 5


class Batch(NamedTuple):
    pictures: Tensor  # (B, 4, SIDE, SIDE)
    there: Tensor  # (B, rows, columns): 1 a piece, 0 none, -1 not asked
    corners: Tensor  # (B, 8, rows, columns): from the cell's middle, in REACH
    size: Tensor  # (B, rows, columns): root of the piece's area, in REACH
    weight: Tensor  # (B, rows, columns): of the corners, less for each cell of a large piece


def truths(scene: Scene) -> list[Points]:
    """The corners of what counts as pieces of a scene."""
    return [c for c, wanted in zip(scene.corners, _wanted(scene), strict=True) if wanted == 1]


def _wanted(scene: Scene) -> list[int]:
    """Of each sheet: 1 a piece, 0 ground, -1 either answer is right."""
    height, width = scene.owner.shape
    out = []
    for corners, shown in zip(scene.corners, scene.shown, strict=True):
        share = polygon_area(corners) / (height * width)
        if shown >= OPEN and share >= _SMALL[1]:
            out.append(1)
        else:
            out.append(0 if shown < _HARDLY or share < _SMALL[0] else -1)
    return out


def batch_of(scenes: Sequence[Scene], rng: Generator | None = None) -> Batch:
    """A batch; with ``rng`` scenes are mirrored and their colours changed."""
    n = len(scenes)
    pictures = np.empty((n, 4, SIDE, SIDE), np.float32)
    there = np.zeros((n, _CELLS, _CELLS), np.float32)
    corners = np.zeros((n, 8, _CELLS, _CELLS), np.float32)
    size, weight = np.ones((n, _CELLS, _CELLS), np.float32), np.zeros((n, _CELLS, _CELLS), np.float32)
    grid = np.mgrid[:_CELLS, :_CELLS] * STRIDE + STRIDE / 2
    for i, scene in enumerate(scenes):
        scene = scene if rng is None else _varied(scene, rng)
        pictures[i], _ = prepared(scene.pixels)
        height, width = scene.owner.shape
        rows, columns = (height - STRIDE // 2 - 1) // STRIDE + 1, (width - STRIDE // 2 - 1) // STRIDE + 1
        owner = np.zeros((_CELLS, _CELLS), np.int16)
        owner[:rows, :columns] = scene.owner[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        for number, (quad, wanted) in enumerate(zip(scene.corners, _wanted(scene), strict=True), 1):
            mine = owner == number
            there[i][mine] = wanted
            if wanted == 1 and mine.any():
                for k in range(4):
                    corners[i, 2 * k][mine] = (quad[k, 0] - grid[1][mine]) / REACH
                    corners[i, 2 * k + 1][mine] = (quad[k, 1] - grid[0][mine]) / REACH
                size[i][mine] = polygon_area(quad) ** 0.5 / REACH
                weight[i][mine] = float(mine.sum()) ** -0.5
    told = (torch.from_numpy(a) for a in (pictures, there, corners, size, weight))
    return Batch(*told)


def _varied(scene: Scene, rng: Generator) -> Scene:
    """Mirrored and on its head by chance, lighter or darker, in other colours."""
    pixels, owner, corners = scene.pixels, scene.owner, scene.corners.copy()
    height, width = owner.shape
    if rng.random() < 0.5:
        pixels, owner = pixels[:, ::-1], owner[:, ::-1]
        corners[..., 0] = width - corners[..., 0]
        corners = corners[:, [1, 0, 3, 2]]
    if rng.random() < 0.2:
        pixels, owner = pixels[::-1], owner[::-1]
        corners[..., 1] = height - corners[..., 1]
        corners = corners[:, [3, 2, 1, 0]]
    tone, lift = rng.normal(1, 0.1) * (1 + rng.normal(0, 0.03, 3)), rng.normal(0, 10)
    changed = np.clip(pixels * tone + lift, 0, 255).astype(np.uint8)
    return Scene(np.ascontiguousarray(changed), np.ascontiguousarray(owner), corners, scene.shown)


def losses(seen: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Whether a piece is there, and the corners: Laplace's law with the spread that the cell itself tells."""
    asked = batch.there >= 0
    there = F.binary_cross_entropy_with_logits(seen[:, 0], batch.there.clamp(min=0), reduction="none")
    off = (seen[:, 1:9] - batch.corners).abs().sum(1) / 8 / batch.size
    spread = seen[:, 9].clamp(-6, 3)
    told = off * torch.exp(-spread) + spread
    total = batch.weight.sum().clamp(min=1e-6)
    return {
        "there": (there * asked).sum() / asked.sum(),
        "corners": 0.3 * (told * batch.weight).sum() / total,
        "off": 2.0 * (off * batch.weight).sum() / total,
    }


def judge(
    answers: Callable[[NDArray[np.float32]], NDArray[np.float32]], scenes: Sequence[Scene]
) -> dict[str, float]:
    """Of the pieces: found (corners within 8 % of the width), within 2 %; and how many too many."""
    found = close = total = extra = 0
    for k in range(0, len(scenes), 32):
        some = scenes[k : k + 32]
        for scene, maps in zip(some, answers(batch_of(some).pictures.numpy()), strict=True):
            seen = [s for s in voted(maps, scene.owner.shape) if accepted(s)]
            wanted = _wanted(scene)
            total += wanted.count(1)
            for s in seen:
                errors = [(corner_error(s.corners, c), w) for c, w in zip(scene.corners, wanted, strict=True)]
                best, kind = min(errors, default=(9.0, 0))
                if best > 0.08 or kind == 0:
                    extra += 1
                elif kind == 1:
                    found += 1
                    close += best <= 0.02
    return {"found": found / total, "close": close / total, "extra": extra / total}


def accepted(s: Sighting) -> bool:
    """Whether a sighting counts in the figures here."""
    return s.open >= 0.4


@torch.no_grad()  # type: ignore[untyped-decorator]
def _answers(net: nn.Module, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    seen: NDArray[np.float32] = net.eval()(torch.from_numpy(pictures)).numpy()
    return seen


def held_out(count: int, seed: int = 0) -> list[Scene]:
    """Scenes of sheets never trained on."""
    rng = np.random.default_rng(HELD_OUT + seed)
    scenes = Scenes(turns=3)
    return [scenes(rng) for _ in range(count)]


class PieceFit(Fit[PieceRecipe, Batch]):
    """One training of the network that finds pieces."""

    told_every, judged_every = 100, 500

    def __init__(self, recipe: PieceRecipe, folder: Path) -> None:
        super().__init__(recipe, folder, PieceNet)

    def batches(self) -> Iterator[Batch]:
        recipe = self.recipe
        supply = Supply(Scenes, recipe.batch, recipe.fresh, 600, recipe.kept, recipe.seed + self.step)
        rng = np.random.default_rng([recipe.seed, self.step])
        while True:
            yield batch_of(supply.batch(), rng)

    def losses(self, seen: Tensor, batch: Batch) -> dict[str, Tensor]:
        return losses(seen, batch)

    def write(self, path: Path) -> None:
        to_onnx(self.smooth, torch.zeros(1, 4, SIDE, SIDE), path, {"scan": {0: "n"}, "maps": {0: "n"}})

    def judge(self) -> Judge:
        return partial(judge, partial(_answers, self.smooth), held_out(200))


def export(fit: PieceFit, out: Path, count: int = 600) -> dict[str, float]:
    """Write ``model.onnx`` and ``model.toml`` with the figures on scenes held out."""

    def judged(network: Path) -> dict[str, float]:
        model = Model("piece-finder", "", {}, network)
        return judge(lambda pictures: model(pictures)[0], held_out(count, 5))

    return shipped(out, partial(_write_network, fit), judged, partial(_spec, fit))


def _write_network(fit: PieceFit, path: Path) -> None:
    """The network with its convolutions but the last in eight bits, scaled by scenes held out."""
    fit.write(path)
    seen = batch_of(held_out(120, 4)).pictures.numpy()
    quantise(path, "scan", [seen[k : k + 3] for k in range(0, len(seen), 3)], ("/out",), ("Conv",))


def _spec(fit: PieceFit, sha256: str, figures: dict[str, float]) -> str:
    """What ``model.toml`` says."""
    lines = [
        'version = "1"',
        f'sha256 = "{sha256}"',
        'about = "Finds the pieces on a scan: each cell says where the corners of the piece it lies on are."',
        "",
        "[input]",
        f'scan = "float32 (n, 4, {SIDE}, {SIDE}): red, green, blue and where the picture is, 0..1"',
        "[output]",
        f'maps = "float32 (n, {OUTPUTS}, {_CELLS}, {_CELLS}): there, corners, spread; stages/piece_look.py"',
        "",
        *fit.trained("scripts/train_piece_finder.py", "scenes"),
        "",
        "# Scenes held out: share of pieces found (corners within 8 % of the width), within 2 %, too many.",
        table("figures", figures),
    ]
    return "\n".join(lines) + "\n"
