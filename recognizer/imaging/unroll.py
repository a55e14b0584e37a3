"""Lines of lettering cut out of a strike as upright strips: straight ones, and rings unrolled.

A strip is float32, 0 no ink .. 1 full ink, letters upright and reading left to right: cut from one layer of a
strike it is (STRIP_HEIGHT, width), cut from several (STRIP_HEIGHT, width, layers).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

TONE = 0.6  # exponent: with .4 to 1 tried, most letters of drawn rims were read so (.644 against .633)
_ROOM = 1.8  # height of a strip to that of its letters: with 1.5 and 2.2 fewer were read
STRIP_HEIGHT = 32  # pixels: letters of 12-28 pixels stay legible, and the reader's cost grows with it
Strip = NDArray[np.float32]


def level(strip: NDArray[np.float32]) -> Strip:
    """Paper to 0, the strip's darkest ink to 1, weak ink raised: a faint strike then looks like a strong one.

    Strips with next to no ink are not stretched beyond four times, so that paper does not become lettering.
    """
    low, high = _percentiles(strip, (20, 98.5))
    return np.asarray(np.clip((strip - low) / max(high - low, 0.25), 0, 1) ** TONE, np.float32)


def levelled(strip: Strip) -> Strip:
    """Each layer of a strip (STRIP_HEIGHT, width, layers) by itself, as the reader takes them: (layers,
    STRIP_HEIGHT, width).
    """
    return np.stack([level(layer) for layer in np.moveaxis(strip, 2, 0)])


def _percentiles(strip: NDArray[np.float32], wanted: tuple[float, ...]) -> list[float]:
    """As numpy's own, in a third of its time for small arrays."""
    ranks = [share / 100 * (strip.size - 1) for share in wanted]
    near = [min(int(rank) + k, strip.size - 1) for rank in ranks for k in (0, 1)]
    values = np.partition(strip, near, None)[near].tolist()
    return [a + (b - a) * (rank % 1) for rank, a, b in zip(ranks, values[::2], values[1::2], strict=True)]


@dataclass(frozen=True, slots=True)
class Ring:
    """The round frame of a strike in its crop: centre and radii in pixels (two radii: seen at an angle)."""

    x: float
    y: float
    rx: float
    ry: float
    clarity: float  # 0 no rim seen .. 1 a full dark rim

    @property
    def radius(self) -> float:
        return (self.rx + self.ry) / 2

    def across(self, x: float, y: float, angle_deg: float) -> float:
        """How far a point lies from the centre, across a direction, in radii; below it is more than 0."""
        a = np.deg2rad(angle_deg)
        return float((y - self.y) * np.cos(a) - (x - self.x) * np.sin(a)) / self.radius

    @property
    def flat(self) -> bool:
        """Not a round die seen at an angle but a box, read by straight lines alone."""
        return not 0.7 < self.rx / self.ry < 1.43


def find_ring(ink: NDArray[np.float32], x: float, y: float, rx: float, ry: float) -> Ring:
    """The rim near a box's inscribed ellipse, centre (x, y) and half axes (rx, ry) in pixels of ``ink`` (H,
    W, 0-1).

    Searches centres within 9 % and radii from 82 % to 108 % of the half axes for the ellipse along which
    most ink lies
    and least just outside it. Where no rim stands out the box's own ellipse comes back with clarity 0.
    """
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    radii = np.arange(0.62, 1.26, 0.02)
    cos, sin = np.cos(angles), np.sin(angles)
    rays = _circles(ink, Ring(x, y, rx, ry, 0.0), radii, angles)
    thick = cv2.GaussianBlur(rays, (1, 3), 0)  # a rim bows by a step or so where the strike is bent
    shift = np.arange(-0.09, 0.091, 0.03)
    dx, dy, size = (g.ravel() for g in np.meshgrid(shift, shift, np.arange(0.82, 1.09, 0.02), indexing="ij"))
    r = size[:, None] + dx[:, None] * cos + dy[:, None] * sin
    step = np.clip(np.rint((r - radii[0]) / 0.02).astype(int), 0, len(radii) - 4)
    along = np.arange(len(angles))[None, :]
    score = (thick[step, along] - 0.5 * thick[step + 3, along]).mean(1) - 0.25 * np.hypot(dx, dy)
    best = int(score.argmax())
    clarity = float(np.clip(score[best], 0, 1))
    if clarity < 0.12:
        return Ring(x, y, rx, ry, 0.0)
    return Ring(
        float(x + dx[best] * rx),
        float(y + dy[best] * ry),
        float(size[best] * rx),
        float(size[best] * ry),
        clarity,
    )


def _circles(
    ink: NDArray[np.float32], ring: Ring, radii: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The ink along circles about a ring's centre, (radii, angles); radii are parts of the ring's."""
    x = (ring.x + ring.rx * radii[:, None] * np.cos(angles)).astype(np.float32)
    y = (ring.y + ring.ry * radii[:, None] * np.sin(angles)).astype(np.float32)
    return np.asarray(cv2.remap(ink, x, y, cv2.INTER_LINEAR), np.float32)


def letter_band(ink: NDArray[np.float32], ring: Ring) -> tuple[float, float]:
    """The band of a ring in which most lettering stands, with some room: (low, high), parts of the radius.

    Lettering changes quickly along a circle, rims and paper don't. Of twelve sectors the two busiest and the
    two quietest don't count: a stamp or a killer lies there, or nothing.
    """
    radii = np.arange(0.4, 1.12, 0.01)
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    polar = _circles(ink, ring, radii, angles)
    polar = cv2.GaussianBlur(polar**TONE, (3, 1), 0)
    change = np.abs(polar - np.roll(polar, -1, 1)) / radii[:, None]
    sectors = np.sort(change.reshape(len(radii), 12, 60).mean(2), 1)[:, 2:10].mean(1)
    busy = np.convolve(np.pad(sectors, 2, mode="edge"), np.full(5, 0.2), "valid")
    top = int(np.where((radii > 0.5) & (radii < 1.0), busy, 0).argmax())
    inner, outer = radii[list(around_peak(busy, top))]
    half = _ROOM * float(np.clip(outer - inner, 0.1, 0.4)) / 2
    middle = float(inner + outer) / 2
    return middle - half, middle + half


def around_peak(busy: NDArray[np.floating], top: int) -> tuple[int, int]:
    """First and last place about a peak that are more than half as busy as it, above what is quiet."""
    least = (busy[top] + np.percentile(busy, 15)) / 2
    quiet = np.flatnonzero(busy <= least)
    before, behind = quiet[quiet < top], quiet[quiet > top]
    first = int(before[-1]) + 1 if len(before) else 0
    return first, int(behind[0]) - 1 if len(behind) else len(busy) - 1


@dataclass(frozen=True, slots=True)
class Cut:
    """A strip yet to be cut: where on the ink each of its pixels lies, and where on it a point of the ink.

    Straight: centred on (x, y), text running at ``angle_deg`` (clockwise from x). Round: once around
    ``ring`` and
    some way on, between the radii ``inner`` and ``outer`` (parts of the ring's radius).
    """

    width: int
    scale: float  # strip pixels per ink pixel
    x: float = 0.0
    y: float = 0.0
    angle_deg: float = 0.0
    ring: Ring | None = None
    inner: float = 0.0
    outer: float = 0.0
    foot: bool = False
    turn_deg: float = 360.0

    def of(self, ink: NDArray[np.float32]) -> Strip:
        """Cut it out of ``ink`` (H, W) or (H, W, layers) float32 0-1."""
        map_x, map_y = self.maps()
        return np.asarray(
            cv2.remap(ink, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR), np.float32
        )

    def maps(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y on the ink of each pixel of the strip, (STRIP_HEIGHT, width) both."""
        depth = (np.arange(STRIP_HEIGHT) + 0.5) / STRIP_HEIGHT
        if self.ring is not None:
            t = np.deg2rad(self.turn_deg) * np.arange(self.width) / self.width
            theta = (-np.pi / 2 - t) if self.foot else (np.pi / 2 + t)
            r = self.inner + (self.outer - self.inner) * (depth if self.foot else 1 - depth)
            return (
                self.ring.x + self.ring.rx * r[:, None] * np.cos(theta),
                self.ring.y + self.ring.ry * r[:, None] * np.sin(theta),
            )
        u = (np.arange(self.width) + 0.5 - self.width / 2) / self.scale
        v = (depth - 0.5) * STRIP_HEIGHT / self.scale
        c, s = np.cos(np.deg2rad(self.angle_deg)), np.sin(np.deg2rad(self.angle_deg))
        return (
            self.x + u[None, :] * c - v[:, None] * s,
            self.y + u[None, :] * s + v[:, None] * c,
        )

    def along(self, x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where on the ink the strip's middle line runs at ``x`` (N,): points and headings, (N, 2) both."""
        if self.ring is None:
            a = np.deg2rad(self.angle_deg)
            headings = np.tile([np.cos(a), np.sin(a)], (len(x), 1))
            off = (x + 0.5 - self.width / 2) / self.scale
            return np.array([self.x, self.y]) + headings * off[:, None], headings
        t = np.deg2rad(self.turn_deg) * x / self.width
        theta, way = (-np.pi / 2 - t, -1.0) if self.foot else (np.pi / 2 + t, 1.0)
        out = np.column_stack([np.cos(theta), np.sin(theta)])
        r = (self.inner + self.outer) / 2 * np.array([self.ring.rx, self.ring.ry])
        return np.array([self.ring.x, self.ring.y]) + out * r, way * np.column_stack([-out[:, 1], out[:, 0]])

    def place(self, point: NDArray[np.float64], near: float | None = None) -> list[tuple[float, float]]:
        """Where a point (2,) of the ink lies on the strip, x and y in strip pixels: none, one or (round)
        two places.

        ``near`` asks for the single place nearest that x, also just outside the strip.
        """
        if self.ring is None:
            c, s = np.cos(np.deg2rad(self.angle_deg)), np.sin(np.deg2rad(self.angle_deg))
            dx, dy = float(point[0]) - self.x, float(point[1]) - self.y
            u, v = dx * c + dy * s, -dx * s + dy * c
            at = [(u * self.scale + self.width / 2 - 0.5, v * self.scale + STRIP_HEIGHT / 2 - 0.5)]
            return at if near is not None or 0 <= at[0][0] < self.width else []
        dx, dy = (point[0] - self.ring.x) / self.ring.rx, (point[1] - self.ring.y) / self.ring.ry
        t = np.rad2deg(np.arctan2(dy, dx))
        t = ((-90 - t) if self.foot else (t - 90)) % 360
        depth = (float(np.hypot(dx, dy)) - self.inner) / (self.outer - self.inner)
        y = (depth if self.foot else 1 - depth) * STRIP_HEIGHT - 0.5
        step = self.width / self.turn_deg
        if near is not None:
            return [
                min(((float(t + k) * step, y) for k in (-360, 0, 360, 720)), key=lambda q: abs(q[0] - near))
            ]
        return [(float(t + k) * step, y) for k in (0, 360) if t + k < self.turn_deg]


def ring_cut(ring: Ring, inner: float, outer: float, foot: bool, overlap_deg: float = 70.0) -> Cut:
    """The band from ``inner`` to ``outer`` (parts of the radius) once around, and on by ``overlap_deg``.

    Letters that stand on the inner circle (``foot`` false) read clockwise, starting at the bottom (6
    o'clock). Letters
    that stand on the outer circle, as at the foot of a dial (``foot`` true), read anticlockwise from the top.
    """
    scale = STRIP_HEIGHT / ((outer - inner) * ring.radius)
    turn = 360 + overlap_deg
    length = np.deg2rad(turn) * (inner + outer) / 2 * ring.radius * scale
    width = max(round(float(length) / 4) * 4, 32)
    return Cut(width, scale, ring=ring, inner=inner, outer=outer, foot=foot, turn_deg=turn)


def line_cut(x: float, y: float, angle_deg: float, length: float, height: float) -> Cut:
    """The straight strip centred on (x, y), ``length`` by ``height`` pixels of the ink."""
    scale = STRIP_HEIGHT / height
    return Cut(max(round(length * scale / 4) * 4, 32), scale, x, y, angle_deg)


def line_angles(ink: NDArray[np.float32], angles_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much the ink (H, W, 0-1) looks like lines of text running at each angle: (len(angles),), raw.

    The energy of the row profile's steps: text lines leave sharp rows, text at another angle a smooth heap.
    """
    y, x = np.nonzero(ink > 0.2)
    weight = ink[y, x]
    h, w = ink.shape
    a = np.deg2rad(angles_deg)[:, None]
    rows = (y - h / 2) * np.cos(a) - (x - w / 2) * np.sin(a) + np.hypot(h, w) / 2 + 2
    whole = rows.astype(int)
    part = (rows - whole) * weight
    bins = int(np.hypot(h, w)) + 6
    out = np.empty(len(angles_deg))
    for i in range(
        len(angles_deg)
    ):  # each pixel shared between two rows, or the grid itself would show as lines
        profile = np.bincount(whole[i], weight - part[i], bins) + np.bincount(whole[i] + 1, part[i], bins)
        profile = np.convolve(profile, (0.25, 0.5, 0.25))
        out[i] = np.square(profile[2:] - profile[:-2]).sum()
    return out / max(float(weight.sum()), 1.0)
