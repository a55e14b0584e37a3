"""What tests share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Labelled real pieces and domain facts that lie beside the project on some machines."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not (folder / "real").is_dir():
        pytest.skip("the labelled real pieces are not beside this checkout")
    return folder
