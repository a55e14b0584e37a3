"""Words for dies: place names that sound right in eight languages, and the words that stand beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Tongue:
    """How places of one country are built and what its dies say besides."""

    language: str  # of month names, see dates.MONTHS
    letters: str  # distinguishing letters of clerks' hammers
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    before: tuple[str, ...]  # whole words before the name, empty for none
    after: tuple[str, ...]
    countries: tuple[str, ...]
    words: tuple[str, ...]  # second legends
    slogans: tuple[str, ...]  # lines parted with "|"


TONGUES = ("us", "de", "nl", "pl", "hu", "fr", "es", "ru")


def _split(text: str) -> tuple[str, ...]:
    return tuple("" if part == "-" else part.replace("_", " ") for part in text.split())


@cache
def _words() -> dict[str, Any]:
    text = files("recognizer.training").joinpath("places.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def tongue(name: str) -> Tongue:
    """The words of one of ``TONGUES``."""
    table = _words()[name]
    parts: dict[str, Any] = {key: _split(text) for key, text in table.items()}
    return Tongue(**{**parts, "language": table["language"], "letters": table["letters"]})


@cache
def straight_lines() -> tuple[str, ...]:
    """Words struck in a straight line: POSTAGE DUE, PAR AVION."""
    return _split(_words()["lines"])


@cache
def boxed_lines() -> tuple[str, ...]:
    """Words struck in a box, lines parted with ``|``."""
    return _split(_words()["boxes"])


def pick(rng: np.random.Generator, items: tuple[str, ...] | str) -> str:
    """One of several, all alike likely."""
    return items[int(rng.integers(len(items)))]


def any_tongue(rng: np.random.Generator) -> str:
    return pick(rng, TONGUES)


def place(rng: np.random.Generator, name: str) -> str:
    """A place name of that country's sound, in capitals."""
    t = tongue(name)
    town = pick(rng, t.heads) + pick(rng, t.tails)
    before, after = pick(rng, t.before), pick(rng, t.after)
    if before:
        town = before + ("" if before[-1] in "- '" else " ") + town
    if after and len(town) + len(after) < 17:
        town += ("" if after[0] in " -" else " ") + after
    return town
