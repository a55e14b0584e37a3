"""Draw the dies of a library folder and write into each ``mark.toml`` what the drawing fixes.

The cards are written by hand and keep their words and remarks: only the ``[picture]`` table at the end and
the ``zone`` lines of ``[date]`` and ``[letter]`` are touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from recognizer.errors import KitError
from recognizer.files import write_atomically
from recognizer.records import MarkSpec
from recognizer.sources.mark_files import CARD, png_bytes
from recognizer.sources.marks import load_specs
from recognizer.training.die import Drawn, draw_die
from recognizer.types import Ink

DPI = 400  # of mark.png: a stroke of 0.3 mm is five pixels; a 30 mm die 500
PX_PER_MM = DPI / 25.4
_WIDEST = "2008-08-28"  # sets the wheels as wide as they get

Zone = tuple[float, float, float, float]  # x, y, width, height as parts of the die's own box


def draw_mark(spec: MarkSpec) -> Ink:
    """The lasting part of a mark's die at 400 dpi. ``spec.die`` must be there.

    The places of date and number stay empty. The letter belongs to one hammer: it is drawn where a single one
    is known, and left out where several hammers are.
    """
    assert spec.die is not None
    seen = spec.letter.seen if spec.letter else []
    return _cut(draw_die(spec.die, PX_PER_MM, letter=seen[0] if len(seen) == 1 else None))


def _cut(drawn: Drawn) -> Ink:
    """The ink without the empty margin: the picture is the die's own box."""
    return np.ascontiguousarray(drawn.ink[_rows(drawn), _columns(drawn)])


def _rows(drawn: Drawn) -> slice:
    half, middle = drawn.size_mm[1] / 2 * drawn.px_per_mm, drawn.origin[1]
    return slice(max(round(middle - half), 0), round(middle + half) + 1)


def _columns(drawn: Drawn) -> slice:
    half, middle = drawn.size_mm[0] / 2 * drawn.px_per_mm, drawn.origin[0]
    return slice(max(round(middle - half), 0), round(middle + half) + 1)


def zones(spec: MarkSpec) -> dict[str, Zone]:
    """Where the movable parts of a die stand: ``date`` for its widest format, ``letter``."""
    assert spec.die is not None
    form = max(spec.date.formats or ["DD MM YY"], key=len)
    drawn = draw_die(spec.die, PX_PER_MM, date=_WIDEST, letter="В", formats=[form])
    found = {}
    for role in ("date", "letter"):
        corners = drawn.corners(role)
        if corners is not None:
            (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
            w, h = drawn.size_mm
            found[role] = (
                round(float(x0 / w + 0.5), 3),
                round(float(y0 / h + 0.5), 3),
                round(float((x1 - x0) / w), 3),
                round(float((y1 - y0) / h), 3),
            )
    return found


def drawing_faults(specs: Mapping[str, MarkSpec], home: Mapping[str, Path]) -> list[KitError]:
    """The ``die`` tables that can't be drawn, each naming the card and the element."""
    faults = []
    for mark_id, spec in specs.items():
        try:
            if spec.die is not None:
                draw_die(
                    spec.die, px_per_mm=2, date=_WIDEST, letter="В", number="0", formats=spec.date.formats
                )
        except (ValueError, TypeError, KeyError) as error:
            why = f"{home[mark_id] / CARD}: field 'die' can't be drawn ({error})."
            faults.append(KitError("mark-broken", why, "Mend the element it names."))
    return faults


def draw_library(folder: Path, write: bool = True) -> list[str]:
    """Draw every mark of ``folder`` that has a die; returns the ids of those that changed."""
    changed = []
    for mark_id, spec in load_specs([folder]).items():
        if spec.die is None or spec.status == "learnt":
            continue
        card = folder / mark_id / CARD
        ink, old = draw_mark(spec), card.read_text(encoding="utf-8")
        data = _as_it_was(card.parent / "mark.png", ink) or png_bytes(ink, DPI)
        new = _with_picture(_with_zones(old, zones(spec)), hashlib.sha256(data).hexdigest())
        if new != old or not (card.parent / "mark.png").exists():
            changed.append(mark_id)
            if write:
                write_atomically(card.parent / "mark.png", data)
                write_atomically(card, new.encode())
    return changed


def _as_it_was(path: Path, ink: Ink) -> bytes | None:
    """The file's bytes when it shows these pixels already, whichever PNG compressor wrote them."""
    if not path.exists():
        return None
    data = path.read_bytes()
    with Image.open(BytesIO(data)) as image:
        there = np.asarray(image.convert("RGBA"))[:, :, 3]
    return data if np.array_equal(there, ink) else None


def _with_picture(text: str, sha256: str) -> str:
    """The card with its ``[picture]`` table, which is the last thing in it."""
    text = re.sub(r"\n*\[picture\]\n(?:(?!\[).*\n?)*", "\n", text).rstrip("\n")
    return f'{text}\n\n[picture]\nfile = "mark.png"\nsha256 = "{sha256}"\n'


def _with_zones(text: str, found: dict[str, Zone]) -> str:
    """The card with the zones of its movable parts, each the first line of its table."""
    for role, zone in found.items():
        text = re.sub(rf"(?m)^(\[{role}\]\n(?:(?!\[).*\n)*?)zone = .*\n", r"\1", text)
        head = f"[{role}]\n"
        if f"\n{head}" in text:
            text = text.replace(f"\n{head}", f"\n{head}zone = {list(zone)}\n", 1)
    return text
