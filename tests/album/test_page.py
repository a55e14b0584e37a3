"""The album's page: everything in it, nothing fetched, nothing of a file's name taken for markup."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from made_up import FAILS, draw
from test_catalogue import make

from recognizer.album import page
from recognizer.album.exports import EXPORTS, export
from recognizer.album.files import FILES


def album_of(html: str) -> dict:  # type: ignore[type-arg]
    (data,) = re.findall(r'<script type="application/json" id="album">(.*?)</script>', html, re.DOTALL)
    return json.loads(data)  # type: ignore[no-any-return]


def test_the_page_holds_the_album(tmp_path: Path) -> None:
    draw(tmp_path / "scans" / "</script><b>&.png".replace("/", "∕"), 2)
    draw(tmp_path / "scans" / "письмо.png", 3)
    draw(tmp_path / "scans" / "odd.png", FAILS)
    catalogue = make(tmp_path)
    html = page.write_page(catalogue, tmp_path / "album").read_text(encoding="utf-8")
    assert "<b>&" not in html
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)
    album = album_of(html)
    scans = {Path(s["paths"][0]).name: s for s in album["scans"]}
    named = next(s for name, s in scans.items() if "b>" in name)
    assert base64.b64decode(named["picture"].split(",")[1])[:2] == b"\xff\xd8"
    assert named["pieces"][0]["mission_name"] == "Союз ТМА-13"
    assert named["pieces"][0]["look"] == []
    unknown = scans["письмо.png"]["pieces"][0]
    assert unknown["regions"][0]["mark"] is None
    assert unknown["look"]
    assert "could not be recognised" in scans["odd.png"]["error"]


def test_a_large_album_points_to_its_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(tmp_path / "scans" / "a.png", 2)
    monkeypatch.setattr(page, "EMBEDDED", 0)
    html = page.write_page(make(tmp_path), tmp_path / "album").read_text(encoding="utf-8")
    (scan,) = album_of(html)["scans"]
    assert scan["picture"].startswith(FILES)
    assert (tmp_path / "album" / scan["picture"]).is_file()
    assert scan["link"] == "../scans/a.png"


def test_every_export_is_written(tmp_path: Path) -> None:
    scan = draw(tmp_path / "scans" / "a.png", 2)
    catalogue = make(tmp_path)
    written = export(catalogue, tmp_path / "album", list(EXPORTS))
    assert [p.name for p in written] == [
        "strikes.csv", "scans.jsonl", "coco.json", "annotations.jsonld", "label-studio.json",
        "label-studio.xml",
    ]  # fmt: skip
    (line,) = (tmp_path / "album" / "scans.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["image"]["path"] == str(scan)
