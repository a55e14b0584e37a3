"""Round and oval marks beside the daters: combs of the Far East, ovals, words in a ring."""

from __future__ import annotations

from typing import Any

import numpy as np

from recognizer.training.draft import (
    Draft,
    Rng,
    Type,
    chance,
    clear_of,
    emblem,
    kanji,
    ring_text,
    star,
    uniform,
)
from recognizer.training.places import any_tongue, pick, place, tongue

Element = dict[str, Any]


_COLOURS = (("black", 0.8), ("violet", 0.08), ("blue", 0.06), ("red", 0.05), ("green", 0.01))


def far_eastern(rng: Rng) -> Draft:
    """A comb dater with characters above and below the bar, as in Japan, Korea and China."""
    r, ring = uniform(rng, 10.5, 13.0), uniform(rng, 0.3, 0.55)
    t = Type.random(rng, ("sans", "gothic", "wide"), height=r * 0.24)
    half, size = uniform(rng, 1.7, 2.3), r * uniform(rng, 0.28, 0.36)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}]
    for s in (-1, 1):
        elements.append(
            {
                "kind": "line",
                "points": [[-np.sqrt(r * r - half**2), s * half], [np.sqrt(r * r - half**2), s * half]],
                "width": ring * 0.8,
            }
        )
        if chance(rng, 0.6):
            depth = uniform(rng, 1.0, 2.2)
            elements.append(
                {
                    "kind": "comb",
                    "y": s * (half + depth / 2),
                    "h": depth,
                    "r": r,
                    "pitch": uniform(rng, 0.9, 1.4),
                    "width": ring * 0.7,
                }
            )
        if chance(rng, 0.35):
            elements += star(rng, s * r * 0.8, 0, 1.0)
        for angle in np.linspace(-1, 1, int(rng.integers(2, 5))) * uniform(rng, 28, 48):
            a = np.deg2rad(angle)
            d = r - size * 0.75
            elements.append(
                kanji(
                    rng,
                    d * np.sin(a),
                    s * d * np.cos(a),
                    size,
                    float(-s * angle) if chance(rng, 0.8) else 0.0,
                )
            )
    form = (pick(rng, ("YY.M.D", "D.M.YY", "YY. M. D", "DD.M.YY")), "")
    elements.append({"kind": "date", "x": 0, "y": 0, "height": half * 1.35, "width": r * 1.6, **t.wheel})
    return Draft(
        elements,
        (2 * r + ring, 2 * r + ring),
        "circle",
        [form],
        (1900, 1960),
        inks=(("black", 0.7), ("violet", 0.3)),
    )


def oval(rng: Rng) -> Draft:
    """An oval office stamp or dater, one or two frames."""
    name = any_tongue(rng)
    rx = uniform(rng, 15, 21)
    ry, ring = rx * uniform(rng, 0.55, 0.78), uniform(rng, 0.2, 0.45)
    t = Type.random(rng, height=ry * uniform(rng, 0.16, 0.22))
    elements: list[Element] = [{"kind": "ellipse", "rx": rx, "ry": ry, "width": ring}]
    gap = t.height + uniform(rng, 0.9, 1.6)
    double = chance(rng, 0.6)
    if double:
        elements.append({"kind": "ellipse", "rx": rx - gap, "ry": ry - gap, "width": ring * 0.7})
    base_x, base_y = rx - gap + 0.4, ry - gap + 0.4
    for words, at in ((place(rng, name), 0), (pick(rng, tongue(name).words), 180)):
        inward = at == 180
        lift = t.height if inward else 0
        elements.append(
            {
                **t.style,
                "kind": "ellipse_text",
                "text": words,
                "rx": base_x + lift,
                "ry": base_y + lift,
                "centre_deg": at,
                "height": t.height,
                "inward": inward,
            }
        )
    form, years = t.one_line_date(rng, tongue(name).language)
    formats = [form] if chance(rng, 0.75) else []
    if formats:
        elements.append(
            {"kind": "date", "x": 0, "y": 0, "height": t.height * 1.1, "width": base_x * 1.7, **t.wheel}
        )
    else:
        elements.append(t.text(pick(rng, tongue(name).countries), 0, 0, width=base_x * 1.7))
    return Draft(
        elements,
        (2 * rx + ring, 2 * ry + ring),
        "double oval" if double else "oval",
        formats,
        years,
        kind="postmark" if formats else "handstamp",
        inks=_COLOURS,
    )


def ringless_text(rng: Rng) -> Draft:
    """Words in a circle, nothing round them: PASSED BY NAVAL CENSOR; sometimes a number inside."""
    name = any_tongue(rng)
    r = uniform(rng, 9.5, 14)
    t = Type.random(rng, height=r * uniform(rng, 0.18, 0.25))
    words = pick(
        rng,
        (
            "PASSED BY NAVAL CENSOR",
            "PASSED BY CENSOR",
            f"{place(rng, name)} · {pick(rng, tongue(name).words)} ·",
        ),
    )
    elements = ring_text(t, words, r - t.height, "top", span=uniform(rng, 290, 335))
    formats: list[tuple[str, str]] = []
    years = (1900, 2000)
    if chance(rng, 0.5):
        form, years = t.one_line_date(rng, tongue(name).language)
        formats = [form]
        elements.append({"kind": "date", "x": 0, "y": 0, "height": t.height, "width": r * 1.3, **t.wheel})
    elif chance(rng, 0.5):
        elements.append(t.text(str(int(rng.integers(1, 20000))), 0, 0))
    kind = "postmark" if formats else "handstamp"
    return Draft(elements, (2 * r, 2 * r), "circle", formats, years, kind=kind, inks=_COLOURS)


def seal(rng: Rng) -> Draft:
    """A round hand stamp without a date: a ship's, a unit's, a station's, a society's, a censor's."""
    name = any_tongue(rng)
    words = tongue(name)
    r, ring = uniform(rng, 10.0, 21.0), uniform(rng, 0.2, 0.6)
    t = Type.random(rng, height=r * uniform(rng, 0.13, 0.2))
    base = r - t.height - uniform(rng, 0.5, 1.2)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}]
    if chance(rng, 0.25):
        elements.append({"kind": "circle", "r": r - ring - uniform(rng, 0.4, 0.8), "width": ring * 0.5})
        base -= 0.8
    double = chance(rng, 0.45)
    inner = base - uniform(rng, 0.4, 0.9)
    if double:
        elements.append({"kind": "circle", "r": inner, "width": ring * uniform(rng, 0.5, 1.0)})
    elements += ring_text(t, f"{pick(rng, words.words)} {place(rng, name)}", base, "top")
    if chance(rng, 0.6):
        elements += ring_text(t, pick(rng, (*words.countries, *words.heads)), base, "bottom")
    else:
        elements += star(rng, 0, base + t.height / 2, t.height * 0.5)
    dice = rng.random()
    if dice < 0.45:
        wide = inner * uniform(rng, 0.9, 1.4)
        elements.append(emblem(rng, 0, 0, wide, wide, uniform(rng, 0.2, 0.4)))
    elif dice < 0.65:
        elements += star(rng, 0, 0, inner * uniform(rng, 0.35, 0.7))
    elif dice < 0.8:
        elements.append(t.text(str(int(rng.integers(1, 20000))), 0, 0, scale=uniform(rng, 1, 1.6)))
    else:
        lines = [pick(rng, words.words) for _ in range(int(rng.integers(1, 4)))]
        for i, line in enumerate(lines):
            y = 1.6 * t.height * (i - (len(lines) - 1) / 2)
            elements.append(t.text(line, 0, y, scale=0.9, width=inner * 1.6))
    inks = (("black", 0.3), ("violet", 0.35), ("blue", 0.17), ("red", 0.13), ("green", 0.05))
    size = (2 * r + ring, 2 * r + ring)
    shape = "double circle" if double else "circle"
    return Draft(elements, size, shape, (), (1890, 2020), kind="handstamp", inks=inks)


def box_across(rng: Rng) -> Draft:
    """A circle crossed by a date box wider or as wide as itself, the Mexican and Latin way."""
    name = pick(rng, ("es", "fr", "es", "us"))
    r, ring = uniform(rng, 10.5, 13.5), uniform(rng, 0.25, 0.5)
    t = Type.random(rng, height=r * uniform(rng, 0.2, 0.27))
    half = uniform(rng, 1.8, 2.5)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}]
    wide = r * uniform(rng, 0.97, 1.18)
    elements.append({"kind": "rect", "w": 2 * wide, "h": 2 * half, "filled": True, "erase": True})
    elements.append({"kind": "rect", "w": 2 * wide, "h": 2 * half, "width": ring})
    base = r - t.height - uniform(rng, 0.6, 1.1)
    widest = clear_of(half, base)
    elements += ring_text(t, pick(rng, tongue(name).words), base, "top", widest=widest)
    elements += ring_text(t, place(rng, name), base, "bottom", widest=widest)
    form, years = t.one_line_date(rng, tongue(name).language)
    elements.append({"kind": "date", "x": 0, "y": 0, "height": half * 1.2, "width": wide * 1.85, **t.wheel})
    w = max(2 * r, 2 * wide) + ring
    return Draft(elements, (w, 2 * r + ring), "circle", [form], years, inks=_COLOURS)
