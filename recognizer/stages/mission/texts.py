"""What the words on a piece say of its mission: craft, crews, expeditions, emblems, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from recognizer.flights import Catalogue, EventKind, Flight
from recognizer.stages.mission.people import people_named
from recognizer.stages.mission.spelling import Word, latin, occurs, plain, words_of

_EVENT_WORDS: dict[str, EventKind] = {
    **dict.fromkeys(("launch", "launched", "start", "liftoff", "zapusk", "pusk", "start"), "launch"),
    **dict.fromkeys(("docking", "docked", "stykovka", "stykovki"), "docking"),
    **dict.fromkeys(("undocking", "undocked", "rasstykovka", "rasstykovki"), "undocking"),
    **dict.fromkeys(("landing", "landed", "posadka", "posadki", "prizemlenie"), "landing"),
}
_MONTHS = (
    ("january", "jan", "yanvarya"), ("february", "feb", "fevralya"), ("march", "mar", "marta"),
    ("april", "apr", "aprelya"), ("may", "may", "maya"), ("june", "jun", "iyunya"), ("july", "jul", "iyulya"),
    ("august", "aug", "avgusta"), ("september", "sep", "sentyabrya"), ("october", "oct", "oktyabrya"),
    ("november", "nov", "noyabrya"), ("december", "dec", "dekabrya"),
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
          "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19,
          "xx": 20}  # fmt: skip
_CORRECTS = {"handwritten", "corrected", "correction", "correct", "wrong", "instead", "ispravleno", "ruki"}
_CARDINALS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a text says. ``flights`` are those it fits, ``words`` what it says in the reader's words."""

    kind: str  # craft, number, visit, emblem, expedition, home expedition, year, pad
    words: str
    flights: frozenset[str]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the texts of a piece say."""

    claims: tuple[Claim, ...] = ()
    people: tuple[frozenset[str], ...] = ()  # each named person: the namesakes it may be
    events: frozenset[EventKind] = frozenset()
    dates: tuple[str, ...] = ()  # ISO
    corrects: bool = False  # it says that a date on the piece is wrong


def read_text(text: str, catalogue: Catalogue) -> Reading:
    """Find in ``text`` what names a flight of the catalogue. Nothing found is an ordinary answer."""
    words = words_of(text)
    texts = tuple(word.text for word in words)
    dates, rest = _dates(text)
    claims = [
        *_crafts(texts, catalogue),
        *_numbered(texts, catalogue),
        *_emblems(words, texts, catalogue),
        *_pads(texts, catalogue),
        *_years(rest, catalogue),
    ]
    unique = {(c.kind, c.flights): c for c in reversed(claims)}
    events = frozenset(_EVENT_WORDS[t] for t in texts if t in _EVENT_WORDS and not _is_pad_start(texts, t))
    people = tuple(people_named(words, catalogue))
    return Reading(tuple(reversed(unique.values())), people, events, dates, bool(_CORRECTS & set(texts)))


def _is_pad_start(texts: tuple[str, ...], word: str) -> bool:
    """Gagarin's Start is a place, no launch."""
    return word == "start" and any(t.startswith("gagarin") for t in texts)


# --- craft and flight numbers -------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _craft_names(catalogue: Catalogue) -> Mapping[tuple[str, ...], str]:
    """Every way to write the name of a craft, as words; Soyuz 8 TMA and TMA-8 among them."""
    names: dict[tuple[str, ...], str] = {}
    for flight in catalogue.flights.values():
        for name in (flight.name, flight.name_ru or flight.name, *flight.also_called):
            full = plain(name)
            names[full] = flight.id
            if len(full) < 3:
                continue
            series, design, number, *more = full
            if number.isdigit():
                names.setdefault((design, number, *more), flight.id)
                names.setdefault((series, number, design, *more), flight.id)
        for number_ in flight.flight_numbers:
            names.setdefault(plain(number_), flight.id)
    return names


def _crafts(texts: tuple[str, ...], catalogue: Catalogue) -> Iterator[Claim]:
    names = _craft_names(catalogue)
    longest = max((len(n) for n in names), default=0)
    i = 0
    while i < len(texts):
        if texts[i] == "progress":  # a cargo craft: Progress MS-10 is no Soyuz
            i += 2
        for size in range(min(longest, len(texts) - i), 0, -1):
            flight = names.get(texts[i : i + size])
            if flight is not None and not (size == 1 and texts[i].isdigit()):
                yield Claim("craft", catalogue.flights[flight].name, frozenset({flight}))
                i += size - 1
                break
        i += 1


# --- expeditions --------------------------------------------------------------------------------------

_VISITS = ("visiting", "visit", "poseshcheniya")
_YEARS = ("years", "year", "anniversary", "let", "god", "goda")  # ISS 10 years is no Expedition 10


def _numbered(texts: tuple[str, ...], catalogue: Catalogue) -> Iterator[Claim]:
    """Visiting expeditions apart from main ones: the second expedition *visiting* is no Expedition 2."""
    for programme in {p.id: p for p in catalogue.programme_of.values()}.values():
        mine = [f for f in catalogue.flights.values() if catalogue.programme_of[f.id].id == programme.id]
        main = list(_numbers(texts, [plain(w) for w in programme.expedition_words]))
        visits = list(_numbers(texts, [plain(w) for w in programme.visiting_words]))
        visits += [(number, at) for number, at in main if _visits(texts, at)]
        for number, _ in visits:
            fits = frozenset(f.id for f in mine if f.visiting_expedition == number)
            if fits:
                yield Claim("visit", f"visiting expedition {number}", fits, str(number))
        for number, at in main:
            if at in {where for _, where in visits}:
                continue
            for kind, fits in (
                ("expedition", frozenset(f.id for f in mine if number in f.expeditions)),
                ("home expedition", frozenset(f.id for f in mine if number in f.expeditions_home)),
            ):
                if fits:
                    yield Claim(kind, f"Expedition {number}", fits, str(number))


def _visits(texts: tuple[str, ...], at: int) -> bool:
    return any(t in _VISITS for t in texts[max(at - 3, 0) : at + 4])


def _numbers(texts: tuple[str, ...], names: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Numbers after such a name, or before it where the name is a whole word: (number, where)."""
    for name in names:
        for at in occurs(name, texts):
            after = at + len(name)
            after += texts[after : after + 1] in (("no",), ("n",))
            places = [after, at - 1] if len("".join(name)) > 3 else [after]
            for place in places:
                number = _number(texts, place)
                if number is not None:
                    yield number, place
                    break


def _number(texts: tuple[str, ...], at: int) -> int | None:
    if not 0 <= at < len(texts) or texts[at + 1 : at + 2] in {(word,) for word in _YEARS}:
        return None
    word = texts[at]
    return int(word) if word.isdigit() and len(word) <= 2 else _ROMAN.get(word) or _CARDINALS.get(word)


# --- emblems, pads, years -----------------------------------------------------------------------------


def _emblems(words: Sequence[Word], texts: tuple[str, ...], catalogue: Catalogue) -> Iterator[Claim]:
    """Names of visits and missions; one everyday word such as beyond counts only with a capital letter."""
    for flight in catalogue.flights.values():
        for name in flight.visit_names:
            needle = plain(name)
            if any(len(needle) > 1 or words[i].capital for i in occurs(needle, texts)):
                yield Claim("emblem", name, frozenset({flight.id}))
                break


def _pads(texts: tuple[str, ...], catalogue: Catalogue) -> Iterator[Claim]:
    for pad in pads_named(texts, catalogue):
        fits = frozenset(f.id for f in catalogue.flights.values() if f.pad == pad)
        yield Claim("pad", catalogue.pads[pad].name, fits, pad)


def pads_named(texts: tuple[str, ...], catalogue: Catalogue) -> list[str]:
    """The pads that words name."""
    return [
        pad.id
        for pad in catalogue.pads.values()
        if any(occurs(plain(word), texts) for word in (pad.name, *pad.words))
    ]


def _years(text: str, catalogue: Catalogue) -> Iterator[Claim]:
    for year in sorted(set(re.findall(r"(?<![\d.])(?:19|20)\d\d(?![\d])", text))):
        fits = frozenset(f.id for f in catalogue.flights.values() if _flies_in(f, int(year)))
        if fits:
            yield Claim("year", f"the year {year}", fits, year)


def _flies_in(flight: Flight, year: int) -> bool:
    last = max(event.day.year for _, event in flight.events())
    return flight.launch.day.year <= year <= last


# --- dates --------------------------------------------------------------------------------------------

_YEAR = r"((?:19|20)\d\d)(?!\d)"
_DATES = (  # each with the places of day, month and year among its groups
    (re.compile(rf"(?<!\d){_YEAR}-(\d\d)-(\d\d)(?!\d)"), (3, 2, 1)),
    (re.compile(rf"(?<![\d.])(\d{{1,2}})\s?[./]\s?(\d{{1,2}}|[IVX]{{1,4}})\s?[./]\s?{_YEAR}"), (1, 2, 3)),
    (re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d\d)(?![\d.])"), (1, 2, 3)),
    (re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?([^\W\d_]+)\.?,?\s+{_YEAR}"), (1, 2, 3)),
    (re.compile(rf"([^\W\d_]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}"), (2, 1, 3)),
)


def _dates(text: str) -> tuple[tuple[str, ...], str]:
    """Dates with day, month and year as ISO, and the text without them."""
    found: list[str] = []
    for pattern, (day, month, year) in _DATES:

        def keep(match: re.Match[str], day: int = day, month: int = month, year: int = year) -> str:
            date = _date(match[day], match[month], match[year])
            if date is None:
                return match[0]
            found.append(date)
            return " "

        text = pattern.sub(keep, text)
    return tuple(dict.fromkeys(found)), text


def _date(day: str, month: str, year: str) -> str | None:
    """The ISO date of figures or words; None when there is no such day."""
    number = int(month) if month.isdigit() else _ROMAN.get(month.lower()) or _MONTH.get(latin(month))
    century = "" if len(year) == 4 else "20" if year < "57" else "19"  # none flew before 1957
    try:
        return dt.date(int(century + year), number or 0, int(day)).isoformat()
    except ValueError:
        return None
