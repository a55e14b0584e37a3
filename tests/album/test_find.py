"""Pieces are found by what was recognised on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import OpenCatalogue
from made_up import draw
from test_catalogue import make

from recognizer.album.catalogue import Catalogue
from recognizer.album.find import OPEN, Filter, count_pieces, find_pieces, last_pieces

NAMES = {2: "Крышка.png", 3: "b_1.png", 4: "b21.png", 5: "c.png"}  # odd ones are unknown and undetermined


@pytest.fixture
def catalogue(tmp_path: Path, open_catalogue: OpenCatalogue) -> Catalogue:
    for red, name in NAMES.items():
        draw(tmp_path / "scans" / name, red)
    return make(tmp_path, open_at=open_catalogue)


@pytest.mark.parametrize(
    ("wanted", "reds"),
    [
        (Filter(), [2, 3, 4, 5]),
        (Filter(mission="soyuz-tma-13"), [2, 4]),
        (Filter(mission=OPEN), [3, 5]),
        (Filter(mark="m4"), [4]),
        (Filter(mark=OPEN, kind="postmark"), [3, 5]),
        (Filter(mark="m4", mission=OPEN), []),
        (Filter(kind="stamp"), []),
        (Filter(since="2008-10-12", until="2008-10-12"), [2, 3, 4, 5]),
        (Filter(until="2008-10-11"), []),
        (Filter(to_look_at=True), [3, 5]),
        (Filter(words="b_1"), [3]),
        (Filter(words="КРЫШ"), [2]),
        (Filter(words="png scans b"), [3, 4]),
    ],
)
def test_filters(catalogue: Catalogue, wanted: Filter, reds: list[int]) -> None:
    hashes = {e.record.image.sha256: Path(e.paths[0]).name for e in catalogue.entries() if e.record}
    found = find_pieces(catalogue, wanted)
    assert sorted(hashes[piece.sha256] for piece in found) == sorted(NAMES[red] for red in reds)
    assert count_pieces(catalogue, wanted) == len(reds)


def test_a_page_at_a_time(catalogue: Catalogue) -> None:
    every = find_pieces(catalogue, Filter())
    first = find_pieces(catalogue, Filter(), limit=3)
    assert first == every[:3]
    assert find_pieces(catalogue, Filter(), limit=3, after=first[-1].piece) == every[3:]
    last = last_pieces(catalogue, Filter(), limit=2)
    assert last == every[2:]
    assert last_pieces(catalogue, Filter(), limit=1, before=last[0].piece) == every[1:2]
    unknown = next(p for p in every if p.mission is None)
    assert unknown.look_at == ("1 strike of no known mark",)
