"""Kinds of pieces: what lies where on letters, first-day covers, old cards, Soviet envelopes.

Each function fills a ``Sheet``; ``LAYOUTS`` names them with their sizes in millimetres and weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recognizer.training.backdrops import Rng
from recognizer.training.dates import Moment, random_moment
from recognizer.training.designs import random_cachet, random_wheels
from recognizer.training.draft import chance
from recognizer.training.labels import air_mail_label, random_label, registration_label, striped_label
from recognizer.training.paintings import painting
from recognizer.training.paper import air_mail_edge
from recognizer.training.parts import (
    EUROPEAN,
    OLD,
    PICTORIAL,
    Stock,
    addressed,
    any_wear,
    lean,
    stamps_in_a_row,
    struck_by_hand,
    tie,
)
from recognizer.training.places import any_tongue, pick, place, tongue
from recognizer.training.sheet import Sheet


def american(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """A letter with a machine or duplex cancel across the stamps."""
    w, h = sheet.size_mm
    free = chance(rng, 0.2)
    if chance(rng, 0.3):
        sheet.write(w * 0.03, h * 0.08, w * 0.3, int(rng.integers(2, 5)))
    boxes = [] if free else stamps_in_a_row(rng, sheet, 3)
    if free:
        sheet.write(w * 0.8, h * 0.12, w * 0.12, 1)
    design = stock.take(rng, ("american_dial",))
    x = (min(b.x for b in boxes) if boxes else w * 0.8) - design.size_mm[0] * rng.uniform(0.0, 1.6)
    x, y = float(np.clip(x, w * 0.35, w - 14)), float(h * rng.uniform(0.1, 0.24) + 5)
    wheels, wear, lean = random_wheels(rng, design, moment), any_wear(rng), float(rng.normal(0, 2.5))
    beside = chance(rng, 0.25)  # a slogan box in the killer's place
    sheet.strike(design, x, y, wheels, wear, lean, "black", killer=not beside)
    if beside:
        slogan = stock.take(rng, ("slogan",))
        across = (design.size_mm[0] + slogan.size_mm[0]) / 2 + rng.uniform(2, 9)
        a = np.deg2rad(lean)
        sheet.strike(slogan, x + across * np.cos(a), y + across * np.sin(a), None, wear, lean, "black")
    addressed(rng, sheet, 0.3)
    struck_by_hand(rng, sheet, stock, 2)
    if chance(rng, 0.15):
        label = striped_label if chance(rng, 0.6) else air_mail_label
        sheet.stuck(label(rng, sheet.px_per_mm), "label", w * 0.1, h * 0.6, rng.normal(0, 5))


def european(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """A letter with daters on its stamps, a registration label or air-mail sticker, an arrival mark."""
    w, h = sheet.size_mm
    if chance(rng, 0.15):
        sheet.pixels[:] = air_mail_edge(rng, sheet.pixels, sheet.px_per_mm)
    boxes = stamps_in_a_row(rng, sheet, 5)
    design, wear = stock.take(rng, EUROPEAN), any_wear(rng)
    for _ in range(int(rng.integers(1, 4))):
        tie(rng, sheet, design, boxes, moment, wear)
    addressed(rng, sheet, 0.4)
    if chance(rng, 0.4):
        sheet.stuck(
            random_label(rng, sheet.px_per_mm),
            "label",
            w * rng.uniform(0.03, 0.2),
            h * rng.uniform(0.45, 0.75),
            rng.normal(0, 3),
        )
    if chance(rng, 0.35):
        other = stock.take(rng, EUROPEAN)
        sheet.strike(
            other, w * rng.uniform(0.15, 0.4), h * rng.uniform(0.2, 0.8), None, any_wear(rng), lean(rng)
        )
    struck_by_hand(rng, sheet, stock, 2)


def first_day(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """A cover with a printed picture at the left and a special cancel on each stamp."""
    w, h = sheet.size_mm
    for _ in range(1 if chance(rng, 0.8) else 2):
        _cachet(rng, sheet, w * rng.uniform(0.18, 0.3), h * rng.uniform(0.4, 0.65))
    boxes = stamps_in_a_row(rng, sheet, 3)
    design, wear = stock.take(rng, PICTORIAL), any_wear(rng)
    for box in boxes:
        if chance(rng, 0.8):
            tie(rng, sheet, design, [box], moment, wear)
    if chance(rng, 0.35):
        tie(rng, sheet, stock.take(rng, EUROPEAN), boxes, moment, wear)
    if chance(rng, 0.4):
        addressed(rng, sheet, 0.5)
    if chance(rng, 0.2):
        sheet.stuck(registration_label(rng, sheet.px_per_mm), "label", w * 0.06, h * 0.8)
    if chance(rng, 0.2):
        sheet.print_lines(
            w * 0.05, h * 0.05, [pick(rng, tongue(any_tongue(rng)).words)], rng.uniform(2, 4), "serif"
        )


def _cachet(rng: Rng, sheet: Sheet, x_mm: float, y_mm: float) -> None:
    """A printed picture about (x, y): drawn in lines and tints, or painted."""
    if chance(rng, 0.45):
        sheet.painted(painting(rng, sheet.px_per_mm), x_mm, y_mm)
    else:
        sheet.printed(random_cachet(rng), x_mm, y_mm, int(rng.integers(1, 4)))


def old_card(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """A picture postcard's written side: a printed head, a rule, a dark stamp, a dater or two."""
    w, h = sheet.size_mm
    head = pick(
        rng,
        (
            "CARTE POSTALE",
            "POST CARD",
            "TARJETA POSTAL",
            "POSTKARTE",
            "ОТКРЫТОЕ ПИСЬМО",
            "UNION POSTALE UNIVERSELLE",
        ),
    )
    sheet.print_lines(
        w * rng.uniform(0.25, 0.4),
        h * 0.06,
        [head],
        rng.uniform(2.5, 4.5),
        str(rng.choice(["serif", "roman", "sans"])),
    )
    sheet.write(w * 0.05, h * 0.25, w * 0.4, int(rng.integers(2, 8)))
    sheet.write(w * 0.55, h * 0.55, w * 0.38, int(rng.integers(2, 5)))
    if chance(rng, 0.3):
        sheet.rules(w * 0.54, h * rng.uniform(0.5, 0.6), w * 0.4, int(rng.integers(3, 6)), h * 0.085)
    left = chance(rng, 0.2)
    size = (rng.uniform(18, 23), rng.uniform(21, 27))
    x, y = rng.uniform(3, 8) if left else w - size[0] - rng.uniform(3, 9), rng.uniform(3, 8)
    if chance(rng, 0.3):
        _stamp_box(rng, sheet, x + rng.normal(0, 3), y + rng.normal(0, 3))
    box = sheet.stamp(x, y, None, size)
    design, wear = stock.take(rng, OLD), any_wear(rng)
    tie(rng, sheet, design, [box], moment, wear)
    if chance(rng, 0.45):
        other = stock.take(rng, OLD)
        sheet.strike(
            other,
            w * rng.uniform(0.2, 0.7),
            h * rng.uniform(0.2, 0.5),
            random_wheels(rng, other, moment),
            wear,
            lean(rng),
        )
    struck_by_hand(rng, sheet, stock, 1)


def soviet(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """An illustrated envelope: picture left, printed stamp, address lines, a hammer with its letter."""
    w, h = sheet.size_mm
    _cachet(rng, sheet, w * 0.25, h * rng.uniform(0.45, 0.6))
    box = sheet.stamp(
        w - 28 - rng.uniform(0, 5),
        rng.uniform(4, 8),
        pick(rng, ("ПОЧТА СССР", "РОССИЯ", "ПОЧТА РОССИИ")),
        (21, 30),
    )
    boxes = [box, *(stamps_in_a_row(rng, sheet, 2, "РОССИЯ") if chance(rng, 0.3) else [])]
    design = stock.take(rng, ("russian_hammer",))
    for _ in range(int(rng.integers(1, 4))):
        tie(rng, sheet, design, boxes, moment, any_wear(rng))
    lines = ["Куда", "Кому", "Индекс предприятия связи и адрес отправителя"]
    if chance(rng, 0.5):
        sheet.rules(w * 0.5, h * 0.5, w * rng.uniform(0.35, 0.45), int(rng.integers(3, 6)), h * 0.065)
    if chance(rng, 0.4):
        sheet.rules(w * 0.08, h * 0.1, w * rng.uniform(0.25, 0.35), int(rng.integers(2, 5)), h * 0.05)
    if chance(rng, 0.4):
        sheet.index_stencil(w * rng.uniform(0.1, 0.15), h * rng.uniform(0.78, 0.85), chance(rng, 0.4))
    for i, words in enumerate(lines):
        sheet.print_lines(w * 0.5, h * (0.45 + 0.13 * i), [words], 1.4, "sans")
        if chance(rng, 0.8):
            sheet.write(w * 0.56, h * (0.48 + 0.13 * i), w * 0.35, 1)
    if chance(rng, 0.4):
        other = stock.take(rng, ("russian_hammer", "registered_box", "boxed_dater"))
        sheet.strike(
            other, w * rng.uniform(0.15, 0.5), h * rng.uniform(0.75, 0.9), None, any_wear(rng), lean(rng)
        )


def _stamp_box(rng: Rng, sheet: Sheet, x_mm: float, y_mm: float) -> None:
    words = (
        "",
        "",
        "STAMP",
        "PLACE STAMP HERE",
        "PLACE|STAMP|HERE",
        "INLAND|1 CENT|FOREIGN|2 CENTS",
        "TIMBRE",
        "BRIEFMARKE",
        "SELLO",
        "МЕСТО ДЛЯ МАРКИ",
        "МЕСТО|ДЛЯ|МАРКИ",
    )
    said = str(words[int(rng.integers(len(words)))]) if chance(rng, 0.8) else place(rng, any_tongue(rng))
    sheet.stamp_box(x_mm, y_mm, (rng.uniform(17, 28), rng.uniform(19, 30)), said)


def unstruck(rng: Rng, sheet: Sheet, stock: Stock, moment: Moment) -> None:
    """Letters, unsent cards, backs and picture sides without any mark."""
    w, h = sheet.size_mm
    if chance(rng, 0.4):
        _stamp_box(rng, sheet, w - rng.uniform(22, 36), rng.uniform(2, 8))
    if chance(rng, 0.2):
        sheet.rules(w * rng.uniform(0.1, 0.5), h * 0.5, w * 0.4, int(rng.integers(2, 7)), h * 0.08)
    if chance(rng, 0.08):
        sheet.index_stencil(w * 0.12, h * 0.8, False)
    for _ in range(int(rng.integers(0, 3))):
        sheet.pencil(w * rng.uniform(0.05, 0.9), h * rng.uniform(0.05, 0.9), rng.uniform(5, 22))
    if chance(rng, 0.5):
        for _ in range(int(rng.integers(1, 4))):
            sheet.write(
                w * rng.uniform(0.03, 0.3),
                h * rng.uniform(0.05, 0.6),
                w * rng.uniform(0.4, 0.7),
                int(rng.integers(2, 9)),
            )
    if chance(rng, 0.5):
        for _ in range(int(rng.integers(1, 3))):
            _cachet(rng, sheet, w * rng.uniform(0.2, 0.8), h * rng.uniform(0.2, 0.8))
    if chance(rng, 0.4):
        lines = [
            f"{place(rng, any_tongue(rng))} {int(rng.integers(1, 999))}"
            for _ in range(int(rng.integers(1, 9)))
        ]
        sheet.print_lines(
            w * rng.uniform(0.05, 0.4), h * rng.uniform(0.05, 0.5), lines, rng.uniform(1.5, 4.0), "serif"
        )


@dataclass(frozen=True)
class Layout:
    """A kind of piece, its usual widths and heights in mm, the years it is from, how often it comes."""

    fill: Callable[[Rng, Sheet, Stock, Moment], None]
    width_mm: tuple[float, float]
    height_mm: tuple[float, float]
    years: tuple[int, int]
    papers: tuple[str, ...]
    weight: float


_OLD_PAPERS = ("cream", "cream", "toned", "white", "grey", "blue")
LAYOUTS: dict[str, Layout] = {
    "american": Layout(
        american,
        (150, 241),
        (90, 108),
        (1900, 1975),
        ("cream", "cream", "white", "white", "toned", "grey", "blue"),
        0.27,
    ),
    "european": Layout(european, (140, 230), (90, 130), (1900, 2015), (*_OLD_PAPERS, "kraft", "green"), 0.2),
    "first_day": Layout(
        first_day, (150, 230), (90, 130), (1955, 2024), ("white", "white", "cream", "blue", "grey"), 0.2
    ),
    "old_card": Layout(
        old_card, (137, 152), (87, 105), (1898, 1945), ("toned", "cream", "grey", "white"), 0.13
    ),
    "soviet": Layout(soviet, (148, 230), (100, 120), (1955, 2012), ("white", "cream", "grey"), 0.12),
    "unstruck": Layout(unstruck, (130, 230), (90, 170), (1900, 2020), _OLD_PAPERS, 0.08),
}


def random_layout(rng: Rng) -> Layout:
    names = list(LAYOUTS)
    weights = np.array([LAYOUTS[n].weight for n in names])
    return LAYOUTS[names[int(rng.choice(len(names), p=weights / weights.sum()))]]


def random_piece(rng: Rng, width: int, height: int, stock: Stock, layout: Layout | None = None) -> Sheet:
    """A whole piece, width x height pixels, with all its truths."""
    kind = layout or random_layout(rng)
    sheet = Sheet(rng, width, height, width / rng.uniform(*kind.width_mm), pick(rng, kind.papers))
    kind.fill(rng, sheet, stock, random_moment(rng, *kind.years))
    return sheet
