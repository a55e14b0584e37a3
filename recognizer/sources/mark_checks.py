"""What a card can get wrong although each field is well formed: names, dates, zones, formats."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from recognizer.errors import KitError
from recognizer.records import MarkSpec
from recognizer.sources.mark_files import CARD

_REMEDY = "Mend the field it names."
_FORMAT_WORDS = re.compile(r"'[^']*'|YYYY|YY|DD|D|MM|M|HH|H|h|mm|AM|ROMAN|MON")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_LETTERS = re.compile(r"[^\W\d_]")


def check_facts(
    specs: Mapping[str, MarkSpec], home: Mapping[str, Path], missions: Collection[str] | None = None
) -> list[KitError]:
    """Every field that does not hold together with the rest; ``missions`` are the ids of the catalogue."""
    faults = []
    for mark_id, spec in specs.items():
        card = home[mark_id] / CARD
        for field, why in _field_faults(spec, specs, missions):
            faults.append(KitError("mark-broken", f"{card}: field '{field}' {why}.", _REMEDY))
    return faults


def _field_faults(
    spec: MarkSpec, specs: Mapping[str, MarkSpec], missions: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    for n, other in enumerate(spec.confusable_with):
        if other not in specs:
            yield f"confusable_with.{n}", f"names {other!r}, which is no mark of the library"
        elif other == spec.id:
            yield f"confusable_with.{n}", "names the mark itself"
    for n, mission in enumerate(spec.missions):
        if missions is not None and mission not in missions:
            yield f"missions.{n}", f"names {mission!r}, which is no flight of the mission catalogue"
    yield from _cover_faults(spec, missions)
    yield from _date_faults(spec)
    yield from _zone_faults(spec)
    if spec.status == "described" and spec.picture is not None:
        yield "status", "is 'described', but the mark has a picture"
    if spec.status == "reconstruction" and spec.picture is None:
        yield "picture", "is missing: a reconstruction is drawn"
    for n, legend in enumerate(spec.legends):
        if not legend.text.strip():
            yield f"legends.{n}.text", "is empty"


def _cover_faults(spec: MarkSpec, missions: Collection[str] | None) -> Iterator[tuple[str, str]]:
    covers = {"date.covers": spec.date.covers, "letter.covers": spec.letter.covers if spec.letter else {}}
    for field, table in covers.items():
        for mission in table:
            if missions is not None and mission not in missions:
                yield field, f"names {mission!r}, which is no flight of the mission catalogue"


def _date_faults(spec: MarkSpec) -> Iterator[tuple[str, str]]:
    for field, dated in (("first_use", spec.first_use), ("last_use", spec.last_use)):
        if dated and not _ISO.fullmatch(dated.value):
            yield f"{field}.value", f"is {dated.value!r}, not a date as YYYY-MM-DD"
    if spec.first_use and spec.last_use and spec.first_use.value > spec.last_use.value:
        yield "last_use.value", "is before the first use"
    for n, form in enumerate(spec.date.formats):
        if not _FORMAT_WORDS.search(form) or _LETTERS.search(_FORMAT_WORDS.sub("", form)):
            yield f"date.formats.{n}", f"is {form!r}; use DD, MM, YY, YYYY, HH, ROMAN, MON"


def _zone_faults(spec: MarkSpec) -> Iterator[tuple[str, str]]:
    for field, zone in (("date.zone", spec.date.zone), ("letter.zone", spec.letter and spec.letter.zone)):
        if zone:
            x, y, w, h = zone
            if not (w > 0 and h > 0 and x >= 0 and y >= 0 and x + w <= 1.001 and y + h <= 1.001):
                yield field, "lies outside the die (parts of its width and height are asked for)"
