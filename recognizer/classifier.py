"""Naming strikes the scikit-learn way: ``fit`` on strikes and their dies, ``predict``, ``predict_proba``.

from recognizer.classifier import StrikeClassifier
clf = StrikeClassifier().fit(crops, names)          # crops: list of RGB arrays, one strike each
clf.predict(more)                                   # names, "unknown" where no die explains the strike
cross_val_score(StrikeClassifier(unknown=None), crops, names)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from recognizer.geometry import Box
from recognizer.records import MarkSpec, Names
from recognizer.stages.identify import IdentifyParams, identify, index_marks
from recognizer.stages.legend import read_legend
from recognizer.stages.strikes import lift_strike
from recognizer.types import Identification, LearntStrike, Mark, Rgb

SMALLEST_SIDE = 8  # pixels: nothing can be told from less


class StrikeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Which die made a strike, learnt from a few strikes of each.

    Parameters
    ----------
    unknown : label given to a strike that no die explains; None always names the likeliest die.
    margin : share of each crop's sides that is surroundings rather than strike, 0 to 0.4.
    matcher, calibration, reader : models as ``recognizer.sources.models.open_model`` gives them;
        ``"shipped"`` takes those that travel with the program, None goes without.

    Attributes
    ----------
    classes_ : the labels seen, sorted. ``predict_proba`` has a column for each, in this order; what a row
    lacks to 1 is the probability that none of them made the strike.
    """

    def __init__(
        self,
        unknown: Any = "unknown",
        margin: float = 0.0,
        matcher: Any = "shipped",
        calibration: Any = "shipped",
        reader: Any = "shipped",
    ) -> None:
        self.unknown = unknown
        self.margin = margin
        self.matcher = matcher
        self.calibration = calibration
        self.reader = reader

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn should know: pictures go in, not rows of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags

    def fit(self, X: Sequence[Rgb] | NDArray[np.uint8], y: ArrayLike) -> StrikeClassifier:
        """Learn from ``X``, a list of (H, W, 3) RGB uint8 crops or an array (N, H, W, 3), and labels ``y``
        (N,)."""
        crops, labels = self._pictures(X, learning=True), np.asarray(y)
        if labels.ndim != 1 or len(labels) != len(crops):
            raise ValueError(f"{len(crops)} crops need as many labels in one row, not {labels.shape}.")
        check_classification_targets(labels)
        self.classes_ = np.unique(labels)
        marks = [
            self._mark(str(n), [crops[i] for i in np.flatnonzero(labels == c)])
            for n, c in enumerate(self.classes_)
        ]
        matcher, calibration, self.reader_ = _models(self.matcher, self.calibration, self.reader)
        self.index_ = index_marks(marks, matcher, calibration, self.reader_)
        return self

    def predict(self, X: Sequence[Rgb] | NDArray[np.uint8]) -> NDArray[Any]:
        """The label of each crop, ``unknown`` where no die explains it."""
        named = self._named(X)
        labels = [
            self.classes_[int(n.matches[0].mark)]
            if n.matches and (n.known or self.unknown is None)
            else self.unknown
            for n in named
        ]
        if self.unknown is None:
            return np.array([self.classes_[0] if label is None else label for label in labels])
        kind = object if np.asarray(self.unknown).dtype.kind != self.classes_.dtype.kind else None
        return np.array(labels, kind)

    def predict_proba(self, X: Sequence[Rgb] | NDArray[np.uint8]) -> NDArray[np.float64]:
        """(N, len(classes_)): calibrated probability of each die; a row sums to 1 or less.

        What it lacks to 1 is for "none of them"; where ``unknown`` is None that can't be, and rows sum to 1.
        """
        found = self._named(X)
        table = np.zeros((len(found), len(self.classes_)))
        for row, named in zip(table, found, strict=True):
            for match in named.matches:
                row[int(match.mark)] = match.probability
        if self.unknown is None:
            table += 1e-9  # of nothing known every die is as likely
            table /= table.sum(1, keepdims=True)
        return table

    def _named(self, X: Sequence[Rgb] | NDArray[np.uint8]) -> list[Identification]:
        check_is_fitted(self, "index_")
        return [self._name(crop) for crop in self._pictures(X)]

    def _name(self, crop: Rgb) -> Identification:
        params = IdentifyParams(answers=max(len(self.classes_), 1))
        strike = lift_strike(crop, self._core(crop), None)
        reading = read_legend(strike, self.reader_) if self.reader_ is not None else None
        return identify(strike, self.index_, reading, params=params)

    def _pictures(self, X: Any, learning: bool = False) -> list[Rgb]:
        """What is learnt or asked, as crops; a place for kin that are given something else than pictures."""
        return _crops(X)

    def _mark(self, mark: str, crops: Sequence[Rgb]) -> Mark:
        spec = MarkSpec(id=mark, name=Names(en=mark), status="learnt")
        return Mark(spec, None, tuple(LearntStrike(crop, self._core(crop)) for crop in crops))

    def _core(self, crop: Rgb) -> Box:
        height, width = crop.shape[:2]
        x, y = width * self.margin / 2, height * self.margin / 2
        return Box(x, y, width - 2 * x, height - 2 * y)


def _crops(X: Any) -> list[Rgb]:
    """The crops as a list; raises ValueError naming the one that is no RGB picture."""
    crops = [np.asarray(x) for x in X]
    if not crops:
        raise ValueError("Found array with 0 sample(s): at least one crop is needed.")
    for n, crop in enumerate(crops):
        if (
            crop.ndim != 3
            or crop.shape[2] != 3
            or crop.dtype != np.uint8
            or min(crop.shape[:2]) < SMALLEST_SIDE
        ):
            raise ValueError(
                f"Crop {n} must be RGB uint8 (H, W, 3), at least {SMALLEST_SIDE} pixels each way, "
                f"not {crop.dtype} {crop.shape}."
            )
    return crops


def _models(*wanted: Any) -> list[Any]:
    """Models given as they are, shipped ones opened; None where there is none."""
    from recognizer.sources.models import open_model
    from recognizer.sources.shipped import shipped

    found = []
    names = ("strike-matcher", "strike-calibration", "reader")
    for name, model in zip(names, wanted, strict=True):
        there = isinstance(model, str) and (shipped("models") / name).is_dir()
        found.append(open_model(name) if there else None if isinstance(model, str) else model)
    return found
