"""Letters as an engraver cuts them: strokes of one width, bent a little otherwise on every die.

Type faces of computers are few and much alike; the slugs of postmarks are thin, narrow, and no two makers
close a 5, flag a 1 or curl a 6 alike. Here a letter is its skeleton, drawn in the habits of one hand:

    hand = StrokeFace(17)                 # the same number, the same hand; ``fonts.face("strokes:17")``
    hand.glyph("5").contours              # polygons, x right, y down, baseline at 0, an H is 1 high

Skeletons are written in a square: x and y from 0 to 1, y down from the letters' heads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.glyphs import Glyph, Polygon

Stroke = NDArray[np.float64]  # (N, 2) points of one line in the square
_PX = 120  # a capital's height while a letter is drawn, before its edges are traced
_OFF = 0.7  # px: how far the traced edges may lie from the drawn ones


@dataclass(frozen=True, slots=True)
class Hand:
    """The habits of one engraver. Lengths are in capital heights, angles in degrees."""

    wide: float  # of an O
    thick: float  # of strokes that stand
    flat: float  # of strokes that lie, as a share of ``thick``
    square: float  # how square bowls are: 2 an ellipse, 4 nearly a box
    close: float  # how far the bowls of 2, 3, 5, 6 and 9 and the mouths of C, G and S are closed, 0 to 1
    waist: float  # height at which B, E, F, P, R, 3 and 8 are parted
    serif: float  # length of the feet of stems, 0 for none
    flag: float  # of a 1, 0 for a plain bar
    foot: bool  # whether a 1 stands on a foot
    open_four: bool
    curled: bool  # whether 6 and 9 have curled tails, not straight ones
    bent_seven: float  # how much the stroke of a 7 is bent
    flat_three: bool
    roof: float  # length of the bar of a 5, as a share of its width
    neck: float  # of a 2: 0 straight to its foot, 1 swung
    gap: float  # between letters
    shut_five: bool  # whether the bowl of a 5 comes round to its stem, as a 6's does

    @classmethod
    def random(cls, rng: np.random.Generator) -> Hand:
        plain = rng.random() < 0.75
        wide = float(np.clip(rng.normal(0.62, 0.14), 0.38, 1.0))
        return cls(
            wide=wide,
            thick=float(np.clip(np.exp(rng.normal(np.log(0.115), 0.28)), 0.06, 0.28 * wide)),
            flat=1.0 if plain else float(rng.uniform(0.5, 1.0)),
            square=float(2 + rng.gamma(1.2, 0.5)),
            close=float(rng.beta(1.6, 1.6)),
            waist=float(rng.uniform(0.42, 0.56)),
            serif=0.0 if rng.random() < 0.82 else float(rng.uniform(0.12, 0.3)),
            flag=0.0 if rng.random() < 0.35 else float(rng.uniform(0.12, 0.4)),
            foot=bool(rng.random() < 0.22),
            open_four=bool(rng.random() < 0.15),
            curled=bool(rng.random() < 0.7),
            bent_seven=float(rng.uniform(0, 0.25)) if rng.random() < 0.5 else 0.0,
            flat_three=bool(rng.random() < 0.15),
            roof=float(rng.uniform(0.5, 1.0)),
            neck=float(rng.uniform(0, 1)),
            gap=float(rng.uniform(0.1, 0.3)),
            shut_five=bool(rng.random() < 0.14),
        )


def _line(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float64)


def _arc(x: float, y: float, rx: float, ry: float, begin: float, end: float, square: float = 2.0) -> Stroke:
    """Part of an ellipse or of a squarer curve about (x, y); 0 degrees is right, 90 down."""
    a = np.deg2rad(np.linspace(begin, end, 25))
    c, s = np.cos(a), np.sin(a)
    bow = 2 / square
    return np.stack([x + rx * np.sign(c) * np.abs(c) ** bow, y + ry * np.sign(s) * np.abs(s) ** bow], 1)


def _swing(*points: tuple[float, float]) -> Stroke:
    """A curve from the first point to the last, drawn towards the one or two between."""
    t = np.linspace(0, 1, 17)[:, None]
    p = [np.array(q, np.float64) for q in points]
    if len(p) == 3:
        return np.asarray((1 - t) ** 2 * p[0] + 2 * t * (1 - t) * p[1] + t**2 * p[2])
    return np.asarray(
        (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t**2 * (1 - t) * p[2] + t**3 * p[3]
    )


def _join(*strokes: Stroke) -> Stroke:
    return np.concatenate(strokes)


# Figures


def _one(h: Hand) -> list[Stroke]:
    out = [_line((0.5, 0), (0.5, 1))]
    if h.flag:
        out.append(_line((0.5, 0.0), (0.5 - 1.2 * h.flag, 0.1 + 0.5 * h.flag)))
    if h.foot:
        out.append(_line((0.15, 1), (0.85, 1)))
    return out


def _two(h: Hand) -> list[Stroke]:
    head = _arc(0.5, 0.29, 0.47, 0.29, -185 + 60 * (1 - h.close), 25, h.square)
    x, y = head[-1]
    swung = _swing((x, y), (x - 0.12, 0.5 + 0.08 * h.neck), (0.06, 0.72 + 0.1 * h.neck), (0.02, 1.0))
    return [_join(head, swung, _line((0.02, 1), (1, 1)))]


def _three(h: Hand) -> list[Stroke]:
    low = _arc(0.45, (h.waist + 1) / 2, 0.53, (1 - h.waist) / 2, -90, 130 + 55 * h.close, h.square)
    if h.flat_three:
        return [_join(_line((0.02, 0), (0.95, 0), (0.42, h.waist)), low)]
    high = _arc(0.45, h.waist / 2, 0.46, h.waist / 2, -130 - 55 * h.close, 90, h.square)
    return [_join(high, low)]


def _four(h: Hand) -> list[Stroke]:
    if h.open_four:
        return [_line((0.25, 0), (0.0, 0.62), (1.0, 0.62)), _line((0.74, 0.3), (0.74, 1))]
    return [_line((0.74, 1), (0.74, 0), (0.0, 0.68), (1.0, 0.68))]


def _five(h: Hand) -> list[Stroke]:
    if h.shut_five:
        low = 0.56 + 0.1 * h.close
        bowl = _arc(0.5, low + 0.14, 0.47, 0.86 - low, 212, 530 + 40 * h.close, h.square)
        return [_join(_line((h.roof, 0), (0.14, 0), (0.1, 0.5)), bowl)]
    top = 0.46 - 0.06 * h.close
    bowl = _arc(0.46, (top - 0.06 + 1) / 2, 0.52, (1.06 - top) / 2, -140, 120 + 110 * h.close, h.square)
    return [_join(_line((h.roof, 0), (0.14, 0), (0.07, top)), bowl)]


def _six(h: Hand) -> list[Stroke]:
    bowl = _arc(0.5, 0.69, 0.48, 0.31, 180, 540, h.square)
    if not h.curled:
        return [_join(_swing((0.72, 0), (0.1, 0.42), (0.02, 0.69)), bowl)]
    tail = _arc(0.5, 0.5, 0.48, 0.5, -20 - 50 * (1 - h.close), -180, h.square)
    return [_join(tail, _line((0.02, 0.5), (0.02, 0.69)), bowl)]


def _seven(h: Hand) -> list[Stroke]:
    leg = _swing((1, 0), (0.62 - h.bent_seven, 0.42), (0.36, 1))
    return [_join(_line((0, 0.1 if h.serif else 0.0), (0, 0), (1, 0)), leg)]


def _eight(h: Hand) -> list[Stroke]:
    w = h.waist
    return [
        _arc(0.5, w / 2, 0.42, w / 2, 0, 360, h.square),
        _arc(0.5, (1 + w) / 2, 0.5, (1 - w) / 2, 0, 360, h.square),
    ]


def _turned(strokes: Sequence[Stroke]) -> list[Stroke]:
    return [1 - s for s in strokes]


def _mirrored(strokes: Sequence[Stroke]) -> list[Stroke]:
    return [s * (-1, 1) + (1, 0) for s in strokes]


# Letters


def _a(h: Hand) -> list[Stroke]:
    return [_line((0, 1), (0.5, 0), (1, 1)), _line((0.17, 0.66), (0.83, 0.66))]


def _stem() -> Stroke:
    return _line((0, 0), (0, 1))


def _bowl(h: Hand, top: float, bottom: float, reach: float = 1.0) -> Stroke:
    """A bowl on a stem, from its top to its bottom."""
    half = (bottom - top) / 2
    start = max(reach - half * 0.9, 0.35)
    arc = _arc(start, top + half, reach - start, half, -90, 90, h.square)
    return _join(_line((0, top)), arc, _line((0, bottom)))


def _c(h: Hand) -> list[Stroke]:
    mouth = 62 - 38 * h.close
    return [_arc(0.52, 0.5, 0.5, 0.5, -mouth, -360 + mouth, h.square)]


def _e(h: Hand) -> list[Stroke]:
    return [_stem(), _line((0, 0), (0.95, 0)), _line((0, h.waist), (0.8, h.waist)), _line((0, 1), (1, 1))]


def _g(h: Hand) -> list[Stroke]:
    (mouth,) = _c(h)
    return [_join(mouth, _line((1, 0.75), (1, 0.55), (0.6, 0.55)))]


def _s(h: Hand) -> list[Stroke]:
    over, w = 25 + 45 * h.close, h.waist
    head = _arc(0.5, w / 2, 0.46, w / 2, 20 - over, -270, h.square)
    foot = _arc(0.5, (1 + w) / 2, 0.5, (1 - w) / 2, -90, 180 - 55 + over, h.square)
    return [_join(head, foot)]


def _k(h: Hand) -> list[Stroke]:
    return [_stem(), _line((0.95, 0), (0, 0.62)), _line((0.3, 0.43), (1, 1))]


def _cyrillic_zh(h: Hand) -> list[Stroke]:
    return [
        _line((0.5, 0), (0.5, 1)),
        _line((0.02, 0), (0.5, 0.55), (0, 1)),
        _line((0.98, 0), (0.5, 0.55), (1, 1)),
    ]


def _cyrillic_l(h: Hand) -> list[Stroke]:
    return [_join(_swing((0, 1), (0.22, 0.95), (0.25, 0)), _line((1, 0), (1, 1)))]


def _cyrillic_d(h: Hand) -> list[Stroke]:
    return [
        _line((0.14, 0.86), (0.28, 0), (0.86, 0), (0.86, 0.86)),
        _line((0, 1.05), (0, 0.86), (1, 0.86), (1, 1.05)),
    ]


def _soft(h: Hand) -> list[Stroke]:
    return [_stem(), _bowl(h, 0.45, 1)]


Cutter = Callable[[Hand], list[Stroke]]
# letter -> (how it is cut, its width as a share of an O's)
_CUT: dict[str, tuple[Cutter, float]] = {
    "0": (lambda h: [_arc(0.5, 0.5, 0.5, 0.5, 0, 360, h.square)], 0.86),
    "1": (_one, 0.5),
    "2": (_two, 0.82),
    "3": (_three, 0.82),
    "4": (_four, 0.92),
    "5": (_five, 0.82),
    "6": (_six, 0.84),
    "7": (_seven, 0.8),
    "8": (_eight, 0.84),
    "9": (lambda h: _turned(_six(h)), 0.84),
    "A": (_a, 1.05),
    "B": (lambda h: [_stem(), _bowl(h, 0, h.waist, 0.92), _bowl(h, h.waist, 1)], 0.9),
    "C": (_c, 0.95),
    "D": (lambda h: [_stem(), _bowl(h, 0, 1)], 0.95),
    "E": (_e, 0.78),
    "F": (lambda h: [_stem(), _line((0, 0), (1, 0)), _line((0, h.waist), (0.8, h.waist))], 0.76),
    "G": (_g, 1.0),
    "H": (lambda h: [_stem(), _line((1, 0), (1, 1)), _line((0, 0.48), (1, 0.48))], 0.92),
    "I": (lambda h: [_line((0.5, 0), (0.5, 1))], 0.05),
    "J": (lambda h: [_join(_line((1, 0), (1, 0.68)), _arc(0.5, 0.68, 0.5, 0.32, 0, 175))], 0.68),
    "K": (_k, 0.95),
    "L": (lambda h: [_line((0, 0), (0, 1), (1, 1))], 0.74),
    "M": (lambda h: [_line((0, 1), (0, 0), (0.5, 0.8), (1, 0), (1, 1))], 1.15),
    "N": (lambda h: [_line((0, 1), (0, 0), (1, 1), (1, 0))], 0.95),
    "O": (lambda h: [_arc(0.5, 0.5, 0.5, 0.5, 0, 360, h.square)], 1.0),
    "P": (lambda h: [_stem(), _bowl(h, 0, min(h.waist + 0.06, 0.58))], 0.86),
    "Q": (lambda h: [_arc(0.5, 0.5, 0.5, 0.5, 0, 360, h.square), _line((0.6, 0.72), (1.0, 1.05))], 1.0),
    "R": (
        lambda h: [_stem(), _bowl(h, 0, min(h.waist + 0.04, 0.56), 0.95), _line((0.45, h.waist), (1, 1))],
        0.9,
    ),
    "S": (_s, 0.84),
    "T": (lambda h: [_line((0, 0), (1, 0)), _line((0.5, 0), (0.5, 1))], 0.9),
    "U": (
        lambda h: [_join(_line((0, 0), (0, 0.66)), _arc(0.5, 0.66, 0.5, 0.34, 180, 0), _line((1, 0)))],
        0.92,
    ),
    "V": (lambda h: [_line((0, 0), (0.5, 1), (1, 0))], 1.0),
    "W": (lambda h: [_line((0, 0), (0.26, 1), (0.5, 0.2), (0.74, 1), (1, 0))], 1.4),
    "X": (lambda h: [_line((0, 0), (1, 1)), _line((1, 0), (0, 1))], 0.98),
    "Y": (lambda h: [_line((0, 0), (0.5, 0.52), (1, 0)), _line((0.5, 0.52), (0.5, 1))], 0.98),
    "Z": (lambda h: [_line((0, 0), (1, 0), (0, 1), (1, 1))], 0.88),
    "Б": (lambda h: [_line((0.95, 0), (0, 0)), *_soft(h)], 0.88),
    "Г": (lambda h: [_line((0, 1), (0, 0), (1, 0))], 0.74),
    "Д": (_cyrillic_d, 1.1),
    "Ж": (_cyrillic_zh, 1.35),
    "З": (_three, 0.82),
    "И": (lambda h: [_line((0, 0), (0, 1), (1, 0), (1, 1))], 0.95),
    "Л": (_cyrillic_l, 0.95),
    "П": (lambda h: [_line((0, 1), (0, 0), (1, 0), (1, 1))], 0.92),
    "У": (
        lambda h: [_line((0, 0), (0.55, 0.6)), _swing((1, 0), (0.55, 0.85), (0.5, 1.02), (0.08, 0.98))],
        0.95,
    ),
    "Ф": (lambda h: [_line((0.5, -0.04), (0.5, 1.04)), _arc(0.5, 0.47, 0.5, 0.34, 0, 360, h.square)], 1.15),
    "Ц": (lambda h: [_line((0, 0), (0, 1), (1, 1), (1, 1.18)), _line((0.86, 0), (0.86, 1))], 1.0),
    "Ч": (
        lambda h: [_join(_line((0, 0)), _swing((0, 0.3), (0.05, 0.62), (1, 0.5))), _line((1, 0), (1, 1))],
        0.86,
    ),
    "Ш": (lambda h: [_line((0, 0), (0, 1), (1, 1), (1, 0)), _line((0.5, 0), (0.5, 1))], 1.25),
    "Щ": (
        lambda h: [
            _line((0, 0), (0, 1), (1, 1), (1, 1.18)),
            _line((0.46, 0), (0.46, 1)),
            _line((0.92, 0), (0.92, 1)),
        ],
        1.3,
    ),
    "Ъ": (lambda h: [_line((-0.3, 0), (0, 0)), *_soft(h)], 0.8),
    "Ы": (lambda h: [*(s * (0.7, 1) for s in _soft(h)), _line((1, 0), (1, 1))], 1.1),
    "Ь": (_soft, 0.82),
    "Э": (lambda h: [*_mirrored(_c(h)), _line((0.35, 0.48), (1, 0.48))], 0.92),
    "Ю": (
        lambda h: [_stem(), _line((0, 0.48), (0.35, 0.48)), _arc(0.67, 0.5, 0.33, 0.5, 0, 360, h.square)],
        1.35,
    ),
    "Я": (
        lambda h: _mirrored([_stem(), _bowl(h, 0, 0.54, 0.95), _line((0.45, 0.54), (1, 1))]),
        0.9,
    ),
    "Ғ": (lambda h: [_line((0, 1), (0, 0), (1, 0)), _line((-0.2, 0.5), (0.5, 0.5))], 0.76),
    "Ұ": (
        lambda h: [
            _line((0, 0), (0.5, 0.52), (1, 0)),
            _line((0.5, 0.52), (0.5, 1)),
            _line((0.2, 0.72), (0.8, 0.72)),
        ],
        0.98,
    ),
    "Ө": (lambda h: [_arc(0.5, 0.5, 0.5, 0.5, 0, 360, h.square), _line((0, 0.5), (1, 0.5))], 1.0),
    ".": (lambda h: [_line((0.5, 0.97), (0.5, 1))], 0.05),
    ",": (lambda h: [_line((0.6, 0.95), (0.2, 1.14))], 0.14),
    "-": (lambda h: [_line((0, 0.55), (1, 0.55))], 0.45),
    "–": (lambda h: [_line((0, 0.55), (1, 0.55))], 0.7),
    ":": (lambda h: [_line((0.5, 0.3), (0.5, 0.33)), _line((0.5, 0.92), (0.5, 0.95))], 0.05),
    "/": (lambda h: [_line((1, -0.03), (0, 1.06))], 0.5),
    "'": (lambda h: [_line((0.5, 0), (0.4, 0.2))], 0.06),
}
_LIKE = dict(zip("АВЕКМНОРСТХІЈЅҮ", "ABEKMHOPCTXIJSY", strict=True))
_TAILED = {"Қ": "K", "Ң": "H"}
_ACCENTS: dict[str, list[Stroke]] = {
    "dots": [_line((0.28, -0.2), (0.28, -0.18)), _line((0.72, -0.2), (0.72, -0.18))],
    "acute": [_line((0.45, -0.12), (0.68, -0.3))],
    "grave": [_line((0.55, -0.12), (0.32, -0.3))],
    "hook": [_line((0.3, -0.3), (0.5, -0.14), (0.7, -0.3))],
    "roof": [_line((0.3, -0.14), (0.5, -0.3), (0.7, -0.14))],
    "bow": [_swing((0.28, -0.28), (0.5, -0.05), (0.72, -0.28))],
    "bar": [_line((0.25, -0.2), (0.75, -0.2))],
    "ring": [_arc(0.5, -0.22, 0.16, 0.1, 0, 360)],
}
_ACCENTED = {
    **dict(zip("ÄÖÜËЁЇ", [("dots", c) for c in "AOUEЕI"], strict=True)),
    **dict(zip("ÁÉÍÓÚÝŃŚŹĆ", [("acute", c) for c in "AEIOUYNSZC"], strict=True)),
    **dict(zip("ÀÈÙ", [("grave", c) for c in "AEU"], strict=True)),
    **dict(zip("ČĚŘŠŽĎŇŤ", [("hook", c) for c in "CERSZDNT"], strict=True)),
    **dict(zip("ÂÊÎÔÛ", [("roof", c) for c in "AEIOU"], strict=True)),
    **dict(zip("ŪĀĒĪ", [("bar", c) for c in "UAEI"], strict=True)),
    **dict(zip("ÅŮ", [("ring", c) for c in "AU"], strict=True)),
    "Й": ("bow", "И"),
    "Ў": ("bow", "У"),
}


def _cut_of(letter: str) -> tuple[Cutter, float] | None:
    """How a letter is cut, by itself or as a like one with something added; None where it is not known."""
    if letter in _ACCENTED:
        accent, bare = _ACCENTED[letter]
        below = _cut_of(bare)
        if below is None:
            return None
        cut, wide = below
        return (lambda h: [*cut(h), *_ACCENTS[accent]]), wide
    if letter in _TAILED:
        cut, wide = _CUT[_TAILED[letter]]
        return (lambda h: [*cut(h), _line((1, 1), (1.1, 1), (1.1, 1.2))]), wide
    return _CUT.get(_LIKE.get(letter, letter))


class StrokeFace:
    """The letters of one hand; ``fonts.Face`` with other insides. Letters it lacks are ``others``."""

    def __init__(self, seed: int, others: Callable[[str], Glyph]) -> None:
        self.hand = Hand.random(np.random.default_rng([seed, 5]))
        self._others = others
        self._glyphs: dict[str, Glyph] = {}

    def has(self, letter: str) -> bool:
        """Whether the hand cuts this letter itself."""
        return letter == " " or _cut_of(letter) is not None

    def glyph(self, letter: str) -> Glyph:
        """The outline of one letter."""
        found = self._glyphs.get(letter)
        if found is None:
            found = self._glyphs[letter] = self._drawn(letter)
        return found

    def kern(self, left: str, right: str) -> float:
        """0: engravers space letters evenly."""
        return 0.0

    def _drawn(self, letter: str) -> Glyph:
        h = self.hand
        if letter == " ":
            return Glyph((), 0.35 * h.wide + h.gap, False)
        cut = _cut_of(letter)
        if cut is None:
            return self._others(letter)
        wide = cut[1] * h.wide
        inner = max(wide - h.thick, 0.02), 1 - h.thick * h.flat
        strokes = [s * inner + ((h.thick + h.gap) / 2, h.thick * h.flat / 2) for s in cut[0](h)]
        if h.serif and letter.isalpha():
            strokes += _feet(strokes, h)
        return Glyph(_outlined(strokes, h), max(wide, h.thick) + h.gap, False)


def _feet(strokes: Sequence[Stroke], h: Hand) -> list[Stroke]:
    """Short bars across the free ends of standing strokes."""
    low, high = h.thick * h.flat / 2, 1 - h.thick * h.flat / 2
    out = []
    for s in strokes:
        for end, inward in ((s[0], s[min(1, len(s) - 1)]), (s[-1], s[max(len(s) - 2, 0)])):
            upright = abs(end[1] - inward[1]) > 2 * abs(end[0] - inward[0])
            if upright and min(abs(end[1] - low), abs(end[1] - high)) < 0.02:
                out.append(end + np.array([[-h.serif / 2, 0], [h.serif / 2, 0]]))
    return out


def _outlined(strokes: Sequence[Stroke], h: Hand) -> tuple[Polygon, ...]:
    """The edges of inked strokes, in capital heights above the baseline."""
    room = round((0.45 + h.thick) * _PX)
    low, high = np.min([s.min(0) for s in strokes], 0), np.max([s.max(0) for s in strokes], 0)
    size = np.maximum(np.ceil((high - np.minimum(low, 0)) * _PX).astype(int), 1) + 2 * room
    canvas = np.zeros((size[1], size[0]), np.uint8)
    shift = np.array([room, room]) - np.minimum(low, 0) * _PX
    for s in strokes:
        cv2.polylines(canvas, [np.round(s * _PX + shift).astype(np.int32)], False, 255, 1)
    nib = (max(round(h.thick * _PX), 1), max(round(h.thick * h.flat * _PX), 1))
    inked = cv2.dilate(canvas, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, nib))
    found, _ = cv2.findContours(inked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    smooth = [cv2.approxPolyDP(c, _OFF, True)[:, 0].astype(np.float64) for c in found]
    return tuple((c - shift) / _PX - (0, 1) for c in smooth if len(c) > 2)
