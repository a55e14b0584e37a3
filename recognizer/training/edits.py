"""How far two readings of one line are apart."""

from __future__ import annotations

from collections.abc import Sequence


def distance(a: Sequence[int], b: Sequence[int]) -> int:
    """Edits between two sequences of classes: put in, left out or changed (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            last, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, last + (x != y))
    return row[-1]
