"""What the strike matcher is trained on: families of near-twins, each struck several times, in standard form.

A *family* is a random die and near-twins of it. All its dies are struck with the same few settings of the
wheels, so that a date two strikes share says nothing about their die. Strikes go through the same cutting and
evening out as at run time (``stages/portrait.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.stages.compare import PICTURE_PX, shrink
from recognizer.stages.portrait import darkness, portray
from recognizer.training.designs import Design, near_twin, random_design, random_wheels
from recognizer.training.press import StrikeSample, press_strike, reference
from recognizer.types import Gray

DIES = 4  # dies of a family, the first one and its near-twins
STRIKES = 4  # strikes a die, each with its own setting of the wheels
WEARS = ("ordinary", "ordinary", "severe")


@dataclass(frozen=True, eq=False, slots=True)
class Family:
    """Dies x (strikes, then the drawing last) pictures, and where each lies.

    ``pictures`` (D, S + 1, P, P) uint8, ink bright. ``poses`` (D, S + 1, 3, 3) float64: die millimetres to
    picture pixels. ``kind`` is the design family's name, ``size_mm`` its width and height.
    """

    kind: str
    size_mm: tuple[float, float]
    pictures: NDArray[np.uint8]
    poses: NDArray[np.float64]


def families(seed: int) -> Iterator[Family]:
    """Families without end; the same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    while True:
        yield make_family(rng)


def make_family(rng: np.random.Generator, kind: str | None = None) -> Family:
    """One family: draw its dies, strike them, bring all to standard form."""
    dies = [random_design(rng, kind)]
    while len(dies) < DIES:
        dies.append(near_twin(dies[int(rng.integers(len(dies)))], rng))
    settings = [random_wheels(rng, dies[0]) for _ in range(STRIKES)]
    pictures = np.zeros((DIES, STRIKES + 1, PICTURE_PX, PICTURE_PX), np.uint8)
    poses = np.zeros((DIES, STRIKES + 1, 3, 3))
    for d, die in enumerate(dies):
        for s, wheels in enumerate(settings):
            side = int(rng.integers(90, 280))
            wear = WEARS[int(rng.integers(len(WEARS)))]
            sample = press_strike(rng, die, side, wear, wheels)
            pictures[d, s], poses[d, s] = standard_form(sample, rng)
        pictures[d, STRIKES], poses[d, STRIKES] = drawing(die)
    return Family(dies[0].family, dies[0].size_mm, pictures, poses)


def standard_form(sample: StrikeSample, rng: np.random.Generator) -> tuple[Gray, NDArray[np.float64]]:
    """A strike as the matcher sees it, its box a little off as finders are, and its pose."""
    true = Box.around(sample.outline())
    off = rng.normal(0, 0.03, 4) * max(true.w, true.h)
    box = Box(true.x + off[0], true.y + off[1], true.w + off[2], true.h + off[3])
    portrait = portray(darkness(sample.pixels, box), box)
    picture, scale = shrink(portrait.picture)
    return picture, sample.to_crop.then(portrait.from_crop).then(scale).matrix


def drawing(die: Design) -> tuple[Gray, NDArray[np.float64]]:
    """The die drawn, wheels empty, as the matcher sees it, and its pose."""
    side = 320
    ink = reference(die, side)
    rows, columns = np.nonzero(ink > 127)
    core = Box(columns.min(), rows.min(), np.ptp(columns) + 1.0, np.ptp(rows) + 1.0)
    portrait = portray(ink, core)
    picture, scale = shrink(portrait.picture)
    mm = side * (1 - 2 * 0.06) / max(die.size_mm)
    pose = Homography.similarity(mm, 0, side / 2 - 0.5, side / 2 - 0.5)
    return picture, pose.then(portrait.from_crop).then(scale).matrix
