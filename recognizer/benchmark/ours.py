"""This program's own naming, as the benchmark asks it: strikes lifted, marks indexed, nothing read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from recognizer.benchmark.dataset import Cut, Lesson
from recognizer.records import MarkSpec, Names
from recognizer.stages.identify import IdentifyParams, MarkIndex, identify, index_marks
from recognizer.stages.strikes import lift_strike
from recognizer.types import Identification, LearntStrike, Mark


class Ours:
    """``matcher``, ``calibration`` and ``comparer`` as ``index_marks`` takes them; without them the classical
    part alone."""

    def __init__(
        self,
        matcher: Any = None,
        calibration: Any = None,
        params: IdentifyParams | None = None,
        name: str = "ours",
        comparer: Any = None,
        always: bool = False,
    ) -> None:
        self._name = name
        self._matcher = matcher
        self._calibration = calibration
        self._comparer = comparer
        self._always = always
        self.params = params or IdentifyParams()
        self.index: MarkIndex = index_marks([])

    @property
    def name(self) -> str:
        return self._name

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Index the lessons as marks of a library."""
        marks = [_mark(lesson) for lesson in lessons]
        self.index = index_marks(marks, self._matcher, self._calibration, self._comparer, self._always)

    def identify(self, cut: Cut) -> Identification:
        """Lift the strike and name it."""
        return identify(lift_strike(cut.pixels, cut.box, None), self.index, params=self.params)


def _mark(lesson: Lesson) -> Mark:
    status: Literal["learnt", "reconstruction"] = "learnt" if lesson.die is None else "reconstruction"
    spec = MarkSpec(id=lesson.mark, name=Names(en=lesson.mark), status=status)
    return Mark(spec, lesson.die, tuple(_learnt(cut) for cut in lesson.strikes))


def _learnt(cut: Cut) -> LearntStrike:
    strike = lift_strike(cut.pixels, cut.box, None)
    return LearntStrike(strike.pixels, strike.core)
