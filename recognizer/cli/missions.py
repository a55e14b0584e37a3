"""``recognizer missions``: the mission catalogue, listed, shown and checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from recognizer.cli.options import json_option, missions_option
from recognizer.errors import EXIT_KIT, EXIT_OK, UsageError
from recognizer.flights import Catalogue, Flight


@click.group()
def missions() -> None:
    """The catalogue of missions that pieces are matched with."""


@missions.command("list")
@missions_option
@json_option
def list_missions(missions: tuple[Path, ...], as_json: bool) -> int:
    """List all missions in order of launch."""
    from recognizer.sources.missions import load_catalogue

    for flight in load_catalogue(missions).flights.values():
        if as_json:
            click.echo(flight.model_dump_json())
        else:
            landing = flight.landing.day.isoformat() if flight.landing else "-"
            crew = ", ".join(flight.crew_up) or "no crew"
            click.echo(f"{flight.id:<16} {flight.launch.day}  {landing:<10}  {crew}")
    return EXIT_OK


@missions.command()
@click.argument("mission_id", metavar="ID")
@missions_option
@json_option
def show(mission_id: str, missions: tuple[Path, ...], as_json: bool) -> int:
    """Show one mission: every fact with its source and how sure it is."""
    from recognizer.sources.missions import load_catalogue

    catalogue = load_catalogue(missions)
    flight = catalogue.flights.get(mission_id)
    if flight is None:
        near = get_close_matches(mission_id, list(catalogue.flights), n=3, cutoff=0.3)
        raise UsageError(
            "no-mission",
            f"{mission_id}: the catalogue has no such mission.",
            f"The nearest are {', '.join(near)}." if near else "See 'recognizer missions list'.",
        )
    if as_json:
        click.echo(json.dumps(flight.model_dump(mode="json"), ensure_ascii=False))
    else:
        for line in describe(flight, catalogue):
            click.echo(line)
    return EXIT_OK


@missions.command()
@missions_option
def check(missions: tuple[Path, ...]) -> int:
    """Check the catalogue: every fault with its file and field."""
    from recognizer.sources.missions import check_catalogue, load_catalogue

    faults = check_catalogue(missions)
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        return EXIT_KIT
    flights = load_catalogue(missions).flights
    click.echo(f"{len(flights)} missions, no fault")
    return EXIT_OK


def describe(flight: Flight, catalogue: Catalogue) -> Iterator[str]:
    """The facts of a flight as lines, each with its source."""
    name_ru = f" ({flight.name_ru})" if flight.name_ru else ""
    yield f"{flight.name}{name_ru}, {catalogue.programme_of[flight.id].name}: {flight.status}"
    for kind, event in flight.events():
        moment = f"{event.utc:%Y-%m-%d %H:%M:%S} UTC" if hasattr(event.utc, "hour") else f"{event.day} UTC"
        local = "".join(f", {date} by the date of {zone.title()}" for zone, date in event.local.items())
        yield f"  {kind:<13} {moment}{local}  {_known(flight, kind)}"
    pad = catalogue.pads[flight.pad].name if flight.pad else ""
    visit = f"EP-{flight.visiting_expedition}" if flight.visiting_expedition else ""
    facts = (
        ("crew", "crew up", ", ".join(flight.crew_up) or "none"),
        ("crew", "crew down", _down(flight)),
        ("landing_place", "landed", flight.landing_place or ""),
        ("pad", "pad", pad),
        ("callsign", "call sign", flight.callsign or ""),
        ("flight_numbers", "ISS flight", ", ".join(flight.flight_numbers)),
        ("expeditions", "expeditions", ", ".join(map(str, flight.expeditions))),
        ("visit", "visit", ", ".join(filter(None, [visit, *flight.visit_names, *flight.also_called]))),
        ("ship_name", "craft's name", flight.ship_name or ""),
    )
    for fact, title, value in facts:
        if value:
            yield f"  {title:<13} {value}  {_known(flight, fact)}"
    for slip in flight.slipped:
        known = f"[{', '.join(slip.source)}; {slip.confidence}]"
        yield f"  {'not kept':<13} {slip.date} {slip.event}: {slip.why}  {known}"
    if flight.note:
        yield f"  {flight.note}"


def _down(flight: Flight) -> str:
    return "not down yet" if flight.crew_down is None else ", ".join(flight.crew_down) or "none"


def _known(flight: Flight, fact: str) -> str:
    known = flight.known_from(fact)
    return f"[{', '.join(known.source)}; {known.confidence}]"
