#!/usr/bin/env python3
"""Train the network that tells near-twins apart where they differ, from seed to models/die-comparer.

It takes the models that strikes are named by from models/.
"""

from __future__ import annotations

from pathlib import Path

import cv2

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.comparer import ComparerFit, ComparerRecipe, export


def main() -> None:
    a = options(__doc__, ComparerRecipe(), Path("build/die-comparer")).parse_args()
    cv2.setNumThreads(1)
    fit = ComparerFit(recipe(ComparerRecipe(), a), a.folder, Path("models"))
    carry_out(a, fit, export, Path("models/die-comparer"))


if __name__ == "__main__":
    main()
