"""Many machines: the same tasks on the workers of a Dask scheduler that is running already.

Workers see the scans and the libraries under the same paths. They may die and come back: the scheduler hands
their tasks to others; a task that brought down several is split until the page at fault is alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from recognizer.album.executors import Supply
from recognizer.album.work import Examine, Sheet, Station, Task, answer
from recognizer.errors import UsageError

AHEAD = 2  # tasks a thread of the cluster holds
GRACE_S = 5.0  # for the answer to leave a worker that is about to end itself

_opened: dict[str, Examine] = {}  # on a worker: what its station opened, by the station
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of the scheduler at ``address`` (``tcp://HOST:PORT``).

    A page on which a worker is silent for ``time_limit_s`` fails, and that worker ends itself; a nanny, which
    Dask's workers have by default, starts another.
    """

    address: str
    time_limit_s: float
    connect_s: float = 10.0

    def run(self, station: Station, supply: Supply) -> Iterator[Sheet]:
        client = self._connect()
        try:
            from distributed import as_completed

            held: dict[Any, Task] = {}
            done = as_completed(loop=client.loop, raise_errors=False)

            def hand_out() -> None:
                room = AHEAD * max(sum(client.nthreads().values()), 1)
                while len(held) < room and (task := queue.pop() if queue else supply()) is not None:
                    future = client.submit(_work, task, station, self.time_limit_s, pure=False)
                    held[future] = task
                    done.add(future)

            queue: list[Task] = []
            hand_out()
            while held:
                future = next(done)
                task = held.pop(future)
                if future.status == "finished":
                    sheets, failure = future.result()
                    if failure is not None:
                        raise failure
                    yield from sheets
                else:
                    sheet = _given_up(task, queue)
                    if sheet is not None:
                        yield sheet
                future.release()
                hand_out()
        finally:
            client.close()

    def _connect(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError(
                "no-cluster", "--cluster needs Dask, which is not installed.",
                "Install it with: pip install recognizer[cluster]",
            ) from None  # fmt: skip
        try:
            return Client(self.address, timeout=self.connect_s, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                "no-cluster", f"{self.address}: no scheduler answers there ({type(error).__name__}).",
                "Start one with: dask scheduler",
            ) from None  # fmt: skip


def _given_up(task: Task, queue: list[Task]) -> Sheet | None:
    """A task that ended several workers: its halves, or of a single page the failed answer."""
    middle = (task.first + task.stop) // 2
    if middle > task.first:
        queue += [replace(task, stop=middle), replace(task, first=middle)]
        return None
    error = ("worker-died", f"{task.path} page {task.first + 1}: every worker that took it on ended.")
    return Sheet(task, task.first, error=error)


def _work(task: Task, station: Station, time_limit_s: float) -> tuple[list[Sheet], Exception | None]:
    """On a worker: the task's sheets, or why the worker can't work at all."""
    with _one_at_a_time:
        key = repr(station)
        if key not in _opened:
            try:
                _opened[key] = station.open()
            except Exception as error:
                return [], error
        sheets: list[Sheet] = []
        thread = threading.Thread(target=_answer, args=(task, station, _opened[key], sheets), daemon=True)
        thread.start()
        known = -1
        while thread.is_alive() and len(sheets) > known:  # a page a time limit
            known = len(sheets)
            _wait_for_more(thread, sheets, known, time_limit_s)
        if not thread.is_alive():
            return sheets, None
        threading.Timer(GRACE_S, os._exit, (1,)).start()  # nothing else stops a thread that hangs
        return _cut_off(task, list(sheets), time_limit_s), None


def _answer(task: Task, station: Station, look: Examine, sheets: list[Sheet]) -> None:
    for sheet in answer(task, station, look):
        sheets.append(sheet)


def _wait_for_more(thread: threading.Thread, sheets: list[Sheet], known: int, seconds: float) -> None:
    steps = max(int(seconds / 0.05), 1)
    for _ in range(steps):
        thread.join(0.05)
        if len(sheets) > known or not thread.is_alive():
            return


def _cut_off(task: Task, sheets: list[Sheet], seconds: float) -> list[Sheet]:
    """What was answered, the page that hangs as failed, the rest to be asked for by another run."""
    page = sheets[-1].page + 1 if sheets else task.first
    late = [(page, "timed-out", f"not done in {seconds:g} seconds. Raise --time-limit.")]
    late += [(n, "not-reached", "a page before it hung.") for n in range(page + 1, task.stop)]
    for number, code, words in late:
        message = f"{task.path} page {number + 1}: {words}"
        sheets.append(Sheet(task, number, error=(code, message), seconds=seconds))
    return sheets
