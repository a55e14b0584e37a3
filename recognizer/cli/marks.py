"""``recognizer marks``: the library of reference marks."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recognizer.cli.marks_find import find
from recognizer.cli.options import json_option, library_folders, library_options, quiet_option
from recognizer.errors import EXIT_KIT, EXIT_OK, KitError, UsageError

if TYPE_CHECKING:
    from recognizer.records import MarkSpec
    from recognizer.stages.likeness import Neighbour


@click.group()
def marks() -> None:
    """Look into the library of reference marks and check it."""


marks.add_command(find)


@marks.command("list")
@library_options
@json_option
@quiet_option
def list_marks(marks: tuple[Path, ...], no_builtin_marks: bool, as_json: bool, quiet: bool) -> int:
    """List every mark of the library; --json prints each mark's whole description."""
    from recognizer.reports.marks import marks_table
    from recognizer.reports.table import terminal
    from recognizer.sources.marks import load_specs

    specs = load_specs(library_folders(marks, no_builtin_marks))
    if as_json:
        for spec in specs.values():
            click.echo(spec.to_json())
        return EXIT_OK
    terminal(sys.stdout).print(marks_table(specs.values()))
    if not quiet:
        click.echo(f"{len(specs)} marks", err=True)
    return EXIT_OK


@marks.command()
@click.argument("mark_ids", metavar="ID...", nargs=-1, required=True)
@library_options
@json_option
@quiet_option
def show(
    mark_ids: tuple[str, ...], marks: tuple[Path, ...], no_builtin_marks: bool, as_json: bool, quiet: bool
) -> int:
    """Show everything known of the marks ID, and where each fact is from."""
    from recognizer.reports.marks import mark_page
    from recognizer.sources.marks import load_specs

    specs = load_specs(library_folders(marks, no_builtin_marks))
    found = [_known(mark_id, specs) for mark_id in mark_ids]
    if as_json:
        click.echo("\n".join(spec.to_json() for spec in found))
        return EXIT_OK
    children = {spec.id: [s.id for s in specs.values() if s.parent == spec.id] for spec in found}
    click.echo("\n\n".join(mark_page(spec, children[spec.id]) for spec in found))
    return EXIT_OK


def _known(mark_id: str, specs: Mapping[str, MarkSpec]) -> MarkSpec:
    if mark_id not in specs:
        close = difflib.get_close_matches(mark_id, specs, 3, 0.5)
        raise UsageError(
            "no-mark",
            f"The library has no mark {mark_id!r}.",
            f"Did you mean {' or '.join(close)}?" if close else "'recognizer marks list' names them all.",
        )
    return specs[mark_id]


@marks.command()
@library_options
@json_option
@quiet_option
def check(marks: tuple[Path, ...], no_builtin_marks: bool, as_json: bool, quiet: bool) -> int:
    """Prove the library whole and name each mark's nearest neighbour.

    Checks every field and picture; each fault names the file and the field, and the exit code is 4. The
    distance of neighbours is 0 for the same picture and 1 for unlike ones.
    """
    from recognizer.sources.mark_checks import check_facts
    from recognizer.sources.marks import find_faults, load_library
    from recognizer.sources.missions import load_catalogue
    from recognizer.stages.likeness import nearest_neighbours
    from recognizer.training.draw import drawing_faults

    folders = library_folders(marks, no_builtin_marks)
    faults = find_faults(folders)
    if not faults:
        library = load_library(folders)
        faults = check_facts(library.specs, library.home, load_catalogue().flights)
        faults += drawing_faults(library.specs, library.home)
    if faults:
        _tell_faults(faults, as_json)
        return EXIT_KIT
    _tell_neighbours(library.specs, nearest_neighbours(library.marks), as_json)
    if not quiet:
        drawn = sum(spec.picture is not None for spec in library.specs.values())
        counts = f"{len(library.specs)} marks, {drawn} of them drawn, version {library.version}"
        click.echo(f"The library is whole: {counts}.", err=True)
    return EXIT_OK


@marks.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("mark_ids", metavar="[ID...]", nargs=-1)
@library_options
@json_option
@quiet_option
def export_(
    file: Path,
    mark_ids: tuple[str, ...],
    marks: tuple[Path, ...],
    no_builtin_marks: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Write the library, or the marks ID of it, into one FILE (ZIP) to hand on."""
    from recognizer.sources.mark_bundle import export_marks

    ids = export_marks(library_folders(marks, no_builtin_marks), file, mark_ids)
    if as_json:
        click.echo(json.dumps({"file": str(file), "marks": ids}))
    elif not quiet:
        click.echo(f"{len(ids)} marks written to {file}.", err=True)
    return EXIT_OK


@marks.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@library_options
@json_option
@quiet_option
def import_(file: Path, marks: tuple[Path, ...], no_builtin_marks: bool, as_json: bool, quiet: bool) -> int:
    """Take the marks of FILE into the last library named by --marks, else into your own.

    A mark the library has already keeps its facts and gets the strikes it lacks.
    """
    from recognizer.sources.mark_bundle import import_marks
    from recognizer.sources.shipped import user_library

    folder = marks[-1] if marks else user_library()
    below = [
        f for f in library_folders(tuple(m for m in marks if m.is_dir()), no_builtin_marks) if f != folder
    ]
    done = import_marks(file, folder, below)
    if as_json:
        record = {"library": str(folder), "added": done.added, "grown": done.grown, "kept": done.kept}
        click.echo(json.dumps(record))
    elif not quiet:
        counts = f"{len(done.added)} new, {len(done.grown)} with more strikes, {len(done.kept)} known already"
        click.echo(f"Into {folder}: {counts}.", err=True)
    return EXIT_OK


def _tell_faults(faults: list[KitError], as_json: bool) -> None:
    for fault in faults:
        if as_json:
            click.echo(json.dumps({"error": {"code": fault.code, "message": str(fault)}}, ensure_ascii=False))
        click.echo(f"recognizer: {fault}", err=True)


def _tell_neighbours(
    specs: Mapping[str, MarkSpec], nearest: Mapping[str, Neighbour | None], as_json: bool
) -> None:
    width = max((len(mark_id) for mark_id in specs), default=0)
    for mark_id in specs:
        other = nearest.get(mark_id)
        if as_json:
            record = {"mark": mark_id, "nearest": other and other.mark, "distance": other and other.distance}
            click.echo(json.dumps(record))
        elif other:
            click.echo(f"{mark_id:<{width}}  {other.distance:.3f}  {other.mark}")
        else:
            click.echo(f"{mark_id:<{width}}  {'-':<5}  {'alone' if mark_id in nearest else 'known by words'}")
