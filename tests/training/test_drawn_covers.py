"""The five covers that ship with the tests: there, small, and labelled."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "covers"


def test_the_five_covers_are_there_small_and_labelled() -> None:
    regions = json.loads((FOLDER / "regions.json").read_text(encoding="utf-8"))
    pictures = sorted(FOLDER.glob("*.jpg"))
    assert len(pictures) == 5
    assert "soyuz-tma-13.jpg" in regions
    assert {p.name for p in pictures} == set(regions)
    for picture in pictures:
        assert picture.stat().st_size < 500_000
        with Image.open(picture) as opened:
            assert list(opened.size) == regions[picture.name]["size"]


def test_the_first_cover_is_soyuz_tma_13_on_its_launch_day() -> None:
    missions = json.loads((FOLDER / "missions.json").read_text(encoding="utf-8"))
    assert missions["soyuz-tma-13.jpg"]["mission"] == "soyuz-tma-13"
    dies = json.loads((FOLDER / "identity.json").read_text(encoding="utf-8"))
    struck = {d["group"]: s for d in dies for s in d["strikes"] if s["image"] == "soyuz-tma-13.jpg"}
    assert set(struck) == {
        "iss-official-cancel-2008",
        "baikonur-soyuz-rocket-pictorial",
        "baikonur-text-soyuz",
    }
    assert {s["date"] for s in struck.values()} == {"2008-10-12"}
