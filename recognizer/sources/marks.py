"""The library of marks: folders of ``<id>/mark.toml``, ``mark.png``, ``strikes/``; reading and adding."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.errors import KitError
from recognizer.records import MarkSpec, StrikeFile
from recognizer.sources.mark_files import (
    Card,
    inherited,
    kept_strikes,
    read_bytes,
    read_card,
    read_die,
    read_strike,
    to_spec,
    with_added_elements,
    with_told,
)
from recognizer.sources.mark_saving import Origin as Origin
from recognizer.sources.mark_saving import save_mark as save_mark
from recognizer.sources.shipped import shipped, user_library
from recognizer.types import Mark

Cards = Mapping[str, tuple[Card, ...]]  # by id: the card that counts, then those that add strikes to it


class Marks(Mapping[str, Mark]):
    """The marks of a library by id, sorted. Pictures are decoded when a mark is asked for, and not kept."""

    def __init__(self, specs: Mapping[str, MarkSpec], cards: Cards) -> None:
        self._specs = specs
        self._cards = cards

    def __getitem__(self, mark_id: str) -> Mark:
        spec = self._specs[mark_id]
        base, *_ = self._cards[mark_id]
        die = read_die(base.path, spec.picture) if spec.picture else None
        kept = _strike_files(spec, self._cards[mark_id])
        return Mark(spec, die, tuple(read_strike(card.path, n, strike) for card, n, strike in kept))

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, mark_id: object) -> bool:
        return mark_id in self._specs


@dataclass(frozen=True, eq=False, slots=True)
class Library:
    """All marks known. ``specs`` costs nothing to look through; ``marks`` decodes pictures on demand.

    ``version`` is a short hash over everything the library holds. ``home`` says where each mark lies.
    """

    specs: Mapping[str, MarkSpec]
    marks: Mapping[str, Mark]
    version: str
    home: Mapping[str, Path]


def default_folders() -> list[Path]:
    """The marks that travel with the program, then the user's own where there are any."""
    own = user_library()
    return [shipped("reference_marks"), *([own] if own.is_dir() else [])]


def load_specs(folders: Sequence[Path]) -> dict[str, MarkSpec]:
    """What is known of every mark, by id, without looking at a picture.

    Of two marks with the same id the one of the later folder counts. Raises KitError naming file and field.
    """
    return _resolve(read_cards(folders))


def load_library(folders: Sequence[Path]) -> Library:
    """Read the marks of several folders; every picture is there and unaltered when this returns.

    Of two marks with the same id the one of the later folder counts; a card with ``adds = true`` only adds
    its strikes, and what its ``told`` names, to the mark an earlier folder has. Raises KitError naming the
    file and the field.
    """
    cards = read_cards(folders)
    specs = _resolve(cards)
    for mark_id, several in cards.items():
        _verify(specs[mark_id], several)
    digest = hashlib.sha256()
    for mark_id in specs:
        digest.update("".join([mark_id, *(card.sha256 for card in cards[mark_id])]).encode())
    home = {mark_id: several[0].path.parent for mark_id, several in cards.items()}
    return Library(specs, Marks(specs, cards), digest.hexdigest()[:12], home)


def find_faults(folders: Sequence[Path]) -> list[KitError]:
    """Everything wrong with a library, one fault a mark, instead of the first alone; pictures are decoded."""
    faults: list[KitError] = []
    cards: dict[str, tuple[Card, ...]] = {}
    for folder in folders:
        try:
            homes = _homes(folder)
        except KitError as error:
            faults.append(error)
            continue
        for home in homes:
            try:
                _put(cards, read_card(home))
            except KitError as error:
                faults.append(error)
    for mark_id, several in cards.items():
        try:
            spec = _resolve_one(mark_id, cards)
            _verify(spec, several)
            _ = Marks({mark_id: spec}, cards)[mark_id]
        except KitError as error:
            faults.append(error)
    return faults


# --- finding and resolving ----------------------------------------------------------------------------


def _homes(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise KitError(
            "library-missing", f"{folder}: the library can't be read ({error.strerror}).", "Check --marks."
        ) from None
    return [home for home in inside if home.is_dir() and not home.name.startswith((".", "__"))]


def _put(cards: dict[str, tuple[Card, ...]], card: Card) -> None:
    mark_id = card.path.parent.name
    cards[mark_id] = (*cards[mark_id], card) if card.adds and mark_id in cards else (card,)


def read_cards(folders: Sequence[Path]) -> dict[str, tuple[Card, ...]]:
    """The cards of several folders by id: the one that counts, then those that add strikes to it."""
    cards: dict[str, tuple[Card, ...]] = {}
    for folder in folders:
        for home in _homes(folder):
            _put(cards, read_card(home))
    return dict(sorted(cards.items()))


def _resolve(cards: Cards) -> dict[str, MarkSpec]:
    return {mark_id: _resolve_one(mark_id, cards) for mark_id in cards}


def _resolve_one(mark_id: str, cards: Cards) -> MarkSpec:
    base, *added = cards[mark_id]
    try:
        table = {k: v for k, v in _whole_table(mark_id, cards).items() if k not in ("adds", "told")}
    except ValueError as error:
        raise KitError(
            "mark-broken", f"{base.path}: field '{error}' is no list.", "Mend the field."
        ) from None
    spec = to_spec(base.path, table)
    for card in added:
        to_spec(card.path, card.own_words)
    more = tuple(kept for card in added for kept in kept_strikes(card))
    return spec.model_copy(update={"strikes": [*spec.strikes, *more]}) if more else spec


def _whole_table(mark_id: str, cards: Cards, below: tuple[str, ...] = ()) -> dict[str, Any]:
    card, *added = cards[mark_id]
    table = dict(card.table)
    parent = table.get("parent")
    if parent is None:
        return _with_told(with_added_elements(table), added)
    if not isinstance(parent, str) or parent not in cards:
        raise KitError(
            "mark-parent",
            f"{card.path}: field 'parent' names {parent!r}, which is no mark of the library.",
            "Add the parent, or take the field out.",
        )
    if parent == mark_id or parent in below:
        raise KitError(
            "mark-parent",
            f"{card.path}: field 'parent' leads in a circle ({parent!r}).",
            "Mend the field.",
        )
    return _with_told(inherited(_whole_table(parent, cards, (*below, mark_id)), table), added)


def _with_told(table: dict[str, Any], added: Sequence[Card]) -> dict[str, Any]:
    for card in added:
        table = with_told(table, card)
    return table


def _strike_files(spec: MarkSpec, several: Sequence[Card]) -> list[tuple[Card, int, StrikeFile]]:
    """Each of a mark's strikes with the card that names it and its place there."""
    owners = [(card, n) for card in several for n in range(len(card.table.get("strikes", [])))]
    return [(card, n, strike) for (card, n), strike in zip(owners, spec.strikes, strict=True)]


def _verify(spec: MarkSpec, several: Sequence[Card]) -> None:
    if spec.picture:
        read_bytes(several[0].path, spec.picture.file, spec.picture.sha256, "picture")
    for card, n, kept in _strike_files(spec, several):
        read_bytes(card.path, kept.file, kept.sha256, f"strikes.{n}")
