"""What is on a mark's card besides its picture, weighed as a specialist would: words read, size, ink, use.

Each is worth some log odds for or against the mark, by hand and cautious: cards say *mostly red*, boxes are
found a tenth too wide, worn letters are read as others. Nothing is said where either side is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recognizer.records import MarkSpec
from recognizer.stages.date_look import CENTURIES, DateLook
from recognizer.stages.legend import LegendReading, rank_by_legend
from recognizer.types import Strike


@dataclass(frozen=True, slots=True)
class FactsParams:
    """What facts are worth; log odds where nothing else is said."""

    words: float = 0.3  # of the legend's score: as ``LegendParams.sharpness``, fitted on drawn strikes
    words_from: float = 8.0  # score that words have by chance
    words_most: float = 6.0  # words alone must not outvote the picture
    size_off: float = 0.12  # deviation of the log of measured to told size: boxes are a tenth off
    size_least: float = -4.0  # a killer or a bar may have been taken in
    wrong_ink: float = -1.0  # inks change within the years a die is used
    use_slack: int = 2  # years: cards know the dates of a few covers, a die served before and after them
    use_year: float = -0.15  # each year beyond
    use_least: float = -3.0  # years are misread


def facts(
    strike: Strike,
    specs: Sequence[MarkSpec],
    reading: LegendReading | None,
    look: DateLook | None = None,
    params: FactsParams | None = None,
) -> list[float]:
    """Log odds for each of ``specs`` that it made ``strike``, from what its card says; 0 says nothing."""
    p = params or FactsParams()
    words = _words(specs, reading, p)
    return [
        words.get(spec.id, 0.0) + _size(strike, spec, p) + _ink(strike, spec, p) + _use(look, spec, p)
        for spec in specs
    ]


def _words(specs: Sequence[MarkSpec], reading: LegendReading | None, p: FactsParams) -> Mapping[str, float]:
    told = {spec.id: spec for spec in specs if spec.legends}
    if reading is None or not told:
        return {}
    scores = {c.mark: c.score for c in rank_by_legend(reading, told)}
    return {
        mark: min(p.words * max(score - p.words_from, 0.0), p.words_most) for mark, score in scores.items()
    }


def _size(strike: Strike, spec: MarkSpec, p: FactsParams) -> float:
    if strike.dpi is None or spec.size_mm is None:
        return 0.0
    measured = max(strike.core.w, strike.core.h) / strike.dpi * 25.4
    off = float(np.log(measured / spec.size_mm.value)) / p.size_off
    return max(-0.5 * off**2, p.size_least)


def _ink(strike: Strike, spec: MarkSpec, p: FactsParams) -> float:
    known = strike.ink_name is not None and spec.inks
    return p.wrong_ink if known and strike.ink_name not in spec.inks else 0.0


def _use(look: DateLook | None, spec: MarkSpec, p: FactsParams) -> float:
    """How ill the year seen on the strike goes with the years of the die's use.

    Of the year's last two figures alone: the century is seldom cut.
    """
    if look is None or spec.years_of_use is None:
        return 0.0
    first, last = spec.years_of_use
    seen = look.years.reshape(-1, 100).sum(0)
    years = np.array(CENTURIES)[:, None] + np.arange(100)
    off = np.maximum(np.maximum(first - years, years - last), 0).min(0)
    against = np.maximum(p.use_year * np.maximum(off - p.use_slack, 0), p.use_least)
    return float(np.log(look.present * (seen @ np.exp(against)) + 1 - look.present))
