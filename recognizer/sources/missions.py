"""The mission catalogue: TOML files of flights, shipped with the program or added by a collector."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from recognizer.errors import KitError
from recognizer.flights import Anniversary, Catalogue, Flight, Pad, Person, Programme
from recognizer.records import Record

SHIPPED = Path(__file__).resolve().parent.parent / "missions"
_REMEDY = "Mend the file, or restore it from the repository; 'recognizer missions check' lists all faults."


class CatalogueFile(Record):
    """One file: flights with their programme, or a part of either."""

    belongs_to: str | None = None  # id of the programme, when another file describes it
    programme: Programme | None = None
    sources: dict[str, str] = Field(default_factory=dict)
    people: tuple[Person, ...] = ()
    pads: tuple[Pad, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    flight: tuple[Flight, ...] = ()


def load_catalogue(extra: Sequence[Path] = ()) -> Catalogue:
    """Read the shipped catalogue and further files; a flight of a later file replaces one of the same id.

    Raises KitError naming the file and the field.
    """
    faults, catalogue = _read(extra)
    if faults:
        raise faults[0]
    return catalogue


def check_catalogue(extra: Sequence[Path] = ()) -> list[KitError]:
    """Everything wrong with the catalogue, instead of the first fault alone."""
    return _read(extra)[0]


def _read(extra: Sequence[Path]) -> tuple[list[KitError], Catalogue]:
    faults: list[KitError] = []
    files: dict[Path, CatalogueFile] = {}
    for path in [*sorted(SHIPPED.glob("*.toml")), *extra]:
        try:
            files[path] = read_file(path)
        except KitError as error:
            faults.append(error)
    if not faults:
        faults = list(_cross_check(files))
    return faults, _joined(files)


def read_file(path: Path) -> CatalogueFile:
    """Read one file of flights; raises KitError naming the file and the field."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KitError("missions-missing", f"{path}: there is no such file of missions.", _REMEDY) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KitError("missions-broken", f"{path}: can't be read ({error}).", _REMEDY) from None
    try:
        return CatalogueFile.model_validate(table)
    except ValidationError as error:
        raise _fault(path, *_first_fault(table, error)) from None


def _fault(path: Path, field: str, why: str) -> KitError:
    return KitError("missions-broken", f"{path}: field '{field}': {why}.", _REMEDY)


def _first_fault(table: Mapping[str, Any], error: ValidationError) -> tuple[str, str]:
    """The field, with the flight's id in place of its number, and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    where = list(first["loc"])
    flights = table.get("flight")
    if where[:1] == ["flight"] and len(where) > 1 and isinstance(flights, list):
        entry = flights[int(where[1])]
        name = entry.get("id", f"number {int(where[1]) + 1}") if isinstance(entry, dict) else where[1]
        where[:2] = [f"flight {name}"]
    words = [str(w) for w in where if w not in ("datetime", "date")]
    return " ".join(words[:1]) + "".join(f".{w}" for w in words[1:]), str(first["msg"]).lower()


def _cross_check(files: Mapping[Path, CatalogueFile]) -> Iterable[KitError]:
    """Faults that one file alone does not show: unknown keys, an order of events that can't be."""
    sources = {key for f in files.values() for key in f.sources}
    pads = {pad.id for f in files.values() for pad in f.pads}
    programmes = {f.programme.id for f in files.values() if f.programme}
    for path, file in files.items():
        home = file.belongs_to or (file.programme.id if file.programme else None)
        if file.flight and home not in programmes:
            yield _fault(path, "belongs_to", f"no programme {home!r} is described in any file")
        seen: set[str] = set()
        for flight in file.flight:
            where = f"flight {flight.id}"
            if flight.id in seen:
                yield _fault(path, where, "there are two flights of this id in the file")
            seen.add(flight.id)
            if flight.pad is not None and flight.pad not in pads:
                yield _fault(path, f"{where}.pad", f"no pad {flight.pad!r} is described")
            facts = [flight.source, *(f.source for f in flight.facts.values())]
            for key in {k for s in [*facts, *(slip.source for slip in flight.slipped)] for k in s} - sources:
                yield _fault(path, f"{where}.source", f"{key!r} is not explained under [sources]")
            days = [(kind, event.day) for kind, event in flight.events()]
            for (a, before), (b, after) in pairwise(days):
                if after < before:
                    yield _fault(path, f"{where}.{b}", f"{after} lies before the {a} on {before}")


def _joined(files: Mapping[Path, CatalogueFile]) -> Catalogue:
    programmes = {f.programme.id: f.programme for f in files.values() if f.programme}
    flights: dict[str, Flight] = {}
    home: dict[str, Programme] = {}
    for file in files.values():
        programme = programmes.get(file.belongs_to or "", file.programme)
        for flight in file.flight if programme else ():
            flights[flight.id] = flight
            home[flight.id] = programme  # type: ignore[assignment]
    return Catalogue(
        flights=dict(sorted(flights.items(), key=lambda item: item[1].launch.day)),
        programme_of=home,
        people={p.name: p for f in files.values() for p in f.people},
        pads={p.id: p for f in files.values() for p in f.pads},
        anniversaries=tuple(a for f in files.values() for a in f.anniversaries),
        sources={key: text for f in files.values() for key, text in f.sources.items()},
    )
