"""A cosmonaut and flags, as an engraver cuts them."""

from __future__ import annotations

import numpy as np

from recognizer.training.outline import Shapes, arc, clear, fill, line, mirrored, outlined, smooth, star


def cosmonaut(stroke: float = 0.028) -> Shapes:
    """Head and shoulders of a cosmonaut in an open helmet, which is about the origin; 2.2 by 2.5."""
    shoulder = smooth([(0, 0.78), (0.5, 0.86), (0.92, 1.06), (1.08, 1.36), (1.12, 1.62)])
    suit = np.vstack([shoulder[::-1] * (-1, 1), shoulder])
    fold = (
        line(smooth([(0.52, 1.1), (0.6, 1.35), (0.58, 1.62)]), stroke),
        line(smooth([(0.78, 1.15), (0.86, 1.4), (0.86, 1.62)]), stroke),
        line(smooth([(0.3, 0.98), (0.2, 1.3), (0.22, 1.62)]), stroke * 1.6),
    )
    helmet = smooth(
        [(0, -0.86), (0.46, -0.77), (0.78, -0.46), (0.87, -0.02), (0.78, 0.42), (0.56, 0.74), (0, 0.84),
         (-0.56, 0.74), (-0.78, 0.42), (-0.87, -0.02), (-0.78, -0.46), (-0.46, -0.77)],
        closed=True,
    )  # fmt: skip
    opening = smooth(
        [(0, -0.5), (0.42, -0.42), (0.6, -0.12), (0.58, 0.26), (0.4, 0.56), (0, 0.66),
         (-0.4, 0.56), (-0.58, 0.26), (-0.6, -0.12), (-0.42, -0.42)],
        closed=True,
    )  # fmt: skip
    face = smooth(
        [(0, -0.3), (0.27, -0.24), (0.37, -0.02), (0.33, 0.24), (0.2, 0.47), (0, 0.56),
         (-0.2, 0.47), (-0.33, 0.24), (-0.37, -0.02), (-0.27, -0.24)],
        closed=True,
    )  # fmt: skip
    ear = outlined(arc(0.86, 0.05, 0.12, 0.24)[:-1], stroke)
    shade = np.vstack([smooth([(0.3, -0.82), (0.66, -0.6), (0.87, -0.02), (0.74, 0.48), (0.5, 0.77)]),
          smooth([(0.5, 0.77), (0.66, 0.44), (0.74, 0.0), (0.6, -0.5), (0.3, -0.82)])])  # fmt: skip
    return (
        *outlined(suit, stroke * 1.3),
        *fold,
        *mirrored(fold),
        *outlined(arc(0, 0.84, 0.62, 0.17)[:-1], stroke * 1.3),
        line(arc(0, 0.9, 0.62, 0.17, start=95, end=265), stroke),
        *ear,
        *mirrored(ear),
        *outlined(helmet, stroke * 1.5),
        fill(shade),
        fill(opening),
        *outlined(face, stroke),
        *_features(stroke),
        line(smooth([(-0.5, -0.6), (0, -0.7), (0.36, -0.66)]), stroke),
    )


def _features(stroke: float) -> Shapes:
    """Brows, eyes, nose and a smile; the right cheek in shade."""
    right = (
        line(smooth([(0.08, -0.07), (0.18, -0.11), (0.29, -0.06)]), stroke * 1.3),
        fill(arc(0.175, 0.02, 0.055, 0.036)),
    )
    cheek = tuple(
        line(
            smooth([(0.34 - k * 0.05, 0.12 + k * 0.04), (0.28 - k * 0.05, 0.3), (0.16 - k * 0.03, 0.46)]),
            stroke * 0.6,
        )
        for k in range(2)
    )
    return (
        *right,
        *mirrored(right),
        line(smooth([(0.03, 0.0), (0.05, 0.15), (0.075, 0.2), (0.0, 0.225)]), stroke * 0.9),
        line(smooth([(-0.15, 0.31), (0, 0.36), (0.15, 0.31)]), stroke * 1.2),
        line(smooth([(-0.05, 0.42), (0, 0.43), (0.05, 0.42)]), stroke * 0.8),
        *cheek,
    )


def _waving(
    u: np.ndarray[tuple[int], np.dtype[np.float64]], v: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Points of a flag 3 x 2 that waves: along ``u`` 0..1 at the height ``v`` 0..1."""
    return np.stack([3 * u, 2 * v + 0.16 * np.sin(2 * np.pi * u * 1.05 + 0.4) - 0.1 * u], 1)


def _cloth(
    v0: float, v1: float, u0: float = 0.0, u1: float = 1.0
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    u = np.linspace(u0, u1, 40)
    return np.vstack([_waving(u, v0), _waving(u[::-1], v1)])


def _pole(stroke: float) -> Shapes:
    return (line([(-0.06, -0.35), (-0.06, 3.1)], stroke * 2.4), fill(arc(-0.06, -0.4, 0.12)))


def flag_of_russia(stroke: float = 0.055) -> Shapes:
    """White, blue (level lines, as heraldry hatches it) and red (upright lines), waving at a pole."""
    u = np.linspace(0, 1, 40)
    blue = tuple(line(_waving(u, v), stroke * 1.1) for v in np.linspace(1 / 3, 2 / 3, 6)[1:-1])
    red = tuple(
        line([_waving(np.array([t]), 2 / 3)[0], _waving(np.array([t]), 1.0)[0]], stroke * 1.5)
        for t in np.linspace(0, 1, 26)
    )
    edges = tuple(line(_waving(u, v), stroke) for v in (1 / 3, 2 / 3))
    return (*_pole(stroke), *outlined(_cloth(0, 1), stroke * 1.2), *blue, *red, *edges)


def flag_of_europe(stroke: float = 0.055) -> Shapes:
    """Twelve white stars in a ring on a dark ground, waving at a pole."""
    stars: Shapes = ()
    for k in range(12):
        a = np.deg2rad(30 * k)
        x, y = _waving(np.array([0.5 + 0.21 * np.sin(a)]), 0.5 - 0.31 * np.cos(a))[0]
        stars += (clear(star(x, y, 0.19)),)
    return (*_pole(stroke), fill(_cloth(0, 1)), *stars)
