"""The tables say everything, piped or on a narrow terminal."""

from __future__ import annotations

import io

import pytest
from record_samples import CONFLICT, error_record, mission, region, scan_record, strike_record, unknown
from rich.console import RenderableType

from recognizer.records import MarkAlternative
from recognizer.reports.table import (
    PIPED_WIDTH,
    mission_table,
    print_scan,
    print_strike,
    scan_table,
    strike_table,
    terminal,
)
from recognizer.reports.words import percent


def shown(table: RenderableType, columns: int | None, monkeypatch: pytest.MonkeyPatch) -> str:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", str(columns))
    stream = io.StringIO()
    terminal(stream).print(table)
    return stream.getvalue()


def row(text: str, start: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))


def test_a_region_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(scan_table([scan_record()]), None, monkeypatch)
    assert row(text, "r1").split() == (
        ["r1", "postmark", "Байқоңыр,", "pictorial", "97", "%", "2008-10-12", "95", "%", "black", "б"]
    )
    assert "unknown (nearest baikonur-text)" in row(text, "r2")
    assert "12 10 ??" in row(text, "r2")
    assert row(text, "r4").split() == ["r4", "stamp", "-", "90", "%"]


def test_a_guess_that_is_hardly_likely_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    far = unknown().model_copy(update={"alternatives": [MarkAlternative(mark="far-off", probability=0.004)]})
    record = scan_record(regions=[region("r1", "postmark", (10, 10, 90, 90), mark=far)])
    text = shown(scan_table([record]), None, monkeypatch)
    assert row(text, "r1").split() == ["r1", "postmark", "unknown", "90", "%"]


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.974, "97 %"), (0.994, "99 %"), (0.999, ">99 %"), (1.0, "100 %")],
)
def test_only_certainty_is_called_so(probability: float, words: str) -> None:
    assert percent(probability) == words


def test_the_mission_its_contradictions_and_three_reasons_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(scan_table([scan_record()]), None, monkeypatch)
    assert "Soyuz TMA-13  launch, certain, 99 %" in text
    assert "Конверт [1].jpg  900 × 600 px, 300 dpi" in text
    assert f"contradiction: {CONFLICT}" in text
    assert text.index("its launch day") < text.index("used for launches") < text.index("speaks against it")
    assert "the faintest reason" not in text
    assert "warning: no colour profile" in text


def test_an_open_mission_shows_what_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    undetermined = mission(id=None, name=None, event=None, status="undetermined", probability=0.4)
    text = shown(scan_table([scan_record(mission=undetermined)]), None, monkeypatch)
    assert "Mission undetermined  (perhaps soyuz-tma-12 1 %)" in text
    assert shown(mission_table(undetermined), None, monkeypatch).startswith("Mission undetermined")


def test_failures_stand_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(scan_table([error_record(), scan_record("b.jpg")]), None, monkeypatch)
    assert text.index("not done: нет такого.jpg: there is no such file.") < text.index("b.jpg")


@pytest.mark.parametrize("columns", [None, 80])
def test_nothing_is_coloured_or_cut_when_piped(columns: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [scan_table([scan_record()]), strike_table([strike_record(), error_record()])]
    for table in tables:
        text = shown(table, columns, monkeypatch)
        assert "\x1b" not in text
        assert "…" not in text
        assert max(map(len, text.splitlines())) <= (columns or PIPED_WIDTH)
    words = "".join(shown(tables[0], columns, monkeypatch).split())
    for whole in ("handstamp", "2008-10-12", "violet", "Байқоңыр,"):
        assert whole in words


def test_a_strike_is_named_with_the_nearest_others(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(strike_table([strike_record(), strike_record(known=False)]), 120, monkeypatch)
    named, unnamed = (line for line in text.splitlines() if line.startswith("letter10"))
    assert named.split()[1:4] == ["tacoma-1", "97", "%"]
    assert named.split("black")[1].strip() == "tacoma-2 2 %"
    assert unnamed.split()[1] == "unknown"
    assert "tacoma-1 97 %, tacoma-2 2 %" in unnamed


def test_answers_are_printed_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    print_scan(scan_record())
    print_strike(strike_record())
    out = capsys.readouterr().out
    assert "Soyuz TMA-13" in out
    assert "letter10.jpg:592,120,236,236\n  tacoma-1 97 %; date 1945-06-16 90 %; black" in out
