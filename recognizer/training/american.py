"""American machine and duplex dials: town and state round the ring, month, hour and year within."""

from __future__ import annotations

from typing import Any

from recognizer.training.draft import Draft, Rng, Type, chance, killer_of, ring_text, uniform
from recognizer.training.fonts import is_hand
from recognizer.training.places import pick, place, tongue

Element = dict[str, Any]
Formats = list[tuple[str, str]]
# Cutters of American dials used plain narrow capitals, legend and wheels alike.
_FACES = ("gothic", "narrow", "narrow", "condensed", "condensed", "sans", "wide")
_SERVICES = ("U. S. NAVY", "U. S. MARINE CORPS", "ARMY AIR BASE")
_FOOT = ("MON D/hmmAM/@YYYY", "MON DD/h-AM/@YYYY", "MON D/hss AM/@YYYY")  # the year at the foot of the ring
_LINES = ("MON D/hmmAM/YYYY", "MON DD/h AM/YYYY", "MON D/h-AM/YYYY", "MON DD/h mm AM/YYYY", "MON/D/YYYY")


def american_dial(rng: Rng) -> Draft:
    """Town and state round the ring; month, hour, year in the middle or the year at the foot."""
    r = uniform(rng, 9.2, 12.6)
    t = Type.random(rng, _FACES, height=r * uniform(rng, 0.2, 0.28))
    if not is_hand(t.font) and chance(rng, 0.75):
        t.wheel["font"] = pick(rng, _FACES[:6])
    town, state = place(rng, "us"), pick(rng, tongue("us").countries)
    ring = uniform(rng, 0.18, 0.45)
    elements: list[Element] = [{"kind": "circle", "r": r, "width": ring}] if chance(rng, 0.95) else []
    base = r - ring / 2 - uniform(rng, 0.35, 0.8) - t.height
    army = chance(rng, 0.14)
    number = str(int(rng.integers(1, 20))) if chance(rng, 0.4) else ""
    if army:
        formats = _army(rng, elements, t, base)
    elif chance(rng, 0.5):
        formats = _year_at_foot(rng, elements, t, base, f"{town}, {state} {number}".rstrip())
    else:
        formats = _state_at_foot(rng, elements, t, base, town, state, number)
    if chance(rng, 0.05):
        elements.append({"kind": "circle", "r": base - 0.5, "width": ring * 0.8})
    if chance(rng, 0.25):
        elements.append({"kind": "line", "points": [[-0.9, r * 0.42], [0.9, r * 0.42]], "width": 0.3})
    killer = killer_of(rng, r) if chance(rng, 0.75) else None
    return Draft(elements, (2 * r + ring, 2 * r + ring), "circle", formats, (1895, 1985), killer=killer)


def _army(rng: Rng, elements: list[Element], t: Type, base: float) -> Formats:
    """A service over the top, POSTAL SERVICE below, the unit's number among the wheels."""
    unit = str(int(rng.integers(1, 999)))
    first = "U.S. ARMY" if chance(rng, 0.7) else pick(rng, _SERVICES)
    elements += ring_text(t, first, base, "top", span=uniform(rng, 70, 110))
    elements += ring_text(t, "POSTAL SERVICE" if first != "U. S. NAVY" else "BRANCH", base, "bottom")
    form = f"{unit}/MON D/YYYY" if chance(rng, 0.5) else f"YYYY/MON DD/{unit}"
    if chance(rng, 0.3):
        elements[-1]["text"] = "A.P.O."
        form = f"MON/D/YYYY/{unit}"
    if chance(rng, 0.5):
        form = "MON/D/YYYY"
        elements.append(t.text(unit, 0, base * 0.72, scale=0.8))
    _wheels(rng, elements, t, base)
    return [(form, "en")]


def _year_at_foot(rng: Rng, elements: list[Element], t: Type, base: float, legend: str) -> Formats:
    """One legend round most of the ring, the year standing in the gap below."""
    span = min(275.0, max(150.0, len(legend) * t.height * uniform(rng, 1.15, 1.35) / base * 57.3))
    elements += ring_text(t, legend, base, "top", span=span)
    forms = _FOOT if chance(rng, 0.75) else ("MON D/h AM/@YYYY",)
    date = {"kind": "date", "x": 0, "y": -0.15 * base, "height": t.height * 0.92, "lines": 2, "gap": 1.35}
    elements.append({**date, **t.wheel, "width": base * 1.75})
    elements.append({**ring_text(t, "", base, "bottom")[0], "kind": "date", "part": "rim"})
    return [(form, "en") for form in forms]


def _state_at_foot(
    rng: Rng, elements: list[Element], t: Type, base: float, town: str, state: str, number: str
) -> Formats:
    """The town over the top, the state below, a station's number at a side."""
    span = min(190.0, max(80.0, len(town) * t.height * uniform(rng, 1.2, 1.5) / base * 57.3))
    elements += ring_text(t, town, base, "top", span=span)
    elements += ring_text(t, state, base, "bottom")
    if number:
        elements += ring_text(t, number, base, "left" if chance(rng, 0.6) else "right")
    form = pick(rng, _LINES)
    _wheels(rng, elements, t, base)
    return [(form, "en")]


def _wheels(rng: Rng, elements: list[Element], t: Type, base: float) -> None:
    """The lines of the date, one under the other in the middle."""
    y, height = uniform(rng, -0.4, 0.4), t.height * uniform(rng, 0.8, 0.95)
    date = {"kind": "date", "x": 0, "y": y, "height": height, "lines": 4, "gap": uniform(rng, 1.3, 1.5)}
    elements.append({**date, **t.wheel, "width": base * 1.75})
