"""Draw the five covers of tests/covers again: two of the article, a letter, a first-day cover, an album page.

python scripts/draw_covers.py [--out tests/covers]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from recognizer.sources.marks import load_library
from recognizer.sources.shipped import shipped
from recognizer.training.article import article_cover, load_article
from recognizer.training.covers import Composed, compose
from recognizer.training.label_files import Labels
from recognizer.training.layouts import LAYOUTS, random_piece
from recognizer.training.parts import Stock
from recognizer.training.sheet import Sheet
from recognizer.training.synthesis import save, scanned

DPI = 200  # enough to read a date, and a file of a few hundred kilobytes
ARTICLE = {"soyuz-tma-13.jpg": ("tma-13a", 5), "soyuz-tma-2.jpg": ("tma-2", 5)}  # file: (cover, seed)


def of_article(cover_id: str, seed: int) -> Composed:
    """One of the article's covers on a scanner."""
    library = {mark.id: mark.spec for mark in load_library([shipped("reference_marks")]).marks.values()}
    cover = next(c for c in load_article() if c.id == cover_id)
    rng = np.random.default_rng(seed)
    width, height = round(220 / 25.4 * DPI), round(110 / 25.4 * DPI)
    return scanned(rng, article_cover(rng, cover, library, width, height, DPI / 25.4), DPI)


def of_layout(name: str, seed: int, size: tuple[int, int], scene: str) -> Composed:
    """A piece of one kind."""

    def make(rng: np.random.Generator, width: int, height: int, stock: Stock) -> Sheet:
        return random_piece(rng, width, height, stock, LAYOUTS[name])

    return compose(np.random.default_rng(seed), size, scene=scene, makers=(make,))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent.parent / "tests" / "covers"
    )
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    scenes = {name: of_article(*what) for name, what in ARTICLE.items()}
    scenes["american-letter.jpg"] = of_layout("american", 3, (1500, 820), "full")
    scenes["first-day-photo.jpg"] = of_layout("first_day", 2, (1400, 900), "photo")
    scenes["album-page.jpg"] = of_layout("european", 3, (1500, 1100), "album")
    labels = Labels()
    for name, scene in sorted(scenes.items()):
        save(out / name, scene.pixels, scene.dpi, 85)
        labels.add(name, scene)
    labels.write(out)


if __name__ == "__main__":
    main()
