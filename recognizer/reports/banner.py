"""The bars above and below an annotated picture: the mission, contradictions; what the colours mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from recognizer.records import MissionRecord, RegionRecord, ScanRecord
from recognizer.reports.colours import (
    BAR,
    BAR_DIM,
    BAR_TEXT,
    KIND_COLOURS,
    STATUS_COLOURS,
    WARNING,
    Colour,
    Rgb8,
)
from recognizer.reports.fonts import Font, font
from recognizer.reports.words import (
    date_words,
    mission_alternatives,
    mission_title,
    percent,
    region_title,
)


@dataclass(frozen=True, eq=False, slots=True)
class _Words:
    """A run of words on one line; with a ``chip`` they stand on a coloured ground."""

    text: str
    face: Font
    colour: Rgb8 = BAR_TEXT
    chip: Colour | None = None


_Line = list[_Words]


def banner(record: ScanRecord, width: int, size: int) -> Image.Image:
    """The bar above: per cover a line with the mission and below it every contradiction; (h, width) RGB.

    ``size`` is the letters' height in pixels. Lines too long for the picture go on in the next one.
    """
    if not record.covers:
        return _bar(
            [[_Words("No cover, card or letter found", font(round(size * 1.3), bold=True))]], width, size
        )
    lines: list[_Line] = []
    for number, cover in enumerate(record.covers, 1):
        name = f"{number}" if len(record.covers) > 1 else ""
        lines.append(_mission_line(cover.mission, name, size))
        lines += [[_Words(f"Contradiction: {c}", font(size), WARNING)] for c in cover.mission.conflicts]
    return _bar(lines, width, size)


def key(
    regions: Sequence[RegionRecord], told_here: Sequence[RegionRecord], width: int, size: int
) -> Image.Image:
    """The bar below: the colour of each kind on the picture, and the regions whose plate found no room."""
    small, bold = font(round(size * 0.85)), font(round(size * 0.85), bold=True)
    kinds = [kind for kind in KIND_COLOURS if any(r.kind == kind for r in regions)]
    colours = [_Words(kind, small, chip=KIND_COLOURS[kind]) for kind in kinds]
    lines: list[_Line] = [colours or [_Words("no strikes, stamps or labels found", small, BAR_DIM)]]
    for r in told_here:
        facts = [region_title(r)]
        if r.mark is not None and r.mark.known:
            facts.append(percent(r.mark.probability))
        if (date := date_words(r.date)) is not None:
            facts.append(date)
        lines.append([_Words(r.id, bold, chip=KIND_COLOURS[r.kind]), _Words("   ".join(facts), small)])
    return _bar(lines, width, size)


def _mission_line(mission: MissionRecord, cover: str, size: int) -> _Line:
    large, plain = font(round(size * 1.35), bold=True), font(size)
    line = [_Words(f"cover {cover}", plain, BAR_DIM)] if cover else []
    line.append(_Words(mission_title(mission), large))
    if mission.status != "undetermined":
        if mission.event:
            line.append(_Words(mission.event, font(round(size * 1.15))))
        chip = f"{mission.status}  {percent(mission.probability)}"
        line.append(_Words(chip, plain, chip=STATUS_COLOURS[mission.status]))
    others = mission_alternatives(mission)
    if others and mission.status != "certain":
        line.append(_Words(f"perhaps {others}", plain, BAR_DIM))
    return line


def _bar(lines: Sequence[_Line], width: int, size: int) -> Image.Image:
    """Lines of words on a dark bar, broken where they would leave the picture."""
    pad, space = round(size * 0.7), round(size * 0.9)
    rows = [row for line in lines for row in _broken(line, width - 2 * pad, space)]
    heights = [max(round(w.face.size * 1.55) for w in row) for row in rows]
    bar = Image.new("RGB", (width, sum(heights) + pad), BAR)
    pen = ImageDraw.Draw(bar)
    y = pad / 2
    for row, height in zip(rows, heights, strict=True):
        x = float(pad)
        for words in row:
            x += _write(pen, words, x, y + height / 2) + space
        y += height
    return bar


def _write(pen: ImageDraw.ImageDraw, words: _Words, x: float, middle: float) -> float:
    """Write from ``x`` rightwards about the line's ``middle``; the width taken."""
    width, inset = _width(words), 0.0
    if words.chip is not None:
        inset, half = words.face.size * 0.5, words.face.size * 0.68
        ground = (x, middle - half, x + width, middle + half)
        pen.rounded_rectangle(ground, words.face.size * 0.35, fill=words.chip.line)
    colour = words.chip.text if words.chip is not None else words.colour
    pen.text((x + inset, middle), words.text, fill=colour, font=words.face, anchor="lm")
    return width


def _width(words: _Words) -> float:
    return words.face.getlength(words.text) + (words.face.size if words.chip is not None else 0)


def _broken(line: _Line, width: float, space: float) -> list[_Line]:
    """The line in as many rows as it needs: runs move down whole, those wider than a row break at spaces."""
    rows: list[_Line] = [[]]
    used = 0.0
    for words in (part for run in line for part in _fitting(run, width)):
        if rows[-1] and used + _width(words) > width:
            rows.append([])
            used = 0.0
        rows[-1].append(words)
        used += _width(words) + space
    return rows


def _fitting(words: _Words, width: float) -> list[_Words]:
    if words.chip is not None or _width(words) <= width:
        return [words]
    parts: list[str] = []
    for word in words.text.split():
        if parts and words.face.getlength(f"{parts[-1]} {word}") <= width:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return [_Words(part, words.face, words.colour) for part in parts]
