"""Pieces: the covers, cards and letters on a scan, each once, rectified; when in doubt, the whole image.

A network sees roughly where they lie (``piece_look``); their sides are then laid on the edges of the paper,
first on a copy of about 900 pixels, then at the scan's own resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from recognizer.geometry import Box, Homography, Points, polygon_area
from recognizer.imaging.quads import (
    Lab,
    Mask,
    corner_angles,
    filled,
    in_order,
    side_lengths,
    snapped,
    within_frame,
)
from recognizer.imaging.shrink import shrunk
from recognizer.stages.network import Network
from recognizer.stages.piece_look import Sighting, look_for_pieces
from recognizer.types import Piece, Rgb, Scan


@dataclass(frozen=True, slots=True)
class PiecesParams:
    """Shares are of the picture's area unless said otherwise."""

    least_px: int = 100  # of the scan's shorter side: on less there is one strike, not several pieces
    least_open: float = 0.45  # of a piece, that lies open before the others and within the frame
    most_spread: float = 0.1  # how unsure its corners may be, as a share of its size
    least_told: float = 0.5  # of all that looks like pieces: with less, most were not made out
    all_told: float = 0.8  # of all that looks like pieces: with less there is more to look at
    least_share: float = 0.02  # of a piece: eight cards on a page fill more than that each
    least_long_mm: float = 85.0  # long side where dpi is known: visiting cards are as long, stamps are not
    most_aspect: float = 4.2  # long side to short; a No. 10 envelope has 2.3, cut by the frame it has more
    corner_slack_deg: float = 24.0  # off a right angle, as a photograph at a slant shows one
    margin: float = 0.25  # of a piece's size, round it where it is looked at again
    large: float = 0.8  # of the scan's size: such a part would show no more than the whole scan does
    same: float = 0.15  # of a piece's size: corners seen again differ by less
    whole_share: float = 0.9  # a piece as large as that is the picture itself, edge to edge
    unsure: float = 1.0  # times its spread, and less than that will do: it may be the picture itself
    work_side: int = 900  # longest side of the copy on which sides are laid on edges
    reach: float = 2.5  # times the spread: how far from where it was seen an edge is looked for
    least_reach: float = 0.012  # and at least so far, as a share of the piece's size
    most_reach: float = 0.06  # and at most so far
    outward: float = 1.5  # times as far outside: print lies within a piece, not beside it
    # How often edges are looked for, how far of the reach, how likely there, in steps of px. A side that
    # was turned into its place lets its neighbours find theirs.
    passes: tuple[tuple[float, float, float], ...] = ((1.0, 1.5, 2.0), (1.0, 1.5, 2.0), (0.5, 0.7, 1.0))
    same_paper: float = 8.0  # Lab levels: a strip beside a piece that differs by no more is a part of it
    upright_px: float = 0.75  # corners off an upright box by less (on the copy) are cut without resampling
    most_px: int = 16_000_000  # of all resampled pieces together, 48 MB: four cards then have 350 dpi each


def find_pieces(scan: Scan, model: Network | None = None, params: PiecesParams | None = None) -> list[Piece]:
    """The pieces on ``scan``, from top to bottom and left to right; never none.

    ``model`` is ``piece-finder``. Each piece comes rectified at the scan's resolution, or less where that
    would take much memory. Where none is told from its ground, and without a model, the whole image is it.
    Where more seems to lie about than was made out, the whole image comes last, the others lying upon it.
    """
    params = params or PiecesParams()
    if model is None or min(scan.width, scan.height) < params.least_px:
        return [_whole(scan)]
    sightings = look_for_pieces(scan.pixels, model)
    seen = [_nearer(s, scan, model, params) for s in sightings if _is_piece(s, scan, params)]
    area = scan.width * scan.height
    told = _told(seen, sightings)
    if told < params.least_told:
        return [_whole(scan)]
    share = polygon_area(_framed(seen[0].corners, scan)) / area
    if share >= params.whole_share - params.unsure * seen[0].spread:
        return [_whole(scan)]
    factor = min(1.0, params.work_side / max(scan.width, scan.height))
    above = [[k for k, other in enumerate(seen) if other is not one and other.lies_on(one)] for one in seen]
    outlines = _on_edges(scan, seen, above, factor, params)
    slack = params.upright_px / factor
    askew = [o for o in outlines if not _is_upright(o, slack)]
    smaller = min(1.0, (params.most_px / max(sum(map(polygon_area, askew)), 1.0)) ** 0.5)
    pieces = [
        replace(_cut(scan, outline, slack, smaller), covers=tuple(outlines[k] for k in upon))
        for outline, upon in zip(outlines, above, strict=True)
    ]
    rest = [] if told >= params.all_told else [replace(_whole(scan), covers=tuple(outlines))]
    return _reading_order(pieces) + rest


def _nearer(seen: Sighting, scan: Scan, model: Network, params: PiecesParams) -> Sighting:
    """A piece that is small on the scan looked at again, larger; both looks count as far as they are sure."""
    around = Box.around(seen.corners)
    rows, columns = around.grown(params.margin * max(around.w, around.h)).slices(scan.width, scan.height)
    part = scan.pixels[rows, columns]
    if max(part.shape) > params.large * max(scan.width, scan.height):
        return seen
    corner = np.array([columns.start, rows.start])
    slack = params.same * polygon_area(seen.corners) ** 0.5
    for again in look_for_pieces(part, model):
        if np.abs(again.corners + corner - seen.corners).max() < slack:
            weights = [again.spread**-2, seen.spread**-2]
            corners = np.average([again.corners + corner, seen.corners], 0, weights)
            return replace(seen, corners=corners, spread=min(again.spread, seen.spread))
    return seen


def _framed(corners: Points, scan: Scan) -> Points:
    return within_frame(in_order(corners), scan.width, scan.height)


def _is_piece(seen: Sighting, scan: Scan, params: PiecesParams) -> bool:
    """Whether what the network saw is sure enough, and of a piece's size and form."""
    corners = _framed(seen.corners, scan)
    sides = side_lengths(corners)
    across, down = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    long, short = max(across, down), min(across, down)
    return bool(
        seen.open >= params.least_open
        and seen.spread <= params.most_spread
        and polygon_area(corners) >= params.least_share * scan.width * scan.height
        and (scan.dpi is None or long / scan.dpi * 25.4 >= params.least_long_mm)
        and long <= params.most_aspect * short
        and np.abs(corner_angles(corners) - 90).max() <= params.corner_slack_deg
    )


def _told(seen: Sequence[Sighting], sightings: Sequence[Sighting]) -> float:
    """The share of all cells that lie on some piece, which lie on those that were made out."""
    if not seen:
        return 0.0
    heard = np.any([s.cells for s in sightings], axis=0)
    inside = np.any([s.cells | s.inside(s.corners) for s in seen], axis=0)
    return float((heard & inside).sum() / max(heard.sum(), 1))


def _on_edges(
    scan: Scan,
    seen: Sequence[Sighting],
    above: Sequence[Sequence[int]],
    factor: float,
    params: PiecesParams,
) -> list[Points]:
    """Outlines (4, 2) px of the scan, each side moved onto the edge of the paper.

    ``above``: for each piece which of the others lie upon it.
    """
    small = _small_lab(scan.pixels, factor)
    scale = np.array([small.shape[1] / scan.width, small.shape[0] / scan.height])
    fine = 1 / float(scale.min())
    out = []
    for one, upon in zip(seen, above, strict=True):
        corners = _framed(one.corners, scan)
        size = polygon_area(corners * scale) ** 0.5
        reach = size * min(max(params.reach * one.spread, params.least_reach), params.most_reach)
        hidden = _hidden([seen[k].corners * scale for k in upon], small.shape[:2])
        quad = _to_frame(corners * scale, small, reach, params.same_paper)
        for share, likely, step in params.passes:
            near = share * reach
            quad = snapped(quad, small, near, params.outward * near, step, hidden, likely)
        quad = snapped(quad / scale, scan.pixels, 2.5 * fine, 2.5 * fine, max(fine / 4, 0.5), hidden)
        out.append(within_frame(quad, scan.width, scan.height))
    return out


def _to_frame(quad: Points, lab: Lab, reach: float, same: float) -> Points:
    """The quad with sides near the picture's frame laid on it where the strip between looks like its paper.

    A piece pushed against the stops has no edge there, but print on it has.
    """
    height, width = lab.shape[:2]
    mask = filled(quad, (height, width)) > 0
    if not mask.any():
        return quad
    paper = np.median(lab[mask], axis=0)
    sides = zip(quad, np.roll(quad, -1, axis=0), ((0, -1), (1, 0), (0, 1), (-1, 0)), strict=True)
    return within_frame(quad, width, height, [_is_paper(lab, paper, *side, reach, same) for side in sides])


def _is_paper(
    lab: Lab, paper: Points, start: Points, end: Points, out: tuple[int, int], reach: float, same: float
) -> bool:
    """Whether a side runs at most ``reach`` pixels from the frame, and between them lies paper."""
    height, width = lab.shape[:2]
    along = start + np.linspace(0.1, 0.9, 40)[:, None] * (end - start)
    gaps = along @ -np.array(out) + max(out[0] * width + out[1] * height, 0)
    if not 1 < gaps.max() <= reach:
        return False
    strip = along[:, None] + (gaps[:, None] * np.linspace(0.3, 0.8, 4))[..., None] * out
    x, y = np.rint(strip).astype(int).reshape(-1, 2).clip(0, (width - 1, height - 1)).T
    return bool(np.abs(np.median(lab[y, x], axis=0) - paper).max() <= same)


def _hidden(upon: Sequence[Points], shape: tuple[int, int]) -> Mask | None:
    """What pieces (4, 2) that lie upon one hide of it: (H, W), None where there are none."""
    if not upon:
        return None
    mask = np.zeros(shape, np.uint8)
    for corners in upon:
        mask |= filled(corners, shape)
    return np.asarray(cv2.dilate(mask, np.ones((9, 9), np.uint8)), np.uint8)


def _small_lab(pixels: Rgb, factor: float) -> Lab:
    height, width = pixels.shape[:2]
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    small = pixels if factor == 1 else shrunk(pixels, *size)
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_RGB2LAB), np.uint8)


def _reading_order(pieces: list[Piece]) -> list[Piece]:
    """From the top, row by row: pieces whose middles lie within half a height of each other share a row."""
    left = sorted(pieces, key=lambda p: float(p.outline[:, 1].mean()))
    ordered: list[Piece] = []
    while left:
        first = left[0].outline
        half = float(np.ptp(first[:, 1])) / 2
        row = [p for p in left if p.outline[:, 1].mean() - first[:, 1].mean() <= half]
        left = left[len(row) :]
        ordered += sorted(row, key=lambda p: float(p.outline[:, 0].mean()))
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
