"""The library of marks as a person reads it: a table of all, a page of one, what a check found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table

from recognizer.records import Legend, MarkSpec


def marks_table(specs: Iterable[MarkSpec]) -> RenderableType:
    """One line a mark: id, name, kind, place, what there is to compare with."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("id", "name", "type", "place", "known by"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("id", "place", "known by"))
    for spec in specs:
        table.add_row(spec.id, spec.name.en, spec.type or spec.kind, spec.place or "", known_by(spec))
    return table


def known_by(spec: MarkSpec) -> str:
    """What a strike is compared with: the drawing, learnt strikes, or words alone."""
    parts = []
    if spec.picture:
        parts.append("drawing")
    if spec.strikes:
        parts.append(f"{len(spec.strikes)} strike{'s' * (len(spec.strikes) != 1)}")
    return ", ".join(parts) or "words"


def mark_page(spec: MarkSpec, children: Iterable[str] = ()) -> str:
    """Everything known of a mark, with where it is known from; lines of plain text."""
    return "\n".join(_page(spec, list(children)))


def _page(spec: MarkSpec, children: list[str]) -> Iterator[str]:
    yield spec.id
    yield spec.name.en
    if spec.name.ru:
        yield spec.name.ru
    yield ""
    for label, value, source in _facts(spec, children):
        if value:
            yield f"{label + ':':<14} {value}{f'  [{source}]' if source else ''}"
    if spec.legends:
        yield "\nLegends"
        yield from (_legend(legend) for legend in spec.legends)
    for heading, covers in (("Dates on covers", spec.date.covers), ("Letters on covers", _letters(spec))):
        if covers:
            yield f"\n{heading}"
            yield from (f"  {mission}: {what}" for mission, what in covers.items())
    if spec.strikes:
        yield "\nStrikes learnt"
        yield from (f"  {s.date or 'no date':<12} {s.origin or s.file}" for s in spec.strikes)
    if spec.note:
        yield f"\n{spec.note}"


def _facts(spec: MarkSpec, children: list[str]) -> Iterator[tuple[str, str | None, str | None]]:
    size = f"{spec.size_mm.value:g} mm" if spec.size_mm else "not known"
    zone = spec.date.movable
    date = {True: "movable", False: "none that moves", None: None}[zone]
    if spec.date.formats:
        date = f"{date + ', ' if date else ''}{' or '.join(spec.date.formats)}"
    yield "type", f"{spec.type} ({spec.kind})" if spec.type else spec.kind, None
    yield "status", spec.status, None
    yield "known by", known_by(spec), None
    yield "place", spec.place, None
    yield "shape", spec.shape or "not known", spec.shape_source
    yield "rings", str(spec.rings) if spec.rings else None, None
    yield "size", size, spec.size_mm.source if spec.size_mm else None
    yield "picture", spec.picture_of, spec.picture_source
    yield "ink", ", ".join(spec.inks) or "not known", spec.inks_source
    yield "date", date, spec.date.source
    if spec.letter:
        yield "letter", ", ".join(spec.letter.seen) or "there", spec.letter.source
    for label, dated in (("first use", spec.first_use), ("last use", spec.last_use)):
        if dated:
            yield label, dated.value, dated.source
    yield "missions", ", ".join(spec.missions), spec.missions_source
    yield "parent", spec.parent, None
    yield "children", ", ".join(children), None
    yield "may be taken for", ", ".join(spec.confusable_with), None
    yield "licence", spec.licence, None


def _letters(spec: MarkSpec) -> Mapping[str, str]:
    return spec.letter.covers if spec.letter else {}


def _legend(legend: Legend) -> str:
    facts = (legend.where, legend.language, legend.confidence and f"{legend.confidence} confidence")
    known = "; ".join(fact for fact in facts if fact)
    return (
        f"  {legend.text}{f'  ({known})' if known else ''}{f'  [{legend.source}]' if legend.source else ''}"
    )
