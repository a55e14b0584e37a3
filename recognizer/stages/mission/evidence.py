"""The evidence in words: what each strike and each text says for the leading mission, with its weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recognizer.stages.mission.case import Case, listed
from recognizer.stages.mission.texts import Claim
from recognizer.stages.mission.weigh import SUBJECTS, Grid
from recognizer.types import Evidence

_FEW = 4  # flights that a claim may fit and still be named


def evidence_of(
    case: Case, groups: Sequence[Grid], undated: Sequence[Grid], words: Grid
) -> tuple[Evidence, ...]:
    """What each strike and each text says, the weightiest first."""
    at = (case.best, case.subject)
    found: list[Evidence] = []
    for number, members in enumerate(case.piece.members):
        weight = _log(groups[number][at]) / max(len(members), 1)
        says = case.date_says(number)
        found += [Evidence(s.region, f"{s.words}: {says}", round(weight, 2)) for s in members]
    for strike, grid in zip(case.piece.seen, undated, strict=True):
        if strike.facts.flights:
            names = case.names(strike.facts.flights)
            found.append(Evidence(strike.region, f"{strike.facts.words}: made for {names}", _log(grid[at])))
        elif strike.days is None and strike.facts.place:
            place = f"a place of {SUBJECTS[case.subject]} marks" if _log(grid[at]) > 0.1 else "says little"
            found.append(Evidence(strike.region, f"{strike.words}, without a date: {place}", _log(grid[at])))
    found += _texts_say(case, words)
    found.sort(key=lambda e: -abs(e.weight))
    return (*found, *_crew_home(case))


def _texts_say(case: Case, words: Grid) -> Iterator[Evidence]:
    """One line a text that names something; the weight of all texts is shared out by what they name."""
    weight = _log(words[case.best, case.subject])
    speaking = [n for n in case.piece.noted if n.reading.claims or n.reading.people or n.reading.events]
    for noted in speaking:
        parts = [_claim_says(case, c) for c in noted.reading.claims]
        if noted.reading.people:
            parts.append("names " + listed([case.surname(who) for who in noted.reading.people]))
        parts += [f"speaks of a {event}" for event in sorted(noted.reading.events)]
        quote = noted.text if len(noted.text) <= 60 else noted.text[:57] + "..."
        yield Evidence(noted.region, f"“{quote}”: {'; '.join(parts)}", round(weight / len(speaking), 2))


def _claim_says(case: Case, claim: Claim) -> str:
    few = len(claim.flights) <= _FEW
    names = case.names(claim.flights)
    if claim.kind == "craft":
        return f"names {names}"
    if claim.kind == "emblem":
        return f"{claim.words} is {names}"
    return f"{claim.words}" + (f": {names}" if few else "")


def _crew_home(case: Case) -> Iterator[Evidence]:
    """The landing belongs to the craft; its crew may have come up in another: both are said."""
    if not case.answered:
        return
    catalogue, flight = case.scales.catalogue, case.flight
    if case.crew_landing:
        for other in catalogue.lander_of[flight.id]:
            home = [n for n in flight.crew_up if n in (catalogue.flights[other].crew_down or ())]
            yield Evidence(
                None,
                f"{listed(home)} went up in {flight.name} and came home in {catalogue.flights[other].name}",
                0.0,
            )
    elif SUBJECTS[case.subject] in ("landing", "undocking") and flight.crew_down is not None:
        others = {
            other.name: names
            for other in catalogue.flights.values()
            if flight.id in catalogue.lander_of[other.id]
            and (names := [n for n in other.crew_up if n in (flight.crew_down or ())])
        }
        for name, names in others.items():
            yield Evidence(
                None, f"{flight.name} brought home {listed(names)}, who had come up in {name}", 0.0
            )
        if not flight.crew_down:
            yield Evidence(None, f"{flight.name} came home without a crew", 0.0)


def _log(value: float) -> float:
    return round(float(np.log(max(value, 1e-9))), 2)
