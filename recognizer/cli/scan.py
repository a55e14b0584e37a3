"""``recognizer scan``: recognise whole scans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    missions_option,
    quiet_option,
    threads_option,
)
from recognizer.errors import EXIT_INPUT, EXIT_OK, InputError, OutputError

if TYPE_CHECKING:
    from recognizer.pipeline import Bench
    from recognizer.sources.scans import Limits
    from recognizer.types import Examination


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What came of one page (or of a whole input that failed)."""

    path: str
    page: int
    examined: Examination | None
    error: InputError | None
    last: bool  # no more pages of this input


@click.command(cls=PathsCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write NAME.json, a picture and crops there.",
)
@library_options
@missions_option
@dpi_option
@limits_options
@threads_option
@json_option
@quiet_option
def scan(
    paths: tuple[Path, ...],
    out: Path | None,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    dpi: float | None,
    limits: Limits,
    threads: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Recognise whole scans: the pieces on each image, their regions, marks, dates and mission.

    PATH is an image, a PDF, or a folder of them.
    """
    from recognizer.cli.inputs import error_record, expand_inputs
    from recognizer.cli.progress import with_progress
    from recognizer.files import make_folder
    from recognizer.pipeline import Bench
    from recognizer.reports import write_reports
    from recognizer.reports.table import print_scan
    from recognizer.sources.kit import open_kit

    if out is not None:
        make_folder(out)  # a wrong folder is told now, not after an hour's work
    bench = Bench.of(open_kit(library_folders(marks, no_builtin_marks), missions, threads))
    inputs = list(expand_inputs(paths))
    answers = _answers(inputs, bench, limits, dpi)
    taken: set[str] = set()
    failed = False
    for answer in with_progress(answers, len(inputs), lambda a: a.last, quiet):
        problem: Exception | None = answer.error
        if answer.examined is not None and out is not None:
            try:
                write_reports(answer.examined, out, taken)
            except OutputError as error:
                problem = error
        if problem is not None:
            failed = True
            click.echo(f"recognizer: {problem}", err=True)
        if answer.error is not None:
            if as_json:
                click.echo(error_record(answer.path, answer.page, answer.error).to_json())
        elif answer.examined is not None:
            record = answer.examined.record
            if not quiet:
                for warning in record.warnings:
                    click.echo(f"recognizer: {answer.path}: {warning}", err=True)
            if as_json:
                click.echo(record.to_json())
            else:
                print_scan(record)
    return EXIT_INPUT if failed else EXIT_OK


def _answers(
    inputs: list[Path | tuple[Path, InputError]], bench: Bench, limits: Limits, dpi: float | None
) -> Iterator[Answer]:
    from recognizer.cli.inputs import read_inputs, unforeseen
    from recognizer.pipeline import examine

    for given in inputs:
        if isinstance(given, tuple):
            yield Answer(str(given[0]), 0, None, given[1], True)
            continue
        for read in read_inputs([given], limits, dpi):
            examined, error = None, read.error
            if read.scan is not None:
                try:
                    examined = examine(read.scan, bench, read.seconds)
                except Exception as fault:
                    error = unforeseen(read.path, fault)
            yield Answer(read.path, read.page, examined, error, read.last)
