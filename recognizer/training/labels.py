"""Labels stuck on pieces: registration, air mail, bar codes."""

from __future__ import annotations

import numpy as np

from recognizer.training.die import Plate
from recognizer.training.paper import ink_over
from recognizer.training.places import any_tongue, pick, place
from recognizer.training.stamps import Sticker, perforated

Rng = np.random.Generator


def _printed(
    rng: Rng,
    w: float,
    h: float,
    px_per_mm: float,
    elements: list[dict[str, object]],
    ground: tuple[int, int, int],
    ink: tuple[int, int, int],
) -> Sticker:
    drawn = Plate({"size_mm": [w - 2.0, h - 2.0], "element": elements}, px_per_mm).set().ink
    pixels = np.empty((*drawn.shape, 3), np.uint8)
    pixels[:] = ground
    pixels = ink_over(pixels, drawn, ink)
    toothed = rng.random() < 0.3
    alpha = (
        perforated(drawn.shape[0], drawn.shape[1], px_per_mm, 1.6)
        if toothed
        else np.full(drawn.shape, 255, np.uint8)
    )
    return Sticker(pixels, alpha)


def registration_label(rng: Rng, px_per_mm: float) -> Sticker:
    """R or З, an office, a number, in red, blue or black."""
    name = any_tongue(rng)
    w, h = rng.uniform(32, 42), rng.uniform(14, 18)
    ink = ((190, 30, 40), (30, 50, 130), (25, 25, 30))[int(rng.integers(3))]
    x = -w / 2 + h * 0.5
    elements: list[dict[str, object]] = [
        {"kind": "rect", "w": w - 3, "h": h - 3, "width": 0.4},
        {
            "kind": "text",
            "text": "З" if name == "ru" and rng.random() < 0.5 else "R",
            "x": x,
            "y": 0,
            "height": h * 0.5,
            "bold": True,
        },
        {"kind": "line", "points": [[x + h * 0.35, -h / 2 + 1.5], [x + h * 0.35, h / 2 - 1.5]], "width": 0.4},
        {
            "kind": "text",
            "text": place(rng, name),
            "x": h * 0.4,
            "y": -h * 0.2,
            "height": 2.2,
            "width": w - h - 4,
        },
        {
            "kind": "text",
            "text": f"No {int(rng.integers(1, 9999)):03d}",
            "x": h * 0.4,
            "y": h * 0.18,
            "height": 3.0,
            "width": w - h - 4,
        },
    ]
    return _printed(rng, w, h, px_per_mm, elements, (250, 248, 240), ink)


def air_mail_label(rng: Rng, px_per_mm: float) -> Sticker:
    """PAR AVION in white on blue, or blue on white."""
    w, h = rng.uniform(34, 46), rng.uniform(11, 16)
    words = pick(rng, ("PAR AVION", "LUFTPOST", "АВИА", "AIR MAIL", "LÉGIPOSTA", "LOTNICZA"))
    elements: list[dict[str, object]] = [
        {"kind": "rect", "w": w - 3, "h": h - 3, "width": 0.5},
        {
            "kind": "text",
            "text": words,
            "x": 0,
            "y": -h * 0.12,
            "height": h * 0.3,
            "width": w - 6,
            "slant": 10,
            "bold": True,
        },
        {
            "kind": "text",
            "text": pick(rng, ("BY AIR MAIL", "МЕЖДУНАРОДНОЕ", "VIA AEREA")),
            "y": h * 0.26,
            "height": h * 0.14,
            "width": w - 8,
        },
    ]
    if rng.random() < 0.5:
        return _printed(rng, w, h, px_per_mm, elements, (150, 185, 225), (20, 45, 110))
    return _printed(rng, w, h, px_per_mm, elements, (248, 248, 246), (30, 60, 140))


def striped_label(rng: Rng, px_per_mm: float) -> Sticker:
    """VIA AIR MAIL in blue between a red and a blue band."""
    w, h = rng.uniform(34, 48), rng.uniform(10, 14)
    words = pick(rng, ("VIA AIR MAIL", "AIR MAIL", "PAR AVION", "VIA AEREA"))
    spec: list[dict[str, object]] = [
        {"kind": "text", "text": words, "height": h * 0.22, "width": w - 5, "font": "serif", "bold": True}
    ]
    plain = _printed(rng, w, h, px_per_mm, spec, (250, 248, 244), (35, 45, 110))
    rows = plain.pixels.shape[0]
    plain.pixels[: int(rows * 0.28)] = (205, 45, 55)
    plain.pixels[int(rows * 0.72) :] = (45, 60, 140)
    return plain


def barcode_label(rng: Rng, px_per_mm: float, words: str = "") -> Sticker:
    """Bars, a number beneath, an office above."""
    w, h = rng.uniform(48, 70), rng.uniform(18, 26)
    elements: list[dict[str, object]] = []
    x = -w / 2 + 5
    while x < w / 2 - 5:
        bar = float(rng.choice([0.35, 0.35, 0.7, 1.05]))
        elements.append(
            {
                "kind": "polygon",
                "filled": True,
                "points": [[x, -h * 0.2], [x + bar, -h * 0.2], [x + bar, h * 0.2], [x, h * 0.2]],
            }
        )
        x += bar + float(rng.choice([0.35, 0.7]))
    number = "".join(str(d) for d in rng.integers(0, 10, 14))
    elements.append(
        {
            "kind": "text",
            "text": f"{number[:6]} {number[6:8]} {number[8:13]} {number[13]}",
            "y": h * 0.32,
            "height": 2.0,
        }
    )
    elements.append(
        {
            "kind": "text",
            "text": words or pick(rng, ("ПОЧТА РОССИИ", "POSTEN", "PRIORITY", "RECOMMANDÉ")),
            "y": -h * 0.34,
            "height": 2.2,
            "width": w - 8,
        }
    )
    return _printed(rng, w, h, px_per_mm, elements, (252, 252, 252), (20, 20, 25))


def random_label(rng: Rng, px_per_mm: float) -> Sticker:
    return (registration_label, air_mail_label, striped_label, barcode_label)[int(rng.integers(4))](
        rng, px_per_mm
    )
