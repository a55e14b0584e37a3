"""``recognizer identify``: name one strike each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recognizer.cli.options import (
    PathsCommand,
    dpi_option,
    json_option,
    library_folders,
    library_options,
    limits_options,
    parse_target,
    quiet_option,
    threads_option,
)
from recognizer.errors import EXIT_INPUT, EXIT_OK, InputError

if TYPE_CHECKING:
    from recognizer.sources.scans import Limits


@click.command(cls=PathsCommand)
@click.argument("targets", nargs=-1, required=True, metavar="IMAGE[:x,y,w,h]...")
@library_options
@dpi_option
@limits_options
@threads_option
@json_option
@quiet_option
def identify(
    targets: tuple[str, ...],
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    dpi: float | None,
    limits: Limits,
    threads: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Name one strike each: the one in the box given, or the whole image."""
    from recognizer.cli.inputs import StrikeSource, error_record
    from recognizer.cli.progress import with_progress
    from recognizer.pipeline import Bench, name_strike
    from recognizer.reports.table import print_strike
    from recognizer.sources.kit import open_kit

    wanted = [parse_target(text) for text in targets]
    bench = Bench.of(open_kit(library_folders(marks, no_builtin_marks), (), threads))
    source = StrikeSource(limits, dpi)
    failed = False
    for target in with_progress(wanted, len(wanted), lambda _: True, quiet, "strikes"):
        try:
            scan, box = source.strike(target.path, target.box)
        except InputError as error:
            failed = True
            click.echo(f"recognizer: {error}", err=True)
            if as_json:
                click.echo(error_record(str(target.path), 0, error).to_json())
            continue
        record = name_strike(scan, box, bench)
        if as_json:
            click.echo(record.to_json())
        else:
            print_strike(record)
    return EXIT_INPUT if failed else EXIT_OK
