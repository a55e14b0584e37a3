"""Catalogues to test with: SQLite, and PostgreSQL where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recognizer.album.catalogue import Catalogue

OpenCatalogue = Callable[[Path], Catalogue]


@pytest.fixture(params=["sqlite", "postgresql"])
def open_catalogue(request: pytest.FixtureRequest) -> Iterator[OpenCatalogue]:
    """Opens the catalogue of an album's folder; the same one each time."""
    if request.param == "sqlite":
        yield Catalogue.at
        return
    url = request.getfixturevalue("postgres")
    opened: list[Catalogue] = []

    def open_at(folder: Path) -> Catalogue:
        opened.append(Catalogue.at(folder, url))
        return opened[-1]

    yield open_at
    for catalogue in opened:
        catalogue.close()
