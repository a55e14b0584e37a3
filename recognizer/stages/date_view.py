"""What the networks that look for dates are shown of a strike: all of it, or the place where its date stands.

Places are told in pixels of the first picture, ``look_at``; a view leads from there to a close picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.stages.strikes import Layers, layers_of
from recognizer.stages.view import Rim, View
from recognizer.types import Strike

SIDE = 160  # of the picture looked at: the smallest date figures of a dial are then about 9 px high
CORE = 144  # the longer side of the strike's box in it
STRIDE = 4  # of the map of parts
PARTS = ("none", "day tens", "day unit", "month", "century", "tens", "unit", "hour", "other")  # of a date
CLOSE = (128, 192)  # rows and columns of the second look's picture
CLOSE_STRIDES = (4, 8)  # across and down, of its map of parts: letters are narrow and stand side by side
_DATED = slice(1, 7)  # of PARTS: day, month and year
_IN_ORDER = (("day tens", "day unit"), ("century", "tens"), ("tens", "unit"))  # as every date is read
_SEEN = 0.15  # below this no place of a map shows a date
_SHARE = 0.3  # of the surest place: below it another shows none
_ELONGATED = 2.6  # length over height of the spread from which a date is one line: two lines have up to 2
_STEEP = 0.35  # cosine: lines that lean more may be read downwards or upwards
_LEANING = 0.7  # cosine: lines one above the other lean no more, or their figures were seen wrongly
_ROOM_PX = 12.0  # of ``look_at`` round the middles of the outermost figures
_ROWS = (-30.0, 0.0, 30.0)  # of ``look_at``: where views of the middle lie
_MIDDLE = 1.6  # how much larger than ``look_at`` views of the middle are
_MOST = 4.5  # times larger than ``look_at``: more shows no more
_RIM = 0.84  # of the box's half: where the lettering of a rim stands
_RIM_LARGER = 1.7  # how much larger views of the rim are at first: then they show 100 degrees of it
_RIM_STEP_DEG = 40.0  # from one view of the rim to the next
_ON_RIM = (0.6, 0.15)  # mean and deviation of how far out a date along the rim stands, at least and at most
_TILT = 0.4  # rise over run that lettering on an unrolled rim has at most
_ROUND = 0.6  # height over width of a strike that may have a rim


@dataclass(frozen=True, eq=False, slots=True)
class DatePlace:
    """Where on a die its date stands: ``points`` (N, 2) of the die's box (0 to 1 each way), the part of the
    date at each, an index into PARTS, and how surely it stands there.
    """

    points: Points
    parts: NDArray[np.intp]
    weights: NDArray[np.floating]


def _hats(size: int, step: int) -> NDArray[np.float64]:
    """(size, knots) weights that interpolate every pixel of a side from knots ``step`` pixels apart."""
    knots = np.arange(0, size + step, step)
    return np.asarray(np.maximum(1 - np.abs(np.arange(size)[:, None] - knots) / step, 0))


# The pixels of a close picture whose places are worked out, and how all others follow from them.
_DOWN, _ACROSS = _hats(CLOSE[0], 8), _hats(CLOSE[1], 8)
_KNOTS = np.array([(8.0 * x, 8.0 * y) for y in range(_DOWN.shape[1]) for x in range(_ACROSS.shape[1])])


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


def look_closer(strike: Strike, views: Sequence[View], layers: Layers | None = None) -> NDArray[np.float32]:
    """What the second network is shown, (n, 2, *CLOSE) 0..1: the same layers where the date may stand.

    Views lead from pixels of ``look_at`` to pixels of a picture, see ``view_of``.
    """
    finest, to_look = layers or layers_of(strike), from_crop(strike)
    sizes: dict[float, Layers] = {}  # the layers made smaller; many views are of one scale
    shown = []
    for view in views:
        scale = min(view.scale * float(to_look.matrix[0, 0]), 1.0)
        if scale not in sizes:
            sizes[scale] = _shrunk(finest, scale)
        shown.append(_seen(sizes[scale], finest[0].shape, to_look, view))
    return np.stack(shown)


def from_crop(strike: Strike) -> Homography:
    """From the pixels of a strike's crop to those of ``look_at``."""
    scale, (x, y) = CORE / max(strike.core.w, strike.core.h, 1.0), strike.core.centre
    return Homography.similarity(scale, 0.0, SIDE / 2 - x * scale, SIDE / 2 - y * scale)


def _shrunk(layers: Layers, scale: float) -> Layers:
    """The layers made smaller by averaging; as they are at a scale of 1."""
    if scale == 1:
        return layers
    height, width = layers[0].shape
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    ink, dark = (cv2.resize(layer, size, interpolation=cv2.INTER_AREA) for layer in layers)
    return ink, dark


def _seen(layers: Layers, crop: tuple[int, ...], to_look: Homography, view: View) -> NDArray[np.float32]:
    """The layers, of a crop (rows, columns), as a close picture (2, *CLOSE)."""
    factor = np.array(layers[0].shape[::-1]) / crop[::-1]
    if view.rim is None:
        warp = to_look.then(view.to_picture).matrix @ np.diag([*1 / factor, 1.0])
        seen = [cv2.warpAffine(np.asarray(x, np.float32), warp[:2], CLOSE[::-1]) for x in layers]
    else:
        places = to_look.inverse().apply(view.back(_KNOTS)) * factor
        x, y = (_DOWN @ places[:, i].reshape(_DOWN.shape[1], -1) @ _ACROSS.T for i in (0, 1))
        at = x.astype(np.float32), y.astype(np.float32)
        seen = [cv2.remap(np.asarray(layer, np.float32), *at, cv2.INTER_LINEAR) for layer in layers]
    return np.clip(np.asarray(seen, np.float32), 0, 1)


def view_of(
    places: Points,
    parts: NDArray[np.intp],
    weights: NDArray[np.floating],
    rim: Rim | None = None,
    most: float = _MOST,
) -> View:
    """The view that shows a date large and level.

    ``places`` (N, 2) are pixels of ``look_at`` on which a date stands, ``parts`` (N,) what stands there, an
    index into PARTS, ``weights`` (N,) how much each counts. It is turned level: a date of one line by the
    axis it lies along, lines one above the other by how their figures follow each other; what stands on a
    ``rim`` is level when that is unrolled. It is made no more than ``most`` times larger.
    """
    points = places if rim is None else rim.unrolled(places)
    middle = np.average(points, axis=0, weights=weights)
    off = points - middle
    along = _direction(off, parts, weights) if rim is None else _slope(off, weights)
    across = np.array([-along[1], along[0]])
    spans = [_span(off @ axis, weights) for axis in (along, across)]
    (left, right), (top, bottom) = ((low - _ROOM_PX, high + _ROOM_PX) for low, high in spans)
    scale = min(CLOSE[1] / (right - left), CLOSE[0] / (bottom - top), most)
    turn = scale * np.stack([along, across])
    centre = middle + along * (left + right) / 2 + across * (top + bottom) / 2
    shift = np.array([CLOSE[1] / 2, CLOSE[0] / 2]) - turn @ centre
    return View(Homography(np.vstack([np.column_stack([turn, shift]), [0, 0, 1]])), rim)


def views_of_date(map_: NDArray[np.floating], core: Box) -> list[View]:
    """The views that may show the date of the first look's map (PARTS, rows, columns) large and level.

    The first one is flat, of the strike's middle where the map shows no date. Where the date may stand on the
    rim of the strike with the box ``core``, two more unroll that rim both ways.
    """
    found = _figures(map_)
    if found is None:
        corners = np.array([[0.2, 0.35], [0.8, 0.65]]) * SIDE
        return [view_of(corners, np.zeros(2, np.intp), np.ones(2))]
    cells, parts, weights = found
    places = cells * STRIDE
    flat = view_of(places, parts, weights)
    return [
        flat,
        *(view_of(places, parts, weights, rim, _RIM_LARGER) for rim in rims_of(places, weights, core)),
    ]


def rims_of(places: Points, weights: NDArray[np.floating], core: Box) -> list[Rim]:
    """The rims, read outwards and inwards, on which ``places`` (N, 2) may stand; none where they don't."""
    if min(core.w, core.h) < _ROUND * max(core.w, core.h):
        return []
    rim = _rim(core, 0.0, False)
    out, angle = rim.polar(places)
    level = float(np.average(out, weights=weights))
    spread = float(np.sqrt(np.average((out - level) ** 2, weights=weights)))
    if level < _ON_RIM[0] or spread > _ON_RIM[1]:
        return []
    at = float(np.angle(np.average(np.exp(1j * angle), weights=weights)))
    return [_rim(core, at, foot, min(level, 1.0)) for foot in (False, True)]


def closer_views(map_: NDArray[np.floating], view: View) -> list[View]:
    """The views of the date that a close picture's map (PARTS, rows, columns) shows; only ``view`` if none.

    What was seen on a rim is also viewed flat: the rims of triangles and boxes are straight.
    """
    found = _figures(map_)
    if found is None:
        return [view]
    cells, parts, weights = found
    places = view.back(cells * CLOSE_STRIDES)
    rims = (None,) if view.rim is None else (view.rim, None)
    return [view_of(places, parts, weights, rim) for rim in rims]


def place_on_die(map_: NDArray[np.floating], view: View, strike: Strike) -> DatePlace | None:
    """The place of the date on the strike's box, as a close picture's map shows it; None if it shows none."""
    found = _figures(map_)
    if found is None:
        return None
    cells, parts, weights = found
    to_box = from_crop(strike).inverse().then(_box_to_crop(strike.core).inverse())
    return DatePlace(to_box.apply(view.back(cells * CLOSE_STRIDES)), parts, weights)


def place_in_zone(zone: Sequence[float]) -> DatePlace:
    """The place of a date of one line in a card's zone, x, y, width, height in the die's box (0 to 1)."""
    x, y, w, h = zone
    ends = np.array([[x + h / 2, y + h / 2], [x + w - h / 2, y + h / 2]])
    return DatePlace(ends, np.zeros(2, np.intp), np.ones(2))


def views_at(place: DatePlace, to_crop: Homography, strike: Strike) -> list[View]:
    """The views of a strike where its date must stand; ``to_crop`` maps the die's box to its crop."""
    places = to_crop.then(from_crop(strike)).apply(place.points)
    rims = rims_of(places, place.weights, strike.core)
    return [view_of(places, place.parts, place.weights, rim) for rim in (None, *rims)]


def _box_to_crop(core: Box) -> Homography:
    return Homography(np.array([[core.w, 0, core.x], [0, core.h, core.y], [0, 0, 1.0]]))


def dated(map_: NDArray[np.floating]) -> NDArray[np.floating]:
    """How surely a figure of a date stands at each place of a map (PARTS, rows, columns), 0 where hardly any
    does: (rows, columns).
    """
    chance = map_[_DATED].max(0)
    return np.where(chance >= max(_SHARE * chance.max(), _SEEN), chance, 0)


def _figures(
    map_: NDArray[np.floating],
) -> tuple[Points, NDArray[np.intp], NDArray[np.floating]] | None:
    """Where on a map a date is seen, the middles of its cells, which parts, and how surely."""
    chance = dated(map_)
    rows, columns = np.nonzero(chance)
    if not len(rows):
        return None
    parts = map_[_DATED][:, rows, columns].argmax(0) + _DATED.start
    return np.column_stack([columns, rows]).astype(np.float64) + 0.5, parts, chance[rows, columns]


def views_around(core: Box) -> list[View]:
    """The views that together show all of a strike's rim, read both ways, and its middle.

    ``core`` is the strike's box.
    """
    views = [_view_at(SIDE / 2, SIDE / 2 + off, _MIDDLE) for off in _ROWS]
    for at in np.deg2rad(np.arange(0.0, 360.0, _RIM_STEP_DEG)):
        for foot in (False, True):
            middle = Homography.similarity(_RIM_LARGER, 0.0, CLOSE[1] / 2, CLOSE[0] / 2)
            views.append(View(middle, _rim(core, float(at), foot)))
    return views


def _rim(core: Box, at: float, foot: bool, level: float = _RIM) -> Rim:
    scale = CORE / max(core.w, core.h, 1.0) / 2
    return Rim(SIDE / 2, (core.w * scale, core.h * scale), at, foot, level)


def _view_at(x: float, y: float, scale: float) -> View:
    """A view centred on a pixel of ``look_at``, as it stands."""
    larger = Homography.similarity(scale, 0.0, CLOSE[1] / 2, CLOSE[0] / 2)
    return View(Homography.shift(-x, -y).then(larger))


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


def _slope(off: Points, weights: NDArray[np.floating]) -> Points:
    """The direction, of length 1, of a line that is nearly level: a rim is never quite round."""
    x, y = off.T
    rise = float((weights * x * y).sum() / ((weights * x * x).sum() + weights.sum() * _ROOM_PX**2))
    rise = min(max(rise, -_TILT), _TILT)
    return np.asarray(np.array([1.0, rise]) / np.hypot(1.0, rise))


def _span(values: NDArray[np.floating], weights: NDArray[np.floating]) -> tuple[float, float]:
    """Where all but a hundredth of the weight at each end lies."""
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    low, high = values[order][np.minimum(np.searchsorted(share, [0.01, 0.99]), len(values) - 1)]
    return float(low), float(high)
