"""Every line of lettering a strike may bear, read once: straight lines across it and its ring unrolled both
ways.

What comes out is not text but evidence: for each step along each strip a probability for each shape. The
date stage
and the legend stage both weigh it, so it is worked out once and handed to both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography, Points
from recognizer.imaging.unroll import (
    STRIP_HEIGHT,
    Cut,
    Ring,
    Strip,
    find_ring,
    letter_band,
    levelled,
    line_angles,
    line_cut,
    ring_cut,
)
from recognizer.stages.alphabet import BLANK, SPACE_CLASS
from recognizer.stages.strikes import layers_of
from recognizer.types import Strike

Reader = Callable[[NDArray[np.float32]], list[NDArray[np.float32]]]
Where = Literal["ring", "foot", "line"]


@dataclass(frozen=True, slots=True)
class LetteringParams:
    """Where lettering is looked for; lengths are parts of the ring's radius unless said otherwise."""

    work_side_px: int = 260  # the strike is read at this size: letters are then 15-40 pixels high
    # of the ring, unrolled, besides the one where lettering is seen
    bands: tuple[tuple[float, float], ...] = ((0.58, 1.02), (0.70, 1.00))
    line_height: float = 0.36  # strip height: lettering of 0.13 to 0.31 fits the reader
    line_step: float = 0.15  # a line is then at most a fifth of the strip's height off its middle
    line_reach: float = 0.6  # how far from the centre a line's middle may lie
    line_length: float = 1.5
    bridge: float = 0.2  # lines this near the centre may fill a bridge from rim to rim
    bridge_length: float = 1.85
    angle_step_deg: float = 3.0
    angle_limit_deg: float = 48.0  # strikes by hand are turned less than this, nearly always
    angle_usual_deg: float = 25.0
    angle_reach: float = 0.58  # the circle about the centre in which lines are looked for
    angles: int = 1  # directions read: a second one brought nothing to dates and legends of drawn strikes
    # a rim this clear: the strike is round; below it may also be a box or words alone
    ring_clear: float = 0.12
    box_heights: tuple[float, ...] = (0.2, 0.32, 0.55)  # strip heights in a box, parts of its shorter side
    box_angle_limit_deg: float = 21.0
    # strip heights over a known zone, parts of the zone's height
    zone_heights: tuple[float, ...] = (1.4, 1.9)


@dataclass(frozen=True, eq=False, slots=True)
class Slot:
    """One place of a strip where a shape stands: which shapes it may be."""

    x: float  # along the strip, in pixels of the strip (STRIP_HEIGHT high)
    present: float  # probability that anything stands there
    shapes: NDArray[np.float32]  # (CLASSES,), largest about 1


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """One strip as the reader saw it."""

    where: Where
    angle_deg: float  # of a straight line
    offset: (
        float  # of a straight line from the centre, across its direction, in radii; a ring's middle radius
    )
    shapes: NDArray[np.float32]  # (T, CLASSES) probabilities, two pixels of the strip a step
    slots: tuple[Slot, ...]
    places: Points = field(default_factory=lambda: np.zeros((0, 2)))  # of the slots, pixels of the crop
    headings: Points = field(default_factory=lambda: np.zeros((0, 2)))  # in which the line runs there
    tall: float = 0.0  # the strip's height in pixels of the crop


@dataclass(frozen=True, eq=False, slots=True)
class Lettering:
    """All lines read off one strike."""

    lines: tuple[Line, ...]
    ring: Ring


def read_lettering(strike: Strike, model: Reader, params: LetteringParams | None = None) -> Lettering:
    """Read a strike in every place where lettering usually stands.

    ``model`` takes strips (n, 2, STRIP_HEIGHT, w) float32, see ``inked``, and gives [(n, w / 2, CLASSES)]
    probabilities.
    """
    p = params or LetteringParams()
    layers, ring, scale = frame_of(strike, p)
    return Lettering(tuple(read_cuts(places_read(layers[..., 0], ring, p), layers, scale, model)), ring)


def frame_of(
    strike: Strike, params: LetteringParams | None = None
) -> tuple[NDArray[np.float32], Ring, float]:
    """What is read, as ``inked`` gives it, the strike's ring there, and the scale to the crop."""
    (layers, scale), core = inked(strike, params), strike.core
    x, y = (c * scale for c in core.centre)
    box = Ring(x, y, core.w * scale / 2, core.h * scale / 2, 0.0)
    return layers, box if box.flat else find_ring(layers[..., 0], x, y, box.rx, box.ry), scale


def inked(strike: Strike, params: LetteringParams | None = None) -> tuple[NDArray[np.float32], float]:
    """The ink layer and how dark each pixel is, (H, W, 2) 0-1 at working size, and that size's scale to the
    crop. Where ink was lost or the paper isn't clean, one shows what the other does not.
    """
    p = params or LetteringParams()
    scale = min(p.work_side_px / max(strike.core.w, strike.core.h, 1.0), 3.0)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    layers = np.dstack(layers_of(strike))
    sized = cv2.resize(layers, None, fx=scale, fy=scale, interpolation=how)
    return np.clip(sized, 0, 1).astype(np.float32), scale


class StripCut(Protocol):
    """Where on the ink a strip lies: ``Cut``, or one of another kind."""

    @property
    def scale(self) -> float:
        """Strip pixels per ink pixel."""

    def of(self, ink: NDArray[np.float32]) -> Strip:
        """Cut it out of ``ink`` (H, W, layers) float32 0-1."""

    def along(self, x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where on the ink its middle line runs at ``x`` (N,): points and headings, (N, 2) both."""


_Cut = tuple[Where, float, float, Cut]  # the first three as of ``Line``


def places_read(ink: NDArray[np.float32], ring: Ring, p: LetteringParams) -> list[_Cut]:
    """The strips that are read of a strike, of its ink (H, W) 0-1 at working size."""
    cuts = [] if ring.flat else [*_rings(ink, ring, p), *_lines(ink, ring, p)]
    if ring.flat or ring.clarity < p.ring_clear:
        cuts += _box_lines(ink, ring, p)
    return cuts


def _rings(ink: NDArray[np.float32], ring: Ring, p: LetteringParams) -> list[_Cut]:
    return [
        ("foot" if foot else "ring", 0.0, (low + high) / 2, ring_cut(ring, low, high, foot))
        for low, high in (*p.bands, letter_band(ink, ring))
        for foot in (False, True)
    ]


def _lines(ink: NDArray[np.float32], ring: Ring, p: LetteringParams) -> list[_Cut]:
    """Straight strips across the strike, at its likeliest angles, one beside the other."""
    cut: list[_Cut] = []
    r = ring.radius
    for angle in likely_angles(ink, ring, p):
        a = np.deg2rad(angle)
        for offset in np.arange(-p.line_reach, p.line_reach + 1e-6, p.line_step):
            x, y = ring.x - np.sin(a) * offset * r, ring.y + np.cos(a) * offset * r
            length = p.bridge_length if abs(offset) < p.bridge else p.line_length
            along = line_cut(x, y, angle, length * r, p.line_height * r)
            cut.append(("line", float(angle), float(offset), along))
    return cut


def _box_lines(ink: NDArray[np.float32], ring: Ring, p: LetteringParams) -> list[_Cut]:
    """Straight strips along the whole of a box, at its likeliest angle and several heights."""
    half_long, half_short = max(ring.rx, ring.ry), min(ring.rx, ring.ry)
    angles = np.arange(-p.box_angle_limit_deg, p.box_angle_limit_deg + 1, 1.5)
    inside = ink[
        max(round(ring.y - ring.ry), 0) : round(ring.y + ring.ry),
        max(round(ring.x - ring.rx), 0) : round(ring.x + ring.rx),
    ]
    if min(inside.shape) < 4:
        return []
    angle = float(angles[line_angles(inside, angles).argmax()])
    a = np.deg2rad(angle)
    across = ring.ry * np.cos(a) + 0.3 * ring.rx * abs(np.sin(a))
    cut: list[_Cut] = []
    for part in p.box_heights:
        height = part * 2 * half_short
        for offset in np.arange(-across + 0.4 * height, across - 0.3 * height, 0.4 * height):
            x, y = ring.x - np.sin(a) * offset, ring.y + np.cos(a) * offset
            length = 2.06 * (ring.rx if ring.rx >= ring.ry else half_long)
            cut.append(("line", angle, float(offset / half_short), line_cut(x, y, angle, length, height)))
    return cut


def read_zone(
    strike: Strike,
    zone: tuple[float, float, float, float],
    pose: Homography,
    ring: Ring,
    model: Reader,
    params: LetteringParams | None = None,
) -> tuple[Line, ...]:
    """The line of lettering in a zone (x, y, width, height as parts of the die's box), read at two heights.

    ``pose`` maps the die's own box (0 to 1 each way) to the strike's crop, ``ring`` is as of ``Lettering``.
    """
    p = params or LetteringParams()
    layers, scale = inked(strike, p)
    x, y, w, h = zone
    corners = pose.apply([[x, y + h / 2], [x + w, y + h / 2], [x + w / 2, y], [x + w / 2, y + h]]) * scale
    left, right, top, bottom = corners
    along = right - left
    length, height = float(np.hypot(*along)), float(np.hypot(*(bottom - top)))
    if not (np.isfinite(corners).all() and length > 4 and height > 3):
        return ()
    angle = float(np.rad2deg(np.arctan2(along[1], along[0])))
    a = np.deg2rad(angle)
    cut: list[_Cut] = []
    for tall in p.zone_heights:
        for off in (-0.2, 0.0, 0.2):
            cx, cy = (left + right) / 2 + off * height * np.array([-np.sin(a), np.cos(a)])
            zone_cut = line_cut(float(cx), float(cy), angle, length + 1.2 * height, tall * height)
            cut.append(("line", angle, ring.across(cx, cy, angle), zone_cut))
    return tuple(read_cuts(cut, layers, scale, model))


def likely_angles(ink: NDArray[np.float32], ring: Ring, p: LetteringParams) -> list[float]:
    """The directions, best first, in which the inside of the ring holds straight lines of text."""
    reach = max(round(p.angle_reach * ring.radius), 2)
    middle = cv2.getRectSubPix(ink, (2 * reach, 2 * reach), (ring.x, ring.y))
    middle = cv2.resize(middle, (96, 96), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[-48:48, -48:48]
    middle = middle * (np.hypot(x, y) < 47)
    angles = np.arange(-p.angle_limit_deg, p.angle_limit_deg + 1, p.angle_step_deg)
    strength = line_angles(middle, angles) * np.exp(-0.25 * (angles / p.angle_usual_deg) ** 2)
    found: list[float] = []
    for i in np.argsort(-strength):
        if all(abs(angles[i] - f) > 2.5 * p.angle_step_deg for f in found):
            found.append(float(angles[i]))
        if len(found) == p.angles:
            break
    return found


def read_cuts(
    cuts: Sequence[tuple[Where, float, float, StripCut]],
    layers: NDArray[np.float32],
    scale: float,
    model: Reader,
) -> list[Line]:
    """Run the reader over the strips of ``layers``, see ``inked``, those of one width together.

    ``scale``: their pixels per pixel of the crop.
    """
    lines: dict[int, Line] = {}
    strips = [levelled(cut.of(layers)) for *_, cut in cuts]
    for width in sorted({strip.shape[2] for strip in strips}):
        chosen = [i for i, strip in enumerate(strips) if strip.shape[2] == width]
        (shapes,) = model(np.stack([strips[i] for i in chosen]))
        for i, one in zip(chosen, shapes, strict=True):
            where, angle, offset, cut = cuts[i]
            slots = tuple(slots_of(one))
            places, headings = cut.along(np.array([s.x for s in slots]))
            tall = STRIP_HEIGHT / cut.scale / scale
            lines[i] = Line(where, angle, offset, one, slots, places / scale, headings, tall)
    return [lines[i] for i in range(len(cuts))]


def slots_of(shapes: NDArray[np.float32], least: float = 0.1) -> list[Slot]:
    """The places where a strip (T, CLASSES) may bear a shape, in order, from probability ``least`` up.

    CTC answers in spikes. Two spikes are two shapes where the ink's probability falls between them, or where
    different shapes are sure of themselves; else they are one shape the reader wavers about.
    """
    bare = shapes.copy()
    bare[:, BLANK] = 0
    bare[:, SPACE_CLASS] = 0
    ink, best, peak = bare.sum(1), bare.argmax(1), bare.max(1)
    steps = np.flatnonzero(ink > least)
    if len(steps) == 0:
        return []
    slots: list[Slot] = []
    for run in np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1):
        start = 0
        for k in range(1, len(run)):
            here, before = run[k], run[start:k]
            valley = ink[run[k - 1]]
            fell = (
                valley < 0.6 * ink[before].max()
                and ink[here] > valley
                and _next_peak(ink, here) > valley / 0.6
            )
            apart = best[here] != best[run[k - 1]] and peak[before].max() > 0.45 and peak[here] > 0.45
            if apart or fell:
                slots.append(_slot(bare, ink, before))
                start = k
        slots.append(_slot(bare, ink, run[start:]))
    return slots


def _next_peak(ink: NDArray[np.float32], at: int) -> float:
    """The height reached by going on uphill from a step."""
    while at + 1 < len(ink) and ink[at + 1] >= ink[at]:
        at += 1
    return float(ink[at])


def _slot(bare: NDArray[np.float32], ink: NDArray[np.float32], part: NDArray[np.intp]) -> Slot:
    """One shape from the steps of its spike."""
    weight = ink[part]
    mixed = (bare[part] * weight[:, None]).sum(0) / weight.sum()
    top = int(part[weight.argmax()])
    shaped = np.maximum(mixed, bare[top])
    return Slot(2.0 * top, float(weight.max()), (shaped / shaped.sum()).astype(np.float32))
