"""An album is made once, gone on with, and does again only what changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from conftest import OpenCatalogue
from made_up import FAILS, Station, by, draw, judge, picture

from recognizer.album.executors import InProcess
from recognizer.album.files import make_album_folder, only_writer
from recognizer.album.fingerprint import Fingerprint
from recognizer.album.run import Progress, find_inputs, make_album
from recognizer.errors import UsageError
from recognizer.records import ErrorRecord, ScanRecord


class Album:
    """A folder of scans and the album made of it; ``log`` tells what was looked at."""

    def __init__(self, home: Path, open_catalogue: OpenCatalogue) -> None:
        self.open_catalogue = open_catalogue
        self.scans, self.out, self.log = home / "scans", home / "album", home / "log"
        self.scans.mkdir()

    def make(self, fingerprint: Fingerprint | None = None, paths: list[Path] | None = None) -> list[str]:
        """Run; what was recognised by it."""
        self.log.unlink(missing_ok=True)
        make_album_folder(self.out)
        self.catalogue = self.open_catalogue(self.out)
        inputs = find_inputs(paths or [self.scans], self.out)
        station = Station(log=str(self.log))
        self.progress = make_album(
            inputs, self.out, self.catalogue, station, InProcess(), fingerprint or by(), judge(), self._watch
        )
        return self.log.read_text().split("\n")[:-1] if self.log.exists() else []

    def _watch(self, progress: Progress) -> None:
        assert 0 <= progress.done <= progress.total

    def record(self, name: str, page: int = 0) -> ScanRecord | ErrorRecord:
        return self.catalogue.records(str(self.scans / name))[page]


@pytest.fixture
def album(tmp_path: Path, open_catalogue: OpenCatalogue) -> Album:
    return Album(tmp_path, open_catalogue)


def test_each_scan_is_recognised_once(album: Album) -> None:
    draw(album.scans / "a.png", 2)
    draw(album.scans / "deep" / "deeper" / "B.PNG", 4)
    assert album.make() == ["a.png 0", "B.PNG 0"]
    assert album.make() == []
    record = album.record("deep/deeper/B.PNG")
    assert isinstance(record, ScanRecord)
    assert record.covers[0].regions[0].mark.id == "m4"  # type: ignore[union-attr]


def test_identical_scans_are_recognised_once_under_all_their_names(album: Album) -> None:
    draw(album.scans / "a.png", 2)
    draw(album.scans / "b.png", 2)
    os.symlink(album.scans / "a.png", album.scans / "c.png")
    assert album.make() == ["a.png 0"]
    assert [album.record(n).image.path for n in ("a.png", "b.png", "c.png")] == [
        str(album.scans / n) for n in ("a.png", "b.png", "c.png")
    ]
    assert (album.progress.done, album.progress.fresh) == (3, 1)


def test_pages_of_several_files(album: Album) -> None:
    pages = [picture(n) for n in range(2, 22, 2)]
    pages[0].save(album.scans / "pages.tiff", save_all=True, append_images=pages[1:])
    pages[0].save(album.scans / "pages.pdf", save_all=True, append_images=pages[1:6], resolution=300)
    assert sorted(album.make()) == sorted(
        [f"pages.tiff {n}" for n in range(10)] + [f"pages.pdf {n}" for n in range(6)]
    )
    assert (album.progress.done, album.progress.total) == (16, 16)
    assert album.make() == []
    assert album.progress.total == 16
    marks = [r.covers[0].regions[0].mark.id for r in album.catalogue.records(str(album.scans / "pages.tiff"))]  # type: ignore[union-attr]
    assert marks == [f"m{n}" for n in range(2, 22, 2)]


def test_only_what_changed_is_done_again(album: Album) -> None:
    draw(album.scans / "a.png", 2)
    draw(album.scans / "b.png", 4)
    album.make()
    draw(album.scans / "b.png", 6)
    assert album.make() == ["b.png 0"]
    assert album.make(by(library="grown")) == ["a.png 0", "b.png 0"]
    assert album.make(by(library="grown", recipe="other")) == ["a.png 0", "b.png 0"]
    assert album.catalogue.counts()["pieces"] == 3  # the old content of b.png is kept, it may come back


def test_failures_are_rows_and_tried_again_with_other_limits(album: Album) -> None:
    draw(album.scans / "a.png", 2)
    draw(album.scans / "odd.png", FAILS)
    (album.scans / "words.jpg").write_text("no picture")
    (album.scans / "empty.jpg").touch()
    gone = album.scans / "gone.png"
    assert album.make(paths=[album.scans, gone]) == ["a.png 0", "odd.png 0"]
    codes = {n: album.record(n).error.code for n in ("odd.png", "words.jpg", "empty.jpg", "gone.png")}  # type: ignore[union-attr]
    assert codes == {
        "odd.png": "not-recognised", "words.jpg": "not-an-image", "empty.jpg": "empty-file",
        "gone.png": "not-found",
    }  # fmt: skip
    assert album.progress.failed == 4
    assert album.make() == []
    assert album.make(by(bounds="wider")) == ["odd.png 0"]


def test_a_scan_that_was_moved_is_not_done_again(album: Album) -> None:
    scan = draw(album.scans / "a.png", 2)
    album.make(paths=[album.scans, album.scans / "gone.png"])
    (album.scans / "box").mkdir()
    scan.rename(album.scans / "box" / "b.png")
    assert album.make() == []
    (entry,) = album.catalogue.entries()
    assert entry.paths == (str(album.scans / "box" / "b.png"),)


def test_a_damaged_page_costs_that_page(album: Album) -> None:
    pages = [picture(n) for n in (2, FAILS, 6)]
    pages[0].save(album.scans / "p.tiff", save_all=True, append_images=pages[1:])
    album.make()
    records = album.catalogue.records(str(album.scans / "p.tiff"))
    assert [isinstance(r, ErrorRecord) for r in records] == [False, True, False]
    assert "page 2" in records[1].error.message  # type: ignore[union-attr]


def test_links_loops_and_the_album_inside_its_own_input(album: Album) -> None:
    draw(album.scans / "a.png", 2)
    os.symlink(album.scans, album.scans / "loop")
    album.out = album.scans / "album"
    assert album.make() == ["a.png 0"]
    assert album.make() == []
    assert album.progress.inputs == 1
    album.out = album.scans  # and the album in the folder of the scans itself
    assert album.make(by(library="other")) == ["a.png 0"]
    assert album.make(by(library="other")) == []
    assert album.progress.inputs == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text(album: Album) -> None:
    scan = draw(album.scans / "a.png", 2)
    odd = os.fsencode(album.scans) + b"/\xff\xfe.png"
    os.rename(scan, odd)
    Path(os.fsdecode(os.fsencode(album.scans) + b"/\xff.jpg")).touch()
    assert len(album.make()) == 1
    assert album.make() == []
    entries = {e.paths[0].rsplit("/", 1)[1]: e.error and e.error[0] for e in album.catalogue.entries()}
    assert entries == {"\\xff\\xfe.png": None, "\\xff.jpg": "empty-file"}


def test_two_runs_at_once_are_refused(album: Album) -> None:
    make_album_folder(album.out)
    with only_writer(album.out), pytest.raises(UsageError, match="another run"), only_writer(album.out):
        pass


def test_a_run_cut_short_goes_on(album: Album) -> None:
    for n in range(6):
        draw(album.scans / f"{n}.png", 2 * n + 2)
    make_album_folder(album.out)
    catalogue = album.open_catalogue(album.out)

    def stop_after_three(progress: Progress) -> None:
        if progress.fresh == 3:
            raise KeyboardInterrupt

    inputs = find_inputs([album.scans], album.out)
    with pytest.raises(KeyboardInterrupt):
        make_album(inputs, album.out, catalogue, Station(), InProcess(), by(), judge(), stop_after_three)
    assert album.make() == ["3.png 0", "4.png 0", "5.png 0"]
    assert album.catalogue.counts()["regions"] == 6
