"""What kind of thing a strike is, by its die or its words: boxed cancels and hand stamps look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from recognizer.records import MarkSpec
from recognizer.stages.legend import ANY, LegendText, letters_of
from recognizer.stages.segment import STRUCK
from recognizer.types import Identification, Region

# What censors, sorters and registration desks strike and no canceller does, round dies among them.
HAND_STAMP_WORDS = (
    *("PASSED BY", "OPENED BY", "EXAMINER", "CENSOR", "CENSURE", "CENSURA", "CENZURA", "ZENSUR", "ЦЕНЗУР"),
    *("GEPRÜFT", "GEPRUFT", "NACHGEBÜHR", "POSTAGE DUE", "RETURN TO SENDER", "ДОПЛАТИТЬ", "ЗАКАЗНОЕ"),
)  # fmt: skip
_UNREAD = 0.2  # of a word's letters may be missing


def as_named(region: Region, named: Identification, specs: Mapping[str, MarkSpec]) -> Region:
    """The region as its die's card has it; a learnt card says ``postmark`` also where nobody was asked."""
    spec = specs.get(named.best.mark) if named.known and named.best else None
    unasked = spec is not None and spec.status == "learnt" and spec.kind == "postmark"
    if spec is None or (unasked and region.kind in STRUCK):
        return region
    return replace(region, kind=spec.kind)


def as_read(region: Region, said: Iterable[LegendText]) -> Region:
    """A round strike taken for a postmark whose words are a hand stamp's is a hand stamp."""
    if region.kind != "postmark" or not any(_of_hand_stamp(line.text) for line in said):
        return region
    return replace(region, kind="handstamp")


def _of_hand_stamp(text: str) -> bool:
    """Whether a line as read, ``?`` for a letter not made out, has one of the words in it."""
    letters = letters_of(text)
    return any(
        _reads(letters[at : at + len(word)], word)
        for word in _words()
        for at in range(len(letters) - len(word) + 1)
    )


@cache
def _words() -> tuple[list[int], ...]:
    return tuple(letters_of(word) for word in HAND_STAMP_WORDS)


def _reads(letters: list[int], word: list[int]) -> bool:
    unread = sum(letter == ANY for letter in letters)
    fits = all(letter in (ANY, cut) for letter, cut in zip(letters, word, strict=True))
    return fits and unread <= _UNREAD * len(word)
