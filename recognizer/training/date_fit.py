"""Training the network that looks for dates: pressed strikes without end, a clock, checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.sources.models import Model, open_model
from recognizer.stages.date_look import HEADS
from recognizer.stages.date_view import PARTS
from recognizer.stages.network import Network
from recognizer.training.date_net import CLOSER, WHOLE, DateNet, Layout, Seen, Shipped
from recognizer.training.date_strikes import DatedStrike, DatedStrikes, Letters, century_of
from recognizer.training.fit import Fit, Judge, shipped, table
from recognizer.training.ink_wear import PALER
from recognizer.training.quantise import quantise
from recognizer.training.shown_again import shown_again
from recognizer.training.supply import Supply
from recognizer.training.to_onnx import to_onnx

HELD_OUT = 10**12  # seeds from here on are never trained on


@dataclass(frozen=True)
class DateRecipe:
    """How the network is trained; all of it goes into ``model.toml``."""

    minutes: float = 90.0
    batch: int = 32
    rate: float = 1.6e-3
    decay: float = 0.02
    warm_steps: int = 300
    half: bool = False  # bfloat16 arithmetic: half as fast again where the processor has it
    fresh: float = 0.28  # share of a batch that is newly pressed, the rest was seen before
    kept: int = 40_000  # strikes kept for that (50 kB each)
    parts_weight: float = 2.0  # of saying where the date's parts stand
    letters_weight: float = 1.0  # of saying which letters they are
    unseen_weight: float = 0.3  # of saying a part whose letters can't be seen: it is to stay open, not learnt
    smooth: float = 0.998  # of the running mean of weights that ships
    seed: int = 11


class Batch(NamedTuple):
    pictures: Tensor  # (B, 2, height, width)
    dated: Tensor  # (B,) bool: a date stands on the picture
    heads: dict[str, Tensor]  # (B,) classes
    clear: dict[str, Tensor]  # (B,) bool: all letters of that part are seen
    parts: Tensor  # (B, rows, columns) classes, -1 not asked
    letters: Tensor  # (B, rows, columns) classes, -1 not asked


def batch_of(strikes: Sequence[DatedStrike], rng: Generator | None = None, layout: Layout = WHOLE) -> Batch:
    """A batch; with ``rng`` each picture is shown otherwise than before: see ``_varied`` and ``_toned``."""
    pictures = np.empty((len(strikes), 2, layout.height, layout.width), np.float32)
    parts = np.zeros((len(strikes), *layout.cells), np.int64)
    letters = np.full_like(parts, -1)
    for i, one in enumerate(strikes):
        pictures[i], placed = one.picture, one.letters
        pictures[i] /= 255
        if rng is not None:
            moved, placed = _varied(pictures[i], placed, rng)
            pictures[i] = _toned(moved, rng)
        _mark(placed, layout.strides, parts[i], letters[i])
    year = np.array([max(s.year, 1800) for s in strikes])
    heads = {
        "day": [max(s.day, 0) for s in strikes],
        "month": [max(s.month, 0) for s in strikes],
        "century": [century_of(y) for y in year.tolist()],
        "tens": year // 10 % 10,
        "unit": year % 10,
        "hour": [s.hour for s in strikes],
    }
    return Batch(
        torch.from_numpy(pictures),
        torch.tensor([s.day >= 0 and s.shown for s in strikes]),
        {name: torch.as_tensor(np.array(v, np.int64)) for name, v in heads.items()},
        {name: torch.tensor([s.clear[i] for s in strikes]) for i, name in enumerate(HEADS)},
        torch.from_numpy(parts),
        torch.from_numpy(letters),
    )


def _varied(
    picture: NDArray[np.float32], letters: Letters, rng: Generator
) -> tuple[NDArray[np.float32], Letters]:
    """A picture (2, H, W) and its letters turned, sheared, moved, resized a little: see ``shown_again``."""
    turn, shear = np.deg2rad(rng.normal(0, 2.5)), rng.normal(0, 0.05)
    size, wide = np.exp(rng.normal(0, 0.07)), np.exp(rng.normal(0, 0.06))
    c, s = np.cos(turn) * size, np.sin(turn) * size
    matrix = np.array([[c, -s], [s, c]]) @ np.array([[wide, shear], [0, 1 / wide]])
    moved, shift = shown_again(rng, picture, matrix, rng.uniform(-5, 5, 2), 0.25, (0.4, 1.0))
    placed = letters.copy()
    if len(placed):
        placed[:, :2] = letters[:, :2] @ matrix.T + shift
        placed[:, 2] *= size
    return moved, placed


def _toned(picture: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Other contrast, and the ink layer paler: on real paper it is, and no press draws all ways of it."""
    toned = np.asarray(picture * rng.uniform(0.75, 1.25), np.float32)
    np.clip(toned, 0, 1, out=toned)
    toned[0] **= np.float32(np.exp(rng.normal(*PALER)))
    return toned


def _mark(placed: Letters, strides: tuple[int, int], parts: Any, letters: Any) -> None:
    """Write a strike's letters into the maps: their middles are asked for, their edges are not."""
    rows, columns = parts.shape
    for x, y, half, found, part in placed.tolist():
        cx, cy = x / strides[0] - 0.5, y / strides[1] - 0.5
        if not (-0.5 <= cx < columns - 0.5 and -0.5 <= cy < rows - 0.5):
            continue
        reach, tall = (max(half * 0.9 / stride, 1.0) for stride in strides)
        ys, xs = np.mgrid[
            max(int(cy - tall), 0) : min(int(cy + tall) + 2, rows),
            max(int(cx - reach), 0) : min(int(cx + reach) + 2, columns),
        ]
        fringe = np.hypot((xs - cx) / reach, (ys - cy) / tall) < 1
        middle = np.hypot((xs - cx) / max(0.5 * reach, 0.75), (ys - cy) / max(0.5 * tall, 0.75)) < 1
        skirt = ys[fringe], xs[fringe]
        parts[skirt] = np.where(parts[skirt] == 0, -1, parts[skirt])
        core = ys[middle], xs[middle]
        parts[core], letters[core] = int(part), int(found)


def losses(seen: Seen, batch: Batch, recipe: DateRecipe) -> dict[str, Tensor]:
    """Cross entropies: the date's parts where there is a date, and the maps."""
    dated = batch.dated
    out = {"present": F.binary_cross_entropy_with_logits(seen.present, dated.float())}
    for name in HEADS:
        each = F.cross_entropy(seen.heads[name][dated], batch.heads[name][dated], reduction="none")
        weight = torch.where(batch.clear[name][dated], 1.0, recipe.unseen_weight)
        out[name] = (each * weight).sum() / weight.sum()
    kinds = torch.ones(len(PARTS))
    kinds[0] = 0.25
    out["parts"] = recipe.parts_weight * F.cross_entropy(seen.parts, batch.parts, kinds, ignore_index=-1)
    out["letters"] = recipe.letters_weight * F.cross_entropy(seen.letters, batch.letters, ignore_index=-1)
    return out


def _opened(seer: Path | None) -> Network | None:
    """The ``date-reader`` in a folder, None without one."""
    return open_model(seer.name, seer.parent) if seer else None


def _drawing(faces: Sequence[str], seer: Path | None) -> DatedStrikes:
    return DatedStrikes(faces, seer=_opened(seer), choosy=True)


def held_out(
    faces: Sequence[str], count: int, wear: str, seed: int = 0, seer: Path | None = None
) -> list[DatedStrike]:
    """Dated strikes of designs never trained on."""
    rng = np.random.default_rng(HELD_OUT + seed)
    source = DatedStrikes(faces, turns=2, wears=(wear,), seer=_opened(seer))
    return [source(rng) for _ in range(count)]


Answers = Callable[[NDArray[np.float32]], dict[str, NDArray[np.float32]]]  # pictures to HEADS


def judge(answers: Answers, strikes: Sequence[DatedStrike], layout: Layout = WHOLE) -> dict[str, float]:
    """Share of dates read right, of those at least half printed; and of each part."""
    asked = [s for s in strikes if s.day >= 0 and s.visible >= 0.5]
    right: dict[str, list[bool]] = {name: [] for name in HEADS}
    for k in range(0, len(asked), 64):
        batch = batch_of(asked[k : k + 64], None, layout)
        told = answers(batch.pictures.numpy())
        for name in HEADS:
            right[name] += (told[name].argmax(1) == batch.heads[name].numpy()).tolist()
    date = np.all([right[n] for n in HEADS if n != "hour"], axis=0)
    return {"date": float(date.mean()), **{n: float(np.mean(v)) for n, v in right.items()}}


@torch.no_grad()  # type: ignore[untyped-decorator]
def _answers(net: nn.Module, pictures: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    seen = net.eval()(torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last))
    return {name: head.numpy() for name, head in seen.heads.items()}


def shipped_answers(network: Path) -> Answers:
    """The answers of a network as it ships."""
    model = Model(network.parent.name, "", {}, network)

    def answers(pictures: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        _, *told, _ = model(pictures)
        return dict(zip(HEADS, told, strict=True))

    return answers


class DateFit(Fit[DateRecipe, Batch]):
    """One training of a network that looks for dates.

    With ``seer``, the folder of a finished ``date-reader``, the network that looks closely is trained.
    """

    told_every, judged_every = 250, 1000

    def __init__(
        self, recipe: DateRecipe, folder: Path, faces: Sequence[str], seer: Path | None = None
    ) -> None:
        self.faces, self.seer = faces, seer
        self.layout = CLOSER if seer else WHOLE
        super().__init__(recipe, folder, partial(DateNet, self.layout))

    def batches(self) -> Iterator[Batch]:
        recipe, seed = self.recipe, self.recipe.seed + self.step
        drawing = partial(_drawing, self.faces, self.seer)
        supply = Supply(drawing, recipe.batch, recipe.fresh, 1000, recipe.kept, seed)
        rng = np.random.default_rng([recipe.seed, self.step])
        while True:
            yield batch_of(supply.batch(), rng, self.layout)

    def losses(self, seen: Seen, batch: Batch) -> dict[str, Tensor]:
        return losses(seen, batch, self.recipe)

    def write(self, path: Path) -> None:
        names = ["strike", "present", *HEADS, "parts"]
        picture = torch.zeros(1, 2, self.layout.height, self.layout.width)
        to_onnx(Shipped(self.smooth), picture, path, {name: {0: "n"} for name in names})

    def judge(self) -> Judge:
        held = held_out(self.faces, 400, "ordinary", seer=self.seer)
        return partial(judge, partial(_answers, self.smooth), held, self.layout)


def export(fit: DateFit, out: Path, count: int = 1500) -> dict[str, dict[str, float]]:
    """Write ``model.onnx`` and ``model.toml`` with the figures on strikes of designs held out."""

    def judged(network: Path) -> dict[str, dict[str, float]]:
        answers = shipped_answers(network)
        return {
            wear: judge(answers, held_out(fit.faces, count, wear, 5, fit.seer), fit.layout)
            for wear in ("ordinary", "severe")
        }

    return shipped(out, partial(_write_network, fit), judged, partial(_spec, fit))


def _write_network(fit: DateFit, path: Path) -> None:
    """The network with its convolutions in eight bits, their scales set by drawn strikes held out.

    The rest takes little time; in eight bits too, answers are off twice as far and come no sooner.
    """
    fit.write(path)
    seen = batch_of(held_out(fit.faces, 120, "ordinary", 4, fit.seer), None, fit.layout).pictures.numpy()
    quantise(path, "strike", [seen[k : k + 3] for k in range(0, len(seen), 3)], kinds=("Conv",))


def _spec(fit: DateFit, sha256: str, figures: Mapping[str, Mapping[str, float]]) -> str:
    """What ``model.toml`` says."""
    shape, (rows, columns) = fit.layout, fit.layout.cells
    what = (
        "at the place of a strike where its date was seen" if fit.seer else "at a whole strike for its date"
    )
    lines = [
        'version = "1"',
        f'sha256 = "{sha256}"',
        f'about = "Looks {what}: a probability for each value of each of its parts."',
        "",
        "[input]",
        f'strike = "float32 (n, 2, {shape.height}, {shape.width}): ink layer and darkness, 0..1"',
        "[output]",
        'present = "float32 (n, 1): probabilities"',
        *(f'{n} = "float32 (n, {size}): probabilities"' for n, size in HEADS.items()),
        f'parts = "float32 (n, {len(PARTS)}, {rows}, {columns}): which part of a date stands at each place"',
        "",
        *fit.trained("scripts/train_date_reader.py", "strikes", faces=len(fit.faces)),
        "",
        "# Held-out designs, date at least half printed: share of dates, and of each part, read right.",
        *(table(f"figures.{wear}", found) for wear, found in figures.items()),
    ]
    return "\n".join(lines) + "\n"
