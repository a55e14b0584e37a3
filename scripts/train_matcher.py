"""Train what names strikes: draw dies, fit the matcher, export, calibrate. Steps go on where they stopped.

train_matcher.py draw --pool DIR [--seed N] [--count N]
train_matcher.py fit --pool DIR --state FILE [--minutes M]
train_matcher.py export --pool DIR --state FILE [--models models]        DIR: families not fitted on
train_matcher.py calibrate [--seed N] [--exams N] [--models models]
"""

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

VERSION = "3"
STEPS = ("draw", "fit", "export", "calibrate")


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("step", choices=STEPS)
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

    from recognizer.training import matcher

    torch.set_num_threads(1)
    if a.step == "draw":
        matcher.store_pool(a.pool, a.seed, a.count)
    elif a.step == "fit":
        matcher.fit(a.pool, a.state, matcher.FitParams(minutes=a.minutes))
    else:
        net = matcher.Matcher()
        facts = _facts(net, a.state, "strikes unrolled about their centre to maps that lie alike for one die")
        figures = matcher.judge(net, matcher.load_pool(a.pool))
        facts["found_own_die_among_all_and_their_near_twins"] = {k: round(v, 4) for k, v in figures.items()}
        matcher.export(net, a.models / "strike-matcher", facts)


def _facts(net: Any, state: Path, task: str) -> dict[str, Any]:
    """Fill a network with the weights of ``state``; what ``model.toml`` says of it."""
    from recognizer.training.checkpoints import take_up

    kept = take_up(state, {"net": net})
    weights = sum(p.numel() for p in net.parameters())
    steps, seconds = int(kept["steps"]), round(float(kept["seconds"]))
    return {"version": VERSION, "task": task, "weights": weights, "steps": steps, "seconds": seconds}


def calibrate(models: Path, seeds: range) -> None:
    """Fit the probability to drawn exams and write its table."""
    matcher = open_model("strike-matcher", models)
    reader, looker = open_model("reader", models), open_model("date-reader", models)
    before = open_model("strike-calibration", models)
    table: dict[str, Any] = {}
    for learned in (False, True):
        namer = Ours(matcher if learned else None, before, reader=reader, looker=looker, always=True)
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
