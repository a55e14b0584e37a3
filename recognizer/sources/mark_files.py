"""The files of one mark: ``mark.toml``, ``mark.png``, ``strikes/*.png``; a fault names file and field."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from pydantic import ValidationError

from recognizer.errors import KitError
from recognizer.geometry import Box
from recognizer.records import MarkSpec, PictureFile, StrikeFile
from recognizer.types import Ink, LearntStrike, Rgb

CARD = "mark.toml"
MAX_PIXELS = 64_000_000  # a 40 mm strike at 2400 dpi has 14 million; more is a mistake or an attack

TOLD = ("name", "kind", "shape", "legends")  # what an adding card may say anew of the mark it adds to

_REMEDY = "Restore the file, or mend the field it names."
_RESTORE = "Restore the file, or take the mark's folder out of the library."

# What a child never takes from its parent: what says who it is, and what was seen of it alone.
_OWN = {"id", "parent", "adds", "told", "picture", "strikes", "note", "first_use", "last_use", "missions"}
_OWN |= {"missions_source", "confusable_with"}
_JOINED = ("name", "date", "letter", "die")  # tables a child may state in part


@dataclass(frozen=True, slots=True)
class Card:
    """One ``mark.toml`` as found: where it lies and its table before inheritance."""

    path: Path
    table: Mapping[str, Any]
    sha256: str

    @property
    def adds(self) -> bool:
        """True when the card only adds to the mark of that id in an earlier folder."""
        return self.table.get("adds", False) is True

    @property
    def own_words(self) -> dict[str, Any]:
        """What the card says of the mark, without what it says of itself."""
        return {key: value for key, value in self.table.items() if key not in ("adds", "told")}


def read_card(home: Path) -> Card:
    """The card of a mark's folder; raises KitError when there is none or it can't be read."""
    path = home / CARD
    table = _read_table(path)
    if not isinstance(table.get("adds", False), bool):
        raise KitError("mark-broken", f"{path}: field 'adds' is neither true nor false.", _REMEDY)
    told = table.get("told", [])
    if not (isinstance(told, list) and all(field in TOLD for field in told)):
        raise KitError("mark-broken", f"{path}: field 'told' is no list of {', '.join(TOLD)}.", _REMEDY)
    return Card(path, table, hashlib.sha256(path.read_bytes()).hexdigest())


def with_told(table: Mapping[str, Any], card: Card) -> dict[str, Any]:
    """The table with what the user told of the mark in an adding card: names and shape replace what was said,
    legends join those known."""
    out = dict(table)
    for field in card.table.get("told", []):
        if field == "legends":
            known = [*_list(out, "legends")]
            out["legends"] = [
                *known,
                *(new for new in _list(dict(card.table), "legends") if new not in known),
            ]
        elif field in card.table:
            out[field] = card.table[field]
    return out


def kept_strikes(card: Card) -> list[StrikeFile]:
    """The learnt strikes a card itself names."""
    table = {"id": card.path.parent.name, "name": {"en": "-"}, "status": "learnt"}
    return to_spec(card.path, {**table, "strikes": card.table.get("strikes", [])}).strikes


def _read_table(card: Path) -> dict[str, Any]:
    """The raw table of a ``mark.toml``; raises KitError when it can't be read or is no TOML."""
    try:
        return tomllib.loads(card.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KitError("mark-missing", f"{card}: the file is not there.", _RESTORE) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KitError("mark-broken", f"{card}: can't be read ({error}).", _REMEDY) from None


def inherited(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """A child's table filled up from its parent's.

    Tables such as ``date`` are joined field by field; lists are replaced, except that ``[[legends_more]]`` is
    put behind the legends of the parent and ``[[die.add]]`` behind its die's elements.
    """
    out = {key: value for key, value in parent.items() if key not in _OWN}
    out.update(child)
    for key in _JOINED:
        if isinstance(parent.get(key), dict) and isinstance(child.get(key), dict):
            out[key] = {**parent[key], **child[key]}
    out["legends"] = [*_list(out, "legends"), *_list(out, "legends_more")]
    out.pop("legends_more", None)
    return with_added_elements(out)


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    """A list a card gives; raises ValueError naming the field when it is something else."""
    value = table.get(key, [])
    if not isinstance(value, list):
        raise ValueError(key)
    return value


def with_added_elements(table: dict[str, Any]) -> dict[str, Any]:
    """The table with ``die.add`` joined to ``die.element``."""
    die = table.get("die")
    if isinstance(die, dict) and "add" in die:
        elements = [*_list(die, "element"), *_list(die, "add")]
        table["die"] = {**{k: v for k, v in die.items() if k != "add"}, "element": elements}
    return table


def to_spec(card: Path, table: Mapping[str, Any]) -> MarkSpec:
    """Validate a whole table (inheritance done); raises KitError naming the field."""
    try:
        spec = MarkSpec.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "missing":
            why = "is missing"
        elif first["type"] == "extra_forbidden":
            why = "is not a field of a mark"
        else:
            why = f"is wrong ({first['msg']})"
        raise KitError("mark-broken", f"{card}: field '{field}' {why}.", _REMEDY) from None
    if spec.id != card.parent.name:
        raise KitError(
            "mark-broken",
            f"{card}: field 'id' is {spec.id!r}, but its folder is {card.parent.name!r}.",
            "Give the folder the name of the id.",
        )
    return spec


def read_bytes(card: Path, file: str, sha256: str, field: str) -> bytes:
    """The bytes of a picture the card names, checked against its hash."""
    inside = PurePosixPath(file)
    if inside.is_absolute() or ".." in inside.parts or "\\" in file:
        raise KitError(
            "mark-broken", f"{card}: field '{field}.file' leads out of the mark's folder.", _REMEDY
        )
    path = card.parent / inside
    try:
        data = path.read_bytes()
    except OSError:
        raise KitError(
            "mark-missing", f"{path}: the picture of field '{field}' of {CARD} is not there.", _RESTORE
        ) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise KitError("mark-altered", f"{path}: differs from field '{field}.sha256' of {CARD}.", _RESTORE)
    return data


def _decode(path: Path, data: bytes, mode: str) -> Rgb:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise KitError(
                    "mark-broken",
                    f"{path}: the picture is too large, {image.size}.",
                    _RESTORE,
                )
            if mode == "RGBA" and "A" not in image.getbands():
                raise KitError(
                    "mark-broken", f"{path}: has no transparency; a die is black on transparent.", _RESTORE
                )
            return np.asarray(image.convert(mode), np.uint8)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise KitError("mark-broken", f"{path}: this is no PNG picture ({error}).", _RESTORE) from None


def read_die(card: Path, picture: PictureFile) -> Ink:
    """``mark.png`` as ink: its transparency, 0 none to 255 full."""
    data = read_bytes(card, picture.file, picture.sha256, "picture")
    pixels = _decode(card.parent / picture.file, data, "RGBA")
    return np.ascontiguousarray(pixels[:, :, 3])


def read_strike(card: Path, number: int, kept: StrikeFile) -> LearntStrike:
    """A learnt strike with its box, which must lie inside the picture."""
    field = f"strikes.{number}"
    pixels = _decode(card.parent / kept.file, read_bytes(card, kept.file, kept.sha256, field), "RGB")
    x, y, w, h = kept.core
    if x < 0 or y < 0 or w <= 0 or h <= 0 or x + w > pixels.shape[1] or y + h > pixels.shape[0]:
        raise KitError(
            "mark-broken", f"{card}: field '{field}.core' lies outside the picture {kept.file}.", _REMEDY
        )
    return LearntStrike(pixels, Box(x, y, w, h), kept.date)


def png_bytes(pixels: Ink | Rgb, dpi: float | None = None) -> bytes:
    """A PNG of ink (H, W), as black on transparent, or of an RGB picture (H, W, 3)."""
    from PIL import Image

    if pixels.ndim == 2:
        black = np.zeros((*pixels.shape, 4), np.uint8)
        black[:, :, 3] = pixels
        pixels = black
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True, **({"dpi": (dpi, dpi)} if dpi else {}))
    return buffer.getvalue()
