"""What a die is made of besides words: rings, frames, combs, stars, pictures; and its canvas, in mm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.training.lettering import Lettering
from recognizer.types import Ink

Element = Mapping[str, Any]
FINE = 4  # the die is drawn this much finer and then averaged down: smooth edges, whatever the stroke
_FINEST_MM = 0.1  # thinner lines do not survive engraving and ink
_SHIFT = 4  # binary places of a pixel that polygon corners are rounded to


class Canvas:
    """A fine grid that takes millimetres."""

    def __init__(
        self, size_mm: tuple[float, float], px_per_mm: float, margin_mm: float = 1.0, fine: int = FINE
    ) -> None:
        self.fine = fine
        self.scale = px_per_mm * fine
        self.width = int(np.ceil((size_mm[0] + 2 * margin_mm) * px_per_mm))
        self.height = int(np.ceil((size_mm[1] + 2 * margin_mm) * px_per_mm))
        self.origin = np.array([(self.width - 1) / 2, (self.height - 1) / 2])
        self.grid = np.zeros((self.height * fine, self.width * fine), np.uint8)

    def window(self, x0: int, y0: int, x1: int, y1: int) -> Canvas:
        """An empty canvas that covers pixels x0..x1, y0..y1 of this one."""
        part = Canvas.__new__(Canvas)
        part.fine, part.scale, part.width, part.height = self.fine, self.scale, x1 - x0, y1 - y0
        part.origin = self.origin - (x0, y0)
        part.grid = np.zeros((part.height * part.fine, part.width * part.fine), np.uint8)
        return part

    def points(self, mm: Any) -> NDArray[np.int32]:
        fine = np.asarray(mm, np.float64) * self.scale + self.origin * self.fine + (self.fine - 1) / 2
        return np.asarray(np.rint(fine * (1 << _SHIFT)), np.int32)

    def stroke(self, mm: Any, width: float, closed: bool = False, ink: int = 255) -> None:
        thick = max(1, round(width * self.scale))
        cv2.polylines(self.grid, [self.points(mm)], closed, ink, thick, cv2.LINE_8, _SHIFT)

    def fill(self, polygons: Sequence[Any], ink: int = 255) -> None:
        if polygons:
            cv2.fillPoly(self.grid, self.polygons(polygons), ink, cv2.LINE_8, _SHIFT)

    def polygons(self, polygons: Sequence[Any]) -> list[NDArray[np.int32]]:
        """Many polygons at once, which is a good deal faster than one by one."""
        ends = np.cumsum([len(p) for p in polygons])
        return np.split(self.points(np.concatenate(polygons)), ends[:-1])

    def letters(self, lettering: Lettering, weight: float, ink: int) -> None:
        for run in lettering.runs:
            self.fill(run, ink)
            if abs(weight) * self.scale >= 0.5:
                thick = max(1, round(2 * abs(weight) * self.scale))
                edge = ink if weight > 0 else 0
                cv2.polylines(self.grid, self.polygons(run), True, edge, thick, cv2.LINE_8, _SHIFT)
        self.fill(lettering.holes, 0)

    def down(self, grid: Ink | None = None) -> Ink:
        fine = self.grid if grid is None else grid
        return np.asarray(
            cv2.resize(fine, None, fx=1 / self.fine, fy=1 / self.fine, interpolation=cv2.INTER_AREA), np.uint8
        )


# --- fixed elements -----------------------------------------------------------------------------------


def round_points(
    rx: float, ry: float, start_deg: float = 0.0, end_deg: float = 360.0, x: float = 0, y: float = 0
) -> Points:
    """(N, 2) points along an ellipse from one angle to another, clockwise from the top."""
    count = max(8, int(abs(end_deg - start_deg) / 2.5))
    t = np.deg2rad(np.linspace(start_deg, end_deg, count + 1))
    return np.stack([x + rx * np.sin(t), y - ry * np.cos(t)], 1)


def _turn(points: Points, angle_deg: float, x: float = 0.0, y: float = 0.0) -> Points:
    a = np.deg2rad(angle_deg)
    m = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    return np.asarray((points - (x, y)) @ m + (x, y))


def _shape(canvas: Canvas, points: Any, e: Element, ink: int) -> None:
    if e.get("filled"):
        canvas.fill([points], ink)
    if e.get("width"):
        canvas.stroke(points, e["width"], True, ink)


def _circle(c: Canvas, e: Element, ink: int) -> None:
    r = e["r"]
    _shape(c, round_points(r, r, x=e.get("x", 0), y=e.get("y", 0))[:-1], e, ink)


def _disc(c: Canvas, e: Element, ink: int) -> None:
    c.fill([round_points(e["r"], e["r"], x=e.get("x", 0), y=e.get("y", 0))], ink)


def _ellipse(c: Canvas, e: Element, ink: int) -> None:
    _shape(c, round_points(e["rx"], e["ry"], x=e.get("x", 0), y=e.get("y", 0))[:-1], e, ink)


def _arc(c: Canvas, e: Element, ink: int) -> None:
    end = e["to_deg"] if e["to_deg"] > e["from_deg"] else e["to_deg"] + 360
    c.stroke(
        round_points(e["r"], e.get("ry", e["r"]), e["from_deg"], end, e.get("x", 0), e.get("y", 0)),
        e["width"],
        ink=ink,
    )


def _rect(c: Canvas, e: Element, ink: int) -> None:
    x, y, w, h, radius = e.get("x", 0), e.get("y", 0), e["w"] / 2, e["h"] / 2, e.get("radius", 0.0)
    if radius:
        r = min(radius, w, h)
        corners = [(w - r, -h + r, 0), (w - r, h - r, 90), (-w + r, h - r, 180), (-w + r, -h + r, 270)]
        points = np.concatenate([round_points(r, r, a, a + 90, x + u, y + v) for u, v, a in corners])
    else:
        points = np.array([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])
    _shape(c, _turn(points, e.get("angle_deg", 0), x, y), e, ink)


def _polygon(c: Canvas, e: Element, ink: int) -> None:
    _shape(c, e["points"], e, ink)


def _line(c: Canvas, e: Element, ink: int) -> None:
    c.stroke(e["points"], e["width"], ink=ink)


def _star(c: Canvas, e: Element, ink: int) -> None:
    n = int(e.get("points", 5))
    t = np.arange(2 * n) * np.pi / n
    r = np.where(np.arange(2 * n) % 2, e["r"] * (0.4 if n < 6 else 0.5), e["r"])
    points = np.stack([e.get("x", 0) + r * np.sin(t), e.get("y", 0) - r * np.cos(t)], 1)
    c.fill([points], ink) if e.get("filled", True) else c.stroke(points, e.get("width", 0.25), True, ink)


def _comb(c: Canvas, e: Element, ink: int) -> None:
    r, y, h = e["r"], e["y"], e["h"]
    for x in np.arange(-np.floor(r / e.get("pitch", 1.0)) * e.get("pitch", 1.0), r, e.get("pitch", 1.0)):
        reach = np.sqrt(max(r * r - x * x, 0))
        top, bottom = max(y - h / 2, -reach), min(y + h / 2, reach)
        if bottom > top:
            c.stroke([[x, top], [x, bottom]], e.get("width", 0.25), ink=ink)


def _hatch(c: Canvas, e: Element, ink: int) -> None:
    x, y = e.get("x", 0.0), e.get("y", 0.0)
    outline = np.asarray(e["points"], np.float64) if "points" in e else round_points(e["r"], e["r"], x=x, y=y)
    middle, reach = outline.mean(0), float(np.ptp(outline, axis=0).max())
    layer = np.zeros_like(c.grid)
    fine = c.grid
    c.grid = layer
    for offset in np.arange(-reach, reach, e.get("pitch", 1.0)):
        ends = _turn(np.array([[-reach, offset], [reach, offset]]), e.get("angle_deg", 0.0)) + middle
        c.stroke(ends, e.get("width", 0.2))
    clip = np.zeros_like(layer)
    cv2.fillPoly(clip, [c.points(outline)], 255, cv2.LINE_8, _SHIFT)
    c.grid = fine
    c.grid[(layer & clip) > 0] = ink


def _wavy(c: Canvas, e: Element, ink: int) -> None:
    x, w, h, lines = e.get("x", 0.0), e["w"], e["h"], int(e.get("lines", 7))
    u = np.linspace(0, 1, 121)
    swing = h / max(lines, 1) * e.get("swing", 0.9)
    for at in np.linspace(-h / 2 + swing / 2, h / 2 - swing / 2, lines):
        wave = np.sin(u * 2 * np.pi * e.get("waves", 4.5)) * swing / 2
        c.stroke(np.stack([x - w / 2 + u * w, e.get("y", 0.0) + at + wave], 1), e.get("width", 0.5), ink=ink)


def _drawing(c: Canvas, e: Element, ink: int) -> None:
    """Polygons and lines of the unit square, stretched to the box."""
    size, shift = np.array([e["w"], e["h"]]), np.array([e.get("x", 0.0), e.get("y", 0.0)])

    def place(p: Any) -> Points:
        return np.asarray((np.asarray(p, np.float64) - 0.5) * size + shift)

    for polygon in e.get("filled", ()):
        c.fill([place(polygon)], ink)
    for polygon in e.get("cleared", ()):
        c.fill([place(polygon)], 0)
    for line in e.get("strokes", ()):
        c.stroke(place(line), e.get("width", 0.3), ink=ink)


def _picture(c: Canvas, e: Element, ink: int) -> None:
    """A picture by name, stretched to the box; its lines are never thinner than a die can be cut."""
    size, shift = np.array([e["w"], e["h"]]), np.array([e.get("x", 0.0), e.get("y", 0.0)])
    for shape in import_module("recognizer.training.pictures").PICTURES[e["name"]].shapes:
        points, on = (shape.points - 0.5) * size + shift, ink if shape.ink else 0
        if shape.width is None:
            c.fill([points], on)
        else:
            c.stroke(points, max(shape.width * e["h"], _FINEST_MM), ink=on)


ELEMENTS: dict[str, Callable[[Canvas, Element, int], None]] = {
    "circle": _circle, "disc": _disc, "ellipse": _ellipse, "arc": _arc, "rect": _rect, "polygon": _polygon,
    "line": _line, "star": _star, "comb": _comb, "hatch": _hatch, "wavy": _wavy, "drawing": _drawing,
    "picture": _picture,
}  # fmt: skip
