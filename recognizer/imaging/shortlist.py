"""Which of very many sets of local features may match one: every feature asks for its best partner in each.

Late interaction (MaxSim: Khattab and Zaharia, ColBERT, 2020) on shortened descriptors. Distance from the
centre and turn against the direction from the centre travel with each descriptor, so that one matrix product
compares patches only where a die turned about its centre could have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.imaging.features import Features

Floats = NDArray[np.float32]

KEPT = 128  # features of each set, the strongest: with 64 the right one is among the first ten of 45 as often
KEPT_OF_MANY = 64  # ... but the first three less often; among very many sets time decides
MANY = 2000
LENGTH = 24  # of a shortened descriptor: 128 principal components fall off fast
RADIUS_WEIGHT = 4.0  # a tenth of the side off costs as much as 0.16 of squared descriptor distance
TURN_WEIGHT = 0.4
BLOCK = 1000  # sets compared at once: keeps the products in the processor's cache


@dataclass(frozen=True, eq=False, slots=True)
class Shortlist:
    """R sets of features, shortened. ``basis`` (128, L), ``mean`` (128,), ``sets`` (R, K, L + 4) float32."""

    basis: Floats
    mean: Floats
    sets: Floats
    side: float


def build(sets: Sequence[Features], side: float) -> Shortlist:
    """Prepare sets for ``nearest``; ``side`` is the longer side in pixels all pictures were brought to."""
    kept = KEPT if len(sets) <= MANY else KEPT_OF_MANY
    some = [s.words[:kept] for s in sets[:: max(len(sets) // 400, 1)] if len(s)]
    words = np.concatenate(some).astype(np.float32) / 255 if some else np.zeros((1, 128), np.float32)
    mean = words.mean(0)
    _, axes = np.linalg.eigh((words - mean).T @ (words - mean))
    basis = np.ascontiguousarray(axes[:, ::-1][:, :LENGTH]).astype(np.float32)
    table = np.zeros((len(sets), kept, LENGTH + 4), np.float32)
    table[:, :, -1] = -9.0  # an empty place is further than anything
    for n, s in enumerate(sets):
        short = _shortened(s.top(kept), basis, mean, side)
        table[n, : len(short), :-1] = short
        table[n, : len(short), -1] = -0.5 * (short**2).sum(1)
    return Shortlist(basis, mean, table, side)


def nearest(asked: Features, known: Shortlist, most: int) -> NDArray[np.int64]:
    """Numbers of the ``most`` sets most like ``asked``, best first."""
    if not len(asked):
        return np.arange(min(most, len(known.sets)))
    kept = known.sets.shape[1]
    short = _shortened(asked.top(kept), known.basis, known.mean, known.side)
    query = np.column_stack([short, np.ones(len(short), np.float32)])
    level = 0.5 * (short**2).sum(1)
    scores = np.empty(len(known.sets), np.float32)
    for start in range(0, len(known.sets), BLOCK):
        block = known.sets[start : start + BLOCK]
        product = block.reshape(-1, block.shape[2]) @ query.T
        best = product.reshape(len(block), kept, -1).max(1) - level  # minus half the squared distance
        scores[start : start + BLOCK] = np.exp(best * 6).sum(1)
    most = min(most, len(scores))
    front = np.argpartition(-scores, most - 1)[:most]
    return front[np.argsort(-scores[front], kind="stable")]


def _shortened(s: Features, basis: Floats, mean: Floats, side: float) -> Floats:
    """(N, LENGTH + 3): descriptor, distance from the centre, turn against the direction from there."""
    words = (s.words.astype(np.float32) / 255 - mean) @ basis
    places = s.places
    radius = np.hypot(places[:, 0], places[:, 1]) / side
    against = s.turns - np.arctan2(places[:, 1], places[:, 0])
    outer = TURN_WEIGHT * np.minimum(radius / 0.15, 1)  # near the centre the direction says nothing
    extra = [RADIUS_WEIGHT * radius, outer * np.cos(against), outer * np.sin(against)]
    return np.column_stack([words, *extra]).astype(np.float32)
