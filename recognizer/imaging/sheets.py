"""Sheets of paper by their straight edges: quads whose four sides are seen, where no even ground helps.

The idea is old: long lines, all pairs of pairs, and the share of each side that lies on an edge of the right
direction. What is new to a page of covers is only that what lies above hides what lies below: the part of a
side that runs under a sheet found before counts neither way.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points, polygon_area
from recognizer.imaging.quads import Lab, Mask, corner_angles, filled, in_order

_MOST_LINES = 22  # of each direction; pairs of pairs grow with the fourth power
_FRAME_SUPPORT = 0.7  # what the picture's frame counts for as a side: a sheet may be cut there
_UNSEEN = 0.35  # of a side at least has to lie open
_WAYS = 32  # classes of direction, 5.6 degrees each
_SAME_WAY = 4  # classes off that still count: the gradient of a faint edge wavers by 20 degrees
_CORNER = 0.04  # of the picture's side: how far from a corner its two sides must be seen


@dataclass(frozen=True, slots=True)
class SheetParams:
    least_share: float = 0.05  # of the picture
    least_side: float = 0.55  # seen share of the worst side
    least_mean: float = 0.78  # seen share of all sides
    least_corner: float = 0.5  # seen share of both sides by each corner but one
    corner_slack_deg: float = 20.0
    most_aspect: float = 3.6


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    corners: Points  # (4, 2)
    seen: float  # mean share of its sides that lie on edges
    hidden: Mask  # (H, W) 255 where sheets above it lie


@dataclass(frozen=True, eq=False, slots=True)
class _Lines:
    """Lines of one direction: a point and a unit vector each; what lies along them, one entry a pixel."""

    origin: NDArray[np.float64]  # (N, 2)
    along: NDArray[np.float64]  # (N, 2)
    frame: NDArray[np.bool_]  # (N,) the picture's own frame
    hit: NDArray[np.bool_]  # (N, L) where an edge runs along it


def find_sheets(lab: Lab, params: SheetParams, inside: Mask | None = None, most: int = 10) -> list[Sheet]:
    """The sheets that lie open, best first; ``inside`` (H, W) limits the search."""
    edges, ways = _edges(lab)
    if inside is not None:
        near = cv2.dilate(inside, np.ones((9, 9), np.uint8))
        edges, ways = cv2.bitwise_and(edges, near), cv2.bitwise_and(ways, near)
    segments = np.vstack([_segments(edges), _outline(inside)])
    across, down = _families(segments, ways)
    if len(across.along) < 3 or len(down.along) < 3:  # nothing but the frame
        return []
    hidden = np.zeros_like(ways)
    found: list[Sheet] = []
    while len(found) < most:
        best = _best(across, down, hidden, params)
        if best is None:
            break
        found.append(best)
        hidden[filled(best.corners, hidden.shape) > 0] = 255
    return found


def _edges(lab: Lab) -> tuple[Mask, Mask]:
    """Canny's edges over all channels, and at each its gradient's way: 1 to 32 for 0 to 180 degrees."""
    gx, gy = cv2.Sobel(lab, cv2.CV_16S, 1, 0), cv2.Sobel(lab, cv2.CV_16S, 0, 1)
    gx, gy, strength = _strongest(gx, gy)
    # Sobel makes 4 of a step of 1. White paper on white steps by 5; grain, seen as the median, does less.
    strong = float(np.clip(5 * np.median(strength[::4, ::4]), 20, 70))
    edges = cv2.Canny(gx, gy, strong / 2, strong)
    # Handwriting, and whatever else is small and alone, is not the edge of a sheet.
    _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, ltype=cv2.CV_16U)
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1) >= 0.02 * max(edges.shape)
    long[0] = False
    edges = np.where(long[labels], edges, 0).astype(np.uint8)
    ways = np.zeros_like(edges)
    at = edges > 0
    angle = np.arctan2(gy[at].astype(np.float32), gx[at].astype(np.float32))
    ways[at] = 1 + np.floor(angle / np.pi * _WAYS).astype(int) % _WAYS
    return edges, ways


def _strongest(
    gx: NDArray[np.int16], gy: NDArray[np.int16]
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
    """The gradient of the channel that changes most at each pixel, and how much it changes; (H, W) each."""
    strength = cv2.split(np.abs(gx) + np.abs(gy))
    xs, ys = cv2.split(gx), cv2.split(gy)
    x, y, most = xs[0].copy(), ys[0].copy(), strength[0]
    for channel in (1, 2):
        more = (strength[channel] > most).view(np.uint8)
        cv2.copyTo(xs[channel], more, x)
        cv2.copyTo(ys[channel], more, y)
        most = cv2.max(most, strength[channel])
    return x, y, most


def _segments(edges: Mask) -> NDArray[np.float64]:
    """(N, 4) straight runs of edge pixels."""
    side = max(edges.shape)
    found = cv2.HoughLinesP(edges, 1, np.pi / 360, 45, minLineLength=0.07 * side, maxLineGap=0.008 * side)
    return np.asarray(np.empty((0, 4)) if found is None else found, np.float64).reshape(-1, 4)


def _outline(inside: Mask | None) -> NDArray[np.float64]:
    """(N, 4) the long straight runs of a blob's own outline."""
    if inside is None:
        return np.empty((0, 4))
    side = max(inside.shape)
    runs = []
    for contour in cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        corners = cv2.approxPolyDP(contour, 0.004 * side, True).reshape(-1, 2).astype(np.float64)
        runs.append(np.hstack([corners, np.roll(corners, -1, axis=0)]))
    found = np.vstack(runs)
    length = np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    return np.asarray(found[length > 0.04 * side], np.float64)


def _families(segments: NDArray[np.float64], ways: Mask) -> tuple[_Lines, _Lines]:
    """The distinct lines best seen that run across and that run down, the picture's frame among them."""
    height, width = ways.shape
    step = segments[:, 2:] - segments[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 180
    level = np.minimum(angle, 180 - angle) < 45
    frame = np.array(
        [[0, 0, width, 0], [0, height, width, height], [0, 0, 0, height], [width, 0, width, height]], float
    )
    return (
        _with_frame(_distinct(segments[level], length[level]), frame[:2], ways),
        _with_frame(_distinct(segments[~level], length[~level]), frame[2:], ways),
    )


def _distinct(segments: NDArray[np.float64], length: NDArray[np.float64]) -> tuple[Points, Points]:
    """Runs on one line taken together, the longest first: a point and a unit vector each."""
    order = np.argsort(-length)
    segments, length = segments[order], length[order]
    steps = segments[:, 2:] - segments[:, :2]
    free = np.ones(len(segments), bool)
    lines: list[NDArray[np.float64]] = []
    for i in range(len(segments)):
        if not free[i] or len(lines) >= 3 * _MOST_LINES:
            continue
        normal = np.array([-steps[i, 1], steps[i, 0]]) / length[i]
        off = np.maximum(*(np.abs((segments[:, n : n + 2] - segments[i, :2]) @ normal) for n in (0, 2)))
        same = free & (off < 3.5) & (np.abs(steps @ normal) < 0.03 * length)
        free &= ~same
        points = np.vstack([segments[same, :2], segments[same, 2:]]).astype(np.float32)
        lines.append(cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).reshape(4).astype(np.float64))
    found = np.array(lines).reshape(-1, 4)
    along = found[:, :2] * np.where(found[:, :2].sum(1, keepdims=True) < 0, -1, 1)  # from the left or the top
    return found[:, 2:], along


def _with_frame(lines: tuple[Points, Points], frame: NDArray[np.float64], ways: Mask) -> _Lines:
    """The lines along which most edge is seen, and two of the picture's own."""
    steps = frame[:, 2:] - frame[:, :2]
    along = np.vstack([lines[1], steps / np.linalg.norm(steps, axis=1, keepdims=True)])
    origin = np.vstack([lines[0], frame[:, :2]])
    middle = np.array([ways.shape[1], ways.shape[0]]) / 2
    origin = origin + ((middle - origin) * along).sum(1, keepdims=True) * along
    own = np.arange(len(along)) >= len(along) - 2
    found = _Lines(origin, along, own, np.zeros((0, 0), bool))
    hit = _hits(found, ways)
    best = np.argsort(-np.where(own, np.inf, hit.sum(1)), kind="stable")[: _MOST_LINES + 2]
    return _Lines(origin[best], along[best], own[best], hit[best])


def _places(lines: _Lines, shape: tuple[int, ...], off: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of each pixel along each line, ``off`` pixels beside it; rim pixels where outside."""
    t = np.arange(-_reach(shape), _reach(shape) + 1)
    beside = lines.origin + off * np.column_stack([-lines.along[:, 1], lines.along[:, 0]])
    x = np.rint(beside[:, 0, None] + t * lines.along[:, 0, None]).astype(np.intp)
    y = np.rint(beside[:, 1, None] + t * lines.along[:, 1, None]).astype(np.intp)
    return y.clip(0, shape[0] - 1), x.clip(0, shape[1] - 1)


def _reach(shape: tuple[int, ...]) -> int:
    """Lines start from the point nearest to the picture's middle, so half a diagonal each way holds them."""
    return int(np.hypot(shape[0], shape[1]) / 2) + 2


def _hits(lines: _Lines, ways: Mask) -> NDArray[np.bool_]:
    """(N, L) whether an edge of the line's own direction runs within two pixels of each place."""
    ways = ways.copy()
    ways[[0, -1]], ways[:, [0, -1]] = 0, 0  # where places outside the picture are looked up
    normal = 1 + np.floor(np.arctan2(lines.along[:, 0], -lines.along[:, 1]) / np.pi * _WAYS) % _WAYS
    turn = np.abs(np.arange(_WAYS + 1) - normal[:, None])
    same = np.minimum(turn, _WAYS - turn) <= _SAME_WAY
    same[:, 0] = False
    rows = np.arange(len(normal))[:, None]
    hit = np.zeros((len(normal), 2 * _reach(ways.shape) + 1), bool)
    for off in (-2, -1, 0, 1, 2):
        hit |= same[rows, ways[_places(lines, ways.shape, off)]]
    return hit


def _profile(lines: _Lines, hidden: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Running sums along each line of what is seen of it, and of where it lies open: (N, L + 1) each."""
    height, width = hidden.shape
    t = np.arange(-_reach(hidden.shape), _reach(hidden.shape) + 1)
    x = lines.origin[:, 0, None] + t * lines.along[:, 0, None]
    y = lines.origin[:, 1, None] + t * lines.along[:, 1, None]
    inside = (x >= -1) & (y >= -1) & (x <= width) & (y <= height)
    shown = inside & (hidden[_places(lines, hidden.shape, 0)] == 0)
    seen = np.where(lines.frame[:, None], _FRAME_SUPPORT, lines.hit) * shown
    zero = np.zeros((len(seen), 1))
    return np.hstack([zero, np.cumsum(seen, 1)]), np.hstack([zero, np.cumsum(shown, 1, dtype=np.float64)])


@dataclass(frozen=True, eq=False, slots=True)
class _Crossings:
    """N lines of one direction met by M of the other."""

    side: NDArray[np.float64]  # (N, M, M) how much is seen of a line between two others
    after: NDArray[np.float64]  # (N, M) how much just after it meets another
    before: NDArray[np.float64]  # (N, M) and just before; 1 where that is hidden or cut by the frame
    at: NDArray[np.float64]  # (N, M) where, in pixels along the line
    corner: Points  # (N, M, 2)


def _crossings(lines: _Lines, others: _Lines, hidden: Mask) -> _Crossings:
    seen, shown = _profile(lines, hidden)
    start = -_reach(hidden.shape)
    d = others.origin[None] - lines.origin[:, None]
    u, v = lines.along[:, None], others.along[None]
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    t = (d[..., 0] * v[..., 1] - d[..., 1] * v[..., 0]) / np.where(np.abs(cross) < 1e-6, 1e-6, cross)
    rows = np.arange(len(seen))[:, None]

    def share(first: NDArray[np.float64], last: NDArray[np.float64], least: float) -> NDArray[np.float64]:
        """Seen of what is shown from one place to another; -1 where less than ``least`` of it is shown."""
        i, j = (np.rint(x - start).clip(0, seen.shape[1] - 1).astype(int) for x in (first, last))
        r = rows.reshape(len(seen), *[1] * (i.ndim - 1))
        length, open_ = np.abs(j - i), np.abs(shown[r, j] - shown[r, i])
        return np.where(
            open_ >= least * np.maximum(length, 1),
            np.abs(seen[r, j] - seen[r, i]) / np.maximum(open_, 1),
            -1.0,
        )

    window = _CORNER * max(hidden.shape)
    one, other = np.broadcast_arrays(t[:, :, None], t[:, None, :])
    side = share(one, other, _UNSEEN)
    ends = [share(t, t + way, 0.5) for way in (window, -window)]
    after, before = (np.where(end < 0, 1.0, end) for end in ends)
    return _Crossings(side, after, before, t, lines.origin[:, None] + t[..., None] * lines.along[:, None])


def _best(across: _Lines, down: _Lines, hidden: Mask, params: SheetParams) -> Sheet | None:
    """Of all pairs of pairs the sheet that is seen best, the larger of two alike."""
    height, width = hidden.shape
    level, plumb = _crossings(across, down, hidden), _crossings(down, across, hidden)
    # i above j, k left of m, whichever way the lines are numbered
    i, j = _pairs(across.origin[:, 1] + (width / 2 - across.origin[:, 0]) * across.along[:, 1])
    k, m = _pairs(down.origin[:, 0] + (height / 2 - down.origin[:, 1]) * down.along[:, 0] / down.along[:, 1])
    sides = np.stack(
        [level.side[i][:, k, m], level.side[j][:, k, m], plumb.side[k][:, i, j].T, plumb.side[m][:, i, j].T]
    )
    ends = np.stack(
        [
            np.minimum(level.after[i][:, k], plumb.after[k][:, i].T),  # top left
            np.minimum(level.before[i][:, m], plumb.after[m][:, i].T),  # top right
            np.minimum(level.before[j][:, m], plumb.before[m][:, j].T),  # bottom right
            np.minimum(level.after[j][:, k], plumb.before[k][:, j].T),  # bottom left
        ]
    )
    mean = sides.mean(0)
    frames = (across.frame[i].astype(int) + across.frame[j])[:, None] + (
        down.frame[k].astype(int) + down.frame[m]
    )
    good = (sides.min(0) >= params.least_side) & (mean >= params.least_mean - 0.03 * frames) & (frames <= 1)
    corners = np.sort(ends, 0)
    # One corner may be torn, rounded or under a mount; where the frame cuts a sheet all have to be seen.
    good &= np.where(frames > 0, corners[0], corners[1]) >= params.least_corner
    a, b = np.nonzero(good)
    if not len(a):
        return None
    quads = np.stack(
        [
            level.corner[i[a], k[b]],
            level.corner[i[a], m[b]],
            level.corner[j[a], m[b]],
            level.corner[j[a], k[b]],
        ],
        1,
    )
    area = _areas(quads) / (width * height)
    whole = ~(_divided(level, i[a], j[a], k[b], m[b], plumb) | _divided(plumb, k[b], m[b], i[a], j[a], level))
    score = (
        (mean[a, b] + 0.3 * ends[:, a, b].mean(0))
        * np.clip(area, 0, None) ** 0.25
        * np.where(whole, 1.0, 0.7)
        * np.where(frames[a, b] > 0, 0.85, 1.0)
    )
    for n in np.argsort(-score):
        if _fits(quads[n], width, height, hidden, params):
            return Sheet(in_order(quads[n]), float(mean[a[n], b[n]]), hidden.copy())
    return None


def _pairs(place: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All pairs, the first being the one with the lower place."""
    i, j = np.triu_indices(len(place), 1)
    swap = place[i] > place[j]
    return np.where(swap, j, i), np.where(swap, i, j)


def _areas(quads: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = quads[..., 0], quads[..., 1]
    return np.asarray(((x * np.roll(y, -1, 1)) - np.roll(x, -1, 1) * y).sum(1) / 2, np.float64)


def _divided(
    ends: _Crossings,
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    low: NDArray[np.intp],
    high: NDArray[np.intp],
    bars: _Crossings,
) -> NDArray[np.bool_]:
    """Whether a line seen all the way runs from the ``first`` to the ``last`` side: two sheets, not one.

    A line that is printed stops short of the paper's edges.
    """
    divided = np.zeros(len(first), bool)
    for bar in range(len(bars.at)):
        at = ends.at[first, bar]
        start, stop = ends.at[first, low], ends.at[first, high]
        share = (at - start) / np.where(np.abs(stop - start) < 1, 1, stop - start)
        seen = bars.side[bar, first, last] >= 0.8
        to_ends = np.minimum(bars.after[bar, first], bars.before[bar, last]) >= 0.6
        divided |= (share > 0.2) & (share < 0.8) & seen & to_ends
    return divided


def _fits(quad: Points, width: int, height: int, hidden: Mask, params: SheetParams) -> bool:
    slack = 0.02 * max(width, height)
    if (quad < -slack).any() or (quad[:, 0] > width + slack).any() or (quad[:, 1] > height + slack).any():
        return False
    if polygon_area(quad) < params.least_share * width * height:
        return False
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    long, short = max(sides[0] + sides[2], sides[1] + sides[3]), min(sides[0] + sides[2], sides[1] + sides[3])
    if long > params.most_aspect * short:
        return False
    if np.abs(corner_angles(quad) - 90).max() > params.corner_slack_deg:
        return False
    inside = filled(quad, hidden.shape)
    own = cv2.countNonZero(inside)
    return cv2.countNonZero(cv2.bitwise_and(inside, hidden)) < 0.35 * max(own, 1)
