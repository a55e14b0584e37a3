"""``recognizer evaluate``: the library and the models scored on a labelled folder."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recognizer.cli.options import (
    json_option,
    library_folders,
    library_options,
    limits_options,
    missions_option,
    quiet_option,
)
from recognizer.errors import EXIT_INPUT, EXIT_OK

if TYPE_CHECKING:
    from recognizer.benchmark.evaluation import Count, Evaluation, Found
    from recognizer.benchmark.labelled import LabelledStrike, Labels
    from recognizer.sources.scans import Limits


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--learn", "shots", type=click.IntRange(1), metavar="N",
    help="First learn each labelled mark from its strikes on N pieces; ask for those on the others.",
)  # fmt: skip
@click.option("--strikes-only", is_flag=True, help="Leave out the search for regions on whole images.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write figures and plots there.")
@library_options
@missions_option
@limits_options
@json_option
@quiet_option
def evaluate(
    folder: Path,
    shots: int | None,
    strikes_only: bool,
    out: Path | None,
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    missions: tuple[Path, ...],
    limits: Limits,
    as_json: bool,
    quiet: bool,
) -> int:
    """Score the library and the models on the images in DIR that are labelled.

    Labels are identity.json (strikes by mark), regions.json (regions by image) and missions.json, as
    'recognizer synthesize' writes them. A strike of a mark that the library has not should stay unknown.
    """
    from recognizer.benchmark.evaluate import evaluate as ask
    from recognizer.benchmark.labelled import read_labels
    from recognizer.benchmark.plots import plots
    from recognizer.files import make_folder, write_together
    from recognizer.pipeline import Bench
    from recognizer.sources.kit import open_kit

    labels = read_labels(folder)
    if out is not None:
        make_folder(out)
    folders = library_folders(marks, no_builtin_marks)
    with tempfile.TemporaryDirectory() as passing:
        asked = None
        if shots is not None:
            asked = _taught(labels, shots, Path(passing), limits)
            folders.append(Path(passing))
        bench = Bench.of(open_kit(folders, missions))
        progress = _silent if quiet else _told
        result, failures = ask(labels, bench, limits, not strikes_only, asked, progress)
    for failure in failures:
        click.echo(f"recognizer: {failure}", err=True)
    if out is not None:
        table = json.dumps(result.to_dict(), ensure_ascii=False, indent=1).encode()
        write_together(
            {out / n: data for n, data in plots(result).items()} | {out / "evaluation.json": table}
        )
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False))
    else:
        _print(result)
    return EXIT_INPUT if failures else EXIT_OK


def _taught(labels: Labels, shots: int, library: Path, limits: Limits) -> list[LabelledStrike]:
    """Teach each mark from its first pieces; returns the strikes on others."""
    from recognizer.cli.inputs import StrikeSource
    from recognizer.sources.marks import load_library
    from recognizer.teach import Description, Lesson, teach

    source = StrikeSource(limits, None)
    rest = []
    empty = load_library([])
    for mark in sorted({s.mark for s in labels.strikes}):
        strikes = [s for s in labels.strikes if s.mark == mark]
        firsts = {s.item: s for s in reversed(strikes)}
        items = list(dict.fromkeys(s.item for s in strikes))[:shots]
        lessons = [
            Lesson(*source.strike(labels.folder / firsts[i].image, firsts[i].box), firsts[i].date)
            for i in items
        ]
        teach(mark, lessons, Description(), empty, library)
        rest += [s for s in strikes if s.item not in items]
    return rest


def _silent(done: int, total: int) -> None:
    pass


def _told(done: int, total: int) -> None:
    if done % 25 == 0 or done == total:
        click.echo(f"{done} of {total} images", err=True)


def _print(result: Evaluation) -> None:
    from recognizer.benchmark.evaluation import calibration_error

    for by, counts in result.names.items():
        title = "Names" if by == "all" else f"Names by {by}"
        _table(title, ("asked", "right", "wrong", "open", "unknown", "accepted"), counts)
    if result.dates.asked:
        _table("Dates", ("asked", "right", "wrong", "open"), {"all": result.dates})
    if result.regions:
        _table("Regions", ("labelled", "found", "spurious"), result.regions)
    if result.missions.asked:
        columns = ("asked", "right", "wrong", "open", "unknown", "accepted")
        _table("Missions", columns, {"all": result.missions})
    for (true, named), number in result.confused.most_common(10):
        click.echo(f"{number:>4} x {true} taken for {named}")
    for what, bins in result.reliability.items():
        error = calibration_error(bins)
        if error is not None:
            click.echo(f"Probabilities of {what}s are off by {error:.3f} on average.")


def _table(title: str, columns: Sequence[str], rows: Mapping[str, Count | Found]) -> None:
    width = max([len(title), *(len(key) for key in rows)])
    click.echo(f"{title:<{width}}" + "".join(f"{c:>10}" for c in (*columns, "precision", "recall")))
    for key, count in sorted(rows.items()):
        shares = ["-" if v is None else f"{v:.3f}" for v in (count.precision, count.recall)]
        cells = [str(getattr(count, c)) for c in columns] + shares
        click.echo(f"{key:<{width}}" + "".join(f"{cell:>10}" for cell in cells))
    click.echo()
