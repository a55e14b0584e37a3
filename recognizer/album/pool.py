"""A pool of processes on this machine that outlives hanging and dying workers.

The standard pools can't stop one worker that hangs, and break as a whole when one dies; a scan that brings
down a decoder must cost that scan alone.
"""

from __future__ import annotations

import multiprocessing as mp
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any

from recognizer.album.executors import Supply
from recognizer.album.work import Sheet, Station, Task, answer
from recognizer.errors import KitError

AHEAD = 2  # tasks a worker holds: it need not wait while its last answer is written down
TRIES = 2  # a worker may die of another's hunger for memory; the second death over a page is the page's fault
START_S = 180.0  # a worker that has not opened its models by then never will

_OPEN, _END = "open", "end"  # what workers say besides sheets and failures


class _Worker:
    """One process, the tasks it holds, and since when it has been silent."""

    def __init__(self, station: Station) -> None:
        context = mp.get_context("spawn")  # a fork would inherit the libraries' threads and locks
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, station), daemon=True)
        self.process.start()
        theirs.close()
        self.held: deque[Task] = deque()
        self.since = monotonic()
        self.open = False

    def give(self, task: Task) -> None:
        if not self.held and self.open:
            self.since = monotonic()
        self.held.append(task)
        with suppress(OSError):  # it died: noticed when its pipe is read
            self.pipe.send(task)

    def hear(self) -> Sheet | None:
        """Its next message taken in; a sheet is passed on. Raises EOFError or OSError when it died."""
        message = self.pipe.recv()
        self.since = monotonic()
        if isinstance(message, Exception):
            raise message
        if isinstance(message, Sheet):
            self.held[0] = replace(self.held[0], first=message.page + 1)
            return message
        if message == _OPEN:
            self.open = True
        else:
            self.held.popleft()
        return None

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """``workers`` processes. One silent over a page for ``time_limit_s`` is stopped, and the page fails."""

    workers: int
    time_limit_s: float

    def run(self, station: Station, supply: Supply) -> Iterator[Sheet]:
        crew: list[_Worker] = []
        queue = _Queue(supply)
        try:
            while self._hand_out(crew, queue, station):
                busy = [w for w in crew if w.held]
                ready = wait([w.pipe for w in busy], self._patience(busy))
                for worker in busy:
                    if worker.pipe in ready:
                        try:
                            sheet = worker.hear()
                        except (EOFError, ConnectionError):
                            crew.remove(worker)
                            sheet = queue.take_back(worker)
                    elif self._left(worker) <= 0 and not worker.pipe.poll():
                        crew.remove(worker)
                        sheet = queue.take_back(worker, self.time_limit_s)
                    else:
                        continue
                    if sheet is not None:
                        yield sheet
        finally:
            for worker in crew:
                worker.stop()

    def _hand_out(self, crew: list[_Worker], queue: _Queue, station: Station) -> bool:
        """Keep every worker supplied, new ones in the place of the lost; whether any has work."""
        for depth in range(1, AHEAD + 1):
            for number in range(self.workers):
                if number < len(crew) and len(crew[number].held) >= depth:
                    continue
                task = queue.next()
                if task is None:
                    return any(w.held for w in crew)
                if number >= len(crew):
                    crew.append(_Worker(station))
                crew[number].give(task)
        return True

    def _left(self, worker: _Worker) -> float:
        """Seconds the worker may stay silent yet."""
        limit = self.time_limit_s if worker.open else max(START_S, self.time_limit_s)
        return worker.since + limit - monotonic()

    def _patience(self, busy: list[_Worker]) -> float:
        return max(0.05, min(self._left(w) for w in busy) + 0.01)


class _Queue:
    """The tasks still to do: those given back by lost workers first."""

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._back: deque[Task] = deque()
        self._deaths: dict[tuple[str, int], int] = {}

    def next(self) -> Task | None:
        return self._back.popleft() if self._back else self._supply()

    def take_back(self, worker: _Worker, silent_s: float | None = None) -> Sheet | None:
        """Stop a worker and queue what it held, less the page that is at fault: that one's failed answer."""
        opened = worker.open
        worker.stop()
        code = worker.process.exitcode
        if not opened and silent_s is not None:
            raise KitError("no-start", "A worker did not open the library and the models in time.")
        task = worker.held.popleft()
        deaths = self._deaths[task.sha256, task.first] = self._deaths.get((task.sha256, task.first), 0) + 1
        if silent_s is None and deaths < TRIES:
            self._back.extendleft(reversed([task, *worker.held]))
            return None
        if not opened:
            raise KitError("no-start", f"Workers end before they have opened the models (exit code {code}).")
        rest = [replace(task, first=task.first + 1)] if task.first + 1 < task.stop else []
        self._back.extendleft(reversed([*rest, *worker.held]))
        title = task.path if task.stop == 1 else f"{task.path} page {task.first + 1}"
        if silent_s is not None:
            error = ("timed-out", f"{title}: not done in {silent_s:g} seconds. Raise --time-limit.")
        else:
            error = ("worker-died", f"{title}: the program that worked on it ended (exit code {code}).")
        return Sheet(task, task.first, error=error, seconds=silent_s or 0.0)


def _work(pipe: Connection[Any, Any], station: Station) -> None:
    """A worker's life: open the station once, answer tasks until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who runs the album
    try:
        look = station.open()
        pipe.send(_OPEN)
        while True:
            task = pipe.recv()
            for sheet in answer(task, station, look):
                pipe.send(sheet)
            pipe.send(_END)
    except (EOFError, ConnectionError):  # the one who asked is gone
        return
    except Exception as error:
        with suppress(OSError):
            pipe.send(error)
