"""The command line: one file a command, loaded only when called, so that each call starts quickly."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

import click

from recognizer import __version__
from recognizer.errors import EXIT_INPUT, EXIT_INTERRUPTED, EXIT_UNFORESEEN, RecognizerError

COMMANDS = {
    "scan": "recognise whole scans: pieces, regions, marks, dates, mission",
    "identify": "name one strike each",
    "album": "a whole folder, PDF or TIFF into a catalogue; goes on where it stopped",
    "export": "an album as CSV, JSON Lines, COCO, W3C Web Annotation, for Label Studio",
    "unknowns": "sort the strikes an album left unnamed by die",
    "name": "name a group of unnamed strikes and answer the rest of the album again",
    "correct": "say what a strike of an album is",
    "learn": "add a mark from strikes of it, or by description",
    "marks": "the library of reference marks",
    "missions": "the mission catalogue",
    "mission": "what a set of strikes says, without an image",
    "evaluate": "score the library and the models on a labelled folder",
    "synthesize": "draw covers with known truth",
    "schema": "print the JSON Schema of the records",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"recognizer.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recognizer")
def recognizer() -> None:
    """Recognise postmarks on scanned covers and say which space mission they belong to."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; no traceback ever reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows pipes in its old code pages, which lack Cyrillic
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    sys.exit(run(args))


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        code = recognizer.main(args=args, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except RecognizerError as error:
        click.echo(f"recognizer: {error}", err=True)
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("recognizer: interrupted.", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KeyboardInterrupt:
        click.echo("recognizer: interrupted.", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        _drop_output()
        return 0
    except OSError as error:  # without a file's name it is the output that failed: a full disk behind it
        if error.filename is None:
            _drop_output()
        what = error.filename or "the answers can't be written"
        click.echo(f"recognizer: {what}: {error.strerror or error}.", err=True)
        return EXIT_INPUT
    except Exception as error:
        return _last_guard(error)


def _last_guard(error: Exception) -> int:
    """Something nobody foresaw: told in one line, in full only when asked for."""
    if os.environ.get("RECOGNIZER_DEBUG"):
        raise error
    click.echo(
        f"recognizer: unexpected {type(error).__name__}: {error}. Please report it, with what "
        "RECOGNIZER_DEBUG=1 prints.",
        err=True,
    )
    return EXIT_UNFORESEEN


def _drop_output() -> None:
    """Let what is still buffered go nowhere, so that Python does not stumble over it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
