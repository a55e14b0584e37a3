"""Quick strikes for the finder: dials, pictorials, boxes and killers, drawn small, as ink on nothing.

The finder sees a cover at about 640 px, where a letter is five pixels high. These drawings are made for that
size and cost milliseconds; the press draws the same things properly for naming and reading.
All masks are (H, W) float32, 0 no ink .. 1 full ink, drawn at twice the size they are used at.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognizer.training.line_art import Drawing
from recognizer.training.places import any_tongue, pick, place, tongue

Mask = NDArray[np.float32]
Rng = np.random.Generator
FACES = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSerif-Bold.ttf",
    "DejaVuSansMono.ttf",
)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


@lru_cache(maxsize=256)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    import matplotlib

    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)


def chance(rng: Rng, p: float) -> bool:
    return bool(rng.random() < p)


def words(rng: Rng, upper: bool = True) -> str:
    """A place name or a legend in one of the dies' languages."""
    name = any_tongue(rng)
    if chance(rng, 0.3):
        return pick(rng, tongue(name).words)
    text = place(rng, name)
    return text if upper else text.title()


def date_text(rng: Rng) -> str:
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(12)), int(rng.integers(1895, 2024))
    yy, name = f"{year % 100:02d}", _MONTHS[month]
    digits = (f"{day:02d} {month + 1:02d} {yy}", f"{day}.{month + 1}.{yy}", f"{yy}.{month + 1}.{day}")
    return pick(rng, (f"{name} {day}", *digits, f"{day} {name} {year}", f"{day}-{month + 1}-{year}-8"))


def text_mask(
    rng: Rng, text: str, height: float, face: str | None = None, width: float | None = None
) -> Mask:
    """One line of capitals about ``height`` px high, squeezed to ``width`` where it is longer."""
    face = face or FACES[int(rng.integers(len(FACES)))]
    font = _font(face, max(round(height * 1.37), 5))
    left, top, right, bottom = font.getbbox(text or " ")
    image = Image.new("L", (max(int(right - left), 1) + 2, max(int(bottom - top), 1) + 2))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=font)
    mask = np.asarray(image, np.float32) / 255
    if width is not None and mask.shape[1] > width:
        mask = cv2.resize(mask, (max(int(width), 1), mask.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(mask, np.float32)


def lay(canvas: Mask, mask: Mask, x: float, y: float) -> None:
    """Put a mask's centre at (x, y) of a canvas, the stronger ink winning."""
    h, w = mask.shape
    x0, y0 = round(x - w / 2), round(y - h / 2)
    u0, v0 = max(-x0, 0), max(-y0, 0)
    u1, v1 = min(w, canvas.shape[1] - x0), min(h, canvas.shape[0] - y0)
    if u1 > u0 and v1 > v0:
        part = canvas[y0 + v0 : y0 + v1, x0 + u0 : x0 + u1]
        np.maximum(part, mask[v0:v1, u0:u1], out=part)


def art_mask(drawing: Drawing, w: int, h: int, line: int) -> Mask:
    """A drawing of ``line_art`` as ink."""
    canvas = np.zeros((h, w), np.uint8)
    for part, ink in (("filled", 255), ("cleared", 0)):
        for polygon in drawing.get(part, []):
            cv2.fillPoly(canvas, [_fixed(polygon, w, h)], ink, cv2.LINE_AA, 4)
    for stroke in drawing.get("strokes", []):
        cv2.polylines(canvas, [_fixed(stroke, w, h)], False, 255, line, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / np.float32(255)


def _fixed(points: NDArray[np.float64], w: int, h: int) -> NDArray[np.int32]:
    return np.asarray(np.round(points * (w, h) * 16), np.int32)


def worn(rng: Rng, mask: Mask) -> Mask:
    """Strike a die: stroke gain, uneven ink, dry places, a side that did not print."""
    h, w = mask.shape
    if chance(rng, 0.12):  # a fresh, heavily inked die
        return np.asarray(np.clip(cv2.GaussianBlur(mask, (0, 0), 0.8) * 1.6, 0, 1), np.float32)
    spread = rng.uniform(0.3, 1.3)
    m = cv2.GaussianBlur(mask, (0, 0), spread)
    m = np.clip((m - rng.uniform(0.05, 0.3)) * rng.uniform(1.4, 3.2), 0, 1)
    m *= np.clip(
        field(rng, h, w, rng.uniform(0.15, 0.5) * max(h, w, 40)) * rng.uniform(0.1, 0.9)
        + rng.uniform(0.6, 1.0),
        0,
        1,
    )
    if chance(rng, 0.7):
        m *= np.clip(
            field(rng, h, w, rng.uniform(1.5, 5)) * rng.uniform(0.2, 1.0) + rng.uniform(0.6, 1.2), 0, 1
        )
    if chance(rng, 0.3):
        angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(-0.2, 0.9)
        y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
        m *= np.clip(
            (at - x * np.cos(angle) - y * np.sin(angle)) / rng.uniform(0.15, 0.8) + 0.5,
            rng.uniform(0, 0.3),
            1,
        )
    return np.asarray(m * rng.uniform(0.4, 1.0) ** 0.7, np.float32)


def field(rng: Rng, h: int, w: int, cell: float) -> Mask:
    """Smooth noise (H, W), about normal, whose lumps are ``cell`` px wide."""
    small = rng.standard_normal((max(int(h / cell), 1) + 3, max(int(w / cell), 1) + 3)).astype(np.float32)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC), np.float32)
