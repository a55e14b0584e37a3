"""The Earth as an engraver cuts it: coasts in parallel projection, meridians, a shaded side, a limb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.training.outline import Shapes, arc, clear, fill, hatched, line, runs, smooth

# Coasts in degrees east and north, as coarse as a stamp of a few millimetres needs.
_EURASIA = """
-6,36 -9,38 -9,43 -2,43 -1,46 -4,48 2,51 5,53 8,54 8,57 10,57 11,54 14,54 19,54 21,57 24,57 23,59
29,60 22,60 22,63 25,65 21,65 17,61 18,59 16,57 14,55 12,57 10,59 6,58 5,61 12,65 16,69 25,71 33,69
41,67 34,66 38,64 44,66 46,68 54,68 60,69 67,69 69,73 73,71 80,73 90,75 104,78 113,74 127,73 140,72
160,70 180,69 178,63 163,60 157,51 155,59 143,59 135,54 141,52 140,48 133,43 129,41 129,36 126,35
125,39 121,40 118,38 122,37 119,35 122,30 118,24 110,21 106,20 109,13 105,9 102,13 100,13 103,2 98,9
97,16 92,22 87,21 80,15 79,9 77,8 73,17 72,21 67,25 57,26 53,27 50,30 48,30 52,24 56,26 60,22 55,17
45,13 43,13 39,21 35,28 34,31 36,36 30,36 27,37 26,40 29,41 35,42 41,41 38,45 39,47 33,46 31,46
28,43 28,41 24,41 24,38 22,37 19,41 14,45 13,44 18,40 16,38 12,42 9,44 3,42 0,39 -2,37
"""
_AFRICA = """
-17,15 -16,21 -10,29 -6,35 0,36 10,37 11,34 20,32 25,31 32,31 34,27 37,21 39,15 43,12 51,12 48,5
42,-2 40,-10 40,-15 35,-20 35,-24 32,-28 27,-34 20,-35 17,-29 12,-17 13,-8 9,-1 9,4 4,6 -4,5 -8,4
-13,9
"""
_BRITAIN = "-5,50 1,51 0,53 -2,56 -4,58 -6,57 -3,54 -5,52"
_MADAGASCAR = "49,-12 50,-16 47,-25 44,-24 44,-17"
_JAPAN = "131,31 135,34 140,35 142,40 145,43 141,45 140,41 137,37 132,35"
_GREENLAND = "-45,60 -53,68 -58,75 -68,78 -45,83 -22,82 -20,74 -33,68"
_CASPIAN = "50,45 53,46 52,42 54,39 53,37 50,37 49,41 47,44"
LANDS = tuple(
    np.array([[float(v) for v in pair.split(",")] for pair in text.split()])
    for text in (_EURASIA, _AFRICA, _BRITAIN, _MADAGASCAR, _JAPAN, _GREENLAND)
)
LAKES = (np.array([[float(v) for v in pair.split(",")] for pair in _CASPIAN.split()]),)


def project(degrees: Points, east: float, north: float) -> tuple[Points, NDArray[np.bool_]]:
    """Points (N, 2) of the unit globe seen from above a place, and which are on the near side.

    A far point is put on the rim in its direction, so that a coast that runs round stays a closed line.
    """
    lon, lat = np.deg2rad(degrees[:, 0] - east), np.deg2rad(degrees[:, 1])
    tilt = np.deg2rad(north)
    x = np.cos(lat) * np.sin(lon)
    y = np.cos(tilt) * np.sin(lat) - np.sin(tilt) * np.cos(lat) * np.cos(lon)
    near = np.sin(tilt) * np.sin(lat) + np.cos(tilt) * np.cos(lat) * np.cos(lon) > 0
    p = np.stack([x, -y], 1)
    rim = p / np.maximum(np.hypot(x, y), 1e-9)[:, None]
    return np.where(near[:, None], p, rim), near


def _fine(coast: Points) -> Points:
    return smooth(coast, closed=True, steps=4)


def _net() -> list[Points]:
    """Meridians and parallels every 30 degrees."""
    along, round_ = np.linspace(-90, 90, 91), np.linspace(-180, 180, 181)
    meridians = [np.stack([np.full(91, m), along], 1) for m in range(-180, 180, 30)]
    return meridians + [np.stack([round_, np.full(181, p)], 1) for p in range(-60, 90, 30)]


def globe(
    east: float = 55.0, north: float = 32.0, net: bool = True, stroke: float = 0.035, shade_deg: float = 125.0
) -> Shapes:
    """The globe, radius 1 about the origin: sea white, land shaded by close lines, coast and rim drawn."""
    rim = arc(0, 0, 1)[:-1]
    shapes: Shapes = (clear(rim),)
    if net:
        for degrees in _net():
            p, near = project(degrees, east, north)
            shapes += tuple(line(p[part], stroke * 0.5) for part in runs(near))
    for land in LANDS:
        p, near = project(_fine(land), east, north)
        if near.any():
            shapes += (clear(p), *hatched(p, 0.052, stroke * 0.75, 18), line(np.vstack([p, p[:1]]), stroke))
    for lake in LAKES:
        p, near = project(_fine(lake), east, north)
        if near.all():
            shapes += (clear(p), line(np.vstack([p, p[:1]]), stroke * 0.7))
    return (*shapes, *_dark_side(shade_deg, stroke), line(arc(0, 0, 1), stroke * 1.8))


def _dark_side(toward_deg: float, stroke: float) -> Shapes:
    """A crescent of close lines along the rim, away from the sun."""
    lines: Shapes = ()
    for k, inset in enumerate((0.035, 0.075, 0.12, 0.17)):
        half = 62 - 13 * k
        lines += (line(arc(0, 0, 1 - inset, start=toward_deg - half, end=toward_deg + half), stroke * 0.9),)
    return lines


def limb(radius: float, half_deg: float, stroke: float) -> Shapes:
    """The edge of the planet seen from low orbit: an arc with the air above it and strips of cloud below.

    The circle's top is at the origin, its centre ``radius`` below.
    """
    edge = arc(0, radius, radius, start=-half_deg, end=half_deg)
    body = np.vstack(
        [edge, edge[-1:] * (1, 0) + (0, edge[:, 1].max()), edge[:1] * (1, 0) + (0, edge[:, 1].max())]
    )
    shapes: Shapes = (clear(body), line(edge, stroke * 1.6))
    for k, (inset, cuts) in enumerate(
        (
            (0.035, (-1, 1)),
            (0.07, (-0.95, -0.2, 0.05, 0.9)),
            (0.105, (-0.7, 0.15, 0.45, 0.8)),
            (0.14, (-0.35, 0.6)),
        )
    ):
        for a, b in zip(cuts[::2], cuts[1::2], strict=True):
            reach = half_deg * (1 - 0.05 * k)
            shapes += (line(arc(0, radius, radius * (1 - inset), start=a * reach, end=b * reach), stroke),)
    return shapes


def continent_on_limb(x: float, y: float, scale: float, stroke: float) -> Shapes:
    """A piece of coast seen at a slant, filled."""
    p = smooth(
        np.array(
            [
                [-1, 0.1],
                [-0.6, -0.2],
                [-0.1, -0.12],
                [0.3, -0.3],
                [0.9, -0.1],
                [0.7, 0.15],
                [0.2, 0.12],
                [-0.4, 0.3],
            ]
        ),
        closed=True,
    )
    return (fill(p * scale + (x, y)), line(p * scale + (x, y), stroke))
