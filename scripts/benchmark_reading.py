"""Our reader beside OCR libraries on the same crops: lines of drawn strikes, and dates of real ones if you
have some.

    python scripts/benchmark_reading.py --lines 200 [--real FOLDER]

Peers are used where they are installed: RapidOCR (``pip install rapidocr-onnxruntime``), Tesseract (its
command).
FOLDER holds ``identity.json``: designs with strikes, each an image, a box and the date it shows. A peer's
text goes
through our grammar of dates, so that only the reading differs.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box
from recognizer.imaging.unroll import Ring, levelled, line_cut
from recognizer.sources.models import open_model
from recognizer.stages.alphabet import CLASSES, SHAPES, classify, encode
from recognizer.stages.date import read_date
from recognizer.stages.lettering import Lettering, Line, Slot, slots_of
from recognizer.stages.strikes import layers_of, lift_strike
from recognizer.training.designs import random_design
from recognizer.training.edits import distance
from recognizer.training.press import press_strike

Rgb = NDArray[np.uint8]
Peer = Callable[[Rgb, bool], list[str]]  # (picture, one line?) -> lines of text
HEIGHT = 48


def rapid() -> Peer | None:
    try:
        engine: Any = importlib.import_module("rapidocr_onnxruntime").RapidOCR(
            intra_op_num_threads=1, inter_op_num_threads=1
        )
    except ImportError:
        return None

    def read(picture: Rgb, one_line: bool) -> list[str]:
        found, _ = engine(picture[:, :, ::-1], use_det=not one_line, use_cls=False, use_rec=True)
        return [] if not found else [str(f[0] if one_line else f[1]) for f in found]

    return read


def tesseract() -> Peer | None:
    if not shutil.which("tesseract"):
        return None

    def read(picture: Rgb, one_line: bool) -> list[str]:
        coded = cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes()
        mode = "7" if one_line else "11"
        call = ["tesseract", "stdin", "stdout", "--psm", mode, "-l", "eng+rus", "-c", "thresholding_method=2"]
        done = subprocess.run(call, input=coded, capture_output=True, env={"OMP_THREAD_LIMIT": "1"})
        return [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.strip()]

    return read


def drawn_lines(count: int, seed: int) -> Iterator[tuple[Rgb, NDArray[np.float32], str]]:
    """Straight lines of drawn strikes: the crop, the strip as the reader takes it, the words."""
    rng = np.random.default_rng(seed)
    while count > 0:
        sample = press_strike(rng, random_design(rng), 260, angle_deg=float(rng.normal(0, 8)))
        strike = lift_strike(sample.pixels, Box.around(sample.outline()), None)
        shift = strike.frame.inverse()
        layers = np.clip(np.dstack(layers_of(strike)), 0, 1).astype(np.float32)
        for line in sample.legends():
            ups = (line.boxes[:, 0] + line.boxes[:, 1] - line.boxes[:, 2] - line.boxes[:, 3]) / 2
            tall = float(np.hypot(*ups.T).mean())
            heads = (ups / np.hypot(*ups.T)[:, None]).mean(0)
            if line.visible < 0.5 or np.hypot(*heads) < 0.98 or len(line.letters) < 2 or tall < 9:
                continue
            angle = float(np.rad2deg(np.arctan2(heads[0], -heads[1])))
            corners = shift.apply(line.boxes.reshape(-1, 2))
            (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
            length = float(np.hypot(x1 - x0, y1 - y0)) + 1.2 * tall
            cut = line_cut((x0 + x1) / 2, (y0 + y1) / 2, angle, length, 1.7 * tall)
            map_x, map_y = (cv2.resize(m.astype(np.float32), None, fx=1.5, fy=1.5) for m in cut.maps())
            crop = cv2.remap(strike.pixels, map_x, map_y, cv2.INTER_CUBIC)
            yield np.asarray(crop, np.uint8), levelled(cut.of(layers)), line.text
            count -= 1
            if count == 0:
                return


def spelled(slots: list[Slot]) -> str:
    return "".join(SHAPES[int(s.shapes.argmax()) - 1] for s in slots if s.present > 0.4)


def shapes_of(text: str) -> list[int]:
    return [c for c in encode(text) if SHAPES[c - 1].isalnum()]


def compare_lines(count: int, peers: dict[str, Peer], reader: Any) -> None:
    tally = {name: [0.0, 0.0, 0.0] for name in ("ours", *peers)}
    letters = 0
    for crop, strip, words in drawn_lines(count, 4711):
        truth = shapes_of(words)
        letters += len(truth)
        for name in tally:
            start = time.perf_counter()
            if name == "ours":
                text = spelled(slots_of(reader(strip[None])[0][0]))
            else:
                text = " ".join(peers[name](crop, True))
            tally[name][2] += time.perf_counter() - start
            got = shapes_of(text)
            tally[name][0] += got == truth
            tally[name][1] += distance(got, truth)
    for name, (exact, edits, seconds) in tally.items():
        figures = {"exact": exact / count, "letters": 1 - edits / letters, "ms": 1000 * seconds / count}
        print(json.dumps({"drawn lines": name, **{k: round(v, 3) for k, v in figures.items()}}))


def compare_real(folder: Path, peers: dict[str, Peer], reader: Any) -> None:
    strikes = [
        s for g in json.loads((folder / "identity.json").read_text()) for s in g["strikes"] if s.get("date")
    ]
    tally = {name: [0, 0, 0.0] for name in ("ours", *peers)}
    for one in strikes:
        picture = np.asarray(cv2.imread(str(folder / one["image"])), np.uint8)[:, :, ::-1]
        strike = lift_strike(np.ascontiguousarray(picture), Box(*one["box"]), None)
        for name in tally:
            start = time.perf_counter()
            if name == "ours":
                date = read_date(strike, None, None, reader)
            else:
                rows, columns = strike.core.slices(*strike.pixels.shape[1::-1])
                core = cv2.resize(strike.pixels[rows, columns], (480, 480), interpolation=cv2.INTER_CUBIC)
                date = read_date(
                    strike, None, None, None, as_lettering(peers[name](np.asarray(core, np.uint8), False))
                )
            tally[name][2] += time.perf_counter() - start
            top = date.value or (date.alternatives[0].value if date.alternatives else None)
            tally[name][0] += top == one["date"]
            tally[name][1] += date.value not in (None, one["date"])
    for name, (first, wrong, seconds) in tally.items():
        counts = {"strikes": len(strikes), "likeliest_right": first, "given_wrong": wrong}
        print(json.dumps({"real dates": name, **counts, "ms": round(1000 * seconds / len(strikes), 1)}))


def as_lettering(texts: list[str]) -> Lettering:
    """A peer's lines as if they had been read by us, each letter for nearly certain."""
    lines = []
    for n, text in enumerate(texts):
        slots, x = [], 10.0
        for char in text:
            found = classify(char)
            if found is not None and not char.isspace():
                shapes = np.full(CLASSES, 0.1 / CLASSES, np.float32)
                shapes[found] += 0.9
                slots.append(Slot(x, 0.95, shapes))
            x += 12.0
        lines.append(Line("line", 0.0, -0.6 + 0.3 * n, np.zeros((1, CLASSES), np.float32), tuple(slots)))
    return Lettering(tuple(lines), Ring(0, 0, 1, 1, 0.0))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--models", type=Path)
    a = parser.parse_args()
    cv2.setNumThreads(1)
    peers = {name: peer for name, peer in (("rapidocr", rapid()), ("tesseract", tesseract())) if peer}
    reader = open_model("reader", a.models)
    compare_lines(a.lines, peers, reader)
    if a.real:
        compare_real(a.real, peers, reader)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
