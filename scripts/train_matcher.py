#!/usr/bin/env python3
"""Train the network that says how alike two strikes are, from seed to models/strike-matcher.

What its word is worth beside other evidence has to be fitted anew then: scripts/calibrate_naming.py.
"""

from __future__ import annotations

from pathlib import Path

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.matcher import MatcherFit, MatcherRecipe, export


def main() -> None:
    a = options(__doc__, MatcherRecipe(), Path("build/strike-matcher")).parse_args()
    carry_out(a, MatcherFit(recipe(MatcherRecipe(), a), a.folder), export, Path("models/strike-matcher"))


if __name__ == "__main__":
    main()
