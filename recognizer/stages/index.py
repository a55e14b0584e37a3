"""The library made searchable: every reference of every mark in standard form, with its features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from recognizer.geometry import Box
from recognizer.imaging.features import Features, Floats, describe
from recognizer.imaging.polar import Spectra
from recognizer.imaging.shortlist import Shortlist, build
from recognizer.records import MarkSpec
from recognizer.stages.compare import Network, shrink, stacked, views
from recognizer.stages.portrait import SIDE_PX, Portrait, darkness, portray
from recognizer.stages.strikes import LiftParams
from recognizer.stages.wording import Wording, extent
from recognizer.types import Gray, Ink, LearntStrike, Mark

SLACK = 1.08  # features may lie this far outside the core: boxes are drawn a little tight
DATE_VOICE = 0.2  # what a feature in the date zone counts: not nothing, since zones are a little off
MIDDLE = 0.25  # of the longer side: where most dies have their date
MIDDLE_VOICE = 0.5  # many have a picture there instead


@dataclass(frozen=True, eq=False)
class DrawnDie:
    """The drawing a reference was made from."""

    ink: Ink

    @cached_property
    def picture(self) -> Gray:
        """It in standard form, 100 kB, made when it is first compared with another."""
        return portray(self.ink, extent(self.ink)).picture

    @property
    def nbytes(self) -> int:
        """Memory of it and of its picture, once that is made."""
        picture = self.__dict__.get("picture")
        return self.ink.nbytes + (0 if picture is None else picture.nbytes)


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """One picture of a mark: a learnt strike, or its drawn ``die``."""

    mark: str
    features: Features
    voices: Floats  # (N,) how much each feature counts, 0-1
    half: tuple[float, float]  # half the core's width and height in standard form
    wording: Wording | None = None  # what it says, None without a reader
    die: DrawnDie | None = None  # None for a learnt strike
    strike: int | None = None  # number of the learnt strike among its mark's

    @property
    def drawn(self) -> bool:
        return self.die is not None


@dataclass(frozen=True, eq=False, slots=True)
class MarkIndex:
    """A library ready to be asked.

    ``maps`` are the learned matcher's spectra of the references, (F, C, R), None without it. ``described``
    are marks without any picture: named by reading alone.
    """

    references: tuple[Reference, ...]
    shortlist: Shortlist
    maps: Spectra | None
    specs: Mapping[str, MarkSpec]
    described: tuple[str, ...]
    matcher: Network | None
    calibration: Mapping[str, Any] | None
    reader: Network | None = None


def index_marks(
    marks: Iterable[Mark],
    matcher: Any = None,
    calibration: Any = None,
    reader: Any = None,
    always: bool = False,
) -> MarkIndex:
    """Prepare marks for ``identify``: about 25 ms and 80 kB a reference picture, 100 kB more of a drawing.

    ``matcher`` and ``reader`` are the learned networks, called with arrays; ``calibration`` has the
    coefficients of the probability in its ``spec``. Without them local features and a cautious prior answer
    alone. The matcher is asked only in a library with drawn dies, unless ``always``: between two real
    strikes local features alone were right more often (models/strike-matcher/CARD.md, ablation). References
    are read when they first stand among the foremost, about 35 ms each.
    """
    marks = list(marks)
    if not always and all(mark.die is None or mark.spec.status == "learnt" for mark in marks):
        matcher = None
    specs: dict[str, MarkSpec] = {}
    described, references, maps = [], [], []
    for mark in marks:
        specs[mark.id] = mark.spec
        if mark.described_only:
            described.append(mark.id)
        for n, (drawn, portrait, picture) in enumerate(_portraits(mark)):
            wording = Wording(picture, reader) if reader is not None else None
            die = DrawnDie(mark.die) if drawn and mark.die is not None else None
            strike = n if n < len(mark.strikes) else None
            references.append(_reference(mark.spec, portrait, wording, die, strike))
            if matcher is not None:
                maps.append(map_of(portrait, matcher, several=False))
    return MarkIndex(
        tuple(references),
        build([r.features for r in references], SIDE_PX),
        stacked(maps) if matcher is not None else None,
        specs,
        tuple(described),
        matcher,
        calibration.spec if calibration else None,
        reader,
    )


def portrait_of(strike: LearntStrike) -> Portrait:
    """A learnt strike in standard form, seen with as much around it as one that is asked for."""
    height, width = strike.pixels.shape[:2]
    around = strike.core.grown(LiftParams().margin * max(strike.core.w, strike.core.h))
    rows, columns = around.slices(width, height)
    core = Box(strike.core.x - columns.start, strike.core.y - rows.start, strike.core.w, strike.core.h)
    return portray(darkness(np.ascontiguousarray(strike.pixels[rows, columns]), core), core)


def map_of(portrait: Portrait, matcher: Network, several: bool) -> Spectra:
    """The matcher's spectra of a portrait, (V, C, F)."""
    small, to_small = shrink(portrait.picture)
    half = max(portrait.half_w, portrait.half_h) * float(to_small.matrix[0, 0])
    return views(small, half, matcher, several)


def _portraits(mark: Mark) -> list[tuple[bool, Portrait, LearntStrike | Ink]]:
    """Each learnt strike and the drawn die; a consensus picture of learnt strikes is no drawing."""
    found: list[tuple[bool, Portrait, LearntStrike | Ink]] = [
        (False, portrait_of(strike), strike) for strike in mark.strikes
    ]
    if mark.die is not None:
        drawn = mark.spec.status != "learnt" or not mark.strikes
        found.append((drawn, portray(mark.die, extent(mark.die)), mark.die))
    return found


def _reference(
    spec: MarkSpec,
    portrait: Portrait,
    wording: Wording | None,
    die: DrawnDie | None,
    strike: int | None = None,
) -> Reference:
    features = describe(portrait.picture, portrait.half_w * SLACK, portrait.half_h * SLACK)
    half = (portrait.half_w, portrait.half_h)
    voices = voices_of(features.places, half, spec, die is not None)
    return Reference(spec.id, features, voices, half, wording, die, strike)


def voices_of(places: Floats, half: tuple[float, float], spec: MarkSpec, drawn: bool) -> Floats:
    """How much features at ``places`` (N, 2), from the centre, count: less where the movable date stands.

    Where a strike's date zone is not known it is taken to be the middle. Drawings have no date in them.
    """
    if drawn or spec.date.movable is False:
        return np.ones(len(places), np.float32)
    if spec.date.zone is None:
        middle = np.hypot(places[:, 0], places[:, 1]) < MIDDLE * 2 * max(half)
        return np.where(middle, MIDDLE_VOICE, 1.0).astype(np.float32)
    x, y, w, h = spec.date.zone
    u, v = ((places / np.array(half)) + 1).T / 2
    date = (u > x) & (u < x + w) & (v > y) & (v < y + h)
    return np.where(date, DATE_VOICE, 1.0).astype(np.float32)
