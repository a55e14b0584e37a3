"""Pieces: the covers, cards and letters on a scan, each once, rectified; when in doubt, the whole image.

Everything is measured on a copy of about 900 pixels, where a pixel is a thousandth of the picture; only the
cut-outs are made at the scan's own resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from recognizer.geometry import Box, Homography, Points, polygon_area
from recognizer.imaging.bed import Bed, Lab, Mask, find_bed
from recognizer.imaging.quads import (
    corner_angles,
    enclosing_quad,
    filled,
    overlap,
    settled,
    side_lengths,
    snapped,
)
from recognizer.imaging.sheets import Sheet, SheetParams, find_sheets
from recognizer.imaging.shrink import shrunk
from recognizer.types import Piece, Rgb, Scan


@dataclass(frozen=True, slots=True)
class PiecesParams:
    """Shares are of the picture's area unless said otherwise."""

    least_px: int = 100  # of the scan's shorter side: on less there is one strike, not several pieces
    work_side: int = 900  # longest side of the copy measured: a corner is good to 0.1 % of it
    least_share: float = 0.04  # of one piece among several: eight cards on a page fill more than that each
    least_alone: float = 0.12  # of a single piece: a card on A4 glass fills 20 %, a stamp on a cover 4 %
    least_together: float = 0.2  # of all pieces: less is print on a piece that fills the picture
    least_of_largest: float = 0.22  # of the largest piece: a card beside a C5 cover has a third of its area
    least_long_mm: float = 85.0  # long side where dpi is known: visiting cards are as long, stamps are not
    most_aspect: float = 4.2  # long side to short; a No. 10 envelope has 2.3, cut by the frame it has more
    corner_slack_deg: float = 24.0  # off a right angle, as a photograph at a slant shows one
    least_fit: float = 0.93  # overlap of a shape with its four lines; torn paper loses some
    sure_fit: float = 0.985  # with less, a corner of something else may stick to it; clean paper fits so
    plain_seen: float = 0.88  # mean share of its sides seen: then a sheet's own edges are the better witness
    whole_share: float = 0.9  # a piece as large as that is the picture itself, edge to edge
    most_stray: float = 0.02  # the largest thing beside the pieces; a strike on a cover makes 4 %
    least_lenient: float = (
        0.4  # of all pieces: then what reaches in from the rim is clutter; cachets are less
    )
    least_step: float = 10.0  # of lightness or colour across a side, in levels: paper on a ground, not a rule
    even_rim: float = 0.6  # of the rim in one colour: the picture is one sheet or bed, not a pile
    least_subject: float = 0.25  # of one sheet photographed before others
    least_of_many: float = 0.6  # of several found by edges alone: with less, some were missed
    least_alike: float = 0.5  # of the largest one's area: smaller ones by edges alone are print or lie behind
    middle: float = 0.7  # of a sheet's extent: the picture's middle lies within it
    snap_share: float = 0.018  # of a piece's long side: how far inside its outline a shadow may push its edge
    upright_px: float = 0.75  # corners off an upright box by less (on the copy) are cut without resampling
    most_px: int = 16_000_000  # of all resampled pieces together, 48 MB: four cards then have 350 dpi each


def find_pieces(scan: Scan, params: PiecesParams | None = None) -> list[Piece]:
    """The pieces on ``scan``, from top to bottom and left to right; never none.

    Each comes rectified at the scan's resolution, or less where that would take much memory. Where nothing
    tells pieces from their ground, or where what lies beside them may be a part of the picture's only piece,
    the whole image is the piece.
    """
    params = params or PiecesParams()
    if min(scan.width, scan.height) < params.least_px:
        return [_whole(scan)]
    factor = min(1.0, params.work_side / max(scan.width, scan.height))
    small = _small_lab(scan.pixels, factor)
    dpi = None if scan.dpi is None else scan.dpi * factor
    bed = find_bed(small)
    found = _on_bed(small, bed, dpi, params) or _by_edges(small, bed, dpi, params)
    if not found:
        return [_whole(scan)]
    scale = np.array([scan.width / small.shape[1], scan.height / small.shape[0]])
    fine = float(scale.max())
    outlines = [
        snapped(f.quad * scale, scan.pixels, 2.5 * fine, 2.5 * fine, max(fine / 4, 0.5), f.hidden)
        for f in found
    ]
    askew = [o for o in outlines if not _is_upright(o, params.upright_px * fine)]
    factor = min(1.0, (params.most_px / max(sum(map(polygon_area, askew)), 1.0)) ** 0.5)
    return [_cut(scan, o, params.upright_px * fine, factor) for o in _reading_order(outlines)]


@dataclass(frozen=True, eq=False, slots=True)
class _Found:
    """A piece on the copy."""

    quad: Points
    hidden: Mask | None = None  # what lies above it, where anything does


def _small_lab(pixels: Rgb, factor: float) -> Lab:
    height, width = pixels.shape[:2]
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    small = pixels if factor == 1 else shrunk(pixels, *size)
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_RGB2LAB), np.uint8)


def _on_bed(lab: Lab, bed: Bed | None, dpi: float | None, params: PiecesParams) -> list[_Found]:
    """Quads on the copy, outer pixel borders; empty when the whole picture is the piece."""
    if bed is None:
        return []
    blobs = _blobs(bed, params)
    area = float(lab.shape[0] * lab.shape[1])
    found: list[_Found] = []
    for contour, mask in blobs:
        quad, fit = _quad_of(lab, contour, mask, params)
        parts = _apart(lab, mask, params) if quad is None else [_Found(quad)]
        if quad is not None and fit < params.sure_fit:
            parts = _without_clutter(lab, mask, quad, params) or parts
        if not parts:
            return []
        found += parts
    found = [f for f in found if _is_piece_like(f.quad, area, dpi, params)]
    return found if _explains([f.quad for f in found], bed, area, params) else []


def _blobs(bed: Bed, params: PiecesParams) -> list[tuple[Points, Mask]]:
    """What lies on the bed and is as large as a piece: its outline (N, 2) and its filled mask."""
    stands = cv2.morphologyEx(cv2.bitwise_not(bed.mask), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(stands, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    least = params.least_share * stands.size
    blobs = []
    for contour in contours:
        if cv2.contourArea(contour) >= least:
            mask = np.zeros_like(stands)
            cv2.drawContours(mask, [contour], -1, 255, cv2.FILLED)
            blobs.append((contour.reshape(-1, 2).astype(np.float64), mask))
    return blobs


def _quad_of(lab: Lab, contour: Points, mask: Mask, params: PiecesParams) -> tuple[Points | None, float]:
    """The four sides round a blob and how well they fit it, 0 to 1; None where it is no four-sided thing."""
    height, width = mask.shape
    # Where the picture's frame cuts a piece, the cut is no side of it unless it has no other there.
    x, y = contour[:, 0], contour[:, 1]
    inner = contour[(x > 1) & (y > 1) & (x < width - 2) & (y < height - 2)]
    quad = enclosing_quad(contour)
    if quad is None:
        return None, 0.0
    reach = 0.012 * max(height, width)
    quad = settled(quad, inner, reach)
    fit = overlap(mask, quad)
    if fit < params.least_fit:
        return None, fit
    near = max(params.snap_share * float(side_lengths(quad).max()), 4.0)
    return snapped(quad, lab, near, 0.4 * near, outermost=0.7), fit


def _without_clutter(lab: Lab, mask: Mask, quad: Points, params: PiecesParams) -> list[_Found]:
    """What a blob that is not quite four-sided is: sheets that touch, or one to which something sticks."""
    apart = _apart(lab, mask, params)
    if len(apart) > 1 and all(_stands_out(lab, f.quad, params) for f in apart):
        return apart
    least = 0.75 * polygon_area(quad) / mask.size
    sheets = find_sheets(lab, SheetParams(least_share=least), mask, most=1)
    plain = [s for s in sheets if s.seen >= params.plain_seen and _stands_out(lab, s.corners, params)]
    return [_settled_sheet(lab, s) for s in plain]


def _apart(lab: Lab, mask: Mask, params: PiecesParams) -> list[_Found]:
    """Sheets that touch or overlap, told apart by their edges; empty when they don't account for the blob."""
    sheets = find_sheets(lab, SheetParams(least_share=params.least_share), mask)
    covered = np.zeros_like(mask)
    for sheet in sheets:
        covered |= filled(sheet.corners, mask.shape)
    left = cv2.countNonZero(cv2.bitwise_and(mask, cv2.bitwise_not(covered)))
    return [_settled_sheet(lab, s) for s in sheets] if left <= 0.08 * cv2.countNonZero(mask) else []


def _settled_sheet(lab: Lab, sheet: Sheet) -> _Found:
    """A sheet with its sides on its own edges: lines gather from several sheets and may lie a little off."""
    hidden = cv2.dilate(sheet.hidden, np.ones((9, 9), np.uint8)) if sheet.hidden.any() else None
    return _Found(snapped(sheet.corners, lab, 5, 5, 1.0, hidden), hidden)


def _by_edges(lab: Lab, bed: Bed | None, dpi: float | None, params: PiecesParams) -> list[_Found]:
    """Sheets that lie open before others, as on a photograph of an album."""
    area = float(lab.shape[0] * lab.shape[1])
    sheets = find_sheets(lab, SheetParams(least_share=params.least_alone))
    found = [_settled_sheet(lab, s) for s in sheets if _is_piece_like(s.corners, area, dpi, params)]
    quads = [f.quad for f in found]
    if bed is not None and bed.rim_share >= params.even_rim:
        # Print on a piece that fills the picture can look like sheets.
        plain = bool(quads) and all(_stands_out(lab, q, params) for q in quads)
        if not _explains(quads, bed, area, params, lenient=plain):
            return []
        if len(quads) > 1 and plain:
            return found
    shares = [polygon_area(q) / area for q in quads]
    alike = [f for f, share in zip(found, shares, strict=True) if share >= params.least_alike * max(shares)]
    if (
        len(alike) > 1
        and sum(s for s in shares if s >= params.least_alike * max(shares)) >= params.least_of_many
    ):
        return alike
    for one, share in zip(found, shares, strict=True):
        if params.least_subject <= share < params.whole_share and _holds_middle(one.quad, lab, params):
            return [one]
    return []


def _holds_middle(quad: Points, lab: Lab, params: PiecesParams) -> bool:
    """Whether the picture's middle lies well inside, as it does in the subject of a photograph."""
    inner = quad.mean(0) + params.middle * (quad - quad.mean(0))
    middle = (lab.shape[1] / 2, lab.shape[0] / 2)
    return cv2.pointPolygonTest(inner.astype(np.float32).reshape(-1, 1, 2), middle, False) > 0


def _is_piece_like(quad: Points, area: float, dpi: float | None, params: PiecesParams) -> bool:
    sides = side_lengths(quad)
    across, down = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    long, short = max(across, down), min(across, down)
    if dpi is not None and long / dpi * 25.4 < params.least_long_mm:
        return False
    return bool(
        polygon_area(quad) >= params.least_share * area
        and long <= params.most_aspect * short
        and np.abs(corner_angles(quad) - 90).max() <= params.corner_slack_deg
    )


def _explains(
    quads: Sequence[Points], bed: Bed, area: float, params: PiecesParams, lenient: bool = True
) -> bool:
    """Whether the pieces account for the picture: large enough, alike enough, and nothing else about.

    ``lenient``: clutter that reaches in from the picture's frame is no part of a piece.
    """
    if not quads:
        return False
    shares = [polygon_area(q) / area for q in quads]
    if len(quads) == 1 and not params.least_alone <= shares[0] < params.whole_share:
        return False
    if sum(shares) < params.least_together or min(shares) < params.least_of_largest * max(shares):
        return False
    lenient = lenient and sum(shares) >= params.least_lenient
    return _stray(quads, bed, lenient) <= params.most_stray * area


def _stands_out(lab: Lab, quad: Points, params: PiecesParams) -> bool:
    """Whether the colour changes across at least three sides of a quad, as from paper to its ground."""
    height, width = lab.shape[:2]
    off = max(0.008 * max(height, width), 3.0)
    steps = 0
    for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = a + np.linspace(0.05, 0.95, 60)[:, None] * (b - a)
        out = off * np.array([b[1] - a[1], a[0] - b[0]]) / max(float(np.linalg.norm(b - a)), 1.0)
        beyond, within = (np.rint(along + way * out).astype(int) for way in (1, -1))
        shown = ((beyond >= 0) & (beyond < (width, height)) & (within >= 0) & (within < (width, height))).all(
            1
        )
        if shown.sum() < 20:
            steps += 1  # cut by the picture's frame
            continue
        change = lab[within[shown, 1], within[shown, 0]].astype(int) - lab[beyond[shown, 1], beyond[shown, 0]]
        steps += bool(np.abs(np.median(change, axis=0)).max() >= params.least_step)
    return steps >= 3


def _stray(quads: Sequence[Points], bed: Bed, lenient: bool) -> float:
    """Area of the largest thing beside the pieces: print, ink or another sheet, with its gaps closed.

    ``lenient`` leaves out what reaches in from the picture's frame. The bars of a binder count never.
    """
    height, width = bed.mask.shape
    rest = cv2.bitwise_not(bed.mask)
    for quad in quads:
        grown = cv2.dilate(filled(quad, (height, width)), np.ones((9, 9), np.uint8))
        rest[grown > 0] = 0
    gap = max(3, round(0.015 * max(height, width))) | 1
    closed = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    sizes = []
    for x, y, w, h, size in stats[1:].tolist():
        at_rim = x <= 1 or y <= 1 or x + w >= width - 1 or y + h >= height - 1
        # A shadow, a strip of lid, a binder's bar is no content, however long.
        thin = size / max(w, h) <= 0.035 * max(height, width) and max(w, h) > 10 * size / max(w, h)
        if min(w, h) > 0.02 * max(height, width) and not thin and not (lenient and at_rim):
            sizes.append(float(size))
    return max(sizes, default=0.0)


def _reading_order(outlines: list[Points]) -> list[Points]:
    """From the top, row by row: pieces whose middles lie within half a height of each other share a row."""
    left = sorted(outlines, key=lambda q: float(q[:, 1].mean()))
    ordered: list[Points] = []
    while left:
        first = left[0]
        half = float(np.ptp(first[:, 1])) / 2
        row = [q for q in left if q[:, 1].mean() - first[:, 1].mean() <= half]
        left = left[len(row) :]
        ordered += sorted(row, key=lambda q: float(q[:, 0].mean()))
    return ordered


def _whole(scan: Scan) -> Piece:
    outline = Box(0, 0, scan.width, scan.height).corners
    return Piece(scan.pixels, Homography.identity(), outline, scan.dpi)


def _is_upright(outline: Points, slack: float) -> bool:
    return bool(np.abs(Box.around(outline).corners - outline).max() <= slack)


def _cut(scan: Scan, outline: Points, slack: float, factor: float) -> Piece:
    """The piece inside ``outline`` (4, 2), rectified; an upright one is cut out as it is, not resampled.

    ``factor`` is what a resampled one is made smaller by.
    """
    upright = _is_upright(outline, slack)
    rows, columns = Box.around(outline).grown(0 if upright else 2).slices(scan.width, scan.height)
    part = scan.pixels[rows, columns]
    to_scan = Homography.shift(columns.start, rows.start)
    if upright:
        height, width = part.shape[:2]
        return Piece(part, to_scan, to_scan.apply(Box(0, 0, width, height).corners), scan.dpi)
    if factor < 1:
        part = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        across, down = (
            (columns.stop - columns.start) / part.shape[1],
            (rows.stop - rows.start) / part.shape[0],
        )
        to_scan = Homography(np.diag([across, down, 1.0])).then(to_scan)
    corners = to_scan.inverse().apply(outline)
    top, right, bottom, left = side_lengths(corners)
    width, height = max(round((top + bottom) / 2), 1), max(round((left + right) / 2), 1)
    to_part = Homography.between(Box(0, 0, width, height).corners, corners)
    pixels = cv2.warpPerspective(
        part,
        to_part.matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    dpi = None if scan.dpi is None else scan.dpi * factor
    return Piece(np.asarray(pixels, np.uint8), to_part.then(to_scan), outline, dpi)
