"""What tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.types import Strike


@pytest.fixture(scope="session")
def shared() -> Path:
    """Labelled real pieces and domain facts that lie beside the project on some machines."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not (folder / "real").is_dir():
        pytest.skip("the labelled real pieces are not beside this checkout")
    return folder


@pytest.fixture
def strike() -> Strike:
    """A dark bar right of the middle of a strike's box, on light paper."""
    pixels = np.full((120, 200, 3), 240, np.uint8)
    pixels[50:60, 100:140] = 20
    ink = np.zeros((120, 200), np.uint8)
    ink[50:60, 100:140] = 255
    return Strike(pixels, ink, Box(80, 20, 80, 80), Homography.shift(0, 0), None, "black")


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty place in the PostgreSQL database that RECOGNIZER_TEST_POSTGRES names.

    Each process of the tests has a schema of its own there, and removes it.
    """
    from sqlalchemy import create_engine, text

    from recognizer.album.catalogue import _driver

    url = os.environ.get("RECOGNIZER_TEST_POSTGRES")
    if url is None:
        pytest.skip("RECOGNIZER_TEST_POSTGRES names no database")
    place = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    engine = create_engine(_driver(url))
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {place} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {place}"))
    yield f"{url}?options=-csearch_path%3D{place}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {place} CASCADE"))
    engine.dispose()
