#!/usr/bin/env python3
"""Fit what the evidence for a die is worth, on drawn exams, into models/strike-calibration."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import tomli_w

from recognizer.benchmark.ours import Ours
from recognizer.sources.models import open_model
from recognizer.stages.evidence import CANDIDATE, TRUST, table_name
from recognizer.training.calibrate import calibrated, collect

VERSION = "4"


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--exams", type=int, default=3, help="rounds of drawn exams to calibrate on")
    ap.add_argument("--models", type=Path, default=Path("models"))
    a = ap.parse_args()
    cv2.setNumThreads(1)
    calibrate(a.models, range(a.seed, a.seed + a.exams))


def calibrate(models: Path, seeds: range) -> None:
    """Fit the probability to drawn exams and write its table."""
    matcher = open_model("strike-matcher", models)
    reader, looker, closer = (open_model(m, models) for m in ("reader", "date-reader", "date-closeup"))
    before = open_model("strike-calibration", models)
    table: dict[str, Any] = {}
    for learned in (False, True):
        namer = Ours(
            matcher if learned else None, before, reader=reader, looker=looker, closer=closer, always=True
        )
        asked = collect(namer, list(seeds))
        table.update(calibrated(asked, learned, True))
        table["strikes"] = len(asked)
    home = models / "strike-calibration"
    home.mkdir(parents=True, exist_ok=True)
    facts = {"version": VERSION, "candidate_names": list(CANDIDATE), "trust_names": list(TRUST), **table}
    (home / "model.toml").write_text(tomli_w.dumps(facts), encoding="utf-8")
    plot_reliability(table, home / "reliability.png")
    print(tomli_w.dumps(facts))


def plot_reliability(table: dict[str, Any], path: Path) -> None:
    """What was said against what came true, on strikes kept apart."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.2, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="probability given", ylabel="share that were right", aspect="equal")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name in (table_name(learned, True) for learned in (True, False)):
        if name in table:
            said, true, count = zip(*table[name]["held_out"]["reliability"], strict=True)
            axes.plot(said, true, linewidth=1, label=name.replace("_", " "))
            axes.scatter(said, true, [max(n, 4) for n in count])
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
