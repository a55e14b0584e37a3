"""This program's own naming, as the benchmark asks it: strikes lifted, marks indexed, letters compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from recognizer.benchmark.dataset import Cut, Lesson
from recognizer.records import MarkSpec, Names
from recognizer.stages.date_look import DateLook, look_for_date
from recognizer.stages.identify import IdentifyParams, MarkIndex, identify, index_marks
from recognizer.stages.legend import LegendReading, read_legend
from recognizer.stages.strikes import lift_strike
from recognizer.types import Identification, LearntStrike, Mark, Strike


class Ours:
    """``matcher``, ``calibration`` and ``reader`` as ``index_marks`` takes them; without them the classical
    part alone. ``looker`` is ``date-reader``, ``closer`` ``date-closeup``: letters that a date covers then
    aren't compared."""

    def __init__(
        self,
        matcher: Any = None,
        calibration: Any = None,
        params: IdentifyParams | None = None,
        name: str = "ours",
        reader: Any = None,
        looker: Any = None,
        closer: Any = None,
        always: bool = False,
    ) -> None:
        self._name = name
        self._matcher = matcher
        self._calibration = calibration
        self._reader = reader
        self._looker, self._closer = looker, closer
        self._always = always
        self.params = params or IdentifyParams()
        self.index: MarkIndex = index_marks([])

    @property
    def name(self) -> str:
        return self._name

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Index the lessons as marks of a library."""
        marks = [_mark(lesson) for lesson in lessons]
        self.index = index_marks(marks, self._matcher, self._calibration, self._reader, self._always)

    def identify(self, cut: Cut) -> Identification:
        """Lift the strike and name it."""
        strike = lift_strike(cut.pixels, cut.box, None)
        return identify(strike, self.index, *self.read(strike), params=self.params)

    def read(self, strike: Strike) -> tuple[LegendReading | None, DateLook | None]:
        """What a strike says and where its date stands, as far as there are networks for it."""
        reading = read_legend(strike, self._reader) if self._reader is not None else None
        if self._looker is None:
            return reading, None
        return reading, look_for_date(strike, self._looker, self._closer)


def _mark(lesson: Lesson) -> Mark:
    status: Literal["learnt", "reconstruction"] = "learnt" if lesson.die is None else "reconstruction"
    spec = MarkSpec(id=lesson.mark, name=Names(en=lesson.mark), status=status)
    return Mark(spec, lesson.die, tuple(_learnt(cut) for cut in lesson.strikes))


def _learnt(cut: Cut) -> LearntStrike:
    strike = lift_strike(cut.pixels, cut.box, None)
    return LearntStrike(strike.pixels, strike.core)
