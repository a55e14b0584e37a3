"""The options that several commands share, and how their values are read."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from recognizer.errors import UsageError
from recognizer.geometry import Box
from recognizer.records import MARK_ID
from recognizer.sources.shipped import shipped, user_library

F = TypeVar("F", bound=Callable[..., Any])


class PathsCommand(click.Command):
    """A command over files: an argument that begins with a dash and is a file is taken as that file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"./{a}" if a.startswith("-") and _is_file(a) else a for a in args])


marks_option = click.option(
    "--marks", "marks", multiple=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="A library folder, added to the built-in one; repeatable.",
)  # fmt: skip
no_builtin_option = click.option(
    "--no-builtin-marks", is_flag=True, help="Leave the built-in library (and your own) out."
)
missions_option = click.option(
    "--missions", "missions", multiple=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="A further mission catalogue; repeatable.",
)  # fmt: skip
json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON Lines on standard output, nothing else."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress and no remarks.")
dpi_option = click.option(
    "--dpi", type=click.FloatRange(10, 20000), metavar="N", help="Resolution of the scans."
)  # fmt: skip
threads_option = click.option(
    "--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Threads of the networks."
)


def limits_options(command: F) -> F:
    """``--max-megapixels``, ``--max-pages`` and ``--max-side-ratio``, handed over as ``limits``."""

    @functools.wraps(command)
    def with_limits(
        *args: Any,
        max_megapixels: float | None,
        max_pages: int | None,
        max_side_ratio: float | None,
        **kwargs: Any,
    ) -> Any:
        from recognizer.sources.scans import Limits

        default = Limits()
        limits = Limits(
            max_pixels=int(max_megapixels * 1e6) if max_megapixels else default.max_pixels,
            max_frames=max_pages or default.max_frames,
            max_side_ratio=max_side_ratio or default.max_side_ratio,
        )
        return command(*args, limits=limits, **kwargs)

    positive = click.FloatRange(0, min_open=True)
    for option in (
        click.option(
            "--max-megapixels", type=positive, metavar="N", help="Refuse larger images (default 250)."
        ),
        click.option("--max-pages", type=click.IntRange(1), metavar="N", help="Refuse files of more pages."),
        click.option("--max-side-ratio", type=positive, metavar="N", help="Refuse longer, thinner images."),
    ):
        with_limits = option(with_limits)
    return cast(F, with_limits)


def library_options(command: F) -> F:
    """``--marks`` and ``--no-builtin-marks``."""
    return marks_option(no_builtin_option(command))


def checked_id(mark_id: str) -> str:
    """A mark's id as given; raises UsageError when it is none."""
    if not re.fullmatch(MARK_ID, mark_id) or mark_id.strip(".") == "":
        raise UsageError("bad-id", f"{mark_id!r} is no mark id.", "Use letters, digits, '-', '_' and '.'.")
    return mark_id


def library_folders(marks: tuple[Path, ...], no_builtin: bool, to_be_made: bool = False) -> list[Path]:
    """The library folders a call asks for, later ones winning: built-in, the user's own, those named.

    A folder named by ``--marks`` that does not exist is a UsageError, or left out where it is ``to_be_made``.
    """
    if to_be_made:
        marks = tuple(folder for folder in marks if folder.is_dir())
    for folder in marks:
        if not folder.is_dir():
            raise UsageError(
                "no-library", f"{folder}: there is no such library folder.",
                "Name an existing one, or make one with 'recognizer learn ID IMAGE --marks DIR'.",
            )  # fmt: skip
    own = [user_library()] if user_library().is_dir() else []
    return ([] if no_builtin else [shipped("reference_marks"), *own]) + list(marks)


@dataclass(frozen=True, slots=True)
class Target:
    """``IMAGE[:x,y,w,h]``: a picture and perhaps a box on it, in pixels as shown."""

    path: Path
    box: Box | None


def _is_file(text: str) -> bool:
    match = _TARGET.fullmatch(text)
    return Path(text).is_file() or (match is not None and Path(match["path"]).is_file())


_NUMBER = r"-?\d+(?:\.\d+)?"
_TARGET = re.compile(rf"(?P<path>.+):(?P<box>{_NUMBER}(?:,{_NUMBER}){{3}})", re.DOTALL)


def parse_target(text: str) -> Target:
    """Read ``IMAGE[:x,y,w,h]``; a file that really ends like a box is taken as the file it is."""
    match = _TARGET.fullmatch(text)
    if match is None or Path(text).exists():
        return Target(Path(text), None)
    try:
        return Target(Path(match["path"]), Box.parse(match["box"]))
    except ValueError:
        raise UsageError(
            "bad-box", f"{text}: the box has no extent.", "Give it as IMAGE:x,y,width,height in pixels."
        ) from None
