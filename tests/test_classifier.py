from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

from recognizer.classifier import StrikeClassifier
from recognizer.geometry import Box
from recognizer.imaging.features import Features, describe
from recognizer.stages import candidates, index
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike
from recognizer.types import Gray, Identification, Rgb

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
    return StrikeClassifier(matcher=None, calibration=None, reader=None, **kwargs)


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


def test_probabilities_sum_to_one_where_a_die_must_be_named(strikes: tuple[list[Rgb], list[str]]) -> None:
    crops, names = strikes
    clf = plain(unknown=None).fit(crops[::2], names[::2])
    assert clf.predict_proba([*crops[1::4], np.full((60, 60, 3), 255, np.uint8)]).sum(1) == pytest.approx(1)
    assert clone(plain(margin=0.1)).get_params()["margin"] == 0.1


class OfRows(StrikeClassifier):
    """The classifier as scikit-learn's own checks can ask it: they give rows of numbers, this draws them.

    Rows near each other give the same picture, and each picture is named once: the checks ask for thousands.
    """

    def __init__(
        self,
        unknown: Any = None,
        margin: float = 0.0,
        matcher: Any = None,
        calibration: Any = None,
        reader: Any = None,
    ) -> None:
        super().__init__(unknown, margin, matcher, calibration, reader)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.three_d_array = True, False
        return tags

    def fit(self, X: Any, y: Any) -> OfRows:
        X, y = validate_data(self, X, y)
        super().fit(X, y)
        self._seen = {}
        return self

    def _pictures(self, X: Any, learning: bool = False) -> list[Rgb]:
        rows = X if learning else validate_data(self, X, reset=False)
        cells = np.clip(np.floor(np.asarray(rows, float)[:, :2]), -9, 9).astype(int) + 9
        return [drawn_by(tuple(cell.tolist())) for cell in cells]

    def _name(self, crop: Rgb) -> Identification:
        key = crop.tobytes()
        if key not in self._seen:
            self._seen[key] = super()._name(crop)
        return self._seen[key]


@lru_cache(maxsize=1000)
def drawn_by(cell: tuple[int, ...]) -> Rgb:
    picture = np.full((64, 64, 3), 255, np.uint8)
    for a, b in np.random.default_rng(cell).integers(4, 60, (7, 2, 2)):
        cv2.line(picture, a.tolist(), b.tolist(), (0, 0, 0), 2)
    return picture


@pytest.fixture
def described_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks fit the same pictures again and again: their features are found once."""
    for module in (index, candidates):
        monkeypatch.setattr(module, "describe", described)


kept: dict[tuple[bytes, float, float], Features] = {}


def described(picture: Gray, half_w: float, half_h: float) -> Features:
    key = (picture.tobytes(), half_w, half_h)
    if key not in kept:
        kept[key] = describe(picture, half_w, half_h)
    return kept[key]


# Of all checks of scikit-learn 1.9 none is expected to fail. Two ask nothing here: ``check_array_api_input``
# needs SCIPY_ARRAY_API, ``check_classifier_data_not_an_array`` needs pandas; both are skipped by scikit-learn
# itself. Checks of sparse matrices, sample weights, partial fits and several outputs don't apply.
@parametrize_with_checks([OfRows()])
def test_it_is_an_estimator_as_scikit_learn_has_them(
    estimator: OfRows, check: Any, described_once: None
) -> None:
    if getattr(check, "keywords", {}).get("readonly_memmap") and "train" in str(check):
        pytest.skip("the same training again, its numbers memory-mapped: a picture is drawn of them anyway")
    check(estimator)


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


def test_a_classifier_that_has_read_can_be_kept(strikes: tuple[list[Rgb], list[str]]) -> None:
    crops, names = strikes
    clf = StrikeClassifier().fit(crops[::4], names[::4])
    told = clf.predict_proba(crops[1:3])
    again = pickle.loads(pickle.dumps(clf))
    assert again.predict_proba(crops[1:3]) == pytest.approx(told, abs=1e-6)
