"""Every failure a user can meet: a code for scripts, a message naming the file, a remedy, an exit code."""

from __future__ import annotations

EXIT_OK = 0
EXIT_UNFORESEEN = 1  # a fault of the program
EXIT_USAGE = 2  # the call was wrong
EXIT_INPUT = 3  # at least one input could not be used, the others are done
EXIT_KIT = 4  # the library, a model or the mission catalogue is unusable
EXIT_INTERRUPTED = 130


class RecognizerError(Exception):
    """A failure that is told to the user as one sentence, never as a traceback.

    ``code`` is a short stable word for scripts (``"not-found"``), ``message`` names the file and says what is
    wrong, ``remedy`` says what to do next.
    """

    exit_code = EXIT_USAGE

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def __reduce__(self) -> tuple[type[RecognizerError], tuple[str, str, str]]:
        return type(self), (self.code, self.message, self.remedy)


class UsageError(RecognizerError):
    """The call itself is wrong: an option, an identifier, a box outside the image."""

    exit_code = EXIT_USAGE


class InputError(RecognizerError):
    """One input can't be used; in a batch the others still are."""

    exit_code = EXIT_INPUT


class OutputError(RecognizerError):
    """A result can't be written; nothing half-written is left behind."""

    exit_code = EXIT_INPUT


class KitError(RecognizerError):
    """The library of marks, a model or the mission catalogue is broken or altered."""

    exit_code = EXIT_KIT
