"""From maps of centres and sides to boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def boxes_at_peaks(
    heat: Floats, sides: Floats, groups: tuple[int, ...], stride: int, least: float, unit: float = 16.0
) -> Floats:
    """Boxes where a heat map peaks.

    ``heat`` (kinds, H, W) holds scores 0..1, ``sides`` (4 x groups, H, W) the logarithms of the distances
    to the left, top, right and bottom side in units of ``unit`` px; ``groups`` says which four are a kind's.
    Returns (N, 6) rows of kind, score, x, y, w, h in input pixels, best first, at least ``least``.
    """
    rows = []
    for kind, layer in enumerate(heat):
        highest = cv2.dilate(layer, np.ones((3, 3), np.uint8))
        for y, x in np.argwhere((layer >= highest) & (layer >= least)):
            four = sides[4 * groups[kind] : 4 * groups[kind] + 4, y, x]
            left, top, right, bottom = np.exp(np.clip(four, -3, 5)) * unit
            px, py = (x + 0.5) * stride, (y + 0.5) * stride
            rows.append((kind, layer[y, x], px - left, py - top, left + right, top + bottom))
    found = np.array(rows, np.float32).reshape(-1, 6)
    return found[np.argsort(-found[:, 1], kind="stable")]


def boxes_in_views(
    views: Iterable[tuple[Floats, Floats, float]], groups: tuple[int, ...], stride: int, least: float
) -> Floats:
    """The boxes that views of one picture show together.

    ``views``: heat and sides of each, as ``boxes_at_peaks`` takes them, and how large the picture is in it.
    Returns (N, 6) rows as ``boxes_at_peaks`` does, in the picture's pixels, each thing once.
    """
    rows = []
    for heat, sides, scale in views:
        one = boxes_at_peaks(heat, sides, groups, stride, least)
        rows.append(without_doubles(one, groups) / (1, 1, *[scale] * 4))
    return without_doubles(seen_together(rows), groups)


def overlaps(boxes: Floats, box: Floats) -> Floats:
    """Intersection over union of (N, 4) x, y, w, h with one box (4,)."""
    w = np.minimum(boxes[:, 0] + boxes[:, 2], box[0] + box[2]) - np.maximum(boxes[:, 0], box[0])
    h = np.minimum(boxes[:, 1] + boxes[:, 3], box[1] + box[3]) - np.maximum(boxes[:, 1], box[1])
    shared = np.maximum(w, 0) * np.maximum(h, 0)
    return np.asarray(shared / (boxes[:, 2] * boxes[:, 3] + box[2] * box[3] - shared + 1e-6), np.float32)


def without_doubles(rows: Floats, groups: tuple[int, ...], same: float = 0.45, other: float = 0.65) -> Floats:
    """Drop rows (N, 6), best first, that cover a better one of their kind (``same``) or group (``other``)."""
    kept: list[int] = []
    for i, row in enumerate(rows):
        clash = False
        if kept:
            cover = overlaps(rows[kept, 2:], row[2:])
            mine = rows[kept, 0] == row[0]
            near = np.array([groups[int(k)] == groups[int(row[0])] for k in rows[kept, 0]])
            clash = bool(((cover > same) & mine).any() or ((cover > other) & near).any())
        if not clash:
            kept.append(i)
    return rows[kept]


def seen_together(views: Sequence[Floats], same: float = 0.45) -> Floats:
    """What several views of one picture show, each as rows (N, 6) in the same pixels, best first.

    Boxes of one kind that cover each other by ``same`` are one thing: its score is the mean of the views',
    0 in one that does not show it, its box their mean, each counting as much as its score.
    """
    rows = np.concatenate([np.column_stack([v, np.full(len(v), i)]) for i, v in enumerate(views)])
    rows = rows[np.argsort(-rows[:, 1], kind="stable")]
    out, left = [], np.ones(len(rows), bool)
    for i, row in enumerate(rows):
        if not left[i]:
            continue
        alike = left & (rows[:, 0] == row[0]) & (overlaps(rows[:, 2:6], row[2:6]) > same)
        alike[i] = True
        mine = np.nonzero(alike)[0]
        mine = mine[np.unique(rows[mine, 6], return_index=True)[1]]  # the best one of each view
        left[mine] = False
        scores = rows[mine, 1]
        out.append((row[0], scores.sum() / len(views), *np.average(rows[mine, 2:6], 0, scores)))
    together = np.array(out, np.float32).reshape(-1, 6)
    return together[np.argsort(-together[:, 1], kind="stable")]
