"""Training the reader: strips without end, a clock, checkpoints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from recognizer.geometry import Box
from recognizer.imaging.unroll import STRIP_HEIGHT
from recognizer.sources.models import Model
from recognizer.stages.alphabet import BLANK, CLASSES, SHAPES
from recognizer.stages.lettering import read_lettering
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import random_design
from recognizer.training.edits import distance
from recognizer.training.fit import Fit, Judge, shipped, table
from recognizer.training.press import press_strike
from recognizer.training.pressed_strips import PressedStrips
from recognizer.training.quantise import quantise
from recognizer.training.reader_net import ReaderNet, Shipped
from recognizer.training.shown_again import shown_again
from recognizer.training.strips import Faces, Told, draw
from recognizer.training.supply import Supply
from recognizer.training.to_onnx import to_onnx

IGNORED = -100
HELD_OUT = 10**12  # seeds from here on are never trained on
_EDGE = 3.0  # pixels of a strip: letters shown anew come no nearer to its ends


@dataclass(frozen=True)
class ReaderRecipe:
    """How the reader is trained; all of it goes into ``model.toml``."""

    minutes: float = 60.0
    batch: int = 32
    width: int = 192
    rate: float = 1.3e-3
    decay: float = 0.01
    warm_steps: int = 150
    clean_steps: int = 800  # CTC rests on a plateau for about 500 steps: clean strips take it over that
    half: bool = False  # bfloat16 arithmetic: half as fast again where the processor has it
    fresh: float = 0.33  # share of a batch that is newly drawn
    kept: int = 40_000  # strips kept for the rest of it
    first: int = 1_500  # of them before one is shown again
    pressed: float = 0.7  # share of strips cut from pressed strikes
    smooth: float = 0.998  # of the running mean of weights that ships
    placed: float = 1.5  # weight of the letters' places beside CTC
    seed: int = 7


class _Strips:
    """Strips without end: clean ones at first, then worn ones, some cut from pressed strikes."""

    def __init__(self, faces: Faces, recipe: ReaderRecipe, step: int) -> None:
        self.faces, self.recipe = faces, recipe
        self.pressed = PressedStrips(recipe.width, faces=faces.files)
        self.drawn = step * recipe.fresh * recipe.batch - recipe.first

    def __call__(self, rng: Generator) -> Told:
        recipe, self.drawn = self.recipe, self.drawn + 1
        step, clean = self.drawn / (recipe.fresh * recipe.batch), recipe.clean_steps / 2
        wear = float(np.clip((step - clean) / clean, 0, 1))
        if wear > 0.5 and rng.random() < recipe.pressed:
            return self.pressed(rng, wear)
        return draw(rng, self.faces, recipe.width, wear)


class Batch(NamedTuple):
    pictures: Tensor  # (B, 2, STRIP_HEIGHT, width)
    classes: Tensor  # (letters of all strips,)
    lengths: Tensor  # (B,) letters of each
    whole: Tensor  # (B,) bool: nothing on the strip is in doubt
    steps: Tensor  # (B, width / 2) class of each step, IGNORED where it is not asked


def batch_of(told: Sequence[Told], rng: Generator | None = None) -> Batch:
    """A batch; with ``rng`` each strip is shown otherwise than before."""
    told = told if rng is None else [_varied(one, rng) for one in told]
    pictures = torch.from_numpy(np.stack([one.strip for one in told]))
    return Batch(
        pictures,
        torch.tensor([c for one in told for c in one.classes], dtype=torch.long),
        torch.tensor([len(one.classes) for one in told]),
        torch.tensor([not one.open for one in told]),
        torch.from_numpy(np.stack([step_targets(one, pictures.shape[3] // 2) for one in told])),
    )


def _varied(told: Told, rng: Generator) -> Told:
    """A strip resized, slanted, moved a little, paler or darker: see ``shown_again``."""
    width = told.strip.shape[2]
    along, across, slant = np.exp(rng.normal(0, 0.06)), np.exp(rng.normal(0, 0.05)), rng.normal(0, 0.06)
    move = np.array([rng.uniform(-6, 6), rng.normal(0, 0.8)])
    marks = [*told.places, *(end for stretch in told.open for end in stretch)]
    ends = (np.array(marks) - width / 2) * along + width / 2 + move[0]
    if len(ends) and (ends.min() < _EDGE or ends.max() > width - _EDGE):
        along, move[0] = 1.0, 0.0
    matrix = np.array([[along, slant], [0, across]])
    strip, _ = shown_again(rng, told.strip, matrix, move, 0.2, (0.3, 0.8))
    strip = np.clip(strip, 0, 1) ** np.exp(rng.normal(0, 0.25, (2, 1, 1)))

    def moved(x: float) -> float:
        return float((x - width / 2) * along + width / 2 + move[0])

    return Told(
        strip.astype(np.float32),
        told.classes,
        [moved(x) for x in told.places],
        tuple((moved(a), moved(b)) for a, b in told.open),
    )


def losses(seen: Tensor, batch: Batch, placed: float) -> dict[str, Tensor]:
    """CTC, and where each letter stands told outright: that spares CTC's long search for the places.

    ``seen`` (B, steps, CLASSES) are natural logs of probabilities. Strips with letters in doubt are left out
    of CTC, which would take them for nothing.
    """
    steps = torch.full((len(seen),), seen.shape[1], dtype=torch.long)
    ctc = nn.functional.ctc_loss(
        seen.permute(1, 0, 2),
        batch.classes,
        steps,
        batch.lengths,
        BLANK,
        reduction="none",
        zero_infinity=True,
    )
    weight = torch.where(batch.steps == BLANK, 0.3, 1.0)
    each = nn.functional.nll_loss(seen.permute(0, 2, 1), batch.steps, ignore_index=IGNORED, reduction="none")
    return {
        "ctc": (ctc * batch.whole / (batch.lengths + 2)).mean(),
        "places": placed * (each * weight).sum() / weight[batch.steps != IGNORED].sum(),
    }


def step_targets(told: Told, steps: int) -> NDArray[np.int64]:
    """(steps,) the class each step of the strip should give: a letter's at its middle, blank between letters.

    Steps at a letter's edge are ``IGNORED``: either answer is right there; and where letters are in doubt.
    """
    wanted = np.full(steps, BLANK, np.int64)
    places = np.array(told.places) / 2
    for i, (at, found) in enumerate(zip(places, told.classes, strict=True)):
        gap = min([abs(at - places[j]) for j in (i - 1, i + 1) if 0 <= j < len(places)], default=8.0)
        middle, half = round(float(at)), 1 if gap >= 4 else 0
        wanted[max(middle - half - 1, 0) : middle + half + 2] = IGNORED
        wanted[max(middle - half, 0) : middle + half + 1] = found
    for a, b in pairwise(places):
        between = round(float(a + b) / 2)
        if b - a >= 2.5 and 0 <= between < steps:
            wanted[between] = BLANK
    for begin, end in told.open:
        wanted[max(round(begin / 2), 0) : max(round(end / 2), 0) + 1] = IGNORED
    return wanted


def greedy(probabilities: NDArray[np.float32]) -> list[int]:
    """The best class at each step, repeats and blanks taken out: (T, CLASSES) to classes."""
    best = probabilities.argmax(1)
    return [int(c) for i, c in enumerate(best) if c != BLANK and (i == 0 or c != best[i - 1])]


Answers = Callable[[NDArray[np.float32]], NDArray[np.float32]]  # strips to probabilities


def judge(answers: Answers, strips: Sequence[Told]) -> dict[str, float]:
    """Share of strips read exactly, and of letters read (1 - edits / letters)."""
    x = np.stack([one.strip for one in strips])
    read = [greedy(o) for k in range(0, len(x), 64) for o in answers(x[k : k + 64])]
    edits = sum(distance(r, one.classes) for r, one in zip(read, strips, strict=True))
    letters = sum(len(one.classes) for one in strips)
    exact = sum(r == one.classes for r, one in zip(read, strips, strict=True))
    return {"exact": exact / len(strips), "letters": 1 - edits / max(letters, 1)}


@torch.no_grad()  # type: ignore[untyped-decorator]
def _answers(net: nn.Module, strips: NDArray[np.float32]) -> NDArray[np.float32]:
    told: NDArray[np.float32] = net.eval()(torch.from_numpy(strips)).exp().numpy()
    return told


def held_out(faces: Faces, count: int, width: int, seed: int = 0) -> dict[str, list[Told]]:
    """Strips never trained on: lines drawn clean and worn, and strips of pressed strikes without doubts."""
    rng = np.random.default_rng(HELD_OUT + seed)
    pressed = PressedStrips(width, faces=faces.files)
    struck: list[Told] = []
    while len(struck) < count:
        one = pressed(rng, 1.0)
        struck += [] if one.open else [one]
    return {
        "clean": [draw(rng, faces, width, 0.0) for _ in range(count)],
        "worn": [draw(rng, faces, width, 1.0) for _ in range(count)],
        "struck": struck,
    }


class ReaderFit(Fit[ReaderRecipe, Batch]):
    """One training of the reader."""

    told_every, judged_every = 250, 1000

    def __init__(self, recipe: ReaderRecipe, folder: Path, faces: Faces) -> None:
        self.faces = faces
        super().__init__(recipe, folder, ReaderNet)

    def batches(self) -> Iterator[Batch]:
        recipe, seed = self.recipe, self.recipe.seed + self.step
        drawing = partial(_Strips, self.faces, recipe, self.step)
        supply = Supply(drawing, recipe.batch, recipe.fresh, recipe.first, recipe.kept, seed)
        rng = np.random.default_rng([recipe.seed, self.step])
        while True:
            yield batch_of(supply.batch(), rng)

    def losses(self, seen: Tensor, batch: Batch) -> dict[str, Tensor]:
        return losses(seen, batch, self.recipe.placed)

    def write(self, path: Path) -> None:
        axes = {"strip": {0: "n", 3: "w"}, "shapes": {0: "n", 1: "t"}}
        to_onnx(Shipped(self.smooth), torch.zeros(1, 2, STRIP_HEIGHT, 256), path, axes, opset=13)

    def judge(self) -> Judge:
        held = held_out(self.faces, 300, self.recipe.width)
        answers = partial(_answers, self.smooth)
        return lambda: {f"{kind} letters": judge(answers, strips)["letters"] for kind, strips in held.items()}


def export(fit: ReaderFit, out: Path, count: int = 1000) -> dict[str, dict[str, float]]:
    """Write ``model.onnx`` and ``model.toml`` with the figures on strips held out."""

    def judged(network: Path) -> dict[str, dict[str, float]]:
        model = Model("reader", "", {}, network)
        held = held_out(fit.faces, count, fit.recipe.width, 5)
        return {kind: judge(lambda x: model(x)[0], strips) for kind, strips in held.items()}

    return shipped(out, partial(_write_network, fit), judged, partial(_spec, fit))


def _write_network(fit: ReaderFit, path: Path) -> None:
    """The network in eight bits, scaled by the strips of drawn strikes as they are read."""
    fit.write(path)
    quantise(path, "strip", strips_in_use(30))


def strips_in_use(strikes: int) -> list[NDArray[np.float32]]:
    """The strips that the reader is given for a number of drawn strikes."""
    seen: list[NDArray[np.float32]] = []

    def watch(strips: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        seen.append(strips.astype(np.float32))
        return [np.zeros((len(strips), strips.shape[3] // 2, CLASSES), np.float32)]

    rng = np.random.default_rng(4243)
    for _ in range(strikes):
        sample = press_strike(rng, random_design(rng), int(rng.integers(120, 300)))
        read_lettering(lift_strike(sample.pixels, Box.around(sample.outline()), None), watch)
    return seen


def _spec(fit: ReaderFit, sha256: str, figures: Mapping[str, Mapping[str, float]]) -> str:
    """What ``model.toml`` says."""
    lines = [
        'version = "2"',
        f'sha256 = "{sha256}"',
        'about = "Reads lettering on strikes: at each step along a strip, a probability for each shape."',
        "",
        "[input]",
        f'strip = "float32 (n, 2, {STRIP_HEIGHT}, w): ink layer and darkness, 0..1, letters upright"',
        "[output]",
        f'shapes = "float32 (n, w / 2, {CLASSES}): probabilities; 0 is none, i the i-th shape of alphabet"',
        f"alphabet = {json.dumps(''.join(SHAPES), ensure_ascii=False)}",
        "",
        *fit.trained("scripts/train_reader.py", "strips", faces=len(fit.faces.files)),
        "",
        "# Strips held out, as shipped: share read exactly, and of letters read. Struck ones are cut from",
        "# pressed strikes, letters in doubt left out.",
        *(table(f"figures.{kind}", found) for kind, found in figures.items()),
    ]
    return "\n".join(lines) + "\n"
