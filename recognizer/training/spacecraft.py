"""Rockets, ships and stations as an engraver cuts them: white bodies with a contour, a dark side, few lines.

Rockets stand upright, in metres from the tip, x = 0 the axis; ships lie with the nose to the left.
"""

from __future__ import annotations

import numpy as np

from recognizer.geometry import Points
from recognizer.training.outline import Shapes, arc, box, fill, line, mirrored, outlined, smooth

_BROADER = 1.45  # rockets on stamps are drawn stouter than they are, or the body would be two lines


def _wide(points: object) -> Points:
    return np.asarray(points, np.float64) * (_BROADER, 1)


def _body(right: object, stroke: float, dark_from: float = 0.3) -> Shapes:
    """A body of revolution by its right-hand contour, top to bottom, its right side dark."""
    r = _wide(right)
    left = r[::-1] * (-1, 1)
    shade = np.vstack([r, r[::-1] * (dark_from, 1)])
    return (*outlined(np.vstack([r, left]), stroke), fill(shade))


def _booster(top: float, base: float, stroke: float) -> Shapes:
    """The strap-on stage at the right: leans on the core, its outer side dark, nozzles and a fin below."""
    outer = [(1.15, top), (1.95, top + 2.6), (3.1, top + 7.5), (4.75, base - 2.4), (4.75, base)]
    inner = [(2.35, base), (2.2, base - 2.4), (1.25, top + 7.5)]
    dark = [*outer[1:], (3.9, base), (3.9, base - 2.4), (2.55, top + 7.5)]
    fin = [(4.75, base - 2.6), (5.9, base + 0.2), (4.75, base - 0.2)]
    nozzles = [box(x * _BROADER, base, 0.75 * _BROADER, 1.1) for x in (2.5, 3.7)]
    return (
        *(fill(n) for n in nozzles),
        fill(_wide(fin)),
        *outlined(_wide(outer + inner), stroke),
        fill(_wide(dark)),
        line(_wide([(1.5, top + 6.5), (2.95, top + 6.5)]), stroke * 0.8),
    )


def _first_stages(top: float, base: float, stroke: float) -> Shapes:
    """Four strap-on stages about the core: two at the sides, one in front."""
    right = _booster(top, base, stroke)
    front = [(0, top + 0.6), (0.55, top + 3.2), (1.3, base - 2.4), (1.3, base)]
    nozzle = fill(box(-1.0 * _BROADER, base, 2.0 * _BROADER, 1.1))
    return (*right, *mirrored(right), nozzle, *_body(front, stroke, 0.35))


def _truss(top: float, base: float, half: float, stroke: float) -> Shapes:
    """The open lattice between two stages."""
    xs = np.linspace(-half, half, 4)
    zigzag = [(x, top if k % 2 else base) for k, x in enumerate(xs)]
    zagzig = [(x, base if k % 2 else top) for k, x in enumerate(xs)]
    return tuple(line(_wide(z), stroke * 0.8) for z in (zigzag, zagzig))


def _flames(base: float, stroke: float, length: float = 9.0) -> Shapes:
    """Tongues of fire under the stages."""
    shapes: Shapes = ()
    for x, half, reach in ((-3.6, 1.05, 0.8), (3.6, 1.05, 0.8), (0, 1.2, 1.0)):
        y = base + 1.2
        tongue = [(x - half, y), (x - half * 1.15, y + length * reach * 0.35), (x, y + length * reach)]
        tongue += [(x + half * 1.15, y + length * reach * 0.35), (x + half, y)]
        core = [(x - half * 0.3, y), (x, y + length * reach * 0.6), (x + half * 0.3, y)]
        shapes += (line(smooth(_wide(tongue)), stroke), fill(_wide(core)))
    return shapes


SOYUZ_ROCKET_BOX = (-6.2 * _BROADER, -0.4, 12.4 * _BROADER, 60.0)


def soyuz_rocket(stroke: float = 0.5, flames: bool = True) -> Shapes:
    """The Soyuz launcher: escape tower, shroud, third stage, lattice, core and four first stages."""
    tower = [(0, 0), (0.28, 0.6), (0.28, 1.6), (0.62, 2.0), (0.62, 4.6), (0.3, 5.0), (0.3, 6.8), (0.8, 7.4)]
    shroud = [(0.75, 7.4), (1.2, 8.8), (1.6, 11.0), (1.6, 15.2), (1.36, 16.8)]
    third = [(1.36, 16.8), (1.36, 23.2)]
    core = [(1.36, 24.8), (1.5, 28.6), (1.15, 33.0), (1.0, 47.0)]
    return (
        *(_flames(48.6, stroke) if flames else ()),
        *_truss(23.2, 24.8, 1.3, stroke),
        *_body(core, stroke),
        *_first_stages(29.2, 48.6, stroke),
        *_body(third, stroke),
        line(_wide([(-1.36, 19.2), (1.36, 19.2)]), stroke * 0.8),
        *_body(shroud, stroke),
        line(_wide([(-1.6, 12.2), (1.6, 12.2)]), stroke * 0.8),
        fill(np.vstack([_wide(tower), _wide(tower)[::-1] * (-1, 1)])),
    )


VOSTOK_ROCKET_BOX = (-6.2 * _BROADER, 9.4, 12.4 * _BROADER, 50.6)


def vostok_rocket(stroke: float = 0.55) -> Shapes:
    """Gagarin's launcher: no tower, a blunt shroud over the ship, a short third stage on its lattice."""
    shroud = [(0, 10.0), (0.5, 10.3), (1.0, 11.6), (1.32, 13.6), (1.36, 18.0)]
    third = [(1.36, 18.0), (1.36, 21.4)]
    core = [(1.36, 23.6), (1.5, 27.6), (1.15, 32.0), (1.0, 47.0)]
    return (
        *_flames(48.6, stroke),
        *_truss(21.4, 23.6, 1.3, stroke),
        *_body(core, stroke),
        *_first_stages(28.4, 48.6, stroke),
        *_body(third, stroke),
        *_body(shroud, stroke),
        line(_wide([(-1.36, 18.0), (1.36, 18.0)]), stroke),
    )


# --- ships and stations -------------------------------------------------------------------------------


def panel(x: float, y: float, w: float, h: float, across: int, along: int, gap: float) -> Shapes:
    """A solar panel: dark, parted by white lines."""
    rows = tuple(line([(x, v), (x + w, v)], gap, ink=False) for v in np.linspace(y, y + h, along + 1)[1:-1])
    columns = tuple(
        line([(u, y), (u, y + h)], gap, ink=False) for u in np.linspace(x, x + w, across + 1)[1:-1]
    )
    return (fill(box(x, y, w, h)), *rows, *columns)


def soyuz_ship(stroke: float = 0.16) -> Shapes:
    """A Soyuz ship, nose left, its middle at the origin; about 8 long and 10.5 over its panels."""
    wing = (
        line([(2.1, -1.0), (2.1, -1.7)], stroke * 1.2),
        *panel(1.35, -5.2, 1.5, 3.6, 1, 4, stroke * 0.8),
    )
    orbital = arc(-2.35, 0, 1.3, 1.12)[:-1]
    descent = smooth([(-1.1, -0.72), (-0.75, -0.95), (0.2, -1.12), (0.95, -1.22)])
    descent = np.vstack([descent, descent[::-1] * (1, -1)])
    service = [(0.95, -1.22), (2.9, -1.22), (3.7, -1.5), (3.7, 1.5), (2.9, 1.22), (0.95, 1.22)]
    return (
        *wing,
        *(s for s in _flipped(wing)),
        line([(-4.6, 0), (-3.6, 0)], stroke * 1.6),
        *outlined(box(-3.95, -0.5, 0.5, 1.0), stroke),
        *outlined(service, stroke),
        fill([(0.95, 0.45), (2.9, 0.45), (3.7, 0.6), (3.7, 1.5), (2.9, 1.22), (0.95, 1.22)]),
        *(line([(x, -1.22), (x, 0.5)], stroke * 0.7) for x in (1.6, 2.9)),
        fill(box(3.7, -0.5, 0.35, 1.0)),
        *outlined(descent, stroke),
        fill(np.vstack([descent[len(descent) // 2 :], [(-1.1, 0.4), (0.95, 0.5)][::1]])),
        *outlined(orbital, stroke),
        fill(np.vstack([arc(-2.35, 0, 1.3, 1.12, 100, 250), arc(-2.35, 0, 1.2, 0.45, 250, 100)])),
        line(arc(-2.35, -0.25, 0.3), stroke * 0.8),
    )


def _flipped(shapes: Shapes) -> Shapes:
    """The same across the line y = 0."""
    from dataclasses import replace

    return tuple(replace(s, points=s.points * (1, -1)) for s in shapes)


def early_station(stroke: float = 0.16) -> Shapes:
    """The station of autumn 2000, the free end left: Zvezda and Zarya with their panels, and Unity."""
    shapes: Shapes = ()
    for x, half, reach in ((1.6, 0.95, 6.4), (7.6, 0.75, 4.6)):
        for side in (-1, 1):
            near, far = sorted((side * 1.5, side * reach))
            shapes += (
                line([(x, 0), (x, side * 1.7)], stroke * 1.3),
                *panel(x - half, near, 2 * half, far - near, 1, 6, stroke * 0.7),
            )
    bodies = (
        [(-2.4, -0.8), (-1.4, -0.8), (-0.9, -1.05), (1.2, -1.05), (1.6, -1.5), (4.2, -1.5), (4.2, 0)],
        [(4.2, 0), (4.2, -0.9), (4.8, -1.3), (9.2, -1.3), (9.9, -0.8), (9.9, 0)],
        [(9.9, 0), (9.9, -0.8), (10.4, -1.7), (13.2, -1.7), (13.8, -0.8), (14.6, -0.8), (14.6, 0)],
    )
    for upper in bodies:
        u = np.array(upper, np.float64)
        shapes += (
            *outlined(np.vstack([u, u[::-1] * (1, -1)]), stroke),
            fill(np.vstack([u * (1, -0.3), u[::-1] * (1, -1)])),
        )
    for x, half in ((-0.9, 1.05), (2.6, 1.5), (6.2, 1.3), (8.6, 1.3), (11.8, 1.7)):
        shapes += (line([(x, -half), (x, half * 0.3)], stroke * 0.8),)
    return (fill(box(-2.9, -0.55, 0.5, 1.1)), *shapes)


def station(stroke: float = 0.3) -> Shapes:
    """The station of 2008 from above: the truss with its wings across, the modules along; about 76 by 46."""
    shapes: Shapes = ()
    for x in (-34.0, -22.5, 17.5, 29.0):
        for side in (-1, 1):
            near, far = sorted((side * 2.6, side * 19.5))
            mast = (line([(x + 2.25, 0), (x + 2.25, far if side > 0 else near)], stroke * 1.3),)
            shapes += (*mast, *panel(x - 0.4, near, 2.3, far - near, 1, 9, stroke * 0.6))
            shapes += panel(x + 2.6, near, 2.3, far - near, 1, 9, stroke * 0.6)
    shapes += (*outlined(box(-36.5, -1.5, 73, 3.0), stroke),)
    for x in np.arange(-35.5, 36.0, 3.0):
        shapes += (
            line(
                [(x, -1.4), (x + 1.5, 1.4), (x + 3.0, -1.4)] if x < 33 else [(x, -1.4), (x, 1.4)],
                stroke * 0.7,
            ),
        )
    for x in (-12.2, 8.2):  # radiators
        shapes += (*outlined(box(x, 1.5, 4.0, 12.0), stroke),)
        shapes += tuple(
            line([(x, 1.5 + k * 2.4), (x + 4.0, 1.5 + k * 2.4)], stroke * 0.7) for k in range(1, 5)
        )
    for side in (-1, 1):  # Zvezda's and Zarya's own panels
        near, far = sorted((side * 2.4, side * 10.0))
        shapes += panel(near, 14.6, far - near, 2.6, 5, 1, stroke * 0.6)
    modules = [(-2.3, -14.5, 4.6, 7.5), (-2.6, -7.2, 5.2, 6.5), (-2.4, -0.9, 4.8, 7.4), (-1.9, 6.4, 3.8, 7.2)]
    modules += [(-2.2, 13.4, 4.4, 8.4), (-9.2, -13.6, 7.0, 4.0), (2.2, -13.6, 8.0, 4.4)]
    for x, y, w, h in modules:
        shapes += (*outlined(box(x, y, w, h), stroke), fill(box(x + w - 1.3, y, 1.3, h)))
    tail = [(-0.9, 21.8), (0.9, 21.8), (1.3, 24.0), (0.6, 26.0), (-0.6, 26.0), (-1.3, 24.0)]
    return (*shapes, *outlined(tail, stroke))


def sputnik(stroke: float = 0.13) -> Shapes:
    """The first satellite: a sphere of radius 1 at the origin, four aerials swept back, its signal ahead."""
    aerials: Shapes = ()
    for start, end in (
        ((0.5, -0.8), (3.1, -2.6)),
        ((0.75, -0.5), (3.6, -1.2)),
        ((0.75, 0.5), (3.6, 1.2)),
        ((0.5, 0.8), (3.1, 2.6)),
    ):
        aerials += (line([start, end], stroke * 1.3),)
    waves = tuple(
        line(arc(0, 0, r, start=270 - half, end=270 + half), stroke * 1.2)
        for r, half in ((1.7, 30), (2.3, 28), (2.9, 26))
    )
    dark = fill(np.vstack([arc(0, 0, 1, start=40, end=220), arc(0.0, 0.0, 0.72, 1.0, 220, 40, 0)]))
    return (
        *aerials,
        *waves,
        *outlined(arc(0, 0, 1)[:-1], stroke),
        dark,
        line(arc(0, 0, 0.62, start=285, end=330), stroke),
    )
