"""Fitting what evidence is worth."""

from __future__ import annotations

import numpy as np

from recognizer.stages.evidence import CANDIDATE, TRUST, Evidence, Weights
from recognizer.training.calibrate import Asked, fit_weights, judged


def drawn_strikes(rng: np.random.Generator, count: int) -> list[Asked]:
    """The right die shares more features, but of these only the share grows: their number falls."""
    asked = []
    for _ in range(count):
        known = rng.random() < 0.7
        rows = []
        for n in range(6):
            right = known and n == 0
            share = float(np.clip(rng.normal(0.4 if right else 0.15, 0.08), 0, 1))
            rows.append(Evidence(float(rng.normal(12 if right else 15, 2)), share, 0.0, False, False))
        asked.append(Asked(tuple(rows), 0 if known else None))
    return asked


def test_evidence_that_seems_to_speak_against_a_die_is_left_out() -> None:
    rng = np.random.default_rng(4)
    weights = fit_weights(drawn_strikes(rng, 300), learned=False, read=False)
    told, trusted = (
        dict(zip(CANDIDATE, weights.candidate, strict=True)),
        dict(zip(TRUST, weights.trust, strict=True)),
    )
    assert told["share"] > 0
    assert min(told["features"], told["log_features"]) >= 0
    assert trusted["features"] == 0
    assert trusted["best"] + trusted["gap"] > 0


def test_what_was_fitted_is_right_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    weights: Weights = fit_weights(drawn_strikes(rng, 500), learned=False, read=False)
    found = judged(drawn_strikes(rng, 500), weights)
    assert found["named_right"] > 0.7 * found["in_library"]
    assert found["named_wrong"] < 0.1 * found["strikes"]
    assert all(abs(said - true) < 0.25 for said, true, count in found["reliability"] if count >= 20)
