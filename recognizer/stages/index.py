"""The library made searchable: every reference of every mark in standard form, with its features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recognizer.geometry import Box, Homography
from recognizer.imaging.features import Features, describe
from recognizer.imaging.shortlist import Shortlist, build
from recognizer.records import MarkSpec
from recognizer.stages.compare import Network, shrink
from recognizer.stages.portrait import SIDE_PX, Portrait, darkness, portray
from recognizer.types import Gray, Ink, LearntStrike, Mark

SLACK = 1.08  # features may lie this far outside the core: boxes are drawn a little tight


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """One picture of a mark: a learnt strike, or its drawn die (``drawn``)."""

    mark: str
    drawn: bool
    features: Features
    picture: Gray  # small, for comparing
    half: tuple[float, float]  # half the core's width and height in standard form
    from_picture: Homography  # from the learnt crop's or the die's pixels to standard form


@dataclass(frozen=True, eq=False, slots=True)
class MarkIndex:
    """A library ready to be asked. ``described`` are marks without any picture: named by reading alone."""

    references: tuple[Reference, ...]
    shortlist: Shortlist
    specs: Mapping[str, MarkSpec]
    described: tuple[str, ...]
    matcher: Network | None = None
    calibration: Mapping[str, Any] | None = None


def index_marks(marks: Iterable[Mark], matcher: Any = None, calibration: Any = None) -> MarkIndex:
    """Prepare marks for ``identify``: about 20 ms and 75 kB a reference picture.

    ``matcher`` is the learned strike matcher, called with arrays; ``calibration`` has the coefficients of the
    probability in its ``spec``. Without them local features and a cautious prior answer alone.
    """
    references: list[Reference] = []
    specs: dict[str, MarkSpec] = {}
    described = []
    for mark in marks:
        specs[mark.id] = mark.spec
        if mark.described_only:
            described.append(mark.id)
        references += [_learnt(mark.id, strike) for strike in mark.strikes]
        if mark.die is not None:
            references.append(_drawn(mark.id, mark.die))
    return MarkIndex(
        tuple(references),
        build([r.features for r in references], SIDE_PX),
        specs,
        tuple(described),
        matcher,
        calibration.spec if calibration else None,
    )


def _learnt(mark: str, strike: LearntStrike) -> Reference:
    return _reference(mark, False, portray(darkness(strike.pixels, strike.core), strike.core))


def _drawn(mark: str, die: Ink) -> Reference:
    rows, columns = np.nonzero(die > 127)
    if not len(rows):
        return _reference(mark, True, portray(die, Box(0, 0, die.shape[1], die.shape[0])))
    core = Box(columns.min(), rows.min(), np.ptp(columns) + 1.0, np.ptp(rows) + 1.0)
    return _reference(mark, True, portray(die, core))


def _reference(mark: str, drawn: bool, portrait: Portrait) -> Reference:
    features = describe(portrait.picture, portrait.half_w * SLACK, portrait.half_h * SLACK)
    half = (portrait.half_w, portrait.half_h)
    return Reference(mark, drawn, features, shrink(portrait.picture)[0], half, portrait.from_crop)
