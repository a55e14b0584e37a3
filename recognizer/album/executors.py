"""Who does the work: one interface; a run does not know whether it has one process or many machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from recognizer.album.work import Sheet, Station, Task, answer

Supply = Callable[[], Task | None]  # the next task; None: nothing now, perhaps more when an answer is in


class Executor(Protocol):
    """Answers tasks, in any order; every page of every task exactly once, whatever befalls a worker."""

    def run(self, station: Station, supply: Supply) -> Iterator[Sheet]:
        """Take tasks as workers become free and give sheets as they come.

        Ends when the supply has nothing and nothing is in hand. Closing it stops the workers.
        """
        ...


class InProcess:
    """Everything here and now: for tests and for finding faults. Knows no time limit."""

    def run(self, station: Station, supply: Supply) -> Iterator[Sheet]:
        look = station.open()
        while (task := supply()) is not None:
            yield from answer(task, station, look)
