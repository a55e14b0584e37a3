#!/usr/bin/env python3
"""Train the network that finds the pieces on a scan, from seed to models/piece-finder."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from recognizer.training.piece_fit import PieceFit, PieceRecipe, export


def main() -> None:
    usual = PieceRecipe()
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--minutes", type=float, default=usual.minutes, help="length of the training")
    ap.add_argument("--folder", type=Path, default=Path("build/piece-finder"), help="where checkpoints lie")
    ap.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    ap.add_argument("--again", action="store_true", help="a new schedule from the checkpoint's weights")
    ap.add_argument("--rate", type=float, default=usual.rate)
    ap.add_argument("--half", action="store_true", help="bfloat16 arithmetic, where the processor has it")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--export", type=Path, metavar="DIR", help="only export the checkpoint into DIR")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    fit = PieceFit(replace(usual, minutes=a.minutes, rate=a.rate, half=a.half), a.folder)
    if a.resume or a.again or a.export:
        fit.resume(fresh_clock=a.again)
    if not a.export:
        fit.run(lambda line: print(line, flush=True))
    print(export(fit, a.export or Path("models/piece-finder")))


if __name__ == "__main__":
    main()
