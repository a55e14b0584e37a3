"""An album's rate against that of recognition alone, and its memory: two programs that take turns.

Both are real programs, each in a session of its own. One is stopped while the other runs, in slices of some
seconds, so that whatever else disturbs the machine disturbs both alike. POSIX and /proc only.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np

from recognizer.pipeline import Bench, examine
from recognizer.sources.kit import open_kit
from recognizer.sources.scans import read_scans
from recognizer.training.covers import compose
from recognizer.training.parts import Stock
from recognizer.training.synthesis import save, stock_of_dies

COVER_PX, PAGE_PX = (1200, 800), (1600, 1200)
SAMPLE_S = 1.0
_DIES = 200
_bench: Bench | None = None  # of a worker process


@dataclass(slots=True)
class Runner:
    """One of the programs: how long it ran, what it did, what memory it held at which of its own seconds."""

    name: str
    process: subprocess.Popen[bytes]
    count: Callable[[], int]  # scans it has done
    seconds: float = 0.0
    cpu: float = 0.0  # seconds of processor time of all its processes: other programs hardly change it
    done: int = 0
    memory: list[tuple[float, list[float]]] = field(default_factory=list)  # MB: itself, then its workers

    @property
    def rate(self) -> float:
        """Scans a second, its start and its end included."""
        return self.done / max(self.seconds, 1e-6)

    @property
    def over(self) -> bool:
        return self.process.poll() is not None


def draw_scans(folder: Path, count: int, seed: int, jobs: int) -> None:
    """``count`` scans into ``folder``: covers and album pages by turns, dies that come back."""
    folder.mkdir(parents=True, exist_ok=True)
    with mp.get_context("spawn").Pool(jobs) as pool:
        for _ in pool.imap_unordered(partial(_draw, folder, seed), range(count), chunksize=8):
            pass


def _draw(folder: Path, seed: int, number: int) -> None:
    path = folder / f"scan-{number:05d}.jpg"
    if path.exists():
        return
    cv2.setNumThreads(1)
    stock, rng = _stock(seed), np.random.default_rng([seed, number + 1])
    scene = compose(rng, PAGE_PX, stock, "album") if number % 2 else compose(rng, COVER_PX, stock)
    save(path, scene.pixels, scene.dpi, 88)


@lru_cache(maxsize=1)
def _stock(seed: int) -> Stock:
    return stock_of_dies(np.random.default_rng([seed, 0]), _DIES)


def recognise_only(paths: Sequence[Path], jobs: int, tally: Path) -> None:
    """Read and examine every scan on ``jobs`` processes and keep nothing: no album can be faster.

    The number of scans done is kept as the size of the file ``tally``.
    """
    with mp.get_context("spawn").Pool(jobs, _open) as pool, open(tally, "wb", buffering=0) as file:
        for _ in pool.imap_unordered(_recognise, paths):
            file.write(b".")


def pages_in(album: Path) -> int:
    """Pages that the catalogue of an album holds so far."""
    file = album / "catalogue.sqlite"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM scans").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are not made yet
            return 0


def _open() -> None:
    global _bench
    cv2.setNumThreads(1)
    _bench = Bench.of(open_kit())


def _recognise(path: Path) -> int:
    assert _bench is not None
    return sum(len(examine(scan, _bench).covers) for scan in read_scans(path))


def take_turns(
    runners: Sequence[Runner], slice_s: float, limit_s: float, tell: Callable[[str], None] = print
) -> None:
    """Let the programs run, one at a time, until each is done or the limit is over, and end them.

    Raises ChildProcessError when one fails.
    """
    end = monotonic() + limit_s
    try:
        while any(not r.over for r in runners) and monotonic() < end:
            for runner in runners:
                _run_for(runner, slice_s)
                tell(f"{runner.name}: {runner.seconds:.0f} s, {runner.done} scans")
    finally:
        for runner in runners:
            if not runner.over:
                os.killpg(runner.process.pid, signal.SIGKILL)
                runner.process.wait()
    for runner in runners:
        if runner.process.returncode not in (0, -signal.SIGKILL):
            raise ChildProcessError(f"{runner.name} ended with {runner.process.returncode}")


def start(name: str, command: list[str], count: Callable[[], int]) -> Runner:
    """Start a program that waits for its turn."""
    limits = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    process = subprocess.Popen(command, env=os.environ | limits, start_new_session=True)
    os.killpg(process.pid, signal.SIGSTOP)
    return Runner(name, process, count)


def _run_for(runner: Runner, slice_s: float) -> None:
    """Let a program go on for a slice, looking at its memory."""
    if runner.over:
        return
    os.killpg(runner.process.pid, signal.SIGCONT)
    since = last = monotonic()
    while not runner.over and monotonic() - since < slice_s:
        sleep(0.05)
        if monotonic() - last >= SAMPLE_S:
            last = monotonic()
            memory = _look(runner)
            if memory:
                runner.memory.append((runner.seconds + last - since, memory))
    if not runner.over:
        os.killpg(runner.process.pid, signal.SIGSTOP)
        _look(runner)
    runner.seconds += monotonic() - since
    runner.done = runner.count()


def _look(runner: Runner) -> list[float]:
    """Resident megabytes of each process of a program, its first one first; notes the processor time."""
    session, cpu, found = runner.process.pid, 0, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) != session:
                    continue
            except (OSError, IndexError, ValueError):  # it ended meanwhile
                continue
            number = int(entry.name)
            found[number] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
            cpu += sum(map(int, fields[11:15] if number == session else fields[11:13]))
    runner.cpu = max(runner.cpu, cpu / os.sysconf("SC_CLK_TCK"))
    return [mb for _, mb in sorted(found.items(), key=lambda pair: (pair[0] != session, pair[0]))]


def thirds(memory: Sequence[tuple[float, list[float]]]) -> tuple[float, float]:
    """Median megabytes of all processes together in the first and in the last third of a run."""
    sums = [sum(each) for _, each in memory]
    third = max(len(sums) // 3, 1)
    return float(np.median(sums[:third])), float(np.median(sums[-third:]))
