"""Rate and memory of ``recognizer album`` against recognition alone: drawn scans, half of them album pages.

python scripts/benchmark_album.py --folder DIR [--scans 2000] [--jobs 2] [--minutes 40] [--slice 30]

The two take turns in slices, until both are done or the minutes are over. The scans stay in DIR/scans;
DIR/album is made anew; DIR/memory.png is the plot.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from time import monotonic

from recognizer.benchmark.album import Runner, draw_scans, pages_in, recognise_only, start, take_turns, thirds


def plot(runner: Runner, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3))
    seconds = [s for s, _ in runner.memory]
    axes.plot(seconds, [each[0] for _, each in runner.memory], label="the album itself")
    workers = [(s, each[1:]) for s, each in runner.memory if len(each) > 1]
    axes.plot([s for s, _ in workers], [sum(each) for _, each in workers], label="its workers together")
    axes.set(xlabel="seconds", ylabel="resident MB", ylim=(0, None))
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=80)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--scans", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--slice", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    scans, album, tally = (args.folder / name for name in ("scans", "album", "tally"))
    if args.alone:
        recognise_only(sorted(scans.glob("*.jpg"))[: args.scans], args.jobs, tally)
        return
    since = monotonic()
    draw_scans(scans, args.scans, args.seed, args.jobs)
    print(f"{args.scans} scans drawn in {monotonic() - since:.0f} s", flush=True)
    shutil.rmtree(album, ignore_errors=True)
    jobs = ["--jobs", str(args.jobs)]
    folder = ["--folder", str(args.folder), "--scans", str(args.scans)]
    tally.unlink(missing_ok=True)
    call = [sys.executable, "-m", "recognizer", "album", str(scans), "--out", str(album), *jobs, "--quiet"]
    whole = start("album", call, lambda: pages_in(album))
    call = [sys.executable, __file__, *folder, *jobs, "--alone"]
    alone = start("recognition alone", call, lambda: tally.stat().st_size if tally.exists() else 0)
    take_turns([whole, alone], args.slice, 60 * args.minutes, lambda line: print(line, flush=True))
    for runner in (whole, alone):
        first, last = thirds(runner.memory)
        print(
            f"{runner.name}: {runner.done} scans in {runner.seconds:.1f} s, {runner.rate:.3f} a second, "
            f"{runner.cpu / max(runner.done, 1):.4f} s of processor time each; all its processes "
            f"{first:.0f} MB in the first third, {last:.0f} MB in the last"
        )
    print(f"the album has {whole.rate / alone.rate:.1%} of the rate of recognition alone")
    plot(whole, args.folder / "memory.png")


if __name__ == "__main__":
    main()
