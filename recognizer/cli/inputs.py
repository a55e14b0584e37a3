"""Inputs one by one, failures as answers: what can't be used is told, the others are done."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from recognizer.errors import InputError, RecognizerError
from recognizer.geometry import Box
from recognizer.records import ErrorAnswer, ErrorRecord, ImageRecord
from recognizer.sources.scans import Limits, expand, read_scans
from recognizer.types import Scan


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """One page of one input, or why it can't be used; ``last`` when the input has no more pages."""

    path: str
    page: int
    scan: Scan | None
    error: InputError | None
    seconds: float
    last: bool


def read_inputs(paths: Sequence[Path], limits: Limits, dpi: float | None) -> Iterator[Read]:
    """Decode files in turn, a page at a time."""
    for path in paths:
        page = 0
        try:
            since = perf_counter()
            for scan in read_scans(path, limits, dpi):
                yield Read(str(path), page, scan, None, perf_counter() - since, False)
                page, since = page + 1, perf_counter()
            yield Read(str(path), page, None, None, 0.0, True)
        except InputError as error:
            yield Read(str(path), page, None, error, 0.0, True)


def expand_inputs(paths: Sequence[Path]) -> Iterator[Path | tuple[Path, InputError]]:
    """The files that the given files and folders stand for; a folder without any is a failure."""
    for path in paths:
        try:
            yield from expand([path])
        except InputError as error:
            yield path, error


def error_record(path: str, page: int, error: InputError) -> ErrorRecord:
    """The record of an input that could not be used."""
    return ErrorRecord(
        image=ImageRecord(path=path, page=page), error=ErrorAnswer(code=error.code, message=str(error))
    )


def unforeseen(path: str, fault: Exception) -> InputError:
    """An answer instead of a crash: one odd image must not end the others' work."""
    if isinstance(fault, RecognizerError) or os.environ.get("RECOGNIZER_DEBUG"):
        raise fault
    return InputError(
        "not-recognised",
        f"{path}: could not be recognised ({type(fault).__name__}: {fault}).",
        "Please report it, with what RECOGNIZER_DEBUG=1 prints.",
    )


class StrikeSource:
    """Reads the images that strikes are cut from, keeping the last few: many boxes lie on one image."""

    def __init__(self, limits: Limits, dpi: float | None, keep: int = 4) -> None:
        self._limits, self._dpi, self._keep = limits, dpi, keep
        self._scans: dict[Path, Scan] = {}

    def strike(self, path: Path, box: Box | None) -> tuple[Scan, Box]:
        """The scan and the strike's box on it: the one given, or the whole image.

        Raises InputError when the image can't be read or the box lies outside it.
        """
        scan = self._scan(path)
        if box is None:
            return scan, Box(0, 0, scan.width, scan.height)
        inside = box.clipped(scan.width, scan.height)
        if inside.w < 2 or inside.h < 2:
            raise InputError(
                "box-outside",
                f"{path}: the box {','.join(f'{v:g}' for v in (box.x, box.y, box.w, box.h))} lies outside "
                f"the image of {scan.width} x {scan.height} pixels.",
                "Give it as x,y,width,height in pixels of the image as shown.",
            )
        return scan, inside

    def _scan(self, path: Path) -> Scan:
        if path not in self._scans:
            if len(self._scans) >= self._keep:
                del self._scans[next(iter(self._scans))]
            scan = next(read_scans(path, self._limits, self._dpi), None)
            if scan is None:
                raise InputError("no-image", f"{path}: there is no image in it.", "Give an image file.")
            self._scans[path] = scan
        return self._scans[path]
