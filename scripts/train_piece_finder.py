#!/usr/bin/env python3
"""Train the network that finds the pieces on a scan, from seed to models/piece-finder."""

from __future__ import annotations

from pathlib import Path

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.piece_fit import PieceFit, PieceRecipe, export


def main() -> None:
    a = options(__doc__, PieceRecipe(), Path("build/piece-finder")).parse_args()
    carry_out(a, PieceFit(recipe(PieceRecipe(), a), a.folder), export, Path("models/piece-finder"))


if __name__ == "__main__":
    main()
