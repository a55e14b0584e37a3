"""A record as rows of the catalogue, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from recognizer.album import schema
from recognizer.album.look import reasons
from recognizer.records import CoverRecord, ImageRecord, RegionRecord, ScanRecord
from recognizer.reports.words import strike_name


@dataclass(frozen=True, slots=True)
class Entry:
    """One page as the album shows it: all its names, its record or why there is none, its thumbnail."""

    paths: tuple[str, ...]
    page: int
    record: ScanRecord | None
    picture: str | None
    error: tuple[str, str] | None  # code, message


@dataclass(frozen=True, slots=True)
class Cut:
    """The filed picture of a strike: its name below the album's files, the strike's box there, dpi."""

    file: str
    core: tuple[int, ...]
    dpi: float | None


def put(connection: Connection, table: Table, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Change the row with that key, or add it."""
    here = [table.c[name] == value for name, value in key.items()]
    if connection.execute(table.update().where(*here).values(**row)).rowcount == 0:
        connection.execute(table.insert().values(**key, **row))


def entry_of(row: Any, names: Sequence[str]) -> Entry:
    """A row of ``scans`` with the names of its file."""
    if row.record is None:
        return Entry(tuple(names), row.page, None, None, (row.error_code, row.error))
    record = ScanRecord.model_validate_json(row.answer or row.record)
    image = record.image.model_copy(update={"path": names[0]})
    return Entry(tuple(names), row.page, record.model_copy(update={"image": image}), row.picture, None)


def cuts_of(connection: Connection, sha256: str, page: int) -> dict[str, Cut]:
    """The pictures filed of a page's strikes, by region."""
    c = schema.crops.c
    rows = connection.execute(select(schema.crops).where(c.sha256 == sha256, c.page == page))
    return {row.region: Cut(row.file, tuple(row.core), row.dpi) for row in rows}


def file_cuts(connection: Connection, sha256: str, page: int, cuts: Mapping[str, Cut]) -> None:
    """Note the pictures filed of a page's strikes, in place of those noted before."""
    c = schema.crops.c
    connection.execute(delete(schema.crops).where(c.sha256 == sha256, c.page == page))
    for region, cut in cuts.items():
        row = {"file": cut.file, "core": list(cut.core), "dpi": cut.dpi}
        connection.execute(schema.crops.insert().values(sha256=sha256, page=page, region=region, **row))


def lay_out(connection: Connection, sha256: str, page: int, record: ScanRecord | None) -> None:
    """The pieces and regions of a record as rows, in place of those there."""
    c = schema.scans.c
    scan = connection.execute(select(c.id).where(c.sha256 == sha256, c.page == page)).scalar_one()
    old = select(schema.pieces.c.id).where(schema.pieces.c.scan == scan)
    connection.execute(delete(schema.regions).where(schema.regions.c.piece.in_(old)))
    connection.execute(delete(schema.pieces).where(schema.pieces.c.scan == scan))
    image = ImageRecord(path="", sha256=sha256, page=page)
    for number, cover in enumerate(record.covers if record else (), 1):
        done = connection.execute(schema.pieces.insert().values(_piece_row(scan, number, cover)))
        piece: int = done.inserted_primary_key[0]  # type: ignore[index]
        rows = [_region_row(region, strike_name(image, region.id), piece) for region in cover.regions]
        if rows:
            connection.execute(schema.regions.insert(), rows)


def _piece_row(scan: int, number: int, cover: CoverRecord) -> dict[str, Any]:
    width_mm, height_mm = cover.size_mm or (None, None)
    look_at, mission = reasons(cover), cover.mission
    return {
        "scan": scan, "number": number, "outline": cover.outline,
        "width_mm": width_mm, "height_mm": height_mm,
        "mission": mission.id, "mission_name": mission.name, "event": mission.event, "status": mission.status,
        "probability": mission.probability, "look_at": look_at, "to_look_at": bool(look_at),
    }  # fmt: skip


def _region_row(r: RegionRecord, name: str, piece: int) -> dict[str, Any]:
    (x, y, w, h), (width_mm, height_mm) = r.box, r.size_mm or (None, None)
    return {
        "id": name, "piece": piece, "number": r.id, "kind": r.kind,
        "x": x, "y": y, "w": w, "h": h, "outline": r.outline, "angle_deg": r.angle_deg,
        "width_mm": width_mm, "height_mm": height_mm, "probability": r.probability, "ink": r.ink,
        "struck": r.mark is not None,
        "mark": r.mark.id if r.mark else None,
        "mark_name": r.mark.name if r.mark else None,
        "mark_probability": r.mark.probability if r.mark else None,
        "date_text": r.date.text if r.date else None,
        "date": r.date.value if r.date else None,
        "date_probability": r.date.probability if r.date else None,
        "letter": r.letter,
    }  # fmt: skip
