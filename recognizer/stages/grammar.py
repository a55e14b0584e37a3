"""The grammar of dates on dies: how slots of shapes may be day, month and year, and how well they fit.

A *part* is one way to read a piece of one line: some of day, month and year, each a distribution over its
values, with
a raw score: natural log of how much better the shapes fit these figures than anything else that may stand
there. Parts
of several lines are put together into whole dates. Nothing here knows which dates are likely in history.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.stages.alphabet import CLASSES, classify, encode, resemblance
from recognizer.stages.lettering import Slot

Floats = NDArray[np.float64]

_MONTH_WORDS = (
    "JAN JANUARY JANUAR JANV JANVIER ENE ENERO STY GEN ЯНВ ЯНВАРЯ СІЧ LED SIJ",
    "FEB FEBRUARY FEBRUAR FEBR FEVR FEV FEVRIER LUT ФЕВ ФЕВР ФЕВРАЛЯ ЛЮТ VELJ",
    "MAR MARCH MÄRZ MARS MÁRC MRZ MRT MAART МАР МАРТА БЕР MARCA MARZO",
    "APR APRIL AVRIL AVR ABR ÁPR KWI АПР АПРЕЛЯ КВІ DUB TRAV",
    "MAY MAI MEI MAJ MÁJ MAG МАЯ МАЙ ТРА MAYO KVĚ",
    "JUN JUNE JUNI JUIN JÚN CZE GIU ИЮН ИЮНЯ ЧЕР JUNIO",
    "JUL JULY JULI JUIL JUILLET JÚL LIP LUG ИЮЛ ИЮЛЯ JULIO",
    "AUG AUGUST AOUT AOÛT AGO SIE АВГ АВГУСТА СЕР AGOSTO SRP",
    "SEP SEPT SEPTEMBER SZEPT WRZ SET СЕН СЕНТ СЕНТЯБРЯ ВЕР ZÁŘ SEPTEMBRE",
    "OCT OCTOBER OKT OKTOBER PAŹ OTT ОКТ ОКТЯБРЯ ЖОВ OCTOBRE OCTUBRE",
    "NOV NOVEMBER LIS НОЯ НОЯБРЯ ЛИС NOVEMBRE STUD",
    "DEC DECEMBER DEZ DEZEMBER DIC GRU ДЕК ДЕКАБРЯ ГРУ DICIEMBRE DECEMBRE PROS",
)
_ROMAN_NUMBERS = "I II III IV V VI VII VIII IX X XI XII"
FIRST_YEAR, LAST_YEAR = 1840, 2029  # the first postage stamp .. the last year these dies may show
_HARDLY = 5.0  # natural log: a figure this much worse than the best of its place is not considered
_PIVOT = 30  # two figures in a date all of figures are 1930 to 2029


@dataclass(frozen=True, slots=True)
class GrammarParams:
    """Weights of the grammar, in natural logs."""

    present: tuple[float, ...] = (0.35, 0.12)
    gain: float = 2.0  # each figure or letter explained: by chance a shape fits about one time in seven
    floor: float = 0.004  # least probability of a shape: the reader may be wrong about anything
    wide_gap: float = 1.75  # a gap this many times the usual pitch parts two fields
    gap_inside: float = -1.6
    no_gap_between: float = -0.8
    no_gap_short: float = -3.0  # two one-figure fields without anything between
    letter_lost: float = -3.5  # one letter of a month's name not inked
    least_fit: float = -2.2  # mean log fit of a number's figures; less than a place that could be anything
    # the mark's own format; any other format of a mark whose formats are known: less
    format_told: float = 2.5
    year_first: float = -0.7  # years stand first on few dies
    early: float = -2.0  # dials with a year of four figures are rare before 1890
    cut_short: float = -2.5  # a number that goes on, or may: its neighbour is a figure or can't be made out
    alone: float = -1.8  # a month or a day that has a line to itself
    strokes: float = -1.5  # a Roman month of strokes alone, which figures 1 look like


@dataclass(frozen=True, slots=True)
class Part:
    """Some of day, month and year read off one line: log probability of each value, not normalised."""

    day: Mapping[int, float] = field(default_factory=dict)
    month: Mapping[int, float] = field(default_factory=dict)
    year: Mapping[int, float] = field(default_factory=dict)
    score: float = 0.0
    first: int = 0  # slots it spans
    last: int = 0
    written: str = ""  # the format, for example "DD MM YY"
    spread: float = 0.0  # lowest probability of a figure's best value

    @property
    def whole(self) -> bool:
        return bool(self.day and self.month and self.year)

    @property
    def only(self) -> str:
        """``day``, ``month`` or ``year`` when it is nothing but that, else empty."""
        names = [n for n, v in (("day", self.day), ("month", self.month), ("year", self.year)) if v]
        return names[0] if len(names) == 1 else ""


@lru_cache(maxsize=1)
def _words() -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Month words as classes (n, 9) padded with -1, their month, their cost, their length."""
    rows: dict[tuple[int, ...], tuple[int, float]] = {}
    for month, words in enumerate(map(str.split, _MONTH_WORDS), 1):
        for word in words:
            rows.setdefault(tuple(encode(word)), (month, 0.0))
    for month, words in enumerate(map(str.split, _MONTH_WORDS), 1):
        for word in (w for w in words if 3 <= len(w) <= 4):
            whole = encode(word)
            for k in range(len(whole)):
                rows.setdefault(tuple(whole[:k] + whole[k + 1 :]), (month, GrammarParams().letter_lost))
    table = np.full((len(rows), 9), -1, np.intp)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row[:9]
    months = np.array([m for m, _ in rows.values()], np.intp)
    costs = np.array([c for _, c in rows.values()])
    return table, months, costs, np.array([min(len(r), 9) for r in rows], np.intp)


_DIGITS = [classify(c) or 0 for c in "0123456789"]
_PUNCTUATION = [classify(c) or 0 for c in ".-/:'*()"]
_ROMANS = {  # by their length: months and their classes (n, length)
    length: (
        [m for m, word in enumerate(str.split(_ROMAN_NUMBERS), 1) if len(word) == length],
        np.array([encode(word) for word in str.split(_ROMAN_NUMBERS) if len(word) == length], np.intp),
    )
    for length in range(1, 5)
}


class LineGrammar:
    """All readings of one line's slots as parts of a date."""

    def __init__(self, slots: Sequence[Slot], params: GrammarParams) -> None:
        self.p = params
        kept = slots
        shapes = np.array([s.shapes for s in kept]) if kept else np.zeros((0, CLASSES), np.float32)
        fits = np.clip(shapes @ resemblance().T, 0, 1)
        pointed = shapes[:, _PUNCTUATION].sum(1)
        marks = pointed > np.maximum(np.delete(shapes, _PUNCTUATION, 1).max(1), 0.25)
        solid = np.flatnonzero(~marks)
        self.n = len(solid)
        self.x = np.array([kept[i].x for i in solid.tolist()])
        self.marked = np.zeros(self.n + 1, bool)  # a punctuation mark stands before this slot
        for i in np.flatnonzero(marks).tolist():
            self.marked[int((solid < i).sum())] = True
        present = np.array([kept[i].present for i in solid.tolist()])
        self.log = np.log(np.maximum(fits[solid], params.floor)) + np.log(np.maximum(present, 0.1))[:, None]
        self.digit = self.log[:, _DIGITS]
        self.figure = fits[solid][:, _DIGITS].max(1) if self.n else np.zeros(0)
        self.clear = fits[solid][:, 1:].max(1) if self.n else np.zeros(0)
        best = self.digit.max(1) if self.n else np.zeros(0)
        self.options = [
            [(d, v) for d, v in enumerate(row) if v > top - _HARDLY]
            for row, top in zip(self.digit.tolist(), best.tolist(), strict=True)
        ]
        self._numbers: dict[tuple[int, int], dict[int, float]] = {}
        self._fields: dict[tuple[int, int, int, int], dict[int, float]] = {}
        self._years: dict[tuple[int, int, bool], dict[int, float]] = {}
        self.mass = np.concatenate([[0.0], np.cumsum(best)]).tolist()
        pitch = np.diff(self.x)
        self.pitch = float(np.median(pitch)) if len(pitch) else 10.0
        self.gap = np.concatenate([[9.0], pitch / max(self.pitch, 1e-3), [9.0]])

    def number(self, start: int, length: int) -> dict[int, float] | None:
        """Log probability of each value of a number of ``length`` figures; None where no figures stand.

        Of numbers of four figures only years are told, from ``FIRST_YEAR`` to ``LAST_YEAR``.
        """
        if (
            start + length > self.n
            or self.mass[start + length] - self.mass[start] < self.p.least_fit * length
        ):
            return None
        if (start, length) not in self._numbers:
            values = _years_at(self.digit[start : start + 4]) if length == 4 else self._count(start, length)
            inner = sum(
                self.p.gap_inside * (3 if self.marked[i] else 1)
                for i in range(start + 1, start + length)
                if self.marked[i] or self.gap[i] > self.p.wide_gap
            )
            self._numbers[start, length] = {v: s + inner for v, s in values.items()}
        return self._numbers[start, length]

    def _count(self, start: int, length: int) -> dict[int, float]:
        values: dict[int, float] = {0: 0.0}
        for options in self.options[start : start + length]:
            values = {10 * v + d: s + t for v, s in values.items() for d, t in options}
        return values

    def within(self, start: int, length: int, low: int, high: int) -> dict[int, float]:
        """The values of ``number`` from ``low`` to ``high``; empty where no figures stand."""
        key = start, length, low, high
        if key not in self._fields:
            values = self.number(start, length) or {}
            self._fields[key] = {v: s for v, s in values.items() if low <= v <= high}
        return self._fields[key]

    def years(self, start: int, length: int, worded: bool = False) -> dict[int, float]:
        """The years that two or four figures mean, see ``full_years``; empty where no figures stand."""
        key = start, length, worded
        if key not in self._years:
            values = self.number(start, length) or {}
            if length == 2:
                self._years[key] = full_years(values, worded)
            else:
                self._years[key] = {y: s + self.p.early * (y < 1890) for y, s in values.items()}
        return self._years[key]

    def between(self, at: int, lengths: tuple[int, int]) -> float:
        """What the place between two fields says: a mark or gap, or nothing."""
        if at >= self.n or self.marked[at] or self.gap[at] > self.p.wide_gap * 0.8:
            return 0.0
        return self.p.no_gap_short if min(lengths) < 2 else self.p.no_gap_between

    def words(self) -> list[tuple[int, int, dict[int, float]]]:
        """Month names: (first slot, slots, log probability of each month)."""
        if self.n < 2:
            return []
        table, months, costs, lengths = _words()
        padded = np.vstack([self.log, np.full((9, CLASSES), -20.0)])
        scores = costs + self.p.gain * lengths + np.zeros((self.n, 1))
        for k in range(9):
            longer = np.flatnonzero(lengths > k)
            scores[:, longer] += padded[k : k + self.n, table[longer, k]]
        found: dict[tuple[int, int], dict[int, float]] = {}
        for i, k in np.argwhere(scores > 1.5):
            if i + lengths[k] > self.n:
                continue
            inside = range(i + 1, i + lengths[k])
            bent = sum(self.p.gap_inside for j in inside if self.marked[j] or self.gap[j] > 2.2)
            values = found.setdefault((int(i), int(lengths[k])), {})
            value = float(scores[i, k]) - self.p.gain * int(lengths[k]) + bent
            month = int(months[k])
            values[month] = max(values.get(month, -99.0), value)
        return [(i, length, values) for (i, length), values in found.items()]

    def romans(self) -> list[tuple[int, int, dict[int, float]]]:
        """Months in Roman figures, as ``words``."""
        found: list[tuple[int, int, dict[int, float]]] = []
        for length, (months, shapes) in _ROMANS.items():
            count = self.n - length + 1
            if count < 1:
                continue
            scores = sum(self.log[k : k + count, shapes[:, k]] for k in range(length))
            for i, row in enumerate(scores.tolist()):
                kept = {m: v for m, v in zip(months, row, strict=True) if v > -1.6 * length}
                if kept:
                    found.append((i, length, {m: v + self.p.strokes * (m <= 3) for m, v in kept.items()}))
        return found


_YEARS = np.array([[int(c) for c in str(y)] for y in range(FIRST_YEAR, LAST_YEAR + 1)])


def _years_at(digit: Floats) -> dict[int, float]:
    """The years that four places (4, 10) of figures may be, none with a figure hardly possible there."""
    shown = digit > digit.max(1, keepdims=True) - _HARDLY
    thousands, hundreds, tens, units = (digit[k][_YEARS[:, k]] for k in range(4))
    scores = thousands + hundreds + tens + units
    may = np.all([shown[k][_YEARS[:, k]] for k in range(4)], axis=0)
    return {FIRST_YEAR + k: float(scores[k]) for k in np.flatnonzero(may).tolist()}


def _best(values: Mapping[int, float]) -> float:
    return max(values.values())


def read_parts(
    slots: Sequence[Slot], params: GrammarParams | None = None, only_whole: bool = False
) -> list[Part]:
    """All parts of a date that one line's slots may be, best first.

    ``only_whole`` leaves out what is not a whole date or a year of four figures (rings hold no loose days).
    """
    p = params or GrammarParams()
    parts: list[Part] = []
    before = -1
    for least in p.present:  # sure places alone, then also those where something may stand
        kept = [s for s in slots if s.present >= least]
        if len(kept) > before:
            line = LineGrammar(kept, p)
            parts += [*_figures(line), *_named(line)]
            before = len(kept)
    if only_whole:
        parts = [p for p in parts if p.whole or p.only == "year"]
    return sorted(parts, key=lambda part: -part.score)[:24]


def full_years(values: Mapping[int, float], worded: bool = False) -> dict[int, float]:
    """Two-figure years as the century they most likely mean.

    Dies that write the month as a word or in Roman figures and the year in two figures had gone out of use
    by the 1980s; on those (``worded``) every year is of the 1900s.
    """
    pivot = 0 if worded else _PIVOT
    return {(2000 if v < pivot else 1900) + v: s for v, s in values.items() if 0 <= v <= 99}


def _part(
    line: LineGrammar, fields: Sequence[tuple[str, int, int, Mapping[int, float]]], extra: float
) -> Part | None:
    """Fields (name, first slot, slots, values) in a row as one part."""
    if any(not values for *_, values in fields):
        return None
    score = extra
    for (_, a, na, _), (_, b, nb, _) in pairwise(fields):
        score += line.between(b, (na, nb))
        if b != a + na:
            return None
    shapes = sum(n for _, _, n, _ in fields)
    score += sum(_best(values) for *_, values in fields) + line.p.gain * shapes
    named = {name[0]: values for name, _, _, values in fields}
    first, last = fields[0][1], fields[-1][1] + fields[-1][2] - 1
    weakest = min(math.exp(_best(values) / n) for _, _, n, values in fields)
    return Part(
        named.get("D", {}), named.get("M", {}), named.get("Y", {}), score, first, last,
        " ".join(name for name, *_ in fields), weakest,
    )  # fmt: skip


def _figures(line: LineGrammar) -> Iterable[Part]:
    """Dates in figures alone, and a year of four figures by itself."""
    p = line.p
    whole = line.within(0, line.n, 1, 31) if 1 <= line.n <= 2 else {}
    if whole and (part := _part(line, [("DD", 0, line.n, whole)], p.alone)):
        yield part
    for i in range(line.n):
        year = line.years(i, 4)
        if year and (part := _part(line, [("YYYY", i, 4, year)], _lonely(line, i, 4))):
            yield part
        for d in (1, 2):
            day = line.within(i, d, 1, 31)
            if not day:
                continue
            for m in (1, 2):
                month = line.within(i + d, m, 1, 12)
                if not month:
                    continue
                for y in (2, 4):
                    years = line.years(i + d + m, y)
                    if years:
                        end = _lonely(line, i, d + m + y)
                        fields = [("DD", i, d, day), ("MM", i + d, m, month), ("Y" * y, i + d + m, y, years)]
                        if part := _part(line, fields, end):
                            yield part
        for y in (4, 2):
            yield from _year_first(line, i, y, p.year_first * (1 if y == 4 else 4))


def _year_first(line: LineGrammar, i: int, y: int, extra: float) -> Iterable[Part]:
    years = line.years(i, y)
    if not years:
        return
    for m in (1, 2):
        month = line.within(i + y, m, 1, 12)
        for d in (1, 2):
            day = line.within(i + y + m, d, 1, 31) if month else {}
            if month and day:
                fields = [("Y" * y, i, y, years), ("MM", i + y, m, month), ("DD", i + y + m, d, day)]
                if part := _part(line, fields, extra + _lonely(line, i, y + m + d)):
                    yield part


def _lonely(line: LineGrammar, first: int, length: int) -> float:
    """A figure right before or after belongs to the number: what was read is then part of something
    longer.
    """
    cost = 0.0
    for at, neighbour in ((first, first - 1), (first + length, first + length)):
        if 0 <= neighbour < line.n and not line.marked[at] and line.gap[at] < line.p.wide_gap * 0.8:
            cost += line.p.cut_short * float(line.figure[neighbour] > 0.3 * line.clear[neighbour])
    return cost


def _named(line: LineGrammar) -> Iterable[Part]:
    """Dates whose month is a name or a Roman number."""
    p = line.p
    words = [("MON", *w) for w in line.words()] + [("MROMAN", *r) for r in line.romans()]
    for name, i, n, month in words:
        roman = name == "MROMAN"
        middle = (name, i, n, month)
        if not roman:
            if part := _part(line, [middle], p.alone):
                yield part
            for d in (1, 2):
                day = line.within(i + n, d, 1, 31)
                if not day:
                    continue
                after = ("DD", i + n, d, day)
                end = 0.8 * _lonely(line, i + n, d)
                if part := _part(line, [middle, after], end + (0.8 if line.between(i + n, (2, 2)) else 0.0)):
                    yield part
                for y in (2, 4):
                    years = line.years(i + n + d, y, True)
                    if years and (part := _part(line, [middle, after, ("Y" * y, i + n + d, y, years)], -0.5)):
                        yield part
        for d in (1, 2):
            day = line.within(i - d, d, 1, 31) if i >= d else {}
            if not day:
                continue
            before = ("DD", i - d, d, day)
            extra = (0.0 if not roman else -0.3) + _lonely(line, i - d, d) * 0.5
            if not roman and (part := _part(line, [before, middle], extra - 0.7)):
                yield part
            for y in (2, 4):
                years = line.years(i + n, y, True)
                if years and (part := _part(line, [before, middle, ("Y" * y, i + n, y, years)], extra)):
                    yield part
        if roman:
            yield from _hungarian(line, i, n, month, p.year_first)


def _hungarian(line: LineGrammar, i: int, n: int, month: Mapping[int, float], extra: float) -> Iterable[Part]:
    """``61 II.24``: year, Roman month, day."""
    for y in (2, 4):
        years = line.years(i - y, y, True) if i >= y else {}
        for d in (1, 2):
            day = line.within(i + n, d, 1, 31) if years else {}
            if years and day:
                fields = [("Y" * y, i - y, y, years), ("MROMAN", i, n, month), ("DD", i + n, d, day)]
                if part := _part(line, fields, extra + _lonely(line, i - y, y) + _lonely(line, i + n, d)):
                    yield part
