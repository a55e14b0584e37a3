#!/usr/bin/env python3
"""Train a network that looks for dates: at whole strikes, or with --close where the first one sees them."""

from __future__ import annotations

from pathlib import Path

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.date_fit import DateFit, DateRecipe, export
from recognizer.training.strips import Faces


def main() -> None:
    ap = options(__doc__, DateRecipe(), Path("build/date-reader"))
    ap.add_argument("--fonts", type=Path, nargs="*", default=[], help="folders of further font files")
    ap.add_argument(
        "--close", action="store_true", help="train the one that looks closely: models/date-closeup"
    )
    a = ap.parse_args()
    faces = Faces.found(a.fonts).files if a.fonts else ()
    seer = Path("models/date-reader") if a.close else None
    fit = DateFit(recipe(DateRecipe(), a), a.folder, faces, seer)
    carry_out(a, fit, export, Path("models/date-closeup" if a.close else "models/date-reader"))


if __name__ == "__main__":
    main()
