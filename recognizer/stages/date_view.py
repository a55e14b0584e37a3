"""What the networks that look for dates are shown of a strike: all of it, or the place where its date stands.

Places are told in pixels of the first picture, ``look_at``; a view is the map from there to a close picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.types import Strike

SIDE = 160  # of the picture looked at: the smallest date figures of a dial are then about 9 px high
CORE = 144  # the longer side of the strike's box in it
STRIDE = 4  # of the map of parts
PARTS = ("none", "day tens", "day unit", "month", "century", "tens", "unit", "hour", "other")  # of a date
CLOSE = (96, 192)  # rows and columns of the second look's picture
CLOSE_STRIDE = 8  # of its map of parts
_DATED = slice(1, 7)  # of PARTS: day, month and year
_IN_ORDER = (("day tens", "day unit"), ("century", "tens"), ("tens", "unit"))  # as every date is read
_SEEN = 0.15  # below this no place of the map shows a date
_ELONGATED = 2.6  # length over height of the spread from which a date is one line: two lines have up to 2
_STEEP = 0.35  # cosine: lines that lean more may be read downwards or upwards
_LEANING = 0.7  # cosine: lines one above the other lean no more, or their figures were seen wrongly
_RIM_PX = 12.0  # of ``look_at`` round the middles of the outermost figures
_ROWS = (-30.0, 0.0, 30.0)  # of ``look_at``: where views of the middle lie
_MIDDLE, _RIM_LARGER = 1.6, 2.4  # how much larger than ``look_at`` views of the middle and of the rim are
_RIM = 0.8  # of the box's half: where the lettering of a rim stands
_RIM_STEP_DEG, _RIM_TURN_DEG = 30.0, 100.0  # from one view to the next, and how far they are turned at most
_MOST = 4.5  # times larger than ``look_at``: more shows no more


Layers = tuple[NDArray[np.floating], NDArray[np.floating]]  # (H, W) both, see ``layers_of``


def layers_of(strike: Strike) -> Layers:
    """What is shown of a strike: its ink layer, and how dark each pixel of the crop is, about 0..1."""
    dark = strike.pixels.min(2)
    low, high = np.percentile(dark, (1, 90))
    return strike.ink.astype(np.float32) / 255, (high - dark.astype(np.float32)) / max(high - low, 20.0)


def look_at(strike: Strike, layers: Layers | None = None) -> NDArray[np.float32]:
    """What the network is shown, (2, SIDE, SIDE) 0..1: the strike's ink layer, and how dark each pixel is.

    The strike's box, its longer side ``CORE``, lies in the middle. The darkness helps where the ink layer
    failed, the layer where paper and stamps are dark. ``layers`` saves working them out twice.
    """
    core = strike.core
    scale = CORE / max(core.w, core.h, 1.0)
    height, width = strike.ink.shape
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    out = np.zeros((2, SIDE, SIDE), np.float32)
    left = round(SIDE / 2 - core.centre[0] * scale)
    top = round(SIDE / 2 - core.centre[1] * scale)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size[0], SIDE), min(top + size[1], SIDE)
    for layer, target in zip(layers or layers_of(strike), out, strict=True):
        if x1 > x0 and y1 > y0:
            small = cv2.resize(layer, size, interpolation=how)
            target[y0:y1, x0:x1] = small[y0 - top : y1 - top, x0 - left : x1 - left]
    return np.clip(out, 0, 1)


def look_closer(
    strike: Strike, views: Sequence[Homography], layers: Layers | None = None
) -> NDArray[np.float32]:
    """What the second network is shown, (n, 2, *CLOSE) 0..1: the same layers where the date may stand.

    Each view maps pixels of ``look_at`` to pixels of a picture, see ``view_of``.
    """
    layers, to_look = layers or layers_of(strike), from_crop(strike)
    return np.stack([[_warped(layer, to_look.then(view).matrix) for layer in layers] for view in views])


def from_crop(strike: Strike) -> Homography:
    """From the pixels of a strike's crop to those of ``look_at``."""
    scale, (x, y) = CORE / max(strike.core.w, strike.core.h, 1.0), strike.core.centre
    return Homography.similarity(scale, 0.0, SIDE / 2 - x * scale, SIDE / 2 - y * scale)


def _warped(layer: NDArray[np.floating], warp: NDArray[np.float64]) -> NDArray[np.float32]:
    """A layer as a close picture; made smaller it is averaged first, a warp alone leaves out pixels."""
    shrink = float(np.sqrt(abs(np.linalg.det(warp[:2, :2]))))
    if shrink < 1:
        size = max(round(layer.shape[1] * shrink), 1), max(round(layer.shape[0] * shrink), 1)
        warp = warp @ np.diag([layer.shape[1] / size[0], layer.shape[0] / size[1], 1.0])
        layer = np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.float32)
    return np.clip(np.asarray(cv2.warpAffine(layer, warp[:2], CLOSE[::-1]), np.float32), 0, 1)


def view_of(places: Points, parts: NDArray[np.intp], weights: NDArray[np.floating]) -> Homography:
    """The view that shows a date large and level.

    ``places`` (N, 2) are pixels of ``look_at`` on which a date stands, ``parts`` (N,) what stands there, an
    index into PARTS, ``weights`` (N,) how much each counts. It is turned level: a date of one line by the
    axis it lies along, lines one above the other by how their figures follow each other.
    """
    middle = np.average(places, axis=0, weights=weights)
    off = places - middle
    along = _direction(off, parts, weights)
    across = np.array([-along[1], along[0]])
    spans = [_span(off @ axis, weights) for axis in (along, across)]
    (left, right), (top, bottom) = ((low - _RIM_PX, high + _RIM_PX) for low, high in spans)
    scale = min(CLOSE[1] / (right - left), CLOSE[0] / (bottom - top), _MOST)
    turn = scale * np.stack([along, across])
    centre = middle + along * (left + right) / 2 + across * (top + bottom) / 2
    shift = np.array([CLOSE[1] / 2, CLOSE[0] / 2]) - turn @ centre
    return Homography(np.vstack([np.column_stack([turn, shift]), [0, 0, 1]]))


def where_date_stands(parts: NDArray[np.floating], view: Homography | None = None) -> Homography:
    """``view_of`` the date on a map (PARTS, rows, columns); the middle if it shows none.

    The map is the first look's, or that of a close picture, which ``view`` was the view of.
    """
    chance = parts[_DATED].max(0)
    if chance.max() < _SEEN:
        corners = np.array([[0.2, 0.35], [0.8, 0.65]]) * SIDE
        return view or view_of(corners, np.zeros(2, np.intp), np.ones(2))
    rows, columns = np.nonzero(chance > 0.3 * chance.max())
    places = np.column_stack([columns, rows]).astype(np.float64) + 0.5
    places = places * STRIDE if view is None else view.inverse().apply(places * CLOSE_STRIDE)
    return view_of(places, parts[_DATED][:, rows, columns].argmax(0) + _DATED.start, chance[rows, columns])


def views_around(core: Box) -> list[Homography]:
    """The views that together show all of a strike's rim and its middle, each level with its lettering.

    ``core`` is the strike's box; letters stand on the rim heads outwards or, in its lower half, inwards.
    """
    scale = CORE / max(core.w, core.h, 1.0)
    views = [_view_at(SIDE / 2, SIDE / 2 + off, 0.0, _MIDDLE) for off in _ROWS]
    for at in np.arange(0.0, 360.0, _RIM_STEP_DEG):
        a = np.deg2rad(at)
        x = SIDE / 2 + _RIM * core.w * scale / 2 * np.cos(a)
        y = SIDE / 2 + _RIM * core.h * scale / 2 * np.sin(a)
        for turn in (at + 90, at - 90):
            turn = (turn + 180) % 360 - 180
            if abs(turn) <= _RIM_TURN_DEG:
                views.append(_view_at(x, y, turn, _RIM_LARGER))
    return views


def _view_at(x: float, y: float, angle_deg: float, scale: float) -> Homography:
    """A view centred on a pixel of ``look_at`` on which lettering runs at an angle, clockwise from level."""
    turned = Homography.shift(-x, -y).then(Homography.similarity(scale, -angle_deg, 0, 0))
    return turned.then(Homography.shift(CLOSE[1] / 2, CLOSE[0] / 2))


def _direction(off: Points, parts: NDArray[np.intp], weights: NDArray[np.floating]) -> Points:
    """The direction, of length 1, in which the date is read."""
    steps = np.zeros(2)  # from figures to those that always follow them
    for first, second in _IN_ORDER:
        one, two = (parts == PARTS.index(name) for name in (first, second))
        if one.any() and two.any():
            step = np.average(off[two], 0, weights[two]) - np.average(off[one], 0, weights[one])
            steps += step * min(weights[one].sum(), weights[two].sum())
    spread = (off * weights[:, None]).T @ off / weights.sum() + 1e-6 * np.eye(2)
    sizes, axes = np.linalg.eigh(spread)
    if sizes[1] > _ELONGATED**2 * sizes[0]:
        axis = np.asarray(axes[:, 1])
        ahead = axis[0] if abs(axis[0]) > _STEEP else steps @ axis
        return axis if ahead >= 0 else -axis
    length = float(np.hypot(*steps))
    if length < 1e-6 or steps[0] < _LEANING * length:
        return np.array([1.0, 0.0])
    return np.asarray(steps / length)


def _span(values: NDArray[np.floating], weights: NDArray[np.floating]) -> tuple[float, float]:
    """Where all but a hundredth of the weight at each end lies."""
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    low, high = values[order][np.minimum(np.searchsorted(share, [0.01, 0.99]), len(values) - 1)]
    return float(low), float(high)
