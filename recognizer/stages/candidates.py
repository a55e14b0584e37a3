"""The marks that may have made a strike: found in the library, and laid on it.

The learned matcher compares the unrolled strike with every reference at every turn, local features look up
their like in every reference; the foremost by either are laid on the strike under a constrained pose.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.imaging.features import Features, PoseParams, describe, find_pose
from recognizer.imaging.shortlist import nearest
from recognizer.stages.compare import compare
from recognizer.stages.difference import DifferenceParams
from recognizer.stages.evidence import Evidence
from recognizer.stages.index import SLACK, MarkIndex, Reference, map_of
from recognizer.stages.portrait import SIDE_PX, Portrait


@dataclass(frozen=True, slots=True)
class IdentifyParams:
    """Defaults of naming."""

    pose: PoseParams = field(default_factory=PoseParams)
    # References laid on the strike for their features, and for the matcher's word: among 100 drawn
    # pairs of near-twins the right die is one of them for all of 200 strikes, for 192 in severe wear.
    by_features: int = 10
    by_matcher: int = 16
    without_matcher: int = 30
    same_turn_deg: float = 15.0  # four steps of the matcher's map
    read: int = 3  # foremost candidates whose letters are compared with the strike's
    told_apart: int = 5  # and that are compared where their dies differ
    # Probability of the foremost, from which that is done: a strike of none of them resembles one or another
    # more where they differ, and that would speak for it.
    plausible: float = 0.15
    behind: float = 20.0  # log odds: dies further behind are no twins of the first
    difference: DifferenceParams = field(default_factory=DifferenceParams)
    answers: int = 5  # candidates listed
    variant_from: float = (
        0.8  # and one of several variants of a die: what tells them apart is a word or a letter
    )
    known_from: float = 0.75  # probability from which a name is given: a wrong one costs more than none
    # A strike not named is looked at again where its likeliest die lies, from this probability on and if the
    # overlap (IoU) of the two boxes is within these bounds: nearer to 1 nothing changes, further off it is
    # another thing.
    again_from: float = 0.03
    again_overlap: tuple[float, float] = (0.4, 0.96)


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A mark, its best reference laid on the strike, and what speaks for it."""

    reference: Reference
    evidence: Evidence
    pose: Homography | None  # from the reference's standard form to the strike's

    @property
    def mark(self) -> str:
        return self.reference.mark


def gather(
    portrait: Portrait, index: MarkIndex, p: IdentifyParams, among: Collection[str] | None = None
) -> list[Candidate]:
    """The marks that may have made the strike and what speaks for each, in no order.

    ``among``: the marks to be tried; None means those that its features and the matcher find foremost.
    """
    several: Sequence[int] = range(len(index.references))
    if among is not None:
        several = [n for n in several if index.references[n].mark in among]
    if not several:
        return []
    asked = describe(portrait.picture, portrait.half_w * SLACK, portrait.half_h * SLACK)
    cosine, turn = _likeness(portrait, index, None if among is None else several)
    tried = np.arange(len(several))
    if among is None and index.maps is None:
        tried = nearest(asked, index.shortlist, p.without_matcher)
    elif among is None:
        by_features = nearest(asked, index.shortlist, p.by_features)
        tried = np.union1d(by_features, np.argsort(-cosine, kind="stable")[: p.by_matcher])
    by_mark: dict[str, list[Candidate]] = {}
    for n in tried.tolist():
        hint = None if index.maps is None else float(turn[n])
        one = _lay(asked, index.references[several[n]], portrait, float(cosine[n]), hint, p)
        by_mark.setdefault(one.mark, []).append(one)
    return [_together(laid) for laid in by_mark.values()]


def _likeness(
    portrait: Portrait, index: MarkIndex, several: Sequence[int] | None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """By the matcher, the cosine of each of ``several`` references (None: all), and its turn in degrees."""
    if index.matcher is None or index.maps is None:
        return (np.zeros(len(index.references if several is None else several), np.float32),) * 2
    known = index.maps if several is None else np.ascontiguousarray(index.maps[:, :, several])
    cosine, turn = compare(map_of(portrait, index.matcher, several=True), known)
    return cosine * np.float32(_filled(portrait)), turn


def _lay(
    asked: Features,
    reference: Reference,
    portrait: Portrait,
    cosine: float,
    hint: float | None,
    p: IdentifyParams,
) -> Candidate:
    """A reference laid on the strike as well as it goes; ``hint``: the matcher's turn in degrees."""
    evidence = Evidence(0.0, 0.0, cosine, False, reference.drawn, stretch=_stretch(portrait, reference))
    expected = None if hint is None else -np.deg2rad(hint)
    pose = find_pose(asked, reference.features, SIDE_PX, p.pose, expected, reference.voices)
    if pose is None:
        turned = None if hint is None else _about(portrait.middle, Homography.similarity(1.0, hint, 0, 0))
        return Candidate(reference, evidence, turned)
    found = np.rad2deg(np.arctan2(pose.matrix[0, 1] - pose.matrix[1, 0], np.trace(pose.matrix[:2])))
    agree = hint is not None and abs((found + hint + 180) % 360 - 180) < p.same_turn_deg
    share = len(pose.pairs) / max(len(reference.features), 1)
    evidence = replace(evidence, features=pose.score, share=share, agree=agree)
    laid = _about(portrait.middle, Homography.affine(pose.matrix.T).inverse())
    return Candidate(reference, evidence, laid)


def _filled(portrait: Portrait) -> float:
    """How much of the circle the matcher sees a strike fills: long boxes are alike in what is empty."""
    w, h = portrait.half_w, portrait.half_h
    return min(4 * w * h / (np.pi * max(w, h, 1e-9) ** 2), 1.0)


def _stretch(portrait: Portrait, reference: Reference) -> float:
    """How differently long for their height the strike and a reference are."""
    width, height = reference.half
    ratio = portrait.half_w * height / max(portrait.half_h * width, 1e-9)
    return float(abs(np.log(max(ratio, 1e-9))))


def _about(middle: float, centred: Homography) -> Homography:
    """A map about the centre as a map of a square picture's pixels, its centre at (middle, middle)."""
    return Homography.shift(-middle, -middle).then(centred).then(Homography.shift(middle, middle))


def _together(several: Sequence[Candidate]) -> Candidate:
    """What all references of one mark say together: the best word of each kind, the best feature pose."""
    best = max(several, key=lambda c: (c.evidence.features, c.evidence.cosine))
    e = best.evidence
    cosine = max(c.evidence.cosine for c in several)
    agree = any(c.evidence.agree for c in several)
    return Candidate(best.reference, replace(e, cosine=cosine, agree=agree), best.pose)
