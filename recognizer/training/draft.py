"""What random dies are put together from: type, words on a ring, stars, killers, characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recognizer.training.dates import random_format
from recognizer.training.fonts import face, some_hand
from recognizer.training.lettering import set_line
from recognizer.training.line_art import random_picture

Element = dict[str, Any]
Rng = np.random.Generator
FACES = ("sans", "sans", "condensed", "wide", "serif", "roman", "mono")
_ENGRAVED = 0.5  # share of dies lettered by an engraver's hand: type faces are few and much alike
LATIN_ONLY = ("gothic", "typewriter")


def chance(rng: Rng, p: float) -> bool:
    return bool(rng.random() < p)


def uniform(rng: Rng, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


@dataclass(frozen=True, eq=False)
class Draft:
    """A random die before it is given its number. ``formats`` are (format, language); ``years`` of use."""

    elements: list[Element]
    size_mm: tuple[float, float]
    shape: str
    formats: Sequence[tuple[str, str]] = ()
    years: tuple[int, int] = (1900, 2020)
    letters: str = ""
    numbers: bool = False
    kind: str = "postmark"
    killer: Mapping[str, Any] | None = (
        None  # a die table of its own, ``at`` = its centre in mm from the dial's
    )
    inks: Sequence[tuple[str, float]] = (("black", 1.0),)


@dataclass(frozen=True)
class Type:
    """The letters of one die: most dies have one face for the legend and another for the wheels."""

    font: str
    bold: bool
    height: float
    weight: float
    wheel: Element = field(default_factory=dict)

    @classmethod
    def random(cls, rng: Rng, fonts: Sequence[str] = FACES, height: float = 2.2) -> Type:
        if chance(rng, _ENGRAVED):
            return cls.engraved(rng, height)
        font = str(fonts[int(rng.integers(len(fonts)))])
        bold = chance(rng, 0.25)
        # A cutter's stroke is a tenth to a fifth of the letter; the font's own is an eighth (bold a quarter).
        weight = height * uniform(rng, -0.06, 0.0) if bold else height * uniform(rng, -0.016, 0.035)
        if font == "narrow" and not bold:  # squeezing has thinned its stems
            weight = height * uniform(rng, 0.0, 0.045)
        if font in ("serif", "roman"):  # hairlines don't survive thinning
            weight = height * uniform(rng, 0.0, 0.02)
        wheel = {
            "font": font if font not in LATIN_ONLY or chance(rng, 0.6) else "sans",
            "weight": height * uniform(rng, -0.02, 0.03),
        }
        if chance(rng, 0.4):
            wheel["font"] = str(rng.choice(["sans", "condensed", "gothic", "mono", "typewriter", "wide"]))
        wheel["bold"] = chance(rng, 0.2)
        if wheel["font"] in ("serif", "roman"):
            wheel["weight"] = height * uniform(rng, 0.005, 0.025)
        return cls(font, bold, height, weight, wheel)

    @classmethod
    def engraved(cls, rng: Rng, height: float) -> Type:
        """Letters of one engraver's hand; the wheels are of the same maker or of another."""
        font = some_hand(rng)
        other = some_hand(rng) if chance(rng, 0.5) else font
        weight = height * uniform(rng, -0.01, 0.02)
        return cls(font, False, height, weight, {"font": other, "bold": False, "weight": weight})

    @property
    def style(self) -> Element:
        return {"font": self.font, "bold": self.bold, "weight": self.weight}

    def text(self, words: str, x: float, y: float, scale: float = 1.0, **more: Any) -> Element:
        return {
            **self.style,
            "kind": "text",
            "text": words,
            "x": x,
            "y": y,
            "height": self.height * scale,
            **more,
        }

    def length(self, words: str, scale: float = 1.0) -> float:
        """Millimetres the words take when set straight."""
        letters = set_line(words, face(self.font, self.bold), self.height * scale).letters
        return letters[-1].x - letters[0].x + self.height if letters else 0.0

    def one_line_date(self, rng: Rng, language: str) -> tuple[tuple[str, str], tuple[int, int]]:
        """A format on one line that this language's dies use, and its years."""
        for _ in range(12):
            form, lang, first, last = random_format(rng, one_line=True)
            if lang in ("", language):
                return (form, lang or language), (first, last)
        return ("DD.MM.YY", language), (1930, 2015)


def ring_text(
    t: Type, words: str, base: float, where: str, span: float | None = None, widest: float = 172.0
) -> list[Element]:
    """Words round a ring, letters from ``base`` to ``base + height``; too long ones shrink."""
    height, spacing = t.height, 0.0
    degrees = t.length(words) / base * 57.3
    room = widest if span is None else span
    if degrees > room:
        height, span = max(height * room / degrees, height * 0.6), room
    if where == "bottom":
        place = {"r": base + t.height - (t.height - height) / 2, "centre_deg": 180, "inward": True}
    else:
        place = {
            "r": base + (t.height - height) / 2,
            "centre_deg": {"top": 0, "left": 250, "right": 110}[where],
        }
    element = {**t.style, "kind": "arc_text", "text": words, "height": height, "spacing": spacing, **place}
    if span is not None:
        element["span_deg"] = span
    return [element]


def clear_of(half: float, base: float) -> float:
    """Degrees of a ring of radius ``base`` that stay free above a bridge of that half height."""
    return float(168.0 - 2 * np.rad2deg(np.arcsin(min(half / base, 0.9))))


def star(rng: Rng, x: float, y: float, r: float) -> list[Element]:
    """A star, dot, cross or dash beside the legends."""
    kind = int(rng.integers(5))
    if kind <= 1:
        return [
            {"kind": "star", "x": x, "y": y, "r": r, "points": 5 if kind == 0 else int(rng.integers(4, 8))}
        ]
    if kind == 2:
        return [{"kind": "disc", "x": x, "y": y, "r": r * 0.5}]
    if kind == 3:
        return [
            {"kind": "line", "points": [[x - r * 0.7, y], [x + r * 0.7, y]], "width": r * 0.35},
            {"kind": "line", "points": [[x, y - r * 0.7], [x, y + r * 0.7]], "width": r * 0.35},
        ]
    return [{"kind": "line", "points": [[x - r * 0.7, y], [x + r * 0.7, y]], "width": r * 0.4}]


def emblem(rng: Rng, x: float, y: float, w: float, h: float, width: float) -> Element:
    """A picture about (x, y) in lines and fills, nobody's."""
    art = random_picture(rng)
    return {
        "kind": "drawing",
        "x": x,
        "y": y,
        "w": w,
        "h": h,
        "width": width,
        **{k: [p.tolist() for p in v] for k, v in art.items()},
    }


def kanji(rng: Rng, x: float, y: float, size: float, angle_deg: float) -> Element:
    """An invented character: crossing strokes in a square, as dense as real ones."""
    rows = np.sort(rng.choice(np.linspace(0.08, 0.92, 6), int(rng.integers(2, 5)), replace=False))
    strokes = [
        [[uniform(rng, 0.05, 0.25), v], [uniform(rng, 0.75, 0.95), v + uniform(rng, -0.04, 0.02)]]
        for v in rows
    ]
    for u in rng.choice(np.linspace(0.15, 0.85, 5), int(rng.integers(1, 4)), replace=False):
        strokes.append(
            [[u, uniform(rng, 0.02, 0.4)], [u + uniform(rng, -0.05, 0.05), uniform(rng, 0.6, 0.98)]]
        )
    for _ in range(int(rng.integers(0, 3))):
        strokes.append([[0.5, uniform(rng, 0.2, 0.6)], [uniform(rng, 0.05, 0.95), uniform(rng, 0.75, 0.98)]])
    a = np.deg2rad(angle_deg)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    turned = [((np.array(s) - 0.5) @ turn + 0.5).tolist() for s in strokes]
    return {
        "kind": "drawing",
        "x": x,
        "y": y,
        "w": size * 0.9,
        "h": size * 0.9,
        "strokes": turned,
        "width": size * 0.085,
    }


def killer_of(rng: Rng, r: float) -> dict[str, Any]:
    """What stands to the right of a machine or duplex dial: waves, bars, an oval of bars or a slogan box."""
    h = r * uniform(rng, 1.5, 2.1)
    kind = rng.random()
    if kind < 0.5:
        w = uniform(rng, 45, 85)
        part: list[Element] = [
            {
                "kind": "wavy",
                "w": w,
                "h": h,
                "lines": int(rng.integers(5, 9)),
                "width": uniform(rng, 0.28, 0.65),
                "waves": uniform(rng, 3, 7),
                "swing": uniform(rng, 0.4, 0.8),
            }
        ]
    elif kind < 0.75:
        w = uniform(rng, 30, 60)
        ys = np.linspace(-h / 2, h / 2, int(rng.integers(4, 9)))
        part = [
            {"kind": "line", "points": [[-w / 2, y], [w / 2, y]], "width": uniform(rng, 0.5, 1.1)} for y in ys
        ]
    else:
        w = h * uniform(rng, 0.7, 1.2)
        part = []
        for y in np.linspace(-h / 2, h / 2, int(rng.integers(7, 12))):
            x = w / 2 * np.sqrt(max(1 - (2 * y / h) ** 2, 0.03))
            part.append({"kind": "line", "points": [[-x, y], [x, y]], "width": h / 16})
        if chance(rng, 0.6):
            part.append({"kind": "rect", "w": w * 0.3, "h": h * 0.36, "filled": True, "erase": True})
            part.append(
                {"kind": "text", "text": str(int(rng.integers(1, 20))), "height": h * 0.22, "bold": True}
            )
    return {
        "size_mm": [w + 2, h + 2],
        "element": part,
        "at": [r + w / 2 + uniform(rng, 0.5, 3.0), uniform(rng, -1, 1)],
    }
