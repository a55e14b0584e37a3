#!/usr/bin/env python3
"""How well unknown strikes are sorted by die: python scripts/benchmark_grouping.py LABELLED_FOLDER

Pairwise scores over all strikes of identity.json, nothing known beforehand: of the pairs put together, how
many are of one die (precision); of the pairs of one die, how many were put together (recall).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from time import process_time

from recognizer.benchmark.dataset import cut, read_designs
from recognizer.errors import RecognizerError
from recognizer.stages.grouping import group_strikes
from recognizer.stages.strikes import lift_strike
from recognizer.types import LearntStrike


def pairwise(groups: Sequence[Sequence[int]], dies: Sequence[str]) -> tuple[int, int, int]:
    """Pairs rightly together, wrongly together, wrongly apart."""
    group = {n: number for number, members in enumerate(groups) for n in members}
    pairs = [(dies[a] == dies[b], group[a] == group[b]) for a, b in combinations(range(len(dies)), 2)]
    return pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))


def main(folder: str) -> int:
    strikes, dies = [], []
    for design in read_designs(Path(folder)):
        for impression in design.strikes:
            piece = cut(Path(folder), impression)
            lifted = lift_strike(piece.pixels, piece.box, None)
            strikes.append(LearntStrike(lifted.pixels, lifted.core))
            dies.append(design.id)
    since = process_time()
    groups = group_strikes(strikes)
    seconds = process_time() - since
    together, wrong, apart = pairwise(groups, dies)
    print(f"{len(strikes)} strikes of {len(set(dies))} dies in {len(groups)} groups, {seconds:.0f} s of CPU")
    print(f"pairs right {together}, wrongly together {wrong}, wrongly apart {apart}")
    print(f"pairwise F1 {2 * together / max(2 * together + wrong + apart, 1):.3f}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except RecognizerError as error:
        sys.exit(f"benchmark_grouping: {error}")
