"""The same album on a real scheduler with real workers, one of them killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_up import HANGS, Station, by, draw, judge

from recognizer.album.catalogue import Catalogue
from recognizer.album.cluster import Cluster
from recognizer.album.executors import Executor, InProcess
from recognizer.album.files import make_album_folder
from recognizer.album.run import find_inputs, make_album
from recognizer.errors import UsageError

pytest.importorskip("distributed")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers as processes of their own."""
    tmp_path = tmp_path_factory.mktemp("cluster")
    env = os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent.parent}"}
    file = tmp_path / "scheduler.json"
    common = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    module = "distributed.cli.dask_scheduler"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
            **common,  # type: ignore[call-overload]
        )
    ]
    end = time.monotonic() + 60
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    call = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    started += [
        subprocess.Popen(
            [*call, "--nworkers", "1", "--local-directory", str(tmp_path / f"w{n}")],
            **common,  # type: ignore[call-overload]
        )
        for n in range(2)
    ]
    yield str(address)
    for process in reversed(started):
        process.terminate()
    for process in started:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def make(scans: Path, out: Path, executor: Executor, station: Station) -> Catalogue:
    make_album_folder(out)
    catalogue = Catalogue.at(out)
    make_album(find_inputs([scans], out), out, catalogue, station, executor, by(), judge())
    return catalogue


def workers_of(address: str) -> dict[str, int]:
    """The workers' process numbers by address."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        return client.run(os.getpid)  # type: ignore[no-any-return]


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_a_killed_worker_costs_nothing(tmp_path: Path, scheduler: str) -> None:
    for n in range(30):
        draw(tmp_path / "scans" / f"{n}.png", n)
    station = Station(seconds=0.1)
    first, *_ = workers_of(scheduler).values()
    threading.Timer(1.0, os.kill, (first, signal.SIGKILL)).start()
    many = make(tmp_path / "scans", tmp_path / "many", Cluster(scheduler, 30), station)
    one = make(tmp_path / "scans", tmp_path / "one", InProcess(), Station())
    assert many.contents() == one.contents()
    assert len(many.contents()["regions"]) == 30


def test_a_page_that_hangs_fails_alone(tmp_path: Path, scheduler: str) -> None:
    for n in (2, HANGS, 4, 6):
        draw(tmp_path / "scans" / f"{n}.png", n)
    workers_of(scheduler)
    catalogue = make(tmp_path / "scans", tmp_path / "album", Cluster(scheduler, 1.5), Station())
    found = {Path(e.paths[0]).stem: e.error and e.error[0] for e in catalogue.entries()}
    assert found == {"2": None, "4": None, "6": None, str(HANGS): "timed-out"}


def test_no_scheduler_there(tmp_path: Path) -> None:
    draw(tmp_path / "scans" / "a.png", 2)
    with pytest.raises(UsageError, match="no scheduler"):
        make(tmp_path / "scans", tmp_path / "album", Cluster("tcp://127.0.0.1:9", 30, 1.0), Station())
