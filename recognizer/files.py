"""Writing files so that nothing half-written is left: beside the target first, then renamed into place."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from recognizer.errors import OutputError


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``: the file is there whole, or as it was before.

    Raises OutputError naming the file and the remedy: folder not writable, disk full, ``path`` is a folder.
    """
    write_together({path: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, all or none: each is on the disk under a passing name before any gets its own.

    Missing folders are made, and removed again when the writing fails. Files get their names in the order
    given, so the last one being there says that all are. Raises OutputError as ``write_atomically`` does.
    """
    waiting: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for path, data in files.items():
            with _told(path):
                _make_missing(path.parent, made)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
                waiting[path] = path.parent / f".recognizer-{secrets.token_hex(6)}.tmp"
                _write_whole(waiting[path], data)
        for path in files:
            with _told(path):
                os.replace(waiting[path], path)
    except BaseException:  # an interruption too must leave nothing behind
        for passing in waiting.values():
            with suppress(OSError):
                passing.unlink()
        for folder in reversed(made):
            with suppress(OSError):  # not empty: some files did get their names
                folder.rmdir()
        raise


def make_folder(path: Path) -> Path:
    """The folder, made with its parents when missing, and proved writable.

    Raises OutputError when it can't be made or written to. A command calls this before its work starts, so
    that an hour of recognition isn't lost to a wrong ``--out``.
    """
    probe = path / f".recognizer-{secrets.token_hex(6)}.tmp"
    with _told(path):
        path.mkdir(parents=True, exist_ok=True)
        try:
            probe.touch(exist_ok=False)
        finally:
            probe.unlink(missing_ok=True)
    return path


def _make_missing(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, outermost first, noting in ``made`` each that was not there before."""
    for missing in [f for f in (folder, *folder.parents) if not f.exists()][::-1]:
        missing.mkdir(exist_ok=True)
        made.append(missing)


def _write_whole(path: Path, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write ``path`` into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise _output_error(path, error) from None


def _output_error(path: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            "disk-full",
            f"{path}: can't be written, the disk is full.",
            "Free some space, or choose another output folder.",
        )
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY):
        return OutputError(
            "is-a-folder",
            f"{path}: can't be written, a folder has this name.",
            "Rename the folder, or choose another output folder.",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return OutputError(
            "not-a-folder",
            f"{path}: can't be written, a file stands where a folder is needed.",
            "Choose another output folder.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return OutputError("name-too-long", f"{path}: the name is too long.", "Give the file a shorter name.")
    return OutputError(
        "not-writable",
        f"{path}: can't be written ({error.strerror or error}).",
        "Choose an output folder you may write to, or change its permissions.",
    )
