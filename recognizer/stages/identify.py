"""Which die of the library made a strike, or none of them.

    index = index_marks(library.marks.values())
    named = identify(strike, index)             # strike from lift_strike
    named.known, named.best.mark, named.best.probability

Every reference that may fit is laid on the strike by local features under a constrained pose; what they agree
on is the score; a logistic function of the score and its gap to the runner-up is the probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognizer.geometry import Homography, Points
from recognizer.imaging.features import PoseParams, describe, find_pose
from recognizer.stages.index import SLACK, MarkIndex, Reference, index_marks
from recognizer.stages.portrait import SIDE_PX, Portrait, darkness, portray
from recognizer.types import Identification, Match, Strike

__all__ = ["IdentifyParams", "MarkIndex", "identify", "index_marks"]


@dataclass(frozen=True, slots=True)
class IdentifyParams:
    """Defaults of naming."""

    pose: PoseParams = PoseParams()
    answers: int = 5  # candidates listed
    known_from: float = 0.5  # probability from which the best candidate is trusted
    # Cautious prior until a calibration is given: strikes of other dies of one style reach a score of 15.
    half_score: float = 16.0
    score_unit: float = 2.5
    half_gap: float = 3.0
    gap_unit: float = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A reference laid on the strike."""

    reference: Reference
    score: float
    pose: Homography | None  # from the reference's standard form to the strike's


def identify(
    strike: Strike, index: MarkIndex, reading: object = None, params: IdentifyParams | None = None
) -> Identification:
    """Name the die of ``strike`` (from ``lift_strike``) among the marks of ``index``.

    Poses map the reference picture (learnt crop or die) to the strike's crop; outlines are in the crop.
    """
    p = params or IdentifyParams()
    portrait = portray(darkness(strike.pixels, strike.core), strike.core)
    best = _best_of_each_mark(_lay(portrait, index, p))
    if not best:
        return Identification(False, ())
    probabilities = _probabilities([c.score for c in best], p)
    matches = tuple(
        _match(c, probability, portrait)
        for c, probability in zip(best[: p.answers], probabilities, strict=False)
    )
    return Identification(probabilities[0] >= p.known_from, matches)


def _lay(portrait: Portrait, index: MarkIndex, p: IdentifyParams) -> list[Candidate]:
    """Every reference laid on the strike as well as it goes."""
    asked = describe(portrait.picture, portrait.half_w * SLACK, portrait.half_h * SLACK)
    laid = []
    for reference in index.references:
        pose = find_pose(asked, reference.features, SIDE_PX, p.pose)
        if pose is None:
            laid.append(Candidate(reference, 0.0, None))
            continue
        to_known = Homography.affine(pose.matrix.T)
        middle = Homography.shift(portrait.middle, portrait.middle)
        back = middle.inverse().then(to_known).then(middle).inverse()
        laid.append(Candidate(reference, pose.score, back))
    return laid


def _best_of_each_mark(laid: list[Candidate]) -> list[Candidate]:
    """The best reference of every mark, best mark first."""
    best: dict[str, Candidate] = {}
    for candidate in laid:
        mark = candidate.reference.mark
        if mark not in best or candidate.score > best[mark].score:
            best[mark] = candidate
    return sorted(best.values(), key=lambda c: -c.score)


def _probabilities(scores: list[float], p: IdentifyParams) -> list[float]:
    """Of the candidates, best first: that it is this one. The rest share what the best leaves, by score."""
    first, second = scores[0], scores[1] if len(scores) > 1 else 0.0
    strong = (first - p.half_score) / p.score_unit
    apart = (first - second - p.half_gap) / p.gap_unit
    top = float(1 / ((1 + np.exp(-strong)) * (1 + np.exp(-apart))))
    shares = np.array(scores[1:]) / max(sum(scores), 1e-9)
    return [top, *((1 - top) * shares).tolist()]


def _match(candidate: Candidate, probability: float, portrait: Portrait) -> Match:
    if candidate.pose is None:
        return Match(candidate.reference.mark, candidate.score, probability)
    to_crop = candidate.pose.then(portrait.from_crop.inverse())
    return Match(
        candidate.reference.mark,
        candidate.score,
        probability,
        candidate.reference.to_picture.inverse().then(to_crop),
        to_crop.apply(_rim(candidate.reference, portrait.middle)),
    )


def _rim(reference: Reference, middle: float) -> Points:
    """The core's outline in standard form: its box."""
    w, h = reference.half
    corners = np.array([[-w, -h], [w, -h], [w, h], [-w, h]], np.float64)
    return np.asarray(corners + middle, np.float64)
