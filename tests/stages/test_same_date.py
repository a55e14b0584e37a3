from __future__ import annotations

from recognizer.stages.date import DateParams, Dates, Whole, tell
from recognizer.stages.same_date import SameDateParams, same_date, shared


def dates(**chances: float) -> Dates:
    """Days as ``d20=0.6`` of January 1996, likeliest first."""
    readings = tuple(Whole(int(day[1:]), 1, 1996) for day in chances)
    return Dates(readings, tuple(chances.values()))


def test_two_strikes_that_agree_make_a_doubtful_date_clear() -> None:
    one, other = dates(d20=0.6, d26=0.2), dates(d20=0.7, d28=0.1)
    assert tell(one, None).value is None
    assert tell(shared(one, [other.by_day]), None).value == "1996-01-20"


def test_what_one_strike_shows_settles_between_two_days_of_the_other() -> None:
    both = shared(dates(d26=0.4, d20=0.35, d28=0.1), [dates(d20=0.95).by_day] * 2)
    assert both.readings[0].iso == "1996-01-20"
    assert both.chances[0] > 0.9
    assert list(both.chances) == sorted(both.chances, reverse=True)


def test_a_strike_of_another_day_changes_nothing() -> None:
    one = dates(d20=0.6, d26=0.2)
    assert shared(one, [dates(d11=0.97).by_day]) is one
    near = dates(d24=0.5, d12=0.01)
    assert shared(near, [dates(d12=0.97).by_day]) is near, (
        "what a strike hardly shows others don't make clear"
    )


def test_the_better_two_readings_agree_the_likelier_they_show_one_date() -> None:
    p = SameDateParams()
    clear, doubtful, other = dates(d20=0.95).by_day, dates(d20=0.3, d26=0.3).by_day, dates(d11=0.9).by_day
    assert same_date(clear, clear, p) > 0.9
    assert same_date(clear, clear, p) > same_date(clear, doubtful, p) > same_date(clear, other, p)
    assert same_date(clear, other, p) < 0.5


def test_without_others_or_without_a_reading_nothing_changes() -> None:
    one = dates(d20=0.6, d26=0.2)
    assert shared(one, []).chances == one.chances
    assert shared(Dates(), [one.by_day]).readings == ()
    assert not Dates().unsure
    assert one.unsure
    assert not dates(d20=DateParams().bar).unsure
