from __future__ import annotations

import pytest

from recognizer.benchmark.ours import Ours
from recognizer.benchmark.plots import scale_plot
from recognizer.benchmark.scale import by_size, scale_exam, shortcut
from recognizer.benchmark.scoring import wilson


def test_the_interval_of_a_share() -> None:
    low, high = wilson(57, 61)
    assert (low, high) == pytest.approx((0.843, 0.974), abs=0.002)
    assert wilson(0, 0) == (0, 1)


def test_the_same_strikes_are_asked_among_more_marks() -> None:
    exam = scale_exam(8, asked=3, strikes=1)
    assert [q.mark for q in exam.among(3).questions] == [q.mark for q in exam.among(8).questions]
    tallies = list(by_size([Ours()], exam, [3, 8], 1))
    assert [t.asked for t in tallies] == [3, 3]
    assert tallies[0].top >= tallies[1].top
    assert scale_plot(tallies).startswith(b"\x89PNG")


def test_a_small_library_is_searched_whole() -> None:
    ours = Ours()
    found = shortcut(ours, scale_exam(6, asked=2, strikes=1), 6, 2)
    assert found.equal == found.asked == 2
    assert 20 < found.kb_a_mark < 200
