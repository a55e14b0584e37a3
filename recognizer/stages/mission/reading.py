"""What all strikes and texts of a piece together say of its mission, and why.

A small Bayesian model (``weigh``) weighs every flight and event of a catalogue against a piece made for
no flight; this module turns its probabilities into an answer a specialist would sign: *certain* only for what
could not be otherwise given the catalogue, and no answer where what was read leaves several open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from recognizer.flights import Catalogue
from recognizer.records import MarkSpec
from recognizer.stages.mission.case import MATCH, Case
from recognizer.stages.mission.conflicts import conflicts_of, mark_conflict, use_conflict
from recognizer.stages.mission.days import KINDS, same_day
from recognizer.stages.mission.evidence import evidence_of
from recognizer.stages.mission.piece import Gathered, gather
from recognizer.stages.mission.weigh import SUBJECTS, Grid, Params, Scales, scales_for
from recognizer.types import MissionAlternative, MissionReading, Observation

Status = Literal["certain", "probable", "undetermined"]

_NAMED = 3.0  # the same for words
_PROBABLE = 0.75
_OPEN = 0.06  # rivals that fit the figures read leave an answer open from this share of its probability on
_CERTAIN = 0.99
_READ = 0.9  # of a reading's probability on the days of the flight's events, for a certain answer
_EVENT = 0.6  # of a flight's probability, from which on its event is named
_LISTED = 0.02  # alternatives from this probability on; less where a reading leaves them open
_MOST = 12  # alternatives
_EXPECTED_PLACE = (
    0.015  # share of an event's pieces with a mark of the place, from which on it is no surprise
)
_STRONG = ("craft", "visit", "emblem")  # words that name one flight


@dataclass(frozen=True, eq=False, slots=True)
class Weighed:
    """The probability of each flight and subject, and of no flight at all, with what each item said."""

    posterior: Grid
    none: float
    groups: tuple[Grid, ...]
    undated: tuple[Grid, ...]  # one for each strike, ones where it says nothing
    words: Grid
    matches: tuple[Grid, ...]  # (F, 5) for each group

    @property
    def by_flight(self) -> Grid:
        return np.asarray(self.posterior.sum(1))


def suggest_mission(
    observations: Sequence[Observation],
    catalogue: Catalogue,
    marks: Mapping[str, MarkSpec],
    params: Params | None = None,
) -> MissionReading:
    """The mission that strikes and texts of one piece speak for.

    An undetermined answer has no id: its alternatives hold the candidates, the likeliest first, and its
    ``probability`` is that of the first of them. The weight of a piece of evidence is the natural log of how
    much likelier it is on a piece of the mission than on a piece made for no flight.
    """
    if not catalogue.flights:
        return MissionReading(None, None, None, "undetermined", 0.0)
    scales = scales_for(catalogue, params or Params())
    piece = gather(observations, catalogue, marks, scales.events.axis, scales.params)
    weighed = weigh(piece, scales)
    best = int(weighed.by_flight.argmax())
    status = _status(best, piece, weighed, scales)
    alternatives = _alternatives(None if status == "undetermined" else best, piece, weighed, scales)
    case = Case(piece, scales, weighed.matches, best, _subject(best, weighed), status != "undetermined")
    evidence = evidence_of(case, weighed.groups, weighed.undated, weighed.words)
    conflicts = conflicts_of(case)
    if status == "undetermined":
        lead = alternatives[0].probability if alternatives else 0.0
        return MissionReading(None, None, None, status, lead, evidence, conflicts, alternatives)
    flight = catalogue.flights[scales.flights[best]]
    return MissionReading(
        id=flight.id,
        name=flight.name,
        event=_event(case, weighed),
        status=status,
        probability=_rounded(weighed.by_flight[best]),
        evidence=evidence,
        conflicts=conflicts,
        alternatives=alternatives,
    )


def weigh(piece: Gathered, scales: Scales) -> Weighed:
    """Multiply out what everything on the piece says."""
    p = scales.params
    count = len(scales.flights)
    log = np.log(np.tile(np.array(p.subjects), (count, 1)) * (1 - p.no_flight) / count)
    groups = tuple(scales.group(g) for g in piece.groups)
    placed = set[str]().union(*(g.places for g in piece.groups))
    undated = []
    for strike in piece.seen:
        said = np.ones((count, len(SUBJECTS)))
        if strike.days is None:
            place = strike.facts.place if strike.facts.place not in placed else None
            said = scales.undated(place, strike.facts.pad)
            placed |= {place} if place else set()
        if strike.facts.flights:
            said = said * scales.tied(strike.facts.flights, strike.probability)
        undated.append(said)
    words = scales.words(piece.words)
    for said in (*groups, *undated, words):
        log += np.log(said)
    none = float(np.log(p.no_flight))
    for number, group in enumerate(piece.groups[1:], 1):
        same = max(same_day(group.days, other.days) for other in piece.groups[:number])
        none += float(np.log(p.other_dates + (1 - p.other_dates) * same))
    top = max(float(log.max()), none)
    weights, nothing = np.exp(log - top), float(np.exp(none - top))
    total = float(weights.sum()) + nothing
    matches = tuple(scales.matches(g) for g in piece.groups)
    return Weighed(weights / total, nothing / total, groups, tuple(undated), words, matches)


# --- how sure -----------------------------------------------------------------------------------------


def _status(best: int, piece: Gathered, weighed: Weighed, scales: Scales) -> Status:
    probability = float(weighed.by_flight[best])
    hits = [g for g, m in enumerate(weighed.matches) if m[best].max() > MATCH]
    named = weighed.words[best].max() > _NAMED or any(
        scales.flights[best] in s.facts.flights for s in piece.seen
    )
    if not hits and not named:
        return "undetermined"
    whole = [g for g in hits if scales.events.on_days_of(best, piece.groups[g].days) > 0.5]
    if probability < _PROBABLE:
        return "undetermined"
    if not whole and not named and _rivals(best, hits, weighed) > _OPEN * probability:
        return "undetermined"
    if probability >= _CERTAIN and _could_not_be_otherwise(best, whole, piece, weighed, scales):
        return "certain"
    return "probable"


def _rivals(best: int, groups: Sequence[int], weighed: Weighed) -> float:
    """The probability of other flights with events on the days a partial reading leaves open."""
    fits = np.zeros(len(weighed.by_flight), bool)
    for g in groups:
        fits |= weighed.matches[g][:, :4].max(1) > MATCH
    fits[best] = False
    own = np.delete(weighed.posterior, SUBJECTS.index("crew landing"), 1)  # else it is the same event
    return float(own[fits].sum())


def _could_not_be_otherwise(
    best: int, whole: Sequence[int], piece: Gathered, weighed: Weighed, scales: Scales
) -> bool:
    """True when a known mark bears an event's full date, at home there, and nothing of weight contradicts."""
    flight = scales.flights[best]
    sound = [g for g in whole if _at_home(g, best, piece, weighed, scales)]
    if not sound or scales.catalogue.flights[flight].known_from("launch").confidence == "low":
        return False
    support = sum(piece.groups[g].strikes for g in whole)
    against = 0
    for g, matches in enumerate(weighed.matches):
        if matches[best, :4].max() > MATCH:
            continue
        if matches.max() > MATCH:  # it is the date of another mission
            return False
        if weighed.groups[g][best].max() < MATCH:  # else it is of a day on board
            against += piece.groups[g].strikes
    unread = sum(s.days is None and s.facts.dated and s.facts.place is not None for s in piece.seen)
    if support <= max(against, unread):  # dates not read may be of another flight
        return False
    if any(mark_conflict(strike, scales.catalogue, flight) for strike in piece.seen):
        return False
    launch = scales.catalogue.flights[flight].launch.day
    if any(strike.days is None and use_conflict(strike, launch) for strike in piece.seen):
        return False
    tied = [s.facts.flights for s in piece.seen if s.facts.flights]
    said = [c.flights for c in piece.words.claims if c.kind in _STRONG]
    return all(flight in flights for flights in tied) and (
        not said or flight in frozenset[str]().union(*said)
    )


def _at_home(group: int, best: int, piece: Gathered, weighed: Weighed, scales: Scales) -> bool:
    """True when the places and pads of a group are such as the event's pieces bear."""
    g = piece.groups[group]
    read = any(s.written is not None and s.written.whole for s in piece.members[group])
    if not read or not g.places or _out_of_use(group, piece):
        return False
    if scales.events.on_days_of(best, g.days) < _READ:
        return False
    usual = [scales.place(place)[best, :4] >= _EXPECTED_PLACE for place in sorted(g.places)]
    kinds = (weighed.matches[group][best, :4] > MATCH) & np.all(usual, 0)
    if any(scales.pads[best] not in (pad, None) for pad in g.pads):
        kinds[0] = False
    return bool(kinds.any())


def _out_of_use(group: int, piece: Gathered) -> bool:
    """True when no strike of the group is from within the known use of its mark."""
    return all(use_conflict(strike, None) is not None for strike in piece.members[group])


# --- the answer ---------------------------------------------------------------------------------------


def _subject(best: int, weighed: Weighed) -> int:
    return int(weighed.posterior[best].argmax())


def _event(case: Case, weighed: Weighed) -> str | None:
    """The event the piece was made for, None where only the flight is known."""
    of_flight = dict(zip(SUBJECTS, weighed.posterior[case.best], strict=True))
    whole = of_flight.pop("flight")
    events = {kind: float(of_flight[kind]) for kind in KINDS}
    events["landing"] += float(of_flight["crew landing"])
    best = max(KINDS, key=lambda kind: events[kind])
    dated = any(case.fits(group) for group in range(len(case.piece.groups)))
    total = sum(events.values()) + (0.0 if dated else whole)
    return best if events[best] >= _EVENT * total else None


def _alternatives(
    answer: int | None, piece: Gathered, weighed: Weighed, scales: Scales
) -> tuple[MissionAlternative, ...]:
    """The other flights worth naming, the likeliest first."""
    probability = weighed.by_flight
    open_ones = _left_open(piece, weighed, scales)
    listed = [
        f for f in range(len(probability)) if f != answer and (probability[f] >= _LISTED or f in open_ones)
    ]
    listed.sort(key=lambda f: -probability[f])
    return tuple(
        MissionAlternative(scales.flights[f], max(_rounded(probability[f]), 0.0001)) for f in listed[:_MOST]
    )


def _left_open(piece: Gathered, weighed: Weighed, scales: Scales) -> set[int]:
    """Flights that a date fits, as far as it is read, or that a mark or a text names."""
    found: set[int] = set()
    for group, matches in zip(piece.groups, weighed.matches, strict=True):
        fits = matches.max(1)
        found |= set(np.flatnonzero(fits > max(MATCH, _LISTED * fits.max())).tolist())
        if group.days.max() > 0.5 and any(
            place in scales.catalogue.programme_of[f].board for place in group.places for f in scales.flights
        ):
            docked = scales.events.while_docked(group.days) * len(group.days)
            found |= set(np.flatnonzero(docked > MATCH).tolist())
        found |= {f for f, _ in scales.slips(group)}
    named = frozenset[str]().union(
        *(c.flights for c in piece.words.claims if c.kind in _STRONG), *(s.facts.flights for s in piece.seen)
    )
    return found | {scales.flights.index(f) for f in named}


def _rounded(probability: float) -> float:
    return round(float(min(max(probability, 0.0), 0.9999)), 4)
