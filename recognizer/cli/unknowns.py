"""``recognizer unknowns``: the strikes an album left unnamed, sorted by die."""

from __future__ import annotations

import json
from pathlib import Path

import click

from recognizer.cli.correct import catalog_option
from recognizer.cli.options import (
    json_option,
    library_folders,
    library_options,
    missions_option,
    quiet_option,
)
from recognizer.errors import EXIT_OK, UsageError


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--merge", metavar="GROUP,GROUP", help="Make one group of several.")
@click.option("--split", metavar="GROUP:STRIKE,STRIKE", help="Take strikes out of a group.")
@click.option("--ignore", "ignored", type=int, metavar="GROUP", help="Show a group no more.")
@click.option("--undo", is_flag=True, help="Take back the last merge, split, ignore or name.")
@catalog_option
@library_options
@missions_option
@json_option
@quiet_option
def unknowns(
    folder: Path,
    merge: str | None,
    split: str | None,
    ignored: int | None,
    undo: bool,
    catalog: str | None,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Sort the strikes that the album in DIR left unnamed, so that each die can be named once.

    Every group is shown in DIR/unknowns.html with the picture its strikes have in common and what it says.
    'recognizer name GROUP ID --album DIR' names one.
    """
    from recognizer.album import groups
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.files import only_writer
    from recognizer.album.naming import take_back
    from recognizer.album.thresholds import kept
    from recognizer.album.unknowns import group_unknowns, write_sheet
    from recognizer.album.verdicts import Judge
    from recognizer.sources.kit import open_models
    from recognizer.sources.marks import load_specs
    from recognizer.sources.missions import load_catalogue

    def judge() -> Judge:
        return Judge(
            load_specs(library_folders(marks, no_builtin_marks)), load_catalogue(missions), kept(catalogue)
        )

    catalogue = Catalogue.existing(folder, catalog)
    with only_writer(folder):
        if merge:
            groups.merge(catalogue, _numbers(merge))
        if split:
            number, _, strikes = split.partition(":")
            groups.split(catalogue, _numbers(number)[0], [s for s in strikes.split(",") if s])
        if ignored is not None:
            groups.ignore(catalogue, ignored)
        if undo:
            what = take_back(catalogue, folder, judge)
            if not quiet:
                click.echo(f"Taken back: {what}.", err=True)
        found = group_unknowns(catalogue, folder, open_models())
        sheet = write_sheet(found, catalogue, folder)
    for group in found:
        if as_json:
            record = {"group": group.id, "strikes": list(group.strikes), "says": group.says}
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            says = f"  {group.says}" if group.says else ""
            count = len(group.strikes)
            click.echo(f"{group.id:>5}  {count:>4} {'strike' if count == 1 else 'strikes'}{says}")
    if not quiet:
        click.echo(f"{len(found)} groups of unnamed strikes: {sheet}", err=True)
    return EXIT_OK


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise UsageError("bad-group", f"{text!r} is no group.", "Groups have numbers: 3,7.") from None
