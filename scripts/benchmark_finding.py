#!/usr/bin/env python3
"""Measure finding: milliseconds for the pieces and regions of one 300-dpi cover, on one thread.

benchmark_finding.py [IMAGE...] [--times N] [--pieces N]

Without an image, drawn covers of 229 x 162 mm at 300 dpi are used, whole and on a bed. Decoding the same
file is the floor: both are given in milliseconds and as a multiple of it. CPU time of this process, the
middle of N runs. With --pieces instead, how well pieces are found on N drawn scans of each kind: corners
within 1 and 5 % of the piece's width, and pieces too many.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import TypeVar

import cv2
import numpy as np

from recognizer.imaging.quads import within_frame
from recognizer.sources.models import Model, open_model
from recognizer.sources.scans import read_scans
from recognizer.stages.pieces import find_pieces
from recognizer.stages.segment import survey
from recognizer.training.covers import compose
from recognizer.training.piece_scenes import corner_error
from recognizer.types import Piece, Scan, Survey

T = TypeVar("T")
C5_AT_300 = (2705, 1913)  # pixels across and down


def main() -> None:
    ap = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ap.add_argument("images", nargs="*", type=Path, metavar="IMAGE")
    ap.add_argument("--times", type=int, default=7)
    ap.add_argument(
        "--pieces", type=int, metavar="N", help="how well pieces are found on N drawn scans a kind"
    )
    a = ap.parse_args()
    cv2.setNumThreads(1)
    model, piece_finder = open_model("region-finder"), open_model("piece-finder")
    if a.pieces:
        _judge_pieces(piece_finder, a.pieces)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'image':24} {'pixels':>11} {'decode':>7} {'pieces':>7} {'regions':>7} {'both':>6}  of decoding"
        )
        for path in a.images or _drawn(Path(folder)):
            scan, decode = _timed(partial(_read, path), a.times)
            found, pieces = _timed(partial(find_pieces, scan, piece_finder), a.times)
            _, regions = _timed(partial(_survey_all, found, model), a.times)
            size = f"{scan.width}x{scan.height}"
            print(
                f"{path.name:24} {size:>11} {decode:7.0f} {pieces:7.0f} {regions:7.0f} "
                f"{pieces + regions:6.0f}  {(pieces + regions) / decode:.1f} times"
            )


def _judge_pieces(model: Model, count: int) -> None:
    """Print for each kind of scene how many pieces are found how well."""
    for kind, seed in (("bed", 31), ("photo", 32), ("album", 33)):
        rng, errors, extra = np.random.default_rng(seed), list[float](), 0
        for n in range(count):
            drawn = compose(rng, ((1800, 1300), (1500, 2000))[n % 2], scene=kind)
            scan = Scan("drawn", 0, drawn.pixels, None, "0" * 64)
            found = [p.outline for p in find_pieces(scan, model)]
            true = [within_frame(p.outline, scan.width, scan.height) for p in drawn.pieces]
            off = [min(corner_error(f, t) for f in found) for t in true]
            errors += off
            extra += len(found) - sum(e < 0.05 for e in off)
        close, near = (sum(e < limit for e in errors) for limit in (0.01, 0.05))
        print(f"{kind}: {len(errors)} pieces, {close} within 1 %, {near} within 5 %, {extra} too many")


def _read(path: Path) -> Scan:
    return next(iter(read_scans(path)))


def _survey_all(pieces: list[Piece], model: Model) -> list[Survey]:
    return [survey(piece, model) for piece in pieces]


def _timed(work: Callable[[], T], times: int) -> tuple[T, float]:
    """What ``work`` gives and the middle of its milliseconds, the first run left out."""
    result, spent = work(), []
    for _ in range(times):
        start = process_time()
        result = work()
        spent.append(1000 * (process_time() - start))
    return result, float(np.median(spent))


def _drawn(folder: Path) -> list[Path]:
    paths = []
    for seed, scene in ((1, "full"), (2, "full"), (3, "bed"), (4, "bed")):
        scan = compose(np.random.default_rng(seed), C5_AT_300, scene=scene, way="scan")
        paths.append(folder / f"drawn-{scene}-{seed}.jpg")
        cv2.imwrite(str(paths[-1]), scan.pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    return paths


if __name__ == "__main__":
    main()
