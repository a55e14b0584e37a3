"""The files of an album: where its pictures lie, what in a folder is its own, who may write to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from recognizer.album.work import Sheet
from recognizer.errors import OutputError, UsageError
from recognizer.files import make_folder
from recognizer.records import ImageRecord
from recognizer.reports.words import strike_name

FILES = "album-files"  # pictures and strikes, below the album's folder
MARKER = ".made-by-recognizer"  # in FILES: scans are never looked for there
_LOCK = ".lock"


def make_album_folder(folder: Path) -> Path:
    """The album's folder with the one for its pictures; raises OutputError when it can't be written."""
    make_folder(folder / FILES)
    (folder / FILES / MARKER).touch()
    return folder


def is_ours(path: Path, folder: Path) -> bool:
    """Whether a file is a picture that this or another album wrote, not a scan."""
    return any(parent.name == FILES and _is_marked(parent) for parent in path.resolve().parents)


@lru_cache(maxsize=1024)
def _is_marked(folder: Path) -> bool:
    return (folder / MARKER).exists()


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Keep other runs out of the album. The system lets go of the lock however this process ends."""
    path = folder / FILES / _LOCK
    try:
        file = open(path, "a+b")  # noqa: SIM115
    except OSError as error:
        raise OutputError(
            "not-writable", f"{path}: can't be written ({error.strerror}).", "Choose another --out."
        ) from None
    with file:
        try:
            _lock(file.fileno())
        except OSError:
            raise UsageError(
                "album-busy", f"{folder}: another run is at work on this album.", "Wait until it is done."
            ) from None
        yield


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def make_pictures(sheet: Sheet, files: Path) -> tuple[str | None, dict[str, str]]:
    """Write a page's thumbnail and strikes; returns their names below ``files``, the strikes' by region.

    They are written before the catalogue names them: a picture cut off in the middle is one it does not know.
    """
    sha256 = sheet.task.sha256
    image = ImageRecord(path="", sha256=sha256, page=sheet.page)
    picture = None
    if sheet.picture is not None:
        picture = _write(files, "pictures", sha256, f"{strike_name(image, 'page')}.jpg", sheet.picture)
    crops = {
        crop.region: _write(files, "strikes", sha256, f"{strike_name(image, crop.region)}.jpg", crop.data)
        for crop in sheet.crops
    }
    return picture, crops


def _write(files: Path, kind: str, sha256: str, name: str, data: bytes) -> str:
    path = files / kind / sha256[:2] / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(
            "not-written", f"{path}: can't be written ({error.strerror or error}).", "Make room there."
        ) from None
    return path.relative_to(files).as_posix()
