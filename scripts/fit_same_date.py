#!/usr/bin/env python3
"""Fit how probable it is that two strikes of a die show one date, on drawn pairs, and judge it on others.

    python scripts/fit_same_date.py --pairs 1500

The printed numbers go into SameDateParams by hand: they are defaults, with this as their reason.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from recognizer.sources.models import open_model
from recognizer.stages.date import DateParams
from recognizer.stages.same_date import SameDateParams
from recognizer.training.same_date_fit import fit_same, judge, pairs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=1500)
    parser.add_argument("--models", type=Path, help="folder of the models, by default the program's own")
    parser.add_argument("--seed", type=int, default=20270)
    a = parser.parse_args()
    cv2.setNumThreads(1)
    reader, looker, closer = (
        open_model(name, a.models) for name in ("reader", "date-reader", "date-closeup")
    )
    dates, usual = DateParams(), SameDateParams()
    found = list(pairs(np.random.default_rng(a.seed), a.pairs, reader, looker, closer, dates))
    half = len(found) // 2
    fitted = replace(usual, same=fit_same(found[:half], usual))
    for same in (fitted, usual):
        print(json.dumps({"same": same.same, **judge(found[half:], same, dates)}))


if __name__ == "__main__":
    main()
