"""What evidence is worth: more of it never speaks against a die, by the weights that ship."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from recognizer.sources.models import open_model
from recognizer.stages.evidence import Evidence, goodness, probabilities, weights_of

ORDINARY = Evidence(features=30.0, share=0.2, cosine=0.5, agree=True, drawn=False, words_for=3.0)
SAME = Evidence(features=250.0, share=1.0, cosine=1.0, agree=True, drawn=False, words_for=20.0)


def sure_of(evidence: Evidence, learned: bool, read: bool) -> float:
    weights = weights_of(open_model("strike-calibration").spec, learned, read)
    return probabilities([float(goodness([evidence], weights)[0])], evidence, weights)[0]


@pytest.mark.parametrize("learned", [False, True])
@pytest.mark.parametrize("read", [False, True])
def test_the_same_strike_asked_again_is_surer_than_another_of_its_die(learned: bool, read: bool) -> None:
    assert sure_of(SAME, learned, read) > sure_of(ORDINARY, learned, read)
    assert sure_of(SAME, learned, read) > 0.8


@pytest.mark.parametrize("learned", [False, True])
@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("features", [5.0, 20.0, 60.0, 250.0]),
        ("share", [0.05, 0.3, 1.0]),
        ("cosine", [0.1, 0.4, 0.9]),
        ("words_for", [0.0, 2.0, 10.0]),
    ],
)
def test_more_evidence_never_speaks_against_a_die(
    name: str, values: list[float], learned: bool, read: bool
) -> None:
    sure = [sure_of(replace(ORDINARY, **{name: v}), learned, read) for v in values]
    assert all(more >= less for less, more in pairwise(sure))


@pytest.mark.parametrize("read", [False, True])
def test_a_die_of_another_shape_is_less_likely(read: bool) -> None:
    alike = [sure_of(replace(ORDINARY, drawn=True, stretch=by), True, read) for by in (0.0, 0.2, 0.6)]
    assert alike[0] > alike[1] > alike[2]
