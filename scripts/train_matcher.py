"""Train the strike matcher and calibrate naming: draw dies, fit, export, calibrate. Steps go on where they
stopped.

train_matcher.py draw --pool DIR [--seed N] [--count N]
train_matcher.py fit --pool DIR --state FILE [--minutes M]
train_matcher.py export --pool DIR --state FILE [--models models]
train_matcher.py calibrate [--seed N] [--exams N] [--models models]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import tomli_w

from recognizer.sources.models import open_model
from recognizer.stages.evidence import CANDIDATE, TRUST
from recognizer.training.calibrate import calibrated, collect

VERSION = "1"


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("step", choices=("draw", "fit", "export", "calibrate"))
    ap.add_argument("--pool", type=Path)
    ap.add_argument("--state", type=Path)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=700)
    ap.add_argument("--exams", type=int, default=3, help="rounds of drawn exams to calibrate on")
    ap.add_argument("--minutes", type=float, default=60.0)
    ap.add_argument("--models", type=Path, default=Path("models"))
    a = ap.parse_args()
    cv2.setNumThreads(1)
    if a.step == "calibrate":
        calibrate(a.models, range(a.seed, a.seed + a.exams))
    else:
        network(a)


def network(a: argparse.Namespace) -> None:
    """The steps that need a training framework."""
    import torch

    from recognizer.training.matcher import FitParams, Matcher, export, fit, judge, load_pool, store_pool

    torch.set_num_threads(1)
    if a.step == "draw":
        store_pool(a.pool, a.seed, a.count)
    elif a.step == "fit":
        fit(a.pool, a.state, FitParams(minutes=a.minutes))
    else:
        kept: dict[str, Any] = torch.load(a.state, weights_only=True)
        net = Matcher()
        net.load_state_dict(kept["net"])
        figures = {k: round(v, 4) for k, v in judge(net, load_pool(a.pool)).items()}
        facts = {
            "version": VERSION,
            "task": "strikes unrolled about their centre to maps that lie alike for one die",
            "weights": sum(p.numel() for p in net.parameters()),
            "steps": int(kept["steps"]),
            "seconds": round(float(kept["seconds"])),
            "found_own_die_among_all_and_their_near_twins": figures,
        }
        export(net, a.models / "strike-matcher", facts)
        print(facts)


def calibrate(models: Path, seeds: range) -> None:
    """Fit the probability to drawn exams and write its table."""
    table = calibrated(collect(open_model("strike-matcher", models), list(seeds)))
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
    for name, words in (("with_matcher", "features and matcher"), ("features_only", "features only")):
        tenths = table[name]["held_out"]["reliability"]
        said, true, count = zip(*tenths, strict=True)
        axes.plot(said, true, linewidth=1, label=words)
        axes.scatter(said, true, [max(n, 4) for n in count])
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
