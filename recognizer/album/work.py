"""What goes to a worker and what comes back: a few pages of a file, and each page's answer.

Everything here crosses processes and machines, so it holds no pixels but finished pictures, and no open file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Protocol

import cv2
import numpy as np

from recognizer.errors import InputError, RecognizerError
from recognizer.geometry import Box
from recognizer.pipeline import Bench, examine
from recognizer.records import ImageRecord
from recognizer.reports.words import image_title
from recognizer.sources.kit import open_kit
from recognizer.sources.scans import Limits, count_pages, read_scans
from recognizer.stages.segment import STRUCK
from recognizer.types import Examination, Rgb, Scan, Strike

PICTURE_PX = 420  # longer side of a thumbnail: the lettering of a dial can just be made out
CROP_PX = 600  # longer side of a kept strike: 400 dpi of a 38 mm pictorial
_PICTURE_QUALITY, _CROP_QUALITY = 72, 92


@dataclass(frozen=True, slots=True)
class Task:
    """Pages ``first`` up to, not including, ``stop`` of one file, whose content is known.

    How many pages the file has nobody may know yet: the answer to its first page tells.
    """

    path: str
    sha256: str
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Crop:
    """A strike cut out: JPEG, the strike's box in it, its resolution."""

    region: str
    data: bytes
    core: tuple[int, int, int, int]
    dpi: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answer to one page: a record, an error, or neither (not a page of its own)."""

    task: Task
    page: int
    record: str | None = None  # JSON of a ScanRecord
    error: tuple[str, str] | None = None  # code, message
    picture: bytes | None = None  # JPEG
    crops: tuple[Crop, ...] = ()
    seconds: float = 0.0
    pages: int | None = None  # of the file, told with its first page

    @property
    def key(self) -> tuple[str, int]:
        return self.task.sha256, self.page


Examine = Callable[[Scan, float], Examination]  # a scan and the seconds its decoding took


class Station(Protocol):
    """How a worker sets itself up, once, wherever it runs."""

    @property
    def limits(self) -> Limits: ...
    @property
    def dpi(self) -> float | None: ...
    def open(self) -> Examine: ...


@dataclass(frozen=True, slots=True)
class Recognition:
    """The station that recognises: the library, the missions and the models to open."""

    libraries: tuple[Path, ...]
    missions: tuple[Path, ...] = ()
    dpi: float | None = None
    limits: Limits = field(default_factory=Limits)
    threads: int = 1

    def open(self) -> Examine:
        cv2.setNumThreads(self.threads)  # the workers share the machine already
        bench = Bench.of(open_kit(self.libraries, self.missions, self.threads))
        return lambda scan, seconds: examine(scan, bench, seconds)


def answer(task: Task, station: Station, look: Examine) -> Iterator[Sheet]:
    """Every page of the task in order, as soon as known; a page that fails does not end the others."""
    page, pages = task.first, None
    while page < task.stop:
        since = perf_counter()
        try:
            if page == 0:
                pages = count_pages(task.path, station.limits)
            for scan in read_scans(task.path, station.limits, station.dpi, range(page, task.stop)):
                yield from (Sheet(task, n) for n in range(page, scan.page))  # thumbnails inside a TIFF
                page = scan.page
                yield replace(_answer_page(task, scan, look, since), pages=pages)
                page, since = page + 1, perf_counter()
            yield from (Sheet(task, n) for n in range(page, task.stop))
            return
        except InputError as error:
            told = (error.code, str(error))
            yield Sheet(task, page, error=told, seconds=perf_counter() - since, pages=pages)
            page += 1


def _answer_page(task: Task, scan: Scan, look: Examine, since: float) -> Sheet:
    if scan.sha256 != task.sha256:
        message = f"{task.path}: the file was changed while the album was made. Start the album again."
        return Sheet(task, scan.page, error=("changed", message))
    try:
        done = look(scan, perf_counter() - since)
    except RecognizerError as error:
        return Sheet(task, scan.page, error=(error.code, str(error)), seconds=perf_counter() - since)
    except Exception as fault:  # one odd image must not end the others' work
        title = image_title(ImageRecord(path=scan.path, page=scan.page))
        message = f"{title}: could not be recognised ({type(fault).__name__}: {fault})."
        return Sheet(task, scan.page, error=("not-recognised", message), seconds=perf_counter() - since)
    crops = tuple(
        _crop(finding.id, finding.strike)
        for cover in done.covers
        for finding in cover.findings
        if finding.region.kind in STRUCK and finding.strike is not None
    )
    picture, _ = _jpeg(scan.pixels, PICTURE_PX, _PICTURE_QUALITY)
    seconds = perf_counter() - since
    return Sheet(task, scan.page, done.record.to_json(), None, picture, crops, seconds)


def _crop(region: str, strike: Strike) -> Crop:
    data, factor = _jpeg(strike.pixels, CROP_PX, _CROP_QUALITY)
    core = Box(strike.core.x, strike.core.y, strike.core.w, strike.core.h).scaled(factor)
    return Crop(region, data, core.rounded(), None if strike.dpi is None else strike.dpi * factor)


def _jpeg(pixels: Rgb, side_px: int, quality: int) -> tuple[bytes, float]:
    """The picture as JPEG, no larger than asked, and by how much it was made smaller."""
    factor = min(1.0, side_px / max(pixels.shape[:2]))
    if factor < 1:
        size = (max(round(pixels.shape[1] * factor), 1), max(round(pixels.shape[0] * factor), 1))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data.tobytes()), factor
