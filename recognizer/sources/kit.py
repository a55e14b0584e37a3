"""Everything a run works with, read once: the library of marks, the mission catalogue, the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import KitError
from recognizer.flights import Catalogue
from recognizer.sources.marks import Library, load_library
from recognizer.sources.missions import load_catalogue
from recognizer.sources.models import Model, open_model
from recognizer.sources.shipped import shipped, user_library

MODELS = (
    "piece-finder",
    "region-finder",
    "strike-matcher",
    "strike-calibration",
    "reader",
    "date-reader",
    "date-closeup",
)


@dataclass(frozen=True, eq=False)
class Kit:
    library: Library
    catalogue: Catalogue
    models: Mapping[str, Model]

    @property
    def versions(self) -> dict[str, str]:
        """The version of each model, for the records."""
        return {name: model.version for name, model in self.models.items()}


def open_kit(libraries: Sequence[Path] | None = None, missions: Sequence[Path] = (), threads: int = 1) -> Kit:
    """Read the library, the catalogue and the models.

    ``libraries`` are folders of marks, later ones winning; None means the built-in one and the user's own.
    Raises KitError naming the file and the field of whatever is broken.
    """
    if libraries is None:
        libraries = [shipped("reference_marks"), *([user_library()] if user_library().is_dir() else [])]
    return Kit(load_library(libraries), load_catalogue(missions), open_models(threads))


def open_models(threads: int = 1) -> dict[str, Model]:
    """Every shipped model by name, each checked against its hash."""
    return {name: open_model(name, threads=threads) for name in MODELS if _is_shipped(name)}


def _is_shipped(name: str) -> bool:
    home = shipped("models")
    if not home.is_dir():
        raise KitError("models-missing", f"{home}: the models are not there.", "Install the program again.")
    return (home / name).is_dir()
