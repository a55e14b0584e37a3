"""Which die of the library made a strike, or none of them.

    index = index_marks(library.marks.values(), matcher, calibration)
    named = identify(strike, index)             # strike from lift_strike
    named.known, named.best.mark, named.best.probability

The references that may fit are laid on the strike by local features under a constrained pose; the learned
matcher looks at the best few laid over the strike; what both say becomes one calibrated probability. Marks
known by description alone come in through what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from recognizer.geometry import Homography, Points
from recognizer.imaging.features import Features, PoseParams, describe, find_pose
from recognizer.imaging.shortlist import nearest
from recognizer.records import MarkSpec
from recognizer.stages.compare import alike, shrink
from recognizer.stages.evidence import Evidence, goodness, probabilities, weights_of
from recognizer.stages.index import SLACK, MarkIndex, Reference, index_marks
from recognizer.stages.legend import LegendReading, rank_by_legend
from recognizer.stages.portrait import SIDE_PX, Portrait, darkness, portray
from recognizer.types import Identification, Match, Strike

__all__ = ["IdentifyParams", "MarkIndex", "gather", "identify", "index_marks"]


@dataclass(frozen=True, slots=True)
class IdentifyParams:
    """Defaults of naming."""

    pose: PoseParams = field(default_factory=PoseParams)
    laid: int = 30  # references laid on the strike; the right one is among the first 10 of 45 always
    compared: int = 6  # marks the matcher looks at, by their best references
    references: int = 2  # of each of these marks
    answers: int = 5  # candidates listed
    known_from: float = 0.5  # probability from which the best candidate is trusted


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A mark, its best reference laid on the strike, and what speaks for it."""

    reference: Reference
    evidence: Evidence
    pose: Homography | None  # from the reference's standard form to the strike's

    @property
    def mark(self) -> str:
        return self.reference.mark


def identify(
    strike: Strike,
    index: MarkIndex,
    reading: LegendReading | None = None,
    params: IdentifyParams | None = None,
) -> Identification:
    """Name the die of ``strike`` (from ``lift_strike``) among the marks of ``index``.

    ``reading`` (from ``read_legend``) names marks known by their words alone. Poses map the reference picture
    (learnt crop or die) to the strike's crop; outlines are in the crop.
    """
    p = params or IdentifyParams()
    portrait = portray(darkness(strike.pixels, strike.core), strike.core)
    candidates = gather(portrait, index, p)
    weights = weights_of(index.calibration, index.matcher is not None)
    goods = goodness([c.evidence for c in candidates], weights)
    order = np.argsort(-goods, kind="stable")[: p.answers]
    sure = probabilities([float(goods[i]) for i in order], weights)
    matches = [
        _match(candidates[i], float(goods[i]), probability, portrait)
        for i, probability in zip(order, sure, strict=True)
    ]
    return _answer([*matches, *_by_reading(index, reading)], p)


def gather(portrait: Portrait, index: MarkIndex, p: IdentifyParams) -> list[Candidate]:
    """The marks that may have made the strike and what speaks for each, most local features first."""
    asked = describe(portrait.picture, portrait.half_w * SLACK, portrait.half_h * SLACK)
    if not index.references:
        return []
    tried = nearest(asked, index.shortlist, p.laid)
    laid = [_lay(asked, index.references[n], portrait.middle, p) for n in tried]
    by_mark: dict[str, list[Candidate]] = {}
    for candidate in sorted(laid, key=lambda c: -c.evidence.features):
        by_mark.setdefault(candidate.mark, []).append(candidate)
    if index.matcher is None:
        return [several[0] for several in by_mark.values()]
    return _compared(portrait, list(by_mark.values()), index, p)


def _lay(asked: Features, reference: Reference, middle: float, p: IdentifyParams) -> Candidate:
    """A reference laid on the strike as well as it goes."""
    pose = find_pose(asked, reference.features, SIDE_PX, p.pose)
    if pose is None:
        return Candidate(reference, Evidence(0.0, 0.0, 0.0, reference.drawn), None)
    centred = Homography.affine(pose.matrix.T)
    shift = Homography.shift(middle, middle)
    back = shift.inverse().then(centred).then(shift).inverse()
    share = len(pose.pairs) / max(len(reference.features), 1)
    return Candidate(reference, Evidence(pose.score, share, 0.0, reference.drawn), back)


def _compared(
    portrait: Portrait, by_mark: Sequence[Sequence[Candidate]], index: MarkIndex, p: IdentifyParams
) -> list[Candidate]:
    """The foremost marks with what the matcher says of them; the others are left out."""
    assert index.matcher is not None
    foremost = [[c for c in several[: p.references] if c.pose] for several in by_mark[: p.compared]]
    asked = [c for several in foremost for c in several]
    if not asked:
        return [several[0] for several in by_mark[: p.compared]]
    picture, to_small = shrink(portrait.picture)
    poses = [to_small.inverse().then(c.pose.inverse()).then(to_small) for c in asked if c.pose]
    logits = iter(alike(picture, [c.reference.picture for c in asked], poses, index.matcher))
    found = []
    for several in foremost:
        if not several:
            continue
        said = [float(next(logits)) for _ in several]
        e = several[int(np.argmax(said))].evidence
        best = several[int(np.argmax(said))]
        strongest = max(c.evidence.features for c in several)
        evidence = Evidence(strongest, e.share, max(said), e.drawn)
        found.append(Candidate(best.reference, evidence, best.pose))
    return found


def _by_reading(index: MarkIndex, reading: LegendReading | None) -> list[Match]:
    """Marks without a picture, by what was read."""
    if reading is None or not index.described:
        return []
    specs: Mapping[str, MarkSpec] = {mark: index.specs[mark] for mark in index.described}
    return [Match(c.mark, c.score, c.probability) for c in rank_by_legend(reading, specs)]


def _answer(matches: Sequence[Match], p: IdentifyParams) -> Identification:
    ranked = sorted(matches, key=lambda m: -m.probability)[: p.answers]
    return Identification(bool(ranked) and ranked[0].probability >= p.known_from, tuple(ranked))


def _match(candidate: Candidate, score: float, probability: float, portrait: Portrait) -> Match:
    if candidate.pose is None:
        return Match(candidate.mark, score, probability)
    to_crop = candidate.pose.then(portrait.from_crop.inverse())
    return Match(
        candidate.mark,
        score,
        probability,
        candidate.reference.from_picture.then(to_crop),
        to_crop.apply(_rim(candidate.reference, portrait.middle)),
    )


def _rim(reference: Reference, middle: float) -> Points:
    """The core's outline in standard form: an ellipse where it is about as wide as high, else its box."""
    w, h = reference.half
    if 0.85 < w / max(h, 1e-9) < 1.18:
        t = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        return np.column_stack([w * np.cos(t), h * np.sin(t)]) + middle
    return np.array([[-w, -h], [w, -h], [w, h], [-w, h]], np.float64) + middle
