"""What speaks for each candidate die, and what it is worth: from raw scores to one calibrated probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CANDIDATE = (
    "features",
    "log_features",
    "share",
    "cosine",
    "agree",
    "drawn",
    "drawn_features",
    "drawn_cosine",
    "words_against",
    "shown",
    "shape",
)
TRUST = ("best", "gap", "alone", "features", "cosine", "drawn", "words_for", "words_against", "shape")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one candidate: what its references and the strike have in common."""

    features: float  # summed likeness of local features that agree on one pose
    share: float  # of the reference's features that found their partner, 0-1
    cosine: float  # likeness by the learned matcher, 0 without it
    agree: bool  # local features and matcher found the same turn
    drawn: bool  # the best reference is a drawing, not a strike
    words_for: float = 0.0  # letters that are the same at the same places, each as far as it is sure
    words_against: float = 0.0  # those that are others
    shown: float = 0.0  # more of it than of the foremost candidate where they differ, see ``difference``
    stretch: float = 0.0  # how many times as long for its height the strike is, or the reference: natural log


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of the two steps: how good a candidate is, and whether the best one is to be trusted.

    ``candidate`` weighs ``CANDIDATE``; ``trust`` weighs ``TRUST``: the
    best candidate's goodness, its gap to the runner-up (at most ``GAP_CAP``), whether there is none, and
    again what makes it good. ``twins``: how often a strike that shows no less of another die than of the
    best candidate is indeed of a near-twin that is not in the library; nothing is ever surer than the rest.
    """

    candidate: tuple[float, ...]
    trust: tuple[float, ...]
    trust_bias: float
    twins: float = 0.0


AMOUNT = 10.0  # feature score of an ordinary match: brings all evidence to one size
GAP_CAP = 6.0  # log odds: a runner-up further behind says nothing more

# Until a calibration is given. By hand, cautious: strikes of other dies in the same style reach a feature
# score of 15, and dies that differ by one figure leave a gap of little more than nothing.
PRIOR = Weights((0, 8.0, 0, 0, 0, 0, 0, 0, 1.0, 8.0, 0), (1.0, 1.0, 0, 0, 0, 0, 0, 0, 0), -25.6)
MOST_LETTERS = 6.0  # more of them for or against a candidate say nothing more
MOST_STRETCH = 0.7  # twice as long: more says nothing more


def weights_of(calibration: Mapping[str, Any] | None, learned: bool, read: bool = False) -> Weights:
    """The coefficients in a calibration's table, else the prior; ``learned``: the matcher was asked,
    ``read``: the letters were compared."""
    name = table_name(learned, read)
    if calibration is None or name not in calibration:
        return PRIOR
    table = calibration[name]
    return Weights(
        _in_order(CANDIDATE, calibration["candidate_names"], table["candidate"]),
        _in_order(TRUST, calibration["trust_names"], table["trust"]),
        float(table["trust_bias"]),
        float(table.get("twins", 0.0)),
    )


def _in_order(wanted: Sequence[str], names: Sequence[str], values: Sequence[float]) -> tuple[float, ...]:
    """The values by name; 0 for a number the calibration did not know of."""
    told = dict(zip(names, values, strict=True))
    return tuple(told.get(name, 0.0) for name in wanted)


def table_name(learned: bool, read: bool) -> str:
    """The table of a calibration for the networks that were asked."""
    if read:
        return "with_matcher_and_words" if learned else "with_words"
    return "with_matcher" if learned else "features_only"


def candidate_row(e: Evidence) -> list[float]:
    """``CANDIDATE`` as numbers."""
    strength, drawn = float(np.log1p(e.features)), float(e.drawn)
    amount = e.features / AMOUNT
    alike = [amount, strength, e.share, e.cosine, float(e.agree)]
    return [*alike, drawn, strength * drawn, e.cosine * drawn, _against(e), e.shown, _shape(e)]


def _against(e: Evidence) -> float:
    return -min(e.words_against, MOST_LETTERS)


def _shape(e: Evidence) -> float:
    return -min(e.stretch, MOST_STRETCH)


def goodness(evidence: Sequence[Evidence], weights: Weights) -> NDArray[np.float64]:
    """How good each candidate is, (N,): log odds but for a constant."""
    rows = np.array([candidate_row(e) for e in evidence]).reshape(len(evidence), len(CANDIDATE))
    return np.asarray(rows @ np.array(weights.candidate), np.float64)


def farthest(weights: Weights) -> float:
    """How far behind the best candidate, in log odds, another may be for letters to matter."""
    return GAP_CAP + MOST_LETTERS * weights.candidate[CANDIDATE.index("words_against")]


def trust_row(goods: Sequence[float], best: Evidence) -> list[float]:
    """``TRUST`` as numbers, from the candidates' goodness, best first, and the best one's evidence."""
    alone = len(goods) < 2
    gap = GAP_CAP if alone else min(goods[0] - goods[1], GAP_CAP)
    strength = float(np.log1p(best.features))
    # How much is the same depends on how well a reference printed: it tells nothing between candidates.
    words = float(np.log1p(min(best.words_for, MOST_LETTERS)))
    drawn, against, shape = float(best.drawn), _against(best), _shape(best)
    return [goods[0], gap, float(alone), strength, best.cosine, drawn, words, against, shape]


def probabilities(goods: Sequence[float], best: Evidence, weights: Weights) -> list[float]:
    """Calibrated probability of each candidate, given their goodness, best first.

    The best one's is that it made the strike; the others share what it leaves after "none of these" has had
    its part, by their goodness.
    """
    odds = float(np.dot(trust_row(goods, best), weights.trust)) + weights.trust_bias
    top = float((1 - weights.twins) / (1 + np.exp(-np.clip(odds, -30, 30))))
    rest = np.exp(np.array(goods[1:]) - goods[0])
    shares = rest / (rest.sum() + 1)
    return [top, *np.minimum((1 - top) * shares, top).tolist()]
