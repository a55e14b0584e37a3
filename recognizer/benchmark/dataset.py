"""Labelled strikes to measure on: real ones from a folder, or drawn ones handed in by the press."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from recognizer.geometry import Box
from recognizer.types import Ink, Rgb

# A cut keeps this much of its surroundings, as a part of the longer side, as the program itself does.
SURROUNDINGS = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """A strike to learn or to name: the picture it is on (RGB) and its box there, in pixels."""

    pixels: Rgb
    box: Box


@dataclass(frozen=True, slots=True)
class Impression:
    """A labelled strike: where it is, and which piece (``item``) carries it."""

    image: str
    box: Box
    item: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """A die and all labelled strikes of it."""

    id: str
    strikes: tuple[Impression, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """What a namer is given to learn one die from: strikes, or its drawing, or both."""

    mark: str
    strikes: tuple[Cut, ...] = ()
    die: Ink | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """A strike to name. ``mark`` is its die, None when that die is not in the library asked."""

    cut: Cut
    mark: str | None
    label: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Exam:
    """What is learnt and what is then asked."""

    name: str
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]


def read_designs(folder: Path) -> list[Design]:
    """Read ``identity.json`` of a labelled folder."""
    groups: list[dict[str, Any]] = json.loads((folder / "identity.json").read_text(encoding="utf-8"))
    return [Design(g["group"], tuple(_impression(s) for s in g["strikes"])) for g in groups]


def _impression(s: dict[str, Any]) -> Impression:
    return Impression(s["image"], Box(*map(float, s["box"])), s.get("item") or s["image"], s.get("date"))


def known_exam(name: str, folder: Path, designs: Sequence[Design], shots: int) -> Exam:
    """Learn each design from strikes on its first ``shots`` items, ask for all strikes on other items."""
    lessons, questions = [], []
    for design in designs:
        firsts: list[Impression] = []
        for s in design.strikes:
            if s.item not in {f.item for f in firsts} and len(firsts) < shots:
                firsts.append(s)
        lessons.append(Lesson(design.id, tuple(cut(folder, s) for s in firsts)))
        seen = {f.item for f in firsts}
        questions += [_question(folder, design.id, s) for s in design.strikes if s.item not in seen]
    return Exam(name, tuple(lessons), tuple(questions))


def unknown_exam(name: str, folder: Path, designs: Sequence[Design], left_out: Sequence[str]) -> Exam:
    """Learn all designs but those left out, from one strike each; ask for every strike of those."""
    lessons = [Lesson(d.id, (cut(folder, d.strikes[0]),)) for d in designs if d.id not in left_out]
    questions = [_question(folder, None, s, d.id) for d in designs if d.id in left_out for s in d.strikes]
    return Exam(name, tuple(lessons), tuple(questions))


def _question(folder: Path, mark: str | None, s: Impression, label: str | None = None) -> Question:
    return Question(cut(folder, s), mark, f"{label or mark} {s.image}")


def cut(folder: Path, s: Impression) -> Cut:
    """The strike with its surroundings, as a picture of its own."""
    pixels = _picture(folder / s.image)
    height, width = pixels.shape[:2]
    x, y, w, h = s.box.grown(SURROUNDINGS * max(s.box.w, s.box.h)).clipped(width, height).rounded()
    return Cut(pixels[y : y + h, x : x + w], Box(s.box.x - x, s.box.y - y, s.box.w, s.box.h))


@lru_cache(maxsize=8)
def _picture(path: Path) -> Rgb:
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
