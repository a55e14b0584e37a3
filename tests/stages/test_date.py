from __future__ import annotations

from lettering_by_hand import lettering, line

from recognizer.records import DateZone, MarkSpec, Names
from recognizer.stages.date import read_date
from recognizer.stages.lettering import Lettering
from recognizer.types import DateReading, Strike

NO_STRIKE: Strike = None  # type: ignore[assignment]  # a lettering at hand, the strike is not looked at


def read(seen: Lettering, mark: MarkSpec | None = None) -> DateReading:
    return read_date(NO_STRIKE, mark, None, None, seen)


def test_without_a_model_the_date_stays_open() -> None:
    assert read_date(NO_STRIKE, None, None, None) == DateReading()


def test_nothing_read_is_an_open_date() -> None:
    assert read(lettering()) == DateReading()


def test_day_and_month_across_the_dial_and_the_year_on_its_rim() -> None:
    seen = lettering(line("JUL 20", offset=-0.3), line("11-PM"), line("1945", "foot"))
    assert read(seen).value == "1945-07-20"


def test_three_lines_with_the_hour_between() -> None:
    seen = lettering(line("JUN 5", offset=-0.3), line("1 30PM"), line("1945", offset=0.3))
    assert read(seen).value == "1945-06-05"


def test_unit_numbers_do_not_become_years() -> None:
    seen = lettering(line("1946", offset=-0.3), line("FEB 23"), line("372", offset=0.3))
    assert read(seen).value == "1946-02-23"


def test_month_day_and_year_each_on_a_line() -> None:
    seen = lettering(line("JUN", offset=-0.3), line("4"), line("1945", offset=0.3))
    assert read(seen).value == "1945-06-04"


def test_a_lost_figure_leaves_the_date_open_and_is_a_question_mark() -> None:
    reading = read(lettering(line("1~.10.2008")))
    assert reading.value is None
    assert reading.text == "1? 10 2008"
    assert len(reading.alternatives) >= 3
    assert all(a.value[:8] == "2008-10-" for a in reading.alternatives[:3])


def test_a_doubtful_reading_stays_open_and_hands_over_its_best() -> None:
    reading = read(lettering(line("12.10.2008", sure=0.3)))
    assert reading.value is None
    assert reading.alternatives[0].value == "2008-10-12"


def test_a_mark_that_writes_the_year_first_is_believed() -> None:
    mark = MarkSpec(
        id="m", name=Names(en="m"), status="described", date=DateZone(movable=True, formats=["YY MM DD"])
    )
    plain, told = read(lettering(line("08 10 12"))), read(lettering(line("08 10 12")), mark)
    chance = {a.value: a.probability for a in plain.alternatives}.get("2008-10-12", 0.0)
    believed = told.probability if told.value == "2008-10-12" else told.alternatives[0].probability
    assert (told.value or told.alternatives[0].value) == "2008-10-12"
    assert believed > chance
