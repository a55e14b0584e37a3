"""Adding to a library of marks: a crash leaves the old mark or the new one, never half of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.errors import OutputError
from recognizer.files import write_atomically
from recognizer.records import MarkSpec, PictureFile, StrikeFile
from recognizer.sources.mark_files import CARD, Card, kept_strikes, png_bytes, read_card
from recognizer.types import Ink, LearntStrike


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a learnt strike was cut from: file name and box in words, hash of that file."""

    text: str = ""
    sha256: str = ""


def save_mark(
    folder: Path,
    spec: MarkSpec,
    die: Ink | None = None,
    strikes: Sequence[LearntStrike] = (),
    origins: Sequence[Origin] = (),
    adds: bool = False,
    told: Sequence[str] = (),
) -> Path:
    """Write a mark into ``folder``, or add strikes to the one there; returns the mark's own folder.

    ``strikes`` are the new ones alone, ``origins`` says of each where it is from; those a mark has
    already stay, and a strike learnt twice is kept once. ``die`` None keeps the picture it has. ``adds``
    writes a card that adds strikes to the mark of that id in an earlier folder, and that stands on its own
    facts where there is none. ``told`` names the fields of ``spec`` that the user gave: they count over what
    an adding or inheriting card, or the mark it adds to, said before. A crash leaves the old mark or the new
    one. Raises KitError when the mark there is broken, OutputError when the folder can't be written.
    """
    import tomli_w

    home = folder / spec.id
    there = read_card(home) if (home / CARD).exists() else None
    kept = kept_strikes(there) if there else []
    pictures: dict[str, bytes] = {}
    for n, strike in enumerate(strikes):
        origin = origins[n] if n < len(origins) else Origin()
        data = png_bytes(strike.pixels)
        new = _strike_file(data, strike, origin)
        if all(old.sha256 != new.sha256 or old.core != new.core for old in kept):
            kept.append(new)
            pictures[new.file] = data
    table = _table(spec, there, adds, told)
    if die is not None:
        data = png_bytes(die)
        digest = hashlib.sha256(data).hexdigest()
        # A picture that replaces another gets its own name: the old card fits until the new one is there.
        name = f"mark-{digest[:8]}.png" if there and "picture" in there.table else "mark.png"
        table["picture"] = PictureFile(file=name, sha256=digest).model_dump()
        pictures[name] = data
    table["strikes"] = [s.model_dump(exclude_defaults=True) for s in kept]
    if not kept:
        del table["strikes"]
    _write_mark(home, tomli_w.dumps(table).encode(), pictures, new=there is None)
    return home


def _strike_file(data: bytes, strike: LearntStrike, origin: Origin) -> StrikeFile:
    digest = hashlib.sha256(data).hexdigest()
    return StrikeFile(
        file=f"strikes/{digest[:16]}.png",
        sha256=digest,
        core=strike.core.rounded(),
        date=strike.date,
        origin=origin.text,
        origin_sha256=origin.sha256,
    )


def _table(spec: MarkSpec, there: Card | None, adds: bool, told: Sequence[str]) -> dict[str, Any]:
    """What the card says besides strikes: an inheriting or adding card keeps its own words but for those
    told."""
    table = spec.model_dump(exclude_defaults=True, exclude_none=True)
    if there and ("parent" in there.table or there.adds):
        new = {field: table[field] for field in told if field in table}
        kept = {**there.table, **new}
        if "legends" in new:
            kept.pop("legends_more", None)  # all of them are in ``legends`` now
        if there.adds and told:
            kept["told"] = sorted({*there.table.get("told", []), *told})
        return kept
    table.pop("strikes", None)
    table.pop("picture", None)
    if adds:
        own = {k: v for k, v in table.items() if k not in ("id", "parent", "confusable_with", "die")}
        return {
            "id": spec.id,
            "adds": True,
            **own,
            "status": "learnt",
            **({"told": sorted(told)} if told else {}),
        }  # leans on no other
    if there and "picture" in there.table:
        table["picture"] = there.table["picture"]
    return table


def _write_mark(home: Path, card: bytes, pictures: Mapping[str, bytes], new: bool) -> None:
    """Pictures first, the card that names them last; a new mark is made beside and renamed as a whole."""
    if not new:
        for name, data in pictures.items():
            write_atomically(home / name, data)
        write_atomically(home / CARD, card)
        return
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=home.parent, prefix=".new-"))
        os.chmod(beside, 0o755)
    except OSError as error:
        raise OutputError(
            "not-written", f"{home}: can't be written ({error}).", "Choose a folder you may write to."
        ) from None
    try:
        for name, data in pictures.items():
            write_atomically(beside / name, data)
        write_atomically(beside / CARD, card)
        os.rename(beside, home)
    except OSError as error:
        raise OutputError(
            "not-written", f"{home}: can't be written ({error}).", "Look what is there."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
