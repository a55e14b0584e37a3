"""Catalogues to test with: SQLite, and PostgreSQL where RECOGNIZER_TEST_POSTGRES names an empty database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from recognizer.album.catalogue import Catalogue, _driver
from recognizer.album.schema import tables

OpenCatalogue = Callable[[Path], Catalogue]


@pytest.fixture(params=["sqlite", "postgresql"])
def open_catalogue(request: pytest.FixtureRequest) -> Iterator[OpenCatalogue]:
    """Opens the catalogue of an album's folder; the same one each time."""
    if request.param == "sqlite":
        yield Catalogue.at
        return
    url = os.environ.get("RECOGNIZER_TEST_POSTGRES")
    if url is None:
        pytest.skip("RECOGNIZER_TEST_POSTGRES names no database")
    engine = create_engine(_driver(url))
    tables.drop_all(engine)
    opened: list[Catalogue] = []

    def open_at(folder: Path) -> Catalogue:
        opened.append(Catalogue.at(folder, url))
        return opened[-1]

    yield open_at
    for catalogue in opened:
        catalogue.close()
    tables.drop_all(engine)
    engine.dispose()
