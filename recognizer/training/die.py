"""Draw a die from its ``die`` table: rings, legends, frames, pictures and the movable parts.

    spec = tomllib.loads(...)["die"]                        # or designs.random_design(rng).spec
    drawn = draw_die(spec, px_per_mm=12, date="2008-10-12", letter="б", formats=["DD MM YY"])
    drawn.ink                                               # (H, W) uint8, 255 where the die bears ink
    drawn.date.lettering.path * drawn.px_per_mm + drawn.origin   # pixels of the date's middle line

    plate = Plate(spec, px_per_mm=8)                        # the fixed part drawn once ...
    plate.set(date=..., letter=..., number=...)             # ... the wheels anew: about 0.2 ms

All millimetres, origin at the die's centre, x right, y down, angles clockwise with 0 at the top. Elements,
drawn in order (``elements.py``; every one takes ``erase = true`` to clear what lies beneath it):

    circle {r, width, x=0, y=0}    disc {r, x, y}    ellipse {rx, ry, width}
    arc {r, from_deg, to_deg, width}    rect {x, y, w, h, width, radius=0, filled=false, angle_deg=0}
    polygon {points, width | filled}    line {points, width}    star {x, y, r, points=5, filled=true}
    text {text, x, y, height, width?, angle_deg=0}    arc_text {text, r, centre_deg, inward, span_deg?}
    ellipse_text {text, rx, ry, ...}    all texts: font, bold, slant, spacing,
    weight (mm, thinner below 0), cut (seed, amount: letters a little askew)
    comb {y, h, r, pitch, width}    hatch {r | points, x, y, pitch, width, angle_deg}
    wavy {x, y, w, h, lines, width, waves}    picture {name, x, y, w, h, width}
    drawing {filled, cleared, strokes, x, y, w, h, width}: polygons and lines in a unit square
    date {x, y, height, formats?, language?, lines, gap, width?} or along the rim {r, centre_deg, inward, ...}
    letter {x, y, height, slant}    number {x, y, height}
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recognizer.geometry import Points
from recognizer.training.dates import Moment, WrittenDate, written
from recognizer.training.elements import ELEMENTS, FINE, Canvas, Element
from recognizer.training.fonts import face
from recognizer.training.lettering import Letter, Lettering, letter_corners, set_arc, set_line
from recognizer.types import Ink

WHEELS = ("date", "letter", "number")
TEXTS = ("text", "arc_text", "ellipse_text")


@dataclass(frozen=True, eq=False, slots=True)
class Legend:
    """Words cut into the die, or one line of a movable part. ``role`` is legend, date, letter or number."""

    role: str
    lettering: Lettering

    @property
    def text(self) -> str:
        return self.lettering.text

    @property
    def letters(self) -> tuple[Letter, ...]:
        return self.lettering.letters


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A die as drawn. A point in mm is at pixel ``mm * px_per_mm + origin`` of ``ink``."""

    ink: Ink
    px_per_mm: float
    origin: tuple[float, float]
    size_mm: tuple[float, float]
    legends: tuple[Legend, ...]
    date: WrittenDate | None
    letter: str | None
    number: str | None

    def corners(self, role: str) -> Points | None:
        """(4, 2) mm: the upright box round a movable part (``date``, ``letter``, ``number``), if set."""
        letters = tuple(one for legend in self.legends if legend.role == role for one in legend.letters)
        if not letters:
            return None
        p = letter_corners(letters)
        (x0, y0), (x1, y1) = p.min(0), p.max(0)
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def set_text(kind: str, e: Element, text: str | None = None) -> Lettering:
    """Set the words of a text element, or other words in their place."""
    words = str(e["text"] if text is None else text)
    shape = face(e.get("font", "sans"), bool(e.get("bold", False)))
    height, spacing, slant = float(e["height"]), float(e.get("spacing", 0.0)), float(e.get("slant", 0.0))
    x, y = float(e.get("x", 0.0)), float(e.get("y", 0.0))
    if kind == "text":
        return set_line(
            words,
            shape,
            height,
            x,
            y,
            spacing,
            e.get("width"),
            slant,
            float(e.get("angle_deg", 0.0)),
            e.get("cut"),
        )
    rx, ry = (e["r"], e["r"]) if "r" in e else (e["rx"], e["ry"])
    span = e.get("span_deg")
    return set_arc(
        words,
        shape,
        height,
        float(rx),
        float(ry),
        float(e.get("centre_deg", 0.0)),
        bool(e.get("inward", False)),
        spacing,
        None if span is None else float(span),
        slant,
        x,
        y,
        e.get("cut"),
    )


def _date_lines(e: Element, date: WrittenDate) -> list[Lettering]:
    """The lines of a date one under the other, or along the rim when the element has a radius."""
    if e.get("part") == "rim":
        return [set_text("arc_text", e, date.rim)] if date.rim else []
    if "r" in e or "rx" in e:
        return [set_text("arc_text", e, date.text)]
    lines = date.lines if int(e.get("lines", 1)) > 1 else (date.text,)
    heights = e.get("heights") or [e["height"]] * len(lines)
    step = float(e.get("gap", 1.45)) * float(e["height"])
    top = float(e.get("y", 0.0)) - step * (len(lines) - 1) / 2
    return [
        set_text("text", {**e, "y": top + step * i, "height": heights[min(i, len(heights) - 1)]}, line)
        for i, line in enumerate(lines)
        if line
    ]


def _kind(e: Element) -> tuple[str, Element]:
    """An element's kind, whether it is written ``{kind = "circle", ...}`` or ``{circle = {...}}``."""
    if "kind" in e:
        return str(e["kind"]), e
    if "type" in e:
        return str(e["type"]), e
    ((kind, inner),) = e.items()
    return str(kind), inner


class Plate:
    """The fixed part of a die, drawn once at one resolution; the wheels are set anew for every strike."""

    def __init__(
        self, spec: Mapping[str, Any], px_per_mm: float, skip: Sequence[str] = (), fine: int = FINE
    ) -> None:
        """``spec`` is the ``die`` table; ``fine`` says how much finer it is drawn before it is averaged.

        Raises ValueError naming an element that can't be drawn.
        """
        width, height = (float(v) for v in spec["size_mm"])
        self.size_mm = (width, height)
        self.px_per_mm = px_per_mm
        self._canvas = Canvas(self.size_mm, px_per_mm, fine=fine)
        self._wheels: list[tuple[str, Element]] = []
        legends: list[Legend] = []
        for number, element in enumerate(spec["element"]):
            kind, e = _kind(element)
            try:
                if kind in WHEELS:
                    self._wheels.append((kind, e))
                elif kind in TEXTS:
                    setting = set_text(kind, e)
                    self._canvas.letters(setting, float(e.get("weight", 0.0)), 0 if e.get("erase") else 255)
                    legends.append(Legend("legend", setting))
                elif kind not in skip:
                    ELEMENTS[kind](self._canvas, e, 0 if e.get("erase") else 255)
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"die element {number + 1} ({kind}) can't be drawn: {error!r}") from error
        self._legends = tuple(legends)
        self._fixed = self._canvas.down()

    @property
    def origin(self) -> tuple[float, float]:
        """The pixel of the die's centre."""
        return float(self._canvas.origin[0]), float(self._canvas.origin[1])

    @property
    def wheels(self) -> tuple[str, ...]:
        """Which movable parts the die has."""
        return tuple(kind for kind, _ in self._wheels)

    def set(
        self,
        date: WrittenDate | None = None,
        letter: str | None = None,
        number: str | None = None,
        loose: np.random.Generator | None = None,
    ) -> Drawn:
        """The die with its wheels set; a wheel that is given nothing stays empty.

        With ``loose`` the lines of wheels stand a little askew, as they do in worn hammers.
        """
        ink, legends = self._fixed.copy(), list(self._legends)
        for kind, e in self._wheels:
            text = {"letter": letter, "number": number}.get(kind)
            if loose is not None:
                x, y = (loose.normal(0, 0.035, 2) * e["height"]).tolist()
                e = {**e, "x": e.get("x", 0.0) + x, "y": e.get("y", 0.0) + y, "cut": loose}
            if kind == "date":
                lines = _date_lines(e, date) if date else []
            else:
                lines = [set_text("text", e, text)] if text else []
            for line in lines:
                self._paste(ink, line, float(e.get("weight", 0.0)))
                legends.append(Legend(kind, line))
        return Drawn(ink, self.px_per_mm, self.origin, self.size_mm, tuple(legends), date, letter, number)

    def _paste(self, ink: Ink, line: Lettering, weight: float) -> None:
        """Draw a line of wheels into the ink, touching only the pixels about it."""
        if not line.letters:
            return
        points = np.concatenate([p for run in line.runs for p in run])
        box = np.stack([points.min(0), points.max(0)]) * self.px_per_mm + self.origin
        x0, y0 = np.maximum(np.floor(box.min(0)).astype(int) - 4, 0)
        x1, y1 = np.minimum(np.ceil(box.max(0)).astype(int) + 5, (ink.shape[1], ink.shape[0]))
        if x1 <= x0 or y1 <= y0:
            return
        patch = self._canvas.window(int(x0), int(y0), int(x1), int(y1))
        patch.letters(line, weight, 255)
        view = ink[y0:y1, x0:x1]
        np.maximum(view, patch.down(), out=view)


def draw_die(
    spec: Mapping[str, Any],
    px_per_mm: float = 12.0,
    date: WrittenDate | Moment | datetime.date | str | None = None,
    letter: str | None = None,
    number: str | None = None,
    formats: Sequence[str] = (),
) -> Drawn:
    """Draw a die with its wheels set; without ``date`` (``letter``, ``number``) their places stay empty.

    ``date`` may be ISO text; it is written in the first of ``formats``, else of the date element's own, else
    as ``DD MM YY``. Raises ValueError naming an element that can't be drawn.
    """
    plate = Plate(spec, px_per_mm)
    if date is not None and not isinstance(date, WrittenDate):
        wheel: Element = next((e for kind, e in plate._wheels if kind == "date"), {})
        forms = formats or wheel.get("formats") or ("DD MM YY",)
        date = written(forms[0], date, str(wheel.get("language", "en")))
    return plate.set(date, letter, number)
