"""``recognizer mission`` and ``recognizer missions``: answers, exit codes, and what is loaded for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from recognizer.cli import run
from recognizer.records import MissionRecord

MIR = str(Path(__file__).resolve().parent.parent / "missions" / "mir.toml")


def test_json_is_the_mission_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "--json", "baikonur-text-soyuz@2008-10-12", "unknown"]) == 0
    out, err = capsys.readouterr()
    record = MissionRecord.model_validate(json.loads(out))
    assert (record.id, record.name, record.event) == ("soyuz-tma-13", "Soyuz TMA-13", "launch")
    assert record.status == "certain"
    assert record.probability > 0.99
    assert err == ""
    assert len(out.splitlines()) == 1


def test_three_lines_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "place:arkalyk@2001-10-31", "--text", "Andromède"]) == 0
    answer, reasons, doubts = capsys.readouterr().out.splitlines()
    assert answer.startswith("Mission: Soyuz TM-33, landing (probable")
    assert "Andromède is Soyuz TM-33" in reasons
    assert "came home in Soyuz TM-32" in reasons
    assert "soyuz-tm-32" in doubts


def test_three_lines_when_it_stays_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "place:baikonur@2004-10-09"]) == 0
    answer, reasons, doubts = capsys.readouterr().out.splitlines()
    assert answer == "Mission: undetermined"
    assert "no event on this day" in reasons
    assert "not kept" in doubts
    assert "soyuz-tma-5" in doubts


@pytest.mark.parametrize(
    ("strike", "told"),
    [
        ("baikonur-text-soyuz@2008-13-12", "2008-13-12"),
        ("baikonur-text-soyuz@12.10.2008", "YYYY-MM-DD"),
        ("baikonur-text-soyuz@2003-02-29", "no such day"),
        ("place:baikonur@2001-10-21T31", "hour"),
        ("baikonur-text-soyus@2008-10-12", "baikonur-text-soyuz"),
        ("place:@2008-10-12", "place is missing"),
        ("@2008-10-12", "no mark"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(strike: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "--json", strike]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_nothing_given_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission"]) == 2
    assert "--help" in capsys.readouterr().err


def test_on_board_marks_keep_their_public_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "--json", "public:iss-board-russian-post-old@2010-12-17"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "soyuz-tma-20"


def test_without_the_library_its_ids_are_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "--no-builtin-marks", "baikonur-text-soyuz@2008-10-12"]) == 2
    assert run(["mission", "--no-builtin-marks", "place:baikonur@2008-10-12"]) == 0
    assert "Soyuz TMA-13" in capsys.readouterr().out


def test_another_programme_needs_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mission", "--json", "--missions", MIR, "place:arkalyk@1991-10-10"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "soyuz-tm-12"
    assert run(["mission", "--json", "place:arkalyk@1991-10-10"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] is None


def test_a_broken_catalogue_is_code_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[[flight]]\nid = 3\n", encoding="utf-8")
    for call in (["mission", "unknown"], ["missions", "list"], ["missions", "check"]):
        assert run([*call, "--missions", str(file)]) == 4
        err = capsys.readouterr().err
        assert str(file) in err
        assert "flight 3.id" in err


def test_list_show_and_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["missions", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 75
    assert lines[0].split()[:3] == ["soyuz-tm-31", "2000-10-31", "2001-05-06"]
    assert run(["missions", "list", "--json", "--missions", MIR]) == 0
    assert len([json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]) == 80
    assert run(["missions", "show", "soyuz-tma-5"]) == 0
    shown = capsys.readouterr().out
    assert "2004-10-14 03:06:27 UTC" in shown
    assert "2005-04-25 by the date of Moscow" in shown
    assert "not kept" in shown
    assert "high]" in shown
    assert run(["missions", "show", "soyuz-tma-5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["expeditions"] == [10]
    assert run(["missions", "check"]) == 0
    assert "75 missions" in capsys.readouterr().out


def test_a_mission_not_there_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["missions", "show", "soyuz-tma-31"]) == 2
    assert "soyuz-tma-" in capsys.readouterr().err


def test_no_pixel_is_loaded_for_it() -> None:
    """The call must be quick: neither decoders nor vision nor networks come with it."""
    code = (
        "import sys; from recognizer.cli import run; run(['mission', 'place:baikonur@2008-10-12']);"
        "print(sorted({'cv2', 'PIL', 'onnxruntime', 'sklearn', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
