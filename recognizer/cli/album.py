"""``recognizer album``: many scans into a catalogue that can be gone on with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from recognizer.cli.export import KINDS
from recognizer.cli.options import (
    PathsCommand,
    dpi_option,
    json_option,
    library_folders,
    library_options,
    limits_options,
    missions_option,
    quiet_option,
)
from recognizer.errors import EXIT_INPUT, EXIT_OK

if TYPE_CHECKING:
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.run import Progress
    from recognizer.sources.scans import Limits

LINE_EVERY_S = 30.0  # a line of progress where standard error is no terminal


@click.command(cls=PathsCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The album's folder."
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes at work (default: one a core)."
)
@click.option(
    "--time-limit", type=click.FloatRange(1), default=300.0, show_default=True, metavar="SECONDS",
    help="A page that takes longer is stopped and told as failed.",
)  # fmt: skip
@click.option("--cluster", metavar="URL", help="Work on the Dask scheduler there: tcp://HOST:PORT.")
@click.option("--catalog", metavar="URL", help="Keep the catalogue there: postgresql://USER@HOST/NAME.")
@click.option(
    "--export", "exports", multiple=True, type=click.Choice(KINDS), metavar="|".join(KINDS),
    help="Write the album in this format too; repeatable. The table of strikes is always written.",
)  # fmt: skip
@library_options
@missions_option
@dpi_option
@limits_options
@json_option
@quiet_option
def album(
    paths: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    time_limit: float,
    cluster: str | None,
    catalog: str | None,
    exports: tuple[str, ...],
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    dpi: float | None,
    limits: Limits,
    as_json: bool,
    quiet: bool,
) -> int:
    """Recognise whole folders, PDFs and multi-page TIFFs into a catalogue in DIR.

    The same call goes on where it was stopped, and does again only what changed: the files, the marks, the
    missions, the models.
    """
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.cluster import Cluster
    from recognizer.album.exports import export
    from recognizer.album.files import make_album_folder, only_writer
    from recognizer.album.fingerprint import fingerprint
    from recognizer.album.page import write_page
    from recognizer.album.pool import ProcessPool
    from recognizer.album.run import find_inputs, make_album
    from recognizer.album.thresholds import kept, refit, told
    from recognizer.album.verdicts import Judge, answer_all
    from recognizer.album.work import Recognition
    from recognizer.sources.kit import open_kit

    libraries = library_folders(marks, no_builtin_marks)
    kit = open_kit(libraries, missions)
    by = fingerprint(kit, dpi, limits, time_limit)
    station = Recognition(tuple(libraries), missions, dpi, limits)
    make_album_folder(out)
    with only_writer(out):
        catalogue = Catalogue.at(out, catalog)
        before, trust = kept(catalogue), refit(catalogue)
        judge = Judge(kit.library.specs, kit.catalogue, trust)
        inputs = find_inputs(paths, out)
        workers = min(jobs or os.cpu_count() or 1, max(len(inputs), 1))
        executor = Cluster(cluster, time_limit) if cluster else ProcessPool(workers, time_limit)
        with _shown(quiet) as watch:
            progress = make_album(inputs, out, catalogue, station, executor, by, judge, watch)
        if trust != before:
            changed = answer_all(catalogue, judge)
            if not quiet:
                click.echo(f"{told(trust) if trust else 'Too few verdicts.'} {changed} changed.", err=True)
        write_page(catalogue, out)
        export(catalogue, out, list(dict.fromkeys(["csv", *exports])))
        failed = _tell(inputs, catalogue, as_json)
        if not quiet:
            click.echo(_summary(progress, failed, out), err=True)
    return EXIT_INPUT if failed else EXIT_OK


def _tell(inputs: list[Path], catalogue: Catalogue, as_json: bool) -> int:
    """Every failure on standard error, with ``--json`` every record on standard output; failures counted."""
    from recognizer.album.catalogue import stored_name
    from recognizer.records import ErrorRecord

    failed = 0
    for path in inputs:
        for record in catalogue.records(stored_name(path), shown_as=str(path)):
            if isinstance(record, ErrorRecord):
                failed += 1
                click.echo(f"recognizer: {record.error.message}", err=True)
            if as_json:
                click.echo(record.to_json())
    return failed


def _summary(progress: Progress, failed: int, out: Path) -> str:
    again, done = progress.done - progress.fresh, progress.fresh - progress.failed
    known = f", {again} known already" if again else ""
    broken = f", {failed} failed" if failed else ""
    return f"{done} pages done{known}{broken}: {out}"


@contextmanager
def _shown(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Progress on standard error: a line that changes on a terminal, a line now and then elsewhere."""
    if quiet:
        yield lambda _: None
        return
    every = 0.2 if sys.stderr.isatty() else LINE_EVERY_S
    last = monotonic()

    def watch(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last >= every:
            last = monotonic()
            line = _line(progress)
            click.echo(f"\r{line:<78}" if sys.stderr.isatty() else line, err=True, nl=not sys.stderr.isatty())

    yield watch
    if sys.stderr.isatty():
        click.echo(f"\r{'':<78}\r", err=True, nl=False)


def _line(progress: Progress) -> str:
    left = progress.seconds_left
    failed = f", {progress.failed} failed" if progress.failed else ""
    time = "" if left is None else f", {_duration(left)} left"
    return f"{progress.done} of {progress.total} pages{failed}, {progress.rate:.2g} a second{time}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 5400 else f"{whole // 3600} h {whole % 3600 // 60:02d} min"
