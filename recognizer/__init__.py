"""Postmark recognition: strikes found on a scanned cover, dies named, dates read, the mission suggested."""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """``recognizer.StrikeClassifier``, loaded when asked for: importing the package alone stays quick."""
    if name == "StrikeClassifier":
        from recognizer.classifier import StrikeClassifier

        return StrikeClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
