"""Which die of the library made a strike, or none of them.

    index = index_marks(library.marks.values(), matcher, calibration)
    named = identify(strike, index)             # strike from lift_strike
    named.known, named.best.mark, named.best.probability

What the learned matcher, local features and letters say of the marks that may have made it (``candidates``)
becomes one calibrated probability. Marks known by description alone come in through what was read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.records import MarkSpec
from recognizer.stages.candidates import Candidate, IdentifyParams, gather
from recognizer.stages.date_look import DateLook
from recognizer.stages.difference import shown_of
from recognizer.stages.evidence import (
    Evidence,
    Weights,
    farthest,
    goodness,
    probabilities,
    weights_of,
)
from recognizer.stages.facts import facts
from recognizer.stages.index import MarkIndex, index_marks
from recognizer.stages.legend import LegendReading, rank_by_legend
from recognizer.stages.lettering import Lettering
from recognizer.stages.portrait import Portrait, darkness, portray
from recognizer.stages.wording import Letters, agreement, covered_by_date, letters_seen
from recognizer.types import Identification, Match, Strike

__all__ = ["IdentifyParams", "MarkIndex", "identify", "index_marks"]

# Share of a reference's features found again, from which it is of the very strike asked for: at least .69
# for real strikes whose boxes are 3 % off, below .56 for all but one in sixty of other strikes of their die.
ITSELF = 0.6


def identify(
    strike: Strike,
    index: MarkIndex,
    reading: LegendReading | None = None,
    look: DateLook | None = None,
    params: IdentifyParams | None = None,
) -> Identification:
    """Name the die of ``strike`` (from ``lift_strike``) among the marks of ``index``.

    ``reading`` (from ``read_legend``) names marks known by their words alone and speaks for those whose cards
    tell their words; the year that ``look`` (from ``look_for_date``) saw speaks against marks that were not
    in use then. Poses map the die's own box (0 to 1 each way) to the strike's crop; outlines are in the crop.
    """
    p = params or IdentifyParams()
    ranked, tried = _ranked(strike, strike.core, index, reading, look, p)
    core = _core_on_die(ranked, strike, p)
    if core is not None:
        again, _ = _ranked(strike, core, index, reading, look, p, tried)
        ranked = max(ranked, again, key=lambda matches: matches[0].probability)
    return Identification(bool(ranked) and ranked[0].probability >= p.known_from, tuple(ranked[: p.answers]))


def _ranked(
    strike: Strike,
    core: Box,
    index: MarkIndex,
    reading: LegendReading | None,
    look: DateLook | None,
    p: IdentifyParams,
    among: Collection[str] | None = None,
) -> tuple[list[Match], set[str]]:
    """The likeliest dies of a strike, best first, and all that were laid on it.

    ``core`` is its box in the crop; ``among`` are the marks to be tried, None means those found foremost.
    """
    portrait = portray(darkness(strike.pixels, core), core)
    candidates = weigh_up(strike, portrait, index, reading, look, p, among)
    told = facts(strike, [index.specs[c.mark] for c in candidates], reading, look)
    weights = _weights(index, reading is not None)
    matches = _weighed(candidates, told, weights, portrait, index, p) if candidates else []
    ranked = sorted([*matches, *_by_reading(index, reading, matches)], key=lambda m: -m.probability)
    return ranked, {c.mark for c in candidates}


def _core_on_die(ranked: Sequence[Match], strike: Strike, p: IdentifyParams) -> Box | None:
    """Where the likeliest die lies on a strike that isn't named; None where looking there brings nothing.

    A box a little off costs features and turns; the die laid on the strike says where it should have been.
    """
    if not ranked or not p.again_from <= ranked[0].probability < p.known_from or ranked[0].outline is None:
        return None
    height, width = strike.pixels.shape[:2]
    core = Box.around(ranked[0].outline).clipped(width, height)
    low, high = p.again_overlap
    return core if low < core.iou(strike.core) < high else None


def weigh_up(
    strike: Strike,
    portrait: Portrait,
    index: MarkIndex,
    reading: LegendReading | None,
    look: DateLook | None,
    p: IdentifyParams,
    among: Collection[str] | None = None,
) -> list[Candidate]:
    """The marks that may have made the strike, with all the evidence there is, in no order."""
    candidates = gather(portrait, index, p, among)
    if reading is not None:
        candidates = worded(candidates, strike, portrait, index, reading.lettering, look, p)
    return told_apart(candidates, portrait, _weights(index, reading is not None), p)


def _weights(index: MarkIndex, read: bool) -> Weights:
    """What evidence is worth in this library; ``read``: the strike's letters are known."""
    return weights_of(index.calibration, index.maps is not None, read and index.reader is not None)


def worded(
    candidates: Sequence[Candidate],
    strike: Strike,
    portrait: Portrait,
    index: MarkIndex,
    lettering: Lettering,
    look: DateLook | None,
    p: IdentifyParams,
) -> list[Candidate]:
    """The candidates, of the foremost also what their letters say against the strike's.

    Those so far behind that letters change nothing are not read.
    """
    if not candidates or index.reader is None:
        return list(candidates)
    evidence = [c.evidence for c in candidates]
    first = np.argsort(-goodness(evidence, _weights(index, False)), kind="stable")[: p.read]
    weights = _weights(index, True)
    goods = goodness(evidence, weights)
    front = {n for n in first.tolist() if goods[n] >= goods[first].max() - farthest(weights)}
    asked = letters_seen(lettering)
    return [
        replace(c, evidence=_with_words(c, asked, strike, portrait, look)) if n in front else c
        for n, c in enumerate(candidates)
    ]


def _with_words(
    candidate: Candidate, asked: Letters, strike: Strike, portrait: Portrait, look: DateLook | None
) -> Evidence:
    wording, pose = candidate.reference.wording, _on_crop(candidate, portrait)
    if wording is None or pose is None:
        return candidate.evidence
    told = wording.letters
    dated = covered_by_date(pose.apply(told.places), strike, look) if len(told) else None
    both = agreement(told, asked, pose, dated)
    return replace(candidate.evidence, words_for=both.same, words_against=both.other)


def told_apart(
    candidates: Sequence[Candidate], portrait: Portrait, weights: Weights, p: IdentifyParams
) -> list[Candidate]:
    """The candidates; drawn dies that differ little from the foremost are compared with it where they do."""
    if len(candidates) < 2:
        return list(candidates)
    goods = goodness([c.evidence for c in candidates], weights)
    top, *others = np.argsort(-goods, kind="stable")[: p.told_apart].tolist()
    first, out = candidates[top], list(candidates)
    sure, *_ = probabilities([float(goods[n]) for n in (top, *others)], first.evidence, weights)
    if sure < p.plausible:
        return out
    die = first.reference.die
    if die is None or first.pose is None:
        return out
    for n in others:
        one = candidates[n]
        if one.reference.die is not None and goods[n] > goods[top] - p.behind:
            between = Homography.identity() if one.pose is None else one.pose.then(first.pose.inverse())
            other = one.reference.die.picture
            more = shown_of(portrait.picture, die.picture, other, first.pose, between, p.difference)
            out[n] = replace(one, evidence=replace(one.evidence, shown=-more))
    return out


def _weighed(
    candidates: Sequence[Candidate],
    told: Sequence[float],
    weights: Weights,
    portrait: Portrait,
    index: MarkIndex,
    p: IdentifyParams,
) -> list[Match]:
    """The best candidates with their probabilities, best first; ``told``: log odds of what their cards say.

    Where only variants of one die compete, their family is the answer and the variants stay open.
    """
    goods = goodness([c.evidence for c in candidates], weights) + np.array(told)
    order = np.argsort(-goods, kind="stable")[: p.answers]
    sure = probabilities([float(goods[i]) for i in order], candidates[order[0]].evidence, weights)
    matches = [
        _match(candidates[i], float(goods[i]), probability, portrait)
        for i, probability in zip(order, sure, strict=True)
    ]
    first = candidates[order[0]]
    family = _family(first.mark, index)
    kin = [_family(c.mark, index) == family for c in candidates]
    one_of_several = first.mark != family and any(kin[i] for i in order[1:])
    if sure[0] >= (p.variant_from if one_of_several else p.known_from):
        return matches
    others = sorted((float(g) for g, own in zip(goods, kin, strict=True) if not own), reverse=True)
    if family not in index.specs or not any(kin[i] for i in order[1:]):
        return matches
    whole = probabilities([float(goods[order[0]]), *others], first.evidence, weights)[0]
    if whole < p.known_from:
        return matches
    return [replace(matches[0], mark=family, probability=whole), *(m for m in matches if m.mark != family)]


def _family(mark: str, index: MarkIndex) -> str:
    """The mark that a variant is a variant of, else itself."""
    return index.specs[mark].parent or mark


def _by_reading(index: MarkIndex, reading: LegendReading | None, seen: Sequence[Match]) -> list[Match]:
    """Marks without a picture, by what was read.

    The candidates that have a picture are read beside them: words that one of those bears as well speak for a
    described mark only as much as for it.
    """
    if reading is None or not index.described:
        return []
    rivals = [*index.described, *(m.mark for m in seen)]
    specs: Mapping[str, MarkSpec] = {mark: index.specs[mark] for mark in rivals}
    described = set(index.described)
    return [
        Match(c.mark, c.score, c.probability) for c in rank_by_legend(reading, specs) if c.mark in described
    ]


def _match(candidate: Candidate, score: float, probability: float, portrait: Portrait) -> Match:
    pose = _on_crop(candidate, portrait)
    if pose is None:
        return Match(candidate.mark, score, probability)
    outline = pose.apply(_rim(*candidate.reference.half))
    strike = candidate.reference.strike
    itself = strike is not None and candidate.evidence.share >= ITSELF
    return Match(candidate.mark, score, probability, pose, outline, strike, itself)


def _on_crop(candidate: Candidate, portrait: Portrait) -> Homography | None:
    """From the die's own box (0 to 1 each way) to the strike's crop."""
    if candidate.pose is None:
        return None
    w, h = candidate.reference.half
    box = Homography(
        np.array([[2 * w, 0, portrait.middle - w], [0, 2 * h, portrait.middle - h], [0, 0, 1.0]])
    )
    return box.then(candidate.pose).then(portrait.from_crop.inverse())


def _rim(w: float, h: float) -> Points:
    """The outline in the die's own box: an ellipse where it is about as wide as high, else the box."""
    if 0.85 < w / max(h, 1e-9) < 1.18:
        t = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        return np.asarray(np.column_stack([np.cos(t), np.sin(t)]) / 2 + 0.5, np.float64)
    corners: NDArray[np.float64] = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    return corners
