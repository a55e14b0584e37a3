"""The catalogue of an album: a database that holds every answer, written a page at a time."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from recognizer.album import schema
from recognizer.album.fingerprint import Fingerprint
from recognizer.album.rows import Cut, Entry, entry_of, file_cuts, lay_out, put
from recognizer.album.work import Sheet
from recognizer.errors import OutputError, UsageError
from recognizer.records import ErrorAnswer, ErrorRecord, ImageRecord, ScanRecord

CATALOGUE = "catalogue.sqlite"
BATCH = 200  # contents read at a time: the writer is not kept waiting
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
        with self.transaction() as connection:
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

    @classmethod
    def existing(cls, folder: Path, url: str | None = None) -> Catalogue:
        """The catalogue of an album that was made before; raises UsageError when there is none."""
        if url is None and not (folder / CATALOGUE).is_file():
            raise UsageError(
                "no-album", f"{folder}: there is no album in this folder.",
                "Make one with 'recognizer album PATH... --out DIR'.",
            )  # fmt: skip
        return cls.at(folder, url)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes are kept together when the block ends well. Raises OutputError."""
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
        row = {"started": now(), "recipe": by.recipe, "library": by.library, "parameters": dict(by.said)}
        with self.transaction() as connection:
            done = connection.execute(schema.runs.insert().values(row))
            return int(done.inserted_primary_key[0])  # type: ignore[index]

    def finish_run(self, run: int) -> None:
        with self.transaction() as connection:
            connection.execute(schema.runs.update().where(schema.runs.c.id == run).values(finished=now()))

    def known_files(self) -> dict[str, KnownFile]:
        """Every file by its absolute path."""
        c = schema.files.c
        with self.transaction() as connection:
            rows = connection.execute(select(c.path, c.sha256, c.size, c.mtime_ns, c.ctime_ns)).all()
        return {
            r.path: KnownFile(r.sha256, None if r.size is None else (r.size, r.mtime_ns, r.ctime_ns))
            for r in rows
        }

    def pages(self) -> dict[str, int]:
        """How many pages each content has, as far as known."""
        with self.transaction() as connection:
            return {r.sha256: r.pages for r in connection.execute(select(schema.contents))}

    def settled(self, by: Fingerprint) -> set[tuple[str, int]]:
        """Content and page of all that need not be done again."""
        c = schema.scans.c
        recipes = [by.recipe, _failed_recipe(by)]
        query = select(c.sha256, c.page).where(c.library == by.library, c.recipe.in_(recipes))
        with self.transaction() as connection:
            return {(r.sha256, r.page) for r in connection.execute(query)}

    def note_file(self, path: str, file: KnownFile) -> None:
        """Keep what was found out about a file that can be read."""
        size, mtime_ns, ctime_ns = file.stamp or (None, None, None)
        row: dict[str, Any] = {
            "sha256": file.sha256,
            "size": size,
            "mtime_ns": mtime_ns,
            "ctime_ns": ctime_ns,
        }
        row |= {"folded": path.casefold(), "error_code": None, "error": None}
        with self.transaction() as connection:
            put(connection, schema.files, {"path": path}, row)

    def note_failure(self, path: str, code: str, message: str) -> None:
        """Keep why a file can't be read."""
        row: dict[str, Any] = dict.fromkeys(("sha256", "size", "mtime_ns", "ctime_ns"))
        row |= {"folded": path.casefold(), "error_code": code, "error": _as_text(message)}
        with self.transaction() as connection:
            put(connection, schema.files, {"path": path}, row)

    def forget(self, paths: Sequence[str]) -> None:
        """Take names out whose files are gone; what was recognised stays, for when they come back."""
        with self.transaction() as connection:
            for path in paths:
                connection.execute(delete(schema.files).where(schema.files.c.path == path))

    def store(
        self,
        sheet: Sheet,
        by: Fingerprint,
        run: int,
        picture: str | None,
        crops: Mapping[str, str],
        answer: ScanRecord | None = None,
    ) -> None:
        """Write one page's answer in place of an older one.

        ``picture`` and ``crops`` (by region) are the names under which the pictures were filed; ``answer`` is
        the record with people's verdicts applied, None where there are none.
        """
        record = None if sheet.record is None else ScanRecord.model_validate_json(sheet.record)
        row = {
            "recipe": _failed_recipe(by) if sheet.error else by.recipe,
            "library": by.library,
            "run": run,
            "status": "failed" if sheet.error else "done" if record else "blank",
            "error_code": sheet.error[0] if sheet.error else None,
            "error": _as_text(sheet.error[1]) if sheet.error else None,
            "seconds": round(sheet.seconds, 4),
            "picture": picture,
            "record": sheet.record,
            "answer": answer.to_json() if answer else None,
            "width": record.image.width if record else None,
            "height": record.image.height if record else None,
            "dpi": record.image.dpi if record else None,
        }
        sha256, page = sheet.key
        with self.transaction() as connection:
            if sheet.pages is not None:
                put(connection, schema.contents, {"sha256": sha256}, {"pages": sheet.pages})
            put(connection, schema.scans, {"sha256": sha256, "page": page}, row)
            cuts = {c.region: Cut(crops[c.region], c.core, c.dpi) for c in sheet.crops}
            file_cuts(connection, sha256, page, cuts)
            lay_out(connection, sha256, page, answer or record)

    def replace_answer(self, record: ScanRecord, answer: ScanRecord | None) -> None:
        """Put another record of a page in place of the one there, and the answer with verdicts, if any."""
        sha256, page = record.image.sha256 or "", record.image.page
        here = (schema.scans.c.sha256 == sha256, schema.scans.c.page == page)
        row = {"record": record.to_json(), "answer": answer.to_json() if answer else None}
        with self.transaction() as connection:
            connection.execute(schema.scans.update().where(*here).values(**row))
            lay_out(connection, sha256, page, answer or record)

    # --- reading ------------------------------------------------------------------------------------------

    def entries(self, path: str | None = None) -> Iterator[Entry]:
        """Every page with all its names, in the order of the names; or those of one file (absolute path)."""
        f, s = schema.files.c, schema.scans.c
        query = select(f.path, f.sha256, f.error_code, f.error)
        with self.transaction() as connection:
            files = connection.execute(query if path is None else query.where(f.path == path)).all()
        names: dict[str, list[str]] = {}
        for file in sorted(files, key=lambda row: _natural(row.path)):
            names.setdefault(file.sha256 or file.path, []).append(file.path)
        failures = {file.path: (file.error_code, file.error) for file in files if file.sha256 is None}
        contents = iter(names)
        while some := list(islice(contents, BATCH)):
            asked = select(s.sha256, s.page, s.picture, s.record, s.answer, s.error_code, s.error)
            with self.transaction() as connection:
                here = s.sha256.in_(some)
                rows = connection.execute(asked.where(here, s.status != "blank").order_by(s.page)).all()
            for key in some:
                if key in failures:
                    yield Entry(tuple(names[key]), 0, None, None, failures[key])
                yield from (entry_of(row, names[key]) for row in rows if row.sha256 == key)

    def records(self, path: str, shown_as: str | None = None) -> list[ScanRecord | ErrorRecord]:
        """What is known of one file (absolute path), a record a page, as ``scan`` would tell it."""
        found: list[ScanRecord | ErrorRecord] = []
        for entry in self.entries(path):
            image = ImageRecord(path=shown_as or path, page=entry.page)
            if entry.record is not None:
                whole = entry.record.image.model_copy(update={"path": image.path})
                found.append(entry.record.model_copy(update={"image": whole}))
            elif entry.error is not None:
                code, message = entry.error
                found.append(ErrorRecord(image=image, error=ErrorAnswer(code=code, message=message)))
        return found

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """Everything answered, in an order of its own and without what tells one run from another.

        Two albums of the same scans by the same means have the same contents, however they were made.
        """
        s, p = schema.scans.c, schema.pieces.c
        scans = select(s.sha256, s.page, s.status, s.error_code, s.recipe, s.library, s.picture)
        pieces = select(s.sha256, s.page, *(c for c in p if c.name not in ("id", "scan")))
        regions = select(p.number.label("cover"), *(c for c in schema.regions.c if c.name != "piece"))
        crops = schema.crops
        found = {
            "files": select(schema.files.c.path, schema.files.c.sha256).order_by(schema.files.c.path),
            "scans": scans.order_by(s.sha256, s.page),
            "pieces": pieces.join_from(schema.pieces, schema.scans).order_by(s.sha256, s.page, p.number),
            "regions": regions.join_from(schema.regions, schema.pieces).order_by(schema.regions.c.id),
            "crops": select(crops).order_by(crops.c.sha256, crops.c.page, crops.c.region),
        }
        with self.transaction() as connection:
            return {
                name: [dict(r._mapping) for r in connection.execute(query)] for name, query in found.items()
            }

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.transaction() as connection:
            return {t.name: schema.count(connection, t) for t in schema.tables.sorted_tables}


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


def _natural(path: str) -> list[tuple[int, str]]:
    """A key that sorts ``2.jpg`` before ``10.jpg``."""
    parts = re.split(r"(\d+)", path)
    return [(int(p), "") if p.isascii() and p.isdecimal() else (-1, p.casefold()) for p in parts]


def stored_name(path: Path | str) -> str:
    """The absolute name under which a file is kept; bytes that are no text are written as ``\\xff``."""
    return _as_text(os.path.abspath(path))


def _as_text(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def now() -> str:
    """This moment as the catalogue keeps it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _failed_recipe(by: Fingerprint) -> str:
    """What a failure is kept under: it is tried again when the limits change too."""
    return f"{by.recipe}/{by.bounds}"
