"""Boxes and straight lines: censors, offices, registration, slogans."""

from __future__ import annotations

from typing import Any

from recognizer.training.draft import Draft, Rng, Type, chance, uniform
from recognizer.training.places import any_tongue, boxed_lines, pick, place, straight_lines, tongue

Element = dict[str, Any]
_COLOURS = (("black", 0.66), ("violet", 0.13), ("blue", 0.09), ("red", 0.1), ("green", 0.02))


def box(rng: Rng) -> Draft:
    """Censor and office boxes: a rule (or two) round words, sometimes an oval with a number."""
    lines = pick(rng, boxed_lines()).split("|")
    t = Type.random(rng, height=uniform(rng, 2.0, 3.4))
    w = max(t.length(line) for line in lines) + uniform(rng, 3, 14)
    oval_inside = chance(rng, 0.3) and len(lines) == 2
    gap = t.height * uniform(rng, 1.45, 1.9)
    h = gap * (len(lines) + (1.6 if oval_inside else 0)) + t.height
    ring = uniform(rng, 0.25, 0.6)
    elements: list[Element] = [
        {
            "kind": "rect",
            "w": w,
            "h": h,
            "width": ring,
            "radius": uniform(rng, 0.5, 3) if chance(rng, 0.3) else 0.0,
        }
    ]
    if chance(rng, 0.25):
        elements.append({"kind": "rect", "w": w - 1.8, "h": h - 1.8, "width": ring * 0.6})
    ys = (
        [-h / 2 + t.height * 1.2, h / 2 - t.height * 1.2]
        if oval_inside
        else [gap * (i - (len(lines) - 1) / 2) for i in range(len(lines))]
    )
    elements += [t.text(line, 0, y, width=w - 2.5) for line, y in zip(lines, ys, strict=True)]
    numbers = oval_inside or chance(rng, 0.3)
    if oval_inside:
        elements.append({"kind": "ellipse", "rx": w * 0.2, "ry": gap * 0.7, "width": ring})
        elements.append({"kind": "number", "x": 0, "y": 0, "height": t.height * 0.8, **t.wheel})
        for s, c in ((-1, "U"), (1, "S")):
            elements.append(t.text(c, s * w * 0.36, 0))
    elif numbers:
        elements[-1]["x"] = -w * 0.15
        elements[-1]["width"] = w * 0.55
        elements.append(
            {"kind": "number", "x": w * 0.32, "y": ys[-1], "height": t.height, **t.wheel, "width": w * 0.28}
        )
    return Draft(
        elements,
        (w + ring, h + ring),
        "rect",
        (),
        (1910, 2015),
        numbers=numbers,
        kind="handstamp",
        inks=_COLOURS,
    )


def boxed_dater(rng: Rng) -> Draft:
    """A dater in a box: office, date, place; receiving and railway stamps."""
    name = any_tongue(rng)
    t = Type.random(rng, height=uniform(rng, 2.0, 2.8))
    w, h, ring = uniform(rng, 26, 42), uniform(rng, 14, 22), uniform(rng, 0.25, 0.5)
    form, years = t.one_line_date(rng, tongue(name).language)
    elements: list[Element] = [{"kind": "rect", "w": w, "h": h, "width": ring}]
    elements.append(t.text(place(rng, name), 0, -h * 0.3, width=w - 3))
    elements.append({"kind": "date", "x": 0, "y": 0, "height": t.height * 1.1, "width": w - 4, **t.wheel})
    elements.append(t.text(pick(rng, tongue(name).words), 0, h * 0.3, width=w - 3))
    if chance(rng, 0.5):
        for y in (-h * 0.15, h * 0.15):
            elements.append({"kind": "line", "points": [[-w / 2, y], [w / 2, y]], "width": ring * 0.7})
    return Draft(
        elements,
        (w + ring, h + ring),
        "rect",
        [form],
        years,
        kind="postmark" if chance(rng, 0.7) else "handstamp",
        inks=_COLOURS,
    )


def slogan(rng: Rng) -> Draft:
    """A slogan in a rule box (or none), as machines strike beside the dial."""
    name = any_tongue(rng)
    lines = pick(rng, tongue(name).slogans).split("|")
    t = Type.random(rng, height=uniform(rng, 2.6, 3.6))
    w = max(t.length(line) for line in lines) + uniform(rng, 3, 8)
    gap, ring = t.height * 1.6, uniform(rng, 0.3, 0.6)
    h = gap * len(lines) + t.height * 0.8
    elements = [
        t.text(line, 0, gap * (i - (len(lines) - 1) / 2), width=w - 2) for i, line in enumerate(lines)
    ]
    if chance(rng, 0.75):
        elements.append({"kind": "rect", "w": w, "h": h, "width": ring})
    return Draft(elements, (w + ring, h + ring), "rect", (), (1915, 2000))


def straight_line(rng: Rng) -> Draft:
    """Words in one or two straight lines: POSTAGE DUE, PAR AVION, a town's name."""
    words = pick(rng, straight_lines()) if chance(rng, 0.75) else place(rng, any_tongue(rng))
    t = Type.random(rng, height=uniform(rng, 2.2, 5.5))
    w = t.length(words) + 1
    slant = uniform(rng, 8, 18) if chance(rng, 0.2) else 0.0
    elements = [t.text(words, 0, 0, slant=slant)]
    h = t.height * 1.3
    if chance(rng, 0.15):
        elements.append(
            {"kind": "line", "points": [[-w / 2, h * 0.65], [w / 2, h * 0.65]], "width": t.height * 0.12}
        )
        h *= 1.6
    return Draft(elements, (w, h), "frameless", (), (1880, 2015), kind="handstamp", inks=_COLOURS)


def registered_box(rng: Rng) -> Draft:
    """A registration hand stamp: a big R or З, the office, a number."""
    name = any_tongue(rng)
    t = Type.random(rng, height=uniform(rng, 2.0, 2.8))
    w, h, ring = uniform(rng, 34, 46), uniform(rng, 13, 18), uniform(rng, 0.25, 0.5)
    mark = "З" if name == "ru" and chance(rng, 0.6) else "R"
    x = -w / 2 + h * 0.4
    elements: list[Element] = [{"kind": "rect", "w": w, "h": h, "width": ring}]
    elements.append({**t.style, "kind": "text", "text": mark, "x": x, "y": 0, "height": h * 0.6})
    if chance(rng, 0.7):
        elements.append(
            {"kind": "line", "points": [[-w / 2 + h * 0.8, -h / 2], [-w / 2 + h * 0.8, h / 2]], "width": ring}
        )
    middle, room = h * 0.4, w - h * 0.8 - 2.5
    elements.append(t.text(place(rng, name), middle, -h * 0.22, width=room))
    elements.append(t.text("№" if name == "ru" else "No.", middle - room * 0.35, h * 0.22))
    elements.append(
        {
            "kind": "number",
            "x": middle + room * 0.12,
            "y": h * 0.22,
            "height": t.height * 1.2,
            **t.wheel,
            "width": room * 0.6,
        }
    )
    return Draft(
        elements,
        (w + ring, h + ring),
        "rect",
        (),
        (1920, 2015),
        numbers=True,
        kind="handstamp",
        inks=_COLOURS,
    )
