"""The reader's network and its training: strips in, for each step along the strip a probability for each
shape.

A small fully convolutional recogniser trained with CTC (Graves et al. 2006). It has no recurrent part on
purpose: it
sees a letter and its neighbours, not whole words, so what it says of a legend is what the ink says, and its
answers
can be weighed against any spelling afterwards.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from recognizer.imaging.unroll import STRIP_HEIGHT
from recognizer.stages.alphabet import BLANK, CLASSES
from recognizer.training.checkpoints import follow, keep, take_up
from recognizer.training.pressed_strips import PressedStrips
from recognizer.training.quantise import quantise
from recognizer.training.strips import Faces, Told, draw
from recognizer.training.supply import Supply

IGNORED = -100


def _conv(
    inputs: int, outputs: int, kernel: tuple[int, int], stride: tuple[int, int], pad: tuple[int, int]
) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)
    )


class _Along(nn.Module):  # type: ignore[misc]
    """One residual step along the strip: what neighbouring places say."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.steps = nn.Sequential(
            nn.Conv2d(channels, channels, (1, reach), 1, (0, reach // 2), groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(True),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.steps(x)
        return y


class _Deeper(nn.Module):  # type: ignore[misc]
    """A further look at the same scale, added to what is known; starts as no change at all."""

    def __init__(self, channels: int, kernel: tuple[int, int]) -> None:
        super().__init__()
        pad = (kernel[0] // 2, kernel[1] // 2)
        self.look = _conv(channels, channels, kernel, (1, 1), pad)
        self.share = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.share * self.look(x)
        return y


class ReaderNet(nn.Module):  # type: ignore[misc]
    """(N, 1, STRIP_HEIGHT, W) ink to (N, W / 2, CLASSES) log probabilities."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = nn.Sequential(
            _conv(1, 16, (3, 3), (1, 1), (1, 1)),
            _conv(16, 40, (3, 3), (2, 2), (1, 1)),
            _conv(40, 72, (3, 3), (2, 1), (1, 1)),
            _conv(72, 112, (3, 3), (2, 1), (1, 1)),
            _Deeper(112, (3, 3)),
        )
        self.along = nn.Sequential(
            _conv(112, 168, (4, 3), (1, 1), (0, 1)),
            _Deeper(168, (1, 3)),
            nn.Dropout2d(0.05),
            _Along(168, 7),
            _Along(168, 7),
            _Deeper(168, (1, 3)),
            _Along(168, 9),
        )
        self.head = nn.Conv2d(168, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(self.along(self.rows(x))).squeeze(2).permute(0, 2, 1)
        return y.log_softmax(2)


@dataclass(frozen=True)
class ReaderRecipe:
    """How the reader is trained; all of it goes into ``model.toml``."""

    minutes: float = 60.0
    batch: int = 32
    width: int = 192
    rate: float = 1.3e-3
    warm_steps: int = 150
    clean_steps: int = 800  # CTC rests on a plateau for about 500 steps: clean strips take it over that
    half: bool = False  # bfloat16 arithmetic: half as fast again where the processor has it
    fresh: float = 0.33  # share of a batch that is newly drawn
    kept: int = 40_000  # strips kept for the rest of it
    first: int = 1_500  # of them before one is shown again
    pressed: float = 0.5  # share of strips cut from pressed strikes
    smooth: float = 0.998  # of the running mean of weights that ships
    placed: float = 1.5  # weight of the letters' places beside CTC
    seed: int = 7


class _Strips:
    """Strips without end: clean ones at first, then worn ones, some cut from pressed strikes."""

    def __init__(self, faces: Faces, recipe: ReaderRecipe, step: int) -> None:
        self.faces, self.recipe = faces, recipe
        self.pressed = PressedStrips(recipe.width)
        self.drawn = step * recipe.fresh * recipe.batch - recipe.first

    def __call__(self, rng: Generator) -> Told:
        recipe, self.drawn = self.recipe, self.drawn + 1
        step, clean = self.drawn / (recipe.fresh * recipe.batch), recipe.clean_steps / 2
        wear = float(np.clip((step - clean) / clean, 0, 1))
        if wear > 0.5 and rng.random() < recipe.pressed:
            return self.pressed(rng, wear)
        return draw(rng, self.faces, recipe.width, wear)


def _loss(net: nn.Module, batch: list[Told], placed: float, half: bool) -> Tensor:
    """CTC, and where each letter stands told outright: that spares CTC's long search for the places."""
    x = torch.from_numpy(np.stack([one.strip for one in batch])[:, None])
    with torch.autocast("cpu", torch.bfloat16, half):
        out = net(x.contiguous(memory_format=torch.channels_last))
    out = out.float()
    targets = torch.tensor([c for one in batch for c in one.classes], dtype=torch.long)
    lengths = torch.tensor([len(one.classes) for one in batch])
    steps = torch.full((len(batch),), out.shape[1], dtype=torch.long)
    ctc = nn.functional.ctc_loss(
        out.permute(1, 0, 2), targets, steps, lengths, BLANK, reduction="none", zero_infinity=True
    )
    wanted = torch.from_numpy(np.stack([step_targets(one, out.shape[1]) for one in batch]))
    weight = torch.where(wanted == BLANK, 0.3, 1.0)
    each = nn.functional.nll_loss(out.permute(0, 2, 1), wanted, ignore_index=IGNORED, reduction="none")
    return (ctc / (lengths + 2)).mean() + placed * (each * weight).sum() / weight[wanted != IGNORED].sum()


def step_targets(told: Told, steps: int) -> NDArray[np.int64]:
    """(steps,) the class each step of the strip should give: a letter's at its middle, blank between letters.

    Steps at a letter's edge are ``IGNORED``: either answer is right there.
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
    return wanted


def greedy(probabilities: NDArray[np.float32]) -> list[int]:
    """The best class at each step, repeats and blanks taken out: (T, CLASSES) to classes."""
    best = probabilities.argmax(1)
    return [int(c) for i, c in enumerate(best) if c != BLANK and (i == 0 or c != best[i - 1])]


def distance(a: list[int], b: list[int]) -> int:
    """Edits between two class sequences."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            last, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, last + (x != y))
    return row[-1]


@torch.no_grad()  # type: ignore[untyped-decorator]
def judge(net: nn.Module, strips: list[Told]) -> dict[str, float]:
    """Share of strips read exactly, and of letters read (1 - edits / letters)."""
    net.eval()
    x = torch.from_numpy(np.stack([one.strip for one in strips])[:, None])
    read = [greedy(o) for k in range(0, len(x), 64) for o in net(x[k : k + 64]).exp().numpy()]
    edits = sum(distance(r, one.classes) for r, one in zip(read, strips, strict=True))
    letters = sum(len(one.classes) for one in strips)
    exact = sum(r == one.classes for r, one in zip(read, strips, strict=True))
    net.train()
    return {"exact": exact / len(strips), "letters": 1 - edits / max(letters, 1)}


def train(
    folder: Path,
    faces: Faces,
    recipe: ReaderRecipe,
    report: Callable[[str], None] = print,
    again: bool = False,
) -> ReaderNet:
    """Train to ``folder/state.pt``, going on from there when it exists; the minutes count work done.

    ``again`` starts a new schedule from the weights found there.
    """
    torch.manual_seed(recipe.seed)
    net, smooth = ReaderNet(), ReaderNet()
    net.to(memory_format=torch.channels_last)  # half as fast again on a CPU
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=0.01)
    step, spent = 0, 0.0
    state, parts = folder / "state.pt", {"net": net, "smooth": smooth, "optimiser": optimiser}
    if state.exists():
        saved = take_up(state, parts)
        step, spent = saved["step"], 0.0 if again else saved["spent"]
    begun = step
    drawing = partial(_Strips, faces, recipe, step)
    supply = Supply(drawing, recipe.batch, recipe.fresh, recipe.first, recipe.kept, recipe.seed + step)
    held_rng = np.random.default_rng(991)
    held = [draw(held_rng, faces, recipe.width, 1.0) for _ in range(400)]
    struck = PressedStrips(recipe.width)
    held_struck = [struck(held_rng, 1.0) for _ in range(300)]
    mark, average = time.monotonic(), 0.0
    while spent < recipe.minutes * 60:
        done = spent / (recipe.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = _rate(recipe, step - begun, done)
        loss = _loss(net, supply.batch(), recipe.placed, recipe.half)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        follow(smooth, net, step - begun, recipe.smooth)
        average = 0.98 * average + 0.02 * loss.item() if average else loss.item()
        now = time.monotonic()
        spent, mark = spent + now - mark, now
        if step % 250 == 0:
            report(
                json.dumps(
                    {
                        "step": step,
                        "minutes": round(spent / 60, 1),
                        "loss": round(average, 4),
                        "drawn": judge(smooth, held),
                        "struck": judge(smooth, held_struck),
                    }
                )
            )
            keep(state, parts, step=step, spent=spent)
            mark = time.monotonic()
    keep(state, parts, step=step, spent=spent)
    smooth.eval()
    return smooth


def _rate(recipe: ReaderRecipe, run: int, done: float) -> float:
    """Rising over the first steps, then falling as a cosine over the share of the time ``done``."""
    return (
        recipe.rate * min(1.0, (run + 1) / recipe.warm_steps) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-6
    )


class _Shipped(nn.Module):  # type: ignore[misc]
    """The network as it ships: probabilities instead of their logarithms."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.net(x).exp()
        return y


def export(net: ReaderNet, path: Path) -> None:
    """Write ``model.onnx``: input ``ink`` (N, 1, STRIP_HEIGHT, W), output ``shapes`` (N, W / 2, CLASSES)."""
    example = torch.zeros(1, 1, STRIP_HEIGHT, 256)
    torch.onnx.export(
        _Shipped(net).eval(),
        (example,),
        str(path),
        input_names=["ink"],
        output_names=["shapes"],
        opset_version=13,
        dynamic_axes={"ink": {0: "n", 3: "w"}, "shapes": {0: "n", 1: "t"}},
        dynamo=False,
    )


def describe(recipe: ReaderRecipe) -> dict[str, float | int]:
    """The recipe as plain values, for ``model.toml``."""
    return dict(asdict(recipe))


def strips_in_use(strikes: int) -> list[NDArray[np.float32]]:
    """The strips that the reader is given for a number of drawn strikes."""
    from recognizer.geometry import Box
    from recognizer.stages.lettering import read_lettering
    from recognizer.stages.strikes import lift_strike
    from recognizer.training.designs import random_design
    from recognizer.training.press import press_strike

    seen: list[NDArray[np.float32]] = []

    def watch(strips: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        seen.append(strips.astype(np.float32))
        return [np.zeros((len(strips), strips.shape[3] // 2, CLASSES), np.float32)]

    rng = np.random.default_rng(4243)
    for _ in range(strikes):
        sample = press_strike(rng, random_design(rng), int(rng.integers(120, 300)))
        read_lettering(lift_strike(sample.pixels, Box.around(sample.outline()), None), watch)
    return seen


def ship(net: ReaderNet, faces: Faces, out: Path, minutes: float, work: Path) -> None:
    """Write ``models/reader``: the network and ``model.toml`` with what it scores on strips held out."""
    import hashlib

    from recognizer.stages.alphabet import SHAPES

    out.mkdir(parents=True, exist_ok=True)
    export(net.eval(), out / "model.onnx")
    quantise(out / "model.onnx", "ink", strips_in_use(30))
    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    rng = np.random.default_rng(4242)
    worn = judge(net, [draw(rng, faces, 256, 1.0) for _ in range(1000)])
    clean = judge(net, [draw(rng, faces, 256, 0.0) for _ in range(500)])
    steps = torch.load(work / "state.pt", weights_only=True)["step"] if (work / "state.pt").exists() else 0
    lines = [
        'version = "1"',
        f'sha256 = "{digest}"',
        'about = "Reads lettering on strikes: at each step along a strip, a probability for each shape."',
        "",
        "[input]",
        f'ink = "float32 (n, 1, {STRIP_HEIGHT}, w): 0 no ink .. 1 full ink, letters upright"',
        "[output]",
        f'shapes = "float32 (n, w / 2, {CLASSES}): probabilities; 0 is none, i the i-th shape of alphabet"',
        f"alphabet = {json.dumps(''.join(SHAPES), ensure_ascii=False)}",
        "",
        "[trained]",
        'by = "scripts/train_reader.py, on drawn strips alone"',
        f"minutes = {minutes:g}",
        f"steps = {steps}",
        f"weights = {sum(p.numel() for p in net.parameters())}",
        f"faces = {len(faces.files)}",
        "",
        "[figures]",
        f"worn_strips_read_exactly = {worn['exact']:.3f}",
        f"worn_letters_read = {worn['letters']:.3f}",
        f"clean_strips_read_exactly = {clean['exact']:.3f}",
        f"clean_letters_read = {clean['letters']:.3f}",
    ]
    (out / "model.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
