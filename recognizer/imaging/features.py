"""Local features of a picture of ink, and the pose that brings one set of them onto another.

Both pictures are centred and brought to the same size first, so that a point keeps its distance from the
centre and a patch its size, whatever the turn: pairs that don't are never looked at. That is what a general
matcher (nearest neighbour, ratio test, RANSAC) can't know, and what makes faint strikes matchable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.types import Gray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """N local features, strongest first.

    ``places`` (N, 2) float32: pixels from the picture's centre; ``sizes`` (N,) pixels; ``turns`` (N,) radians
    clockwise; ``words`` (N, 128) uint8: root-normalised SIFT times 255 (Arandjelović and Zisserman 2012).
    """

    places: Floats
    sizes: Floats
    turns: Floats
    words: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.places)

    def top(self, n: int) -> Features:
        """The ``n`` strongest."""
        return Features(self.places[:n], self.sizes[:n], self.turns[:n], self.words[:n])


@dataclass(frozen=True, slots=True)
class PoseParams:
    """How two sets of features are paired. Lengths are parts of the strike's longer side."""

    radius_off: float = 0.14  # boxes are off centre by up to a tenth on both sides
    log_size_off: float = 0.6  # patch sizes differ by box errors and by ink spread
    furthest: float = 1.0  # distance of two unit descriptors at which a pair is worth nothing
    not_mutual: float = 0.4  # what a pair counts that is not each other's best
    turn_bin_deg: float = 5.0
    turn_off: float = 0.35  # radians a pair may disagree with the common turn
    near_centre: float = 0.15  # nearer than this the direction from the centre says nothing
    tolerance: float = 0.035  # a pair this well explained counts
    stiffness: float = 0.3  # pull of the affine map towards a turn with slight scale
    scale_range: tuple[float, float] = (0.85, 1.18)
    hint_weight: float = 0.6  # how much more a turn counts that was expected
    hint_width: float = 0.15  # radians


@dataclass(frozen=True, eq=False, slots=True)
class Pose:
    """How one picture lies on another: ``matrix`` (3, 2) takes rows (x, y, 1) about the centres, in pixels.

    ``score`` sums how alike the agreeing pairs are; ``pairs`` (K, 2) are their feature numbers.
    """

    score: float
    matrix: NDArray[np.float64]
    pairs: NDArray[np.int64]


@lru_cache(maxsize=1)
def _sift() -> Any:
    # A low threshold: faint strikes have faint features, and the strongest are chosen afterwards.
    # Describing more than are kept would take most of the time; some fall outside the core.
    return cv2.SIFT_create(nfeatures=420, contrastThreshold=0.01)  # type: ignore[attr-defined]


def describe(picture: Gray, half_w: float, half_h: float, most: int = 280) -> Features:
    """Features of ``picture`` (H, W) uint8, ink bright, within ``half_w`` x ``half_h`` of its centre."""
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8)
    points, words = _sift().detectAndCompute(255 - soft, None)
    if not points:
        none = np.zeros(0, np.float32)
        return Features(np.zeros((0, 2), np.float32), none, none, np.zeros((0, 128), np.uint8))
    table = np.array([(*p.pt, p.size, p.angle, p.response) for p in points], np.float32)
    table[:, :2] -= np.array([picture.shape[1] - 1, picture.shape[0] - 1], np.float32) / 2
    inside = (np.abs(table[:, 0]) <= half_w) & (np.abs(table[:, 1]) <= half_h)
    table, words = table[inside], words[inside]
    order = np.argsort(-table[:, 4], kind="stable")[:most]
    table, words = table[order], words[order]
    root = np.sqrt(words / np.maximum(words.sum(1, keepdims=True), 1e-9))
    return Features(
        np.ascontiguousarray(table[:, :2]),
        np.ascontiguousarray(table[:, 2]),
        np.deg2rad(table[:, 3]),
        np.clip(root * 255, 0, 255).round().astype(np.uint8),
    )


def find_pose(
    asked: Features,
    known: Features,
    side: float,
    params: PoseParams | None = None,
    hint: float | None = None,
    voices: Floats | None = None,
) -> Pose | None:
    """The turn, slight scale and shear that bring ``asked`` onto ``known``; None when nothing agrees.

    ``side`` is the longer side in pixels that both pictures were brought to; ``hint`` a turn (radians
    clockwise, asked to known) expected on other grounds, None when there is none; ``voices`` (M,) says how
    much each feature of ``known`` counts, 0-1: movable parts must not decide.
    """
    p = params or PoseParams()
    if len(asked) < 4 or len(known) < 4:
        return None
    a, b = asked.places, known.places
    best, weight = _pairs(asked, known, side, p)
    if voices is not None:
        weight = weight * voices[best]
    turn = _wrapped(known.turns[best] - asked.turns)
    swing = _wrapped(np.arctan2(b[best, 1], b[best, 0]) - np.arctan2(a[:, 1], a[:, 0]))
    central = np.hypot(a[:, 0], a[:, 1]) < p.near_centre * side
    weight = weight * ((np.abs(_wrapped(swing - turn)) < 0.5) | central)
    common = _common_turn(turn, weight, p, hint)
    chosen = np.flatnonzero((weight > 0) & (np.abs(_wrapped(turn - common)) < p.turn_off))
    if len(chosen) < 3:
        return None
    source = np.column_stack([a[chosen], np.ones(len(chosen))]).astype(np.float64)
    target = b[best[chosen]].astype(np.float64)
    strength = weight[chosen].astype(np.float64)
    matrix = _fit(source, target, strength, common, side, p)
    off = ((target - source @ matrix) ** 2).sum(1)
    agree = off < (p.tolerance * side) ** 2
    if agree.sum() < 3:
        return None
    pairs = np.column_stack([chosen[agree], best[chosen[agree]]])
    return Pose(float(strength[agree].sum()), matrix, pairs)


def _pairs(
    asked: Features, known: Features, side: float, p: PoseParams
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Of each asked feature its best partner at the same radius and size, and what the pair is worth."""
    likeness = (asked.words.astype(np.float32) @ known.words.astype(np.float32).T) / np.float32(255**2)
    ra = np.hypot(asked.places[:, 0], asked.places[:, 1])
    rb = np.hypot(known.places[:, 0], known.places[:, 1])
    fits = np.abs(ra[:, None] - rb[None]) < p.radius_off * side
    fits &= np.abs(np.log(asked.sizes)[:, None] - np.log(known.sizes)[None]) < p.log_size_off
    likeness *= fits
    best = likeness.argmax(1)
    rows = np.arange(len(best))
    top = likeness[rows, best]
    mutual = likeness.argmax(0)[best] == rows
    distance = np.sqrt(np.maximum(2 - 2 * top, 0))
    weight = np.clip(1 - distance / p.furthest, 0, 1) * np.where(mutual, 1, p.not_mutual)
    return best, weight.astype(np.float32)


def _common_turn(turn: Floats, weight: Floats, p: PoseParams, hint: float | None) -> float:
    """The turn most pairs agree on, by a smoothed histogram round the circle."""
    n = round(360 / p.turn_bin_deg)
    where = ((turn + np.pi) / (2 * np.pi) * n).astype(int) % n
    votes = np.bincount(where, weight, n)
    smooth = votes + 0.7 * (np.roll(votes, 1) + np.roll(votes, -1))
    smooth += 0.3 * (np.roll(votes, 2) + np.roll(votes, -2))
    if hint is not None:
        off = _wrapped(-np.pi + (np.arange(n) + 0.5) * 2 * np.pi / n - hint)
        smooth = smooth * (1 + p.hint_weight * np.exp(-0.5 * (off / p.hint_width) ** 2))
    return float(-np.pi + (smooth.argmax() + 0.5) * 2 * np.pi / n)


def _fit(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    strength: NDArray[np.float64],
    turn: float,
    side: float,
    p: PoseParams,
) -> NDArray[np.float64]:
    """Affine map by least squares over a shrinking neighbourhood, held near a turn with slight scale."""
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, s], [-s, c], [0.0, 0.0]])
    pull = np.diag([p.stiffness * side**2 / 10, p.stiffness * side**2 / 10, 10 * p.stiffness])
    for reach in (0.08, 0.055, 0.04, 0.027, 0.023):
        off = ((target - source @ matrix) ** 2).sum(1)
        weight = (strength * np.exp(-off / (2 * (reach * side) ** 2)))[:, None]
        left = source.T @ (weight * source) + pull
        matrix = np.linalg.solve(left, source.T @ (weight * target) + pull @ _rigid(matrix, side, p))
    return matrix


def _rigid(matrix: NDArray[np.float64], side: float, p: PoseParams) -> NDArray[np.float64]:
    """The nearest turn, scale and shift within bounds."""
    a, b = (matrix[0, 0] + matrix[1, 1]) / 2, (matrix[0, 1] - matrix[1, 0]) / 2
    size = float(np.hypot(a, b))
    factor = min(max(size, p.scale_range[0]), p.scale_range[1]) / max(size, 1e-9)
    shift = np.clip(matrix[2], -0.1 * side, 0.1 * side)
    return np.array([[a * factor, b * factor], [-b * factor, a * factor], shift])


def _wrapped(angle: Any) -> Any:
    """An angle in radians brought into -pi .. pi."""
    return (angle + np.pi) % (2 * np.pi) - np.pi
