"""The mission catalogue: what ships with the program, what a collector adds, what is wrong with a file."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from recognizer.errors import KitError
from recognizer.flights import Catalogue
from recognizer.sources.missions import check_catalogue, load_catalogue

MIR = Path(__file__).resolve().parent.parent / "missions" / "mir.toml"

SMALL = """
[programme]
id = "balloons"
name = "Balloon post"
[sources]
log = "the log of the aeronauts"
[[flight]]
id = "montgolfiere-1"
name = "Montgolfiere 1"
launch = { utc = 1983-06-04 }
source = ["log"]
confidence = "high"
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_it_holds_the_75_flights_in_order_of_launch(catalogue: Catalogue) -> None:
    flights = list(catalogue.flights.values())
    assert len(flights) == 75
    assert (flights[0].id, flights[-1].id) == ("soyuz-tm-31", "soyuz-ms-29")
    assert [f.launch.day for f in flights] == sorted(f.launch.day for f in flights)
    assert check_catalogue() == []


def test_every_date_is_that_of_the_table_it_was_made_from(catalogue: Catalogue, shared: Path) -> None:
    with (shared / "domain" / "missions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(catalogue.flights)
    for row in rows:
        flight = catalogue.flights[row["spacecraft"].lower().replace(" ", "-")]
        for kind in ("launch", "docking", "undocking", "landing"):
            event = getattr(flight, kind)
            base = row.get(f"{kind}_utc_date") or row.get(f"{kind}_date")
            assert (event is None) == (not base), (flight.id, kind)
            if event is None:
                continue
            assert event.day.isoformat() == base
            assert row[f"{kind}_utc"] == f"{event.utc:%Y-%m-%dT%H:%M:%SZ}"
            for zone in ("moscow", "baikonur"):
                column = f"{kind}_{zone}_date_if_different"
                if column in row:
                    assert event.date_in(zone).isoformat() == (row[column] or base), (flight.id, kind, zone)


def test_no_day_belongs_to_two_flights(catalogue: Catalogue) -> None:
    owner: dict[dt.date, str] = {}
    for flight in catalogue.flights.values():
        for _, event in flight.events():
            for zone in ("utc", "moscow", "baikonur"):
                day = event.date_in(zone)
                assert owner.setdefault(day, flight.id) == flight.id, day


def test_all_of_the_crews_have_a_russian_spelling(catalogue: Catalogue) -> None:
    named = {n for f in catalogue.flights.values() for n in (*f.crew_up, *(f.crew_down or ()))}
    assert all(catalogue.people[name].surname_ru for name in named)
    assert set(catalogue.people) == named


def test_each_fact_has_a_source_that_is_explained(catalogue: Catalogue) -> None:
    for flight in catalogue.flights.values():
        for fact in ("launch", "crew", "pad", "callsign", "landing_place", "visit"):
            known = flight.known_from(fact)
            assert known.source
            assert set(known.source) <= set(catalogue.sources)
    assert catalogue.flights["soyuz-tma-6"].known_from("landing_place").confidence == "low"
    assert catalogue.flights["soyuz-tma-6"].known_from("launch").confidence == "high"


@pytest.mark.parametrize(
    ("went_up", "came_home"),
    [
        ("soyuz-tm-33", ("soyuz-tm-32",)),
        ("soyuz-tma-3", ("soyuz-tma-2",)),
        ("soyuz-ms-22", ("soyuz-ms-23",)),
        ("soyuz-ms-19", ("soyuz-ms-18",)),
        ("soyuz-tma-12m", ()),
        ("soyuz-ms-10", ()),
    ],
)
def test_it_knows_in_which_craft_a_crew_came_home(
    catalogue: Catalogue, went_up: str, came_home: tuple[str, ...]
) -> None:
    assert catalogue.lander_of[went_up] == came_home


def test_a_further_programme_is_one_file() -> None:
    catalogue = load_catalogue([MIR])
    assert len(catalogue.flights) == 80
    assert catalogue.programme_of["soyuz-tm-12"].name == "Soyuz TM flights to Mir"
    assert catalogue.lander_of["soyuz-tm-13"] == ("soyuz-tm-12",)


def test_a_flight_given_again_replaces_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'belongs_to = "iss"\n[[flight]]\nid = "soyuz-ms-29"\nname = "Soyuz MS-29"\n'
        'launch = { utc = 2026-07-14 }\nlanding = { utc = 2027-03-01 }\nsource = ["general"]\n'
        'confidence = "low"\n',
        encoding="utf-8",
    )
    flight = load_catalogue([file]).flights["soyuz-ms-29"]
    assert flight.landing is not None
    assert flight.landing.day == dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("launch = { utc = 1983-06-04 }", "launch = { utc = 'June' }", "flight montgolfiere-1.launch.utc"),
        ("launch = { utc = 1983-06-04 }", "", "flight montgolfiere-1.launch"),
        ('name = "Montgolfiere 1"', 'nmae = "Montgolfiere 1"', "flight montgolfiere-1.name"),
        ('confidence = "high"', 'confidence = "sure"', "flight montgolfiere-1.confidence"),
        ('id = "montgolfiere-1"', 'id = "montgolfière 1"', "flight montgolfière 1.id"),
        ('source = ["log"]', 'source = ["diary"]', "flight montgolfiere-1.source"),
        ('source = ["log"]', 'source = ["log"]\npad = "meadow"', "flight montgolfiere-1.pad"),
        (
            'source = ["log"]',
            'source = ["log"]\nlanding = { utc = 1983-06-03 }',
            "flight montgolfiere-1.landing",
        ),
        (
            "launch = { utc = 1983-06-04 }",
            "launch = { utc = 1983-06-04, local = { paris = 1983-06-09 } }",
            "flight montgolfiere-1.launch.local",
        ),
        ('[programme]\nid = "balloons"\nname = "Balloon post"', 'belongs_to = "kites"', "belongs_to"),
    ],
)
def test_a_fault_names_the_file_and_the_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    file = tmp_path / "balloons.toml"
    assert old in SMALL
    text = SMALL.replace(old, new)
    if new.startswith("belongs_to"):
        text = new + "\n" + SMALL.replace(old, "")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KitError) as caught:
        load_catalogue([file])
    assert str(file) in caught.value.message
    assert f"field '{field}'" in caught.value.message
    assert caught.value.exit_code == 4
    assert [e.message for e in check_catalogue([file])] == [caught.value.message]


def test_two_flights_of_one_id_are_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "balloons.toml"
    file.write_text(SMALL + SMALL[SMALL.index("[[flight]]") :], encoding="utf-8")
    with pytest.raises(KitError, match="two flights of this id"):
        load_catalogue([file])


@pytest.mark.parametrize("content", [b"[[flight]\n", b"\xff\xfe\x00", b"id = \n"])
def test_what_is_no_toml_is_a_fault(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(KitError, match=r"broken\.toml: can't be read"):
        load_catalogue([file])


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no such file"):
        load_catalogue([tmp_path / "nowhere.toml"])
