"""The annotated picture: outlines, names, dates and the mission drawn on the scan, to look at and share."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from recognizer.geometry import Box, Points
from recognizer.records import RegionRecord, ScanRecord
from recognizer.reports.banner import banner, key
from recognizer.reports.colours import INK, KIND_COLOURS, PAPER, Colour
from recognizer.reports.fonts import Font, font
from recognizer.reports.plates import Plate, place_plates
from recognizer.reports.words import date_words, percent, region_title
from recognizer.types import Rgb, Scan

LONGEST_SIDE = 1800  # fills a screen; more only makes the file large
SHORTEST_LONG_SIDE = 1200  # smaller scans are enlarged: their plates would otherwise hide them
LETTERS_A_SIDE = (
    78  # the long side is this many letter heights: readable when the picture fills a laptop's screen
)
JPEG_QUALITY = 88
LEADER_FROM = 1.2  # letter heights between plate and outline; nearer, it is plain what belongs to what

# What covering a pixel of a region costs, 1 being bare refusal: strikes must stay whole, and a picture that
# is not named may lose some background. See plates.py.
_GUARD = {"postmark": 3.0, "handstamp": 3.0, "label": 1.2, "stamp": 0.8, "handwriting": 0.7, "cachet": 0.5}


@dataclass(frozen=True, eq=False, slots=True)
class _Drawn:
    """A region on the reduced picture."""

    region: RegionRecord
    outline: Points
    box: Box
    colour: Colour


def annotate(scan: Scan, record: ScanRecord) -> bytes:
    """A JPEG of the scan with everything ``record`` says of it.

    Outlines are coloured by kind; beside each stands a plate with the mark's name, its probability and the
    date, kept off all strikes and other plates. A bar above the picture tells the mission, contradictions in
    its second line; a bar below explains the colours, and holds the plates for which there was no room.
    ``scan.pixels`` stays as it is.
    """
    picture, factor = _at_screen_size(scan.pixels)
    height, width = picture.shape[:2]
    size = max(round(max(width, height) / LETTERS_A_SIDE), 13)
    drawn = [_drawn(region, factor) for cover in record.covers for region in cover.regions]
    plates = [_plate_picture(d, size, short=False) for d in drawn]
    places, left_over = _places(picture, drawn, plates, size)
    pieces = [np.asarray(cover.outline) * factor for cover in record.covers]
    canvas = Image.fromarray(_with_outlines(picture, drawn, pieces, size))
    for d, plate, place in zip(drawn, plates, places, strict=True):
        if place is not None:
            _draw_leader(canvas, d, place, size)
            canvas.paste(plate, (round(place.x), round(place.y)), plate)
    for d in left_over:
        tag = _plate_picture(d, size, short=True)
        x, y = _tag_corner(d.box, tag.size, (width, height))
        canvas.paste(tag, (x, y), tag)
    top = banner(record, width, size)
    bottom = key([d.region for d in drawn], [d.region for d in left_over], width, size)
    return _jpeg(_stacked(top, canvas, bottom))


def _at_screen_size(pixels: Rgb) -> tuple[Rgb, float]:
    """The picture reduced (or enlarged) to a screen, and by how much; always a copy."""
    height, width = pixels.shape[:2]
    long = max(height, width)
    factor = min(max(long, SHORTEST_LONG_SIDE), LONGEST_SIDE) / long
    if factor == 1:
        return pixels.copy(), 1.0
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8), factor


def _drawn(region: RegionRecord, factor: float) -> _Drawn:
    outline = np.asarray(region.outline, np.float64).reshape(-1, 2) * factor
    box = Box(*map(float, region.box)).scaled(factor)
    return _Drawn(region, outline if len(outline) > 2 else box.corners, box, KIND_COLOURS[region.kind])


def _places(
    picture: Rgb, drawn: list[_Drawn], plates: list[Image.Image], size: int
) -> tuple[list[Box | None], list[_Drawn]]:
    """A place for each plate, and the regions for whose plate there is none.

    Named strikes choose first, then the other strikes, then the rest.
    """
    guarded = [(d.box.grown(size / 4), _GUARD[d.region.kind]) for d in drawn]
    order = sorted(
        range(len(drawn)), key=lambda i: (drawn[i].region.mark is None, -_GUARD[drawn[i].region.kind])
    )
    wanted = [Plate(*plates[i].size, drawn[i].box) for i in order]
    found = dict(zip(order, place_plates(picture, guarded, wanted), strict=True))
    places = [found[i] for i in range(len(drawn))]
    return places, [d for d, place in zip(drawn, places, strict=True) if place is None]


def _plate_lines(region: RegionRecord) -> list[str]:
    """What a plate says: title; then probability, date, letter."""
    date = date_words(region.date)
    known = region.mark is not None and region.mark.known
    sure = region.mark.probability if region.mark is not None and known else region.probability
    facts = [percent(sure)] if region.mark is None or known else []
    if date and region.date is not None:
        facts.append(f"{date}, {percent(region.date.probability)}")
    elif region.mark is not None and region.kind == "postmark":
        facts.append("date ?")
    if region.letter:
        facts.append(f"letter {region.letter}")
    return ["  ·  ".join(facts)] if facts else []


def _plate_picture(d: _Drawn, size: int, short: bool) -> Image.Image:
    """The plate of a region, RGBA: a tag with its id in the kind's colour, its title, its facts."""
    bold, plain, pad = font(size, bold=True), font(round(size * 0.9)), max(size // 3, 3)
    tag = round(bold.getlength(d.region.id)) + 2 * pad
    titles = [] if short else _wrapped(region_title(d.region), bold, size * 17)
    facts = [] if short else _plate_lines(d.region)
    if d.region.mark is None and titles and facts:  # an unnamed kind needs one short line only
        titles, facts = [f"{titles[0]}  {facts[0]}"], []
    lines = [(t, bold if d.region.mark is not None else plain) for t in titles] + [(f, plain) for f in facts]
    leading = round(size * 1.3)
    text_width = max((round(f.getlength(t)) for t, f in lines), default=-2 * pad) + 2 * pad
    width, height = tag + text_width, max(len(lines), 1) * leading + pad
    scale = 4  # Pillow draws rounded corners without smoothing: drawn large and reduced
    card = Image.new("RGBA", (width * scale, height * scale), (0, 0, 0, 0))
    pen = ImageDraw.Draw(card)
    edge, corner = (width * scale - 1, height * scale - 1), pad * scale
    pen.rounded_rectangle((0, 0, *edge), corner, fill=(*PAPER, 238), outline=d.colour.line, width=2 * scale)
    pen.rounded_rectangle((0, 0, tag * scale, edge[1]), corner, fill=d.colour.line)
    if text_width > 0:
        pen.rectangle(((tag - pad) * scale, 0, tag * scale, edge[1]), fill=d.colour.line)
    card = card.resize((width, height), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(card)
    pen.text((tag / 2, height / 2), d.region.id, fill=d.colour.text, font=bold, anchor="mm")
    for row, (text, face) in enumerate(lines):
        middle = pad / 2 + (row + 0.5) * leading
        pen.text((tag + pad, middle), text, fill=INK, font=face, anchor="lm")
    return card


def _wrapped(text: str, face: Font, most: float, lines: int = 2) -> list[str]:
    """``text`` in at most ``lines`` lines of ``most`` pixels, cut with an ellipsis where it is longer."""
    rows: list[str] = []
    for word in text.split():
        if rows and face.getlength(f"{rows[-1]} {word}") <= most:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [_cut(row, face, most) for row in rows]


def _cut(text: str, face: Font, most: float) -> str:
    if face.getlength(text) <= most:
        return text
    while text and face.getlength(f"{text}…") > most:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _with_outlines(picture: Rgb, drawn: list[_Drawn], pieces: list[Points], size: int) -> Rgb:
    """The picture with the outlines of pieces and regions: coloured lines with a light edge, smooth."""
    out = picture.copy()
    thick = max(round(size / 7), 2)
    height, width = picture.shape[:2]
    for piece in pieces:
        if np.asarray(piece).size and not _is_whole(piece, width, height):
            _line(out, piece, (255, 255, 255), thick)
            _line(out, piece, (90, 90, 90), max(thick // 2, 1))
    for d in sorted(drawn, key=lambda d: -d.box.area):
        _line(out, d.outline, (255, 255, 255), thick + 2)
        _line(out, d.outline, d.colour.line, thick)
    return out


def _is_whole(outline: Points, width: int, height: int) -> bool:
    return Box.around(outline).area > 0.96 * width * height


def _line(canvas: Rgb, outline: Points, colour: tuple[int, int, int], thick: int) -> None:
    fine = np.rint(np.asarray(outline) * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fine], True, colour, thick, cv2.LINE_AA, shift=4)


def _draw_leader(canvas: Image.Image, d: _Drawn, place: Box, size: int) -> None:
    """A line from a plate to its region, where the plate does not stand right beside it."""
    start = np.clip(d.box.centre, (place.x, place.y), (place.x + place.w, place.y + place.h))
    end = _nearest_on(d.outline, start)
    if np.hypot(*(end - start)) < LEADER_FROM * size:
        return
    pen = ImageDraw.Draw(canvas)
    points = [(float(start[0]), float(start[1])), (float(end[0]), float(end[1]))]
    pen.line(points, fill=(255, 255, 255), width=max(size // 6, 2) + 2)
    pen.line(points, fill=d.colour.line, width=max(size // 6, 2))


def _nearest_on(outline: Points, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """The point of a closed outline (N, 2) that is nearest to ``point`` (2,)."""
    side = np.roll(outline, -1, axis=0) - outline
    along = ((point - outline) * side).sum(1) / np.maximum((side * side).sum(1), 1e-9)
    feet = outline + side * np.clip(along, 0, 1)[:, None]
    return np.asarray(feet[np.argmin(np.hypot(*(feet - point).T))], np.float64)


def _tag_corner(box: Box, tag: tuple[int, int], picture: tuple[int, int]) -> tuple[int, int]:
    """Where a short tag hangs: outside the region's upper left corner, inside the picture."""
    x, y = round(box.x), round(box.y - tag[1])
    return max(min(x, picture[0] - tag[0]), 0), max(min(y, picture[1] - tag[1]), 0)


def _stacked(*parts: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (parts[0].width, sum(p.height for p in parts)))
    y = 0
    for part in parts:
        whole.paste(part, (0, y))
        y += part.height
    return whole


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(
        buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0
    )  # full colour: thin coloured lines stay crisp
    return buffer.getvalue()
