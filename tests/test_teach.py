from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.records import Legend, MarkSpec, Names
from recognizer.sources.marks import load_library, save_mark
from recognizer.teach import ZONE_SOURCE, Description, Lesson, teach
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike
from recognizer.types import Scan


def lesson(seed: int, family: str = "bridge_dater", date: str | None = None) -> Lesson:
    design = random_design(np.random.default_rng(30), family)
    sample = press_strike(
        np.random.default_rng(seed), design, 240, angle_deg=0.0, jitter=0.0, backdrop=False, camera=None
    )
    scan = Scan(f"{seed}.png", 0, sample.pixels, None, "0" * 64)
    return Lesson(scan, Box.around(sample.outline()).clipped(240, 240), date)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """A library that travels with the program and the user's own, still empty."""
    spec = MarkSpec(
        id="old", name=Names(en="Old", ru="Старый"), status="reconstruction", shape="oval",
        legends=[Legend(text="КОРОЛЕВ", source="a catalogue")], note="kept",
    )  # fmt: skip
    save_mark(tmp_path / "shipped", spec, np.zeros((40, 40), np.uint8))
    (tmp_path / "own").mkdir()
    return [tmp_path / "shipped", tmp_path / "own"]


def taught(folders: list[Path], told: Description, *lessons: Lesson) -> MarkSpec:
    teach("old", lessons, told, load_library(folders), folders[-1])
    return load_library(folders).specs["old"]


def test_a_mark_that_came_with_the_program_takes_a_new_name_and_more_words(folders: list[Path]) -> None:
    spec = taught(folders, Description(name="New", legends=["МОСКВА"]))
    assert spec.name == Names(en="New", ru="Старый")
    assert [x.text for x in spec.legends] == ["КОРОЛЕВ", "МОСКВА"]
    assert spec.shape == "oval"
    assert spec.note == "kept"
    assert spec.picture is not None
    spec = taught(folders, Description(shape="circle", legends=["МОСКВА", "ПОЧТА"]))
    assert spec.name.en == "New"
    assert spec.shape == "circle"
    assert [x.text for x in spec.legends] == ["КОРОЛЕВ", "МОСКВА", "ПОЧТА"]


def test_strikes_alone_leave_what_is_said_of_a_mark_as_it_is(folders: list[Path]) -> None:
    taught(folders, Description(), lesson(1))
    changed = MarkSpec(id="old", name=Names(en="Mended"), status="reconstruction")
    save_mark(folders[0], changed)
    spec = load_library(folders).specs["old"]
    assert spec.name.en == "Mended"
    assert spec.legends == []
    assert len(spec.strikes) == 1


def test_words_told_outlive_a_new_release_of_the_mark(folders: list[Path]) -> None:
    taught(folders, Description(name="Mine"), lesson(1))
    save_mark(folders[0], MarkSpec(id="old", name=Names(en="Mended"), status="reconstruction"))
    assert load_library(folders).specs["old"].name.en == "Mine"


def test_several_strikes_show_where_the_date_stands(folders: list[Path]) -> None:
    library = load_library(folders[1:])
    spec = teach("new", [lesson(n) for n in range(3)], Description(), library, folders[1])
    assert spec.date.source == ZONE_SOURCE
    assert spec.date.zone is not None
    _, y, _, h = spec.date.zone
    assert abs(y + h / 2 - 0.5) < 0.15
    again = teach("new", [lesson(7)], Description(), load_library(folders[1:]), folders[1])
    assert again.date.source == ZONE_SOURCE
    alone = teach("one", [lesson(1)], Description(), library, folders[1])
    assert alone.date.zone is None
