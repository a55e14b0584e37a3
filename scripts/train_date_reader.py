#!/usr/bin/env python3
"""Train a network that looks for dates: at whole strikes, or with --close where the first one sees them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from recognizer.training.date_fit import DateFit, DateRecipe, export
from recognizer.training.strips import Faces


def main() -> None:
    usual = DateRecipe()
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--minutes", type=float, default=usual.minutes, help="length of the training")
    ap.add_argument("--folder", type=Path, default=Path("build/date-reader"), help="where checkpoints lie")
    ap.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    ap.add_argument("--again", action="store_true", help="a new schedule from the checkpoint's weights")
    ap.add_argument("--rate", type=float, default=usual.rate)
    ap.add_argument("--half", action="store_true", help="bfloat16 arithmetic, where the processor has it")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--fonts", type=Path, nargs="*", default=[], help="folders of further font files")
    ap.add_argument(
        "--close", action="store_true", help="train the one that looks closely: models/date-closeup"
    )
    ap.add_argument("--export", type=Path, metavar="DIR", help="only export the checkpoint into DIR")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    faces = Faces.found(a.fonts).files if a.fonts else ()
    seer = Path("models/date-reader") if a.close else None
    fit = DateFit(replace(usual, minutes=a.minutes, rate=a.rate, half=a.half), a.folder, faces, seer)
    if a.resume or a.again or a.export:
        fit.resume(fresh_clock=a.again)
    if not a.export:
        fit.run(lambda line: print(line, flush=True))
    print(export(fit, a.export or Path("models/date-closeup" if a.close else "models/date-reader")))


if __name__ == "__main__":
    main()
