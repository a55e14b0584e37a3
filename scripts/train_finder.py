#!/usr/bin/env python3
"""Train the finder of regions on drawn covers and export it to models/region-finder."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.finder_export import export
from recognizer.training.finder_fit import FinderFit, FinderRecipe


def main() -> None:
    usual = FinderRecipe()
    ap = options(__doc__, usual, Path("build/finder"))
    ap.add_argument("--batch", type=int, default=usual.batch)
    ap.add_argument("--workers", type=int, default=usual.workers)
    ap.add_argument("--seed", type=int, default=usual.seed)
    ap.add_argument("--views", type=int, default=usual.views, help="how often each drawn cover is used")
    ap.add_argument("--device", default="cpu", help="cpu or cuda")
    ap.add_argument("--covers", type=int, default=200, help="held-out covers to calibrate on")
    a = ap.parse_args()
    plan = replace(recipe(usual, a), batch=a.batch, workers=a.workers, seed=a.seed, views=a.views)
    fit = FinderFit(plan, a.folder, a.device)
    carry_out(a, fit, partial(export, covers=a.covers), Path("models/region-finder"))


if __name__ == "__main__":
    main()
