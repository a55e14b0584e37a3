"""Families of round daters: European bridge daters, Soviet and Russian hammers.

Each function draws the dice for one die and returns a ``Draft`` (see ``draft.py``); millimetres throughout.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recognizer.training.draft import Draft, Rng, Type, chance, clear_of, ring_text, star, uniform
from recognizer.training.places import pick, place, tongue

Element = dict[str, Any]


_COLOURS = (("black", 0.82), ("violet", 0.07), ("blue", 0.06), ("red", 0.04), ("green", 0.01))


def _bridge(rng: Rng, elements: list[Element], half: float, reach: float, width: float) -> None:
    """The two rules of a date bridge, closed or running to the outer ring, with a blank strip between."""
    elements.append({"kind": "rect", "w": 2 * reach, "h": 2 * half, "filled": True, "erase": True})
    x = np.sqrt(max(reach**2 - half**2, 0.1)) if chance(rng, 0.8) else reach
    for y in (-half, half):
        elements.append({"kind": "line", "points": [[-x, y], [x, y]], "width": width})
    if chance(rng, 0.3):
        for s in (-1, 1):
            elements.append({"kind": "line", "points": [[s * x, -half], [s * x, half]], "width": width})


def bridge_dater(rng: Rng, tongue_name: str | None = None) -> Draft:
    """A European dater: town over the top, date in a bridge, district or number below, combs, hatching."""
    name = tongue_name or pick(rng, ("de", "nl", "pl", "hu", "fr", "es", "de", "ru"))
    words = tongue(name)
    r = uniform(rng, 10.5, 15.0)
    ring = uniform(rng, 0.18, 0.45)
    double = chance(rng, 0.6)
    t = Type.random(rng, height=r * uniform(rng, 0.17, 0.22))
    inner = r - t.height - uniform(rng, 1.0, 2.0)
    base = inner + (r - inner - t.height) / 2
    half = uniform(rng, 1.7, 2.6)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}]
    if double:
        elements.append({"kind": "circle", "r": inner, "width": ring * uniform(rng, 0.6, 1.0)})
    fill = rng.random()
    if fill < 0.3:
        elements.append(
            {
                "kind": "hatch",
                "r": inner,
                "pitch": uniform(rng, 0.7, 1.4),
                "width": uniform(rng, 0.15, 0.3),
                "angle_deg": float(rng.choice([0, 90])),
            }
        )
    elif fill < 0.55:
        depth = uniform(rng, 1.5, 3.0)
        for s in (-1, 1):
            elements.append(
                {
                    "kind": "comb",
                    "y": s * (half + depth / 2 + 0.2),
                    "h": depth,
                    "r": inner,
                    "pitch": uniform(rng, 0.8, 1.3),
                    "width": uniform(rng, 0.18, 0.35),
                }
            )
    reach = r if chance(rng, 0.5) or not double else inner
    _bridge(rng, elements, half, reach, ring)
    widest = clear_of(half, base)
    elements += ring_text(t, place(rng, name), base, "top", widest=widest)
    low = pick(rng, (*words.words, str(int(rng.integers(1, 99))), str(int(rng.integers(1, 9))), "*", ""))
    if low == "*":
        elements += star(rng, 0, base + t.height / 2, t.height * 0.5)
    elif low and len(low) <= 2:
        elements.append(t.text(low, 0, base + t.height / 2, scale=1.1))
    elif low:
        elements += ring_text(t, low, base, "bottom", widest=widest)
    if chance(rng, 0.35):
        for s in (-1, 1):
            elements += star(rng, s * (base + t.height / 2), uniform(rng, 3.0, 4.5), t.height * 0.35)
    letters = words.letters if words.letters and chance(rng, 0.6) else ""
    if letters:
        elements.append(
            {
                "kind": "letter",
                "x": 0,
                "y": half + (inner - half) / 2,
                "height": uniform(rng, 1.8, 2.6),
                **t.wheel,
                "slant": float(rng.choice([0, 14])),
            }
        )
    form, years = t.one_line_date(rng, words.language)
    elements.append(
        {
            "kind": "date",
            "x": 0,
            "y": 0,
            "height": half * uniform(rng, 1.15, 1.45),
            "width": 2 * reach * 0.9,
            **t.wheel,
        }
    )
    return Draft(
        elements,
        (2 * r + ring, 2 * r + ring),
        "double circle" if double else "circle",
        [form],
        years,
        letters=letters,
        inks=_COLOURS,
    )


def russian_hammer(rng: Rng) -> Draft:
    """Soviet and Russian round daters: land above, town below, index, letter or word beneath the date."""
    t_ru = tongue("ru")
    r = uniform(rng, 11.5, 14.5)
    ring = uniform(rng, 0.2, 0.45)
    t = Type.random(rng, ("sans", "condensed", "sans", "serif"), height=r * uniform(rng, 0.15, 0.2))
    base = r - ring - uniform(rng, 0.5, 1.0) - t.height
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}]
    double = chance(rng, 0.45)
    if double:
        elements.append({"kind": "circle", "r": base - uniform(rng, 0.4, 0.8), "width": ring * 0.8})
    town = place(rng, "ru")
    elements += ring_text(t, pick(rng, t_ru.countries) if chance(rng, 0.75) else town, base, "top")
    elements += ring_text(t, town if len(town) < 20 else town[:20], base, "bottom")
    if chance(rng, 0.5):
        for s in (-1, 1):
            elements += star(rng, s * (base + t.height / 2), 0, t.height * 0.4)
    date_y = uniform(rng, -1.0, 1.0)
    form, years = t.one_line_date(rng, "ru")
    two = chance(rng, 0.3)
    forms = [(pick(rng, ("DD MM/YYYY", "DD MM YY/HH", "DD MON/YYYY")), "ru")] if two else [form]
    elements.append(
        {
            "kind": "date",
            "x": 0,
            "y": date_y,
            "height": t.height * uniform(rng, 0.95, 1.25),
            "width": base * 1.7,
            "lines": 2 if two else 1,
            **t.wheel,
        }
    )
    if chance(rng, 0.35):
        for y in (-1, 1):
            w = base * 0.85
            elements.append(
                {
                    "kind": "line",
                    "points": [
                        [-w, date_y + y * t.height * (1.6 if two else 1.0)],
                        [w, date_y + y * t.height * (1.6 if two else 1.0)],
                    ],
                    "width": ring * 0.8,
                }
            )
    if chance(rng, 0.4):
        elements.append(
            t.text(
                f"{int(rng.integers(100000, 700000))}",
                0,
                date_y - t.height * (2.6 if two else 2.0),
                scale=0.8,
            )
        )
    letters = t_ru.letters if chance(rng, 0.7) else ""
    if letters:
        elements.append(
            {
                "kind": "letter",
                "x": 0,
                "y": date_y + t.height * (2.6 if two else 2.1),
                "height": t.height,
                "slant": 14,
                **t.wheel,
            }
        )
    elif chance(rng, 0.8):
        word, scale = pick(rng, t_ru.words), uniform(rng, 0.7, 1.3)
        scale *= min(base * 1.5 / t.length(word, scale), 1)
        elements.append(
            t.text(word, 0, date_y + t.height * (2.6 if two else 2.1), scale, bold=chance(rng, 0.5))
        )
    return Draft(
        elements,
        (2 * r + ring, 2 * r + ring),
        "double circle" if double else "circle",
        forms,
        years,
        letters=letters,
        inks=_COLOURS,
    )
