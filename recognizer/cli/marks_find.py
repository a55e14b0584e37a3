"""``recognizer marks find``: the library searched by the few letters that can be made out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from recognizer.cli.options import json_option, library_folders, library_options, quiet_option
from recognizer.errors import EXIT_OK


@click.command()
@click.argument("letters")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="marks to list")
@library_options
@json_option
@quiet_option
def find(
    letters: str, most: int, marks: tuple[Path, ...], no_builtin_marks: bool, as_json: bool, quiet: bool
) -> int:
    """Rank the library by LETTERS made out on a strike, ``?`` for an unread one: "?АЙКОН??"; no image needed.

    Latin and Cyrillic look-alikes count as the same letter; capitals and accents do not matter.
    """
    from recognizer.sources.marks import load_specs
    from recognizer.stages.legend import find_by_letters

    specs = load_specs(library_folders(marks, no_builtin_marks))
    found = find_by_letters(letters, specs)[:most]
    for mark, legend, share in found:
        if as_json:
            row = {"mark": mark, "name": specs[mark].name.en, "legend": legend, "score": share}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(f"{share:5.2f}  {mark}  {legend}")
    if not found and not quiet:
        click.echo("No legend of the library has these letters.", err=True)
    return EXIT_OK
