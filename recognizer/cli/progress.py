"""Progress on standard error, with a rate and the time left; answers flow through as they come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def with_progress(
    answers: Iterable[T], total: int, done: Callable[[T], bool], quiet: bool, what: str = "scans"
) -> Iterator[T]:
    """Pass ``answers`` on, showing how many of ``total`` inputs are done.

    ``done(answer)`` tells whether an answer finishes its input (a PDF gives one answer a page). Nothing is
    shown when ``quiet``, for a single input, or where standard error is not a terminal.
    """
    if quiet or total < 2 or not sys.stderr.isatty():
        yield from answers
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        for answer in answers:
            yield answer
            if done(answer):
                progress.advance(task)
