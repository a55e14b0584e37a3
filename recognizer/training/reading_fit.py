"""How probable a reading is to be right: fitted and judged on drawn strikes nobody trained on.

    python scripts/fit_reading.py --strikes 1500

Prints the weights for ``DateParams.weights`` and the odds for ``LegendParams``, and what both score on
other strikes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from recognizer.geometry import Box
from recognizer.records import Legend, MarkSpec, Names
from recognizer.stages.date import (
    DateParams,
    Whole,
    decide,
    evidence,
    judged,
    merits,
    weighed_together,
    whole_dates,
    with_dates,
)
from recognizer.stages.date_look import DateLook, look_for_date
from recognizer.stages.legend import LegendParams, LegendReading, rank_by_legend, read_legend
from recognizer.stages.lettering import Lettering, Reader, read_lettering
from recognizer.stages.network import Network
from recognizer.stages.strikes import lift_strike
from recognizer.training.date_strikes import can_be_read
from recognizer.training.designs import Design, random_design
from recognizer.training.press import StrikeSample, press_strike

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ReadStrike:
    """A drawn strike as the reader saw it, with its truth."""

    lettering: Lettering
    dated: Lettering  # the same with the lines of its date, where the look sees one
    look: DateLook | None
    design: Design
    date: str | None  # ISO
    written: str
    visible: float  # least share of the date's ink that printed, over its lines
    legible: bool  # each of its letters can be told: half inked ones may be smeared or lie beneath a stamp
    legends: tuple[tuple[str, float], ...]  # words, share of ink printed


def read_strikes(
    rng: np.random.Generator,
    count: int,
    model: Reader,
    looker: Network | None = None,
    closer: Network | None = None,
) -> Iterator[ReadStrike]:
    """Draw and read ``count`` strikes: usual turns, sizes of scans at 150 to 300 dpi, one in four severely
    worn.
    """
    for _ in range(count):
        design = random_design(rng)
        wear = "severe" if rng.random() < 0.25 else "ordinary"
        side = int(rng.integers(150, 300))
        sample = press_strike(rng, design, side, wear, angle_deg=float(rng.normal(0, 12)))
        yield _read(sample, design, sample.found_box(rng, 0.014), model, looker, closer)


def _read(
    sample: StrikeSample,
    design: Design,
    box: Box,
    model: Reader,
    looker: Network | None,
    closer: Network | None,
) -> ReadStrike:
    strike = lift_strike(sample.pixels, box, None)
    look = look_for_date(strike, looker, closer) if looker else None
    lettering = read_lettering(strike, model)
    lines = sample.legends()
    dated = [line.visible for line in lines if line.role == "date"]
    return ReadStrike(
        lettering,
        with_dates(lettering, strike, model, look),
        look,
        design,
        sample.date.iso if sample.date else None,
        sample.date.text if sample.date else "",
        min(dated) if dated else 0.0,
        can_be_read(sample, strike),
        tuple((line.text, line.visible) for line in lines if line.role == "legend"),
    )


def ranked(strike: ReadStrike, params: DateParams) -> list[Whole]:
    """The strike's dates as the date stage ranks them."""
    readings = whole_dates(strike.dated, None, params)
    return readings if strike.look is None else weighed_together(readings, strike.look, None, params)


def date_cases(strikes: Sequence[ReadStrike], params: DateParams) -> tuple[Floats, NDArray[np.bool_]]:
    """Evidence (n, k) and whether the best reading is right, of every strike on which a date was found."""
    rows, right = [], []
    for strike in strikes:
        readings = ranked(strike, params)
        if readings:
            rows.append(evidence(readings, strike.look))
            right.append(readings[0].iso == strike.date)
    return np.array(rows), np.array(right)


def fit_mix(strikes: Sequence[ReadStrike], params: DateParams) -> tuple[float, float, float]:
    """``DateParams.mix`` that ranks the true date first most probably: softmax over each strike's dates."""
    cases = []
    for strike in strikes:
        readings = ranked(strike, params)
        if strike.look is None or strike.date not in {w.iso for w in readings}:
            continue
        top = max((w.score for w in readings if w.line), default=0.0)
        rows = [merits(w, top, params) for w in readings]
        cases.append((np.array(rows), [w.iso for w in readings].index(strike.date)))

    def loss(mix: Floats) -> tuple[float, Floats]:
        total, slope = 0.5 * float(mix @ mix), mix.copy()
        for table, right in cases:
            z = table @ mix
            chance = np.exp(z - z.max())
            total += float(np.log(chance.sum()) - z[right] + z.max())
            slope += chance @ table / chance.sum() - table[right]
        return total, slope

    a, b, c = minimize(loss, np.array([0.8, 0.2, 0.1]), jac=True, method="L-BFGS-B").x
    return round(float(a), 3), round(float(b), 3), round(float(c), 3)


def logistic(rows: Floats, right: NDArray[np.bool_], ridge: float = 1.0) -> Floats:
    """Logistic regression by Newton's method; the first column, all ones, is not shrunk."""
    weights = np.zeros(rows.shape[1])
    shrink = np.full(rows.shape[1], ridge)
    shrink[0] = 0.0
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (right - chance) - shrink * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(shrink + 1e-9)
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def judged_dates(
    strikes: Sequence[ReadStrike], params: DateParams, least: float = 0.5, legible: bool = False
) -> dict[str, float]:
    """Dates read right, wrongly and left open, of strikes whose date is at least half inked.

    ``legible`` asks for those alone of which each letter can be told.
    """
    asked = [s for s in strikes if s.date and s.visible >= least and s.legible >= legible]
    answers = [decide(judged(ranked(s, params), s.look, params), params) for s in asked]
    right = sum(a.value == s.date for a, s in zip(answers, asked, strict=True))
    wrong = sum(a.value not in (None, s.date) for a, s in zip(answers, asked, strict=True))
    n = max(len(asked), 1)
    return {"asked": len(asked), "right": right / n, "wrong": wrong / n, "open": 1 - (right + wrong) / n}


def legend_cases(
    strikes: Sequence[ReadStrike], rng: np.random.Generator, marks: int, params: LegendParams
) -> list[tuple[Floats, int]]:
    """Scores of a library of described marks for each strike, and the right one's place (-1: not in the
    library).
    """
    cases = []
    worded = [s for s in strikes if s.design.legends]
    specs = [_described(s.design) for s in worded]
    for i, strike in enumerate(worded):
        others = rng.choice(len(worded), min(marks, len(worded)), replace=False)
        known = rng.random() < 0.6
        own = set(strike.design.legends)
        chosen = [int(k) for k in others if not own & set(worded[int(k)].design.legends)] + (
            [i] if known else []
        )
        library = {str(k): specs[k] for k in chosen}
        ranked = rank_by_legend(_reading(strike), library, params)
        scores = {c.mark: c.score for c in ranked}
        cases.append(
            (np.array([scores.get(str(k), -20.0) for k in chosen]), chosen.index(i) if known else -1)
        )
    return cases


def _described(design: Design) -> MarkSpec:
    return MarkSpec(
        id=design.id,
        name=Names(en=design.id),
        status="described",
        shape=design.shape,  # type: ignore[arg-type]
        legends=[Legend(text=text) for text in design.legends],
    )


def _reading(strike: ReadStrike) -> LegendReading:
    return read_legend(None, None, strike.lettering)  # type: ignore[arg-type]


def fit_odds(cases: Sequence[tuple[Floats, int]]) -> tuple[float, float]:
    """(sharpness, nothing) of ``LegendParams`` that make the truth most probable, by a plain search."""
    best, found = -np.inf, (0.5, 9.0)
    for sharpness in np.arange(0.1, 1.3, 0.05):
        for nothing in np.arange(2.0, 20.0, 0.5):
            total = 0.0
            for scores, right in cases:
                z = sharpness * np.append(scores, nothing)
                total += float(z[right] - z.max() - np.log(np.exp(z - z.max()).sum()))
            if total > best:
                best, found = total, (round(float(sharpness), 3), round(float(nothing), 2))
    return found


def judged_legends(
    cases: Sequence[tuple[Floats, int]], sharpness: float, nothing: float, bar: float
) -> dict[str, float]:
    """Named right at the top, named right and wrongly above the bar, unknown strikes named."""
    top = right = wrong = known = strange = 0
    for scores, place in cases:
        z = np.exp(sharpness * (np.append(scores, nothing) - max(scores.max(), nothing)))
        sure = float(z[:-1].max() / z.sum()) >= bar
        hit = int(scores.argmax()) == place
        known += place >= 0
        top += hit
        right += hit and sure
        wrong += sure and not hit and place >= 0
        strange += sure and place < 0
    n, m = max(known, 1), max(len(cases) - known, 1)
    return {
        "known": known,
        "top": top / n,
        "right": right / n,
        "wrong": wrong / n,
        "strange_named": strange / m,
    }


def letters_read(strikes: Sequence[ReadStrike], least: float = 0.5) -> float:
    """Share of the letters of legends, at least half inked, that stand in the best line of the free
    reading.
    """
    found = asked = 0
    for strike in strikes:
        texts = [t.text.replace(" ", "") for t in _reading(strike).texts]
        for words, visible in strike.legends:
            letters = [c for c in words.upper() if c.isalnum()]
            if visible >= least and letters:
                asked += len(letters)
                found += max((_common(letters, t.upper()) for t in texts), default=0)
    return found / max(asked, 1)


def _common(letters: Sequence[str], text: str) -> int:
    """Length of the longest common subsequence, look-alikes of the two scripts alike."""
    from recognizer.stages.alphabet import fold

    a, b = [fold(c) for c in letters], [fold(c) for c in text]
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b):
            last, row[j + 1] = row[j + 1], last + 1 if x == y else max(row[j + 1], row[j])
    return row[-1]
