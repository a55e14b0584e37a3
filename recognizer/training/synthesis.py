"""Drawn scans written to a folder: random covers from a stock of dies, or the article's nineteen.

    for name in synthesize(Path("out"), covers=20, seed=1, library=library): print(name)
    for name in draw_article(Path("out"), seed=1, library=library, dpi=300): print(name)

The same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from recognizer.geometry import Homography
from recognizer.records import MarkSpec
from recognizer.training.article import article_cover, load_article, space_piece
from recognizer.training.camera import photograph
from recognizer.training.covers import Composed, compose, lay_out
from recognizer.training.designs import Design, near_twin, random_design
from recognizer.training.label_files import Labels
from recognizer.training.layouts import random_piece
from recognizer.training.parts import Stock
from recognizer.training.scenery import bed
from recognizer.training.sheet import Sheet
from recognizer.types import Rgb

Rng = np.random.Generator
_ARTICLE_MM = (220.0, 110.0)  # the long envelope such covers are mostly printed on
_BED_MM = 4.0  # of the scanner's lid round it


def stock_of_dies(rng: Rng, count: int) -> Stock:
    """Dies for a run, a quarter of them near-twins of others."""
    designs: list[Design] = []
    while len(designs) < count:
        designs.append(random_design(rng))
        if rng.random() < 0.33:
            designs.append(near_twin(designs[-1], rng))
    return Stock(tuple(designs))


def synthesize(
    folder: Path,
    covers: int,
    seed: int,
    library: Mapping[str, MarkSpec],
    size: tuple[int, int] = (1200, 800),
    quality: int = 88,
) -> Iterator[str]:
    """Draw ``covers`` scans into ``folder`` with their label files; yields each file's name as it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    stock = stock_of_dies(np.random.default_rng([seed, 0]), int(np.clip(covers // 2, 12, 400)))
    drawable = {name: spec for name, spec in library.items() if spec.die}
    makers = (
        (random_piece, random_piece, random_piece, space_piece(drawable)) if drawable else (random_piece,)
    )
    labels = Labels()
    for number in range(1, covers + 1):
        scene = compose(np.random.default_rng([seed, number]), size, stock, makers=makers)
        name = f"cover-{number:05d}.jpg"
        save(folder / name, scene.pixels, scene.dpi, quality)
        labels.add(name, scene)
        yield name
    labels.write(folder)


def draw_article(
    folder: Path,
    seed: int,
    library: Mapping[str, MarkSpec],
    dpi: float = 300,
    wear: str = "ordinary",
    quality: int = 88,
    only: tuple[str, ...] = (),
) -> Iterator[str]:
    """Draw the article's covers (or ``only`` some ids) as scans with their label files; yields names."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = Labels()
    for number, cover in enumerate(load_article()):
        if only and cover.id not in only:
            continue
        rng = np.random.default_rng([seed, 19_000 + number])
        px_per_mm = dpi / 25.4
        width, height = (round(v * px_per_mm) for v in _ARTICLE_MM)
        sheet = article_cover(rng, cover, library, width, height, px_per_mm, wear)
        scene = scanned(rng, sheet, dpi)
        name = f"{cover.id}.jpg"
        save(folder / name, scene.pixels, scene.dpi, quality)
        labels.add(name, scene)
        yield name
    labels.write(folder)


def scanned(rng: Rng, sheet: Sheet, dpi: float) -> Composed:
    """A piece on a flat-bed scanner: a rim of the lid, a slight turn, no light but the lamp's."""
    rim = round(_BED_MM / 25.4 * dpi)
    pixels = bed(rng, sheet.height + 2 * rim, sheet.width + 2 * rim)
    pose = Homography.similarity(1.0, float(rng.normal(0, 0.4)), rim, rim)
    canvas = lay_out(pixels, [(sheet, pose)])
    seen = photograph(rng, canvas.pixels, "scan", jpeg=False)
    return replace(canvas, pixels=seen, dpi=dpi)


def save(path: Path, pixels: Rgb, dpi: float | None, quality: int) -> None:
    """Write a JPEG with its resolution, whole or not at all."""
    draft = path.with_suffix(".part")
    extra = {"dpi": (round(dpi), round(dpi))} if dpi else {}
    Image.fromarray(pixels).save(draft, "JPEG", quality=quality, optimize=True, **extra)
    draft.replace(path)
