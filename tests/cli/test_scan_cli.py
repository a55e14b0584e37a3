"""The commands over images, called as a user would: what comes out, where, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from recognizer import pipeline
from recognizer.cli import run
from recognizer.pipeline import Bench, in_library
from recognizer.reports.schema import json_schemas
from recognizer.sources.kit import open_kit
from recognizer.stages.segment import survey
from recognizer.types import Match, Survey

COVER = Path(__file__).resolve().parent.parent / "covers" / "soyuz-tma-13.jpg"
BLANK = 236  # a sheet of paper with nothing on it


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "пустой лист.png"
    noise = np.random.default_rng(1).integers(-3, 4, (400, 600, 1))
    Image.fromarray((BLANK + np.repeat(noise, 3, 2)).astype(np.uint8)).save(path)
    return path


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_scan_prints_one_valid_record_an_input_and_nothing_else(
    blank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", "--json", str(blank), str(COVER)]) == 0
    out = capsys.readouterr()
    first, second = lines(out.out)
    jsonschema.validate(first, json_schemas()["scan"])
    jsonschema.validate(second, json_schemas()["scan"])
    assert first["image"]["path"] == str(blank)  # type: ignore[index]
    assert [c["mission"]["status"] for c in first["covers"]] == ["undetermined"]  # type: ignore[attr-defined]


def test_the_shipped_cover_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", str(COVER), "--out", str(tmp_path), "--quiet"]) == 0
    table = capsys.readouterr().out
    assert "Soyuz TMA-13" in table
    record = json.loads((tmp_path / "soyuz-tma-13.json").read_text(encoding="utf-8"))
    assert record["covers"][0]["mission"]["id"] == "soyuz-tma-13"
    assert (tmp_path / "soyuz-tma-13.annotated.jpg").stat().st_size > 10_000
    assert list((tmp_path / "soyuz-tma-13.crops").glob("*-postmark.png"))


def test_a_failed_input_is_a_record_and_the_others_are_done(
    blank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "нет такого.jpg"
    assert run(["scan", "--json", str(missing), str(blank)]) == 3
    out = capsys.readouterr()
    failure, answer = lines(out.out)
    jsonschema.validate(failure, json_schemas()["error"])
    assert failure["image"]["path"] == str(missing)  # type: ignore[index]
    assert answer["schema"] == "recognizer.scan/1"
    assert str(missing) in out.err
    assert "Traceback" not in out.err


def test_a_strike_learnt_is_named_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "marks"
    record = scan_of_cover(capsys)
    strikes = [r for r in record["covers"][0]["regions"] if r["kind"] == "postmark"]
    box = ",".join(str(v) for v in strikes[0]["box"])
    assert run(["learn", "mine", f"{COVER}:{box}", "--marks", str(library), "--no-builtin-marks"]) == 0
    capsys.readouterr()
    call = ["identify", "--json", "--no-builtin-marks", "--marks", str(library), f"{COVER}:{box}"]
    assert run(call) == 0
    (answer,) = lines(capsys.readouterr().out)
    jsonschema.validate(answer, json_schemas()["strike"])
    assert answer["known"] is True
    assert answer["matches"][0]["mark"] == "mine"  # type: ignore[index]


def test_a_strike_of_the_library_does_not_speak_for_its_own_date(tmp_path: Path) -> None:
    library = tmp_path / "marks"
    assert (
        run(["learn", "mine", f"{COVER}:100,100,200,200", "--date", "2008-10-12", "--marks", str(library)])
        == 0
    )
    bench = Bench.of(open_kit([library]))
    assert bench.date_on("mine", 0).days == {"2008-10-12": 1.0}
    asked = Match("mine", 1.0, 0.9, laid_on=0)
    assert [list(days) for days in in_library(asked, bench)] == [["2008-10-12"]]
    assert list(in_library(replace(asked, itself=True), bench)) == []


def test_a_mark_can_be_learnt_from_its_description(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["learn", "told", "--legend", "АРКАЛЫК", "--shape", "circle", "--marks", str(tmp_path / "m")]
    assert run([*call, "--json"]) == 0
    assert lines(capsys.readouterr().out)[0]["mark"] == "told"
    assert run(["marks", "show", "told", "--marks", str(tmp_path / "m")]) == 0
    assert "АРКАЛЫК" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["learn", "no/good", "x.jpg"], "no/good"),
        (["learn", "empty"], "nothing was given"),
        (["learn", "a", "x.jpg", "--date", "12.10.2008"], "12.10.2008"),
        (["identify", "x.jpg:1,2,0,4"], "x.jpg:1,2,0,4"),
        (["scan", "x.jpg", "--marks", "nowhere"], "nowhere"),
        (["scan"], "PATH"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_wrong_call_is_told_in_words(
    call: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert run(call) == 2
    out = capsys.readouterr()
    assert says in out.err
    assert out.out == ""


def test_a_name_with_a_leading_dash_is_a_file_like_any_other(
    blank: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blank.rename(blank.parent / "-sheet.png")
    monkeypatch.chdir(blank.parent)
    assert run(["scan", "--json", "-sheet.png"]) == 0
    assert len(lines(capsys.readouterr().out)) == 1


def scan_of_cover(capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, list[dict[str, object]]]]]:
    run(["scan", "--json", str(COVER)])
    record: dict[str, list[dict[str, list[dict[str, object]]]]] = json.loads(capsys.readouterr().out)
    return record


def as_labels(found: Survey) -> Survey:
    kinds = {"postmark": "label"}
    return replace(found, regions=tuple(replace(r, kind=kinds.get(r.kind, r.kind)) for r in found.regions))


def as_doubtful(found: Survey) -> Survey:
    strikes = [r for r in found.regions if r.kind == "postmark"]
    others = tuple(r for r in found.regions if r.kind != "postmark")
    return Survey(others, found.ink, tuple(strikes))


@pytest.mark.parametrize("mistaken", [as_labels, as_doubtful])
def test_a_strike_not_taken_for_one_is_told_where_its_die_is_surely_known(
    mistaken: Callable[[Survey], Survey], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_id(region: dict[str, object]) -> str:
        return json.dumps({name: value for name, value in region.items() if name != "id"})

    seen = scan_of_cover(capsys)["covers"][0]["regions"]
    monkeypatch.setattr(pipeline, "survey", lambda *asked: mistaken(survey(*asked)))
    again = scan_of_cover(capsys)["covers"][0]["regions"]
    assert sorted(map(without_id, again)) == sorted(map(without_id, seen))
    monkeypatch.setattr(pipeline, "SURELY", 1.0)
    assert all(r["kind"] != "postmark" for r in scan_of_cover(capsys)["covers"][0]["regions"])


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_strike_that_lies_is_read_all_the_same(
    turns: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x, y, side = 1258, 417, 204
    with Image.open(COVER) as cover:
        stands, (width, height) = cover.convert("RGB"), cover.size
    lies = stands.rotate(-90 * turns, expand=True)
    left, top = {
        1: (height - y - side, x),
        2: (width - x - side, height - y - side),
        3: (y, width - x - side),
    }[turns]
    targets = []
    for name, picture, corner in (("stands", stands, (x, y)), ("lies", lies, (left, top))):
        picture.save(tmp_path / f"{name}.png")
        targets.append(f"{tmp_path / name}.png:{corner[0]},{corner[1]},{side},{side}")
    assert run(["identify", "--json", *targets]) == 0
    one, other = lines(capsys.readouterr().out)
    assert other["date"] == one["date"]
    assert other["date"]["text"] is not None  # type: ignore[index]
    outline = np.array(other["matches"][0]["outline"])  # type: ignore[index]
    assert (abs(outline - [left + side / 2, top + side / 2]) < 0.75 * side).all()
