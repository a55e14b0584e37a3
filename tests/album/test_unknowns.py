"""Unnamed strikes: sorted, named once, and the rest of the album answers to the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from conftest import OpenCatalogue
from made_up import by, examination, judge
from PIL import Image

from recognizer.album import groups
from recognizer.album.catalogue import Catalogue
from recognizer.album.executors import InProcess
from recognizer.album.files import make_album_folder
from recognizer.album.naming import Named, name_group, take_back
from recognizer.album.run import find_inputs, make_album
from recognizer.album.unknowns import group_unknowns, write_sheet
from recognizer.album.work import Examine
from recognizer.errors import UsageError
from recognizer.geometry import Box
from recognizer.sources.kit import Kit
from recognizer.sources.limits import Limits
from recognizer.sources.marks import load_library
from recognizer.teach import Description
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike
from recognizer.types import Examination, Scan

EDGE = 30  # pixels of paper around each strike


@dataclass(frozen=True)
class Unnaming:
    """A station that finds one strike, ``EDGE`` inside the picture, and knows no mark."""

    limits: Limits = field(default_factory=Limits)
    dpi: float | None = None

    def open(self) -> Examine:
        return self._look

    def _look(self, scan: Scan, _: float) -> Examination:
        return examination(scan, None, Box(EDGE, EDGE, scan.width - 2 * EDGE, scan.height - 2 * EDGE))


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dies, struck three times each."""
    home = tmp_path_factory.mktemp("unknowns")
    rng = np.random.default_rng(11)
    designs = [random_design(rng) for _ in range(2)]
    for n in range(6):
        sample = press_strike(rng, designs[n % 2], 200, "ordinary")
        box = Box.around(sample.outline())
        around = box.grown(EDGE)
        rows, columns = around.slices(sample.pixels.shape[1], sample.pixels.shape[0])
        Image.fromarray(sample.pixels[rows, columns]).save(home / f"{'ab'[n % 2]}{n}.png")
    return home


@pytest.fixture
def album(tmp_path: Path) -> Path:
    return make_album_folder(tmp_path / "album")


@pytest.fixture
def catalogue(scans: Path, album: Path, open_catalogue: OpenCatalogue) -> Catalogue:
    """An album of the strikes, ungrouped."""
    opened, library = open_catalogue(album), load_library([]).version
    make_album(find_inputs([scans], album), album, opened, Unnaming(), InProcess(), by(library), judge())
    return opened


def strikes_by_die(catalogue: Catalogue) -> dict[str, set[str]]:
    """The strikes' names, by the letter their file's name begins with."""
    found: dict[str, set[str]] = {"a": set(), "b": set()}
    for entry in catalogue.entries():
        assert entry.record is not None
        assert entry.record.image.sha256 is not None
        found[Path(entry.paths[0]).name[0]].add(f"{entry.record.image.sha256[:12]}-r1")
    return found


def grouped(catalogue: Catalogue) -> dict[int, set[str]]:
    return {g.id: set(g.strikes) for g in groups.groups_of(catalogue)}


def test_groups_are_found_once_and_mended_by_hand(album: Path, catalogue: Catalogue) -> None:
    dies = strikes_by_die(catalogue)
    found = group_unknowns(catalogue, album, {})
    assert sum(len(g.strikes) for g in found) == 6
    assert all(set(g.strikes) <= dies["a"] or set(g.strikes) <= dies["b"] for g in found)
    before = grouped(catalogue)
    assert group_unknowns(catalogue, album, {}) == found
    together = groups.merge(catalogue, list(before))
    assert set(together.strikes) == dies["a"] | dies["b"]
    apart = groups.split(catalogue, together.id, sorted(dies["b"]))
    assert grouped(catalogue) == {together.id: dies["a"], apart.id: dies["b"]}
    groups.ignore(catalogue, apart.id)
    assert grouped(catalogue) == {together.id: dies["a"]}
    assert group_unknowns(catalogue, album, {})[0].id == together.id  # what is ignored does not come back
    html = write_sheet(groups.groups_of(catalogue), catalogue, album).read_text(encoding="utf-8")
    assert f"recognizer name {together.id} ID --album {album}</code>" in html
    catalogue.where = "host/database"
    sheet = write_sheet(groups.groups_of(catalogue), catalogue, album).read_text(encoding="utf-8")
    assert f"--album {album} --catalog URL</code>" in sheet
    assert html.count("<figure>") == 4  # three strikes and the picture they have in common
    assert [take_back(catalogue, album, judge) for _ in range(3)] == ["ignore", "split", "merge"]
    assert grouped(catalogue) == before
    with pytest.raises(UsageError, match="nothing to take back"):
        take_back(catalogue, album, judge)


def test_wrong_calls_change_nothing(catalogue: Catalogue) -> None:
    dies = strikes_by_die(catalogue)
    number = groups.new_group(catalogue, sorted(dies["a"]), None)
    for call in (
        lambda: groups.merge(catalogue, [number, 99]),
        lambda: groups.merge(catalogue, [number]),
        lambda: groups.split(catalogue, number, sorted(dies["b"])),
        lambda: groups.split(catalogue, number, sorted(dies["a"])),
        lambda: groups.ignore(catalogue, 99),
    ):
        with pytest.raises(UsageError):
            call()
    assert grouped(catalogue) == {number: dies["a"]}


def test_a_name_spreads_and_is_taken_back(album: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    library = tmp_path / "marks"
    dies = strikes_by_die(catalogue)
    one, *others = sorted(dies["a"])
    number = groups.new_group(catalogue, [one], None)
    untouched = catalogue.contents()

    def reopen() -> Kit:
        return Kit(load_library([library]), judge().missions, {})

    group = groups.group_of(catalogue, number)
    told = Description(name="Die A")
    done = name_group(catalogue, album, group, "die-a", told, load_library([]), library, reopen)
    assert done == Named("die-a", 1, 5, done.changed)
    named = {row["id"]: row["mark"] for row in catalogue.contents()["regions"]}
    assert named[one] == "die-a"
    assert {s for s, mark in named.items() if mark} <= dies["a"]  # the other die is not drawn in
    assert done.changed == sum(named[s] is not None for s in others)
    settled = catalogue.settled(by(load_library([library]).version))
    assert len(settled) == 6  # the next run of the album finds all done
    assert take_back(catalogue, album, judge) == "name"
    assert not (library / "die-a").exists()
    assert catalogue.contents() == untouched
    assert grouped(catalogue) == {number: {one}}
