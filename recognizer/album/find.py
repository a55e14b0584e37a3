"""Finding pieces in a large catalogue: by mission, mark, date, kind of region, words, what is to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue

OPEN = "-"  # as a mission: not determined; as a mark: a strike of none known


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; None means anything. ``mission`` and ``mark`` may be ``OPEN``.

    ``since`` and ``until`` are ISO dates between which a strike was made, ``words`` a part of a file's name.
    """

    mission: str | None = None
    mark: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    to_look_at: bool | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPiece:
    """A piece as lists show it."""

    piece: int
    number: int  # on its scan
    sha256: str
    page: int
    picture: str | None
    mission: str | None
    mission_name: str | None
    status: str
    look_at: tuple[str, ...]


def find_pieces(catalogue: Catalogue, wanted: Filter, limit: int = 50, after: int = 0) -> list[FoundPiece]:
    """The first pieces that pass the filter, in the order in which they were first recognised.

    The next page begins ``after`` the last piece of this one: however far on, it takes no longer.
    """
    return _found(catalogue, wanted, limit, schema.pieces.c.id > after, schema.pieces.c.id.asc())


def last_pieces(
    catalogue: Catalogue, wanted: Filter, limit: int = 50, before: int | None = None
) -> list[FoundPiece]:
    """The last pieces that pass the filter, in the same order; or the last ``before`` a piece."""
    here = true() if before is None else schema.pieces.c.id < before
    return _found(catalogue, wanted, limit, here, schema.pieces.c.id.desc())[::-1]


def _found(
    catalogue: Catalogue, wanted: Filter, limit: int, here: ColumnElement[bool], order: ColumnElement[int]
) -> list[FoundPiece]:
    p, s = schema.pieces.c, schema.scans.c
    query = (
        select(p.id, p.number, s.sha256, s.page, s.picture, p.mission, p.mission_name, p.status, p.look_at)
        .join_from(schema.pieces, schema.scans)
        .where(here, *_conditions(wanted))
        .order_by(order)
        .limit(limit)
    )
    with catalogue.transaction() as connection:
        rows = connection.execute(query).all()
    return [FoundPiece(*row[:-1], tuple(row.look_at)) for row in rows]


def count_pieces(catalogue: Catalogue, wanted: Filter) -> int:
    """How many pieces pass the filter."""
    query = select(func.count()).select_from(schema.pieces)
    if wanted.words:
        query = query.join(schema.scans)
    with catalogue.transaction() as connection:
        return int(connection.execute(query.where(*_conditions(wanted))).scalar_one())


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    p, r = schema.pieces.c, schema.regions.c
    found: list[ColumnElement[bool]] = []
    if wanted.mission is not None:
        found.append(p.mission.is_(None) if wanted.mission == OPEN else p.mission == wanted.mission)
    if wanted.to_look_at is not None:
        found.append(p.to_look_at == wanted.to_look_at)
    region: list[ColumnElement[bool]] = []
    if wanted.mark is not None:
        unknown = and_(r.mark.is_(None), r.struck)
        region.append(unknown if wanted.mark == OPEN else r.mark == wanted.mark)
    if wanted.since is not None:
        region.append(r.date >= wanted.since)
    if wanted.until is not None:
        region.append(r.date <= wanted.until)
    if wanted.kind is not None:  # most pieces have most kinds: looked up piece by piece
        here = select(r.id).where(r.piece == p.id, r.kind == wanted.kind, *region)
        found.append(here.correlate(schema.pieces).exists())
    elif region:  # few pieces have a given mark: looked up from there
        found.append(p.id.in_(select(r.piece).where(*region)))
    if wanted.words:
        found.append(schema.scans.c.sha256.in_(_contents_named(wanted.words)))
    return found


def _contents_named(words: str) -> Any:
    """The contents of files whose names have all these words in them."""
    f = schema.files.c
    parts = [f.folded.contains(word.casefold(), autoescape=True) for word in words.split()]
    return select(f.sha256).where(*parts)
