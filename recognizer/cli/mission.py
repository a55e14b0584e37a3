"""``recognizer mission``: what a set of strikes says, without an image."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
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
from recognizer.types import Observation


@click.command()
@click.argument("strikes", nargs=-1, metavar="MARK[@DATE]...")
@click.option(
    "--text", "texts", multiple=True, metavar="TEXT",
    help="Anything else read: a note, autographs, a cachet's words; repeatable.",
)  # fmt: skip
@missions_option
@library_options
@json_option
@quiet_option
def mission(
    strikes: tuple[str, ...],
    texts: tuple[str, ...],
    missions: tuple[Path, ...],
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Say which mission strikes and texts of one piece speak for.

    MARK is an id of the library, 'unknown', or 'place:baikonur', 'place:arkalyk', 'place:korolev',
    'place:iss' ... where only the place is known. DATE is YYYY-MM-DD with ? for each figure not read, and T12
    after it for an hour.
    """
    from recognizer.reports.mission import mission_lines, mission_record
    from recognizer.sources.marks import load_specs
    from recognizer.sources.missions import load_catalogue
    from recognizer.stages.mission import suggest_mission

    if not strikes and not texts:
        raise UsageError(
            "nothing-given", "No strike and no text is given.", "Try 'recognizer mission --help'."
        )
    specs = load_specs(library_folders(marks, no_builtin_marks))
    catalogue = load_catalogue(missions)
    observations = [observe(strike, specs) for strike in strikes]
    observations += [Observation(None, text=text) for text in texts]
    reading = suggest_mission(observations, catalogue, specs)
    if as_json:
        click.echo(mission_record(reading).to_json())
    else:
        for line in mission_lines(reading):
            click.echo(line)
    return EXIT_OK


def observe(strike: str, known: Collection[str]) -> Observation:
    """Read ``MARK[@DATE]``; raises UsageError for an unknown mark or a date that can't be."""
    from recognizer.stages.mission.days import parse_date

    mark, _, date = strike.partition("@")
    mark = mark.removeprefix("public:")
    if date:
        parse_date(date)
    if not mark or (mark != "unknown" and not mark.startswith("place:") and mark not in known):
        near = get_close_matches(mark, sorted(known), n=3, cutoff=0.4)
        raise UsageError(
            "no-mark",
            f"{mark or strike!r}: the library has no mark of this id.",
            (f"The nearest are {', '.join(near)}. " if near else "")
            + "Say 'unknown' for a strike not named, or place:NAME where only the place is known.",
        )
    if mark == "place:":
        raise UsageError(
            "no-place", f"{strike!r}: the place is missing.", "Write place:baikonur, for example."
        )
    return Observation(None, mark=mark, date=date or None)
