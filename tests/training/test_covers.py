from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from recognizer.cli.synthesize import synthesize as command
from recognizer.sources.marks import load_library
from recognizer.sources.shipped import shipped
from recognizer.training.article import article_cover, load_article
from recognizer.training.covers import SCENES, compose
from recognizer.training.layouts import LAYOUTS, random_piece
from recognizer.training.parts import Stock
from recognizer.training.synthesis import draw_article, stock_of_dies, synthesize


@pytest.mark.parametrize("scene", SCENES)
def test_every_region_lies_in_the_picture(scene: str) -> None:
    drawn = compose(np.random.default_rng(4), (600, 420), scene=scene)
    assert drawn.pixels.shape == (420, 600, 3)
    assert drawn.ink.shape == (420, 600)
    for region in drawn.regions:
        assert region.outline.min() >= 0
        assert (region.outline.max(0) <= (599, 419)).all()
    listed = [i for piece in drawn.pieces for i in piece.regions]
    assert sorted(listed) == list(range(len(drawn.regions)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_strikes_lie_where_their_truth_says(name: str) -> None:
    rng = np.random.default_rng(8)
    sheet = random_piece(rng, 700, 460, Stock(), LAYOUTS[name])
    struck = [r for r in sheet.regions if r.kind in ("postmark", "handstamp")]
    assert bool(struck) == (name != "unstruck")
    mask = np.zeros_like(sheet.ink)
    for region in struck:
        cv2.fillPoly(mask, [np.round(region.outline).astype(np.int32)], 255)
        x, y, w, h = region.box.rounded()
        assert sheet.ink[y : y + h, x : x + w].max() > 60
    for killer in sheet.ignore:
        cv2.fillPoly(mask, [np.round(killer).astype(np.int32)], 255)
    mask = cv2.dilate(mask, np.ones((25, 25), np.uint8))
    assert (sheet.ink[mask == 0] > 60).mean() < 0.002


def test_ink_darkens_the_piece() -> None:
    drawn = compose(np.random.default_rng(12), (800, 520), scene="full", way="clean")
    grey = drawn.pixels.mean(2)
    assert grey[drawn.ink > 200].mean() < grey[drawn.ink == 0].mean() - 20


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    library = {mark.id: mark.spec for mark in load_library([shipped("reference_marks")]).marks.values()}
    for folder in ("one", "two"):
        names = list(synthesize(tmp_path / folder, 3, 5, library, (420, 300)))
        assert len(names) == 3
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_label_files_have_the_form_of_the_real_sets(tmp_path: Path) -> None:
    list(synthesize(tmp_path, 4, 9, {}, (640, 420)))
    regions = json.loads((tmp_path / "regions.json").read_text())
    missions = json.loads((tmp_path / "missions.json").read_text())
    assert set(regions) == set(missions) == {f"cover-{n:05d}.jpg" for n in range(1, 5)}
    for truth in regions.values():
        assert truth["size"] == [640, 420]
        assert {r["kind"] for r in truth["regions"]} <= {"postmark", "handstamp", "stamp", "cachet", "label"}
    for group in json.loads((tmp_path / "identity.json").read_text()):
        assert {"group", "die", "strikes"} <= set(group)
        for strike in group["strikes"]:
            x, y, w, h = strike["box"]
            assert x + w <= 641
            assert y + h <= 421


def test_the_article_is_nineteen_covers_of_marks_the_library_has() -> None:
    library = load_library([shipped("reference_marks")]).marks
    covers = load_article()
    assert len(covers) == 19
    for cover in covers:
        for strike in cover.strikes:
            assert strike.get("mark", "korolev-datestamp") in library


def test_an_article_cover_carries_its_marks_and_dates(tmp_path: Path) -> None:
    library = {mark.id: mark.spec for mark in load_library([shipped("reference_marks")]).marks.values()}
    cover = next(c for c in load_article() if c.id == "tma-2")
    sheet = article_cover(np.random.default_rng(1), cover, library, 1300, 650, 5.9)
    struck = {r.design.id: r for r in sheet.regions if r.design}
    assert {s["mark"] for s in cover.strikes if "mark" in s} <= set(struck)
    rocket = struck["baikonur-soyuz-rocket-pictorial"]
    assert rocket.wheels is not None
    assert rocket.wheels.date is not None
    assert rocket.wheels.date.iso == "2003-04-26"
    assert struck["reg-baikonur-468320-rocket"].wheels is not None
    assert struck["reg-baikonur-468320-rocket"].wheels.number == "5420"
    assert any(r.kind == "label" for r in sheet.regions)
    names = list(draw_article(tmp_path, 2, library, dpi=100, only=("tma-2",)))
    assert names == ["tma-2.jpg"]
    truth = json.loads((tmp_path / "missions.json").read_text())
    assert truth["tma-2.jpg"]["mission"] == "soyuz-tma-2"


def test_a_stock_holds_near_twins() -> None:
    stock = stock_of_dies(np.random.default_rng(3), 30)
    assert any("-twin" in design.id for design in stock.designs)


def test_the_command_writes_a_folder_and_names_a_bad_size(tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(command, ["--out", str(tmp_path / "x"), "--covers", "1", "--size", "300x220"])
    assert done.exit_code == 0
    assert (tmp_path / "x" / "cover-00001.jpg").is_file()
    wrong = runner.invoke(command, ["--out", str(tmp_path / "y"), "--size", "big"])
    assert wrong.exit_code != 0
    assert "big" in str(wrong.exception)
