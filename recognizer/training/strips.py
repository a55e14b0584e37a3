"""Drawn strips for the reader: one line of text as the ink of a strike shows it, with the classes it should
read.

A strip is float32 (2, HEIGHT, width), 0 no ink .. 1 full ink: the ink layer, and how dark each pixel is, as
``recognizer.imaging.unroll`` cuts them from a strike. Real strikes differ from a drawing in the cut of their
letters (width, weight, slant, hand-set slugs), in the ink (worn, faint, blotted, broken off), in what lies
beneath and beside (stamps, handwriting, rules, the lines above and below) and in being cut out a little wrong
(turned, shifted, bent, coarse). All of that is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognizer.imaging.unroll import STRIP_HEIGHT, level
from recognizer.stages.alphabet import SPACE_CLASS, classify
from recognizer.training.fonts import face, is_hand, some_hand
from recognizer.training.glyphs import Glyph
from recognizer.training.ink_wear import PALER
from recognizer.training.strip_texts import compose

Strip = NDArray[np.float32]


class Told(NamedTuple):
    """A strip and what it says: classes in reading order and where along the strip each stands, in pixels.

    ``open``: stretches, from pixel to pixel, of which nothing is asked: their letters are in doubt.
    """

    strip: Strip
    classes: list[int]
    places: list[float]
    open: tuple[tuple[float, float], ...] = ()


_EM = 64  # glyphs are kept at this size and scaled to the strip
_ENGRAVED_CAP = 0.72  # of it: how high the capitals of hands are, as those of fonts
_HANDS = 4000  # that lines are set in: few enough to keep their letters at hand
_ENGRAVED = 0.5  # share of lines in an engraver's hand
_CANVAS = STRIP_HEIGHT * 2  # strips are drawn at twice their size


@dataclass(frozen=True)
class Faces:
    """Font files to draw with; ``lettering`` says which characters each has."""

    files: tuple[str, ...]
    has: tuple[frozenset[str], ...] = field(repr=False)

    @classmethod
    def found(cls, folders: Sequence[Path]) -> Faces:
        """Upright text faces under the folders that have at least the Latin capitals and figures."""
        from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

        files, has = [], []
        for path in sorted(p for f in folders for e in ("*.ttf", "*.otf") for p in f.rglob(e)):
            if any(
                word in path.name
                for word in ("Symbol", "Math", "Dingbat", "Display", "cmsy", "cmmi", "cmex", "Shield")
            ):
                continue
            try:
                with TTFont(path, lazy=True, fontNumber=0) as font:
                    chars = frozenset(chr(c) for c in font.getBestCmap() or {})
            except (TTLibError, KeyError, OSError):
                continue
            if set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") <= chars:
                files.append(str(path))
                has.append(chars)
        return cls(tuple(files), tuple(has))

    def able(self, text: str) -> list[int]:
        """The faces that can write this text."""
        need = frozenset(text) - {" ", "№", "•", "★"}
        return [i for i, chars in enumerate(self.has) if need <= chars]


@lru_cache(maxsize=60_000)
def _glyph(file: str, char: str) -> tuple[NDArray[np.uint8], float] | None:
    """A character's ink (height = 1.5 em, baseline at 1.1 em) and its advance, in pixels at ``_EM``; None
    if empty.
    """
    if is_hand(file):
        return _engraved(face(file).glyph(char))
    font = _font(file)
    advance = float(font.getlength(char))
    picture = Image.new("L", (max(int(advance) + 16, 8), int(1.5 * _EM)), 0)
    ImageDraw.Draw(picture).text((8, 1.1 * _EM), char, fill=255, font=font, anchor="ls")
    ink = np.asarray(picture)
    return (ink, advance) if ink.any() else None


def _engraved(glyph: Glyph) -> tuple[NDArray[np.uint8], float] | None:
    """A letter of a hand as ``_glyph`` gives it."""
    cap = round(_ENGRAVED_CAP * _EM)
    picture = np.zeros((int(1.5 * _EM), max(int(glyph.advance * cap) + 16, 8)), np.uint8)
    places = [np.round((c * cap + (8, 1.1 * _EM)) * 16).astype(np.int32) for c in glyph.contours]
    cv2.fillPoly(picture, places, 255, cv2.LINE_AA, shift=4)
    return (picture, glyph.advance * cap) if places else None


@lru_cache(maxsize=512)
def _font(file: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, _EM)


@lru_cache(maxsize=512)
def _cap(file: str) -> float:
    """Height of a capital in pixels at ``_EM``."""
    if is_hand(file):
        return float(round(_ENGRAVED_CAP * _EM))
    box = _font(file).getbbox("H", anchor="ls")
    return max(float(-box[1]), 8.0)


@dataclass(frozen=True)
class _Hand:
    """How one line is set: face, size and the die maker's habits."""

    file: str
    cap: float  # height of a capital on the double-size canvas
    width: float
    spacing: float  # extra between letters, in capital heights
    jitter: float  # slugs out of line, in capital heights
    space: float


def _set_line(
    canvas: Strip, text: str, hand: _Hand, x: float, base: float, rng: Generator
) -> tuple[float, list[tuple[str, float]]]:
    """Write ``text`` from x on; returns where it ends and the middle of each character."""
    scale = hand.cap / _cap(hand.file)
    middles: list[tuple[str, float]] = []
    for char in text:
        if char == " ":
            middles.append((" ", x + hand.space * hand.cap / 2))
            x += hand.space * hand.cap
            continue
        glyph = _glyph(hand.file, char)
        if glyph is None:
            continue
        middles.append((char, x + glyph[1] * scale * hand.width / 2))
        ink, advance = glyph
        w, h = max(round(ink.shape[1] * scale * hand.width), 1), max(round(ink.shape[0] * scale), 1)
        small = cv2.resize(ink, (w, h), interpolation=cv2.INTER_AREA)
        top = round(base - 1.1 * _EM * scale + rng.normal(0, hand.jitter) * hand.cap)
        left = round(x - 8 * scale * hand.width)
        _lay(canvas, small, left, top)
        x += advance * scale * hand.width + hand.spacing * hand.cap
    return x, middles


def _lay(canvas: Strip, ink: NDArray[np.uint8], left: int, top: int) -> None:
    y0, y1 = max(top, 0), min(top + ink.shape[0], canvas.shape[0])
    x0, x1 = max(left, 0), min(left + ink.shape[1], canvas.shape[1])
    if y0 < y1 and x0 < x1:
        part = ink[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32) / 255
        np.maximum(canvas[y0:y1, x0:x1], part, out=canvas[y0:y1, x0:x1])


def _measure(text: str, hand: _Hand) -> float:
    scale = hand.cap / _cap(hand.file) * hand.width
    total = 0.0
    for char in text:
        glyph = None if char == " " else _glyph(hand.file, char)
        total += hand.space * hand.cap if glyph is None else glyph[1] * scale + hand.spacing * hand.cap
    return total


def draw(rng: Generator, faces: Faces, width: int = 256, wear: float = 1.0) -> Told:
    """One strip (2, STRIP_HEIGHT, width) float32, the classes written on it and their places.

    ``wear`` 0 draws clean strips, 1 the full range of damage. A few strips hold no text at all, or text
    upside
    down, and should read as nothing.
    """
    wear *= float(rng.beta(1.1, 1.3))
    blank = rng.random() < 0.05
    upside_down = not blank and rng.random() < 0.06
    canvas = np.zeros((_CANVAS, width * 2), np.float32)
    text, hand = _choose(rng, faces, width * 2, long=upside_down)
    base = (
        _CANVAS / 2 + hand.cap / 2 + float(np.clip(rng.normal(0, 0.14), -0.35, 0.35)) * (_CANVAS - hand.cap)
    )
    length = _measure(text, hand)
    start = float(rng.uniform(6, max(width * 2 - length - 6, 7)))
    end = start
    middles: list[tuple[str, float]] = []
    if not blank:
        end, middles = _set_line(canvas, text, hand, start, base, rng)
    _surround(canvas, hand, start, end, base, faces, rng)
    canvas = _weigh(canvas, hand, rng)
    canvas = _bend(canvas, rng, wear)
    if upside_down:
        canvas = np.ascontiguousarray(canvas[::-1, ::-1])
    strip = cv2.resize(canvas, (width, STRIP_HEIGHT), interpolation=cv2.INTER_AREA)
    strip = _worn(strip, rng, wear)
    layers = np.stack([level(_scanned(strip, rng, wear)) for _ in range(2)])
    return Told(layers, *([], []) if upside_down else _classes(middles))


def _classes(middles: Sequence[tuple[str, float]]) -> tuple[list[int], list[float]]:
    """Characters and their places on the double-size canvas as classes and places on the strip."""
    classes: list[int] = []
    places: list[float] = []
    for char, x in middles:
        found = classify(char)
        if found is not None and not (found == SPACE_CLASS and (not classes or classes[-1] == SPACE_CLASS)):
            classes.append(found)
            places.append(x / 2)
    while classes and classes[-1] == SPACE_CLASS:
        classes.pop(), places.pop()
    return classes, places


def _choose(rng: Generator, faces: Faces, width: int, long: bool) -> tuple[str, _Hand]:
    """A text and a way of setting it that fits the strip."""
    while True:
        text = compose(rng)
        if rng.random() < 0.3 and any(c in text for c in "1I"):
            text = text.replace("1", "I") if rng.random() < 0.5 else text  # a plain bar for a one
        able = faces.able(text)
        if not able or (long and len(set(text) - set("HIOXNSZ0 .-8")) < 4):
            continue
        narrow = float(np.exp(rng.normal(-0.12, 0.22)))
        hand = _Hand(
            file=_face_for(text, faces.files[int(rng.choice(able))], rng),
            cap=float(rng.uniform(0.4, 0.92)) * _CANVAS,
            width=min(max(narrow, 0.58), 1.6),
            spacing=float(np.clip(rng.normal(0.08, 0.12), -0.04, 0.7))
            + (0.4 * rng.random() if rng.random() < 0.1 else 0),
            jitter=float(rng.choice([0.0, 0.0, 0.02, 0.05])),
            space=float(rng.uniform(0.25, 0.9)),
        )
        length = _measure(text, hand)
        if (
            length < width - 14 and rng.random() < 0.25 + 1.2 * length / width
        ):  # rather full strips: more to learn from
            return text, hand


def _face_for(text: str, file: str, rng: Generator) -> str:
    """Half the time a hand that cuts all these letters, otherwise the font."""
    hand = some_hand(rng, _HANDS)
    return hand if rng.random() < _ENGRAVED and all(map(face(hand).has, text)) else file


def _surround(
    canvas: Strip, hand: _Hand, start: float, end: float, base: float, faces: Faces, rng: Generator
) -> None:
    """What stands above, below and beside the line on the same die."""
    height, width = canvas.shape
    gap = float(rng.uniform(0.12, 0.5)) * hand.cap
    for above in (True, False):
        draw_it = rng.random()
        if draw_it < 0.35:
            edge = base - hand.cap - gap if above else base + gap + hand.cap
            other = _Hand(
                hand.file, hand.cap * float(rng.uniform(0.8, 1.2)), hand.width, hand.spacing, 0.0, hand.space
            )
            _set_line(canvas, _line(rng, faces, hand.file), other, rng.uniform(-0.3, 0.5) * width, edge, rng)
        elif draw_it < 0.6:
            y = base - hand.cap - gap if above else base + gap
            tilt = rng.normal(0, 1.5)
            cv2.line(
                canvas,
                (0, round(y - tilt)),
                (width, round(y + tilt)),
                1.0,
                int(rng.integers(1, 6)),
                cv2.LINE_AA,
            )
        elif draw_it < 0.68:
            y = base - hand.cap - gap if above else base + gap
            for x in np.arange(rng.uniform(0, 20), width, rng.uniform(8, 20)):  # comb or hatching
                low, high = (0, y) if above else (y, height)
                cv2.line(
                    canvas,
                    (round(x), round(low)),
                    (round(x + rng.normal(0, 1)), round(high)),
                    1.0,
                    2,
                    cv2.LINE_AA,
                )
    for x, side in ((start, -1), (end, 1)):
        if rng.random() < 0.2:  # end of a bar box, a ring crossing, a star, a neighbour cut off by the strip
            at = x + side * rng.uniform(0.25, 1.0) * hand.cap
            bow = rng.normal(0, 10)
            points = np.array(
                [[at, -5], [at + bow, height / 2], [at + rng.normal(0, 6), height + 5]], np.int32
            )
            cv2.polylines(canvas, [points], False, 1.0, int(rng.integers(1, 5)), cv2.LINE_AA)


def _line(rng: Generator, faces: Faces, file: str) -> str:
    has = face(file).has if is_hand(file) else faces.has[faces.files.index(file)].__contains__
    return "".join(c for c in compose(rng) if has(c) or c == " ")


def _weigh(canvas: Strip, hand: _Hand, rng: Generator) -> Strip:
    """Thinner or fatter strokes: the cut of the die, its wear and the squeeze of the ink."""
    by = rng.normal(0, 0.035) * hand.cap
    if abs(by) < 0.6:
        return canvas
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + 2 * max(round(abs(by) / 1.6), 1),) * 2)
    if by > 0:
        return np.asarray(cv2.dilate(canvas, kernel), np.float32)
    return np.asarray(np.maximum(cv2.erode(canvas, kernel), 0.25 * canvas), np.float32)


def _bend(canvas: Strip, rng: Generator, wear: float) -> Strip:
    """Turned, slanted, bowed and drifting, as a strip cut a little wrong is; on the double-size canvas."""
    height, width = canvas.shape
    x = np.arange(width, dtype=np.float32)
    turn = np.deg2rad(rng.normal(0, 2.2 + 1.3 * wear)) * min(1.0, 200 / width * 2)
    bow = rng.normal(0, 2.0 * wear)
    wave = rng.normal(0, 1.5 * wear)
    phase, period = rng.uniform(0, 6.3), rng.uniform(300, 900)
    u = (x - width / 2) / (width / 2)
    drift = (
        np.tan(turn) * (x - width / 2) + bow * (u * u - 0.3) + wave * np.sin(2 * np.pi * x / period + phase)
    )
    slant = np.tan(np.deg2rad(rng.normal(0, 5))) if rng.random() < 0.7 else 0.0
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    map_y = (yy + drift[None, :]).astype(np.float32)
    map_x = (xx + slant * (yy - height / 2)).astype(np.float32)
    if wear > 0.3 and rng.random() < 0.3:
        map_y += cv2.resize(
            rng.normal(0, 1.0, (3, 12)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
    return np.asarray(cv2.remap(canvas, map_x, map_y, cv2.INTER_LINEAR), np.float32)


def _field(rng: Generator, shape: tuple[int, int], cell: float) -> Strip:
    """Smooth noise, about 0 +- 1, that changes over ``cell`` pixels."""
    small = (max(round(shape[1] / cell), 2), max(round(shape[0] / cell), 2))
    return np.asarray(
        cv2.resize(
            rng.standard_normal((small[1], small[0]), np.float32),
            (shape[1], shape[0]),
            interpolation=cv2.INTER_CUBIC,
        )
    )


def _worn(strip: Strip, rng: Generator, wear: float) -> Strip:
    """Ink worn and blotted: what reached the paper."""
    shape = strip.shape
    out = strip
    if rng.random() < 0.5 * wear:  # patches that did not touch the paper
        lift = _field(rng, shape, rng.uniform(10, 50))
        out = out * np.clip((lift + rng.uniform(0.6, 2.2)) * rng.uniform(1, 4), 0, 1)
    if rng.random() < 0.5 * wear:  # grain
        grain = _field(rng, shape, rng.uniform(1.2, 3))
        out = out * np.clip((grain + rng.uniform(0.2, 1.8)) * rng.uniform(1, 3), 0, 1)
    if rng.random() < 0.12 * wear:  # a blot
        blot = np.clip(_field(rng, shape, rng.uniform(14, 40)) - rng.uniform(0.9, 1.6), 0, 1)
        out = np.maximum(out, np.clip(blot * rng.uniform(1, 3), 0, 0.9))
    return np.asarray(np.clip(out, 0, 1), np.float32)


def _scanned(strip: Strip, rng: Generator, wear: float) -> Strip:
    """One layer of it: paler ink; paper, print and pen beneath; a coarse scan."""
    shape = strip.shape
    out = strip ** np.exp(rng.normal(*PALER) * wear)
    out = out * rng.uniform(0.35 if wear > 0.5 else 0.7, 1.0)
    out = _underlay(out, rng, wear)
    blur = rng.uniform(0.2, 0.6 + 0.9 * wear)
    out = cv2.GaussianBlur(out, (0, 0), blur)
    if rng.random() < 0.3 * wear:  # a coarse scan
        k = rng.uniform(0.35, 0.8)
        out = cv2.resize(
            cv2.resize(out, None, fx=k, fy=k, interpolation=cv2.INTER_AREA),
            (shape[1], shape[0]),
            interpolation=cv2.INTER_LINEAR,
        )
    noise = rng.standard_normal(shape, np.float32) * rng.uniform(0.0, 0.02 + 0.07 * wear)
    if rng.random() < 0.5:
        noise = cv2.GaussianBlur(noise, (0, 0), 0.8) * 1.8
    return np.asarray(np.clip(out + noise, 0, 1), np.float32)


def _underlay(strip: Strip, rng: Generator, wear: float) -> Strip:
    """A stamp's print, a pen stroke or a killer's bar under or over the ink."""
    height, width = strip.shape
    draw_it = rng.random()
    if draw_it > 0.42 * wear:
        return strip
    under = np.zeros_like(strip)
    strength = float(rng.uniform(0.15, 0.8))
    if draw_it < 0.12 * wear:  # engraved tone over part of the strip
        left, right = sorted(rng.uniform(-0.3, 1.3, 2) * width)
        tone = np.clip(_field(rng, (height, width), rng.uniform(2, 8)) * 0.5 + 0.4, 0, 1)
        under[:, max(int(left), 0) : max(int(right), 0)] = tone[:, max(int(left), 0) : max(int(right), 0)]
        strength *= 0.8
    elif draw_it < 0.3 * wear:  # pen strokes
        for _ in range(int(rng.integers(1, 4))):
            t = np.linspace(0, 1, 12)[:, None]
            p = rng.uniform([-20, -20], [width + 20, height + 20], (4, 2))
            curve = (
                (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t * t * (1 - t) * p[2] + t**3 * p[3]
            )
            cv2.polylines(under, [curve.astype(np.int32)], False, 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    else:  # bars
        slope = rng.normal(0, 0.5)
        for y in np.arange(rng.uniform(-10, 10), height + 20, rng.uniform(10, 26)):
            cv2.line(
                under,
                (0, round(y - slope * width / 4)),
                (width, round(y + slope * width / 4)),
                1.0,
                int(rng.integers(1, 3)),
                cv2.LINE_AA,
            )
    return np.asarray(1 - (1 - strip) * (1 - strength * under), np.float32)
