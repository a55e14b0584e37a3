"""The way through: a scan's pieces, their regions, the strikes, their marks and dates, the mission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from recognizer import __version__
from recognizer.geometry import Box, Homography, as_pairs
from recognizer.records import (
    CoverRecord,
    DateAlternativeRecord,
    DateAnswer,
    EvidenceRecord,
    ImageRecord,
    MarkAlternative,
    MarkAnswer,
    MissionAlternativeRecord,
    MissionRecord,
    RegionRecord,
    ScanRecord,
    Seconds,
    StrikeImageRecord,
    StrikeMatchRecord,
    StrikeRecord,
    Versions,
)
from recognizer.sources.kit import Kit
from recognizer.stages.date import read_date
from recognizer.stages.identify import MarkIndex, identify, index_marks
from recognizer.stages.legend import read_legend
from recognizer.stages.lettering import box_of_outline, read_lettering
from recognizer.stages.mission import suggest_mission
from recognizer.stages.pieces import find_pieces
from recognizer.stages.segment import find_regions
from recognizer.stages.strikes import lift_strike
from recognizer.types import (
    DateReading,
    Identification,
    MissionReading,
    Observation,
    Piece,
    Region,
    Scan,
    Strike,
)

STRUCK = ("postmark", "handstamp")  # the kinds of region that a die made
TOLD_FROM = 0.5  # probability from which a partly read date is evidence


@dataclass(frozen=True, eq=False)
class Bench:
    """A kit made ready for work: its marks indexed."""

    kit: Kit
    index: MarkIndex

    @classmethod
    def of(cls, kit: Kit) -> Bench:
        marks = list(kit.library.marks.values())
        models = kit.models
        return cls(kit, index_marks(marks, models.get("strike-matcher"), models.get("strike-calibration")))


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """A region of a piece and, where a die made it, what was recognised."""

    id: str
    region: Region
    strike: Strike | None = None
    named: Identification | None = None
    date: DateReading | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Cover:
    """A piece with everything found on it."""

    piece: Piece
    findings: tuple[Finding, ...]
    mission: MissionReading


@dataclass(frozen=True, eq=False, slots=True)
class Examination:
    """A scan examined: its covers, with the pixels that reports may want, and the record of it."""

    scan: Scan
    covers: tuple[Cover, ...]
    record: ScanRecord


def examine(scan: Scan, bench: Bench, decode_seconds: float = 0.0) -> Examination:
    """Recognise a whole scan: find its pieces and their regions, name the strikes, read them, reason."""
    clock = _Clock()
    pieces = find_pieces(scan)
    layouts = [find_regions(piece, bench.kit.models.get("region-finder")) for piece in pieces]
    clock.lap("segment")
    covers = []
    numbers = iter(range(1, 1_000_000))
    for piece, regions in zip(pieces, layouts, strict=True):
        findings = tuple(_look_at(f"r{next(numbers)}", region, piece, bench, clock) for region in regions)
        mission = suggest_mission(_observations(findings), bench.kit.catalogue, bench.kit.library.specs)
        covers.append(Cover(piece, findings, mission))
    seconds = Seconds(decode=round(decode_seconds, 4), **clock.seconds())
    return Examination(scan, tuple(covers), _scan_record(scan, covers, bench.kit, seconds))


def name_strike(scan: Scan, box: Box, bench: Bench) -> StrikeRecord:
    """Name the one strike in ``box`` (pixels of the scan) and read its date."""
    strike = lift_strike(scan.pixels, box, scan.dpi)
    named, date = _recognise(strike, bench, _Clock())
    return StrikeRecord(
        image=StrikeImageRecord(path=scan.path, page=scan.page),
        box=box.rounded(),
        known=named.known,
        matches=[
            StrikeMatchRecord(
                mark=m.mark,
                probability=m.probability,
                score=m.score,
                outline=None if m.outline is None else as_pairs(strike.frame.apply(m.outline)),
            )
            for m in named.matches
        ],
        date=_date_record(date),
        letter=date.letter,
        ink=strike.ink_name,
    )


def _look_at(id_: str, region: Region, piece: Piece, bench: Bench, clock: _Clock) -> Finding:
    if region.kind not in STRUCK:
        return Finding(id_, region)
    strike = lift_strike(piece.pixels, region.box, piece.dpi)
    named, date = _recognise(strike, bench, clock)
    return Finding(id_, region, strike, named, date)


def _recognise(strike: Strike, bench: Bench, clock: _Clock) -> tuple[Identification, DateReading]:
    """Which die made the strike, and what its movable parts say."""
    clock.start()
    reader = bench.kit.models.get("reader")
    lettering = read_lettering(strike, reader) if reader else None
    named = identify(strike, bench.index, read_legend(strike, reader, lettering))
    clock.lap("recognise")
    best = named.best if named.known else None
    spec = bench.kit.library.specs[best.mark] if best else None
    pose = box_of_outline(best.outline) if best and best.outline is not None else None
    undated = spec is not None and spec.date.movable is False
    date = DateReading() if undated else read_date(strike, spec, pose, reader, lettering)
    clock.lap("date")
    return named, date


def _observations(findings: Iterable[Finding]) -> list[Observation]:
    """What the mission stage is told: of each strike its die, if known, and its date, if read."""
    told = []
    for f in findings:
        if f.named is None or f.date is None or f.strike is None:
            continue
        best = f.named.best
        date = _told_date(f.date)
        told.append(
            Observation(
                region=f.id,
                mark=best.mark if best and f.named.known else "unknown",
                mark_probability=best.probability if best and f.named.known else 1.0,
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


# --- records ------------------------------------------------------------------------------------------


def _scan_record(scan: Scan, covers: Sequence[Cover], kit: Kit, seconds: Seconds) -> ScanRecord:
    return ScanRecord(
        image=ImageRecord(
            path=scan.path, page=scan.page, width=scan.width, height=scan.height, dpi=scan.dpi,
            sha256=scan.sha256,
        ),
        covers=[_cover_record(cover, kit) for cover in covers],
        warnings=list(scan.warnings),
        seconds=seconds,
        versions=Versions(recognizer=__version__, models=kit.versions, marks=kit.library.version),
    )  # fmt: skip


def _cover_record(cover: Cover, kit: Kit) -> CoverRecord:
    return CoverRecord(
        outline=as_pairs(cover.piece.outline),
        size_mm=_size_mm(cover.piece.pixels.shape[1], cover.piece.pixels.shape[0], cover.piece.dpi),
        regions=[_region_record(f, cover.piece, kit) for f in cover.findings],
        mission=mission_record(cover.mission),
    )


def _region_record(finding: Finding, piece: Piece, kit: Kit) -> RegionRecord:
    region, strike, date = finding.region, finding.strike, finding.date
    outline = piece.to_scan.apply(region.outline)
    return RegionRecord(
        id=finding.id,
        kind=region.kind,
        box=Box.around(piece.to_scan.apply(region.box.corners)).rounded(),
        outline=as_pairs(outline),
        angle_deg=round(region.angle_deg + _turn_deg(piece.to_scan, region.box), 1),
        size_mm=_size_mm(region.box.w, region.box.h, piece.dpi),
        probability=region.probability,
        ink=strike.ink_name if strike else None,
        mark=_mark_record(finding.named, kit) if finding.named else None,
        date=_date_record(date) if date else None,
        letter=date.letter if date else None,
    )


def _turn_deg(to_scan: Homography, box: Box) -> float:
    """How far the piece's upright is turned clockwise on the scan, at that box."""
    x, y = box.centre
    (x0, y0), (x1, y1) = to_scan.apply([[x, y], [x + 1, y]])
    return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))


def _size_mm(width: float, height: float, dpi: float | None) -> tuple[float, float] | None:
    return None if dpi is None else (round(width / dpi * 25.4, 1), round(height / dpi * 25.4, 1))


def _mark_record(named: Identification, kit: Kit) -> MarkAnswer:
    best = named.best
    if best is None:
        return MarkAnswer(id=None, name=None, known=False, probability=0.0)
    rest = named.matches[1:] if named.known else named.matches
    return MarkAnswer(
        id=best.mark if named.known else None,
        name=kit.library.specs[best.mark].name.en if named.known else None,
        known=named.known,
        probability=best.probability,
        alternatives=[MarkAlternative(mark=m.mark, probability=m.probability) for m in rest],
    )


def _date_record(date: DateReading) -> DateAnswer | None:
    if date.text is None and date.value is None:
        return None
    return DateAnswer(
        text=date.text,
        value=date.value,
        probability=date.probability,
        alternatives=[
            DateAlternativeRecord(value=a.value, probability=a.probability) for a in date.alternatives
        ],
    )


def mission_record(reading: MissionReading) -> MissionRecord:
    """The ``mission`` object of a record."""
    return MissionRecord(
        id=reading.id,
        name=reading.name,
        event=reading.event,
        status=reading.status,
        probability=reading.probability,
        evidence=[EvidenceRecord(region=e.region, says=e.says, weight=e.weight) for e in reading.evidence],
        conflicts=list(reading.conflicts),
        alternatives=[
            MissionAlternativeRecord(id=a.id, probability=a.probability) for a in reading.alternatives
        ],
    )


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
