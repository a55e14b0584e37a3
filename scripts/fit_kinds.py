#!/usr/bin/env python3
"""Fit how far a date decides between postmark, hand stamp and cachet, on drawn covers kept apart.

    python scripts/fit_kinds.py --covers 600

The printed weights go into KindParams by hand: they are defaults, with this as their reason.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    import cv2

    from recognizer.sources.models import open_model
    from recognizer.training import kind_fit as fit

    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--covers", type=int, default=600)
    ap.add_argument("--models", type=Path, help="folder of the models, by default the program's own")
    a = ap.parse_args()
    cv2.setNumThreads(1)
    models = [open_model(name, a.models) for name in ("region-finder", "date-reader")]
    seen = list(fit.seen_on_covers(range(a.covers), *models))
    half = len(seen) // 2
    params = fit.fitted(seen[:half])
    print(json.dumps({"dated": params.dated, "taken_for": params.taken_for}))
    print(json.dumps(fit.judged(seen[half:], params)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
