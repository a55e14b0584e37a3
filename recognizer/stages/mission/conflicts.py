"""What on a piece does not fit together, in words a collector can check. Never a verdict on the piece."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from recognizer.flights import Catalogue
from recognizer.stages.mission.case import MATCH, Case, listed
from recognizer.stages.mission.piece import Seen, said
from recognizer.stages.mission.weigh import SUBJECTS

_FAR_DAYS = 2 * 365  # from the first or last sighting of a mark
_NEAR_DAYS = 400  # between two flights that a signature may confuse


def conflicts_of(case: Case) -> tuple[str, ...]:
    """What does not fit together, in words a collector can check."""
    found: list[str] = []
    for group in range(len(case.piece.groups)):
        found += _date_conflicts(case, group)
    for strike in case.piece.seen:
        found += _mark_conflicts(case, strike)
    if case.answered:
        found += _text_conflicts(case)
    return tuple(dict.fromkeys(found))


def _date_conflicts(case: Case, group: int) -> Iterator[str]:
    members = case.piece.members[group]
    subject = members[0].words
    if len(members) > 1:
        subject += f" and {len(members) - 1} more"
    for number, slip in case.scales.slips(case.piece.groups[group]):
        yield f"{subject}: no {slip.event} of {case.name(number)}; set for this day, not kept: {slip.why}"
    if case.answered and case.fits(group):
        if not any(_expected(case, group)):
            places = listed(sorted(case.piece.groups[group].places))
            yield f"{subject}: marks of {places} are not usual for this event"
        return
    if not case.answered and len(case.piece.groups) == 1 and case.events_of(group):
        return
    if case.on_board(group) and case.answered:
        return
    says = case.date_says(group)
    if case.answered:
        yield f"{subject}: {says}; it does not belong to {case.flight.name}"
    elif (len(case.piece.groups) > 1 or not case.events_of(group)) and not case.special_day(group):
        yield f"{subject}: {says}"


def _expected(case: Case, group: int) -> Iterator[bool]:
    """For each event of the leading flight the date fits: whether marks of such places are known of it."""
    shares = case.shares(group)
    for kind in np.flatnonzero(case.matches[group][case.best] > MATCH):
        yield (
            bool(shares[case.best, kind] > case.scales.params.elsewhere * 5)
            or not case.piece.groups[group].places
        )


def _mark_conflicts(case: Case, strike: Seen) -> Iterator[str]:
    flight = case.flight
    late = use_conflict(strike, flight.launch.day if case.answered else None)
    if late is not None:
        yield late
    odd = mark_conflict(strike, case.scales.catalogue, flight.id) if case.answered else None
    if odd is not None and (strike.facts.pad is None or SUBJECTS[case.subject] == "launch"):
        yield odd
    if case.answered and strike.facts.flights and flight.id not in strike.facts.flights:
        yield f"{strike.facts.words}: made for {case.names(strike.facts.flights)}, not for {flight.name}"


def mark_conflict(strike: Seen, catalogue: Catalogue, flight: str) -> str | None:
    """What a mark can't have to do with a flight: another pad, a station it never reached."""
    entry = catalogue.flights[flight]
    if strike.facts.pad and entry.pad and entry.pad != strike.facts.pad:
        pads = catalogue.pads
        return (
            f"{strike.words}: the mark is of {pads[strike.facts.pad].name}, "
            f"{entry.name} was launched from {pads[entry.pad].name}"
        )
    if strike.facts.place in catalogue.programme_of[flight].board and entry.docking is None:
        return f"{strike.words}: {entry.name} never reached the station"
    return None


def use_conflict(strike: Seen, day: dt.date | None) -> str | None:
    """What is odd about the date of a strike, given when its mark is known to have been used."""
    if strike.written is not None and strike.written.whole:
        day = dt.date.fromisoformat(strike.written.figures)
    elif strike.days is not None:
        return None
    if day is None:
        return None
    period = strike.facts.period
    subject = f"{strike.facts.words}, {said(strike.written)}" if strike.written else strike.facts.words
    if period.last and day > period.last + dt.timedelta(0 if period.last_certain else _FAR_DAYS):
        until = "was in use until" if period.last_certain else "is known from pieces until"
        return f"{subject}: the mark {until} {period.last}"
    if period.first and day < period.first - dt.timedelta(0 if period.first_certain else _FAR_DAYS):
        since = "was in use from" if period.first_certain else "is known from pieces from"
        return f"{subject}: the mark {since} {period.first} on"
    return None


def _text_conflicts(case: Case) -> Iterator[str]:
    flight = case.flight
    for claim in case.piece.words.claims:
        if flight.id in claim.flights or claim.kind == "home expedition":
            continue
        if claim.kind == "pad":
            if SUBJECTS[case.subject] == "launch" and flight.pad is not None:
                own = case.scales.catalogue.pads[flight.pad].name
                yield f"a text names {claim.words}; {flight.name} was launched from {own}"
        else:
            yield f"a text says {claim.words}, which is not {flight.name}"
    for event in sorted(case.piece.words.events):
        if getattr(flight, event) is None and flight.status == "aborted":
            yield f"a text speaks of a {event}, which {flight.name} never came to"
    strangers = [
        who for who in case.piece.words.people if not who & {*flight.crew_up, *(flight.crew_down or ())}
    ]
    for who in strangers:
        yield f"{case.surname(who)} is not of the crew of {flight.name}{_home_of(case, who)}"


def _home_of(case: Case, who: frozenset[str]) -> str:
    """Which craft near in time the person flew on."""
    flown = [
        f
        for f in case.scales.catalogue.flights.values()
        if who & {*f.crew_up, *(f.crew_down or ())}
        and abs((f.launch.day - case.flight.launch.day).days) < _NEAR_DAYS
    ]
    return f" but of {listed([f.name for f in flown[:2]])}" if flown else ""
