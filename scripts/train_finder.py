#!/usr/bin/env python3
"""Train the finder of regions on drawn covers and export it to models/region-finder."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.training.finder_export import export
from recognizer.training.finder_fit import Fit, FitPlan


def main() -> None:
    usual = FitPlan()
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--minutes", type=float, default=usual.minutes, help="length of the training")
    ap.add_argument("--folder", type=Path, default=Path("build/finder"), help="where checkpoints lie")
    ap.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    ap.add_argument("--again", action="store_true", help="a new schedule from the checkpoint's weights")
    ap.add_argument("--batch", type=int, default=usual.batch)
    ap.add_argument("--rate", type=float, default=usual.rate)
    ap.add_argument("--threads", type=int, default=usual.threads)
    ap.add_argument("--workers", type=int, default=usual.workers)
    ap.add_argument("--seed", type=int, default=usual.seed)
    ap.add_argument("--export", type=Path, metavar="DIR", help="only export the checkpoint into DIR")
    ap.add_argument("--covers", type=int, default=200, help="held-out covers to calibrate on")
    ap.add_argument("--device", default=usual.device, help="cpu or cuda")
    ap.add_argument("--half", action="store_true", help="bfloat16: faster on processors that have it, GPUs")
    ap.add_argument("--views", type=int, default=usual.views, help="how often each drawn cover is used")
    a = ap.parse_args()
    plan = FitPlan(
        minutes=a.minutes,
        batch=a.batch,
        rate=a.rate,
        threads=a.threads,
        workers=a.workers,
        seed=a.seed,
        device=a.device,
        half=a.half,
        views=a.views,
    )
    fit = Fit(plan, a.folder)
    if a.resume or a.again or a.export:
        fit.resume(fresh_clock=a.again)
    if not a.export:
        fit.run()
    print(export(fit, a.export or Path("models/region-finder"), a.covers)["figures"])


if __name__ == "__main__":
    main()
