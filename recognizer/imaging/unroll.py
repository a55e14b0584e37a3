"""Lines of lettering cut out of a strike as upright strips: straight ones, and rings unrolled.

A strip is float32 (STRIP_HEIGHT, width), 0 no ink .. 1 full ink, letters upright and reading left to right.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

STRIP_HEIGHT = 32  # pixels: letters of 12-28 pixels stay legible, and the reader's cost grows with it
Strip = NDArray[np.float32]


def level(strip: NDArray[np.float32]) -> Strip:
    """Paper to 0, the strip's darkest ink to 1: a faint strike then looks like a strong one.

    Strips with next to no ink are not stretched beyond four times, so that paper does not become lettering.
    """
    low, high = np.percentile(strip, (20, 98.5))
    return np.asarray(np.clip((strip - low) / max(high - low, 0.25), 0, 1), np.float32)


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
    rays = cv2.remap(
        ink,
        (x + rx * radii[:, None] * cos).astype(np.float32),
        (y + ry * radii[:, None] * sin).astype(np.float32),
        cv2.INTER_LINEAR,
    )
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


def ring_strip(
    ink: NDArray[np.float32], ring: Ring, inner: float, outer: float, foot: bool, overlap_deg: float = 70.0
) -> Strip:
    """The band from ``inner`` to ``outer`` (parts of the radius) once around, and on by ``overlap_deg``.

    Letters that stand on the inner circle (``foot`` false) read clockwise, starting at the bottom (6
    o'clock). Letters
    that stand on the outer circle, as at the foot of a dial (``foot`` true), read anticlockwise from the top.
    """
    scale = STRIP_HEIGHT / ((outer - inner) * ring.radius)
    middle = (inner + outer) / 2 * ring.radius
    turn = np.deg2rad(360 + overlap_deg)
    width = max(round(turn * middle * scale / 4) * 4, 32)
    t = np.arange(width) / width * turn
    theta = (-np.pi / 2 - t) if foot else (np.pi / 2 + t)
    depth = (np.arange(STRIP_HEIGHT) + 0.5) / STRIP_HEIGHT
    r = inner + (outer - inner) * (depth if foot else 1 - depth)
    map_x = ring.x + ring.rx * r[:, None] * np.cos(theta)
    map_y = ring.y + ring.ry * r[:, None] * np.sin(theta)
    return np.asarray(
        cv2.remap(ink, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR), np.float32
    )


def line_strip(
    ink: NDArray[np.float32], x: float, y: float, angle_deg: float, length: float, height: float
) -> Strip:
    """The straight strip centred on (x, y), ``length`` by ``height`` pixels of ``ink``, its text running at
    ``angle_deg`` (clockwise from x)."""
    scale = STRIP_HEIGHT / height
    width = max(round(length * scale / 4) * 4, 32)
    u = (np.arange(width) + 0.5 - width / 2) / scale
    v = (np.arange(STRIP_HEIGHT) + 0.5 - STRIP_HEIGHT / 2) / scale
    c, s = np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))
    map_x = x + u[None, :] * c - v[:, None] * s
    map_y = y + u[None, :] * s + v[:, None] * c
    return np.asarray(
        cv2.remap(ink, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR), np.float32
    )


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
