"""An album made, or gone on with: what is new or answered by other means is recognised, nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from recognizer.album.catalogue import Catalogue, KnownFile, stored_name
from recognizer.album.executors import Executor
from recognizer.album.files import FILES, is_ours, make_pictures
from recognizer.album.fingerprint import Fingerprint
from recognizer.album.verdicts import Judge, verdicts_on
from recognizer.album.work import Sheet, Station, Task
from recognizer.errors import InputError
from recognizer.records import ScanRecord
from recognizer.sources.scans import checked_hash, expand

PAGES_A_TASK = 4  # of a PDF: it is opened anew for each task, and pages are what workers share out


@dataclass(slots=True)
class Progress:
    """How far a run is, in pages. ``fresh`` were recognised by this run, ``failed`` of them not."""

    inputs: int = 0
    total: int = 0
    done: int = 0
    fresh: int = 0
    failed: int = 0
    started: float = 0.0

    @property
    def rate(self) -> float:
        """Pages recognised a second."""
        return self.fresh / max(monotonic() - self.started, 1e-6)

    @property
    def seconds_left(self) -> float | None:
        return None if self.fresh == 0 else (self.total - self.done) / self.rate


Watch = Callable[[Progress], None]


def find_inputs(paths: Iterable[Path], folder: Path) -> list[Path]:
    """The files that ``paths`` stand for, each once, without what albums themselves wrote."""
    seen: dict[Path, None] = {}
    for path in expand(paths):
        if not is_ours(path, folder):
            seen.setdefault(path)
    return list(seen)


def make_album(
    inputs: Sequence[Path],
    folder: Path,
    catalogue: Catalogue,
    station: Station,
    executor: Executor,
    by: Fingerprint,
    judge: Judge,
    watch: Watch = lambda _: None,
) -> Progress:
    """Bring the catalogue up to date with ``inputs`` (from ``find_inputs``).

    Every page is written down as soon as it is known: whatever stops the run costs the pages in hand, and the
    same call goes on. Failures are rows of the catalogue.
    """
    run = catalogue.start_run(by)
    catalogue.forget(_gone(inputs, catalogue))
    round_ = _Round(inputs, catalogue, by, watch)
    with closing(executor.run(station, round_.next_task)) as sheets:  # type: ignore[type-var]
        for sheet in sheets:
            picture, crops = make_pictures(sheet, folder / FILES)
            catalogue.store(sheet, by, run, picture, crops, _judged(sheet, catalogue, judge))
            round_.take(sheet)
    catalogue.finish_run(run)
    return round_.progress


def _gone(inputs: Sequence[Path], catalogue: Catalogue) -> list[str]:
    """Names whose files were deleted or renamed, and failures that nobody asks for any more.

    A disk that is not there takes its folders along: its files are not gone.
    """
    asked = {stored_name(path) for path in inputs}
    return [
        name
        for name, file in catalogue.known_files().items()
        if name not in asked
        and (file.sha256 is None or (not os.path.exists(name) and os.path.isdir(os.path.dirname(name))))
    ]


def _judged(sheet: Sheet, catalogue: Catalogue, judge: Judge) -> ScanRecord | None:
    """The answer with what people said of strikes on that page; None when nobody did."""
    said = [] if sheet.record is None else verdicts_on(catalogue, *sheet.key)
    return judge.answer(ScanRecord.model_validate_json(sheet.record), said) if said and sheet.record else None


class _Round:
    """The inputs of one run, from the first to the last: which pages are still to do."""

    def __init__(self, inputs: Sequence[Path], catalogue: Catalogue, by: Fingerprint, watch: Watch) -> None:
        self._catalogue, self._watch = catalogue, watch
        self._inputs = iter(inputs)
        self._known = catalogue.known_files()
        self._pages = catalogue.pages()
        self._settled = catalogue.settled(by)
        self._asked: set[tuple[str, int]] = set()
        self._tasks: list[Task] = []
        self.progress = Progress(len(inputs), total=len(inputs), started=monotonic())

    def next_task(self) -> Task | None:
        """The next pages to recognise; None when there are none now."""
        while not self._tasks:
            path = next(self._inputs, None)
            if path is None:
                return None
            self._look_up(path)
        return self._tasks.pop(0)

    def take(self, sheet: Sheet) -> None:
        """Count an answer; a file's first page tells how many more there are."""
        self.progress.fresh += 1
        self.progress.failed += sheet.error is not None
        self._count(1)
        if sheet.pages is not None and sheet.task.sha256 not in self._pages:
            self._pages[sheet.task.sha256] = sheet.pages
            self.progress.total += sheet.pages - 1
            self._queue(sheet.task.path, sheet.task.sha256, 1)

    def _look_up(self, path: Path) -> None:
        name = stored_name(path)
        known = self._known.get(name)
        try:
            stamp = _stamp(path)
            if known is None or known.sha256 is None or stamp is None or known.stamp != stamp:
                known = KnownFile(checked_hash(path), stamp)
                self._catalogue.note_file(name, known)
        except InputError as error:
            self._catalogue.note_failure(name, error.code, str(error))
            self.progress.fresh += 1
            self.progress.failed += 1
            self._count(1)
            return
        assert known.sha256 is not None
        self.progress.total += self._pages.get(known.sha256, 1) - 1
        self._queue(str(path), known.sha256, 0)

    def _queue(self, path: str, sha256: str, first: int) -> None:
        """Tasks for the pages that are neither settled nor asked for already."""
        start = first
        stop = self._pages.get(sha256, 1)
        for page in range(first, stop + 1):
            key = (sha256, page)
            if page < stop and key not in self._settled and key not in self._asked:
                self._asked.add(key)
                if page + 1 - start < PAGES_A_TASK:
                    continue
                self._tasks.append(Task(path, sha256, start, page + 1))
                start = page + 1
                continue
            if start < page:
                self._tasks.append(Task(path, sha256, start, page))
            if page < stop:
                self._count(1)
            start = page + 1

    def _count(self, pages: int) -> None:
        self.progress.done += pages
        self._watch(self.progress)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Size and times: they change when the file does, so that it need not be read to know."""
    try:
        s = path.stat()
    except (OSError, ValueError):
        return None
    return s.st_size, s.st_mtime_ns, s.st_ctime_ns
