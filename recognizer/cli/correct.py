"""``recognizer correct``: what a person says of a strike counts, in this run and all that follow."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import click

from recognizer.cli.options import (
    json_option,
    library_folders,
    library_options,
    missions_option,
    quiet_option,
)
from recognizer.errors import EXIT_OK, UsageError

TAKEN_BACK = "as-recognised"

album_option = click.option(
    "--album", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("."),
    metavar="DIR", help="The album's folder (default: this one).",
)  # fmt: skip
catalog_option = click.option("--catalog", metavar="URL", help="The catalogue, when it is not in DIR.")


@click.command()
@click.argument("strike")
@click.argument("says", metavar=f"ID|unknown|not-a-strike|{TAKEN_BACK}")
@album_option
@catalog_option
@library_options
@missions_option
@json_option
@quiet_option
def correct(
    strike: str,
    says: str,
    album: Path,
    catalog: str | None,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Say what STRIKE of an album is: the mark ID, of no known mark, or no strike at all.

    STRIKE is the name the album gives it, such as 3f2a91c04d5e-r2. The correction outlives new runs;
    'as-recognised' takes it back.
    """
    from recognizer.album.catalogue import Catalogue
    from recognizer.album.files import only_writer
    from recognizer.album.thresholds import kept, refit, told
    from recognizer.album.verdicts import Judge, give_verdict
    from recognizer.sources.marks import load_specs
    from recognizer.sources.missions import load_catalogue

    catalogue = Catalogue.existing(album, catalog)
    specs = load_specs(library_folders(marks, no_builtin_marks))
    words = {"unknown": "unknown", "not-a-strike": "not-a-strike", TAKEN_BACK: None}
    if says not in words and says not in specs:
        close = difflib.get_close_matches(says, [*specs, *words], 3, 0.5)
        teach = f"Teach it first with 'recognizer learn {says} IMAGE'."
        raise UsageError(
            "no-mark", f"The library has no mark {says!r}.",
            f"Did you mean {' or '.join(close)}?" if close else teach,
        )  # fmt: skip
    judge = Judge(specs, load_catalogue(missions), kept(catalogue))
    with only_writer(album):
        if says in words:
            give_verdict(catalogue, strike, words[says], None, judge)  # type: ignore[arg-type]
        else:
            give_verdict(catalogue, strike, "mark", says, judge)
        trust = refit(catalogue)
    if as_json:
        fitted = trust and {"threshold": round(trust.threshold, 4), "verdicts": trust.verdicts}
        click.echo(json.dumps({"strike": strike, "says": says, "trust": fitted}))
    elif not quiet:
        click.echo(f"{strike}: {says}.", err=True)
        if trust is not None and trust != judge.trust:
            click.echo(f"{told(trust)} The next run of the album uses it.", err=True)
    return EXIT_OK
