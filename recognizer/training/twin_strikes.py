"""Strikes of near-twins where their dies differ, as the network that compares them there is taught it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.records import MarkSpec, Names
from recognizer.sources.models import Model
from recognizer.stages.candidates import IdentifyParams, gather
from recognizer.stages.difference import laid_alike, windows_on
from recognizer.stages.evidence import goodness, weights_of
from recognizer.stages.index import MarkIndex, index_marks
from recognizer.stages.portrait import Portrait, darkness, portray
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import Design, near_twin, random_design
from recognizer.training.draft import chance
from recognizer.training.press import press_strike, reference
from recognizer.types import Mark

DRAWING_PX = 320
_STRIKES = 6  # of one pair of dies
_SEVERE = 0.35  # share of strikes
_BOX_OFF = 0.02  # deviation of each side of a found box, of the strike's longer one
_PARAMS = IdentifyParams()
_MARKS = ("one", "other")


@dataclass(frozen=True, eq=False, slots=True)
class TwinStrike:
    """A strike beside the die that is foremost and its twin, where these differ."""

    windows: NDArray[np.uint8]  # (n, 3, WINDOW, WINDOW), see ``windows_on``
    own: bool  # that the foremost die made it
    lead: float  # log odds by which that one is ahead of its twin otherwise
    severe: bool


@dataclass(frozen=True, eq=False, slots=True)
class _Pair:
    dies: tuple[Design, Design]
    index: MarkIndex


@dataclass
class TwinStrikes:
    """Such strikes without end, found as strikes are named: by ``matcher`` and ``calibration``."""

    matcher: Model
    calibration: Model
    _pair: _Pair | None = None
    _left: int = field(default=0)

    def __call__(self, rng: Generator) -> TwinStrike:
        while True:
            if self._pair is None or not self._left:
                self._pair, self._left = self._struck_pair(rng), _STRIKES
            self._left -= 1
            strike = self._strike(rng, self._pair)
            if strike is not None:
                return strike

    def _struck_pair(self, rng: Generator) -> _Pair:
        first = random_design(rng)
        dies = first, near_twin(first, rng)
        marks = [_mark(name, die) for name, die in zip(_MARKS, dies, strict=True)]
        return _Pair(dies, index_marks(marks, self.matcher, self.calibration, None, always=True))

    def _strike(self, rng: Generator, pair: _Pair) -> TwinStrike | None:
        """One strike of a pair; None where the two are not compared."""
        own, severe = int(rng.integers(2)), chance(rng, _SEVERE)
        portrait = _portrait(rng, pair.dies[own], "severe" if severe else "ordinary")
        candidates = gather(portrait, pair.index, _PARAMS)
        weights = weights_of(self.calibration.spec, learned=True)
        goods = goodness([c.evidence for c in candidates], weights)
        if len(candidates) < 2:
            return None
        first, other = (candidates[i] for i in np.argsort(-goods, kind="stable"))
        one, two = first.reference.die, other.reference.die
        if first.pose is None or one is None or two is None:
            return None
        between = Homography.identity() if other.pose is None else other.pose.then(first.pose.inverse())
        p = _PARAMS.difference
        laid = laid_alike(portrait.picture, one.picture, two.picture, first.pose, between, p)
        windows = np.zeros(0) if laid is None else windows_on(laid, p)
        if not len(windows):
            return None
        pixels = np.round(windows * 255).astype(np.uint8)
        return TwinStrike(pixels, first.mark == _MARKS[own], float(abs(goods[0] - goods[1])), severe)


def _mark(name: str, die: Design) -> Mark:
    spec = MarkSpec(id=name, name=Names(en=name), status="reconstruction")
    return Mark(spec, reference(die, DRAWING_PX), ())


def _portrait(rng: Generator, die: Design, wear: str) -> Portrait:
    """A strike in standard form, 110 to 330 pixels wide, its box a little off."""
    sample = press_strike(rng, die, int(rng.integers(110, 330)), wear)
    true = Box.around(sample.outline())
    off = rng.normal(0, _BOX_OFF, 4) * max(true.w, true.h)
    height, width = sample.pixels.shape[:2]
    box = Box(true.x + off[0], true.y + off[1], true.w + off[2], true.h + off[3]).clipped(width, height)
    strike = lift_strike(sample.pixels, box, None)
    return portray(darkness(strike.pixels, strike.core), strike.core)
