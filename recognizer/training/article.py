"""The covers of the article, drawn as it describes them, with the marks of the library.

library = {mark.id: mark.spec for mark in load_library([shipped("reference_marks")]).marks.values()}
sheet = article_cover(rng, load_article()[0], library, width=2598, height=1299, px_per_mm=11.81)
makers = [space_piece(library)]                  # for covers.compose: a random one, freely arranged
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from recognizer.geometry import Box
from recognizer.records import MarkSpec
from recognizer.training.dates import written
from recognizer.training.designs import Design, Wheels, design_of_mark, random_design, random_wheels
from recognizer.training.draft import Type, uniform
from recognizer.training.labels import barcode_label
from recognizer.training.line_art import random_picture
from recognizer.training.parts import Stock
from recognizer.training.scrawl import address_lines
from recognizer.training.sheet import Sheet

Rng = np.random.Generator


@dataclass(frozen=True)
class ArticleCover:
    """One entry of ``article_covers.toml``."""

    id: str
    mission: str
    date: str
    cachet: tuple[str, str]  # words, subject of the picture
    strikes: Sequence[Mapping[str, Any]]
    stamps: Sequence[Mapping[str, str]]
    event: str = "launch"
    format: str | None = None
    autographs: int = 0
    print: str | None = None
    labels: Sequence[str] = ()


@cache
def load_article() -> tuple[ArticleCover, ...]:
    """The nineteen covers in the article's order."""
    text = files("recognizer.training").joinpath("article_covers.toml").read_text(encoding="utf-8")
    covers = []
    for entry in tomllib.loads(text)["cover"]:
        words, subject = entry["cachet"]
        covers.append(
            ArticleCover(
                entry["id"],
                entry["mission"],
                entry["date"],
                (words, subject),
                tuple(entry["strike"]),
                tuple(entry["stamps"]),
                format=entry.get("format"),
                autographs=entry.get("autographs", 0),
                print=entry.get("print"),
                labels=tuple(entry.get("labels", ())),
            )
        )
    return tuple(covers)


_designs: dict[tuple[str, int], Design] = {}


def design_for(mark: MarkSpec) -> Design:
    """The design of a library mark, the same object each time, so that its plates are kept."""
    key = mark.id, id(mark)
    if key not in _designs:
        _designs[key] = design_of_mark(mark)
    return _designs[key]


def article_cover(
    rng: Rng,
    cover: ArticleCover,
    library: Mapping[str, MarkSpec],
    width: int,
    height: int,
    px_per_mm: float,
    wear: str = "ordinary",
) -> Sheet:
    """Draw one cover of the article on a sheet of width x height pixels.

    What the article leaves open (where things stand, what the stamps look like) is drawn at random.
    Raises KeyError naming a mark that the library does not have.
    """
    sheet = Sheet(rng, width, height, px_per_mm, "white" if rng.random() < 0.8 else "cream")
    sheet.mission, sheet.event = cover.mission, cover.event
    w, h = sheet.size_mm
    sheet.printed(_cachet(rng, cover, w, h), w * uniform(rng, 0.2, 0.26), h * uniform(rng, 0.55, 0.62), 3)
    stamps = _stamps(rng, sheet, cover)
    taken: list[Box] = [Box(w * 0.05, h * 0.3, w * 0.36, h * 0.62)]
    for entry in cover.strikes:
        for _ in range(int(entry.get("times", 1))):
            _strike(rng, sheet, cover, entry, library, stamps, taken, wear)
    if "barcode" in cover.labels:
        sheet.stuck(barcode_label(rng, px_per_mm, "ПОЧТА РОССИИ"), "label", w * 0.02, h * 0.8)
    if cover.print:
        sheet.print_lines(w * 0.9, h * 0.93, [cover.print], 1.8, "sans")
    if rng.random() < 0.6:
        sheet.print_lines(w * 0.55, h * 0.78, address_lines(rng), 1.9, "typewriter")
    for _ in range(cover.autographs):
        sheet.sign(w * uniform(rng, 0.08, 0.75), h * uniform(rng, 0.35, 0.9), uniform(rng, 22, 38))
    return sheet


def _cachet(rng: Rng, cover: ArticleCover, w: float, h: float) -> Design:
    """The printed picture: a subject, the words beneath."""
    words, subject = cover.cachet
    t = Type.random(rng, ("sans", "serif", "condensed"), height=uniform(rng, 2.4, 3.2))
    size = h * 0.5
    art = random_picture(rng, subject)
    drawing = {"kind": "drawing", "x": 0, "y": -4, "w": size, "h": size, "width": 0.35}
    drawing |= {part: [line.tolist() for line in lines] for part, lines in art.items()}
    elements: list[dict[str, Any]] = [drawing, t.text(words, 0, size / 2, width=w * 0.33)]
    spec = {"size_mm": [w * 0.34, size + 8], "element": elements}
    return Design(f"cachet-{cover.id}", "cachet", "cachet", "frameless", spec)


def _stamps(rng: Rng, sheet: Sheet, cover: ArticleCover) -> list[Box]:
    w, _ = sheet.size_mm
    boxes = []
    x, y = w - uniform(rng, 4, 8), uniform(rng, 4, 7)
    for stamp in cover.stamps:
        size = (
            (uniform(rng, 24, 30), uniform(rng, 28, 34))
            if rng.random() < 0.6
            else (uniform(rng, 34, 40), uniform(rng, 25, 28))
        )
        x -= size[0] + uniform(rng, 0.5, 3)
        boxes.append(sheet.stamp(x, y, stamp["words"], size))
    return boxes


def _strike(
    rng: Rng,
    sheet: Sheet,
    cover: ArticleCover,
    entry: Mapping[str, Any],
    library: Mapping[str, MarkSpec],
    stamps: Sequence[Box],
    taken: list[Box],
    wear: str,
) -> None:
    """Strike one mark of an entry where the entry says, clear of the other marks."""
    known = "mark" in entry
    design = design_for(library[entry["mark"]]) if known else random_design(rng, entry["family"])
    date = entry.get("date", cover.date)
    wheels = _wheels(rng, design, entry, cover, date)
    x, y = _spot(rng, sheet, design.size_mm, str(entry.get("where", "free")), stamps, taken)
    angle = float(rng.normal(0, 3 if design.kind == "handstamp" else 9))
    region = sheet.strike(design, x, y, wheels, wear, angle, entry.get("ink"))
    if region is not None:
        box = region.box
        s = sheet.px_per_mm
        taken.append(Box(box.x / s, box.y / s, box.w / s, box.h / s))


def _wheels(rng: Rng, design: Design, entry: Mapping[str, Any], cover: ArticleCover, date: str) -> Wheels:
    drawn = random_wheels(rng, design, date)
    told = drawn.date
    if design.formats and cover.format and "mark" in entry:
        told = written(cover.format, date, "ru")
    letter = entry.get("letter", "?")
    return Wheels(told, drawn.letter if letter == "?" else letter, entry.get("number") or None)


def _spot(
    rng: Rng, sheet: Sheet, size: tuple[float, float], where: str, stamps: Sequence[Box], taken: Sequence[Box]
) -> tuple[float, float]:
    """The best of sixty random places: where the entry says and over as little else as can be."""
    w, h = sheet.size_mm
    a, b = size[0] / 2 + 1.5, size[1] / 2 + 1.5
    left = min(box.x for box in stamps)
    zones = {
        "top left": (a, w * 0.33, b, h * 0.2),
        "left": (a, w * 0.3, h * 0.25, h * 0.4),
        "right": (w * 0.72, w - a, h * 0.45, h * 0.75),
        "bottom": (w * 0.42, w - a, h * 0.8, h - b),
        "free": (w * 0.36, w - a, b, h - b),
        "stamps": (max(left - 6, a), w - a, 8, 36),
    }
    x0, x1, y0, y1 = zones[where]
    best, cost = (w / 2, h / 2), np.inf
    for _ in range(60):
        x, y = uniform(rng, min(x0, x1), max(x0, x1)), uniform(rng, min(y0, y1), max(y0, y1))
        x, y = float(np.clip(x, a, w - a)), float(np.clip(y, b, h - b))
        box = Box(x - a, y - b, 2 * a, 2 * b)
        over = sum(box.intersection(other) for other in taken)
        on_stamps = sum(box.intersection(other) for other in stamps)
        spent = over - 0.3 * min(on_stamps, 0.4 * box.area) if where == "stamps" else over + 0.7 * on_stamps
        if spent < cost:
            best, cost = (x, y), spent
    return best


def space_piece(
    library: Mapping[str, MarkSpec], wear: str | None = None
) -> Callable[[Rng, int, int, Stock], Sheet]:
    """A maker for ``covers.compose``: covers like the article's, each time arranged and worn anew."""

    def make(rng: Rng, width: int, height: int, stock: Stock) -> Sheet:
        covers = load_article()
        cover = covers[int(rng.integers(len(covers)))]
        how = wear or ("severe" if rng.random() < 0.15 else "ordinary")
        return article_cover(rng, cover, library, width, height, width / uniform(rng, 175, 225), how)

    return make
