"""The mission of a piece: cases that follow from the catalogue, and what may be called certain."""

from __future__ import annotations

import datetime as dt

import pytest
from mission_cases import CASES, MARKS, Case

from recognizer.flights import Catalogue
from recognizer.sources.missions import load_catalogue
from recognizer.stages.mission import suggest_mission
from recognizer.types import DateAlternative, MissionReading, Observation

HOME = {
    "launch": ("baikonur",),
    "docking": ("korolev", "iss"),
    "undocking": ("korolev", "iss"),
    "landing": ("arkalyk", "zhezkazgan"),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def ask(catalogue: Catalogue, strikes: tuple[str, ...], texts: tuple[str, ...] = ()) -> MissionReading:
    told = [
        Observation(f"r{i}", mark=mark, date=date or None)
        for i, (mark, _, date) in enumerate((s.partition("@") for s in strikes), 1)
    ]
    told += [Observation(None, text=text) for text in texts]
    return suggest_mission(told, catalogue, MARKS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_specialist_would_say_so(catalogue: Catalogue, case: Case) -> None:
    reading = ask(catalogue, case.strikes, case.texts)
    assert reading.status in case.status
    named = {a.id for a in reading.alternatives} | {reading.id}
    assert set(case.among) <= named
    if reading.status == "undetermined":
        assert (reading.id, reading.name, reading.event) == (None, None, None)
    else:
        assert reading.id == case.id
        if case.event != "-":
            assert reading.event == case.event
    if case.conflict:
        assert any(case.conflict in text for text in reading.conflicts), reading.conflicts
    if case.no_conflict:
        assert reading.conflicts == ()
    if case.says:
        assert any(case.says in e.says for e in reading.evidence), reading.evidence
    assert not any("fake" in text.lower() for text in reading.conflicts)


def test_every_event_is_found_by_each_of_its_dates(catalogue: Catalogue) -> None:
    """All flights, at the places of their events, by the dates of UTC, Moscow and Baikonur."""
    missed = []
    for flight in catalogue.flights.values():
        for kind, event in flight.events():
            for day in {event.date_in(zone) for zone in ("utc", "moscow", "baikonur")}:
                for place in HOME[kind]:
                    reading = ask(catalogue, (f"place:{place}@{day}",))
                    if reading.id != flight.id:
                        missed.append((flight.id, kind, place, str(day), reading.id, reading.status))
    assert missed == []


def test_launches_and_plain_landings_are_certain(catalogue: Catalogue) -> None:
    """So is a full date of launch at Baikonur, and of a landing at Arkalyk where no crew changed craft."""
    for flight in catalogue.flights.values():
        launched = ask(catalogue, (f"place:baikonur@{flight.launch.date_in('baikonur')}",))
        assert (launched.status, launched.event) == ("certain", "launch"), flight.id
        crossed = any(flight.id in homes for homes in catalogue.lander_of.values())
        if flight.landing and not crossed:
            landed = ask(catalogue, (f"place:arkalyk@{flight.landing.date_in('baikonur')}",))
            assert (landed.status, landed.event) == ("certain", "landing"), flight.id


def test_every_day_without_an_event_stays_open(catalogue: Catalogue) -> None:
    busy = {
        event.date_in(zone)
        for flight in catalogue.flights.values()
        for _, event in flight.events()
        for zone in ("utc", "moscow", "baikonur", "houston")
    }
    for offset in range(0, 9000, 97):
        day = dt.date(2000, 11, 10) + dt.timedelta(offset)
        if day not in busy:
            assert ask(catalogue, (f"place:baikonur@{day}",)).status == "undetermined", day


# --- the reader's doubts ------------------------------------------------------------------------------


def test_the_readers_alternatives_count_with_their_probabilities(catalogue: Catalogue) -> None:
    """A landing place makes the second reading, 31 October, the likelier one; Baikonur leaves the first."""

    def read(place: str) -> MissionReading:
        strike = Observation(
            "r1",
            mark=f"place:{place}",
            date="2001-10-21",
            date_probability=0.6,
            date_alternatives=(DateAlternative("2001-10-31", 0.35),),
        )
        return suggest_mission([strike], catalogue, MARKS)

    assert read("arkalyk").id == "soyuz-tm-32"
    assert read("baikonur").id == "soyuz-tm-33"
    assert {a.id for a in read("baikonur").alternatives} >= {"soyuz-tm-32"}


def test_a_doubtful_reading_is_not_certain(catalogue: Catalogue) -> None:
    def read(probability: float) -> MissionReading:
        strike = Observation("r1", mark="bilingual", date="2008-10-12", date_probability=probability)
        return suggest_mission([strike], catalogue, MARKS)

    assert read(1.0).status == "certain"
    assert read(0.4).status != "certain"
    assert read(0.4).probability < read(0.9).probability < read(1.0).probability


def test_a_doubtful_mark_says_less_of_the_place(catalogue: Catalogue) -> None:
    def read(probability: float) -> MissionReading:
        strike = Observation("r1", mark="bilingual", mark_probability=probability, date="????-10-31")
        return suggest_mission([strike], catalogue, MARKS)

    assert read(0.6).probability < read(1.0).probability


def test_a_day_that_cannot_be_is_taken_as_not_read(catalogue: Catalogue) -> None:
    strikes = [Observation("r1", mark="bilingual", date="2003-02-30", date_probability=0.9)]
    assert suggest_mission(strikes, catalogue, MARKS).status == "undetermined"


# --- the answer ---------------------------------------------------------------------------------------


def test_evidence_names_its_region_and_weighs(catalogue: Catalogue) -> None:
    reading = ask(catalogue, ("rocket@2003-04-26", "bilingual@2003-04-26", "unknown@2003-05-02"))
    by_region = {e.region: e for e in reading.evidence}
    assert set(by_region) == {"r1", "r2", "r3"}
    assert by_region["r1"].weight > 0 > by_region["r3"].weight
    assert "the launch of Soyuz TMA-2" in by_region["r1"].says
    assert "26 April 2003" in by_region["r1"].says


def test_nothing_observed_says_nothing(catalogue: Catalogue) -> None:
    reading = suggest_mission([], catalogue, MARKS)
    assert (reading.id, reading.status, reading.alternatives) == (None, "undetermined", ())


def test_probabilities_are_sorted_and_add_up(catalogue: Catalogue) -> None:
    reading = ask(catalogue, ("rocket@200?-04-08",))
    shares = [a.probability for a in reading.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.001
    assert reading.probability == shares[0]


def test_the_order_of_strikes_does_not_matter(catalogue: Catalogue) -> None:
    strikes = ("unknown@2003-05-02", "bilingual@????-04-26", "rocket@2003-04-26", "ep-2")
    forth, back = ask(catalogue, strikes), ask(catalogue, strikes[::-1])
    assert (forth.id, forth.status, forth.probability) == (back.id, back.status, back.probability)


def test_many_strikes_of_one_place_and_day_are_one_place(catalogue: Catalogue) -> None:
    """Ten strikes of one office tell the year no better than one."""
    assert ask(catalogue, ("bilingual@????-10-31",) * 10).status == "undetermined"
