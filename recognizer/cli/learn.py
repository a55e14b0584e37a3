"""``recognizer learn``: add a mark from strikes of it, or by description."""

from __future__ import annotations

import json
from datetime import date as calendar_date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from recognizer.cli.options import (
    PathsCommand,
    checked_id,
    dpi_option,
    json_option,
    library_folders,
    library_options,
    limits_options,
    parse_target,
    quiet_option,
)
from recognizer.errors import EXIT_INPUT, EXIT_OK, InputError, UsageError
from recognizer.records import Shape
from recognizer.sources.shipped import user_library

if TYPE_CHECKING:
    from recognizer.sources.scans import Limits


@click.command(cls=PathsCommand)
@click.argument("mark_id", metavar="ID")
@click.argument("targets", nargs=-1, metavar="[IMAGE[:x,y,w,h]...]")
@click.option("--name", metavar="TEXT", help="What collectors call it.")
@click.option("--kind", type=click.Choice(["postmark", "handstamp", "label"]), help="Default: postmark.")
@click.option("--shape", type=click.Choice(get_args(Shape)), help="The shape of its frame.")
@click.option("--legend", "legends", multiple=True, metavar="TEXT", help="What it says; repeatable.")
@click.option("--date", "dates", multiple=True, metavar="YYYY-MM-DD", help="The dates the strikes show.")
@library_options
@dpi_option
@limits_options
@json_option
@quiet_option
def learn(
    mark_id: str,
    targets: tuple[str, ...],
    name: str | None,
    kind: str | None,
    shape: Shape | None,
    legends: tuple[str, ...],
    dates: tuple[str, ...],
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    dpi: float | None,
    limits: Limits,
    as_json: bool,
    quiet: bool,
) -> int:
    """Add the mark ID to a library from strikes of it, or add strikes to a mark the library has.

    Each IMAGE is one strike: the box given, or the whole image. Without an image the mark is known by its
    legends and is recognised by reading. The mark goes into the last library named by --marks, else into
    your own.
    """
    from recognizer.cli.inputs import StrikeSource
    from recognizer.sources.kit import open_kit
    from recognizer.teach import Description, Lesson, nearest_other, teach

    checked_id(mark_id)
    days = _dates(dates, len(targets))
    folder = marks[-1] if marks else user_library()
    source = StrikeSource(limits, dpi)
    lessons, failed = [], False
    for target, day in zip([parse_target(text) for text in targets], days, strict=True):
        try:
            scan, box = source.strike(target.path, target.box)
            lessons.append(Lesson(scan, box, day))
        except InputError as error:
            failed = True
            click.echo(f"recognizer: {error}", err=True)
    if failed and not lessons:
        return EXIT_INPUT
    kit = open_kit(library_folders(marks, no_builtin_marks, to_be_made=True))
    spec = teach(mark_id, lessons, Description(name, kind, shape, legends), kit.library, folder)
    if as_json:
        click.echo(json.dumps({"mark": spec.id, "strikes": len(lessons), "library": str(folder)}))
    elif not quiet:
        what = f"{len(lessons)} strike{'s' * (len(lessons) != 1)}" if lessons else "its description"
        click.echo(f"Learnt {spec.id} from {what} into {folder}.", err=True)
        other = nearest_other(mark_id, lessons, kit) if lessons else None
        if other is not None and other.nearly:
            click.echo(
                f"recognizer: its strikes may be taken for {other.mark} ({other.probability:.0%}): teach "
                "more strikes of both, or see whether the two are one mark.",
                err=True,
            )
        elif other is not None:
            click.echo(f"It stands apart: the nearest is {other.mark}, {other.probability:.0%}.", err=True)
    return EXIT_INPUT if failed else EXIT_OK


def _dates(dates: tuple[str, ...], strikes: int) -> list[str | None]:
    """One date or None for each strike."""
    if len(dates) > strikes:
        raise UsageError("bad-date", f"{len(dates)} dates are given for {strikes} strikes.", "Give one each.")
    for text in dates:
        try:
            calendar_date.fromisoformat(text)
        except ValueError:
            raise UsageError("bad-date", f"{text!r} is no date.", "Write it as YYYY-MM-DD.") from None
    return [*dates, *[None] * (strikes - len(dates))]
