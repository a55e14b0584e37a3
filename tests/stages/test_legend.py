from __future__ import annotations

from lettering_by_hand import lettering, line

from recognizer.records import Legend, MarkSpec, Names
from recognizer.stages.legend import LegendReading, find_by_letters, rank_by_legend, read_legend
from recognizer.stages.lettering import Lettering
from recognizer.types import Strike

NO_STRIKE: Strike = None  # type: ignore[assignment]  # a lettering at hand, the strike is not looked at


def mark(id: str, *legends: str) -> MarkSpec:
    return MarkSpec(
        id=id,
        name=Names(en=id),
        status="described",
        shape="circle",
        legends=[Legend(text=t) for t in legends],
    )


LIBRARY = {
    m.id: m
    for m in (
        mark("baikonur", "КАЗАХСТАН", "БАЙКОНУР"),
        mark("arkalyk", "КАЗАХСТАН", "АРКАЛЫК"),
        mark("louis-10", "SAINT LOUIS, MO. 10"),
        mark("louis-11", "SAINT LOUIS, MO. 11"),
        mark("army", "U.S. ARMY", "POSTAL SERVICE"),
        mark("unreadable", "金剛山"),
    )
}


def told(seen: Lettering) -> LegendReading:
    return read_legend(NO_STRIKE, None, seen)


def test_a_broken_arc_still_names_the_mark() -> None:
    ranked = rank_by_legend(told(lettering(line("~АЙКОН", "ring"), line("АХСТАН", "ring"))), LIBRARY)
    assert ranked[0].mark == "baikonur"
    assert ranked[0].probability > 0.8


def test_latin_capitals_serve_for_cyrillic_ones() -> None:
    ranked = rank_by_legend(told(lettering(line("APKAЛЫK", "ring"), line("KAЗAXCTAH", "foot"))), LIBRARY)
    assert ranked[0].mark == "arkalyk"


def test_near_twins_are_told_apart_by_their_number() -> None:
    ranked = rank_by_legend(told(lettering(line("SAINT LOUIS, MO. 11", "ring"))), LIBRARY)
    assert ranked[0].mark == "louis-11"
    assert ranked[0].score > ranked[1].score + 2


def test_letters_of_no_mark_leave_every_mark_improbable() -> None:
    ranked = rank_by_legend(told(lettering(line("WICHITA FALLS, TEXAS", "ring"))), LIBRARY)
    assert ranked[0].probability < 0.3


def test_nothing_read_names_nothing_and_a_mark_without_legible_words_is_left_out() -> None:
    ranked = rank_by_legend(told(lettering()), LIBRARY)
    assert all(c.probability < 0.1 for c in ranked)
    assert "unreadable" not in {c.mark for c in ranked}


def test_a_reading_writes_question_marks_and_probabilities() -> None:
    reading = told(lettering(line("БАЙ~ОНУР", "ring")))
    assert reading.texts[0].text == "БАЙ?ОНУР"
    assert len(reading.texts[0].probabilities) == len(reading.texts[0].text)
    assert reading.texts[0].probabilities[3] < 0.1


def test_the_library_is_searched_by_the_letters_made_out() -> None:
    assert find_by_letters("?АЙКОН??", LIBRARY)[0][:2] == ("baikonur", "БАЙКОНУР")
    assert find_by_letters("A?KAЛ", LIBRARY)[0][0] == "arkalyk"
    assert find_by_letters("louis", LIBRARY)[0][0] in ("louis-10", "louis-11")
    assert find_by_letters("???", LIBRARY) == []
    assert find_by_letters("ZQX", LIBRARY) == []
