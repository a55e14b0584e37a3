"""Where the things that travel with the program lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(folder: str) -> Path:
    """The folder ``reference_marks`` or ``models``: inside the package when installed, else beside it."""
    installed = _PACKAGE / "shipped" / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def user_library() -> Path:
    """The user's own library of marks, in the platform's data folder; it may not exist yet."""
    return user_data_path("recognizer", appauthor=False) / "marks"
