"""Kill an album's run at random moments; is its catalogue the same as an undisturbed one's?

python scripts/kill_album.py SCANS --folder DIR [--kills 6] [--seed 1] [--jobs 2]
python scripts/kill_album.py SCANS --folder DIR --cluster       a scheduler, two workers, one of them killed

Both with real recognition. Ends with 1 when the catalogues differ.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from recognizer.album.catalogue import Catalogue
from recognizer.album.run import find_inputs


def call(scans: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "recognizer", "album", str(scans), "--out", str(out), "--quiet", *more]


def done(out: Path) -> int:
    """Pages in the catalogue; 0 before there is one."""
    return Catalogue.at(out).counts()["scans"] if (out / "catalogue.sqlite").exists() else 0


def killed(scans: Path, out: Path, kills: int, seconds: float, seed: int, jobs: str) -> None:
    """Kill -9 ``kills`` times, spread over the ``seconds`` an undisturbed run takes; then let it end."""
    chance = random.Random(seed)
    for number in range(kills):
        process = subprocess.Popen(call(scans, out, "--jobs", jobs), start_new_session=True)
        wait = chance.uniform(0, 2 * seconds / kills + 3)
        try:
            process.wait(wait)
            print(f"kill {number + 1}: it was done before, {done(out)} pages")
        except subprocess.TimeoutExpired:
            process.kill()  # the run alone: its workers have to notice by themselves
            process.wait()
            print(f"kill {number + 1}: after {wait:.1f} s, {done(out)} pages kept", flush=True)
    subprocess.run(call(scans, out, "--jobs", jobs), check=True)


def on_cluster(scans: Path, out: Path, folder: Path) -> None:
    """A run on a scheduler with two workers, one of them killed in the middle; its nanny starts another."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    python = [sys.executable, "-m"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    local = ["--no-dashboard", "--scheduler-file", str(file)]
    host = ["--host", "127.0.0.1"]
    started = [
        subprocess.Popen([*python, "distributed.cli.dask_scheduler", *host, "--port", "0", *local], **quiet)  # type: ignore[call-overload]
    ]
    while not file.exists():
        time.sleep(0.1)
    worker = [*python, "distributed.cli.dask_worker", "--nthreads", "1", "--nworkers", "2", *local]
    started.append(subprocess.Popen([*worker, "--local-directory", str(folder)], **quiet))  # type: ignore[call-overload]
    try:
        from distributed import Client

        address = json.loads(file.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            numbers = list(client.run(os.getpid).values())
        run = subprocess.Popen(call(scans, out, "--cluster", address))
        while done(out) < len(find_inputs([scans], out)) // 3 and run.poll() is None:
            time.sleep(0.2)
        print(f"worker {numbers[0]} is killed with {done(out)} pages done", flush=True)
        os.kill(numbers[0], signal.SIGKILL)
        if run.wait():
            sys.exit(f"the run ended with {run.returncode}")
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scans", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--cluster", action="store_true")
    args = parser.parse_args()
    whole, disturbed = args.folder / "whole", args.folder / "disturbed"
    shutil.rmtree(disturbed, ignore_errors=True)
    since = time.monotonic()
    subprocess.run(call(args.scans, whole, "--jobs", args.jobs), check=True)
    seconds = time.monotonic() - since
    if args.cluster:
        on_cluster(args.scans, disturbed, args.folder)
    else:
        killed(args.scans, disturbed, args.kills, seconds, args.seed, args.jobs)
    one, other = Catalogue.at(whole).contents(), Catalogue.at(disturbed).contents()
    for name, rows in one.items():
        print(f"{name}: {len(rows)} rows, {'the same' if rows == other[name] else 'DIFFERENT'}")
    sys.exit(int(one != other))


if __name__ == "__main__":
    main()
