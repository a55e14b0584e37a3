"""What a mark, or only its place, tells before its date is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from recognizer.flights import Catalogue
from recognizer.records import MarkSpec, SourcedDate
from recognizer.stages.mission.spelling import plain
from recognizer.stages.mission.texts import pads_named, read_text

_PLACES = {  # other spellings of the places that marks come from
    "baykonur": "baikonur", "leninsk": "baikonur", "cosmodrome": "baikonur", "tyuratam": "baikonur",
    "dzhezkazgan": "zhezkazgan", "jezkazgan": "zhezkazgan", "zhezqazghan": "zhezkazgan",
    "kaliningrad": "korolev", "korolyov": "korolev", "mission-control": "korolev", "tsup": "korolev",
    "zvezdny": "star-city", "zvyozdny": "star-city", "starcity": "star-city", "zvezdny-gorodok": "star-city",
    "board": "iss", "mks": "iss", "on-board": "iss", "moskva": "moscow", "arqalyk": "arkalyk",
    "johnson-space-center": "houston",
}  # fmt: skip
_SEEN = re.compile(
    r"\b(article|cover|seen|known|report|earliest|latest)", re.IGNORECASE
)  # a date of use that is only a sighting


@dataclass(frozen=True, slots=True)
class Period:
    """When a mark was in use. ``certain`` ends are limits; others are only the first or last sighting."""

    first: dt.date | None = None
    last: dt.date | None = None
    first_certain: bool = False
    last_certain: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mark tells by itself."""

    words: str  # how to speak of it
    known: bool = False
    place: str | None = None
    pad: str | None = None
    flights: frozenset[str] = frozenset()  # the missions it is tied to
    period: Period = Period()
    dated: bool = False  # bears a movable date: where none is told it was not read


UNKNOWN = Facts("an unidentified strike")


def facts_of(mark: str | None, marks: Mapping[str, MarkSpec], catalogue: Catalogue) -> Facts:
    """The facts of a library id, of ``place:NAME`` or of an unknown mark."""
    if mark is None or mark == "unknown":
        return UNKNOWN
    if mark.startswith("place:"):
        return _of_place(mark.removeprefix("place:"), catalogue)
    spec = marks.get(mark.removeprefix("public:"))
    if spec is None:
        return Facts(mark)
    return Facts(
        words=spec.id,
        known=True,
        place=None if spec.place is None else place_word(spec.place),
        pad=_pad(spec, catalogue),
        flights=frozenset(_tied(spec, catalogue)),
        period=_period(spec),
        dated=spec.kind == "postmark" and spec.date.movable is not False,
    )


def place_word(place: str) -> str:
    """A place as the catalogue spells it."""
    word = "-".join(place.lower().replace("_", " ").split())
    return _PLACES.get(word, word)


def _of_place(name: str, catalogue: Catalogue) -> Facts:
    for pad in catalogue.pads.values():
        if place_word(name) == pad.id or plain(name) in {plain(word) for word in pad.words}:
            return Facts(f"a mark of {pad.name}", True, pad.place, pad.id, dated=True)
    return Facts(f"a mark of {name}", True, place_word(name), dated=True)


def _pad(spec: MarkSpec, catalogue: Catalogue) -> str | None:
    for text in (spec.name.en, spec.name.ru or "", *(legend.text for legend in spec.legends)):
        pads = pads_named(plain(text), catalogue)
        if len(pads) == 1:
            return pads[0]
    return None


def _tied(spec: MarkSpec, catalogue: Catalogue) -> set[str]:
    """The flights a mark is tied to, given by id or by name."""
    tied: set[str] = set()
    for mission in spec.missions:
        if mission in catalogue.flights:
            tied.add(mission)
        else:
            claims = read_text(mission, catalogue).claims
            tied |= {f for c in claims if c.kind in ("craft", "visit") for f in c.flights}
    return tied


def _period(spec: MarkSpec) -> Period:
    first, first_certain = _limit(spec.first_use, "-01-01")
    last, last_certain = _limit(spec.last_use, "-12-31")
    return Period(first, last, first_certain, last_certain)


def _limit(limit: SourcedDate | None, rest: str) -> tuple[dt.date | None, bool]:
    """The end of a mark's use, of which perhaps only the year is known, and whether it is a limit."""
    if limit is None:
        return None, False
    try:
        date = dt.date.fromisoformat(limit.value + (rest if len(limit.value) == 4 else ""))
    except ValueError:
        return None, False
    return date, not _SEEN.search(limit.source)
