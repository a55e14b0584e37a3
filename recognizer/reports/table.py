"""Readable tables for a terminal; plain text without colour codes when piped into a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recognizer.records import CoverRecord, ErrorRecord, MissionRecord, RegionRecord, ScanRecord, StrikeRecord
from recognizer.reports.words import (
    date_words,
    image_facts,
    image_title,
    mark_name,
    mission_alternatives,
    mission_title,
    nearest_mark,
    percent,
)

EVIDENCE_SHOWN = 3
# A file has no width of its own: wide enough for a mark's name on one line, narrow enough for a mail.
PIPED_WIDTH = 110
_STATUS_STYLE = {"certain": "bold green", "probable": "bold yellow", "undetermined": "bold"}


def terminal(stream: TextIO) -> Console:
    """A console on ``stream``: coloured and as wide as the window on a terminal, plain text otherwise."""
    plain = not stream.isatty()
    width = PIPED_WIDTH if plain and "COLUMNS" not in os.environ else None
    return Console(
        file=stream, width=width, no_color=plain or None, highlight=False, markup=False, emoji=False
    )


def print_scan(record: ScanRecord | ErrorRecord) -> None:
    """Show one image's table on standard output, as soon as it is known."""
    terminal(sys.stdout).print(scan_table([record]), crop=False)


def print_strike(record: StrikeRecord | ErrorRecord) -> None:
    """Show one strike's answer on standard output."""
    terminal(sys.stdout).print(strike_line(record))


def scan_table(records: Iterable[ScanRecord | ErrorRecord]) -> RenderableType:
    """What was seen on each image: per cover its mission, its regions, contradictions and the main evidence.

    Call it with one record at a time to show results as they come.
    """
    return Group(*(_error(r) if isinstance(r, ErrorRecord) else _scan(r) for r in records))


def strike_table(records: Iterable[StrikeRecord | ErrorRecord]) -> RenderableType:
    """What each strike was named, one row a strike; inputs that failed are told below."""
    table = _table("strike", "mark", "prob.", "date", "prob.", "ink", "nearest others", folded=(0, 1, 6))
    failed = []
    for record in records:
        if isinstance(record, ErrorRecord):
            failed.append(_error(record))
        else:
            table.add_row(*(Text(cell) for cell in _strike_cells(record)))
    return Group(*([table] if table.row_count else []), *failed)


def strike_line(record: StrikeRecord | ErrorRecord) -> RenderableType:
    """What one strike was named, in words, for answers that come one by one."""
    if isinstance(record, ErrorRecord):
        return _error(record)
    place, mark, sure, date, date_sure, ink, others = _strike_cells(record)
    named = (f"{mark} {sure}", "bold green") if record.known else (mark, "bold yellow")
    facts = [f"date {date} {date_sure}" if date else "", ink, f"nearest {others}" if others else ""]
    return Text.assemble((place, "bold"), "\n  ", named, *(f"; {f}" for f in facts if f))


def mission_table(mission: MissionRecord) -> RenderableType:
    """What a set of strikes says together: the mission, contradictions, the main evidence."""
    return Group(_mission_line(mission), *_reasons(mission))


def _error(record: ErrorRecord) -> RenderableType:
    return Text.assemble(
        (image_title(record.image), "bold"), "\n  ", ("not done: ", "bold red"), record.error.message, "\n"
    )


def _scan(record: ScanRecord) -> RenderableType:
    title = Text.assemble((image_title(record.image), "bold"), "  ", (image_facts(record.image), "dim"))
    title.no_wrap, title.overflow = True, "ignore"  # a broken file name can't be copied
    parts: list[RenderableType] = [title]
    if not record.covers:
        parts.append(Text("  no cover, card or letter found"))
    for number, cover in enumerate(record.covers, 1):
        parts += [
            Padding(part, (0, 0, 0, 2), expand=False) for part in _cover(cover, number, len(record.covers))
        ]
    parts += [Text.assemble("  ", ("warning: ", "yellow"), warning) for warning in record.warnings]
    return Group(*parts, Text(""))


def _cover(cover: CoverRecord, number: int, of: int) -> list[RenderableType]:
    heading = f"cover {number}" if of > 1 else "cover"
    size = "" if cover.size_mm is None else f" {cover.size_mm[0]:.0f} × {cover.size_mm[1]:.0f} mm"
    mission = cover.mission
    parts: list[RenderableType] = [Text.assemble((heading + size + ": ", "dim"), _mission_line(mission))]
    if cover.regions:
        table = _table("", "kind", "mark", "prob.", "date", "prob.", "ink", "letter", folded=(2,))
        for region in cover.regions:
            table.add_row(*(Text(cell) for cell in _region_cells(region)))
        parts.append(table)
    else:
        parts.append(Text("no strikes, stamps or labels found"))
    return [*parts, *_reasons(mission)]


def _reasons(mission: MissionRecord) -> list[RenderableType]:
    """Every contradiction, and the evidence that weighs most."""
    strongest = sorted(mission.evidence, key=lambda e: -abs(e.weight))[:EVIDENCE_SHOWN]
    return [
        *(Text.assemble(("! ", "bold yellow"), ("contradiction: ", "yellow"), c) for c in mission.conflicts),
        *(
            Text.assemble((f"{e.weight:+.1f} ", "dim"), f"{e.region}: " if e.region else "", e.says)
            for e in strongest
        ),
    ]


def _mission_line(mission: MissionRecord) -> Text:
    line = Text(mission_title(mission), style=_STATUS_STYLE[mission.status])
    if mission.status != "undetermined":
        facts = [mission.event, mission.status, percent(mission.probability)]
        line.append("  " + ", ".join(f for f in facts if f), style="not bold")
    others = mission_alternatives(mission)
    if others and mission.status != "certain":
        line.append(f"  (perhaps {others})", style="not bold dim")
    return line


def _region_cells(region: RegionRecord) -> tuple[str, ...]:
    date = date_words(region.date)
    nearest = nearest_mark(region.mark)
    return (
        region.id,
        region.kind,
        mark_name(region.mark) + (f" (nearest {nearest})" if nearest else ""),
        percent(region.mark.probability if region.mark and region.mark.known else region.probability),
        date or "",
        percent(region.date.probability) if region.date and date else "",
        region.ink or "",
        region.letter or "",
    )


def _strike_cells(record: StrikeRecord) -> tuple[str, ...]:
    page = f" p{record.image.page + 1}" if record.image.page else ""
    others = record.matches[1:3] if record.known else record.matches[:2]
    best = record.matches[0] if record.known and record.matches else None
    date = date_words(record.date)
    return (
        f"{record.image.path}{page}:{','.join(map(str, record.box))}",
        best.mark if best else "unknown",
        percent(best.probability) if best else "",
        date or "",
        percent(record.date.probability) if record.date and date else "",
        record.ink or "",
        ", ".join(f"{m.mark} {percent(m.probability)}" for m in others),
    )


def _table(*columns: str, folded: tuple[int, ...]) -> Table:
    """A borderless table; only the ``folded`` columns may break into lines when the window is narrow."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for index, heading in enumerate(columns):
        right = heading == "prob."
        free = index in folded
        table.add_column(
            heading,
            justify="right" if right else "left",
            no_wrap=not free,
            overflow="fold",
            min_width=8 if free else None,
        )
    return table
