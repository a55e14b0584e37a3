"""``recognizer synthesize``: draw covers with known truth."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from recognizer.cli.options import library_folders, library_options, quiet_option
from recognizer.errors import OutputError, UsageError

_LARGEST = 20_000  # pixels a side: beyond that a picture of a piece says nothing more


def _size(text: str) -> tuple[int, int]:
    """Read ``1200x800``."""
    found = re.fullmatch(r"(\d+)[xX×](\d+)", text)
    if not found:
        raise UsageError("bad-size", f"{text!r} is not a size.", "Give width x height in pixels: 1200x800.")
    width, height = int(found[1]), int(found[2])
    if not (200 <= width <= _LARGEST and 200 <= height <= _LARGEST):
        raise UsageError(
            "bad-size", f"{text}: a side must have 200 to {_LARGEST} pixels.", "Give another --size."
        )
    return width, height


@click.command(short_help="draw covers with known truth")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for the pictures and label files; made if it is not there.",
)
@click.option("--covers", type=click.IntRange(1), default=20, show_default=True, help="How many pictures.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed draws the same bytes."
)
@click.option(
    "--size", default="1200x800", show_default=True, metavar="WxH", help="Size of random pictures in pixels."
)
@click.option("--article", is_flag=True, help="Draw the article's nineteen covers instead.")
@click.option(
    "--dpi", type=click.FloatRange(72, 1200), default=300, show_default=True, help="Resolution of --article."
)
@click.option(
    "--wear",
    type=click.Choice(["none", "ordinary", "severe"]),
    default="ordinary",
    show_default=True,
    help="How worn the strikes of --article are.",
)
@library_options
@quiet_option
def synthesize(
    out: Path,
    covers: int,
    seed: int,
    size: str,
    article: bool,
    dpi: float,
    wear: str,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    quiet: bool,
) -> None:
    """Draw covers with known truth: pictures, identity.json, regions.json and missions.json.

    Random covers carry invented dies and, here and there, the marks of the library. With --article the
    nineteen covers of the article are drawn as it describes them.
    """
    from recognizer.sources.marks import load_library
    from recognizer.training import synthesis

    pixels = _size(size)
    library = {
        name: mark.spec for name, mark in load_library(library_folders(marks, no_builtin_marks)).marks.items()
    }
    try:
        if article:
            names, total = synthesis.draw_article(out, seed, library, dpi, wear), 19
        else:
            names, total = synthesis.synthesize(out, covers, seed, library, pixels), covers
        done = sum(1 for _ in _told(names, total, quiet))
    except KeyError as error:
        raise UsageError(
            "mark-missing", f"The library has no mark {error}.", "Leave --no-builtin-marks out."
        ) from None
    except OSError as error:
        raise OutputError(
            "cannot-write", f"{out}: {error.strerror or error}.", "Give a folder that can be written to."
        ) from None
    if not quiet:
        click.echo(f"{done} pictures and their labels are in {out}.", err=True)


def _told(names: Iterable[str], total: int, quiet: bool) -> Iterator[str]:
    """Pass names on, counting on standard error."""
    for number, name in enumerate(names, 1):
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r{number} of {total}: {name}    ", err=True, nl=number == total)
        yield name
