"""Imports point down: a module may import from its own floor or a lower one, never from a higher one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "recognizer"
FLOORS = [
    {"geometry", "errors", "files"},
    {"records", "types", "flights"},
    {"imaging"},
    {"stages", "sources", "reports"},
    {"pipeline", "teach"},
    {"album", "training", "benchmark", "classifier"},
    {"cli", "web", "__main__"},
]
FLOOR = {name: level for level, names in enumerate(FLOORS) for name in names}
SIBLINGS_APART = [("stages", "sources"), ("stages", "reports"), ("reports", "sources"), ("sources", "stages")]
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def imports_of(path: Path) -> set[str]:
    """The project's modules a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("recognizer."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("recognizer.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for other in imports_of(path):
        assert FLOOR[other] <= FLOOR[here], f"{path.name} on floor {here!r} imports the higher {other!r}"
        assert (here, other) not in SIBLINGS_APART, f"{here!r} must not know {other!r}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_only_training_knows_a_training_framework(path: Path) -> None:
    names = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    if "training" not in path.relative_to(PACKAGE).parts:
        assert "torch" not in names
