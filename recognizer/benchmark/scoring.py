"""How naming is scored, no file touched.

A strike asked for is *named right*, *named wrong* or *left open* (the answer is "unknown"); *top* counts
those whose first candidate is right, trusted or not. A wrong name is worse than none, so the two are never
added up. A strike whose die is not in the library should be left open; naming it counts as wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import Protocol

from recognizer.benchmark.dataset import Cut, Exam, Lesson
from recognizer.types import Identification


class Namer(Protocol):
    """Anything that can be taught dies and then asked."""

    @property
    def name(self) -> str: ...

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Forget what was learnt before and learn these."""

    def identify(self, cut: Cut) -> Identification: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over one exam; ``misses`` names the strikes whose first candidate is not their die."""

    exam: str
    namer: str
    asked: int
    top: int
    named_right: int
    named_wrong: int
    ms: float  # a strike, cutting and lifting included, by the clock
    misses: tuple[str, ...] = ()
    cpu_ms: float = 0.0  # a strike, of processor time: what the clock would say on an idle core

    @property
    def left_open(self) -> int:
        return self.asked - self.named_right - self.named_wrong


def sit(namer: Namer, exam: Exam) -> tuple[Tally, list[Identification]]:
    """Teach ``namer`` the lessons of ``exam``, ask all questions and count."""
    namer.learn(exam.lessons)
    start, worked = perf_counter(), process_time()
    answers = [namer.identify(q.cut) for q in exam.questions]
    asked = max(len(answers), 1)
    ms, cpu_ms = (perf_counter() - start) * 1000 / asked, (process_time() - worked) * 1000 / asked
    return replace(count(namer.name, exam, answers, ms), cpu_ms=cpu_ms), answers


def count(namer: str, exam: Exam, answers: Iterable[Identification], ms: float = 0.0) -> Tally:
    """Compare answers with the truth, in the order of the questions."""
    top = right = wrong = 0
    misses = []
    for question, answer in zip(exam.questions, answers, strict=True):
        first = answer.best.mark if answer.best else None
        hit = question.mark is not None and first == question.mark
        top += hit
        right += hit and answer.known
        wrong += answer.known and not hit
        if not hit:
            misses.append(f"{question.label} <- {first}{' (named)' if answer.known else ''}")
    return Tally(exam.name, namer, len(exam.questions), top, right, wrong, ms, tuple(misses))


def wilson(right: int, asked: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not asked:
        return 0.0, 1.0
    z, share = 1.96, right / asked
    middle = share + z * z / (2 * asked)
    reach = z * (share * (1 - share) / asked + z * z / (4 * asked**2)) ** 0.5
    whole = 1 + z * z / asked
    return (middle - reach) / whole, (middle + reach) / whole
