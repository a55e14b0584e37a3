"""The annotated picture: outlines, names, dates and the mission drawn on the scan, to look at and share."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from recognizer.geometry import Box, Points
from recognizer.records import RegionRecord, ScanRecord
from recognizer.reports.banner import banner, key
from recognizer.reports.colours import KIND_COLOURS, Rgb8
from recognizer.reports.placing import BARRED, Place, Plate, place_plates
from recognizer.reports.plates import cover_tag, region_plate, region_tag
from recognizer.types import Rgb, Scan

LONGEST_SIDE = 1800  # fills a screen; more only makes the file large
SHORTEST_LONG_SIDE = 1200  # smaller scans are enlarged: their plates would otherwise hide them
LETTERS_A_SIDE = 78  # letter heights along the long side: readable when the picture fills a laptop's screen
SMALLEST_LETTERS = 13  # pixels
JPEG_QUALITY = 88

# Distances in letter heights: a plate that stands far off is taken for its neighbour's.
LEADER_FROM = 1.2
STRIKE_PLATE_FARTHEST, OTHER_PLATE_FARTHEST = 12.0, 3.0
# What covering a pixel of a region costs (bare paper 0, writing up to 0.6): strikes stay whole; of what the
# library does not name some background may go.
_GUARD = {
    "postmark": BARRED, "handstamp": BARRED, "label": 1.2, "stamp": 0.9, "handwriting": 0.8, "cachet": 0.6,
}  # fmt: skip
STRIKE_PLATE_WORST, OTHER_PLATE_WORST = 0.7, 0.4  # mean cost under a plate; beyond it, the short tag


@dataclass(frozen=True, eq=False, slots=True)
class _Drawn:
    """A region on the picture that is drawn."""

    region: RegionRecord
    outline: Points
    box: Box
    plate: Image.Image
    tag: Image.Image

    @property
    def colour(self) -> Rgb8:
        return KIND_COLOURS[self.region.kind].line


def annotate(scan: Scan, record: ScanRecord) -> bytes:
    """A JPEG of the scan with everything ``record`` says of it.

    Outlines are coloured by kind; beside each stands a plate with the mark's name, its probability and the
    date, kept off all strikes and other plates. A bar above the picture tells the mission, contradictions in
    its second line; a bar below explains the colours, and says what plates for which there was no room would
    say. ``scan.pixels`` stays as it is.
    """
    picture, factor = _at_screen_size(scan.pixels)
    height, width = picture.shape[:2]
    size = max(round(max(width, height) / LETTERS_A_SIDE), SMALLEST_LETTERS)
    drawn = [_drawn(region, factor, size) for cover in record.covers for region in cover.regions]
    pieces = [np.asarray(cover.outline, np.float64) * factor for cover in record.covers]
    tags = _cover_tags(pieces, size) if len(pieces) > 1 else []
    places = _places(picture, drawn, [box for _, box in tags], size)
    canvas = Image.fromarray(_with_outlines(picture, drawn, pieces, size))
    for d, place in zip(drawn, places, strict=True):
        _draw_leader(canvas, d, place.box, size)
    for tag, box in tags:
        canvas.paste(tag, (round(box.x), round(box.y)), tag)
    for d, place in zip(drawn, places, strict=True):
        plate = d.tag if place.short else d.plate
        canvas.paste(plate, (round(place.box.x), round(place.box.y)), plate)
    regions = [d.region for d in drawn]
    untold = [r for r, p in zip(regions, places, strict=True) if p.short and r.mark is not None]
    return _jpeg(_stacked(banner(record, width, size), canvas, key(regions, untold, width, size)))


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


def _drawn(region: RegionRecord, factor: float, size: int) -> _Drawn:
    outline = np.asarray(region.outline, np.float64).reshape(-1, 2) * factor
    box = Box(*map(float, region.box)).scaled(factor)
    return _Drawn(
        region, outline if len(outline) > 2 else box.corners, box, region_plate(region, size),
        region_tag(region, size),
    )  # fmt: skip


def _cover_tags(pieces: Sequence[Points], size: int) -> list[tuple[Image.Image, Box]]:
    """The number of each cover and where it stands: just inside its upper left corner."""
    tags = []
    for number, piece in enumerate(pieces, 1):
        tag = cover_tag(number, size)
        x, y = np.maximum(piece[0], 0) + size / 2
        tags.append((tag, Box(float(x), float(y), tag.width, tag.height)))
    return tags


def _places(picture: Rgb, drawn: Sequence[_Drawn], taken: Sequence[Box], size: int) -> list[Place]:
    """A place for each plate. Named strikes choose first, then the other strikes, then the rest."""
    guarded = [(d.outline, _GUARD[d.region.kind]) for d in drawn] + [(b.corners, BARRED) for b in taken]
    order = sorted(range(len(drawn)), key=lambda i: _rank(drawn[i].region))
    found = place_plates(picture, guarded, [_wish(drawn[i], size) for i in order])
    return [place for _, place in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]


def _rank(region: RegionRecord) -> int:
    return 2 if region.mark is None else 0 if region.mark.known else 1


def _wish(d: _Drawn, size: int) -> Plate:
    struck = d.region.mark is not None
    worst = STRIKE_PLATE_WORST if struck else OTHER_PLATE_WORST
    farthest = STRIKE_PLATE_FARTHEST if struck else OTHER_PLATE_FARTHEST
    return Plate(d.box, d.plate.size, d.tag.size, worst, farthest * size)


def _with_outlines(picture: Rgb, drawn: Sequence[_Drawn], pieces: Sequence[Points], size: int) -> Rgb:
    """The picture with the outlines of pieces and regions: coloured lines with a light edge, smooth."""
    out = picture.copy()
    thick = max(round(size / 7), 2)
    height, width = picture.shape[:2]
    for piece in pieces:
        if Box.around(piece).area < 0.96 * width * height:  # a piece that is the whole picture needs no line
            _line(out, piece, (255, 255, 255), thick)
            _line(out, piece, (90, 90, 90), max(thick // 2, 1))
    for d in sorted(drawn, key=lambda d: -d.box.area):
        _line(out, d.outline, (255, 255, 255), thick + 2)
        _line(out, d.outline, d.colour, thick)
    return out


def _line(canvas: Rgb, outline: Points, colour: Rgb8, thick: int) -> None:
    """A closed line, placed to a sixteenth of a pixel."""
    fine = np.rint(np.asarray(outline) * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fine], True, colour, thick, cv2.LINE_AA, shift=4)


def _draw_leader(canvas: Image.Image, d: _Drawn, place: Box, size: int) -> None:
    """A line from a plate to its region, where the plate does not stand right beside it."""
    start = np.clip(d.box.centre, (place.x, place.y), (place.x + place.w, place.y + place.h))
    end = _nearest_on(d.outline, start)
    if np.hypot(*(end - start)) < LEADER_FROM * size or cv2.pointPolygonTest(
        d.outline.astype(np.float32).reshape(-1, 1, 2), (float(start[0]), float(start[1])), False
    ) > 0:  # fmt: skip
        return
    pen = ImageDraw.Draw(canvas)
    points = [(float(start[0]), float(start[1])), (float(end[0]), float(end[1]))]
    pen.line(points, fill=(255, 255, 255), width=max(size // 6, 2) + 2)
    pen.line(points, fill=d.colour, width=max(size // 6, 2))


def _nearest_on(outline: Points, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """The point of a closed outline (N, 2) that is nearest to ``point`` (2,)."""
    side = np.roll(outline, -1, axis=0) - outline
    along = ((point - outline) * side).sum(1) / np.maximum((side * side).sum(1), 1e-9)
    feet = outline + side * np.clip(along, 0, 1)[:, None]
    return np.asarray(feet[np.argmin(np.hypot(*(feet - point).T))], np.float64)


def _stacked(*parts: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (parts[0].width, sum(p.height for p in parts)))
    y = 0
    for part in parts:
        whole.paste(part, (0, y))
        y += part.height
    return whole


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)  # coloured lines stay crisp
    return buffer.getvalue()
