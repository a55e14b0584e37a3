"""The catalogue: verdicts that outlive runs, older versions, what is no catalogue."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from conftest import OpenCatalogue
from made_up import BOX, Station, by, draw, judge
from made_up import record as made_up_record

from recognizer.album import schema
from recognizer.album.catalogue import CATALOGUE, Catalogue
from recognizer.album.executors import InProcess
from recognizer.album.files import make_album_folder
from recognizer.album.run import find_inputs, make_album
from recognizer.album.verdicts import Verdict, give_verdict
from recognizer.errors import UsageError
from recognizer.geometry import Box
from recognizer.records import RegionRecord, ScanRecord
from recognizer.sources.scans import read_scans


def make(home: Path, library: str = "lib", open_at: OpenCatalogue = Catalogue.at) -> Catalogue:
    out = make_album_folder(home / "album")
    catalogue = open_at(out)
    inputs = find_inputs([home / "scans"], out)
    make_album(inputs, out, catalogue, Station(), InProcess(), by(library), judge())
    return catalogue


def regions(catalogue: Catalogue, path: Path) -> list[RegionRecord]:
    (record,) = catalogue.records(str(path))
    assert isinstance(record, ScanRecord)
    return record.covers[0].regions


def strikes(catalogue: Catalogue) -> list[str]:
    return [row["id"] for row in catalogue.contents()["regions"]]


def test_a_verdict_counts_and_outlives_a_new_run(tmp_path: Path, open_catalogue: OpenCatalogue) -> None:
    scan = draw(tmp_path / "scans" / "a.png", 2)
    catalogue = make(tmp_path, open_at=open_catalogue)
    (strike,) = strikes(catalogue)
    give_verdict(catalogue, strike, "mark", "m77", judge())
    for again in (catalogue, make(tmp_path, "grown", open_catalogue)):
        mark = regions(again, scan)[0].mark
        assert mark is not None
        assert (mark.id, mark.known, mark.probability) == ("m77", True, 1.0)
        assert again.contents()["regions"][0]["mark"] == "m77"
    (machine,) = [r for r in made_up_record(next(read_scans(scan)), "m2").covers[0].regions]
    assert machine.mark is not None
    give_verdict(catalogue, strike, None, None, judge())
    assert regions(catalogue, scan)[0].mark == machine.mark


def test_no_strike_and_unknown(tmp_path: Path, open_catalogue: OpenCatalogue) -> None:
    scan = draw(tmp_path / "scans" / "a.png", 2)
    catalogue = make(tmp_path, open_at=open_catalogue)
    (strike,) = strikes(catalogue)
    give_verdict(catalogue, strike, "unknown", None, judge())
    mark = regions(catalogue, scan)[0].mark
    assert mark is not None
    assert not mark.known
    give_verdict(catalogue, strike, "not-a-strike", None, judge())
    assert regions(catalogue, scan) == []
    assert strikes(make(tmp_path, "grown", open_catalogue)) == []
    give_verdict(catalogue, strike, None, None, judge())
    assert strikes(catalogue) == [strike]
    assert catalogue.counts()["crops"] == 1


@pytest.mark.parametrize("strike", ["", "nothing", "%-r1", "000000000000-r1"])
def test_a_strike_that_is_not_there(tmp_path: Path, strike: str) -> None:
    draw(tmp_path / "scans" / "a.png", 2)
    with pytest.raises(UsageError, match="no strike"):
        give_verdict(make(tmp_path), strike, "unknown", None, judge())


def test_a_verdict_goes_with_the_place_not_with_the_number(tmp_path: Path) -> None:
    record = made_up_record(next(read_scans(draw(tmp_path / "a.png", 2))), "m2")
    near = Box(BOX.x + 4, BOX.y - 3, BOX.w, BOX.h)
    answer = judge().answer(record, [Verdict(near, "unknown")])
    assert answer is not None
    assert answer.covers[0].regions[0].mark.known is False  # type: ignore[union-attr]
    assert answer.covers[0].mission.status == "undetermined"
    assert judge().answer(record, [Verdict(Box(200, 200, 40, 40), "unknown")]) is None


def test_a_catalogue_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = Path(__file__).with_name("catalogue-v1.sql").read_text(encoding="utf-8")
    with sqlite3.connect(tmp_path / CATALOGUE) as connection:
        connection.executescript(old)
    new = Catalogue.at(tmp_path)
    fresh = Catalogue.at(make_album_folder(tmp_path / "fresh"))
    assert layout(tmp_path) == layout(tmp_path / "fresh")
    assert new.counts()["regions"] == new.counts()["crops"] == 2
    assert fresh.counts()["meta"] == 1
    marks = [e.record.covers[0].regions[0].mark.id for e in new.entries() if e.record]  # type: ignore[union-attr]
    assert marks == ["m2", None]


def test_on_postgresql_too(tmp_path: Path, postgres: str) -> None:
    from sqlalchemy import create_engine, text

    from recognizer.album.catalogue import _driver

    old = Path(__file__).with_name("catalogue-v1.sql").read_text(encoding="utf-8")
    engine = create_engine(_driver(postgres))
    with engine.begin() as connection:
        for statement in old.split(";\n"):
            if statement.startswith(("CREATE", "INSERT")):
                parts = statement.split(
                    "'"
                )  # numbers outside texts as texts: PostgreSQL takes them for either
                if statement.startswith("INSERT"):
                    parts[::2] = [
                        re.sub(r"(?<=[(,])(-?[\d.]+)(?=[,)])", r"'\1'", part) for part in parts[::2]
                    ]
                connection.execute(text("'".join(parts).replace(":", "\\:")))
    engine.dispose()
    new = Catalogue.at(tmp_path, postgres)
    assert new.counts()["regions"] == new.counts()["crops"] == 2
    marks = [e.record.covers[0].regions[0].mark.id for e in new.entries() if e.record]  # type: ignore[union-attr]
    assert marks == ["m2", None]
    new.close()


def layout(folder: Path) -> dict[str, set[str]]:
    """The columns and indexes of every table."""
    with sqlite3.connect(folder / CATALOGUE) as connection:
        return {
            name: {
                row[1]
                for what in ("table_info", "index_list")
                for row in connection.execute(f'PRAGMA {what}("{name}")')
            }
            for name in schema.tables.tables
        }


def test_a_newer_catalogue_and_what_is_none_are_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / CATALOGUE) as connection:
        connection.execute("CREATE TABLE stamps (id INTEGER)")
    with pytest.raises(UsageError, match="no catalogue"):
        Catalogue.at(tmp_path)
    (tmp_path / "newer").mkdir()
    Catalogue.at(tmp_path / "newer").close()
    with sqlite3.connect(tmp_path / "newer" / CATALOGUE) as connection:
        connection.execute("UPDATE meta SET value = '99'")
    with pytest.raises(UsageError, match="newer version"):
        Catalogue.at(tmp_path / "newer")
    with pytest.raises(UsageError, match="no album"):
        Catalogue.existing(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no database"):
        Catalogue.at(tmp_path, "nonsense://")
