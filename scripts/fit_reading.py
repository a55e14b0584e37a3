"""Fit how probable readings are to be right, on drawn strikes, and judge the reader on others.

    python scripts/fit_reading.py --strikes 1500

The printed weights go into DateParams and LegendParams by hand: they are defaults, with this as their reason.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    from dataclasses import replace

    import cv2
    import numpy as np

    from recognizer.sources.models import open_model
    from recognizer.stages.date import DateParams
    from recognizer.stages.legend import LegendParams
    from recognizer.training import reading_fit as fit

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--strikes", type=int, default=1500)
    parser.add_argument("--models", type=Path, help="folder of the models, by default the program's own")
    parser.add_argument("--seed", type=int, default=20260)
    a = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(a.seed)
    models = [open_model(name, a.models) for name in ("reader", "date-reader", "date-closeup")]
    strikes = list(fit.read_strikes(rng, a.strikes, *models))
    half = len(strikes) // 2
    dates, legends = DateParams(), LegendParams()
    dates = replace(dates, mix=fit.fit_mix(strikes[:half], dates))
    weights = tuple(round(float(w), 3) for w in fit.logistic(*fit.date_cases(strikes[:half], dates)))
    odds = fit.fit_odds(fit.legend_cases(strikes[:half], rng, 40, legends))
    fitted = replace(dates, weights_of_both=weights)
    cases = fit.legend_cases(strikes[half:], rng, 40, legends)
    print(
        json.dumps({"mix": dates.mix, "weights_of_both": weights, "sharpness": odds[0], "nothing": odds[1]})
    )
    for bar in sorted({0.7, 0.8, dates.bar, 0.9, 0.95}):
        at = replace(fitted, bar=bar)
        print(json.dumps({"bar": bar, "dates": fit.judged_dates(strikes[half:], at)}))
        print(json.dumps({"bar": bar, "legible dates": fit.judged_dates(strikes[half:], at, legible=True)}))
        print(json.dumps({"bar": bar, "legends": fit.judged_legends(cases, *odds, bar)}))
    print(json.dumps({"letters_of_legends": round(fit.letters_read(strikes[half:]), 3)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
