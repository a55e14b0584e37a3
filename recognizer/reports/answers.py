"""Records of what was found: the values of a run turned into what crosses a process or a disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recognizer.geometry import Box, as_pairs
from recognizer.records import (
    CoverRecord,
    DateAlternativeRecord,
    DateAnswer,
    ImageRecord,
    MarkAlternative,
    MarkAnswer,
    MarkSpec,
    RegionRecord,
    ScanRecord,
    Seconds,
    StrikeImageRecord,
    StrikeMatchRecord,
    StrikeRecord,
    Versions,
)
from recognizer.reports.mission import mission_record
from recognizer.types import Cover, DateReading, Finding, Identification, Piece, Scan, Strike


def scan_record(
    scan: Scan, covers: Sequence[Cover], specs: Mapping[str, MarkSpec], seconds: Seconds, versions: Versions
) -> ScanRecord:
    """What was found on a scan, as its record."""
    return ScanRecord(
        image=ImageRecord(
            path=scan.path, page=scan.page, width=scan.width, height=scan.height, dpi=scan.dpi,
            sha256=scan.sha256,
        ),
        covers=[_cover_record(cover, specs) for cover in covers],
        warnings=list(scan.warnings),
        seconds=seconds,
        versions=versions,
    )  # fmt: skip


def _cover_record(cover: Cover, specs: Mapping[str, MarkSpec]) -> CoverRecord:
    return CoverRecord(
        outline=as_pairs(cover.piece.outline),
        size_mm=_size_mm(cover.piece.pixels.shape[1], cover.piece.pixels.shape[0], cover.piece.dpi),
        regions=[_region_record(f, cover.piece, specs) for f in cover.findings],
        mission=mission_record(cover.mission),
    )


def _region_record(finding: Finding, piece: Piece, specs: Mapping[str, MarkSpec]) -> RegionRecord:
    region, strike, date = finding.region, finding.strike, finding.date
    outline = piece.to_scan.apply(region.outline)
    return RegionRecord(
        id=finding.id,
        kind=region.kind,
        box=Box.around(piece.to_scan.apply(region.box.corners)).rounded(),
        outline=as_pairs(outline),
        angle_deg=round(region.angle_deg + piece.to_scan.turn_at(*region.box.centre), 1),
        size_mm=_size_mm(region.box.w, region.box.h, piece.dpi),
        probability=region.probability,
        ink=strike.ink_name if strike else None,
        mark=_mark_record(finding.named, specs) if finding.named else None,
        date=_date_record(date) if date else None,
        letter=date.letter if date else None,
    )


def _size_mm(width: float, height: float, dpi: float | None) -> tuple[float, float] | None:
    return None if dpi is None else (round(width / dpi * 25.4, 1), round(height / dpi * 25.4, 1))


def _mark_record(named: Identification, specs: Mapping[str, MarkSpec]) -> MarkAnswer:
    best = named.best
    if best is None:
        return MarkAnswer(id=None, name=None, known=False, probability=0.0)
    rest = named.matches[1:] if named.known else named.matches
    return MarkAnswer(
        id=best.mark if named.known else None,
        name=specs[best.mark].name.en if named.known else None,
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


def strike_record(
    scan: Scan, box: Box, strike: Strike, named: Identification, date: DateReading
) -> StrikeRecord:
    """What ``identify`` says of one strike in ``box`` (pixels of the scan)."""
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
