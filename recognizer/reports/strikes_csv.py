"""A tidy table of strikes as CSV: one row a strike, one fact a column; Excel shows its Cyrillic."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from recognizer.records import CoverRecord, RegionRecord, ScanRecord
from recognizer.reports.words import nearest_mark, strike_name

BOM = "\ufeff"  # without it Excel takes UTF-8 for an old code page
COLUMNS = (
    "strike", "image", "page", "cover", "kind", "mark", "mark_name", "mark_probability", "nearest_mark",
    "date", "date_text", "date_probability", "letter", "ink", "x", "y", "w", "h", "width_mm", "height_mm",
    "angle_deg", "mission", "mission_name", "event", "mission_status", "mission_probability", "sha256",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet calculates what begins like that

Cell = str | int | float | None


def strikes_csv(records: Iterable[ScanRecord]) -> Iterator[str]:
    """The table in pieces of text, to be written as UTF-8 with the line ends as they are.

    Empty means not known; a strike of no known mark has an empty ``mark`` and perhaps a ``nearest_mark``.
    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield BOM + _line(COLUMNS)
    for record in records:
        for number, cover in enumerate(record.covers, 1):
            for region in cover.regions:
                if region.mark is not None:
                    yield _line([_guarded(cell) for cell in _row(record, number, cover, region)])


def _row(record: ScanRecord, number: int, cover: CoverRecord, region: RegionRecord) -> list[Cell]:
    mark, date, mission = region.mark, region.date, cover.mission
    width_mm, height_mm = region.size_mm or (None, None)
    return [
        strike_name(record.image, region.id), record.image.path, record.image.page + 1, number, region.kind,
        mark.id if mark else None, mark.name if mark else None,
        mark.probability if mark and mark.known else None, nearest_mark(mark),
        date.value if date else None, date.text if date else None, date.probability if date else None,
        region.letter, region.ink, *region.box, width_mm, height_mm, region.angle_deg,
        mission.id, mission.name, mission.event, mission.status, mission.probability, record.image.sha256,
    ]  # fmt: skip


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _line(cells: Iterable[Cell]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
