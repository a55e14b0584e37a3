"""Measure naming: ours and its two peers, right, wrong and milliseconds, in one run.

benchmark.py [--real DIR] [--designs N] [--sizes 20,200,2000,10000] [--only ours|peers] [--plot FILE]

DIR is a labelled folder (identity.json beside its images), by default ../shared/real where that exists. Then
strikes drawn by the press are asked: near-twins, unknown ones, and the same ones among ever more marks. The
peers are local features with MAGSAC, every mark in turn, and a plain CNN embedding, which is trained for a
few minutes the first time (needs the ``train`` extra) and kept in the user's cache.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

import cv2
from platformdirs import user_cache_path

from recognizer.benchmark.dataset import Exam
from recognizer.benchmark.ours import Ours
from recognizer.benchmark.peers import Embedded, RootSift
from recognizer.benchmark.plots import scale_plot
from recognizer.benchmark.run import decode_floor, drawn_exams, real_exams, run
from recognizer.benchmark.scale import by_size, scale_exam, shortcut
from recognizer.benchmark.scoring import Namer, Tally, wilson
from recognizer.sources.models import Model, open_model
from recognizer.sources.shipped import shipped

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "real"
FEW = 15  # questions where a namer that tries every mark takes seconds a strike


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("--real", type=Path, default=BESIDE)
    ap.add_argument("--designs", type=int, default=60, help="drawn designs, each with a near-twin")
    ap.add_argument("--sizes", default="20,200,2000,10000", help="marks in the library; empty: not asked")
    ap.add_argument("--strikes", type=int, default=3, help="strikes of each of 20 dies asked of every size")
    ap.add_argument("--exams", default="real,drawn,sizes,shortcut")
    ap.add_argument("--only", choices=("ours", "peers"))
    ap.add_argument("--plot", type=Path, help="accuracy against the number of marks, PNG")
    a = ap.parse_args()
    cv2.setNumThreads(1)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; ms by the clock, cpu of processor time")
    ours, parts = _ours()
    namers: list[Namer] = [] if a.only == "peers" else [ours, *parts]
    peers: list[Namer] = [] if a.only == "ours" else [RootSift(), _embedded()]
    exams = a.exams.split(",")
    print(f"{'exam':36} {'namer':24} {'asked':>5} {'top':>5} {'right':>5} {'wrong':>5} {'open':>5}", end="")
    print(f" {'ms':>6} {'cpu':>6}  top, 95 % interval")
    for t in run([*namers, *peers], _exams(a, exams)):
        _tell(t)
    sizes = [int(size) for size in a.sizes.split(",") if size]
    if sizes and "sizes" in exams:
        exam = scale_exam(max(sizes), strikes=a.strikes)
        found = []
        for t in by_size([*namers[:1], *peers], exam, sizes, FEW):
            _tell(t)
            found.append(t)
        if a.plot:
            a.plot.write_bytes(scale_plot(found))
        for size in sizes[1:] if namers and "shortcut" in exams else ():
            s = shortcut(ours, exam, size, None if size < 1000 else FEW if size > 5000 else 2 * FEW)
            low, high = wilson(s.equal, s.asked)
            print(
                f"{size} marks: {s.kb_a_mark:.0f} kB a mark; shortlist answers as the exhaustive search ",
                end="",
            )
            print(f"{s.equal} of {s.asked} times ({low:.1%} to {high:.1%})", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


def _exams(a: argparse.Namespace, exams: list[str]) -> Iterable[Exam]:
    if "real" in exams and (a.real / "identity.json").exists():
        floor = decode_floor(a.real)
        print(f"decoding alone: {floor.ms:.0f} ms a scan, {floor.scans} scans")
        yield from real_exams(a.real)
    if "drawn" in exams:
        yield from drawn_exams(designs=a.designs)


def _tell(t: Tally) -> None:
    low, high = wilson(t.top, t.asked)
    print(
        f"{t.exam:36} {t.namer:24} {t.asked:5} {t.top:5} {t.named_right:5} {t.named_wrong:5} "
        f"{t.left_open:5} {t.ms:6.0f} {t.cpu_ms:6.0f}  {low:.0%} to {high:.0%}",
        flush=True,
    )


def _ours() -> tuple[Ours, list[Namer]]:
    """All of it, and all but one part."""
    names = ("strike-matcher", "strike-calibration", "reader", "date-reader")
    there: list[Model | None] = [
        open_model(name) if (shipped("models") / name).is_dir() else None for name in names
    ]
    matcher, calibration, reader, looker = there
    parts: list[Namer] = [
        Ours(None, calibration, name="ours without matcher", reader=reader, looker=looker),
        Ours(matcher, calibration, name="ours without words"),
        Ours(None, calibration, name="ours, features only"),
    ]
    return Ours(matcher, calibration, reader=reader, looker=looker), parts


def _embedded() -> Embedded:
    """The peer's network, trained the first time."""
    path = user_cache_path("recognizer") / "peers" / "embedding-1.onnx"
    if not path.exists():
        from recognizer.training.embedding import EmbeddingParams, train_embedding

        print(f"training the CNN embedding for {EmbeddingParams().minutes:.0f} minutes", flush=True)
        train_embedding(path)
    return Embedded(path)


if __name__ == "__main__":
    main()
