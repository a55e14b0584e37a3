"""Marks with pictures: special cancels, triangles and lozenges; and cachets, which are no marks at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from recognizer.training.draft import Draft, Rng, Type, chance, emblem, ring_text, star, uniform
from recognizer.training.places import any_tongue, pick, place, tongue

Element = dict[str, Any]
# Forms that special cancels of a language have besides, the month written out or not.
_NAMED_MONTH = {
    "en": ("MON D, YYYY", "MON D YYYY", "MON DD YYYY", "DD MON YYYY"),
    "de": ("D.MON YYYY", "D. MON YYYY"),
    "fr": ("DD MON YYYY",),
    "nl": ("D MON YYYY",),
    "hu": ("YYYY.MON D.", "YYYY. MON DD."),
    "es": ("DD-MON-YYYY", "DD MON YYYY"),
}
_COLOURS = (("black", 0.66), ("violet", 0.13), ("blue", 0.09), ("red", 0.1), ("green", 0.02))


def _full_date(rng: Rng, language: str) -> tuple[tuple[str, str], tuple[int, int]]:
    form = pick(
        rng,
        (
            "DD.MM.YYYY",
            "D.M.YYYY",
            "DD.MM.YY",
            "YYYY MM DD",
            "DD-MM-YYYY",
            "D MON YYYY",
            "DD MM YYYY",
            "DD.ROMAN.YYYY",
            *_NAMED_MONTH.get(language, ()),
        ),
    )
    if "MON" in form and chance(rng, 0.5):
        language += "-long"
    return (form, language), (1955, 2024)


def pictorial(rng: Rng) -> Draft:
    """A special cancel: a picture, words round or under it, a date; with or without a ring."""
    name = any_tongue(rng)
    words = tongue(name)
    r = uniform(rng, 13, 18)
    t = Type.random(rng, height=uniform(rng, 1.7, 2.4))
    ringed = chance(rng, 0.55)
    ring = uniform(rng, 0.2, 0.45)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}] if ringed else []
    base = r - t.height - uniform(rng, 0.6, 1.1)
    if ringed and chance(rng, 0.3):
        elements.append({"kind": "circle", "r": base - 0.5, "width": ring * 0.7})
    form, years = _full_date(rng, words.language)
    size = base * uniform(rng, 1.05, 1.45)
    x, y = uniform(rng, -1, 1), uniform(rng, -2, 0.5)
    elements.append(emblem(rng, x, y, size, size * uniform(rng, 0.75, 1.0), uniform(rng, 0.22, 0.4)))
    on_rim = chance(rng, 0.4)
    legend, town = pick(rng, (*words.words, place(rng, name), *words.countries)), place(rng, name)
    if on_rim:
        elements += _rim_date(rng, t, base, legend, town)
    else:
        elements += [*ring_text(t, legend, base, "top"), *ring_text(t, town, base, "bottom")]
        elements.append(
            {
                "kind": "date",
                "x": 0,
                "y": base * uniform(rng, 0.55, 0.7),
                "height": t.height * 0.95,
                "width": base * 1.3,
                **t.wheel,
            }
        )
    if chance(rng, 0.4):
        elements.append(t.text(pick(rng, words.words), 0, -base * 0.62, scale=0.8, width=base * 1.2))
    return Draft(
        elements,
        (2 * r + ring, 2 * r + ring),
        "circle" if ringed else "frameless",
        [form],
        years,
        inks=_COLOURS,
    )


def _rim_date(rng: Rng, t: Type, base: float, legend: str, town: str) -> list[Element]:
    """A legend, a town and a date along the rim: the date at a side, by itself, or beside the town."""
    if chance(rng, 0.3):
        at = uniform(rng, 80, 115) * (1 if chance(rng, 0.5) else -1)
        date = {**ring_text(t, "", base, "right")[0], "kind": "date", "centre_deg": at}
        elements = [*ring_text(t, legend, base, "top", widest=120), date]
        return [*elements, *ring_text(t, town, base, "bottom", widest=100)]
    over = chance(rng, 0.35)  # the date stands over the picture, the legend under it
    half, other, middle = ("top", "bottom", 0) if over else ("bottom", "top", 180)
    date = {**ring_text(t, "", base, half)[0], "kind": "date"}
    others = ring_text(t, legend, base, other)
    if chance(rng, 0.35):
        return [*others, date]
    off = uniform(rng, 40, 55) * (1 if chance(rng, 0.5) else -1)
    (words,) = ring_text(t, town, base, half, widest=75)
    return [*others, {**date, "centre_deg": middle + off}, {**words, "centre_deg": middle - 1.25 * off}]


def free_pictorial(rng: Rng) -> Draft:
    """A picture with lines of words under and over it, and no frame at all."""
    name = any_tongue(rng)
    words = tongue(name)
    w, h = uniform(rng, 24, 42), uniform(rng, 22, 32)
    t = Type.random(rng, height=uniform(rng, 1.8, 2.6))
    form, years = _full_date(rng, words.language)
    rows: list[Element] = [
        t.text(pick(rng, words.words), 0, 0, width=w),
        t.text(place(rng, name), 0, 0, width=w),
    ]
    rows.append({"kind": "date", "x": 0, "y": 0, "height": t.height, "width": w, **t.wheel})
    rows = [rows[i] for i in rng.permutation(3)]
    above = int(rng.integers(0, 3))
    step = t.height * 1.7
    for i, row in enumerate(rows):
        row["y"] = -h / 2 + step * (i + 0.5) if i < above else h / 2 - step * (2.5 - i)
    room = h - step * 3 - 1
    art = emblem(
        rng,
        uniform(rng, -3, 3),
        -h / 2 + step * above + room / 2 + 0.5,
        min(w, room * 1.4),
        room,
        uniform(rng, 0.22, 0.4),
    )
    return Draft([*rows, art], (w, h), "frameless", [form], years, inks=_COLOURS)


def angular(rng: Rng) -> Draft:
    """A triangle or lozenge with words along its sides and a small picture, number or date inside."""
    name = any_tongue(rng)
    words = tongue(name)
    t = Type.random(rng, height=uniform(rng, 1.6, 2.2))
    ring, size = uniform(rng, 0.25, 0.5), uniform(rng, 14, 18)
    sides = 3 if chance(rng, 0.6) else 4
    turn = 0.0 if sides == 4 or chance(rng, 0.75) else 180.0
    a = np.deg2rad(np.arange(sides) * 360 / sides + turn)
    stretch = np.array([1.0, uniform(rng, 0.75, 0.95)]) if sides == 4 else np.ones(2)
    corners = np.stack([size * np.sin(a), -size * np.cos(a)], 1) * stretch
    elements: list[Element] = [{"kind": "polygon", "points": corners.tolist(), "width": ring}]
    if chance(rng, 0.3):
        elements.append({"kind": "polygon", "points": (corners * 0.62).tolist(), "width": ring * 0.7})
    form, years = _full_date(rng, words.language)
    dated_side = int(rng.integers(sides)) if chance(rng, 0.5) else -1
    outside = chance(rng, 0.25)  # the date runs along its side, not within
    for i in range(sides):
        p, q = corners[i], corners[(i + 1) % sides]
        if p[0] > q[0]:
            p, q = q, p
        middle = (p + q) / 2
        inward = -middle / np.hypot(*middle) * (t.height * 0.5 + ring + 0.5)
        if outside and i == dated_side:
            inward = -inward
        place_at = {
            "x": float((middle + inward)[0]),
            "y": float((middle + inward)[1]),
            "angle_deg": float(np.rad2deg(np.arctan2(q[1] - p[1], q[0] - p[0]))),
            "width": float(np.hypot(*(q - p))) * 0.62,
        }
        if i == dated_side:
            elements.append({"kind": "date", "height": t.height, **t.wheel, **place_at})
        elif chance(rng, 0.8) or i == 0:
            elements.append({**t.text(pick(rng, (place(rng, name), *words.words)), 0, 0), **place_at})
    if chance(rng, 0.6):
        elements.append(emblem(rng, 0, 0, size * 0.75, size * 0.6, uniform(rng, 0.2, 0.35)))
    elif dated_side < 0:
        dated_side = 0
        elements.append({"kind": "date", "x": 0, "y": 0, "height": t.height, "width": size, **t.wheel})
    beyond = 2 * (t.height + 1) if outside and dated_side >= 0 else 0.0
    w = 2 * float(np.abs(corners).max(0)[0]) + ring + beyond
    middle_y = (corners[:, 1].min() + corners[:, 1].max()) / 2
    for e in elements:
        _lift(e, -float(middle_y))
    h = float(np.ptp(corners[:, 1])) + ring + beyond
    return Draft(
        elements,
        (w, h),
        "triangle" if sides == 3 else "other",
        [form] if dated_side >= 0 else [],
        years,
        kind="postmark",
        inks=_COLOURS,
    )


def _lift(e: Element, by: float) -> None:
    if "points" in e and not isinstance(e["points"], int):
        e["points"] = [[x, y + by] for x, y in e["points"]]
    else:
        e["y"] = e.get("y", 0.0) + by


def cachet(rng: Rng) -> Draft:
    """A printed or stamped picture that is no postmark: line art, a round emblem, words; no date."""
    name = any_tongue(rng)
    words = tongue(name)
    t = Type.random(rng, height=uniform(rng, 2.2, 4.0))
    w, h = uniform(rng, 30, 75), uniform(rng, 28, 60)
    elements: list[Element] = []
    if chance(rng, 0.45):  # a round emblem
        r = min(w, h) / 2
        elements.append({"kind": "circle", "r": r, "width": uniform(rng, 0.3, 1.2)})
        if chance(rng, 0.5):
            elements.append({"kind": "circle", "r": r - t.height - 1.6, "width": uniform(rng, 0.2, 0.6)})
        elements += ring_text(
            t,
            pick(rng, (*words.words, place(rng, name), "SOYUZ TMA", "СОЮЗ ТМА", "ЭКСПЕДИЦИЯ")),
            r - t.height - 0.9,
            "top",
        )
        if chance(rng, 0.6):
            elements += ring_text(t, place(rng, name), r - t.height - 0.9, "bottom")
        elements.append(emblem(rng, 0, 0, r * 1.2, r * 1.2, uniform(rng, 0.25, 0.6)))
        return Draft(elements, (2 * r, 2 * r), "circle", kind="cachet", inks=_COLOURS)
    for _ in range(int(rng.integers(1, 4))):
        size = uniform(rng, 0.45, 0.95) * min(w, h)
        elements.append(
            emblem(
                rng,
                uniform(rng, -0.2, 0.2) * w,
                uniform(rng, -0.2, 0.1) * h,
                size,
                size,
                uniform(rng, 0.2, 0.6),
            )
        )
    elements.append(
        t.text(pick(rng, (*words.words, *words.slogans)).replace("|", " "), 0, h / 2 - t.height, width=w)
    )
    if chance(rng, 0.5):
        elements.append(t.text(place(rng, name), 0, -h / 2 + t.height, width=w))
    if chance(rng, 0.3):
        elements += star(rng, uniform(rng, -0.4, 0.4) * w, uniform(rng, -0.4, 0.4) * h, 2.5)
    return Draft(elements, (w, h), "frameless", kind="cachet", inks=_COLOURS)
