"""What the commands that train a network have in common: their options, and carrying them out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import torch

from recognizer.training.fit import Fit, Recipe

R = TypeVar("R", bound=Recipe)
F = TypeVar("F", bound=Fit[Any, Any])


def options(doc: str | None, usual: Recipe, folder: Path) -> argparse.ArgumentParser:
    """The options every training has; ``folder`` is where its checkpoints lie if nothing is said."""
    ap = argparse.ArgumentParser(description=doc)
    ap.add_argument("--minutes", type=float, default=usual.minutes, help="length of the training")
    ap.add_argument("--folder", type=Path, default=folder, help="where checkpoints lie")
    on = ap.add_mutually_exclusive_group()
    on.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    on.add_argument("--again", action="store_true", help="a new schedule from the checkpoint's weights")
    on.add_argument("--shipped", action="store_true", help="the same from the weights that ship")
    on.add_argument(
        "--mean", type=Path, nargs="+", metavar="FOLDER", help="only export the mean of the checkpoints there"
    )
    ap.add_argument("--rate", type=float, default=usual.rate)
    ap.add_argument("--half", action="store_true", help="bfloat16 arithmetic, where the processor has it")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--export", type=Path, metavar="DIR", help="only export the checkpoint into DIR")
    return ap


def recipe(usual: R, a: argparse.Namespace) -> R:
    """The usual recipe with what was asked for."""
    torch.set_num_threads(a.threads)
    return replace(usual, minutes=a.minutes, rate=a.rate, half=a.half)


def carry_out(a: argparse.Namespace, fit: F, export: Callable[[F, Path], Any], home: Path) -> None:
    """Train as asked, then write the network into ``home`` and tell its figures."""
    if a.mean:
        fit.take_mean(a.mean)
    elif a.resume or a.again or a.export:
        fit.resume(fresh_clock=a.again)
    elif a.shipped:
        fit.begin_from(home)
    if not (a.export or a.mean):
        fit.run(lambda line: print(line, flush=True))
    print(export(fit, a.export or home))
