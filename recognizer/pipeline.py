"""The way through: a scan's pieces, their regions, the strikes, their marks and dates, the mission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from time import perf_counter

from recognizer import __version__
from recognizer.geometry import Box
from recognizer.records import Seconds, StrikeRecord, Versions
from recognizer.reports.answers import scan_record, strike_record
from recognizer.sources.kit import Kit
from recognizer.stages.date import Dates, tell, weigh_dates
from recognizer.stages.date_look import FOUND, LIKELY, DateLook, look_for_date
from recognizer.stages.date_view import place_in_zone, views_at
from recognizer.stages.identify import MarkIndex, identify, index_marks
from recognizer.stages.kinds import as_named, as_read
from recognizer.stages.legend import LegendText, read_legend
from recognizer.stages.lettering import read_lettering
from recognizer.stages.mission import suggest_mission
from recognizer.stages.pieces import find_pieces
from recognizer.stages.same_date import KnownDate, shared
from recognizer.stages.segment import STRUCK, survey, towards
from recognizer.stages.strikes import lift_strike
from recognizer.stages.upright import lying, set_upright, stood_up, told_by_stamps, told_by_strikes
from recognizer.stages.view import View
from recognizer.types import (
    Cover,
    DateReading,
    Examination,
    Finding,
    Identification,
    LearntStrike,
    Match,
    Observation,
    Piece,
    Region,
    Scan,
    Strike,
    Survey,
)

LIKE_STRUCK = ("cachet", "label")  # the kinds of region that a hand stamp may be taken for
MAYBE, SURELY = 0.3, 0.8  # probability of a die from which such a thing is looked at closely, and is a strike
DATE_MODELS = ("date-reader", "date-closeup")
RATHER = 0.5  # probability of a die from which it tells where its strike lies
OTHERS = 3  # strikes in the library of the same die whose dates are read besides, at most
APART = 0.1  # overlap of two strikes' boxes below which they are two
TOLD_FROM = 0.5  # probability from which a partly read date is evidence


@dataclass(frozen=True, eq=False)
class Bench:
    """A kit made ready for work: its marks indexed."""

    kit: Kit
    index: MarkIndex
    _dates: dict[tuple[str, int], KnownDate] = field(default_factory=dict)  # of strikes read so far

    @classmethod
    def of(cls, kit: Kit) -> Bench:
        marks = kit.library.marks.values()
        models = kit.models
        matcher, reader = models.get("strike-matcher"), models.get("reader")
        return cls(kit, index_marks(marks, matcher, models.get("strike-calibration"), reader))

    def date_on(self, mark: str, number: int) -> KnownDate:
        """The date that a strike of the library bears, as far as told or read; read once."""
        if (mark, number) not in self._dates:
            self._dates[mark, number] = _known(self.kit.library.marks[mark].strikes[number], self.kit)
        return self._dates[mark, number]

    @property
    def versions(self) -> Versions:
        """What made a record, for the record."""
        return Versions(recognizer=__version__, models=self.kit.versions, marks=self.kit.library.version)


def examine(scan: Scan, bench: Bench, decode_seconds: float = 0.0) -> Examination:
    """Recognise a whole scan: find its pieces and their regions, name the strikes, read them, reason."""
    clock = _Clock()
    pieces = find_pieces(scan, bench.kit.models.get("piece-finder"))
    surveys = [_surveyed(piece, bench) for piece in pieces]
    # Of what lies under other pieces only that is told on which something is seen.
    surveys = [(piece, seen) for piece, seen in surveys if seen.regions or not piece.covers]
    clock.lap("segment")
    covers = []
    numbers = iter(range(1, 1_000_000))
    for piece, seen in surveys:
        struck = _struck(piece, seen, bench, clock)
        regions = (*seen.regions, *(region for region in seen.doubtful if region in struck))
        findings = tuple(
            _finding(f"r{next(numbers)}", piece, region, struck, bench, clock) for region in regions
        )
        mission = suggest_mission(_observations(findings), bench.kit.catalogue, bench.kit.library.specs)
        covers.append(Cover(piece, findings, mission, seen.ink))
    seconds = Seconds(decode=round(decode_seconds, 4), **clock.seconds())
    record = scan_record(scan, covers, bench.kit.library.specs, seconds, bench.versions)
    return Examination(scan, tuple(covers), record)


def name_strike(scan: Scan, box: Box, bench: Bench) -> StrikeRecord:
    """Name the one strike in ``box`` (pixels of the scan) and read its date."""
    clock = _Clock()
    one = _recognise(lift_strike(scan.pixels, box, scan.dpi), bench, clock)
    return strike_record(scan, box, one.strike, one.named, _date(one, [], bench, clock))


def _surveyed(piece: Piece, bench: Bench) -> tuple[Piece, Survey]:
    """The piece, upright where its stamps or strikes tell, and what is on it."""
    finder = bench.kit.models.get("region-finder")
    seen = survey(piece, finder)
    turn = told_by_stamps(piece, seen.regions)
    if turn is None:
        turn = told_by_strikes(_turns(piece, seen, bench.kit))
    upright = set_upright(piece, turn) if turn else None
    return (piece, seen) if upright is None else (upright, survey(upright, finder))


def _turns(piece: Piece, seen: Survey, kit: Kit) -> Iterable[int | None]:
    """How each of a piece's postmarks is turned, as far as it tells."""
    looker, closer = (kit.models.get(name) for name in DATE_MODELS)
    if looker is not None and closer is not None:
        for region in seen.regions:
            if region.kind == "postmark":
                yield lying(lift_strike(piece.pixels, region.box, piece.dpi), looker, closer)


@dataclass(frozen=True, eq=False)
class _Recognised:
    """A strike, what it says, which die made it, and what dates it may bear by itself."""

    strike: Strike
    said: tuple[LegendText, ...]
    named: Identification
    dates: Dates


def _struck(piece: Piece, seen: Survey, bench: Bench, clock: _Clock) -> dict[Region, _Recognised]:
    """The strikes on a piece: postmarks, hand stamps, and what else a die of the library surely made."""
    struck = {
        region: _recognise(lift_strike(piece.pixels, region.box, piece.dpi), bench, clock)
        for region in seen.regions
        if region.kind in STRUCK
    }
    for region in (*(r for r in seen.regions if r.kind in LIKE_STRUCK), *seen.doubtful):
        strike = lift_strike(piece.pixels, region.box, piece.dpi)
        glimpsed = _probability(identify(strike, bench.index))
        clock.lap("recognise")
        if glimpsed >= MAYBE:
            one = _recognise(strike, bench, clock)
            if _probability(one.named) >= SURELY:
                struck[region] = one
    return struck


def _probability(named: Identification) -> float:
    return named.best.probability if named.best else 0.0


def _finding(
    id_: str,
    piece: Piece,
    region: Region,
    struck: Mapping[Region, _Recognised],
    bench: Bench,
    clock: _Clock,
) -> Finding:
    one = struck.get(region)
    if one is None:
        return Finding(id_, region)
    # The same strike found twice must not speak for itself.
    beside = [other for r, other in struck.items() if r.box.iou(region.box) < APART]
    date = _date(one, beside, bench, clock)
    region = replace(as_read(region, one.said), angle_deg=one.strike.frame.turn_at(0, 0))
    region = as_named(region, one.named, bench.kit.library.specs)
    likeliest = one.named.best
    if likeliest is not None and likeliest.probability >= RATHER and likeliest.outline is not None:
        height, width = piece.pixels.shape[:2]
        die = Box.around(one.strike.frame.apply(likeliest.outline)).clipped(width, height)
        region = towards(region, die)
    return Finding(id_, region, one.strike, one.named, date)


def _recognise(strike: Strike, bench: Bench, clock: _Clock) -> _Recognised:
    """Which die made the strike, and what its movable parts say."""
    clock.start()
    reader = bench.kit.models.get("reader")
    strike, look = _standing(strike, bench.kit)
    lettering = read_lettering(strike, reader) if reader else None
    reading = read_legend(strike, reader, lettering)
    named = identify(strike, bench.index, reading, look)
    clock.lap("recognise")
    die = named.die
    spec = bench.kit.library.specs[die.mark] if die else None
    undated = spec is not None and spec.date.movable is False
    if die is not None and look is not None and look.clarity < FOUND and not undated:
        look = _look_there(strike, die, bench) or look
    pose = die.pose if die else None
    dates = Dates() if undated else weigh_dates(strike, spec, pose, reader, lettering, look)
    clock.lap("date")
    return _Recognised(strike, reading.texts, named, dates)


def _look_there(strike: Strike, die: Match, bench: Bench) -> DateLook | None:
    """A look for the date where it stands on the die, by its strike in the library or its card; None if
    neither tells.
    """
    if die.itself or die.pose is None:
        return None
    if die.laid_on is not None:
        place = bench.date_on(die.mark, die.laid_on).place
    else:
        zone = bench.kit.library.specs[die.mark].date.zone
        place = None if zone is None else place_in_zone(zone)
    return None if place is None else _look(strike, bench.kit, views_at(place, die.pose, strike))


def _date(one: _Recognised, beside: Iterable[_Recognised], bench: Bench, clock: _Clock) -> DateReading:
    """The date of a strike; where it is unclear, others of its die help, on its piece and in the library."""
    clock.start()
    dates, die = one.dates, one.named.die
    if die is not None and dates.unsure:
        near = [o.dates.by_day for o in beside if o.named.die and o.named.die.mark == die.mark]
        dates = shared(dates, chain(near, in_library(die, bench)))
    date = tell(dates, bench.kit.library.specs[die.mark] if die else None)
    clock.lap("date")
    return date


def in_library(die: Match, bench: Bench) -> Iterable[Mapping[str, float]]:
    """What days the die's strikes in the library bear, but for the one that is asked for itself."""
    kept = range(len(bench.kit.library.specs[die.mark].strikes))
    others = [n for n in kept if not (die.itself and n == die.laid_on)][:OTHERS]
    return (bench.date_on(die.mark, n).days for n in others)


def _known(strike: LearntStrike, kit: Kit) -> KnownDate:
    """The date of a strike of the library, read by itself."""
    lifted, look = _standing(lift_strike(strike.pixels, strike.core, None), kit)
    clear = look is not None and look.clarity >= FOUND and lifted.frame.turn_at(0, 0) == 0
    place = look.place if look is not None and clear else None
    if strike.date is not None:
        return KnownDate({strike.date: 1.0}, place)
    return KnownDate(weigh_dates(lifted, None, None, kit.models.get("reader"), None, look).by_day, place)


def _standing(strike: Strike, kit: Kit) -> tuple[Strike, DateLook | None]:
    """A strike and its look; set upright first where its date can only be read so."""
    look = _look(strike, kit)
    looker, closer = (kit.models.get(name) for name in DATE_MODELS)
    if look is None or looker is None or closer is None or look.clarity >= FOUND or look.present < LIKELY:
        return strike, look
    turn = lying(strike, looker, closer, look.clarity)
    if not turn:
        return strike, look
    upright = stood_up(strike, turn)
    return upright, _look(upright, kit)


def _look(strike: Strike, kit: Kit, told: Sequence[View] = ()) -> DateLook | None:
    """What the networks that look for dates see."""
    looker, closer = (kit.models.get(name) for name in DATE_MODELS)
    return look_for_date(strike, looker, closer, told) if looker else None


def _observations(findings: Iterable[Finding]) -> list[Observation]:
    """What the mission stage is told: of each strike its die, if known, and its date, if read."""
    told = []
    for f in findings:
        if f.named is None or f.date is None or f.strike is None:
            continue
        die = f.named.die
        date = _told_date(f.date)
        told.append(
            Observation(
                region=f.id,
                mark=die.mark if die else "unknown",
                mark_probability=die.probability if die else 1.0,
                date=date,
                date_probability=f.date.probability,
                date_alternatives=f.date.alternatives if date else (),
                kind=f.region.kind,
                ink_name=f.strike.ink_name,
                letter=f.date.letter,
            )
        )
    return told


def _told_date(date: DateReading) -> str | None:
    """The date the mission is told: the whole one, or a partial one that is more likely right than wrong."""
    if date.value is not None:
        return date.value
    partial = [a for a in date.alternatives if "?" in a.value]
    return partial[0].value if partial and date.probability >= TOLD_FROM else None


class _Clock:
    """Seconds spent, by step."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._since = perf_counter()

    def start(self) -> None:
        self._since = perf_counter()

    def lap(self, step: str) -> None:
        now = perf_counter()
        self._spent[step] = self._spent.get(step, 0.0) + now - self._since
        self._since = now

    def seconds(self) -> Mapping[str, float]:
        return {step: round(spent, 4) for step, spent in self._spent.items()}
