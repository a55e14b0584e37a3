"""What words on a piece say: craft, crews, expeditions and dates, in either alphabet."""

from __future__ import annotations

import pytest

from recognizer.flights import Catalogue
from recognizer.sources.missions import load_catalogue
from recognizer.stages.mission.spelling import differ_by_one, plain, sound
from recognizer.stages.mission.texts import read_text


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Союз ТМА-01М", ("soyuz", "tma", "1", "m")),
        ("15-я экспедиция", ("15", "ekspeditsiya")),
        ("15th Expedition", ("15", "expedition")),
        ("четвёртая экспедиция посещения", ("4", "ekspeditsiya", "poseshcheniya")),
        ("MKC-15", ("mks", "15")),
        ("Haigneré, O’Hara", ("haignere", "ohara")),
        ("", ()),
    ],
)
def test_words_come_in_one_spelling(text: str, words: tuple[str, ...]) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zalyotin", "Залётин"),
        ("Zaletin", "Залетин"),
        ("Afanasiev", "Афанасьев"),
        ("Kondratyev", "Кондратьев"),
        ("Skvortzov", "Скворцов"),
        ("Wagner", "Vagner"),
        ("Tjurin", "Тюрин"),
    ],
)
def test_transliterations_sound_alike(one: str, other: str) -> None:
    assert sound("".join(plain(one))) == sound("".join(plain(other)))


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("padalka", "padalko", True),
        ("kotov", "kotof", True),
        ("tokarev", "tokare", True),
        ("xpadalka", "padalka", True),
        ("padalka", "padalka", False),
        ("kotov", "kozov1", False),
        ("ab", "ba", False),
    ],
)
def test_one_letter_apart(a: str, b: str, near: bool) -> None:
    assert differ_by_one(a, b) == differ_by_one(b, a) == near


@pytest.mark.parametrize(
    ("text", "kind", "flights"),
    [
        ("Союз ТМА-13", "craft", {"soyuz-tma-13"}),
        ("TMA13", "craft", {"soyuz-tma-13"}),
        ("Soyuz TMA-13M", "craft", {"soyuz-tma-13m"}),
        ("Союз МС-10", "craft", {"soyuz-ms-10"}),
        ("Soyuz 8 TMA", "craft", {"soyuz-tma-8"}),
        ("Mission 17S", "craft", {"soyuz-tma-13"}),
        ("flight 2R", "craft", {"soyuz-tm-31"}),
        ("Taxi-2", "craft", {"soyuz-tm-33"}),
        ("ЭП-2 на МКС", "visit", {"soyuz-tm-33"}),
        ("EP 13", "visit", {"soyuz-tma-11"}),
        ("2nd visiting expedition", "visit", {"soyuz-tm-33"}),
        ("четвёртая экспедиция посещения", "visit", {"soyuz-tma-1"}),
        ("15th Expedition to ISS", "expedition", {"soyuz-tma-10"}),
        ("15-я экспедиция на МКС", "expedition", {"soyuz-tma-10"}),
        ("Expedition 6", "home expedition", {"soyuz-tma-1"}),
        ("Andromede", "emblem", {"soyuz-tm-33"}),
        ("ПОЛЁТ «ОДИССЕЯ»", "emblem", {"soyuz-tma-1"}),
        ("Гагаринский старт", "pad", None),
        ("Russia 2000 USA", "year", {"soyuz-tm-31"}),
    ],
)
def test_a_text_names_flights(catalogue: Catalogue, text: str, kind: str, flights: set[str] | None) -> None:
    found = {claim.kind: claim.flights for claim in read_text(text, catalogue).claims}
    assert kind in found
    if flights is not None:
        assert found[kind] == flights


@pytest.mark.parametrize(
    "text",
    [
        "468320 Baikonur",
        "Registered No 307",
        "postage 2.50",
        "to the moon and beyond",
        "don't bend",
        "The Union of Philatelists",
        "30 tenge",
    ],
)
def test_ordinary_words_name_nothing(catalogue: Catalogue, text: str) -> None:
    reading = read_text(text, catalogue)
    assert (reading.claims, reading.people, reading.dates) == ((), (), ())


def test_a_visiting_expedition_is_no_main_one(catalogue: Catalogue) -> None:
    kinds = {c.kind for c in read_text("fourth expedition visiting the ISS", catalogue).claims}
    assert kinds == {"visit"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lonchakov, Fincke, Garriott", {"Yuri Lonchakov", "Michael Fincke", "Richard Garriott"}),
        ("Лончаков, Финк и Гэрриот", {"Yuri Lonchakov", "Michael Fincke", "Richard Garriott"}),
        ("De Winne / DeWinne", {"Frank De Winne"}),
        ("Кудь-Сверчков", {"Sergey Kud-Sverchkov"}),
        ("Yi So-yeon", {"Yi So-yeon"}),
        ("Ед Лу", {"Edward Lu"}),
        ("a lu at sea", set()),
        ("S. Williams", {"Sunita Williams"}),
        ("Jeff Williams", {"Jeffrey Williams"}),
        ("Padalko", {"Gennady Padalka"}),
    ],
)
def test_a_text_names_people(catalogue: Catalogue, text: str, names: set[str]) -> None:
    people = read_text(text, catalogue).people
    assert {next(iter(who)) for who in people if len(who) == 1} == names


def test_namesakes_stay_together(catalogue: Catalogue) -> None:
    (who,) = read_text("Williams", catalogue).people
    assert who == {"Jeffrey Williams", "Sunita Williams", "Christopher Williams"}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1 April 2006", ("2006-04-01",)),
        ("April 1st, 2006", ("2006-04-01",)),
        ("1 апреля 2006", ("2006-04-01",)),
        ("01.04.2006", ("2006-04-01",)),
        ("1.IV.2006", ("2006-04-01",)),
        ("12 X 2008", ("2008-10-12",)),
        ("12.10.08", ("2008-10-12",)),
        ("2006-04-01", ("2006-04-01",)),
        ("31 April 2006 and 45.13.2006", ()),
        ("No. 12.10.8814", ()),
    ],
)
def test_a_text_gives_dates(catalogue: Catalogue, text: str, dates: tuple[str, ...]) -> None:
    assert read_text(text, catalogue).dates == dates


def test_gagarins_start_is_a_place_no_launch(catalogue: Catalogue) -> None:
    assert read_text("Gagarin Start", catalogue).events == frozenset()
    assert read_text("the start of the rocket", catalogue).events == {"launch"}
    assert read_text("стыковка", catalogue).events == {"docking"}
