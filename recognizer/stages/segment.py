"""The regions of a piece: postmarks, hand stamps, stamps, cachets, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import cv2
import numpy as np

from recognizer.geometry import Box, Points
from recognizer.imaging.circles import Circle, find_circles
from recognizer.imaging.ink import densities, paper_colour
from recognizer.imaging.peaks import boxes_in_views
from recognizer.imaging.rings import tight_box
from recognizer.stages.network import Network, network_input
from recognizer.types import Ink, Piece, Region, RegionKind, Survey

STRUCK = ("postmark", "handstamp")  # the kinds of region that a die made


@dataclass(frozen=True, slots=True)
class SegmentParams:
    """Defaults of the search."""

    # Probability of a strike from which it is told as doubtful. On 81 real pieces there is one a piece, and
    # most strikes that are otherwise missed are among them.
    doubtful: float = 0.15
    beside: float = 0.3  # overlap (IoU) with a strike from which a doubtful one is a second opinion on it
    least_probability: float | None = None  # of an answer of any kind; None: as the model says for each
    usual_probability: float = 0.5  # where the model says nothing: below, more answers are wrong than right
    same_thing: float = 0.75  # overlap (IoU) of two answers of different kinds from which they are one thing
    least_score: float = 0.08  # of a peak to be looked at at all
    # A page whose pieces were not told apart shows its strikes small, in pixels of the network's picture:
    few: int = 3  # strikes and stamps; fewer say nothing about their usual size
    small_px: float = 55.0  # median of their longer sides; of a single cover it is 80 to 110
    usual_px: float = 85.0  # what it is then made
    most_larger: float = 2.0  # and by how much at most
    # Without a network:
    work_side_px: int = 1000  # a 25 mm dial on a 230 mm cover is then 110 px across
    dial_share: tuple[float, float] = (0.028, 0.12)  # radius of a dial, of the longer side
    least_ring: float = 0.47  # drawn share of the ring over chance: half-struck dials reach .5


def find_regions(
    piece: Piece, model: Network | None = None, params: SegmentParams | None = None
) -> list[Region]:
    """Find what is on ``piece``, the likeliest first; boxes and outlines are in the piece's pixels.

    ``model`` is ``region-finder``. Without it only clear rings are found, as postmarks.
    """
    return list(survey(piece, model, params).regions)


def survey(piece: Piece, model: Network | None = None, params: SegmentParams | None = None) -> Survey:
    """What ``find_regions`` finds, and the layer of strike ink that the network saw on the way.

    The layer (h, w) uint8, 0 none to 255 full, covers the whole piece at the network's own scale, 1 to 3
    pixels a millimetre: it tells where strikes are, not their letters. See ``imaging.ink.fine_ink``.
    """
    p = params or SegmentParams()
    if model is None:
        regions, ink = _rings(piece, p), None
    else:
        regions, ink = _learned(piece, model, p)
    own = [r for r in regions if not _covered(r, piece)]
    likeliest_first = sorted(own, key=lambda r: (_likely(r, model, p), r.probability), reverse=True)
    kept = _one_kind_each(likeliest_first, p.same_thing)
    given = tuple(r for r in kept if _likely(r, model, p))
    struck = [r.box for r in given if r.kind in STRUCK]
    doubtful = (r for r in kept[len(given) :] if not any(r.box.iou(box) > p.beside for box in struck))
    return Survey(given, ink, tuple(doubtful))


def towards(region: Region, die: Box, params: SegmentParams | None = None) -> Region:
    """The region with its box half way to where its ``die`` lies on it; as it is where that is elsewhere.

    Either errs, in other ways: over 72 real strikes whose dies were learnt on other pieces the finder's boxes
    overlap the labelled ones by .86 (IoU), those of the dies by .88, those half way by .89.
    """
    p, own = params or SegmentParams(), region.box
    if own.iou(die) < p.beside:
        return region
    half = Box(*((getattr(own, side) + getattr(die, side)) / 2 for side in ("x", "y", "w", "h")))
    return replace(_region(region.kind, half, region.probability), angle_deg=region.angle_deg)


def _covered(region: Region, piece: Piece) -> bool:
    """Whether a region lies on another piece, which covers this one there."""
    (middle,) = piece.to_scan.apply([region.box.centre])
    point = float(middle[0]), float(middle[1])
    return any(cv2.pointPolygonTest(c.astype(np.float32), point, False) > 0 for c in piece.covers)


def _one_kind_each(regions: Sequence[Region], same: float) -> list[Region]:
    """Regions, best first, without a second opinion on one thing: a box of words is struck or stuck on.

    Only a postmark and a stamp may lie in one place.
    """
    kept: list[Region] = []
    for r in regions:
        rivals = (k for k in kept if {k.kind, r.kind} != {"postmark", "stamp"})
        if not any(k.box.iou(r.box) > same for k in rivals):
            kept.append(r)
    return kept


def _learned(piece: Piece, model: Network, p: SegmentParams) -> tuple[list[Region], Ink]:
    """What the network finds, and its ink layer; where all strikes and stamps are small, looked at larger."""
    scale = _scale(piece, model.spec["input"])
    regions, ink = _seen(piece, model, p, scale)
    likely = [r for r in regions if r.kind in ("postmark", "stamp") and _likely(r, model, p)]
    sides = [max(r.box.w, r.box.h) * scale for r in likely]
    if len(sides) < p.few:
        return regions, ink
    usual = float(np.median(sides))
    if usual >= p.small_px:
        return regions, ink
    return _seen(piece, model, p, scale * min(p.usual_px / usual, p.most_larger))


def _seen(piece: Piece, model: Network, p: SegmentParams, scale: float) -> tuple[list[Region], Ink]:
    """What the network finds on views of its several sizes, calibrated, and the ink layer of the last one.

    Doubtful strikes are among it. ``scale``: network pixels per pixel of the piece, for a view of size 1.
    """
    output = model.spec["output"]
    kinds, groups = list(output["kinds"]), tuple(output["groups"])
    views = []
    for size in model.spec["input"].get("sizes", (1.0,)):
        image, exact = network_input(piece.pixels, size * scale, int(model.spec["input"]["pad"]))
        heat, sides, ink = model(image)
        views.append((heat[0], sides[0], exact))
    height, width = piece.pixels.shape[:2]
    regions = []
    for number, score, *four in boxes_in_views(views, groups, int(output["stride"]), p.least_score):
        kind = kinds[int(number)]
        probability = _calibrated(float(score), model.spec["calibration"][kind])
        box = Box(*(float(v) for v in four)).clipped(width, height)
        least = _asked(kind, model, p)
        if kind in STRUCK:
            least = min(least, p.doubtful)
        if probability >= least and min(box.w, box.h) >= 2:
            if kind == "postmark":
                box = tight_box(piece.pixels, box).clipped(width, height)
            regions.append(_region(cast(RegionKind, kind), box, probability))
    rows_seen, columns_seen = (max(round(side * exact / 2), 1) for side in (height, width))
    layer = np.clip(ink[0, 0, :rows_seen, :columns_seen], 0, 1) * 255
    return regions, np.asarray(np.round(layer), np.uint8)


def _likely(region: Region, model: Network | None, p: SegmentParams) -> bool:
    return model is None or region.probability >= _asked(region.kind, model, p)


def _asked(kind: str, model: Network, p: SegmentParams) -> float:
    """The probability an answer of a kind has to have."""
    if p.least_probability is not None:
        return p.least_probability
    return float(model.spec.get("accepted_from", {}).get(kind, p.usual_probability))


def _scale(piece: Piece, told: Mapping[str, Any]) -> float:
    """Network pixels per pixel of the piece: a fixed long side, kept to the sizes of things it has learnt."""
    longer: int = max(piece.pixels.shape[:2])
    scale = float(told["side_px"]) / longer
    if piece.dpi is not None:
        low, high = (25.4 / piece.dpi * float(v) for v in told["px_per_mm"])
        return min(max(scale, low), high)
    return scale


def _calibrated(score: float, slope_offset: Sequence[float]) -> float:
    """A logistic function of the score's logit."""
    s = min(max(score, 1e-4), 1 - 1e-4)
    z = slope_offset[0] * np.log(s / (1 - s)) + slope_offset[1]
    return float(1 / (1 + np.exp(-z)))


def _region(kind: RegionKind, box: Box, probability: float) -> Region:
    return Region(kind, box, _ellipse(box) if kind == "postmark" else box.corners, probability)


def _ellipse(box: Box) -> Points:
    """(32, 2), the ellipse inscribed in a box."""
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]
    (x, y), (a, b) = box.centre, (box.w / 2, box.h / 2)
    return np.stack([x + a * np.cos(turn), y + b * np.sin(turn)], 1)


def _rings(piece: Piece, p: SegmentParams) -> list[Region]:
    """Rings drawn in thin lines, as postmarks; the probability is a rough reading of the ring's score."""
    scale = min(p.work_side_px / max(piece.pixels.shape[:2]), 1.0)
    small = piece.pixels
    if scale < 1:
        small = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    layer = densities(small, paper_colour(small))[:, :, 2]
    side = max(layer.shape)
    kernel = np.ones((13, 13), np.uint8)  # a dial's lines and letters are at most this wide at work size
    thin = cv2.morphologyEx(cv2.blur(layer, (2, 2)), cv2.MORPH_TOPHAT, kernel)
    rings = find_circles(
        np.asarray(thin, np.float32), p.dial_share[0] * side, p.dial_share[1] * side, p.least_ring
    )
    return [_ring(c, scale) for c in rings[:12]]


def _ring(c: Circle, scale: float) -> Region:
    box = Box(c.x - c.r, c.y - c.r, 2 * c.r, 2 * c.r).scaled(1 / scale)
    return _region("postmark", box, float(min(0.35 + c.score, 0.97)))
