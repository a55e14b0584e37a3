#!/usr/bin/env python3
"""Train the network that looks at whole strikes for dates, and export it to models/date-reader."""

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
    ap.add_argument("--export", type=Path, metavar="DIR", help="only export the checkpoint into DIR")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    faces = Faces.found(a.fonts).files if a.fonts else ()
    fit = DateFit(replace(usual, minutes=a.minutes, rate=a.rate, half=a.half), a.folder, faces)
    if a.resume or a.again or a.export:
        fit.resume(fresh_clock=a.again)
    if not a.export:
        fit.run(lambda line: print(line, flush=True))
    print(export(fit, a.export or Path("models/date-reader")))


if __name__ == "__main__":
    main()
