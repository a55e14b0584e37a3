"""Measure naming: ours and the tutorial peer, accuracy and milliseconds, in one run.

benchmark.py [--real DIR] [--designs N] [--only ours]

DIR is a labelled folder (identity.json beside its images), by default ../shared/real where that exists.
Without one, strikes drawn by the press are asked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from recognizer.benchmark.ours import Ours
from recognizer.benchmark.peers import RootSift
from recognizer.benchmark.run import decode_floor, drawn_exams, real_exams, run
from recognizer.benchmark.scoring import Namer
from recognizer.sources.models import open_model
from recognizer.sources.shipped import shipped

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "real"


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("--real", type=Path, default=BESIDE)
    ap.add_argument("--designs", type=int, default=60, help="drawn designs, each with a near-twin")
    ap.add_argument("--only", choices=("ours", "peer"))
    a = ap.parse_args()
    cv2.setNumThreads(1)
    matcher, calibration = (
        open_model(name) if (shipped("models") / name).is_dir() else None
        for name in ("strike-matcher", "strike-calibration")
    )
    namers: list[Namer] = (
        []
        if a.only == "peer"
        else [Ours(matcher, calibration), Ours(None, calibration, name="ours, features only")]
    )
    if a.only != "ours":
        namers.append(RootSift())
    exams = drawn_exams(designs=a.designs)
    if (a.real / "identity.json").exists():
        floor = decode_floor(a.real)
        print(f"decoding alone: {floor.ms:.0f} ms a scan, {floor.scans} scans")
        exams = [*real_exams(a.real), *exams]
    print(f"{'exam':36} {'namer':24} {'asked':>5} {'top':>5} {'right':>5} {'wrong':>5} {'open':>5} {'ms':>6}")
    for t in run(namers, exams):
        print(
            f"{t.exam:36} {t.namer:24} {t.asked:5} {t.top:5} {t.named_right:5} {t.named_wrong:5} "
            f"{t.left_open:5} {t.ms:6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
