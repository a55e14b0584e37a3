"""``recognizer name``: a group of unnamed strikes gets its mark, and the album uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import click

from recognizer.cli.correct import album_option, catalog_option
from recognizer.cli.options import (
    checked_id,
    json_option,
    library_folders,
    library_options,
    missions_option,
    quiet_option,
)
from recognizer.errors import EXIT_OK
from recognizer.records import Shape
from recognizer.sources.shipped import user_library


@click.command()
@click.argument("group", type=int)
@click.argument("mark_id", metavar="ID")
@click.option("--name", metavar="TEXT", help="What collectors call it.")
@click.option("--kind", type=click.Choice(["postmark", "handstamp", "label"]), help="Default: postmark.")
@click.option("--shape", type=click.Choice(get_args(Shape)), help="The shape of its frame.")
@click.option("--legend", "legends", multiple=True, metavar="TEXT", help="What it says; repeatable.")
@album_option
@catalog_option
@library_options
@missions_option
@json_option
@quiet_option
def name(
    group: int,
    mark_id: str,
    name: str | None,
    kind: str | None,
    shape: Shape | None,
    legends: tuple[str, ...],
    album: Path,
    catalog: str | None,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Name GROUP of an album's unnamed strikes: learn the mark ID from them and answer the rest again.

    The mark goes into the last library named by --marks, else into your own; if it is there, it gets these
    strikes too. Strikes with a sure name keep it. 'recognizer unknowns DIR --undo' takes it all back.
    """
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.files import only_writer
    from recognizer.album.groups import group_of
    from recognizer.album.naming import name_group
    from recognizer.album.page import write_page
    from recognizer.sources.kit import Kit, open_kit
    from recognizer.sources.marks import load_library
    from recognizer.teach import Description

    checked_id(mark_id)
    target = marks[-1] if marks else user_library()

    def reopen() -> Kit:
        return open_kit(library_folders(marks, no_builtin_marks), missions)

    catalogue = Catalogue.existing(album, catalog)
    library = load_library(library_folders(marks, no_builtin_marks, to_be_made=True))
    told = Description(name, kind, shape, legends)
    with only_writer(album):
        found = group_of(catalogue, group)
        done = name_group(catalogue, album, found, mark_id, told, library, target, reopen)
        write_page(catalogue, album)
    if as_json:
        counts = {"learnt": done.learnt, "asked": done.asked, "changed": done.changed}
        click.echo(json.dumps({"group": group, "mark": mark_id, **counts, "library": str(target)}))
    elif not quiet:
        rest = f"{done.changed} of {done.asked} other strikes have another answer now"
        click.echo(f"Learnt {mark_id} from {done.learnt} strikes into {target}; {rest}.")
    return EXIT_OK
