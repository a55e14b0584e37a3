"""Workers that hang, die or fail cost a page, not the album."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made_up import DIES, HANGS, Station, draw, picture

from recognizer.album.pool import ProcessPool
from recognizer.album.work import Recognition, Sheet, Task
from recognizer.errors import KitError
from recognizer.sources.scans import checked_hash


def run(pool: ProcessPool, tasks: list[Task], station: Station | Recognition | None = None) -> list[Sheet]:
    queue = list(tasks)
    return list(pool.run(station or Station(), lambda: queue.pop(0) if queue else None))


def task(path: Path, pages: int = 1) -> Task:
    return Task(str(path), checked_hash(path), 0, pages)


def test_every_page_is_answered_once_whatever_befalls_the_workers(tmp_path: Path) -> None:
    reds = [2, HANGS, 4, DIES, 6, 8]
    tasks = [task(draw(tmp_path / f"{n}.png", red)) for n, red in enumerate(reds)]
    pages = [picture(red) for red in (10, DIES, 14)]
    pages[0].save(tmp_path / "p.tiff", save_all=True, append_images=pages[1:])
    sheets = run(ProcessPool(2, 1.5), [*tasks, task(tmp_path / "p.tiff", 3)])
    found = {(Path(s.task.path).name, s.page): s.error and s.error[0] for s in sheets}
    assert len(found) == len(sheets) == 9
    failed = {key: code for key, code in found.items() if code}
    assert failed == {("1.png", 0): "timed-out", ("3.png", 0): "worker-died", ("p.tiff", 1): "worker-died"}


def test_a_library_that_can_not_be_opened_ends_the_run(tmp_path: Path) -> None:
    scan = task(draw(tmp_path / "a.png", 2))
    with pytest.raises(KitError, match="no-such-library"):
        run(ProcessPool(1, 60), [scan], Recognition((tmp_path / "no-such-library",)))


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[3])
from pathlib import Path
from made_up import Station, by, judge
from recognizer.album.catalogue import Catalogue
from recognizer.album.files import make_album_folder
from recognizer.album.pool import ProcessPool
from recognizer.album.run import find_inputs, make_album
if __name__ == "__main__":
    scans, out = map(Path, sys.argv[1:3])
    make_album_folder(out)
    station, pool = Station(seconds=0.05), ProcessPool(2, 30)
    make_album(find_inputs([scans], out), out, Catalogue.at(out), station, pool, by(), judge())
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_killed_in_the_middle_the_album_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    from recognizer.album.catalogue import Catalogue

    for n in range(24):
        draw(tmp_path / "scans" / f"{n}.png", n)
    script = tmp_path / "make.py"
    script.write_text(SCRIPT, encoding="utf-8")
    call = [sys.executable, str(script), str(tmp_path / "scans")]
    here = str(Path(__file__).parent)

    def count(out: str) -> int:
        return Catalogue.at(tmp_path / out).counts()["regions"]

    with subprocess.Popen([*call, str(tmp_path / "killed"), here]) as process:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.05)
            if (tmp_path / "killed" / "catalogue.sqlite").exists() and count("killed") >= 4:
                break
        process.send_signal(signal.SIGKILL)
    done = count("killed")
    assert 4 <= done < 24
    subprocess.run([*call, str(tmp_path / "killed"), here], check=True)
    subprocess.run([*call, str(tmp_path / "whole"), here], check=True)
    killed, whole = (Catalogue.at(tmp_path / out).contents() for out in ("killed", "whole"))
    assert killed == whole
    assert len(whole["regions"]) == 24
