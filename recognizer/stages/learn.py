"""What a new mark is, from strikes of it: its picture, where its date stands, how well it stands apart.

support = consensus(strikes)                # None when the strikes don't lie on each other
zone = infer_date_zone(strikes)             # x, y, width, height as parts of the die's box, or None
apart = nearest(strikes, index)             # of a library without the new mark
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.imaging.features import describe, find_pose
from recognizer.stages.identify import identify
from recognizer.stages.index import SLACK, MarkIndex, portrait_of
from recognizer.stages.portrait import SIDE_PX, Portrait
from recognizer.types import Ink, LearntStrike, Strike

Floats = NDArray[np.float32]
Zone = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LearnParams:
    """Defaults of learning."""

    least_pose: float = 8.0  # feature score from which two strikes are believed to lie on each other
    faint: float = 0.15  # support below this is background that happened to agree
    cells: int = 32  # the die's box is searched for the date on a grid this fine
    stands_out: float = (
        1.25  # how much more, for their ink, strikes must differ in the date zone than elsewhere
    )
    empty: float = 0.1  # of the mean difference: what a cell costs, so that blank paper is not taken in
    least_area: float = 0.01  # of the box: smaller is dirt
    most_area: float = 0.35  # larger is a bad fit, not a date
    off_axis: float = 0.2  # of the box: dates stand on the die's axis
    nearly: float = (
        0.4  # probability from which another mark is worth a warning; unrelated dies reach a third
    )


@dataclass(frozen=True, eq=False, slots=True)
class Consensus:
    """The picture several strikes agree on.

    ``picture`` (H, W) uint8: how many of the strikes bear ink at each pixel, in the form of the strike
    ``base``; ``core`` the die's box there; ``used`` the numbers of the strikes that lie on it.
    """

    picture: Ink
    core: Box
    base: int
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The mark of a library most like a new one. ``nearly`` says the two may be taken for each other."""

    mark: str
    probability: float
    nearly: bool


def consensus(strikes: Sequence[LearntStrike], params: LearnParams | None = None) -> Consensus | None:
    """Lay the strikes on the one that most others fit and average them; None when fewer than two fit."""
    p = params or LearnParams()
    aligned = _aligned(strikes, p)
    if aligned is None:
        return None
    base, portrait, pictures = aligned
    support = np.mean([f for _, f in pictures], axis=0)
    ink = np.clip((support - p.faint) / (1 - 2 * p.faint), 0, 1) * 255
    return Consensus(np.asarray(ink, np.uint8), _core(portrait), base, tuple(n for n, _ in pictures))


def infer_date_zone(strikes: Sequence[LearntStrike], params: LearnParams | None = None) -> Zone | None:
    """Where strikes of one die differ most: x, y, width, height as parts of the die's box.

    None when strikes don't lie on each other, show the same date as far as told, or differ nowhere in
    particular.
    """
    p = params or LearnParams()
    dates = [s.date for s in strikes]
    if None not in dates and len(set(dates)) < 2:
        return None
    aligned = _aligned(strikes, p)
    if aligned is None:
        return None
    _, portrait, pictures = aligned
    return _zone(*_disagreement([f for _, f in pictures], _core(portrait), p.cells), p)


def nearest(
    strikes: Sequence[LearntStrike], index: MarkIndex, params: LearnParams | None = None
) -> Standing | None:
    """The mark of ``index`` that the strikes of a new mark are most likely taken for; None when there is
    none."""
    p = params or LearnParams()
    found: dict[str, float] = {}
    for strike in strikes:
        lifted = Strike(
            strike.pixels, np.zeros(strike.pixels.shape[:2], np.uint8), strike.core,
            Homography.identity(), None, None,
        )  # fmt: skip
        best = identify(lifted, index).best
        if best is not None:
            found[best.mark] = max(found.get(best.mark, 0.0), best.probability)
    if not found:
        return None
    mark = max(found, key=lambda m: found[m])
    return Standing(mark, found[mark], found[mark] >= p.nearly)


# --- laying strikes on each other ---------------------------------------------------------------------


def _aligned(
    strikes: Sequence[LearntStrike], p: LearnParams
) -> tuple[int, Portrait, list[tuple[int, Floats]]] | None:
    """The strike that most others fit, and the pictures (0-1) of all that fit, laid on it."""
    if len(strikes) < 2:
        return None
    portraits = [portrait_of(s) for s in strikes]
    features = [describe(x.picture, x.half_w * SLACK, x.half_h * SLACK) for x in portraits]
    poses = {
        (a, b): find_pose(features[a], features[b], SIDE_PX)
        for a in range(len(strikes))
        for b in range(len(strikes))
        if a != b
    }
    fits = {pair: pose.score if pose else 0.0 for pair, pose in poses.items()}
    base = max(range(len(strikes)), key=lambda b: sum(fits[a, b] for a in range(len(strikes)) if a != b))
    middle, size = portraits[base].middle, portraits[base].picture.shape
    laid: list[tuple[int, Floats]] = [(base, _unit(portraits[base].picture))]
    for a in range(len(strikes)):
        pose = poses.get((a, base))
        if pose is None or pose.score < p.least_pose:
            continue
        way = Homography.shift(-middle, -middle).then(Homography.affine(pose.matrix.T))
        matrix = way.then(Homography.shift(middle, middle)).matrix[:2]
        picture = cv2.warpAffine(portraits[a].picture, matrix, size[::-1], flags=cv2.INTER_LINEAR)
        laid.append((a, _unit(np.asarray(picture, np.uint8))))
    return (base, portraits[base], sorted(laid, key=lambda x: x[0])) if len(laid) > 1 else None


def _unit(picture: Ink) -> Floats:
    return picture.astype(np.float32) / np.float32(255)


def _core(portrait: Portrait) -> Box:
    w, h, middle = portrait.half_w, portrait.half_h, portrait.middle
    return Box(middle - w, middle - h, 2 * w, 2 * h)


def _disagreement(pictures: Sequence[Floats], core: Box, cells: int) -> tuple[Floats, Floats]:
    """How much the pictures differ in each cell of the box, lightly blurred for bad fits, and their ink
    there."""
    soft = [cv2.GaussianBlur(f, (0, 0), 0.012 * SIDE_PX) for f in pictures]
    pairs = [_moved(a, b) for n, a in enumerate(soft) for b in soft[n + 1 :]]
    rows, columns = core.slices(pictures[0].shape[1], pictures[0].shape[0])
    differ, ink = (
        cv2.resize(np.mean(x, axis=0)[rows, columns], (cells, cells), interpolation=cv2.INTER_AREA)
        for x in (pairs, soft)
    )
    return np.asarray(differ, np.float32), np.asarray(ink, np.float32)


def _moved(a: Floats, b: Floats) -> Floats:
    """Ink that stands elsewhere, not ink that is missing: the date's figures change, worn legends only
    fade."""
    reach = 0.03 * SIDE_PX
    net = cv2.GaussianBlur(a, (0, 0), reach) - cv2.GaussianBlur(b, (0, 0), reach)
    return np.asarray(np.maximum(cv2.GaussianBlur(np.abs(a - b), (0, 0), reach) - np.abs(net), 0), np.float32)


def _zone(differ: Floats, ink: Floats, p: LearnParams) -> Zone | None:
    """The rectangle that gathers most difference above what its ink explains (Bentley's maximum sum)."""
    usual = float(differ.sum() / max(ink.sum(), 1e-6))
    gain = differ - p.stands_out * usual * ink - p.empty * float(differ.mean())
    best, found = 0.0, None
    for top in range(p.cells):
        column = np.zeros(p.cells, np.float32)
        for bottom in range(top, p.cells):
            column = column + gain[bottom]
            total, left = 0.0, 0
            for right, value in enumerate(column):
                if total <= 0:
                    total, left = 0.0, right
                total += float(value)
                if total > best:
                    best, found = total, (left, top, right + 1 - left, bottom + 1 - top)
    if found is None:
        return None
    x, y, w, h = (v / p.cells for v in found)
    inside = np.zeros(differ.shape, bool)
    inside[found[1] : found[1] + found[3], found[0] : found[0] + found[2]] = True
    within, without = (differ[i].sum() / max(ink[i].sum(), 1e-6) for i in (inside, ~inside))
    apart = within >= p.stands_out * without
    central = abs(x + w / 2 - 0.5) < p.off_axis
    return (x, y, w, h) if apart and central and p.least_area <= w * h <= p.most_area else None
