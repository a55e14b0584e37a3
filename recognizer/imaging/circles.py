"""Rings: circles drawn as thin lines, found by voting along the gradient and verified on the line itself."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Circle:
    """A ring in pixels; ``score`` is the share of its circumference that is drawn, less what chance draws."""

    x: float
    y: float
    r: float
    score: float


def find_circles(layer: Floats, low_px: float, high_px: float, least_score: float = 0.3) -> list[Circle]:
    """Rings in an ink layer (H, W) of radius ``low_px`` to ``high_px``, best first, none inside another.

    Kimme-Ballard-Sklansky voting: every edge pixel votes along its gradient, both ways, in one accumulator
    a radius; the best centres are then verified by how much of the ring is really drawn.
    """
    gx, gy = cv2.Sobel(layer, cv2.CV_32F, 1, 0), cv2.Sobel(layer, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(gx, gy)
    strong = size > max(float(np.percentile(size, 90)), 0.15)
    ys, xs = np.nonzero(strong)
    if len(ys) < 30:
        return []
    ux, uy = gx[strong] / size[strong], gy[strong] / size[strong]
    found: list[Circle] = []
    for radius in np.geomspace(low_px, high_px, int(np.log(high_px / low_px) / np.log(1.05)) + 2):
        votes = _votes(xs, ys, ux, uy, float(radius), layer.shape[:2])
        peak = votes >= np.maximum(cv2.dilate(votes, np.ones((9, 9), np.uint8)), 0.15)
        for y, x in np.argwhere(peak)[:40]:
            best = refine_circle(layer, Circle(float(x), float(y), float(radius), 0.0))
            if best.score >= least_score and low_px * 0.9 <= best.r <= high_px * 1.1:
                found.append(best)
    return _apart(found)


def _votes(
    xs: NDArray[np.intp], ys: NDArray[np.intp], ux: Floats, uy: Floats, radius: float, shape: tuple[int, ...]
) -> Floats:
    """Votes for a centre, as a share of the votes of a full ring (which has an inner and an outer edge)."""
    height, width = shape
    total = np.zeros(height * width, np.float64)
    for way in (-radius, radius):
        x, y = np.rint(xs + way * ux).astype(np.int64), np.rint(ys + way * uy).astype(np.int64)
        inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
        total += np.bincount(y[inside] * width + x[inside], minlength=height * width)
    spread = max(round(radius * 0.05) | 1, 3)
    box = cv2.boxFilter(
        total.reshape(shape).astype(np.float32),
        -1,
        (spread, spread),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    return np.asarray(box / (2 * np.pi * radius), np.float32)


def ring_profile(layer: Floats, x: float, y: float, r: float, reach: float = 1.3) -> Floats:
    """The layer around a centre as (72 angles, 64 radii up to ``reach`` times r), 0 beyond its edges."""
    how = cv2.WARP_POLAR_LINEAR | cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS  # else beyond is left as it was
    return np.asarray(cv2.warpPolar(layer, (64, 72), (x, y), r * reach, how), np.float32)


def refine_circle(layer: Floats, start: Circle, ink: float = 0.12) -> Circle:
    """Move and resize a ring, within a tenth of its radius, to where most of it is drawn."""
    best, step = start, start.r * 0.06
    for _ in range(3):
        for dx, dy in ((0, 0), (step, 0), (-step, 0), (0, step), (0, -step)):
            here = _verified(layer, best.x + dx, best.y + dy, best.r, ink)
            if here.score > best.score:
                best = here
        step /= 2
    return best


def snap_to_ring(layer: Floats, start: Circle, reach: float = 0.18, ink: float = 0.12) -> Circle:
    """The ring that is drawn best with its centre and radius within ``reach`` radii of ``start``.

    Its score is 0 where nothing better than chance is drawn.
    """
    steps = np.linspace(-reach, reach, 9) * start.r  # between two a ring one pixel wide still shows
    best = Circle(start.x, start.y, start.r, 0.0)
    for dx in steps:
        for dy in steps:
            here = _verified(layer, start.x + dx, start.y + dy, start.r, ink, reach)
            if here.score > best.score:
                best = here
    step = reach * start.r / 4
    for _ in range(3):
        for dx, dy in ((step, 0), (-step, 0), (0, step), (0, -step)):
            here = _verified(layer, best.x + dx, best.y + dy, best.r, ink, 0.06)
            if here.score > best.score:
                best = here
        step /= 2
    return best


def _verified(layer: Floats, x: float, y: float, r: float, ink: float, reach: float = 0.1) -> Circle:
    polar = ring_profile(layer, x, y, r)
    drawn = polar > ink
    near = drawn[:, :-1] | drawn[:, 1:]  # a ring wobbles by a pixel
    share = near.mean(0)
    low, high = round(64 / 1.3 * (1 - reach)), round(64 / 1.3 * (1 + reach)) + 1
    at = low + int(share[low:high].argmax())
    chance = float(np.median(share[round(64 / 1.3 * 0.5) :]))
    return Circle(x, y, (at + 1) * r * 1.3 / 64, float(share[at]) - chance)


def _apart(circles: list[Circle]) -> list[Circle]:
    """Of circles about the same centre, or half covering each other, the best (the outer of two equals)."""
    kept: list[Circle] = []
    for c in sorted(circles, key=lambda c: c.score, reverse=True):
        clash = [k for k in kept if np.hypot(c.x - k.x, c.y - k.y) < 0.7 * max(c.r, k.r)]
        if not clash:
            kept.append(c)
        elif len(clash) == 1 and c.r > clash[0].r * 1.1 and c.score > 0.75 * clash[0].score:
            kept[kept.index(clash[0])] = c
    return kept
