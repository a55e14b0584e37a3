"""Designs without end: random dies that look like real ones, and near-twins that differ in one detail.

rng = np.random.default_rng(7)
design = random_design(rng)                    # or random_design(rng, family="american_dial")
design.spec                                    # the ``die`` table that training/die.py draws
moment = random_wheels(rng, design)            # date, letter, number as the wheels of one strike
other = near_twin(design, rng)                 # one word, figure, letter or picture changed
mine = design_of_mark(spec)                    # a mark of the library (MarkSpec with a die table)
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from recognizer.records import MarkSpec
from recognizer.training import american, boxes, dials, pictorials, round_dies
from recognizer.training.dates import Moment, WrittenDate, random_moment, written
from recognizer.training.die import WHEELS
from recognizer.training.draft import Draft, Rng, chance, star
from recognizer.training.fonts import face, some_hand
from recognizer.training.line_art import random_picture

# family -> (function, weight). The weights follow what collectors' albums and war-time letters are full of.
FAMILIES: dict[str, tuple[Callable[[Rng], Draft], float]] = {
    "american_dial": (american.american_dial, 0.24),
    "bridge_dater": (dials.bridge_dater, 0.15),
    "russian_hammer": (dials.russian_hammer, 0.12),
    "box_across": (round_dies.box_across, 0.03),
    "far_eastern": (round_dies.far_eastern, 0.04),
    "oval": (round_dies.oval, 0.04),
    "ringless_text": (round_dies.ringless_text, 0.04),
    "pictorial": (pictorials.pictorial, 0.11),
    "free_pictorial": (pictorials.free_pictorial, 0.04),
    "box": (boxes.box, 0.05),
    "boxed_dater": (boxes.boxed_dater, 0.02),
    "registered_box": (boxes.registered_box, 0.03),
    "slogan": (boxes.slogan, 0.03),
    "straight_line": (boxes.straight_line, 0.03),
    "angular": (pictorials.angular, 0.03),
    "seal": (round_dies.seal, 0.03),
}
_NAMES = tuple(FAMILIES)
_WEIGHTS = np.array([weight for _, weight in FAMILIES.values()]) / sum(w for _, w in FAMILIES.values())
_serial = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Design:
    """A die and how it is used. ``key`` is unique within a process; drawn plates are kept under it."""

    id: str
    family: str
    kind: str  # postmark, handstamp or cachet
    shape: str  # as in records.Shape
    spec: Mapping[str, Any]
    formats: Sequence[tuple[str, str]] = ()  # (format, language of month names)
    years: tuple[int, int] = (1900, 2020)
    letters: str = ""
    numbers: bool = False
    killer: Mapping[str, Any] | None = None
    inks: Sequence[tuple[str, float]] = (("black", 1.0),)
    key: int = field(default_factory=lambda: next(_serial))

    @property
    def size_mm(self) -> tuple[float, float]:
        w, h = self.spec["size_mm"]
        return float(w), float(h)

    @property
    def legends(self) -> tuple[str, ...]:
        """The fixed words of the die."""
        return tuple(str(e["text"]) for e in self.spec["element"] if e.get("text"))


@dataclass(frozen=True, slots=True)
class Wheels:
    """The movable parts as set for one strike; None where the die has none or it was left empty."""

    date: WrittenDate | None = None
    letter: str | None = None
    number: str | None = None


def _design(rng: Rng, name: str, family: str, draft: Draft) -> Design:
    by_hand = rng.uniform(0.2, 1.5) if rng.random() < 0.65 else 0.0  # the rest is engraved by machine
    for e in draft.elements if by_hand else ():
        if e.get("text"):
            e["cut"] = [int(rng.integers(1 << 31)), by_hand]
    spec = {"size_mm": list(draft.size_mm), "element": draft.elements}
    return Design(
        name,
        family,
        draft.kind,
        draft.shape,
        spec,
        tuple(draft.formats),
        draft.years,
        draft.letters,
        draft.numbers,
        draft.killer,
        tuple(draft.inks),
    )


def recut(rng: Rng, design: Design, faces: Sequence[str]) -> Design:
    """The same die with its wheels, and often its legends, in one of ``faces`` or an engraver's hand."""
    file = some_hand(rng) if chance(rng, 0.5) else faces[int(rng.integers(len(faces)))]
    every = chance(rng, 0.5)
    elements = [
        {**e, "font": file} if e["kind"] == "date" or (every and "font" in e and e.get("text")) else e
        for e in design.spec["element"]
    ]
    try:
        face(file).glyph("8")
    except (RuntimeError, ValueError):
        return design
    return replace(design, spec={**design.spec, "element": elements})


def random_design(rng: Rng, family: str | None = None) -> Design:
    """A die nobody ever cut. ``family`` is a key of ``FAMILIES``."""
    name = family or _NAMES[int(rng.choice(len(_NAMES), p=_WEIGHTS))]
    return _design(rng, f"{name}-{int(rng.integers(1 << 48)):012x}", name, FAMILIES[name][0](rng))


def random_cachet(rng: Rng) -> Design:
    """Line art or a round emblem that is not a postmark."""
    return _design(rng, f"cachet-{int(rng.integers(1 << 48)):012x}", "cachet", pictorials.cachet(rng))


def random_wheels(rng: Rng, design: Design, moment: Moment | str | None = None) -> Wheels:
    """A date in one of the die's formats, one of its letters, a number, as far as the die has them."""
    date = None
    if design.formats:
        form, language = design.formats[int(rng.integers(len(design.formats)))]
        when = random_moment(rng, *design.years) if moment is None else Moment.of(moment)
        if when.hour is None:
            when = replace(when, hour=int(rng.integers(24)))
        date = written(form, when, language)
    letter = design.letters[int(rng.integers(len(design.letters)))] if design.letters else None
    number = str(int(rng.integers(1, 10 ** int(rng.integers(2, 6))))) if design.numbers else None
    return Wheels(date, letter, number)


def near_twin(design: Design, rng: Rng) -> Design:
    """The same die with one word, figure, picture or ornament changed: two hammers of one office."""
    elements: list[dict[str, Any]] = copy.deepcopy(list(design.spec["element"]))
    words = [e for e in elements if e.get("text") and e["kind"] not in WHEELS]
    texts = [e for e in words if any(c.isalnum() for c in str(e["text"]))]
    art = [e for e in elements if e["kind"] == "drawing" and len(e.get("strokes", ())) > 3]
    dice = rng.random()
    if art and (dice < 0.25 or not texts):
        chosen = art[int(rng.integers(len(art)))]
        chosen.update({k: [p.tolist() for p in v] for k, v in random_picture(rng).items()})
    elif texts and dice < 0.92:
        _change_word(texts[int(rng.integers(len(texts)))], rng)
    else:
        x, y = float(rng.uniform(-3, 3)), float(rng.uniform(4, 7))
        elements += star(rng, x, min(y, design.size_mm[1] / 2 - 1.2), 0.9)
    spec = {**design.spec, "element": elements}
    return replace(
        design, id=f"{design.id}-twin{int(rng.integers(1 << 24)):06x}", spec=spec, key=next(_serial)
    )


_CYRILLIC = "АБВГДЕЖЗИКЛМНОПРСТУХЧШЯ"
_LATIN = "ABCDEFGHIKLMNOPRSTUVWZ"


def _change_word(e: dict[str, Any], rng: Rng) -> None:
    """Another number where there is one, a number more where there is none, or another letter or word."""
    text = str(e["text"])
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    letters = [i for i, c in enumerate(text) if c.isalpha()]
    if digits:
        at = digits[int(rng.integers(len(digits)))]
        e["text"] = text[:at] + str((int(text[at]) + int(rng.integers(1, 10))) % 10) + text[at + 1 :]
    elif chance(rng, 0.35) and len(text) > 3 and e["kind"] != "text":
        e["text"] = f"{text} {int(rng.integers(1, 30))}"
    elif letters:
        for _ in range(int(rng.integers(1, 4))):
            at = letters[int(rng.integers(len(letters)))]
            pool = (_CYRILLIC if "А" <= text[at] <= "я" else _LATIN).replace(text[at], "")
            text = text[:at] + pool[int(rng.integers(len(pool)))] + text[at + 1 :]
        e["text"] = text


def design_of_mark(mark: MarkSpec) -> Design:
    """The design of a library mark that has a die table. Raises ValueError when it has none."""
    if not mark.die:
        raise ValueError(f"{mark.id} has no die to draw")
    wheels = {e["kind"] for e in mark.die["element"] if e.get("kind") in WHEELS}
    formats = tuple((form, "ru") for form in (mark.date.formats or ["DD MM YY"])) if "date" in wheels else ()
    letters = "".join(mark.letter.seen) if mark.letter and "letter" in wheels else ""
    inks = tuple((ink, 1.0 / len(mark.inks)) for ink in mark.inks) or (("black", 1.0),)
    return Design(
        mark.id,
        "library",
        mark.kind,
        mark.shape or "other",
        mark.die,
        formats,
        (2000, 2009),
        letters or ("абв" if "letter" in wheels else ""),
        "number" in wheels,
        None,
        inks,
    )
