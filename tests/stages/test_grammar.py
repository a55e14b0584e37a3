from __future__ import annotations

import pytest
from lettering_by_hand import slots

from recognizer.stages.grammar import read_parts


def best(values: dict[int, float]) -> int | None:
    return max(values, key=lambda v: values[v]) if values else None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("12 10 08", (2008, 10, 12)),
        ("121008", (2008, 10, 12)),
        ("12.10.2008", (2008, 10, 12)),
        ("30.12.74-19", (1974, 12, 30)),
        ("6.9.2017", (2017, 9, 6)),
        ("1996 01 20", (1996, 1, 20)),
        ("21 IV.64.-9", (1964, 4, 21)),
        ("61 II.24 15", (1961, 2, 24)),
        ("12 OKT 1964", (1964, 10, 12)),
        ("28 МАЯ 2009", (2009, 5, 28)),
        ("5 КВІ 1996", (1996, 4, 5)),
        ("04.12.1996 BIAŁOWIEŻA", (1996, 12, 4)),
        ("3 DEC 51", (1951, 12, 3)),
    ],
)
def test_a_whole_date_on_one_line(text: str, date: tuple[int, int, int]) -> None:
    part = next(p for p in read_parts(slots(text)) if p.whole)
    assert (best(dict(part.year)), best(dict(part.month)), best(dict(part.day))) == date


def test_month_and_day_without_a_year_are_a_part() -> None:
    part = read_parts(slots("JUL 20"))[0]
    assert (best(dict(part.month)), best(dict(part.day)), part.year) == (7, 20, {})


def test_a_year_of_four_figures_is_a_part_by_itself() -> None:
    part = read_parts(slots("1945"))[0]
    assert part.only == "year"
    assert best(dict(part.year)) == 1945


@pytest.mark.parametrize("text", ["11-PM", "557", "WICHITA", "R 468320", "8.9.1"])
def test_what_is_no_date_gives_no_whole_date(text: str) -> None:
    assert not [p for p in read_parts(slots(text)) if p.whole and p.score > 4]


def test_a_letter_for_a_figure_is_forgiven() -> None:
    part = next(p for p in read_parts(slots("I2 IO O8")) if p.whole)
    assert best(dict(part.day)) == 12


def test_a_figure_that_cannot_be_made_out_leaves_several_days() -> None:
    part = next(p for p in read_parts(slots("2~ 10 2008")) if p.whole)
    days = sorted(part.day.values(), reverse=True)
    assert days[0] - days[3] < 1.5
