"""What a date is worth in telling postmarks from hand stamps and cachets: fitted on drawn covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from recognizer.geometry import Box, Homography
from recognizer.stages.date_look import bears_date
from recognizer.stages.kinds import MAY_BE_STRUCK, KindParams, log_odds, with_kind
from recognizer.stages.network import Network
from recognizer.stages.segment import find_regions
from recognizer.stages.strikes import lift_strike
from recognizer.training.covers import compose
from recognizer.training.sheet import RegionTruth
from recognizer.types import Piece, Region

HELD_OUT = 10**9 + 77  # seeds from here on are of covers that no finder was trained on
_SAME = 0.5  # overlap (IoU) from which a region is the drawn one


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A region as the finder took it, whether it seems to bear a date, and what it is."""

    region: Region
    dated: float
    kind: str  # empty where nothing was drawn


def seen_on_covers(seeds: Iterable[int], finder: Network, looker: Network) -> Iterator[Seen]:
    """What the finder takes for something struck on one cover for each seed."""
    for seed in seeds:
        rng = np.random.default_rng([HELD_OUT, seed])
        scan = compose(rng, (1400, 950) if seed % 3 else (1100, 800), scene="full")
        height, width = scan.pixels.shape[:2]
        piece = Piece(scan.pixels, Homography.identity(), Box(0, 0, width, height).corners, None)
        for region in find_regions(piece, finder):
            if region.kind in MAY_BE_STRUCK:
                strike = lift_strike(piece.pixels, region.box, None)
                yield Seen(region, bears_date(strike, looker), _kind_at(region.box, scan.regions))


def _kind_at(box: Box, drawn: Sequence[RegionTruth]) -> str:
    best = max(drawn, key=lambda one: Box.around(one.outline).iou(box), default=None)
    return best.kind if best is not None and Box.around(best.outline).iou(box) >= _SAME else ""


def fitted(seen: Sequence[Seen]) -> KindParams:
    """Weights under which the kinds drawn are likeliest."""
    told = [s for s in seen if s.kind in MAY_BE_STRUCK]
    rows = []
    for s in told:
        own = np.zeros((len(MAY_BE_STRUCK), 2))
        own[MAY_BE_STRUCK.index(s.region.kind)] = 1.0, log_odds(s.region.probability)
        rows.append([log_odds(s.dated), *own.ravel()])
    model = LogisticRegression(C=3.0, fit_intercept=False, max_iter=1000)
    weights = model.fit(np.array(rows), [s.kind == "postmark" for s in told]).coef_[0].round(3).tolist()
    pairs = [(weights[i], weights[i + 1]) for i in range(1, len(weights), 2)]
    return KindParams(weights[0], tuple(pairs))


def judged(seen: Sequence[Seen], params: KindParams) -> dict[str, int]:
    """How many regions had their kind right before and after, and how many changed."""
    told = [s for s in seen if s.kind in MAY_BE_STRUCK]
    after = [with_kind(s.region, s.dated, params).kind for s in told]
    return {
        "regions": len(told),
        "right_before": sum(s.region.kind == s.kind for s in told),
        "right_after": sum(kind == s.kind for kind, s in zip(after, told, strict=True)),
        "changed": sum(kind != s.region.kind for kind, s in zip(after, told, strict=True)),
    }
