"""Which strikes of no known mark are of one die: each is asked for among all others, and clustered.

groups = group_strikes(strikes)             # tuples of their numbers, largest first
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from recognizer.records import MarkSpec, Names
from recognizer.stages.candidates import IdentifyParams, gather
from recognizer.stages.index import MarkIndex, index_marks, portrait_of
from recognizer.types import LearntStrike, Mark

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupingParams:
    """Defaults of grouping."""

    tried: int = 40  # others laid on each strike: groups larger than that are joined over their members
    # Log odds that two strikes are of one die: ``steepness`` times how far the logarithm of their score by
    # local features lies above that of ``even``. Strikes of other dies in the same style reach a score of 15.
    even: float = 16.0
    steepness: float = 8.0
    together: float = 0.5  # mean probability of two members being of one die, from which groups are joined
    joins: float = 0.6  # probability from which a strike joins a group that is there already
    references: int = 8  # members a group is known by
    at_once: int = 300  # strikes compared each with each: more are first asked for in the groups found so far


def group_strikes(
    strikes: Sequence[LearntStrike],
    there: Sequence[Sequence[LearntStrike]] = (),
    params: GroupingParams | None = None,
) -> list[list[int]]:
    """Sort strikes into groups of one die each; a strike like no other is a group of its own.

    ``there`` are groups found before, which strikes may join: the first ``len(there)`` groups returned are
    what joined each of them, perhaps nothing, then follow new ones, the largest first. Local features alone
    are compared.
    """
    p = params or GroupingParams()
    groups: list[list[int]] = [[] for _ in there]
    known = [list(group[: p.references]) for group in there]
    for start in range(0, len(strikes), p.at_once):
        numbers = list(range(start, min(start + p.at_once, len(strikes))))
        left: list[int] = []
        joined = _join([strikes[n] for n in numbers], known, p)
        for n, group in zip(numbers, joined, strict=True):
            (left if group is None else groups[group]).append(n)
        for cluster in _cluster([strikes[n] for n in left], p):
            groups.append([left[i] for i in cluster])
            known.append([strikes[left[i]] for i in cluster[: p.references]])
    return groups[: len(there)] + sorted(groups[len(there) :], key=lambda g: (-len(g), g))


def affinity(strikes: Sequence[LearntStrike], params: GroupingParams | None = None) -> Floats:
    """How probably each two strikes are of one die, (N, N), NaN where nobody looked."""
    p = params or GroupingParams()
    index = index_marks([_mark(n, [s]) for n, s in enumerate(strikes)])
    found = np.full((len(strikes), len(strikes)), np.nan)
    for n, strike in enumerate(strikes):
        for mark, probability in _answers(strike, index, p):
            found[n, mark] = probability
    one, other = found, found.T  # asked the one way and the other: the mean of what was said
    both = np.where(np.isnan(one), other, np.where(np.isnan(other), one, (one + other) / 2))
    np.fill_diagonal(both, 1.0)
    return np.asarray(both, np.float64)


def _cluster(strikes: Sequence[LearntStrike], p: GroupingParams) -> list[list[int]]:
    """Average linkage over the pairs' probabilities."""
    if len(strikes) < 2:
        return [[n] for n in range(len(strikes))]
    distance = 1 - _bridged(affinity(strikes, p))
    labels = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - p.together
    ).fit_predict(distance)
    return [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]


def _bridged(both: Floats) -> Floats:
    """Pairs nobody looked at get the word of their best common neighbour: the weaker of its two links."""
    known = np.nan_to_num(both, nan=0.0)
    filled = both.copy()
    for n in range(len(both)):
        over = np.minimum(known[n][None, :], known).max(1)  # best k of min(n to k, k to m), for each m
        filled[n] = np.where(np.isnan(both[n]), over, both[n])
    return np.asarray((filled + filled.T) / 2, np.float64)


def _join(
    strikes: Sequence[LearntStrike], groups: Sequence[Sequence[LearntStrike]], p: GroupingParams
) -> list[int | None]:
    """Of each strike the group it belongs to, None when none is sure enough."""
    if not groups or not strikes:
        return [None] * len(strikes)
    index = index_marks([_mark(n, g) for n, g in enumerate(groups)])
    found: list[int | None] = []
    for strike in strikes:
        best = max(_answers(strike, index, p), key=lambda a: a[1], default=(0, 0.0))
        found.append(best[0] if best[1] >= p.joins else None)
    return found


def _answers(strike: LearntStrike, index: MarkIndex, p: GroupingParams) -> list[tuple[int, float]]:
    """The marks that may be of the strike's die, by number, each with its probability."""
    asked = IdentifyParams()
    asked = replace(asked, without_matcher=p.tried)
    found = []
    for candidate in gather(portrait_of(strike), index, asked):
        score = candidate.evidence.features
        odds = p.steepness * (math.log1p(score) - math.log1p(p.even))
        found.append((int(candidate.mark), 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))))
    return found


def _mark(number: int, strikes: Sequence[LearntStrike]) -> Mark:
    spec = MarkSpec(id=str(number), name=Names(en=str(number)), status="learnt")
    return Mark(spec, None, tuple(strikes))
