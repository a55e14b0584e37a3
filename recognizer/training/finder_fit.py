"""Training the finder: a stream of drawn covers without end, a clock instead of epochs, checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from recognizer.imaging.peaks import boxes_in_views, overlaps
from recognizer.stages.network import network_input
from recognizer.training.covers import compose
from recognizer.training.finder import STRIDE, STRUCK, Answering, Finder, Outputs, encode, losses
from recognizer.training.fit import Fit, Judge
from recognizer.training.sketch import KINDS, UNSURE
from recognizer.training.sketch_scan import sketch_scan
from recognizer.training.to_onnx import to_onnx

GROUPS = tuple(int(k >= STRUCK) for k in range(len(KINDS)))
CANVAS = (448, 640)  # most height, width of a training picture: three quarters of the covers fit whole
GREY = 114  # beside the picture
SMALLER = (0.55, 1.0)  # sizes of a cover's second view, of its first
ON_SIDE = 0.08  # share of these that lie on their sides
SKETCHED = 0.55  # share of the covers that are quick sketches
SIZES = (0.6, 0.8, 1.0)  # of the views in which the finder looks at a picture, where CANVAS is 1
HELD_OUT = 10**12  # seeds from here on, and the few below, are never trained on
_SURE = 0.3  # score of an answer that counts while it is trained


@dataclass(frozen=True)
class FinderRecipe:
    """How the finder is trained; its schedule goes into ``model.toml``."""

    minutes: float = 60.0
    batch: int = 4
    rate: float = 2.5e-3
    decay: float = 1e-4
    warm_steps: int = 100
    half: bool = False  # bfloat16 arithmetic: two to three times as fast where the processor has it
    views: int = 2  # how often a drawn cover is used, turned or mirrored: drawing costs as much as learning
    workers: int = 1  # that draw
    smooth: float = 0.997  # of the running mean of weights that ships
    seed: int = 1


class Batch(NamedTuple):
    """Pictures (B, 3, H, W), and the maps of ``finder.Target`` that they should give, (B, ...) each."""

    pictures: Tensor
    heat: Tensor
    sides: Tensor
    weight: Tensor
    ink: Tensor


Rows = NDArray[np.float32]
Drawn = tuple[NDArray[np.uint8], NDArray[np.uint8], Rows]  # pixels (H, W, 3), ink (H, W), regions (N, 5)


def placed(rng: np.random.Generator, pixels: NDArray[np.uint8], ink: NDArray[np.uint8], rows: Rows) -> Drawn:
    """Cut a drawn cover to ``CANVAS`` and pad it to multiples of 32; what is half cut off is dropped."""
    h, w = ink.shape
    height, width = min(-(-h // 32) * 32, CANVAS[0]), min(-(-w // 32) * 32, CANVAS[1])
    y0 = int(rng.integers(0, h - height + 1)) if h > height else 0
    x0 = int(rng.integers(0, w - width + 1)) if w > width else 0
    part, wet = pixels[y0 : y0 + height, x0 : x0 + width], ink[y0 : y0 + height, x0 : x0 + width]
    out, layer = padded(part, wet, height, width)
    moved = rows.copy()
    left, top = rows[:, 1] - x0, rows[:, 2] - y0
    right, bottom = np.minimum(left + rows[:, 3], width), np.minimum(top + rows[:, 4], height)
    left, top = np.maximum(left, 0), np.maximum(top, 0)
    moved[:, 1:] = np.stack([left, top, right - left, bottom - top], 1)
    whole = (
        (right > left) & (bottom > top) & ((right - left) * (bottom - top) > 0.5 * rows[:, 3] * rows[:, 4])
    )
    return out, layer, moved[whole]


def padded(
    pixels: NDArray[np.uint8], ink: NDArray[np.uint8], height: int, width: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A picture and its ink with grey at the right and below, as ``network_input`` pads."""
    h, w = ink.shape
    out, layer = np.full((height, width, 3), GREY, np.uint8), np.zeros((height, width), np.uint8)
    out[:h, :w], layer[:h, :w] = pixels, ink
    return out, layer


def scaled(drawing: Drawn, factor: float) -> Drawn:
    """A drawn cover made smaller, by no more than 1, and padded to multiples of 32."""
    pixels, ink, rows = drawing
    rows = rows * np.array([1, *[factor] * 4], np.float32)
    size = round(ink.shape[1] * factor), round(ink.shape[0] * factor)
    small, layer = (cv2.resize(layer, size, interpolation=cv2.INTER_AREA) for layer in (pixels, ink))
    out = padded(small, layer, -(-size[1] // 32) * 32, -(-size[0] // 32) * 32)
    return *out, rows


def turned(rng: np.random.Generator, drawing: Drawn) -> Drawn:
    """A second view of a drawn cover: smaller, mirrored, upside down or on its side, in other light."""
    pixels, ink, rows = scaled(drawing, float(rng.uniform(*SMALLER)))
    h, w = ink.shape
    pixels, ink = pixels[:, ::-1], ink[:, ::-1]
    rows[:, 1] = w - rows[:, 1] - rows[:, 3]
    if rng.random() < 0.5:
        pixels, ink = pixels[::-1], ink[::-1]
        rows[:, 2] = h - rows[:, 2] - rows[:, 4]
    if rng.random() < ON_SIDE:
        pixels, ink = pixels.transpose(1, 0, 2), ink.T
        rows = rows[:, [0, 2, 1, 4, 3]]
    if rng.random() < 0.25:
        pixels = pixels[:, :, rng.permutation(3)]
    light = np.clip((np.arange(256) - 128) * rng.uniform(0.75, 1.2) + 128 + rng.normal(0, 12), 0, 255)
    return light.astype(np.uint8)[pixels], np.ascontiguousarray(ink), rows


def drawn(rng: np.random.Generator) -> Drawn:
    """A training picture: half of them composed by the press, half sketched, which are wilder.

    Returns pixels (H, W, 3) RGB, ink (H, W) and regions (N, 5) of kind, x, y, w, h, as ``placed`` gives them;
    strikes so faint that not everybody would see them have the kind ``UNSURE``.
    """
    side = int(CANVAS[1] * rng.uniform(0.85, 1.12))
    if rng.random() < SKETCHED:
        return placed(rng, *sketch_scan(rng, side))
    short = int(side / rng.choice([1.3, 1.42, 1.5, 1.75]))
    scan = compose(rng, (short, side) if rng.random() < 0.1 else (side, short))
    rows = [
        (KINDS.index(r.kind) if r.visible > 0.25 else UNSURE, r.box.x, r.box.y, r.box.w, r.box.h)
        for r in scan.regions
        if r.kind in KINDS and r.visible > 0.06
    ]
    return placed(rng, scan.pixels, scan.ink, np.array(rows, np.float32).reshape(-1, 5))


class Covers(IterableDataset[tuple[Tensor, ...]]):  # type: ignore[misc]
    """Batches of drawn covers without end, from a seed on: pixels, then the parts of their ``Target``."""

    def __init__(self, seed: int, batch: int, views: int) -> None:
        self.seed, self.batch, self.views = seed, batch, views

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        seed, step = self.seed + (info.id if info else 0), info.num_workers if info else 1
        waiting: list[Drawn] = []
        while True:
            # Views of one cover come in different batches; a batch holds pictures of about one height.
            pool, waiting = waiting, []
            while len(pool) < 6 * self.batch:
                rng = np.random.default_rng(seed)
                drawing = drawn(rng)
                pool.append(drawing)
                waiting += [turned(rng, drawing) for _ in range(self.views - 1)]
                seed += step
            pool.sort(key=lambda d: d[1].shape[0])
            groups = [pool[i : i + self.batch] for i in range(0, len(pool) - self.batch + 1, self.batch)]
            for i in np.random.default_rng(seed).permutation(len(groups)):
                yield collated(groups[i])


def collated(drawings: list[Drawn]) -> tuple[Tensor, ...]:
    """Drawings of several sizes as one batch."""
    height, width = (max(d[1].shape[axis] for d in drawings) for axis in (0, 1))
    parts = []
    for pixels, ink, rows in drawings:
        pixels, ink = padded(pixels, ink, height, width)
        parts.append((pixels, *encode(rows, ink)))
    return tuple(torch.from_numpy(np.stack(column)) for column in zip(*parts, strict=True))


def as_input(pixels: Tensor) -> Tensor:
    """(B, H, W, 3) uint8 to what the network takes."""
    return (pixels.permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)


class FinderFit(Fit[FinderRecipe, Batch]):
    """One training of the finder."""

    told_every, judged_every = 50, 1000

    def __init__(self, recipe: FinderRecipe, folder: Path, device: str = "cpu") -> None:
        super().__init__(recipe, folder, Finder, device)

    @property
    def covers(self) -> float:
        """How many different drawn covers it was shown."""
        return self.step * self.recipe.batch / self.recipe.views

    def batches(self) -> Iterator[Batch]:
        recipe = self.recipe
        stream = Covers(recipe.seed * 1_000_000 + self.step * recipe.batch, recipe.batch, recipe.views)
        ahead = 12 if recipe.workers else None
        for pixels, *target in DataLoader(stream, None, num_workers=recipe.workers, prefetch_factor=ahead):
            yield Batch(as_input(pixels), *target)

    def losses(self, seen: Outputs, batch: Batch) -> dict[str, Tensor]:
        return losses(seen, *batch[1:])

    def write(self, path: Path) -> None:
        free = {2: "height", 3: "width"}
        axes = {name: free for name in ("image", "heat", "sides", "ink")}
        to_onnx(Answering(self.smooth.cpu()), torch.rand(1, 3, 448, 640), path, axes, opset=13)
        self.smooth.to(self.device)

    def judge(self) -> Judge:
        return partial(_share_found, self.smooth)


def _share_found(smooth: nn.Module, covers: int = 12) -> dict[str, float]:
    """Of each kind the share of regions on held-out covers that one of the network's best answers is."""
    answers, wanted = judged(partial(_answers, smooth), covers, HELD_OUT - covers)
    sure = answers[answers[:, 1] > _SURE]
    return {
        name: float(sure[sure[:, 0] == kind, 2].sum() / max(wanted[kind], 1))
        for kind, name in enumerate(KINDS)
    }


@torch.no_grad()  # type: ignore[untyped-decorator]
def _answers(net: nn.Module, image: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    at = next(net.parameters()).device
    return [out.cpu().numpy() for out in Answering(net).eval()(torch.from_numpy(image).to(at))]


def judged(
    network: Callable[[NDArray[np.float32]], list[NDArray[np.float32]]], covers: int, seed: int
) -> tuple[Rows, NDArray[np.int64]]:
    """Ask a finished ``network`` about held-out drawn covers, those from ``seed`` on.

    Returns the answers (N, 3), each kind, score and 1 where it was right, and how many there were of each.
    """
    answers, wanted = [], np.zeros(len(KINDS), np.int64)
    for i in range(covers):
        pixels, _, rows = drawn(np.random.default_rng(seed + i))
        views = []
        for image, scale in views_of(pixels):
            heat, sides, _ = network(image)
            views.append((heat[0], sides[0], scale))
        found = boxes_in_views(views, GROUPS, STRIDE, 0.05)
        wanted += np.bincount(rows[rows[:, 0] >= 0, 0].astype(int), minlength=len(KINDS))
        answers += _compared(found, rows)
    return np.array(answers, np.float32).reshape(-1, 3), wanted


def views_of(pixels: NDArray[np.uint8]) -> list[tuple[NDArray[np.float32], float]]:
    """What the network is given of a drawn cover in use, and at what scale."""
    return [network_input(pixels, size, GREY) for size in SIZES]


def _compared(found: Rows, rows: Rows) -> list[tuple[int, float, int]]:
    """Each answer, best first, right when it covers by half a region of its kind that no better one took.

    What covers a strike that is hardly to be seen counts neither way.
    """
    free, out = np.ones(len(rows), bool), []
    for kind, score, *box in found:
        cover = overlaps(rows[:, 1:], np.array(box, np.float32)) if len(rows) else np.zeros(0, np.float32)
        mine = cover * free * (rows[:, 0] == kind)
        right = bool(len(mine)) and bool(mine.max() >= 0.5)
        if right:
            free[int(mine.argmax())] = False
        elif len(rows) and bool((cover[rows[:, 0] < 0] > 0.3).any()):
            continue
        out.append((int(kind), float(score), int(right)))
    return out
