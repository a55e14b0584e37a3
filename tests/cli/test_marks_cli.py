"""The library as the command line shows it: whole, and broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from recognizer.cli import run
from recognizer.geometry import Box
from recognizer.sources.marks import load_specs, save_mark
from recognizer.sources.shipped import shipped
from recognizer.types import LearntStrike


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the library to harm."""
    return Path(shutil.copytree(shipped("reference_marks"), tmp_path / "marks"))


def test_check_finds_the_shipped_library_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["marks", "check", "--json"]) == 0
    out = capsys.readouterr()
    records = [json.loads(line) for line in out.out.splitlines()]
    by_id = {r["mark"]: r for r in records}
    assert by_id["baikonur-text-soyuz"]["nearest"].startswith("baikonur-text-")
    assert 0 < by_id["baikonur-text-soyuz"]["distance"] < 0.5
    assert by_id["arkalyk-datestamp"]["nearest"] is None
    assert "whole" in out.err


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('missions = ["soyuz-tm-33"]', 'missions = ["soyuz-tm-99"]', "missions.0"),
        ('kind = "postmark"', 'kind = "postmrk"', "kind"),
        ("movable = false", "movable = false\nzone = [0.5, 0.5, 0.9, 0.1]", "date.zone"),
        ('kind = "star"', 'kind = "comet"', "die"),
        ('last_use = { value = "2001-10-21"', 'last_use = { value = "21.10.2001"', "last_use.value"),
    ],
)
def test_check_names_the_file_and_the_field(
    broken: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, field: str
) -> None:
    card = broken / "rosaviakosmos-ep2-double-ring" / "mark.toml"
    text = card.read_text(encoding="utf-8")
    assert old in text
    card.write_text(text.replace(old, new), encoding="utf-8")
    assert run(["marks", "check", "--no-builtin-marks", "--marks", str(broken)]) == 4
    err = capsys.readouterr().err
    assert str(card) in err
    assert f"'{field}'" in err


def test_check_names_an_altered_picture(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(broken / "baikonur-text-mks" / "mark.png", broken / "baikonur-text-soyuz" / "mark.png")
    assert run(["marks", "check", "--no-builtin-marks", "--marks", str(broken), "--json"]) == 4
    record = json.loads(capsys.readouterr().out)
    assert record["error"]["code"] == "mark-altered"
    assert "baikonur-text-soyuz" in record["error"]["message"]


def test_list_prints_every_mark(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["marks", "list", "--quiet"]) == 0
    table = capsys.readouterr().out
    assert run(["marks", "list", "--json"]) == 0
    specs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(specs) >= 34
    assert all(spec["id"] in table for spec in specs)


def test_show_tells_words_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["marks", "show", "baikonur-text-soyuz"]) == 0
    page = capsys.readouterr().out
    for words in ("СОЮЗ", "ҚАЗАҚСТАН, БАЙҚОҢЫР", "article:", "baikonur-text-mks", "2008-10-12"):
        assert words in page


def test_show_of_a_mark_that_is_not_there_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["marks", "show", "baikonur-text-soyus"]) == 2
    assert "baikonur-text-soyuz" in capsys.readouterr().err


def test_a_library_goes_into_one_file_and_out_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mine = tmp_path / "marks.zip", tmp_path / "mine"
    assert run(["marks", "export", str(file), "baikonur-text-mks", "--quiet"]) == 0
    mine.mkdir()
    assert run(["marks", "import", str(file), "--marks", str(mine), "--no-builtin-marks", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["added"] == ["baikonur-text-bilingual", "baikonur-text-mks"]
    assert run(["marks", "import", str(file), "--marks", str(mine), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == record["added"]
    assert run(["marks", "list", "--marks", str(mine), "--no-builtin-marks", "--quiet"]) == 0
    assert "МКС" in capsys.readouterr().out
    assert run(["marks", "import", str(tmp_path / "nowhere.zip")]) == 2


def test_a_library_that_only_adds_strikes_is_whole_on_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    specs = load_specs([shipped("reference_marks")])
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    for mark_id in ("baikonur-text-soyuz", "rosaviakosmos-ep2-double-ring"):
        strike = LearntStrike(pixels, Box(0, 0, 40, 40))
        save_mark(tmp_path, specs[mark_id], strikes=[strike], adds=True)
    assert run(["marks", "check", "--no-builtin-marks", "--marks", str(tmp_path)]) == 0
    assert run(["marks", "check", "--marks", str(tmp_path)]) == 0
    assert run(["marks", "show", "baikonur-text-soyuz", "--marks", str(tmp_path)]) == 0
    assert "drawing, 1 strike" in capsys.readouterr().out
