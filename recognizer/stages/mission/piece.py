"""What lies on a piece: its strikes with their facts, gathered by the day they bear, and its texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recognizer.errors import UsageError
from recognizer.flights import Catalogue
from recognizer.records import MarkSpec
from recognizer.stages.mission.days import Axis, Days, Written, parse_date, reading, same_day
from recognizer.stages.mission.marks import UNKNOWN, Facts, Period, facts_of
from recognizer.stages.mission.texts import Reading, read_text
from recognizer.stages.mission.weigh import Group, Params
from recognizer.types import Observation

NOTE = Facts("a date in a note")
CORRECTION = Facts("a date in a correction")
_SAME = 0.5  # of one day, where all figures read agree: most strikes of a piece do bear the same day
_SAME_DESPITE = 50.0  # where they don't: other days on a piece are near, within some 200 of 11,000
_OTHER_YEAR = 0.1  # to one: a year in a text that is not the year of the strikes
_NEAR_USE_DAYS = 2 * 365  # a mark seen on few covers was surely used before and after
_ANNIVERSARY = 4.0  # estimate: how much more ordinary pieces there are of such a day


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """One strike, with what its mark tells and what its date says of each day."""

    region: str | None
    facts: Facts
    written: Written | None
    days: Days | None
    probability: float = 1.0  # of the mark

    @property
    def words(self) -> str:
        """How to speak of it: the mark and the date as read."""
        if self.written is None:
            return self.facts.words
        hour = f" at {self.written.hour} h" if self.written.hour is not None else ""
        return f"{self.facts.words}, {said(self.written)}{hour}"


@dataclass(frozen=True, eq=False, slots=True)
class Noted:
    """A text and what it says."""

    region: str | None
    text: str
    reading: Reading


@dataclass(frozen=True, eq=False, slots=True)
class Gathered:
    """Everything told of a piece. ``members`` are the strikes and dated notes of each group."""

    seen: tuple[Seen, ...]
    noted: tuple[Noted, ...]
    groups: tuple[Group, ...]
    members: tuple[tuple[Seen, ...], ...]

    @property
    def words(self) -> Reading:
        """All texts read as one."""
        readings = [n.reading for n in self.noted]
        claims = {(c.kind, c.flights): c for r in readings for c in r.claims}
        people = dict.fromkeys(who for r in readings for who in r.people)
        events = frozenset(e for r in readings for e in r.events)
        return Reading(tuple(claims.values()), tuple(people), events)


def gather(
    observations: Sequence[Observation],
    catalogue: Catalogue,
    marks: Mapping[str, MarkSpec],
    axis: Axis,
    params: Params,
) -> Gathered:
    """Take in what was observed; strikes without a mark and a date, and blank texts, say nothing."""
    seen = [_see(o, catalogue, marks, axis, params) for o in observations if o.mark or o.date]
    noted = [
        Noted(o.region, o.text, read_text(o.text, catalogue))
        for o in observations
        if o.text and o.text.strip()
    ]
    dates = [_note(n, date, axis, params) for n in noted for date in n.reading.dates]
    members: list[list[Seen]] = []
    joint: list[Days] = []
    dated = [s for s in (*seen, *dates) if s.days is not None]
    for strike in sorted(dated, key=_blur):
        _put(strike, joint, members)
    years = {claim.value for n in noted for claim in n.reading.claims if claim.kind == "year"}
    if len(years) == 1:
        (year,) = years
        joint = [_in_year(days, g, year, axis) for days, g in zip(joint, members, strict=True)]
    groups = [_group(days, g, catalogue, axis) for days, g in zip(joint, members, strict=True)]
    if any(g.corrects for g in groups):
        groups = [replace(g, doubted=not g.corrects) for g in groups]
    return Gathered(tuple(seen), tuple(noted), tuple(groups), tuple(tuple(m) for m in members))


def _in_year(days: Days, group: Sequence[Seen], year: str, axis: Axis) -> Days:
    """A year in a text tells the year of strikes on which no figure of it contradicts and some are unread."""
    figures = {s.written.figures[:4] for s in group if s.written}
    if not all("?" in f and all(a in ("?", b) for a, b in zip(f, year, strict=True)) for f in figures):
        return days
    told = days * np.where(axis.fits(f"{year}-??-??"), 1.0, _OTHER_YEAR)
    return np.asarray(told / told.sum())


def _blur(strike: Seen) -> float:
    """Sharp dates come first, so that blurred ones join them."""
    return 0.0 if strike.days is None else -float(strike.days.max())


def _note(noted: Noted, date: str, axis: Axis, params: Params) -> Seen:
    """A date in a text, taken like a strike that tells nothing but its date."""
    facts = CORRECTION if noted.reading.corrects else NOTE
    return Seen(noted.region, facts, parse_date(date), reading(axis, [(date, 1.0)], params.note_slip))


def _see(
    o: Observation, catalogue: Catalogue, marks: Mapping[str, MarkSpec], axis: Axis, params: Params
) -> Seen:
    facts = facts_of(o.mark, marks, catalogue) if o.mark_probability >= 0.5 else UNKNOWN
    answers: dict[str, float] = {o.date: o.date_probability} if o.date else {}
    for other in o.date_alternatives:
        answers[other.value] = max(answers.get(other.value, 0.0), other.probability)
    written = [(w, p) for text, p in answers.items() if (w := _readable(text)) is not None]
    if not written or written[0][0].blank:
        return Seen(o.region, facts, None, None, o.mark_probability)
    days = reading(axis, [(w.figures, p) for w, p in written], params.slip)
    days = days * _in_use(facts.period, axis)
    return Seen(o.region, facts, written[0][0], days / days.sum(), o.mark_probability)


def _readable(text: str) -> Written | None:
    """The date, None where a reader put together a day that can't be."""
    try:
        return parse_date(text)
    except UsageError:
        return None


def _in_use(period: Period, axis: Axis) -> Days:
    """(N,): how likely the mark was in use. Sightings are soft ends, recorded dates hard ones."""
    use = np.ones(len(axis))
    day = np.arange(len(axis))
    for end, certain, sign in (
        (period.first, period.first_certain, -1),
        (period.last, period.last_certain, 1),
    ):
        if end is None:
            continue
        distance = sign * (day - (end - axis.first).days)
        use[distance > 0] *= 0.02 if certain else 0.7
        if not certain:
            use[distance > _NEAR_USE_DAYS] *= 0.4
    return use


def _put(strike: Seen, joint: list[Days], members: list[list[Seen]]) -> None:
    """Add a strike to the group of its day, or begin a new one."""
    assert strike.days is not None
    fits = [_fit(strike, days, group) for days, group in zip(joint, members, strict=True)]
    if any(fits):
        at = int(np.argmax(fits))
        product = joint[at] * strike.days
        joint[at] = product / product.sum()
        members[at].append(strike)
    else:
        joint.append(strike.days)
        members.append([strike])


def _fit(strike: Seen, days: Days, group: Sequence[Seen]) -> float:
    """How well a strike fits the day of a group; 0 when it does not."""
    if strike.days is None or strike.written is None:
        return 0.0
    chance = same_day(strike.days, days)
    agree = all(strike.written.agrees(other.written) for other in group if other.written)
    return chance if chance > (_SAME if agree else _SAME_DESPITE) else 0.0


def _group(days: Days, strikes: Sequence[Seen], catalogue: Catalogue, axis: Axis) -> Group:
    places: dict[str, float] = {}
    for strike in strikes:
        if strike.facts.place:
            places[strike.facts.place] = max(places.get(strike.facts.place, 0.0), strike.probability)
    return Group(
        days=days,
        strikes=len(strikes),
        places=places,
        pads=frozenset(s.facts.pad for s in strikes if s.facts.pad),
        note=all(s.facts in (NOTE, CORRECTION) for s in strikes),
        corrects=any(s.facts is CORRECTION for s in strikes),
        anniversary=_ANNIVERSARY if anniversary(days, places, catalogue, axis) else 1.0,
    )


def anniversary(days: Days, places: Collection[str], catalogue: Catalogue, axis: Axis) -> str | None:
    """The anniversary on which the strikes most likely fell, None on other days or without such a place."""
    if days.max() < 0.5 and not _one_day_a_year(days, axis):
        return None
    date = axis.date(int(days.argmax()))
    for day in catalogue.anniversaries:
        if day.day == f"{date:%m-%d}" and set(places) & set(day.places):
            return day.name
    return None


def _one_day_a_year(days: Days, axis: Axis) -> bool:
    likely = axis.figures[days > days.max() * 0.2][:, 4:]
    return len(likely) > 0 and bool((likely == likely[0]).all())


def said(written: Written) -> str:
    """A date as a person says it: 12 October 2008; figures not read as ``?``."""
    if written.whole:
        date = dt.date.fromisoformat(written.figures)
        return f"{date.day} {date:%B %Y}"
    return written.figures
