"""Albums through the command line: made, gone on with, exported, corrected, named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recognizer.cli import run

COVERS = Path(__file__).resolve().parent.parent / "covers"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest) -> list[str]:
    """The option that says where the catalogue is."""
    return ["--catalog", request.getfixturevalue("postgres")] if request.param == "postgresql" else []


def test_an_album_from_scans_to_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept_in: list[str]
) -> None:
    scans, out, marks = tmp_path / "scans", tmp_path / "album", tmp_path / "marks"
    (scans / "deep").mkdir(parents=True)
    shutil.copy(COVERS / "soyuz-tma-2.jpg", scans / "deep" / "A.JPG")
    (scans / "words.png").write_text("no picture")
    marks.mkdir()
    library = ["--no-builtin-marks", "--marks", str(marks)]
    known = [*library, *kept_in]
    call = ["album", str(scans), "--out", str(out), "--jobs", "1", "--json", *known]
    assert run(call) == 3
    first, second = lines(capsys)
    assert first["schema"] == "recognizer.scan/1"
    assert first["image"]["path"] == str(scans / "deep" / "A.JPG")
    assert second["error"]["code"] == "not-an-image"
    assert (out / "catalogue.sqlite").exists() == (not kept_in)
    assert (out / "strikes.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (scans / "words.png").unlink()
    assert run(call) == 0
    (again,) = lines(capsys)
    assert again == first  # kept, not recognised again: its seconds are the same

    def groups(*options: str) -> dict[int, list[str]]:
        assert run(["unknowns", str(out), "--json", "--quiet", *known, *options]) == 0
        return {g["group"]: g["strikes"] for g in lines(capsys)}

    found = groups()
    struck = [r for c in first["covers"] for r in c["regions"] if r["mark"]]
    assert len(struck) > 1
    assert sum(map(len, found.values())) == len(struck)
    one, other, *_ = found
    merged = groups("--merge", f"{one},{other}")
    assert merged[one] == sorted(found[one] + found[other])
    split = groups("--split", f"{one}:{found[other][0]}")
    assert len(split) == len(merged) + 1
    assert one not in groups("--ignore", str(one))
    for _ in range(3):
        last = groups("--undo")
    assert last == found

    assert run(["name", str(one), "die-a", "--album", str(out), "--json", *known]) == 0
    assert lines(capsys)[0]["mark"] == "die-a"
    assert (marks / "die-a" / "mark.toml").is_file()
    strike = found[one][0]
    assert run(["correct", strike, "not-a-strike", "--album", str(out), "--quiet", *known]) == 0
    assert run(["export", str(out), "--as", "jsonl", "--quiet", *kept_in]) == 0
    (record,) = map(json.loads, (out / "scans.jsonl").read_text(encoding="utf-8").splitlines())
    assert len([r for c in record["covers"] for r in c["regions"] if r["mark"]]) == len(struck) - 1
    assert run(call) == 0  # naming answered the album by the library as it is: nothing is to do
    assert "0 pages done, 1 known already" in capsys.readouterr().err


def test_wrong_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["unknowns", str(tmp_path)]) == 2
    assert run(["correct", "000000000000-r1", "unknown", "--album", str(tmp_path)]) == 2
    assert run(["album", str(tmp_path), "--out", str(tmp_path / "a"), "--catalog", "nonsense://"]) == 2
    assert run(["album", str(tmp_path / "none"), "--out", str(tmp_path / "b"), "--quiet"]) == 3
    assert run(["correct", "0-r1", "no-such-mark", "--album", str(tmp_path / "b")]) == 2
    assert run(["name", "1", "../up", "--album", str(tmp_path / "b")]) == 2
    assert run(["name", "1", "die", "--album", str(tmp_path / "b")]) == 2
    errors = capsys.readouterr().err
    for words in (
        "no album",
        "no database",
        "no such file",
        "no-such-mark",
        "'../up' is no mark id",
        "no group 1",
    ):
        assert words in errors
    assert "Traceback" not in errors
