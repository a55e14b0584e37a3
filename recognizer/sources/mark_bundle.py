"""Libraries of marks in one file, to hand on: a ZIP of the marks' folders, with a list of what is in it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from recognizer import __version__
from recognizer.errors import InputError, KitError, OutputError, RecognizerError, UsageError
from recognizer.files import write_atomically
from recognizer.records import MarkSpec
from recognizer.sources.mark_files import CARD, Card, kept_strikes, read_bytes, with_told
from recognizer.sources.marks import Origin, load_library, load_specs, read_cards, save_mark

_NAME = re.compile(r"[A-Za-z0-9._-]+/(mark\.toml|[A-Za-z0-9._-]+\.png|strikes/[A-Za-z0-9._-]+\.png)")
PACK = "pack.json"  # what is in the file: licence and origin of each mark, sha256 of each file
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same marks give the same bytes
MAX_FILE = 64_000_000  # bytes unpacked; a learnt strike has half a million
MAX_TOTAL = 8_000_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by mark id."""

    added: tuple[str, ...]  # new to the library
    grown: tuple[str, ...]  # had already, got further strikes
    kept: tuple[str, ...]  # had already, nothing new


def export_marks(folders: Sequence[Path], file: Path, only: Iterable[str] = ()) -> list[str]:
    """Write marks with all they need (pictures, strikes, parents) into one ZIP; returns their ids.

    ``only`` names some of them, all when empty. Raises KitError when the library is broken, UsageError when
    it has no such mark, OutputError when the file can't be written.
    """
    specs = load_library(folders).specs  # proves every picture whole
    wanted = sorted(set(only)) or list(specs)
    for mark_id in wanted:
        if mark_id not in specs:
            raise UsageError(
                "no-mark", f"The library has no mark {mark_id!r}.", "'recognizer marks list' names them."
            )
    chosen = set(wanted)
    for mark_id in wanted:
        parent = specs[mark_id].parent
        while parent is not None:
            chosen.add(parent)
            parent = specs[parent].parent
    cards = read_cards(folders)
    files = {f"{i}/{name}": data for i in sorted(chosen) for name, data in _files(cards[i]).items()}
    files[PACK] = _contents([specs[i] for i in sorted(chosen)], files)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            bundle.writestr(info, data)
    write_atomically(file, buffer.getvalue())
    return sorted(chosen)


def _contents(specs: Sequence[MarkSpec], files: Mapping[str, bytes]) -> bytes:
    """``pack.json``: each mark's licence and where it is from, each file's hash."""
    marks = [
        {
            "id": spec.id,
            "licence": spec.licence,
            "status": spec.status,
            "strikes": [{"origin": s.origin, "sha256": s.origin_sha256} for s in spec.strikes],
        }
        for spec in specs
    ]
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    table = {
        "schema": "recognizer.marks/1",
        "made_by": f"recognizer {__version__}",
        "marks": marks,
        "files": hashes,
    }
    return (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()


def _files(several: Sequence[Card]) -> dict[str, bytes]:
    """The files of one mark; strikes that later folders add become its own."""
    import tomli_w

    base, *added = several
    files = {CARD: base.path.read_bytes()}
    if added or base.adds:
        table = base.own_words
        for card in added:
            table = with_told(table, card)
        table["strikes"] = [
            s.model_dump(exclude_defaults=True) for card in several for s in kept_strikes(card)
        ]
        files[CARD] = tomli_w.dumps(table).encode()
    picture = base.table.get("picture")
    if picture:
        files[picture["file"]] = read_bytes(base.path, picture["file"], picture["sha256"], "picture")
    for card in several:
        for n, kept in enumerate(kept_strikes(card)):
            files[kept.file] = read_bytes(card.path, kept.file, kept.sha256, f"strikes.{n}")
    return files


def import_marks(file: Path, folder: Path, below: Sequence[Path] = ()) -> Imported:
    """Take the marks of a ZIP that ``export_marks`` wrote into the library ``folder``.

    A mark the library has, there or in the folders ``below``, keeps its facts and gets the strikes it lacks.
    Everything is checked before anything is written. Raises InputError when the file is no such ZIP, KitError
    when a mark in it is broken, OutputError when the folder can't be written.
    """
    have = [*below, *([folder] if folder.is_dir() else [])]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder, prefix=".import-"))
    except OSError as error:
        raise OutputError(
            "not-written", f"{folder}: can't be written ({error}).", "Choose a folder you may write to."
        ) from None
    try:
        _unpack(file, beside)
        return _take(file, beside, folder, have)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unpack(file: Path, beside: Path) -> None:
    """Write the files of a ZIP, after looking at every name and size."""
    try:
        with zipfile.ZipFile(file) as bundle:
            infos = [info for info in bundle.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > MAX_TOTAL or any(
                i.file_size > MAX_FILE for i in infos
            ):
                raise InputError("too-large", f"{file}: unpacks to more than a library of marks can be.")
            _compare(file, bundle, {info.filename for info in infos})
            for info in infos:
                if info.filename == PACK:
                    continue
                if not _NAME.fullmatch(info.filename) or info.filename.split("/")[0].strip(".") == "":
                    raise InputError(
                        "not-a-library", f"{file}: holds {info.filename!r}, which is no part of a mark."
                    )
                target = beside / info.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(bundle.read(info))
    except RecognizerError:
        raise
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise InputError(
            "not-a-library", f"{file}: can't be read as a library of marks ({error}).",
            "Give a file that 'recognizer marks export' wrote.",
        ) from None  # fmt: skip


def _compare(file: Path, bundle: zipfile.ZipFile, names: set[str]) -> None:
    """Prove the files to be those the list names; files of before there was a list have none."""
    if PACK not in names:
        return
    try:
        told = dict(json.loads(bundle.read(PACK))["files"])
    except (KeyError, TypeError, ValueError):
        raise InputError("not-a-library", f"{file}: {PACK} in it can't be read.") from None
    for name, sha256 in told.items():
        if name not in names or hashlib.sha256(bundle.read(name)).hexdigest() != sha256:
            raise InputError(
                "altered", f"{file}: {name!r} in it is not what it was when exported.", "Get the file again."
            )


def _take(file: Path, beside: Path, folder: Path, have: Sequence[Path]) -> Imported:
    try:
        given = load_library([*have, beside])
        for home in beside.iterdir():
            _ = given.marks[home.name]  # decoded: what is no picture is refused
    except KitError as error:
        raise KitError(
            error.code, f"{file}: {error.message.replace(f'{beside}/', '')}", error.remedy
        ) from None
    there = load_specs(have)
    in_folder = load_specs([*have, folder]) if folder in have else {}
    added: list[str] = []
    grown: list[str] = []
    kept: list[str] = []
    for home in sorted(p for p in beside.iterdir() if p.is_dir()):
        mark_id = home.name
        if mark_id not in there:
            _move(home, folder / mark_id)
            added.append(mark_id)
            continue
        known = {(s.sha256, s.core) for s in there[mark_id].strikes}
        mark = given.marks[mark_id]
        pairs = zip(mark.spec.strikes, mark.strikes, strict=True)
        new = [(s, strike) for s, strike in pairs if (s.sha256, s.core) not in known]
        if new:
            origins = [Origin(s.origin, s.origin_sha256) for s, _ in new]
            adds = not (folder / mark_id).exists()
            save_mark(
                folder, in_folder.get(mark_id, there[mark_id]), None, [s for _, s in new], origins, adds
            )
        (grown if new else kept).append(mark_id)
    return Imported(tuple(added), tuple(grown), tuple(kept))


def _move(home: Path, target: Path) -> None:
    try:
        home.rename(target)
    except OSError as error:
        raise OutputError(
            "not-written", f"{target}: can't be written ({error}).", "Look what is there."
        ) from None
