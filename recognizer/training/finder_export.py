"""From a trained finder to ``models/region-finder``: calibrated on held-out covers, exported, described."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from recognizer.sources.models import Model
from recognizer.training.finder import STRIDE
from recognizer.training.finder_fit import (
    GREY,
    GROUPS,
    HELD_OUT,
    SIZES,
    FinderFit,
    drawn,
    judged,
    views_of,
)
from recognizer.training.quantise import quantise
from recognizer.training.sketch import KINDS

Rows = NDArray[np.float32]
VERSION = "3"
FINE = ("/net/body", "/net/heat", "/net/sides")  # the last layers: in eight bits boxes are off by 1 %
# Of the found ones of each kind, three quarters of what a collector puts up with: real covers are stranger.
SPURIOUS = (0.075, 0.15, 0.075, 0.225, 0.225)
# Real pieces hold more that looks like a stamp or a strike than drawn ones do, and a wrong one costs more.
LEAST = (0.5, 0.5, 0.5, 0.3, 0.3)


def export(fit: FinderFit, home: Path, covers: int = 200) -> dict[str, Any]:
    """Write model.onnx, model.toml and CARD.md into ``home``; returns what model.toml says."""
    home.mkdir(parents=True, exist_ok=True)
    network = home / "model.onnx"
    fit.write(network)
    others = (drawn(np.random.default_rng(HELD_OUT + 2 * covers + i))[0] for i in range(16))
    quantise(network, "image", [image for pixels in others for image, _ in views_of(pixels)], FINE)
    run = Model(home.name, "", {}, network)
    # What calibration and thresholds are fitted on is not what the figures are measured on.
    fitted_on, measured_on = judged(run, covers, HELD_OUT), judged(run, covers, HELD_OUT + covers)
    spec = _spec(fit, hashlib.sha256(network.read_bytes()).hexdigest(), fitted_on, measured_on, covers)
    (home / "model.toml").write_text(tomli_w.dumps(spec), encoding="utf-8")
    (home / "CARD.md").write_text(_card(spec), encoding="utf-8")
    return spec


def _recipe(fit: FinderFit) -> str:
    """The command that trains as long, in one schedule."""
    half = " --half" if fit.recipe.half else ""
    return f"python scripts/train_finder.py{half} --batch {fit.recipe.batch} --minutes {fit.minutes:.0f}"


def calibrated(answers: Rows, kind: int) -> tuple[float, float]:
    """Slope and offset that turn a score's logit into the probability that the answer is right."""
    mine = answers[answers[:, 0] == kind]
    if len(mine) < 20 or mine[:, 2].min() == mine[:, 2].max():
        return 1.0, 0.0
    s = np.clip(mine[:, 1], 1e-4, 1 - 1e-4)
    fitted = LogisticRegression(C=10.0).fit(np.log(s / (1 - s))[:, None], mine[:, 2].astype(int))
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def accepted_from(answers: Rows, calibration: dict[str, list[float]]) -> dict[str, float]:
    """For each kind the probability from which its answers are given.

    The lowest between ``LEAST`` and .7 at which no more than ``SPURIOUS`` of them are wrong; where that can't
    be had, .5: below, an answer is more often wrong than right.
    """
    out = {}
    for kind, name in enumerate(KINDS):
        mine = answers[answers[:, 0] == kind]
        steps = np.arange(LEAST[kind], 0.71, 0.05)
        sure = _probability(mine[:, 1], calibration[name])
        right, given = (
            np.array([(part >= step).sum() for step in steps]) for part in (sure[mine[:, 2] > 0], sure)
        )
        clean = np.nonzero(given - right <= SPURIOUS[kind] * right)[0]
        out[name] = round(float(steps[clean[0]]), 2) if len(clean) else 0.5
    return out


def _probability(scores: Rows, slope_offset: list[float]) -> Rows:
    s = np.clip(scores, 1e-4, 1 - 1e-4)
    z = slope_offset[0] * np.log(s / (1 - s)) + slope_offset[1]
    return np.asarray(1 / (1 + np.exp(-z)), np.float32)


def figures(
    answers: Rows,
    wanted: NDArray[np.int64],
    calibration: dict[str, list[float]],
    least: dict[str, float],
) -> dict[str, dict[str, float]]:
    """For each kind: how many there were, found and spurious, average precision."""
    out = {}
    for kind, name in enumerate(KINDS):
        mine = answers[answers[:, 0] == kind]
        sure = _probability(mine[:, 1], calibration[name]) >= least[name]
        out[name] = {
            "labelled": int(wanted[kind]),
            "found": int(mine[sure, 2].sum()),
            "spurious": int((mine[sure, 2] == 0).sum()),
            "average_precision": round(average_precision(mine[:, 1], mine[:, 2], int(wanted[kind])), 3),
        }
    return out


def average_precision(scores: Rows, right: Rows, wanted: int) -> float:
    """Area under the precision-recall curve of answers with a score, ``wanted`` things there were to find."""
    if not len(scores) or not wanted:
        return 0.0
    hit = right[np.argsort(-scores)]
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    best_after = np.maximum.accumulate(precision[::-1])[::-1]
    return float((best_after * hit).sum() / wanted)


Judged = tuple[Rows, NDArray[np.int64]]


def _spec(fit: FinderFit, sha256: str, fitted_on: Judged, measured_on: Judged, covers: int) -> dict[str, Any]:
    calibration = {name: list(calibrated(fitted_on[0], kind)) for kind, name in enumerate(KINDS)}
    least = accepted_from(fitted_on[0], calibration)
    return {
        "version": VERSION,
        "sha256": sha256,
        "made": datetime.date.today().isoformat(),
        "input": {
            "name": "image", "shape": [1, 3, "H", "W"], "unit": "RGB 0..1, H and W multiples of 32",
            "side_px": 640, "sizes": list(SIZES), "px_per_mm": [2.4, 6.0], "pad": GREY,
        },
        "output": {
            "heat": "(1, kinds, H/4, W/4) scores of centres",
            "sides": "(1, 8, H/4, W/4) log of distances / 16 px",
            "ink": "(1, 1, H/2, W/2) share of strike ink",
            "kinds": list(KINDS), "groups": list(GROUPS), "stride": STRIDE,
        },
        "calibration": calibration,
        "accepted_from": least,
        "trained": {
            "recipe": _recipe(fit),
            "data": "drawn covers without end (recognizer/training/sketch*.py), no real picture",
            "covers": round(fit.covers), "steps": fit.step, "device": fit.device.type,
            "minutes": round(fit.minutes, 1),
            "weights": sum(p.numel() for p in fit.smooth.parameters()),
        },
        "figures": {"drawn_covers": covers, "iou": 0.5, **figures(*measured_on, calibration, least)},
    }  # fmt: skip


def _card(spec: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| {name} | {spec['accepted_from'][name]:.2f} | {f['labelled']} | {f['found']} | {f['spurious']} "
        f"| {f['average_precision']:.2f} |"
        for name, f in spec["figures"].items()
        if isinstance(f, dict)
    )
    t = spec["trained"]
    sides = [f"{spec['input']['side_px'] * size:.0f}" for size in spec["input"]["sizes"]]
    return f"""# region-finder

Finds postmarks, hand stamps, stamps, cachets and labels on the picture of a cover, and says of each pixel
how much strike ink it bears. A fully convolutional network of {t["weights"] / 1e6:.1f} M weights, in
eight-bit whole numbers but for its last layers (as good, 1.4 times as fast: `training/quantise.py`). A
picture is looked at {len(sides)} times, with a long side of about {", ".join(sides)} px; a score is the
mean of all views', 0 where one does not show the thing. A page on which strikes and stamps turn out small is
looked at again, larger. The sizes were chosen among a dozen while looking at real pieces: one view of 640 px
found as much on them, but with more spurious strikes of all kinds.

**Trained** on {t["covers"]:,} covers drawn for the purpose, most of them seen twice, the second time mirrored
or upside down and (new, so only late in this training) smaller ({t["steps"]:,} steps,
{t["minutes"]:.0f} minutes, {t["device"]}); it has never seen a real one. Recipe:
`{t["recipe"]}`; it goes on
with `--resume`; `--again` starts a new schedule from the checkpoint's weights, `--shipped` from those that
ship.

**Probability** is a logistic function of the score, fitted for each kind on {spec["figures"]["drawn_covers"]}
held-out drawn covers, and so is the probability from which an answer is given; on real ones nothing is
fitted.

On as many other held-out drawn covers (IoU 0.5; strikes that hardly show count neither way):

| kind | given from | there | found | spurious | average precision |
| --- | --- | --- | --- | --- | --- |
{rows}

The drawn covers are harder than most real ones: strikes on dark stamps and under handwriting are counted, and
so are the small ones of four covers on one page.

**Known limits**: a hand stamp, a boxed date and a slogan look alike to it, and it often takes one for the
other; marks on dark stamps, very faint strikes, frameless pictorials and large cachets are found in part;
figures ringed by a pen, and round or framed print in a cachet, may be taken for a strike or a stamp. The
ink map is coarse: it says where strikes lie on a piece (recognizer/imaging/ink.py, fine_ink); the layer of
one strike is worked out from its colours (recognizer/stages/strikes.py), which it does not better.
"""
