"""``recognizer export``: an album for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from recognizer.cli.options import json_option, quiet_option
from recognizer.errors import EXIT_OK

KINDS = ("csv", "jsonl", "coco", "web-annotation", "label-studio")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--as", "kinds", multiple=True, type=click.Choice(KINDS), help="Repeatable; default: all.")
@click.option("--catalog", metavar="URL", help="The catalogue, when it is not in DIR.")
@json_option
@quiet_option
def export(folder: Path, kinds: tuple[str, ...], catalog: str | None, as_json: bool, quiet: bool) -> int:
    """Write the album in DIR as a table (csv), JSON Lines, COCO, W3C Web Annotation or for Label Studio."""
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.exports import export as write
    from recognizer.album.page import write_page

    catalogue = Catalogue.existing(folder, catalog)
    written = [*write(catalogue, folder, list(kinds or KINDS)), write_page(catalogue, folder)]
    if as_json:
        click.echo(json.dumps({"files": [str(path) for path in written]}))
    elif not quiet:
        click.echo("\n".join(f"{path}" for path in written))
    return EXIT_OK
