"""Postmark, hand stamp or cachet: settled by whether it bears a date, once it has been looked at closely.

On a small picture of a cover a boxed cancel, a boxed hand stamp and a framed cachet look alike. A postmark
bears a date, nearly always; the others seldom do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from recognizer.records import MarkSpec
from recognizer.types import Identification, Region, RegionKind

MAY_BE_STRUCK: tuple[RegionKind, ...] = ("postmark", "handstamp", "cachet")
_MOST = 4.0  # log odds: a network is never surer than that of a date


@dataclass(frozen=True, slots=True)
class KindParams:
    """Log odds of being a postmark, fitted on drawn covers by ``scripts/fit_kinds.py``."""

    dated: float = 1.0  # for each unit of log odds that a date is seen
    # by the kind it was taken for: bias, and what each unit of log odds that it is of that kind is worth
    taken_for: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.0, -1.0), (0.0, -1.0))


def with_kind(region: Region, dated: float, params: KindParams | None = None) -> Region:
    """The region as what it is, given the probability that it bears a date.

    What bears one is a postmark; what was taken for a postmark and bears none is a hand stamp.
    """
    if region.kind not in MAY_BE_STRUCK:
        return region
    sure = postmark_probability(region, dated, params or KindParams())
    if region.kind == "postmark":
        return region if sure >= 0.5 else replace(region, kind="handstamp")
    return replace(region, kind="postmark") if sure >= 0.5 else region


def postmark_probability(region: Region, dated: float, p: KindParams) -> float:
    """How probably a region of ``MAY_BE_STRUCK`` is a postmark."""
    bias, slope = p.taken_for[MAY_BE_STRUCK.index(region.kind)]
    odds = bias + slope * log_odds(region.probability) + p.dated * log_odds(dated)
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    """At most ``_MOST`` either way."""
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return min(max(math.log(bounded / (1 - bounded)), -_MOST), _MOST)


def as_named(region: Region, named: Identification, specs: Mapping[str, MarkSpec]) -> Region:
    """The region as its die's card has it; a learnt card says ``postmark`` also where nobody was asked."""
    spec = specs.get(named.best.mark) if named.known and named.best else None
    if spec is None or (spec.status == "learnt" and spec.kind == "postmark"):
        return region
    return replace(region, kind=spec.kind)
