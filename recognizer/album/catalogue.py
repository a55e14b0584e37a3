"""The catalogue of an album: a database that holds every answer, written a page at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from recognizer.album import schema
from recognizer.album.fingerprint import Fingerprint
from recognizer.album.look import reasons
from recognizer.album.work import Sheet
from recognizer.errors import OutputError, UsageError
from recognizer.records import CoverRecord, ErrorAnswer, ErrorRecord, ImageRecord, RegionRecord, ScanRecord

CATALOGUE = "catalogue.sqlite"
ID_LENGTH = 12  # of the content's hash: two of 100,000 contents share it once in 50,000 albums
_WAIT_S = 30  # for another process that is writing


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the catalogue last saw it; ``stamp`` is its size and times."""

    sha256: str | None
    stamp: tuple[int, int, int] | None


class Catalogue:
    """An open catalogue. Every method is one transaction: done whole or not at all."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where
        with self._begin() as connection:
            schema.prepare(connection, where)

    @classmethod
    def at(cls, folder: Path, url: str | None = None) -> Catalogue:
        """The catalogue of the album in ``folder``, made when missing; or the database at ``url``.

        Raises UsageError for what is no catalogue, OutputError when it can't be written.
        """
        where = url.split("@")[-1] if url else str(folder / CATALOGUE)
        try:
            engine = create_engine(_driver(url) if url else f"sqlite:///{folder / CATALOGUE}")
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise UsageError(
                "bad-catalogue", f"{where}: no database this program can open ({error}).",
                "Give postgresql://USER@HOST/NAME, with recognizer[postgres] installed.",
            ) from None  # fmt: skip
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_up_sqlite)
            # Python's driver would begin late, after the first reads and outside the making of tables.
            event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        return cls(engine, where)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise OutputError(
                "catalogue-failed", f"{self.where}: {str(error.orig).strip().splitlines()[0]}.",
                "Make room there, or see whether another program holds it.",
            ) from None  # fmt: skip

    # --- a run ------------------------------------------------------------------------------------------

    def start_run(self, by: Fingerprint) -> int:
        """Note that a run begins; returns its number."""
        with self._begin() as connection:
            row = {"started": _now(), "recipe": by.recipe, "library": by.library, "parameters": dict(by.said)}
            return int(connection.execute(schema.runs.insert().values(row)).inserted_primary_key[0])  # type: ignore[index]

    def finish_run(self, run: int) -> None:
        with self._begin() as connection:
            connection.execute(schema.runs.update().where(schema.runs.c.id == run).values(finished=_now()))

    def known_files(self) -> dict[str, KnownFile]:
        """Every file by its absolute path."""
        c = schema.files.c
        with self._begin() as connection:
            rows = connection.execute(select(c.path, c.sha256, c.size, c.mtime_ns, c.ctime_ns)).all()
        return {
            r.path: KnownFile(r.sha256, None if r.size is None else (r.size, r.mtime_ns, r.ctime_ns))
            for r in rows
        }

    def pages(self) -> dict[str, int]:
        """How many pages each content has, as far as known."""
        with self._begin() as connection:
            return {r.sha256: r.pages for r in connection.execute(select(schema.contents))}

    def settled(self, by: Fingerprint) -> set[tuple[str, int]]:
        """Content and page of all that need not be done again."""
        c = schema.scans.c
        with self._begin() as connection:
            rows = connection.execute(
                select(c.sha256, c.page).where(
                    c.library == by.library,
                    c.recipe.in_([by.recipe, _failed_recipe(by)]),
                )
            )
            return {(r.sha256, r.page) for r in rows}

    def note_file(self, path: str, file: KnownFile) -> None:
        """Keep what was found out about a file that can be read."""
        size, mtime_ns, ctime_ns = file.stamp or (None, None, None)
        row = {"sha256": file.sha256, "size": size, "mtime_ns": mtime_ns, "ctime_ns": ctime_ns}
        with self._begin() as connection:
            _put(connection, schema.files, {"path": path}, row | {"error_code": None, "error": None})

    def note_failure(self, path: str, code: str, message: str) -> None:
        """Keep why a file can't be read."""
        row = dict.fromkeys(("sha256", "size", "mtime_ns", "ctime_ns")) | {
            "error_code": code,
            "error": message,
        }
        with self._begin() as connection:
            _put(connection, schema.files, {"path": path}, row)

    def forget(self, paths: Sequence[str]) -> None:
        """Take names out whose files are gone; what was recognised stays, for when they come back."""
        with self._begin() as connection:
            for path in paths:
                connection.execute(delete(schema.files).where(schema.files.c.path == path))

    def store(
        self, sheet: Sheet, by: Fingerprint, run: int, picture: str | None, crops: Mapping[str, str]
    ) -> None:
        """Write one page's answer in place of an older one.

        ``picture`` and ``crops`` (by region) are the names under which the pictures were filed.
        """
        record = None if sheet.record is None else ScanRecord.model_validate_json(sheet.record)
        row = {
            "recipe": _failed_recipe(by) if sheet.error else by.recipe,
            "library": by.library,
            "run": run,
            "status": "failed" if sheet.error else "done" if record else "blank",
            "error_code": sheet.error[0] if sheet.error else None,
            "error": sheet.error[1] if sheet.error else None,
            "seconds": round(sheet.seconds, 4),
            "picture": picture,
            "record": sheet.record,
            "width": record.image.width if record else None,
            "height": record.image.height if record else None,
            "dpi": record.image.dpi if record else None,
        }
        with self._begin() as connection:
            if sheet.pages is not None:
                _put(connection, schema.contents, {"sha256": sheet.task.sha256}, {"pages": sheet.pages})
            _put(connection, schema.scans, {"sha256": sheet.task.sha256, "page": sheet.page}, row)
            c = schema.scans.c
            scan = connection.execute(
                select(c.id).where(c.sha256 == sheet.task.sha256, c.page == sheet.page)
            ).scalar_one()
            _drop_pieces(connection, scan)
            for number, cover in enumerate(record.covers if record else (), 1):
                piece = connection.execute(schema.pieces.insert().values(_piece_row(scan, number, cover)))
                rows = [
                    _region_row(region, sheet, piece.inserted_primary_key[0], crops)  # type: ignore[index]
                    for region in cover.regions
                ]
                if rows:
                    connection.execute(schema.regions.insert(), rows)

    # --- reading ------------------------------------------------------------------------------------------

    def records(self, path: str, shown_as: str | None = None) -> list[ScanRecord | ErrorRecord]:
        """What is known of one file (absolute path), a record a page, as ``scan`` would tell it."""
        name = shown_as or path
        f, s = schema.files.c, schema.scans.c
        with self._begin() as connection:
            file = connection.execute(select(schema.files).where(f.path == path)).first()
            if file is None:
                return []
            if file.error_code is not None:
                return [_error_record(name, 0, file.error_code, file.error)]
            rows = connection.execute(
                select(s.page, s.status, s.record, s.error_code, s.error)
                .where(s.sha256 == file.sha256, s.status != "blank")
                .order_by(s.page)
            ).all()
        found: list[ScanRecord | ErrorRecord] = []
        for row in rows:
            if row.status == "failed":
                found.append(_error_record(name, row.page, row.error_code, row.error))
            else:
                table = json.loads(row.record)
                table["image"]["path"] = name
                found.append(ScanRecord.model_validate(table))
        return found

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """Everything answered, in an order of its own and without what tells one run from another.

        Two albums of the same scans by the same means have the same contents, however they were made.
        """
        s, p = schema.scans.c, schema.pieces.c
        scans = select(s.sha256, s.page, s.status, s.error_code, s.recipe, s.library, s.picture)
        pieces = select(s.sha256, s.page, *(c for c in p if c.name not in ("id", "scan")))
        regions = select(p.number.label("cover"), *(c for c in schema.regions.c if c.name != "piece"))
        found = {
            "files": select(schema.files.c.path, schema.files.c.sha256).order_by(schema.files.c.path),
            "scans": scans.order_by(s.sha256, s.page),
            "pieces": pieces.join_from(schema.pieces, schema.scans).order_by(s.sha256, s.page, p.number),
            "regions": regions.join_from(schema.regions, schema.pieces).order_by(schema.regions.c.id),
        }
        with self._begin() as connection:
            return {
                name: [dict(r._mapping) for r in connection.execute(query)] for name, query in found.items()
            }

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self._begin() as connection:
            return {t.name: schema.count(connection, t) for t in schema.tables.sorted_tables}


def strike_id(sha256: str, page: int, region: str) -> str:
    """The name people use for a region: ``3f2a91c04d5e-r2``, on a later page ``3f2a91c04d5e-p3-r2``."""
    return f"{sha256[:ID_LENGTH]}-{f'p{page + 1}-' if page else ''}{region}"


def _driver(url: str) -> str:
    """The database's address with the driver this program brings."""
    for name in ("postgresql://", "postgres://"):
        if url.startswith(name):
            return f"postgresql+psycopg://{url.removeprefix(name)}"
    return url


def _set_up_sqlite(connection: Any, _: object) -> None:
    # A journal beside the database: readers don't wait for the writer, and kill -9 loses no finished page.
    connection.isolation_level = None
    for line in (f"busy_timeout={_WAIT_S}000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {line}")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _failed_recipe(by: Fingerprint) -> str:
    """What a failure is kept under: it is tried again when the limits change too."""
    return f"{by.recipe}/{by.bounds}"


def _put(connection: Connection, table: Table, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Change the row with that key, or add it."""
    here = [table.c[name] == value for name, value in key.items()]
    if connection.execute(table.update().where(*here).values(**row)).rowcount == 0:
        connection.execute(table.insert().values(**key, **row))


def _drop_pieces(connection: Connection, scan: int) -> None:
    old = select(schema.pieces.c.id).where(schema.pieces.c.scan == scan)
    connection.execute(delete(schema.regions).where(schema.regions.c.piece.in_(old)))
    connection.execute(delete(schema.pieces).where(schema.pieces.c.scan == scan))


def _piece_row(scan: int, number: int, cover: CoverRecord) -> dict[str, Any]:
    width_mm, height_mm = cover.size_mm or (None, None)
    look_at, mission = reasons(cover), cover.mission
    return {
        "scan": scan, "number": number, "outline": cover.outline,
        "width_mm": width_mm, "height_mm": height_mm,
        "mission": mission.id, "mission_name": mission.name, "event": mission.event, "status": mission.status,
        "probability": mission.probability, "look_at": look_at, "to_look_at": bool(look_at),
    }  # fmt: skip


def _region_row(r: RegionRecord, sheet: Sheet, piece: int, crops: Mapping[str, str]) -> dict[str, Any]:
    (x, y, w, h), (width_mm, height_mm) = r.box, r.size_mm or (None, None)
    crop = next((c for c in sheet.crops if c.region == r.id), None)
    return {
        "id": strike_id(sheet.task.sha256, sheet.page, r.id), "piece": piece, "number": r.id, "kind": r.kind,
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
        "crop": crops.get(r.id), "core": crop.core if crop else None, "crop_dpi": crop.dpi if crop else None,
    }  # fmt: skip


def _error_record(path: str, page: int, code: str, message: str) -> ErrorRecord:
    return ErrorRecord(image=ImageRecord(path=path, page=page), error=ErrorAnswer(code=code, message=message))
