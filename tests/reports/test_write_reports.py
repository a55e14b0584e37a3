"""``scan --out``: what is written for an image, under which names, all of it or nothing."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from record_samples import scan_record

from recognizer.errors import OutputError
from recognizer.geometry import Box, Homography
from recognizer.records import ScanRecord
from recognizer.reports import REPORTS, write_reports
from recognizer.types import Ink, Piece, Region, Scan


@dataclass
class Finding:
    id: str
    region: Region


@dataclass
class Cover:
    piece: Piece
    findings: list[Finding]
    ink: Ink | None = None


@dataclass
class Examination:
    scan: Scan
    record: ScanRecord
    covers: list[Cover]


def examination(path: str, page: int = 0) -> Examination:
    pixels = np.full((600, 900, 3), 230, np.uint8)
    record = scan_record(path)
    record = record.model_copy(update={"image": record.image.model_copy(update={"page": page})})
    found = [
        Finding(r.id, Region(r.kind, Box(*map(float, r.box)), np.array(r.outline), 0.9))
        for r in record.covers[0].regions
    ]
    piece = Piece(pixels, Homography.identity(), np.array(record.covers[0].outline), 300.0)
    return Examination(Scan(path, page, pixels, 300.0, "0" * 64), record, [Cover(piece, found)])


def files_in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_record_picture_and_crops_are_written(tmp_path: Path) -> None:
    written = write_reports(examination("in/Конверт [1].jpg"), tmp_path / "out", set())
    crops = {f"{r.id}-{r.kind}" for r in scan_record().covers[0].regions}
    assert files_in(tmp_path / "out") == {
        "Конверт [1].json",
        "Конверт [1].annotated.jpg",
        *(f"Конверт [1].crops/{crop}.png" for crop in crops),
    }
    assert written[-1].name == "Конверт [1].json"
    record = json.loads(written[-1].read_text(encoding="utf-8"))
    assert record["image"]["path"] == "in/Конверт [1].jpg"


def test_pages_and_namesakes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    taken: set[str] = set()
    for path, page in [("a/c.pdf", 0), ("a/c.pdf", 1), ("b/C.jpg", 0)]:
        write_reports(examination(path, page), tmp_path, taken)
    assert {p.name for p in tmp_path.glob("*.json")} == {"c.json", "c-p2.json", "C-2.json"}


def test_crops_of_an_earlier_run_go_and_other_files_stay(tmp_path: Path) -> None:
    write_reports(examination("c.jpg"), tmp_path, set())
    note = tmp_path / "c.crops" / "my note.txt"
    note.write_text("keep")
    later = examination("c.jpg")
    later.covers[0].findings[:] = later.covers[0].findings[:1]
    write_reports(later, tmp_path, set())
    assert {p.name for p in (tmp_path / "c.crops").iterdir()} == {"r1-postmark.png", "my note.txt"}


def test_a_full_disk_leaves_nothing_of_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def full(_: int) -> None:
        calls.append(1)
        if len(calls) > 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"c\.crops.*disk is full"):
        write_reports(examination("c.jpg"), tmp_path / "out", set())
    assert list(tmp_path.iterdir()) == []


def test_a_new_report_is_one_entry(tmp_path: Path) -> None:
    def count(examined: object) -> dict[str, bytes]:
        return {".count.txt": b"7"}

    write_reports(examination("c.jpg"), tmp_path, set(), {"json": REPORTS["json"], "count": count})
    assert files_in(tmp_path) == {"c.json", "c.count.txt"}


def test_the_strikes_alone_are_written_where_they_were_seen(tmp_path: Path) -> None:
    done = examination("cover.jpg")
    done.covers[0].ink = np.full((40, 60), 255, np.uint8)
    files = {path.name for path in write_reports(done, tmp_path, set())}
    assert "c1-ink.png" in files
    write_reports(examination("cover.jpg"), tmp_path, set())
    assert not (tmp_path / "cover.crops" / "c1-ink.png").exists()
