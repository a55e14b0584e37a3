#!/usr/bin/env python3
"""How well mission answers hold on simulated pieces: simulate_missions.py [--pieces N] [--plot FILE]"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from recognizer.benchmark.mission_pieces import Draw, Simulation
from recognizer.benchmark.missions import Bin, answer, figures
from recognizer.sources.marks import load_specs
from recognizer.sources.missions import load_catalogue
from recognizer.sources.shipped import shipped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", type=Path, help="write the calibration plot to this file")
    parser.add_argument("--draw", default="{}", help="other shares as JSON, for example '{\"foreign\": 0.2}'")
    options = parser.parse_args()
    catalogue, marks = load_catalogue(), load_specs([shipped("reference_marks")])
    simulation = Simulation(catalogue, marks, options.seed, Draw(**json.loads(options.draw)))
    found = figures(answer(simulation.pieces(options.pieces), catalogue, marks))
    print(json.dumps(asdict(found), indent=1))
    if options.plot:
        plot(found.bins, options.plot)
    good = found.expected_calibration_error < 0.03 and found.certain_wrong * 1000 < found.certain
    return 0 if good and found.milliseconds < 5 else 1


def plot(bins: tuple[Bin, ...], file: Path) -> None:
    """Share right over probability; the size of a dot is the number of answers."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    most = max(b.count for b in bins)
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.scatter(
        [b.probability for b in bins], [b.right for b in bins], s=[10 + 190 * b.count / most for b in bins]
    )
    axes.set(xlabel="probability given", ylabel="share right", title="Missions of simulated pieces")
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
