from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import (
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
)

from recognizer.classifier import StrikeClassifier
from recognizer.geometry import Box
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike
from recognizer.types import Rgb

FAMILIES = ("american_dial", "pictorial", "oval")


@pytest.fixture(scope="module")
def strikes() -> tuple[list[Rgb], list[str]]:
    rng = np.random.default_rng(4)
    crops, names = [], []
    for family in FAMILIES:
        design = random_design(rng, family)
        for _ in range(4):
            sample = press_strike(rng, design, 200, angle_deg=0.0, backdrop=False)
            box = Box.around(sample.outline()).clipped(200, 200)
            rows, columns = box.slices(200, 200)
            crops.append(sample.pixels[rows, columns])
            names.append(family)
    return crops, names


def plain(**kwargs: object) -> StrikeClassifier:
    return StrikeClassifier(matcher=None, calibration=None, **kwargs)


def test_strikes_learnt_are_named(strikes: tuple[list[Rgb], list[str]]) -> None:
    crops, names = strikes
    clf = plain(unknown=None).fit(crops[::2], names[::2])
    assert list(clf.classes_) == sorted(FAMILIES)
    assert clf.score(crops[1::2], names[1::2]) >= 5 / 6
    proba = clf.predict_proba(crops[1::2])
    assert proba.shape == (6, 3)
    assert (proba >= 0).all()
    assert (proba.sum(1) <= 1 + 1e-9).all()


def test_a_strike_of_no_die_learnt_is_unknown(strikes: tuple[list[Rgb], list[str]]) -> None:
    crops, names = strikes
    clf = plain().fit(crops[:4], names[:4])
    assert list(clf.predict(crops[8:])) == ["unknown"] * 4
    numbers = plain().fit(crops[:4], [7] * 4)
    assert set(numbers.predict(crops[8:])) == {"unknown"}


def test_it_works_in_pipelines_and_cross_validation(strikes: tuple[list[Rgb], list[str]]) -> None:
    crops, names = strikes
    batch = np.stack([np.resize(c, (160, 160, 3)) for c in crops])
    pipe = make_pipeline(FunctionTransformer(), plain(unknown=None))
    assert len(cross_val_score(pipe, batch, names, cv=2)) == 2


def test_it_is_an_estimator_as_scikit_learn_has_them() -> None:
    check_no_attributes_set_in_init("StrikeClassifier", StrikeClassifier())
    check_parameters_default_constructible("StrikeClassifier", StrikeClassifier())
    assert clone(plain(margin=0.1)).get_params()["margin"] == 0.1


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        ([], [], "0 sample"),
        ([np.zeros((20, 20), np.uint8)], ["a"], "RGB"),
        ([np.zeros((20, 20, 3), np.float32)], ["a"], "uint8"),
        ([np.zeros((20, 20, 3), np.uint8)], ["a", "b"], "labels"),
    ],
)
def test_what_is_no_picture_is_refused(X: list[np.ndarray], y: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        plain().fit(X, y)
