"""The date a strike bears: the whole strike looked at, its lines and rim read as shapes and weighed by a
grammar of dates; open rather than wrong.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recognizer.geometry import Homography
from recognizer.records import MarkSpec
from recognizer.stages.date_lines import read_lines
from recognizer.stages.date_look import NO_HOUR, DateLook
from recognizer.stages.grammar import GrammarParams, Part, read_parts
from recognizer.stages.letter import read_letter
from recognizer.stages.lettering import Lettering, Line, Reader, read_lettering, read_zone
from recognizer.types import DateAlternative, DateReading, Strike

_DAYS = 30_000  # that dates of strikes are spread over


@dataclass(frozen=True, slots=True)
class DateParams:
    """Defaults of the date stage."""

    grammar: GrammarParams = field(default_factory=GrammarParams)
    bar: float = 0.88  # probability from which a date is given: of half-inked drawn ones 1 % are wrong then
    figure_bar: float = 0.7  # on a date left open a figure less probable than this is written ``?``
    told: float = 0.05  # below this nothing was read, chance finds dates everywhere
    alternatives: int = 5
    apart: float = 0.2  # two lines of one date lie at least this far apart, in radii
    # Fitted on drawn strikes held out (training/reading_fit.py). How a date's standing is made up of the
    # look's logarithm, of its lines' score below the best lines' and of that score itself:
    mix: tuple[float, float, float] = (0.86, 0.155, 0.134)
    behind: float = 12.0  # readings of the lines this far below the best are let go
    compared: int = 40  # so many of the lines' dates are weighed against the look's
    least_line: float = -6.0  # lines' scores count no lower: the look may see what no line shows
    # Logistic regressions of being right, in the order of ``evidence``: of the lines alone, of both.
    weights: tuple[float, ...] = (-6.318, 2.52, 0.268, 0.34, 2.278, 0.597)
    weights_of_both: tuple[float, ...] = (0.061, 0.698, 0.554, -0.178, 0.414, 0.045)
    hour_bar: float = 0.8  # probability from which an hour is told


@dataclass(frozen=True, eq=False, slots=True)
class Dates:
    """The dates a strike may bear, likeliest first, with the probability of each of the first of them."""

    readings: tuple[Whole, ...] = ()
    chances: tuple[float, ...] = ()
    look: DateLook | None = None
    lettering: Lettering | None = None

    @property
    def by_day(self) -> dict[str, float]:
        """Days (ISO) with their probabilities."""
        return {w.iso: c for w, c in zip(self.readings, self.chances, strict=False)}

    @property
    def unsure(self) -> bool:
        """Whether something was read, but not clearly."""
        return bool(self.chances) and max(self.chances) < DateParams().bar

    def reweighed(self, chances: Mapping[str, float]) -> Dates:
        """The same dates with the probabilities that other strikes give them."""
        several = sorted(self.readings[: len(self.chances)], key=lambda w: -chances[w.iso])
        return replace(self, readings=tuple(several), chances=tuple(chances[w.iso] for w in several))


@dataclass(frozen=True, slots=True)
class Whole:
    """One reading of the whole date. ``score``, ``weakest`` and ``standing`` are raw."""

    day: int
    month: int
    year: int
    score: float = 0.0  # of its lines
    weakest: float = 0.0
    form: str = "DD MM YYYY"
    line: Line | None = None  # the lowest of its straight lines, or the rim; None where only looked at
    shapes: int = 0  # how many figures and letters its lines are made of
    look: float = 0.0  # natural log of the probability that the look gives it
    standing: float = 0.0  # what the readings are ranked by

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def read_date(
    strike: Strike,
    mark: MarkSpec | None,
    pose: Homography | None,
    model: Reader | None,
    lettering: Lettering | None = None,
    look: DateLook | None = None,
    params: DateParams | None = None,
) -> DateReading:
    """The date on a strike, ``value`` None unless every figure was read; see ``weigh_dates``."""
    return tell(weigh_dates(strike, mark, pose, model, lettering, look, params), mark, params)


def weigh_dates(
    strike: Strike,
    mark: MarkSpec | None,
    pose: Homography | None,
    model: Reader | None,
    lettering: Lettering | None = None,
    look: DateLook | None = None,
    params: DateParams | None = None,
) -> Dates:
    """The dates a strike may bear and how probable each is.

    ``mark`` is the strike's design where it is known: its date formats weigh the readings and, with ``pose``,
    its date zone is read besides; ``pose`` maps the die's own box (0 to 1 each way) to the strike's crop.
    ``model`` is ``reader``, ``look`` is from ``look_for_date``; either does alone, without both nothing is
    read. ``lettering`` saves reading the strike twice.
    """
    p = params or DateParams()
    if lettering is None and model is not None:
        lettering = read_lettering(strike, model)
    readings: list[Whole] = []
    if lettering is not None:
        lettering = with_dates(lettering, strike, model, look, mark, pose)
        readings = whole_dates(lettering, mark, p)
    if look is not None:
        readings = weighed_together(readings, look, mark, p)
    return replace(judged(readings, look, p), lettering=lettering)


def tell(dates: Dates, mark: MarkSpec | None, params: DateParams | None = None) -> DateReading:
    """What is told of the dates a strike may bear, and the letter that stands below."""
    reading = decide(dates, params or DateParams())
    if reading.text is None or dates.lettering is None:
        return reading
    line = next((w.line for w in dates.readings if w.line is not None), None)
    return replace(reading, letter=read_letter(dates.lettering, line, mark) if line else None)


def weighed_together(
    readings: Sequence[Whole], look: DateLook, mark: MarkSpec | None, params: DateParams | None = None
) -> list[Whole]:
    """The dates of the lines and those of the look, each once, the one that both think likeliest first."""
    p = params or DateParams()
    look = replace(look, in_use=mark.years_of_use if mark else None)
    dates = {w.iso: w for w in readings[: p.compared]}
    for date, _ in look.best():
        dates.setdefault(date.isoformat(), Whole(date.day, date.month, date.year))
    top = max((w.score for w in readings), default=0.0)
    out = []
    for w in dates.values():
        seen = math.log(max(_seen(w, look), 1e-9))
        w = replace(w, look=seen)
        standing = sum(m * e for m, e in zip(p.mix, merits(w, top, p), strict=True))
        out.append(replace(w, standing=standing))
    return sorted(out, key=lambda w: -w.standing)


def merits(w: Whole, top: float, p: DateParams) -> tuple[float, float, float]:
    """What a date is ranked by, in the order of ``DateParams.mix``; ``top``: the best lines' score."""
    below = max(w.score - top, p.least_line) if w.line else p.least_line
    return w.look, below, max(w.score, 0.0)


def _seen(w: Whole, look: DateLook) -> float:
    """How probable the look makes a date; where it saw none clearly, any day is as probable as another."""
    return look.clarity * look.of(w.day, w.month, w.year) + (1 - look.clarity) / _DAYS


def with_dates(
    seen: Lettering,
    strike: Strike,
    model: Reader | None,
    look: DateLook | None,
    mark: MarkSpec | None = None,
    pose: Homography | None = None,
) -> Lettering:
    """The lettering with what stands where the look saw a date, and in the mark's own date zone."""
    if model is None:
        return seen
    lines = seen.lines if look is None else (*seen.lines, *read_lines(strike, look.lines, seen.ring, model))
    if mark is not None and pose is not None and mark.date.zone is not None:
        lines = (*lines, *read_zone(strike, mark.date.zone, pose, seen.ring, model))
    return replace(seen, lines=lines)


def whole_dates(seen: Lettering, mark: MarkSpec | None, params: DateParams | None = None) -> list[Whole]:
    """Whole dates from one line, or put together from several, best first; each date once."""
    p = params or DateParams()
    parts = [
        (line, part)
        for line in seen.lines
        for part in read_parts(line.slots, p.grammar, only_whole=line.where != "line")
    ]
    told = {_plain(f) for f in mark.date.formats} if mark else set()
    in_use = mark.years_of_use if mark else None
    found = [_Fields(part, part, part, (line,), part.score) for line, part in parts if part.whole]
    found += _joined(parts, p)
    out: dict[str, Whole] = {}
    best = -math.inf
    for fields in sorted(found, key=lambda f: -f.score):
        if fields.score < best - p.behind:
            break
        for whole in _values(fields, told, in_use, p):
            best = max(best, whole.score)
            if whole.iso not in out or out[whole.iso].score < whole.score:
                out[whole.iso] = whole
    return sorted((replace(w, standing=w.score) for w in out.values()), key=lambda w: -w.standing)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Where the day, the month and the year of one reading are from."""

    day: Part
    month: Part
    year: Part
    lines: tuple[Line, ...]
    score: float  # of its parts: no date they leave has more, but for what the mark's formats say

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple({id(q): q for q in (self.day, self.month, self.year)}.values())

    @property
    def form(self) -> str:
        return " / ".join(q.written for q in self.parts)


def _joined(parts: list[tuple[Line, Part]], p: DateParams) -> Iterable[_Fields]:
    """Day and month from one line or two, the year from another or from the rim."""
    years = _tops([(n, q) for n, q in parts if q.only == "year"], 10)
    dated = _tops([(n, q) for n, q in parts if q.day and q.month and not q.year], 10)
    months = _tops([(n, q) for n, q in parts if q.only == "month"], 5)
    days = _tops([(n, q) for n, q in parts if q.only == "day"], 5)
    for line, part in dated:
        for other, year in years:
            if _beside(line, other, p):
                yield _Fields(part, part, year, (line, other), part.score + year.score)
    for line, month in months:
        for below, day in days:
            if _beside(line, below, p):
                for other, year in years:
                    if _beside(line, other, p) and _beside(below, other, p):
                        score = day.score + month.score + year.score
                        yield _Fields(day, month, year, (line, below, other), score)


def _tops(parts: list[tuple[Line, Part]], count: int) -> list[tuple[Line, Part]]:
    return sorted(parts, key=lambda one: -one[1].score)[:count]


def _beside(one: Line, other: Line, p: DateParams) -> bool:
    """Whether two lines can belong to one date: parallel and apart, or one of them on the rim."""
    if one.where != "line" or other.where != "line":
        return one.where == "line"
    return abs(one.angle_deg - other.angle_deg) < 8 and abs(one.offset - other.offset) >= p.apart


def _values(
    fields: _Fields, told: set[str], in_use: tuple[int, int] | None, p: DateParams
) -> Iterable[Whole]:
    """The best few dates a reading leaves, each with its own score."""
    days, months, years = fields.day.day, fields.month.month, fields.year.year
    score = fields.score
    weakest = min(part.spread for part in fields.parts)
    shapes = sum(part.last - part.first + 1 for part in fields.parts)
    if told:
        score += p.grammar.format_told * (1 if _plain(fields.form) in told else -1)
    lowest = max(fields.lines, key=lambda line: (line.where == "line", line.offset))
    best = [max(v.values()) for v in (days, months, years)]
    if "YYYY" not in fields.form and in_use:
        years = {_century(year, in_use): s for year, s in years.items()}
    for year, ys in _few(years):
        for month, ms in _few(months):
            for day, ds in _few(days):
                try:
                    datetime.date(year, month, day)
                except ValueError:
                    continue
                fit = score + ys - best[2] + ms - best[1] + ds - best[0]
                yield Whole(day, month, year, fit, weakest, fields.form, lowest, shapes)


def _century(year: int, in_use: tuple[int, int]) -> int:
    """The year of the two figures of ``year`` that lies nearest a mark's time of use."""
    return min(
        (1800 + year % 100, 1900 + year % 100, 2000 + year % 100),
        key=lambda y: max(in_use[0] - y, y - in_use[1], 0),
    )


def _plain(form: str) -> str:
    """A format without hour, punctuation and the difference between one figure and two: ``"DD MM YY HH"``,
    ``D.M.YY``.
    """
    words = re.findall(r"YYYY|YY|M?ROMAN|MON|DD?|MM?(?![A-Z])", form.upper())
    short = {"D": "DD", "M": "MM", "ROMAN": "MROMAN"}
    return " ".join(short.get(w, w) for w in words)


def _few(values: Mapping[int, float], within: float = 4.0, most: int = 10) -> list[tuple[int, float]]:
    least = max(values.values()) - within
    return sorted(((v, s) for v, s in values.items() if s >= least), key=lambda v: -v[1])[:most]


def judged(readings: Sequence[Whole], look: DateLook | None, p: DateParams) -> Dates:
    """How probable each of the first of several readings is."""
    if not readings:
        return Dates()
    best, several = readings[0], readings[: p.compared]
    probability = _probability(readings, p, look)
    odds = [math.exp(max(w.standing - best.standing, -30.0)) for w in several]
    rest = (1 - probability) / max(sum(odds[1:]), 1e-9)
    chances = (probability, *(o * min(probability, rest) for o in odds[1:]))
    return Dates(tuple(readings), chances, look)


def decide(dates: Dates, p: DateParams) -> DateReading:
    """The date if it is probable enough, else what of it can be told."""
    if not dates.readings:
        return DateReading()
    several, chances = dates.readings[: len(dates.chances)], dates.chances
    best, probability = several[0], chances[0]
    others = [
        DateAlternative(w.iso, round(c, 4))
        for w, c in list(zip(several, chances, strict=True))[1 : p.alternatives + 1]
        if c > 0.002
    ]
    hour = _hour(dates.look, p)
    if probability >= p.bar:
        return DateReading(_spell(best), best.iso, round(probability, 4), tuple(others), hour=hour)
    if probability < p.told:
        return DateReading(alternatives=tuple(others))
    text, _ = _doubted(several, chances, _spell, p)
    partial, sure = _doubted(several, chances, lambda w: w.iso, p)
    told = [DateAlternative(best.iso, round(probability, 4)), *others][: p.alternatives]
    if any(c.isdigit() for c in partial):
        told.append(DateAlternative(partial, round(sure, 4)))
    return DateReading(text, None, round(probability, 4), tuple(told), hour=hour)


def _hour(look: DateLook | None, p: DateParams) -> int | None:
    """The hour the strike shows, None when it shows none or it can't be made out."""
    if look is None or int(look.hour.argmax()) == NO_HOUR or look.hour.max() < p.hour_bar:
        return None
    return int(look.hour.argmax())


def _doubted(
    readings: Sequence[Whole], chances: Sequence[float], spell: Callable[[Whole], str], p: DateParams
) -> tuple[str, float]:
    """The best reading with ``?`` for each doubtful figure, at least one, and how sure the others are."""
    spelled = [spell(w) for w in readings]
    total = sum(chances)
    sure = {
        i: sum(c for t, c in zip(spelled, chances, strict=True) if t[i : i + 1] == char) / total
        for i, char in enumerate(spelled[0])
        if char.isdigit()
    }
    bar = max(p.figure_bar, min(sure.values()) + 1e-9)
    text = "".join("?" if sure.get(i, 1.0) < bar else char for i, char in enumerate(spelled[0]))
    return text, min((s for s in sure.values() if s >= bar), default=0.0)


def evidence(readings: Sequence[Whole], look: DateLook | None = None) -> tuple[float, ...]:
    """What speaks for the first of several readings.

    Of the lines alone: 1, fit a shape, lead, weakest field, length, lines. With a look: 1, its logarithm,
    lead, whether lines say so too, their weakest field and score.
    """
    best = readings[0]
    lead = min(best.standing - readings[1].standing, 8.0) if len(readings) > 1 else 8.0
    if look is not None:
        score = max(best.score, 0.0)
        return 1.0, max(best.look, -8.0), lead, float(best.line is not None), best.weakest, score
    fit = max(best.score / best.shapes, -3.0) if best.shapes else -3.0
    return 1.0, fit, lead, best.weakest, best.shapes / 10, float(best.form.count("/"))


def _probability(readings: Sequence[Whole], p: DateParams, look: DateLook | None) -> float:
    weights = p.weights if look is None else p.weights_of_both
    z = sum(w * e for w, e in zip(weights, evidence(readings, look), strict=True))
    return 1 / (1 + math.exp(-z))


def _spell(w: Whole) -> str:
    year = f"{w.year:04d}" if "YYYY" in w.form else f"{w.year % 100:02d}"
    if w.form.startswith("Y"):
        return f"{year} {w.month:02d} {w.day:02d}"
    return f"{w.day:02d} {w.month:02d} {year}"
