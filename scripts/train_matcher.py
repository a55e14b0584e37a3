"""Train the strike matcher: draw families of dies, fit, export. Every step goes on where it stopped.

train_matcher.py draw --pool DIR [--seed N] [--count N]
train_matcher.py fit --pool DIR --state FILE [--minutes M]
train_matcher.py export --pool DIR --state FILE [--out models/strike-matcher]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import torch

from recognizer.training.matcher import FitParams, Matcher, export, fit, judge, load_pool, store_pool

VERSION = "1"


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("step", choices=("draw", "fit", "export"))
    ap.add_argument("--pool", type=Path, required=True)
    ap.add_argument("--state", type=Path)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=800)
    ap.add_argument("--minutes", type=float, default=60.0)
    ap.add_argument("--out", type=Path, default=Path("models/strike-matcher"))
    a = ap.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    if a.step == "draw":
        store_pool(a.pool, a.seed, a.count)
    elif a.step == "fit":
        fit(a.pool, a.state, FitParams(minutes=a.minutes))
    else:
        kept = torch.load(a.state, weights_only=True)
        net = Matcher()
        net.load_state_dict(kept["net"])
        figures = {k: round(v, 4) for k, v in judge(net, load_pool(a.pool)).items()}
        weights = sum(p.numel() for p in net.parameters())
        facts = {"version": VERSION, "weights": weights, "steps": int(kept["steps"]), "auroc": figures}
        export(net, a.out, facts)
        print(facts)


if __name__ == "__main__":
    main()
