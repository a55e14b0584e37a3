"""Fit what the evidence is worth: on drawn exams of designs that no training saw, a third of them unknown.

First how good a candidate is (a choice among the candidates of each strike: conditional logit), then whether
the best one made the strike at all (logistic regression, its ceiling below 1). Whole designs are kept apart
for judging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from recognizer.benchmark.dataset import Exam
from recognizer.benchmark.drawn import DrawnPlan, drawn_exam
from recognizer.benchmark.ours import Ours
from recognizer.stages.evidence import (
    CANDIDATE,
    TRUST,
    Evidence,
    Weights,
    candidate_row,
    probabilities,
    table_name,
    trust_row,
)
from recognizer.stages.identify import IdentifyParams, weigh_up
from recognizer.stages.portrait import darkness, portray
from recognizer.stages.strikes import lift_strike

Rows = NDArray[np.float64]

# What a library may be learnt from, how strikes are worn, which share of its dies has a near-twin there.
MIXTURE = (
    (0, "ordinary", 0.3), (0, "severe", 0.1), (1, "ordinary", 0.2), (1, "ordinary", 0.4), (1, "severe", 0.1),
    (3, "ordinary", 0.4),
)  # fmt: skip


# A right candidate less probable than this is given up: strikes that show nothing must not set the weights.
HOPELESS = 0.2
_ROUNDS = 40  # of finding which wrong answers met a twin; nothing moves any more after some 25
# All other evidence speaks for a candidate the more there is of it, also beyond what drawn strikes show: one
# asked for again, point for point the same, has ten times their features.
_EITHER_WAY = ("drawn", "alone")


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One strike asked for: the evidence of its candidates, and which of them is right (None: none)."""

    evidence: tuple[Evidence, ...]
    right: int | None


def collect(
    namer: Ours, seeds: Sequence[int], designs: int = 40, tell: Callable[[str], None] = print
) -> list[Asked]:
    """Sit drawn exams and keep the evidence."""
    asked = []
    for seed in seeds:
        for n, (shots, wear, twins) in enumerate(MIXTURE):
            plan = DrawnPlan(designs, twins, shots, 2, wear, unknown=0.35, box_off=0.03)
            asked += evidence_of(drawn_exam(f"{seed} {n}", 10_000 + 100 * seed + n, plan), namer)
            tell(f"exam {seed} {n}: {len(asked)} strikes")
    return asked


def evidence_of(exam: Exam, namer: Ours) -> list[Asked]:
    """The evidence of every question of an exam."""
    namer.learn(exam.lessons)
    found = []
    for question in exam.questions:
        strike = lift_strike(question.cut.pixels, question.cut.box, None)
        portrait = portray(darkness(strike.pixels, strike.core), strike.core)
        candidates = weigh_up(strike, portrait, namer.index, *namer.read(strike), IdentifyParams())
        marks = [c.mark for c in candidates]
        right = marks.index(question.mark) if question.mark in marks else None
        if candidates:
            found.append(Asked(tuple(c.evidence for c in candidates), right))
    return found


def fit_weights(asked: Sequence[Asked], learned: bool, read: bool) -> Weights:
    """Both steps; ``learned`` and ``read`` false leave the networks' evidence out."""
    tables = [np.array([candidate_row(e) for e in a.evidence]) for a in asked]
    used = np.array([_used(name, learned, read) for name in CANDIDATE])
    candidate = _choice(
        [(t, a.right) for t, a in zip(tables, asked, strict=True) if a.right is not None], used
    )
    first = Weights(tuple(candidate), (0.0,) * len(TRUST), 0.0)
    rows, hits = trust_rows(asked, first)
    rows = rows * np.array([_used(name, learned, read) for name in TRUST])
    return Weights(first.candidate, *_trusted(rows, hits))


def _trusted(rows: Rows, hits: NDArray[np.bool_]) -> tuple[tuple[float, ...], float, float]:
    """``Weights.trust``, ``trust_bias`` and ``twins``: evidence of which more would speak against is left
    out."""
    used, growing = np.ones(len(TRUST), np.bool_), np.array([name not in _EITHER_WAY for name in TRUST])
    while True:
        trust, bias, twins = _with_ceiling(rows * used, hits)
        against = np.where(growing, trust, 0)
        if (against >= 0).all():
            return tuple(trust.tolist()), bias, twins
        used[against.argmin()] = False


def _with_ceiling(rows: Rows, hits: NDArray[np.bool_]) -> tuple[Rows, float, float]:
    """A logistic regression with a ceiling below 1: coefficients, bias and what the ceiling lacks of 1.

    A near-twin that is not in the library looks as right as the right die. Without the ceiling such strikes
    would flatten the whole curve: what was given .45 turned out right in .57 of cases. Which wrong answers
    met a twin is not known; expectation and maximisation take turns (Dempster, Laird and Rubin, 1977).
    """
    scale = rows.std(0) + 1e-6
    right, wrong = rows[hits] / scale, rows[~hits] / scale
    table = np.concatenate([right, wrong, wrong])
    labels = np.repeat([1, 1, 0], [len(right), len(wrong), len(wrong)])
    hidden = np.full(len(wrong), 0.1)  # probability that a wrong answer only met a near-twin
    for _ in range(_ROUNDS):
        weights = np.concatenate([np.ones(len(right)), hidden, 1 - hidden])
        model = LogisticRegression(C=1.0, max_iter=2000).fit(table, labels, weights)
        twins = hidden.sum() / (len(right) + hidden.sum())
        clear = model.predict_proba(wrong)[:, 1]
        hidden = twins * clear / (1 - (1 - twins) * clear)
    return np.asarray(model.coef_[0] / scale), float(model.intercept_[0]), float(twins)


def _used(name: str, learned: bool, read: bool) -> bool:
    """Whether the networks that were asked have a say in a number."""
    if "words" in name:
        return read
    # The shape corrects the matcher, to which long boxes are alike; between real strikes, whose boxes may be
    # off, it cost one of 61 names.
    return learned or not ("cosine" in name or name in ("agree", "shape"))


def _choice(tables: Sequence[tuple[Rows, int]], used: NDArray[np.bool_]) -> list[float]:
    """Conditional logit: weights under which the right candidate is chosen, lightly held back; more evidence
    never speaks against one."""
    scale = np.concatenate([t for t, _ in tables]).std(0) + 1e-6

    def loss(w: Rows) -> tuple[float, Rows]:
        total, slope = 0.5 * float(w @ w), w.copy()
        for table, right in tables:
            x = table * used / scale
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            total -= float(np.log(p[right] + HOPELESS))
            slope += (p @ x - x[right]) * p[right] / (p[right] + HOPELESS)
        return total, slope

    bounds = [(None if name in _EITHER_WAY else 0.0, None) for name in CANDIDATE]
    found = minimize(loss, np.zeros(len(CANDIDATE)), jac=True, method="L-BFGS-B", bounds=bounds)
    return [float(v) for v in found.x * used / scale]


def trust_rows(asked: Sequence[Asked], weights: Weights) -> tuple[Rows, NDArray[np.bool_]]:
    """``TRUST`` of every strike's best candidate, and whether that one is right."""
    rows, hits = [], []
    for a in asked:
        goods = np.array([candidate_row(e) for e in a.evidence]) @ np.array(weights.candidate)
        order = np.argsort(-goods, kind="stable")
        rows.append(trust_row([float(goods[i]) for i in order[:5]], a.evidence[order[0]]))
        hits.append(a.right == order[0])
    return np.array(rows), np.array(hits)


def judged(asked: Sequence[Asked], weights: Weights) -> dict[str, Any]:
    """How the weights do on strikes kept apart: counts, Brier score, and reliability in tenths."""
    sure, right, known = [], [], []
    for a in asked:
        goods = np.array([candidate_row(e) for e in a.evidence]) @ np.array(weights.candidate)
        order = np.argsort(-goods, kind="stable")[:5]
        best = a.evidence[order[0]]
        sure.append(probabilities([float(goods[i]) for i in order], best, weights)[0])
        right.append(a.right == order[0])
        known.append(a.right is not None)
    p, r, k = np.array(sure), np.array(right), np.array(known)
    given = p >= IdentifyParams().known_from
    tenths = np.minimum((p * 10).astype(int), 9)
    return {
        "strikes": len(p),
        "in_library": int(k.sum()),
        "top": int(r.sum()),
        "named_right": int((r & given).sum()),
        "named_wrong": int((~r & given).sum()),
        "brier": round(float(((p - r) ** 2).mean()), 4),
        "reliability": [
            [
                round(float(p[tenths == t].mean()), 3),
                round(float(r[tenths == t].mean()), 3),
                int((tenths == t).sum()),
            ]
            for t in range(10)
            if (tenths == t).any()
        ],
    }


def calibrated(asked: Sequence[Asked], learned: bool, read: bool, apart: float = 0.3) -> dict[str, Any]:
    """Tables of ``model.toml``, without and with the letters compared: weights, and how they do on strikes
    kept apart.

    Exams come one after the other, each with designs of its own, so the last strikes are of other designs.
    ``learned`` and ``read`` say which networks the evidence was gathered with.
    """
    split = int(len(asked) * (1 - apart))
    table: dict[str, Any] = {}
    for words in (False, True)[: 1 + read]:
        weights = fit_weights(asked, learned, words)
        table[table_name(learned, words)] = {
            "candidate": [round(w, 5) for w in weights.candidate],
            "trust": [round(w, 5) for w in weights.trust],
            "trust_bias": round(weights.trust_bias, 5),
            "twins": round(weights.twins, 5),
            "held_out": judged(asked[split:], fit_weights(asked[:split], learned, words)),
        }
    return table
