"""Strike a die onto paper: the stream that the networks are trained from.

    rng = np.random.default_rng(1)
    design = designs.random_design(rng)                      # or designs.design_of_mark(mark_spec)
    sample = press_strike(rng, design, 224, "ordinary")      # ~2-3 ms; same rng state, same bytes
    sample.pixels        # (224, 224, 3) RGB uint8: the strike as a scan shows it, cut with some margin
    sample.ink           # (224, 224) uint8: the ink on the paper, without the background
    sample.ideal()       # (224, 224) uint8: the unworn die in that pose
    sample.design.id, sample.angle_deg, sample.to_crop       # die, turn, Homography die mm to pixels
    sample.date          # WrittenDate or None; sample.corners("date"): (4, 2) pixels
    sample.legends()     # [LegendTruth(role, text, path (N, 2), boxes (L, 4, 2), visible 0..1)]

    press_strike(rng, design, 224, "severe", wheels=..., angle_deg=0.0, backdrop=False, camera=None)

A reference for matching drawing to strike is ``reference(design, 224)``: the die alone, wheels empty.
To strike onto a cover instead, use ``strike_onto`` (covers.py does).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from recognizer.geometry import Box, Homography, Points
from recognizer.training.backdrops import cut_backdrop
from recognizer.training.camera import photograph
from recognizer.training.dates import WrittenDate
from recognizer.training.designs import Design, Wheels, random_wheels
from recognizer.training.die import Drawn, Plate
from recognizer.training.impressions import Impression, LegendTruth, die_outline, legend_truths
from recognizer.training.ink_wear import WEAR, Wear, impress
from recognizer.training.paper import ink_over
from recognizer.training.textures import weighted
from recognizer.types import Ink, Rgb, Strike

Rng = np.random.Generator
INK_COLOURS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((35, 33, 36), (55, 50, 50), (25, 25, 35), (70, 60, 55), (45, 45, 60)),
    "blue": ((35, 60, 140), (50, 80, 160), (30, 45, 110)),
    "violet": ((95, 45, 130), (120, 60, 140), (80, 50, 120), (130, 50, 110)),
    "red": ((190, 40, 50), (200, 60, 70), (170, 40, 80), (205, 50, 110)),
    "green": ((30, 110, 70), (40, 120, 90)),
}
_KEPT = 96  # plates kept: a training that strikes each design several times draws each die once
_LEAST = 0.22  # of the die's ink: with less on paper nobody would call it a strike


@dataclass(frozen=True, eq=False, slots=True)
class StrikeSample:
    """One strike for training, with every truth about it. Pixels are those of the crop."""

    pixels: Rgb
    ink: Ink
    design: Design
    wheels: Wheels
    impression: Impression
    to_crop: Homography  # from die millimetres (x right, y down from its centre)
    angle_deg: float
    wear: str
    ink_name: str

    @property
    def date(self) -> WrittenDate | None:
        return self.impression.drawn.date

    @property
    def drawn(self) -> Drawn:
        return self.impression.drawn

    def corners(self, role: str) -> Points | None:
        """(4, 2) pixels: the box round the date, letter or number, None when it is not set."""
        found = self.drawn.corners(role)
        return None if found is None else self.to_crop.apply(found)

    def outline(self) -> Points:
        """(N, 2) pixels: the die's outline, round where the die is round."""
        return self.to_crop.apply(die_outline(self.design, self.drawn))

    def found_box(self, rng: Rng, spread: float) -> Box:
        """The strike's box as a finder gives it: its place and sides off by ``spread`` parts of them."""
        box = Box.around(self.outline())
        dx, dy, dw, dh = rng.normal(0, spread, 4)
        return Box(box.x + dx * box.w, box.y + dy * box.h, box.w * (1 + dw), box.h * (1 + dh))

    def ideal(self, strike: Strike | None = None) -> Ink:
        """(H, W) uint8: the unworn die in the strike's pose, on these pixels or a lifted strike's."""
        s, (x, y) = self.drawn.px_per_mm, self.drawn.origin
        from_px = Homography(np.array([[1 / s, 0, -x / s], [0, 1 / s, -y / s], [0, 0, 1.0]]))
        if strike is None:
            return _warped(self.drawn.ink, from_px.then(self.to_crop), self.ink.shape)
        onto = self.to_crop.then(strike.frame.inverse())
        return _warped(self.drawn.ink, from_px.then(onto), strike.ink.shape)

    def legends(self) -> list[LegendTruth]:
        """All words of the strike with their places on the crop."""
        return legend_truths(self.impression, self.to_crop)


_plates: OrderedDict[tuple[Any, ...], Plate] = OrderedDict()


def plate_of(key: tuple[Any, ...], spec: Mapping[str, Any], px_per_mm: float) -> Plate:
    """The drawn plate of a die at about that scale, from the shelf where it was drawn before."""
    scale = round(px_per_mm, 2)
    found = _plates.get((*key, scale))
    if found is None:
        found = _plates[(*key, scale)] = Plate(spec, scale, fine=2 if scale > 6 else 3)
        if len(_plates) > _KEPT:
            _plates.popitem(last=False)
    else:
        _plates.move_to_end((*key, scale))
    return found


def reference(design: Design, size_px: int, margin: float = 0.06, wheels: Wheels | None = None) -> Ink:
    """The die alone, centred and upright in a (size_px, size_px) uint8 picture, wheels empty unless given."""
    scale = size_px * (1 - 2 * margin) / max(design.size_mm)
    set_to = wheels or Wheels()
    drawn = plate_of((design.key,), design.spec, scale).set(set_to.date, set_to.letter, set_to.number)
    shift = Homography.shift(size_px / 2 - 0.5 - drawn.origin[0], size_px / 2 - 0.5 - drawn.origin[1])
    return _warped(drawn.ink, shift, (size_px, size_px))


def _warped(ink: Ink, matrix: Homography, shape: tuple[int, ...]) -> Ink:
    return np.asarray(
        cv2.warpPerspective(ink, matrix.matrix, (shape[1], shape[0]), flags=cv2.INTER_LINEAR), np.uint8
    )


def impression(
    rng: Rng,
    design: Design,
    wheels: Wheels,
    px_per_mm: float,
    wear: Wear | str = "ordinary",
    pad_mm: float = 0.0,
) -> Impression:
    """Set the wheels, ink the die, strike once. ``pad_mm`` leaves room for a killer beside the dial."""
    drawn = plate_of((design.key,), design.spec, px_per_mm).set(
        wheels.date, wheels.letter, wheels.number, rng
    )
    ink, pad = drawn.ink, int(pad_mm * px_per_mm)
    if pad:
        ink = cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
        if design.killer is not None:
            killer = plate_of((design.key, "killer"), design.killer, drawn.px_per_mm).set()
            x = int(drawn.origin[0] + pad + (design.killer["at"][0] * drawn.px_per_mm) - killer.origin[0])
            y = int(drawn.origin[1] + pad + (design.killer["at"][1] * drawn.px_per_mm) - killer.origin[1])
            _merge(ink, killer.ink, x, y)
    how = WEAR[wear] if isinstance(wear, str) else wear
    for _ in range(3):
        cover = impress(rng, np.asarray(ink, np.uint8), drawn.px_per_mm, how)
        if cv2.sumElems(cover)[0] > _LEAST * cv2.sumElems(ink)[0]:
            break
    return Impression(cover, drawn)


def _merge(ink: Ink, other: Ink, x: int, y: int) -> None:
    """The stronger of two inks, with ``other``'s top left at (x, y) of ``ink``, in place."""
    h, w = other.shape
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, ink.shape[1]), min(y + h, ink.shape[0])
    if x1 > x0 and y1 > y0:
        view = ink[y0:y1, x0:x1]
        np.maximum(view, other[y0 - y : y1 - y, x0 - x : x1 - x], out=view)


def random_ink(rng: Rng, design: Design) -> tuple[str, tuple[float, float, float]]:
    """An ink the die is used with: its name and its colour (red, green, blue)."""
    name = design.inks[weighted(rng, tuple(w for _, w in design.inks))][0]
    shades = INK_COLOURS[name]
    colour = np.array(shades[int(rng.integers(len(shades)))]) + rng.normal(0, 8) + rng.normal(0, 3, 3)
    r, g, b = np.clip(colour, 5, 230).tolist()
    return name, (r, g, b)


def random_turn(rng: Rng) -> float:
    """How far hammers lean: mostly little, sometimes any way round."""
    return float(rng.uniform(-180, 180) if rng.random() < 0.15 else rng.normal(0, 12))


def _pose(rng: Rng, outline: Points, size: tuple[int, int], angle_deg: float, jitter: float) -> Homography:
    """From die mm to a crop: the turned die fills it but for a margin, a little off as finders are."""
    h, w = size
    corners = Homography.similarity(1.0, angle_deg, 0, 0).apply(outline)
    extent = np.ptp(corners, axis=0)
    middle = (corners.max(0) + corners.min(0)) / 2
    margin = rng.uniform(0.02, 0.02 + 2.2 * jitter)
    scale = min(w / extent[0], h / extent[1]) * (1 - margin) * (1 + rng.normal(0, 0.35 * jitter))
    off = rng.normal(0, 0.3 * jitter, 2) * min(w, h)
    x, y = (w - 1) / 2 + off[0] - middle[0] * scale, (h - 1) / 2 + off[1] - middle[1] * scale
    pose = Homography.similarity(scale, angle_deg, float(x), float(y))
    if jitter and rng.random() < 0.4:
        square = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
        bent = square + rng.normal(0, 0.03, (4, 2)) * (w, h)
        pose = pose.then(Homography.between(square, bent))
    return pose


def press_strike(
    rng: Rng,
    design: Design,
    size_px: int | tuple[int, int] = 224,
    wear: str = "ordinary",
    wheels: Wheels | None = None,
    angle_deg: float | None = None,
    jitter: float = 0.08,
    backdrop: bool = True,
    camera: str | None = "random",
) -> StrikeSample:
    """Strike a die once on random ground and photograph it.

    ``size_px`` is the side of the crop or (height, width). ``wear`` is a key of ``ink_wear.WEAR``. ``jitter``
    says how far the crop is off (share of its side, 0 = exact). ``backdrop`` false: white paper. ``camera``
    is ``scan``, ``photo``, ``clean``, ``random`` or None for the piece itself.
    """
    h, w = (size_px, size_px) if isinstance(size_px, int) else size_px
    wheels = wheels or random_wheels(rng, design)
    angle = random_turn(rng) if angle_deg is None else angle_deg
    px_per_mm = min(0.95 * min(h, w) / min(design.size_mm), 0.95 * max(h, w) / max(design.size_mm))
    struck = impression(
        rng, design, wheels, px_per_mm, wear, pad_mm=0.12 * max(design.size_mm) if design.killer else 0.0
    )
    pose = _pose(rng, die_outline(design, struck.drawn), (h, w), angle, jitter)
    ink = _warped(struck.cover, struck.from_mm.inverse().then(pose), (h, w))
    name, colour = random_ink(rng, design)
    ground = cut_backdrop(rng, h, w) if backdrop else np.full((h, w, 3), 255, np.uint8)
    pixels = ink_over(ground, ink, colour, rng.uniform(0.8, 1.0))
    if camera is not None:
        way = camera if camera != "random" else ("photo" if rng.random() < 0.3 else "scan")
        pixels = photograph(rng, pixels, way)
    return StrikeSample(pixels, ink, design, wheels, struck, pose, angle, wear, name)
