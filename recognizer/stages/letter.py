"""The distinguishing letter (литера) under a date, with look-alikes of the two scripts and of figures
settled.
"""

from __future__ import annotations

from recognizer.records import MarkSpec
from recognizer.stages.alphabet import SHAPES, fold
from recognizer.stages.lettering import Lettering, Line, Slot

_LEAST = 0.75  # probability from which a letter is told; a wrong letter names the wrong hammer
_BELOW = (0.14, 0.62)  # where it stands under the date's line, in radii
_ONLY_CYRILLIC = frozenset("БГДЖИЙЛПУФЦЧШЩЪЫЬЭЮЯ")
_TO_CYRILLIC = dict(zip("ABCEHKMOPTXЗI", "авсенкмортхзі", strict=True))
_FIGURES = frozenset("12456789")


def read_letter(seen: Lettering, date: Line, mark: MarkSpec | None) -> str | None:
    """The single letter or figure under the date's line, None when there is none or it can't be made out.

    Where the mark's hammers are known the letter is one of theirs if it looks like one. Otherwise a shape
    both
    scripts have is Cyrillic on a strike with Cyrillic words; small letters are written in that case, as post
    offices write them.
    """
    if date.where != "line":
        return None
    found: list[tuple[float, Slot]] = []
    for line in seen.lines:
        below = line.offset - date.offset
        if (
            line.where == "line"
            and abs(line.angle_deg - date.angle_deg) < 8
            and _BELOW[0] < below < _BELOW[1]
        ):
            solid = [
                s for s in line.slots if s.present > 0.4 and SHAPES[int(s.shapes.argmax()) - 1].isalnum()
            ]
            width = 2 * len(line.shapes)
            if len(solid) == 1 and abs(solid[0].x - width / 2) < 0.2 * width:
                found.append((float(solid[0].shapes.max()) * solid[0].present, solid[0]))
    if not found or max(found, key=lambda f: f[0])[0] < _LEAST:
        return None
    shape = SHAPES[int(max(found, key=lambda f: f[0])[1].shapes.argmax()) - 1]
    return settle_letter(shape, mark, _is_cyrillic(seen))


def settle_letter(shape: str, mark: MarkSpec | None, cyrillic: bool) -> str:
    """The character a lone shape stands for."""
    known = mark.letter.seen if mark and mark.letter else []
    for letter in known:
        if fold(letter) == shape:
            return letter
    if shape in _FIGURES:
        return shape
    if shape in _ONLY_CYRILLIC:
        return shape.lower()
    return _TO_CYRILLIC.get(shape, shape) if cyrillic else shape


def _is_cyrillic(seen: Lettering) -> bool:
    """Whether the strike's words have letters that only Cyrillic has, more than letters that only Latin
    has.
    """
    cyrillic = latin = 0.0
    for line in seen.lines:
        for slot in line.slots:
            shape = SHAPES[int(slot.shapes.argmax()) - 1]
            weight = float(slot.shapes.max()) * slot.present
            if weight > 0.6:
                cyrillic += weight * (shape in _ONLY_CYRILLIC)
                latin += weight * (shape in "DFGJLNQRSUVWYZ")
    return cyrillic > latin
