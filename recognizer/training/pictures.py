"""The pictures on dies, by name: composed once, each a drawing in the unit square.

PICTURES["soyuz-rocket"].aspect         # width over height the picture is meant for
PICTURES["soyuz-rocket"].shapes         # fills, clearings and lines in the order they are drawn
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np

from recognizer.geometry import Points
from recognizer.training.figures import cosmonaut, flag_of_europe, flag_of_russia
from recognizer.training.globe import globe, limb
from recognizer.training.outline import Picture, Shapes, arc, fill, fit, line, mirrored, moved, runs, star
from recognizer.training.spacecraft import (
    SOYUZ_ROCKET_BOX,
    VOSTOK_ROCKET_BOX,
    early_station,
    soyuz_rocket,
    soyuz_ship,
    sputnik,
    station,
    vostok_rocket,
)


def _stars(*places: tuple[float, float, float]) -> Shapes:
    """Small four-pointed stars: x, y, size."""
    return tuple(fill(star(x, y, r, 4, 0.28)) for x, y, r in places)


def _soyuz_rocket() -> Picture:
    return fit(soyuz_rocket(), SOYUZ_ROCKET_BOX)


def _vostok_rocket() -> Picture:
    return fit(vostok_rocket(), VOSTOK_ROCKET_BOX)


def _spacecraft_orbit() -> Picture:
    """A ship on its orbit above the curved edge of the planet."""
    planet = moved(limb(9.2, 54.0, 0.14), y=4.7, x=8.0)
    far, near = _halves(arc(8.0, 5.0, 8.1, 2.5, turn=-10))
    ship = moved(soyuz_ship(0.2), scale=0.84, angle_deg=-13, x=8.2, y=2.3)
    sky = _stars((1.4, 0.9, 0.42), (13.6, 0.3, 0.5), (3.7, 1.9, 0.26), (15.3, 1.6, 0.28), (4.4, -0.6, 0.3))
    return fit((line(far, 0.13), *planet, *_over(near, 0.13), *sky, *ship), (0.0, -2.2, 16.0, 11.2))


def _rocket_orbit_earth() -> Picture:
    """The rocket climbs before the globe, which an orbit with a ship on it circles."""
    earth = moved(globe(), scale=5.0, x=11.6, y=10.6)
    orbit = arc(11.6, 10.6, 8.2, 2.9, turn=-24)
    rocket = moved(soyuz_rocket(0.55), scale=0.27, x=4.1, y=1.4)
    ship = moved(soyuz_ship(0.2), scale=0.42, angle_deg=-32, x=17.6, y=5.4)
    sky = _stars((8.2, 2.0, 0.5), (12.9, 2.6, 0.4), (1.2, 9.0, 0.4), (18.9, 12.6, 0.36), (15.8, 1.9, 0.28))
    return fit((*earth, *_round(orbit, 11.6, 10.6, 5.0), *sky, *ship, *rocket), (0.0, 1.0, 20.0, 17.0))


def _halves(orbit: Points) -> tuple[Points, Points]:
    """The far (upper) and the near (lower) half of an orbit that ``arc`` drew."""
    order = np.roll(orbit[:-1], len(orbit) // 4, 0)
    middle = len(order) // 2
    return order[: middle + 1], np.vstack([order[middle:], order[:1]])


def _over(points: Points, width: float) -> Shapes:
    """A line that keeps a little white on either side where it crosses others."""
    return line(points[4:-4], width * 3.6, ink=False), line(points, width)


def _round(orbit: Points, x: float, y: float, r: float) -> Shapes:
    """An orbit round a globe: its upper half goes behind, where the globe hides it."""
    far, near = _halves(orbit)
    seen = runs(np.hypot(far[:, 0] - x, far[:, 1] - y) > r)
    return (*_over(near, 0.17), *(line(far[part], 0.17) for part in seen))


def _soyuz_circling_earth() -> Picture:
    """The globe with a ship circling it on an inclined orbit."""
    earth = moved(globe(), scale=6.4, x=11, y=11)
    orbit = arc(11, 11, 10.4, 3.6, turn=-28)
    ship = moved(soyuz_ship(0.19), scale=0.62, angle_deg=-40, x=17.9, y=4.6)
    sky = _stars((4.4, 3.6, 0.6), (8.4, 2.2, 0.36), (19.4, 15.2, 0.5), (15.6, 19.4, 0.4), (2.4, 8.6, 0.3))
    return fit((*earth, *_round(orbit, 11, 11, 6.4), *sky, *ship), (0.0, 0.0, 22.0, 22.0))


def _soyuz_docking_iss() -> Picture:
    """A ship comes up to the station of autumn 2000 above the edge of the planet."""
    planet = moved(limb(34.0, 27.0, 0.15), x=17.0, y=10.7)
    ship = moved(mirrored(soyuz_ship(0.2)), scale=0.86, x=5.8, y=6.4)
    complex_ = moved(early_station(0.2), scale=1.02, x=16.6, y=6.4)
    sky = _stars((2.0, 1.6, 0.6), (10.6, 2.2, 0.4), (21.6, 1.0, 0.4), (30.6, 2.2, 0.5), (12.6, 0.7, 0.26))
    return fit((*planet, *sky, *complex_, *ship), (0.0, -0.4, 34.0, 16.0))


def _iss() -> Picture:
    return fit(station(), (-39.0, -22.0, 78.0, 49.0))


def _cosmonaut() -> Picture:
    return fit(cosmonaut(), (-1.16, -0.92, 2.32, 2.54))


def _sputnik() -> Picture:
    return fit(moved(sputnik(), angle_deg=-52), (-2.7, -4.15, 6.8, 7.1))


def _flag(draw: Callable[[], Shapes]) -> Callable[[], Picture]:
    return lambda: fit(draw(), (-0.3, -0.6, 3.5, 3.8))


_DRAWN: dict[str, Callable[[], Picture]] = {
    "soyuz-rocket": _soyuz_rocket,
    "vostok-rocket": _vostok_rocket,
    "spacecraft-orbit": _spacecraft_orbit,
    "rocket-orbit-earth": _rocket_orbit_earth,
    "soyuz-circling-earth": _soyuz_circling_earth,
    "soyuz-docking-iss": _soyuz_docking_iss,
    "iss": _iss,
    "cosmonaut": _cosmonaut,
    "sputnik": _sputnik,
    "flag-russia": _flag(flag_of_russia),
    "flag-europe": _flag(flag_of_europe),
    "globe": lambda: fit(globe(), (-1.04, -1.04, 2.08, 2.08)),
}


class _Pictures(Mapping[str, Picture]):
    """By name, drawn when first asked for."""

    @staticmethod
    @cache
    def _draw(name: str) -> Picture:
        return _DRAWN[name]()

    def __getitem__(self, name: str) -> Picture:
        return self._draw(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_DRAWN)

    def __len__(self) -> int:
        return len(_DRAWN)


PICTURES: Mapping[str, Picture] = _Pictures()
