"""Pieces with the mission a specialist would give them: what follows from the catalogue, not from a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from recognizer.records import Legend, MarkSpec, Names, SourcedDate


def mark(
    id_: str,
    place: str | None = None,
    first: str | None = None,
    last: str | None = None,
    source: str = "article: cover",
    missions: tuple[str, ...] = (),
    legend: str = "",
    kind: Literal["postmark", "handstamp"] = "postmark",
) -> MarkSpec:
    return MarkSpec(
        id=id_,
        name=Names(en=id_),
        status="described",
        place=place,
        kind=kind,
        missions=list(missions),
        legends=[Legend(text=legend)] if legend else [],
        first_use=SourcedDate(value=first, source=source) if first else None,
        last_use=SourcedDate(value=last, source=source) if last else None,
    )


MARKS = {
    m.id: m
    for m in (
        mark("field-post", "baikonur", "2002-10-30", "2007-10-10"),
        mark("rocket", "baikonur", "2000-10-31", "2008-10-12"),
        mark("bilingual", "baikonur"),
        mark("orbit", "baikonur", "2000-10-31", "2002-04-25"),
        mark("gagarin-start", "baikonur", legend="ГАГАРИНСКИЙ СТАРТ"),
        mark("ep-2", missions=("soyuz-tm-33",)),
        mark("first-expedition", missions=("Soyuz TM-31 / Expedition 1",)),
        mark("board-old", "iss", last="2020-12-07", source="a dealer's news: the last day"),
        mark("board-new", "iss", first="2021", source="a dealer's news: from 2021"),
        mark("registered", "baikonur", kind="handstamp"),
    )
}


@dataclass(frozen=True)
class Case:
    """Strikes, texts, and what must be answered. ``event`` "-" means that any, or none, will do."""

    title: str
    strikes: tuple[str, ...]
    texts: tuple[str, ...] = ()
    id: str | None = None
    event: str | None = "-"
    status: tuple[str, ...] = ("certain", "probable")
    among: tuple[str, ...] = ()
    conflict: str = ""
    says: str = ""
    no_conflict: bool = field(default=False)


SURE = ("certain",)
LIKELY = ("probable",)
OPEN = ("undetermined",)

CASES = (
    # --- one date, one place ---
    Case("launch", ("rocket@2008-04-08",), id="soyuz-tma-12", event="launch", status=SURE, no_conflict=True),
    Case("launch by Baikonur's date", ("bilingual@2019-03-15",), id="soyuz-ms-12", event="launch"),
    Case("launch by Moscow's date", ("bilingual@2016-03-19",), id="soyuz-tma-20m", event="launch"),
    Case("launch by the UTC date", ("place:baikonur@2014-05-28",), id="soyuz-tma-13m", event="launch"),
    Case("docking at mission control", ("place:korolev@2003-04-28",), id="soyuz-tma-2", event="docking"),
    Case("docking, Moscow's date", ("place:korolev@2009-12-23",), id="soyuz-tma-17", event="docking"),
    Case("undocking on board", ("place:iss@2003-05-03",), id="soyuz-tma-1", event="undocking"),
    Case("landing", ("place:arkalyk@2008-10-24",), id="soyuz-tma-12", event="landing"),
    Case(
        "landing, crew up and down the same",
        ("place:zhezkazgan@2014-09-11",),
        id="soyuz-tma-12m",
        event="landing",
        status=SURE,
    ),
    Case("landing by the local date", ("place:arkalyk@2005-04-25",), id="soyuz-tma-5", event="landing"),
    Case("landing by the UTC date", ("place:arkalyk@2005-04-24",), id="soyuz-tma-5", event="landing"),
    Case("other spelling of a place", ("place:Dzhezkazgan@2014-09-11",), id="soyuz-tma-12m", event="landing"),
    Case("Houston's date at Houston", ("place:houston@2023-02-23",), id="soyuz-ms-23", event="launch"),
    Case("Houston's date elsewhere", ("place:baikonur@2002-10-29",), status=OPEN),
    Case("unknown mark on a launch day", ("unknown@2003-04-26",), id="soyuz-tma-2", status=LIKELY),
    Case("a hour after the date", ("bilingual@2001-10-21T12",), id="soyuz-tm-33", event="launch"),
    Case(
        "landing of Soyuz TM-34, not the 9th",
        ("place:arkalyk@2002-11-10",),
        id="soyuz-tm-34",
        event="landing",
    ),
    Case("launch in flight", ("bilingual@2026-07-14",), id="soyuz-ms-29", event="launch"),
    # --- no event ---
    Case("a day without an event", ("unknown@2003-05-02",), status=OPEN, conflict="no event"),
    Case("the same at Baikonur", ("bilingual@2003-05-02",), status=OPEN, conflict="no event"),
    Case("misprinted landing", ("place:arkalyk@2006-04-19",), status=OPEN),
    Case("special cancel of another year", ("bilingual@2019-01-16",), status=OPEN),
    Case("before the station", ("bilingual@1975-07-15",), status=OPEN),
    Case("private cancel, no date and place", ("unknown",), status=OPEN),
    Case("Arkalyk on a launch day", ("place:arkalyk@2003-04-26",), status=OPEN, among=("soyuz-tma-2",)),
    # --- planned, not kept ---
    Case(
        "slipped launch", ("bilingual@2004-10-09",), status=OPEN, among=("soyuz-tma-5",), conflict="not kept"
    ),
    Case(
        "scrubbed launch", ("bilingual@2024-03-21",), status=OPEN, among=("soyuz-ms-25",), conflict="not kept"
    ),
    Case("slipped launch in 2016", ("bilingual@2016-09-23",), status=OPEN, conflict="not kept"),
    Case("failed docking", ("place:korolev@2019-08-24",), status=OPEN, conflict="not kept"),
    Case(
        "slipped date with the craft's name",
        ("bilingual@2004-10-09",),
        ("Союз ТМА-5",),
        id="soyuz-tma-5",
        status=LIKELY,
        conflict="not kept",
    ),
    # --- figures not read ---
    Case(
        "year gone, launch and landing",
        ("bilingual@????-10-31",),
        status=OPEN,
        among=("soyuz-tm-31", "soyuz-tm-32"),
    ),
    Case(
        "year gone, launch and docking",
        ("bilingual@????-04-28",),
        status=OPEN,
        among=("soyuz-tm-32", "soyuz-tma-2"),
    ),
    Case(
        "year gone, two launches",
        ("field-post@????-10-14",),
        status=OPEN,
        among=("soyuz-tma-5", "soyuz-ms-17", "soyuz-tma-13"),
    ),
    Case(
        "the pad decides between two launches",
        ("field-post@????-10-14", "gagarin-start@????-10-14"),
        id="soyuz-tma-5",
        event="launch",
        status=LIKELY,
        among=("soyuz-tma-13",),
    ),
    Case(
        "year gone at a landing place",
        ("place:arkalyk@????-10-31",),
        id="soyuz-tm-32",
        event="landing",
        status=LIKELY,
    ),
    Case(
        "last figure of the year gone",
        ("rocket@200?-04-08",),
        status=OPEN,
        among=("soyuz-tma-12", "soyuz-tma-13"),
    ),
    Case(
        "last figure of the day gone",
        ("bilingual@2001-10-2?",),
        id="soyuz-tm-33",
        event="launch",
        status=LIKELY,
    ),
    Case("month alone", ("bilingual@20??-10-??",), status=OPEN),
    Case("only the year", ("bilingual@2001-??-??",), status=OPEN),
    Case("nothing read", ("bilingual@????-??-??",), status=OPEN),
    Case(
        "a second strike reads the year",
        ("bilingual@????-10-31", "rocket@2000-??-??"),
        id="soyuz-tm-31",
        event="launch",
    ),
    Case(
        "a text reads the year",
        ("bilingual@????-10-31",),
        ("Russia - 2000 - USA",),
        id="soyuz-tm-31",
        event="launch",
    ),
    Case(
        "a tied mark reads it", ("bilingual@????-10-31", "first-expedition"), id="soyuz-tm-31", event="launch"
    ),
    Case(
        "the emblem of the landing crew reads it",
        ("place:arkalyk@????-10-31",),
        ("Andromède",),
        id="soyuz-tm-33",
        event="landing",
    ),
    # --- outliers and contradictions ---
    Case(
        "three against one without an event",
        ("rocket@2003-04-26", "bilingual@2003-04-26", "field-post@2003-04-26", "unknown@2003-05-02"),
        id="soyuz-tma-2",
        event="launch",
        status=SURE,
        conflict="2 May 2003",
    ),
    Case(
        "two against one of another launch",
        ("rocket@2003-04-26", "bilingual@2003-04-26", "rocket@2003-10-18"),
        id="soyuz-tma-2",
        event="launch",
        status=LIKELY,
        among=("soyuz-tma-3",),
        conflict="Soyuz TMA-3",
    ),
    Case(
        "one against one",
        ("bilingual@2007-04-07", "bilingual@2008-04-08"),
        status=OPEN,
        among=("soyuz-tma-10", "soyuz-tma-12"),
    ),
    Case(
        "launch, docking and landing of one flight",
        ("bilingual@2002-04-25", "place:korolev@2002-04-27", "place:arkalyk@2002-11-10"),
        id="soyuz-tm-34",
        status=SURE,
        no_conflict=True,
    ),
    Case(
        "launch and the crew's landing",
        ("bilingual@2002-10-30", "place:arkalyk@2002-11-10"),
        id="soyuz-tma-1",
        event="launch",
    ),
    Case(
        "a mark made for another mission",
        ("bilingual@2003-04-26", "rocket@2003-04-26", "ep-2"),
        id="soyuz-tma-2",
        status=LIKELY,
        conflict="Soyuz TM-33",
    ),
    Case(
        "a text names the next craft",
        ("bilingual@2003-04-26",),
        ("Soyuz TMA-3",),
        id="soyuz-tma-2",
        status=LIKELY,
        among=("soyuz-tma-3",),
        conflict="Soyuz TMA-3",
    ),
    Case(
        "Arkalyk and Baikonur on a launch day",
        ("bilingual@2003-04-26", "place:arkalyk@2003-04-26"),
        id="soyuz-tma-2",
        event="launch",
        status=LIKELY,
    ),
    # --- pads and periods ---
    Case(
        "Gagarin's Start, launched from Site 31",
        ("gagarin-start@2020-10-14",),
        id="soyuz-ms-17",
        status=LIKELY,
        conflict="Site 31",
    ),
    Case(
        "Gagarin's Start in 2012",
        ("gagarin-start@2012-10-23", "bilingual@2012-10-23"),
        id="soyuz-tma-06m",
        status=LIKELY,
        conflict="Site 31",
    ),
    Case(
        "Gagarin's Start, undated, on a Site 31 launch",
        ("bilingual@2020-04-09", "gagarin-start"),
        id="soyuz-ms-16",
        status=LIKELY,
        conflict="Gagarin",
    ),
    Case(
        "Gagarin's Start where it belongs",
        ("gagarin-start@2019-09-25",),
        id="soyuz-ms-15",
        event="launch",
        status=SURE,
    ),
    Case("Gagarin's Start after its last launch", ("gagarin-start@2019-09-27",), status=OPEN),
    Case(
        "a text names the wrong pad",
        ("bilingual@2008-10-12",),
        ("Site 31",),
        id="soyuz-tma-13",
        conflict="Site 31",
    ),
    Case(
        "last seen years before",
        ("orbit@2008-10-12",),
        id="soyuz-tma-13",
        status=LIKELY,
        conflict="2002-04-25",
    ),
    Case("last seen months before", ("rocket@2009-03-26",), id="soyuz-tma-14", status=SURE, no_conflict=True),
    Case(
        "old board mark after its end",
        ("board-old@2021-04-09",),
        id="soyuz-ms-18",
        status=LIKELY,
        conflict="2020-12-07",
    ),
    Case(
        "new board mark before its time",
        ("board-new@2016-07-09",),
        id="soyuz-ms-01",
        status=LIKELY,
        conflict="2021",
    ),
    # --- on board ---
    Case(
        "anniversary on board", ("board-old@2011-04-12",), status=OPEN, among=("soyuz-tma-20", "soyuz-tma-21")
    ),
    Case("anniversary and docking", ("board-old@2011-04-12", "board-old@2010-12-17"), id="soyuz-tma-20"),
    Case(
        "anniversary and the other docking",
        ("board-old@2011-04-12", "board-old@2011-04-07"),
        id="soyuz-tma-21",
        event="docking",
    ),
    Case("a day on board, one craft docked", ("board-old@2003-06-15",), status=OPEN, among=("soyuz-tma-2",)),
    Case(
        "launch by the local date, docking, landing",
        ("board-old@2010-12-16", "board-old@2010-12-17", "board-old@2011-05-24"),
        id="soyuz-tma-20",
    ),
    Case(
        "a board date set wrong, a note right",
        ("board-old@2006-04-08",),
        ("1 April 2006, docking of Soyuz TMA-8",),
        id="soyuz-tma-8",
        event="docking",
    ),
    Case(
        "the same without the note",
        ("board-old@2006-04-08",),
        id="soyuz-tma-7",
        event="undocking",
        status=LIKELY,
    ),
    # --- crews that cross ---
    Case(
        "landing belongs to the craft",
        ("place:arkalyk@2001-10-31",),
        id="soyuz-tm-32",
        event="landing",
        among=("soyuz-tm-33",),
        says="had come up in Soyuz TM-33",
    ),
    Case(
        "an emblem moves it to the crew",
        ("place:arkalyk@2001-10-31",),
        ("Andromède",),
        id="soyuz-tm-33",
        event="landing",
        says="came home in Soyuz TM-32",
    ),
    Case(
        "so does a visiting expedition",
        ("place:arkalyk@2001-10-31", "ep-2"),
        id="soyuz-tm-33",
        event="landing",
    ),
    Case(
        "names of the crew that landed",
        ("place:arkalyk@2001-10-31",),
        ("Afanasyev, Haigneré, Kozeyev",),
        id="soyuz-tm-32",
        event="landing",
        among=("soyuz-tm-33",),
    ),
    Case(
        "Soyuz MS-22 came home empty",
        ("place:zhezkazgan@2023-03-28",),
        id="soyuz-ms-22",
        event="landing",
        says="without a crew",
    ),
    Case(
        "its crew came home in Soyuz MS-23",
        ("place:zhezkazgan@2023-09-27",),
        ("Prokopyev, Petelin, Rubio",),
        id="soyuz-ms-23",
        event="landing",
        says="Soyuz MS-22",
    ),
    Case("film crew", ("place:zhezkazgan@2021-10-17",), ("Вызов",), id="soyuz-ms-19", event="landing"),
    Case(
        "film crew's launch",
        ("bilingual@2021-10-05",),
        ("Пересильд, Шипенко",),
        id="soyuz-ms-19",
        event="launch",
        status=SURE,
    ),
    # --- flights out of the ordinary ---
    Case("aborted launch", ("bilingual@2018-10-11",), id="soyuz-ms-10", event="launch", status=SURE),
    Case("aborted, landing", ("place:zhezkazgan@2018-10-11",), id="soyuz-ms-10", event="landing"),
    Case(
        "aborted, on board",
        ("board-old@2018-10-11",),
        ("Soyuz MS-10",),
        id="soyuz-ms-10",
        status=LIKELY,
        conflict="never reached",
    ),
    Case(
        "aborted, docking",
        ("place:korolev@2018-10-11",),
        ("docking of Soyuz MS-10",),
        id="soyuz-ms-10",
        conflict="never came to",
    ),
    Case("uncrewed test flight", ("bilingual@2019-08-22",), id="soyuz-ms-14", event="launch"),
    Case("the robot", (), ("Skybot F-850",), id="soyuz-ms-14"),
    Case("launched without a crew", ("bilingual@2023-02-24",), id="soyuz-ms-23", event="launch", status=SURE),
    # --- texts alone ---
    Case("EP-2 is no TM-32 and no 2S", ("ep-2", "bilingual"), id="soyuz-tm-33"),
    Case("ЭП-2", (), ("ЭП-2 на МКС",), id="soyuz-tm-33", event=None),
    Case("EP-2 misprinted", (), ("ЭП-2 на МСК",), id="soyuz-tm-33", event=None),
    Case("VC-2", (), ("VC-2",), id="soyuz-tm-33"),
    Case("ISS flight 2S", (), ("ISS flight 2S",), id="soyuz-tm-32"),
    Case("Expedition 2 went up on a shuttle", (), ("Expedition 2",), status=OPEN),
    Case("Expedition 7", (), ("МКС-7",), id="soyuz-tma-2"),
    Case("Expedition 10 in Roman figures", (), ("Expedition X",), id="soyuz-tma-5"),
    Case(
        "Expedition 25 had two craft",
        (),
        ("Expedition 25",),
        status=OPEN,
        among=("soyuz-tma-19", "soyuz-tma-01m"),
    ),
    Case("fourth expedition visiting the ISS", (), ("fourth expedition visiting the ISS",), id="soyuz-tma-1"),
    Case("TMA-1 is no TMA-01M", (), ("Союз ТМА-1",), id="soyuz-tma-1"),
    Case("TMA-01M is no TMA-1", (), ("Soyuz TMA-01M",), id="soyuz-tma-01m"),
    Case("Soyuz 8 TMA", (), ("Soyuz 8 TMA",), id="soyuz-tma-8"),
    Case("DELTA", (), ("DELTA mission",), id="soyuz-tma-4"),
    Case("Odyssey for Odissea", (), ("Odyssey, Zaletin, De Winne",), id="soyuz-tma-1"),
    Case("Marco Polo", (), ("Marco Polo",), id="soyuz-tm-34"),
    Case("Eneide", (), ("Missione Eneide",), id="soyuz-tma-6"),
    Case("crew in Russian", (), ("Лончаков, Финк, Гэрриот",), id="soyuz-tma-13"),
    Case("crew, other spellings", (), ("Malentchenko, Uitson",), id="soyuz-tma-11"),
    Case("Volkov, Kononenko, Yi", (), ("Volkov, Kononenko and Yi So-yeon",), id="soyuz-tma-12"),
    Case("words that name nothing", (), ("Registered. To the moon and beyond",), status=OPEN),
    Case(
        "autographs of two crews",
        ("field-post@2006-03-30",),
        ("Vinogradov, Williams, Pontes, Tokarev, McArthur",),
        id="soyuz-tma-8",
        event="launch",
        status=SURE,
        conflict="Tokarev",
    ),
    # --- registered marks and such say nothing of the mission ---
    Case(
        "an undated hand stamp beside a date",
        ("registered", "bilingual@2008-10-12"),
        id="soyuz-tma-13",
        event="launch",
        status=SURE,
        no_conflict=True,
    ),
    Case("hand stamps alone", ("registered", "registered"), status=OPEN),
    Case(
        "a date not read may be of another flight",
        ("bilingual@2008-10-12", "bilingual"),
        id="soyuz-tma-13",
        status=LIKELY,
    ),
    Case(
        "two read, one not",
        ("bilingual@2008-10-12", "rocket@2008-10-12", "bilingual"),
        id="soyuz-tma-13",
        status=SURE,
    ),
    # --- further texts ---
    Case("a correction by hand", ("board-old@2006-04-08",), ("handwritten: 01.04.06",), id="soyuz-tma-8"),
    Case(
        "a correction signed by the other crew",
        ("board-old@2006-04-08",),
        ("set wrong by Tokarev: handwritten 01.04.06",),
        status=OPEN,
        among=("soyuz-tma-7", "soyuz-tma-8"),
    ),
    Case("a cargo craft is no Soyuz", (), ("Progress MS-10",), status=OPEN),
    Case("ten years of the ISS are no Expedition 10", (), ("ISS 10 years",), status=OPEN),
    Case("Expedition One", (), ("Expedition One",), id="soyuz-tm-31"),
    Case(
        "a year beside an unread one", ("bilingual@????-10-31",), ("2000",), id="soyuz-tm-31", status=LIKELY
    ),
    Case(
        "a foreign town on a launch day",
        ("place:paris@2001-10-21",),
        status=OPEN,
        among=("soyuz-tm-33",),
    ),
    Case("the same with the emblem", ("place:paris@2001-10-21",), ("Andromède",), id="soyuz-tm-33"),
    Case(
        "one of three came home in another craft",
        ("place:arkalyk@2003-10-28",),
        ("Cervantes",),
        id="soyuz-tma-3",
        event="landing",
        says="Pedro Duque",
    ),
    Case(
        "a ground cancel with the station's name",
        ("rocket@2008-10-12", "bilingual@2008-10-12"),
        ("International Space Station, Kazakhstan stamp",),
        id="soyuz-tma-13",
        event="launch",
        status=SURE,
    ),
    Case(
        "two and two",
        ("bilingual@2003-04-26", "rocket@2003-04-26", "bilingual@2003-10-18", "rocket@2003-10-18"),
        status=OPEN,
        among=("soyuz-tma-2", "soyuz-tma-3"),
    ),
)
