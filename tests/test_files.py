"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from recognizer.errors import OutputError
from recognizer.files import make_folder, write_atomically, write_together


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def break_call(monkeypatch: pytest.MonkeyPatch, name: str, code: int, from_call: int = 1) -> None:
    """Let ``os.<name>`` fail with ``code`` from its n-th call on."""
    real, calls = getattr(os, name), []

    def failing(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) >= from_call:
            raise OSError(code, os.strerror(code))
        return real(*args, **kwargs)

    monkeypatch.setattr(os, name, failing)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "Байқоңыр.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert everything_in(tmp_path) == {os.path.join("deeper", "Байқоңыр.json"): b"new"}


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_files_are_readable_as_the_user_wishes(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    break_call(monkeypatch, "fsync", errno.ENOSPC)
    with pytest.raises(OutputError, match="disk is full") as caught:
        write_atomically(path, b"new")
    assert (caught.value.code, caught.value.exit_code) == ("disk-full", 3)
    assert str(path) in caught.value.message
    assert "space" in caught.value.remedy
    assert everything_in(tmp_path) == {"a.json": b"old"}


def test_of_several_files_none_appears_when_the_disk_fills_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_call(monkeypatch, "fsync", errno.ENOSPC, from_call=3)
    files = {tmp_path / "new" / "crops" / f"{n}.png": b"x" for n in range(4)}
    with pytest.raises(OutputError, match=r"2\.png"):
        write_together(files)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_call(monkeypatch, "replace", errno.EACCES)
    with pytest.raises(OutputError, match=r"a\.json") as caught:
        write_atomically(tmp_path / "a.json", b"x")
    assert caught.value.code == "not-writable"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError, match="a folder has this name") as caught:
        write_atomically(tmp_path / "a.json", b"x")
    assert caught.value.code == "is-a-folder"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("below", ["out", "out/deeper"])
def test_a_file_in_the_folders_place_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(OutputError, match="out") as caught:
        write_atomically(tmp_path / below / "a.json", b"x")
    assert caught.value.code == "not-a-folder"
    with pytest.raises(OutputError, match="Choose another"):
        make_folder(tmp_path / below)
    assert everything_in(tmp_path) == {"out": b"a file"}


def test_a_folder_is_made_and_proved_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a" / "b"
    assert make_folder(folder) == folder
    assert list(folder.iterdir()) == []

    def refused(self: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "touch", refused)
    with pytest.raises(OutputError, match=r"a.b.*Permission denied") as caught:
        make_folder(folder)
    assert "permissions" in caught.value.remedy
