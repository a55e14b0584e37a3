"""A piece while it is being made: things are stuck, written and struck on it, and every truth is kept.

    sheet = Sheet(rng, 1200, 800, px_per_mm=7.0, paper_kind="cream")
    sheet.stamp(x_mm=150, y_mm=20)
    sheet.strike(design, x_mm=140, y_mm=30, wheels=wheels)
    sheet.pixels, sheet.ink, sheet.regions, sheet.ignore

Positions are millimetres from the piece's top left, of a thing's centre unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from recognizer.geometry import Box, Homography, Points
from recognizer.training.backdrops import stick
from recognizer.training.designs import Design, Wheels, random_wheels
from recognizer.training.die import Drawn
from recognizer.training.handwriting import Hand
from recognizer.training.impressions import Impression, LegendTruth, die_outline, legend_truths
from recognizer.training.ink_wear import WEAR, Wear, impress
from recognizer.training.paper import ink_over, paper
from recognizer.training.press import INK_COLOURS, impression, plate_of, random_ink
from recognizer.training.scrawl import PENS, autograph, handwritten_block, printed_block
from recognizer.training.stamps import INKS, PIGMENTS, Sticker, postage_stamp
from recognizer.training.textures import grain, nearest_grain, swell
from recognizer.types import Ink, InkName, RegionKind, Rgb

Rng = np.random.Generator


@dataclass(frozen=True, eq=False, slots=True)
class RegionTruth:
    """Something on a piece and all that is known of it. Pixels of the piece until ``moved`` maps them on."""

    kind: RegionKind
    outline: Points  # (N, 2)
    design: Design | None = None
    wheels: Wheels | None = None
    ink_name: InkName | None = None
    angle_deg: float = 0.0
    visible: float = 1.0
    impression: Impression | None = None
    from_mm: Homography | None = None  # from the die's millimetres

    @property
    def box(self) -> Box:
        return Box.around(self.outline)

    @property
    def drawn(self) -> Drawn | None:
        return self.impression.drawn if self.impression else None

    def legends(self) -> list[LegendTruth]:
        """The words of a strike with their places; empty for everything else."""
        return legend_truths(self.impression, self.from_mm) if self.impression and self.from_mm else []

    def moved(self, by: Homography) -> RegionTruth:
        """The same on another plane."""
        pose = self.from_mm.then(by) if self.from_mm else None
        return replace(self, outline=by.apply(self.outline), from_mm=pose)


@dataclass(eq=False)
class Sheet:
    """A piece in the making; ``pixels`` and ``ink`` change in place."""

    rng: Rng
    width: int
    height: int
    px_per_mm: float
    paper_kind: str | None = None
    regions: list[RegionTruth] = field(default_factory=list)
    ignore: list[Points] = field(default_factory=list)
    mission: str | None = None
    event: str | None = None

    def __post_init__(self) -> None:
        self._hand: Hand | None = None
        self.pixels: Rgb = paper(self.rng, self.height, self.width, self.px_per_mm, self.paper_kind)
        self.ink: Ink = np.zeros((self.height, self.width), np.uint8)  # of all postmarks and hand stamps

    @property
    def size_mm(self) -> tuple[float, float]:
        return self.width / self.px_per_mm, self.height / self.px_per_mm

    def add(self, kind: RegionKind, outline: Points) -> None:
        self.regions.append(RegionTruth(kind, np.asarray(outline, np.float64)))

    def stamp(
        self, x_mm: float, y_mm: float, words: str | None = None, size_mm: tuple[float, float] | None = None
    ) -> Box:
        """Stick a stamp with its top left at (x, y); returns its box in millimetres."""
        sticker = postage_stamp(self.rng, self.px_per_mm, size_mm, words)
        return self.stuck(sticker, "stamp", x_mm, y_mm, self.rng.normal(0, 1.2))

    def stuck(
        self, sticker: Sticker, kind: RegionKind, x_mm: float, y_mm: float, angle_deg: float = 0.0
    ) -> Box:
        """Stick a stamp or label with its top left at (x, y), turned about its centre."""
        h, w = sticker.alpha.shape
        turn = angle_deg if abs(angle_deg) > 0.4 else 0.0
        x, y = round(x_mm * self.px_per_mm), round(y_mm * self.px_per_mm)
        stick(self.pixels, sticker, x, y, 0.18 * self.px_per_mm, turn)
        a = np.deg2rad(turn)
        spread = (w * abs(np.cos(a)) + h * abs(np.sin(a)), h * abs(np.cos(a)) + w * abs(np.sin(a)))
        middle = np.array([x + spread[0] / 2, y + spread[1] / 2])
        half = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2
        self.add(kind, half @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + middle)
        return Box(x / self.px_per_mm, y / self.px_per_mm, w / self.px_per_mm, h / self.px_per_mm)

    def strike(
        self,
        design: Design,
        x_mm: float,
        y_mm: float,
        wheels: Wheels | None = None,
        wear: Wear | str = "ordinary",
        angle_deg: float = 0.0,
        ink_name: str | None = None,
        killer: bool = True,
    ) -> RegionTruth | None:
        """Strike a die with its centre at (x, y); None when it falls off the piece."""
        wheels = wheels or random_wheels(self.rng, design)
        struck = impression(self.rng, design, wheels, self.px_per_mm, wear)
        name, colour = random_ink(self.rng, design)
        if ink_name and ink_name != name:
            name, colour = ink_name, INK_COLOURS[ink_name][int(self.rng.integers(len(INK_COLOURS[ink_name])))]
        at = Homography.similarity(self.px_per_mm, angle_deg, x_mm * self.px_per_mm, y_mm * self.px_per_mm)
        if not self._press(struck.cover, struck.from_mm.inverse().then(at), colour):
            return None
        if design.killer is not None and killer:
            self._killer(design, at, colour, wear)
        outline = at.apply(die_outline(design, struck.drawn))
        inside = np.clip(outline, 0, (self.width - 1, self.height - 1))
        covered = float(cv2.sumElems(struck.cover)[0]) / max(float(cv2.sumElems(struck.drawn.ink)[0]), 1.0)
        kind: RegionKind = (
            "cachet" if design.kind == "cachet" else "handstamp" if design.kind == "handstamp" else "postmark"
        )
        region = RegionTruth(
            kind, inside, design, wheels, _ink_name(name), angle_deg, min(covered, 1.0), struck, at
        )
        self.regions.append(region)
        return region

    def _killer(
        self, design: Design, at: Homography, colour: tuple[float, float, float], wear: Wear | str
    ) -> None:
        """The bars beside a machine dial; their place counts neither way."""
        assert design.killer is not None
        drawn = plate_of((design.key, "killer"), design.killer, self.px_per_mm).set()
        cover = impress(self.rng, drawn.ink, drawn.px_per_mm, WEAR[wear] if isinstance(wear, str) else wear)
        own = Impression(cover, drawn)
        moved = Homography.shift(*design.killer["at"]).then(at)
        self._press(cover, own.from_mm.inverse().then(moved), colour)
        w, h = design.killer["size_mm"]
        self.ignore.append(moved.apply(np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2))

    def _press(self, cover: Ink, to_sheet: Homography, colour: tuple[float, float, float]) -> bool:
        """Multiply an impression into the sheet; False when it does not touch it."""
        h, w = cover.shape
        where = Box.around(to_sheet.apply(np.array([[0, 0], [w, 0], [w, h], [0, h]]))).grown(2)
        clip = where.clipped(self.width, self.height)
        if clip.w < 8 or clip.h < 8:
            return False
        x, y, cw, ch = int(clip.x), int(clip.y), int(clip.w), int(clip.h)
        m = to_sheet.then(Homography.shift(-x, -y)).matrix
        part = np.asarray(cv2.warpPerspective(cover, m, (cw, ch), flags=cv2.INTER_LINEAR), np.uint8)
        view = self.pixels[y : y + ch, x : x + cw]
        view[:] = ink_over(view, part, colour, self.rng.uniform(0.85, 1.0))
        ink = self.ink[y : y + ch, x : x + cw]
        np.maximum(ink, part, out=ink)
        return True

    def printed(self, design: Design, x_mm: float, y_mm: float, colours: int = 1) -> None:
        """A printed cachet: sharp, even, in one colour or with tints beneath."""
        painted = colours > 1 and self.rng.random() < 0.35
        if colours > 1:
            self._tints(design, x_mm, y_mm, painted)
        before = self.ink.copy()
        even = Wear((0.03, 0.05), (0, 0.1), (1.15, 1.3), 0.02, (0, 0.02), 0, (0, 0.15), 0, 0, 0, 0, (0.8, 1))
        shade = INKS[int(self.rng.integers(len(INKS)))]
        drawn = plate_of((design.key,), design.spec, self.px_per_mm).set()
        cover = impress(self.rng, drawn.ink, drawn.px_per_mm, even)
        at = Homography.similarity(self.px_per_mm, 0, x_mm * self.px_per_mm, y_mm * self.px_per_mm)
        if self._press(cover, Impression(cover, drawn).from_mm.inverse().then(at), shade):
            corners = at.apply(die_outline(design, drawn))
            self.add("cachet", np.clip(corners, 0, (self.width - 1, self.height - 1)))
        self.ink = before  # printing is no strike

    def painted(self, picture: Sticker, x_mm: float, y_mm: float) -> None:
        """A cachet printed in many colours, its middle at (x, y): the paper shines through."""
        h, w = picture.alpha.shape
        x, y = round(x_mm * self.px_per_mm - w / 2), round(y_mm * self.px_per_mm - h / 2)
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, self.width), min(y + h, self.height)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return
        part = slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
        share = picture.alpha[part].astype(np.float32)[:, :, None] / 255
        tint = 1 - share * (1 - picture.pixels[part].astype(np.float32) / 255)
        view = self.pixels[y0:y1, x0:x1]
        view[:] = np.clip(view * tint, 0, 255).astype(np.uint8)
        self.add("cachet", Box(x0, y0, x1 - x0, y1 - y0).corners)

    def _tints(self, design: Design, x_mm: float, y_mm: float, painted: bool) -> None:
        """Colours under a printed picture: flat and a little out of register, or shaded as in a painting."""
        art = [e for e in design.spec["element"] if e["kind"] == "drawing"]
        for e in art:
            size = np.array([e["w"], e["h"]])
            place = np.array([x_mm + e.get("x", 0.0), y_mm + e.get("y", 0.0)]) + self.rng.normal(0, 0.25, 2)
            shapes = [np.asarray(s) for s in e.get("strokes", ()) if len(s) > 4]
            if self.rng.random() < 0.4:  # a plain field behind it all
                t = np.linspace(0, 2 * np.pi, 40)
                shapes.insert(0, 0.5 + self.rng.uniform(0.4, 0.6) * np.stack([np.cos(t), np.sin(t)], 1))
            for shape in shapes:
                if self.rng.random() < 0.6:
                    points = ((shape - 0.5) * size + place) * self.px_per_mm
                    mask = np.zeros(self.ink.shape, np.uint8)
                    cv2.fillPoly(
                        mask,
                        [np.round(points).astype(np.int32)],
                        int(self.rng.integers(60, 230)),
                        cv2.LINE_AA,
                    )
                    if painted:
                        mask = cv2.multiply(mask, self._brush(mask), scale=1 / 128)
                    tint = np.array(PIGMENTS[int(self.rng.integers(len(PIGMENTS)))]) + self.rng.normal(
                        0, 20, 3
                    )
                    red, green, blue = np.clip(tint, 0, 255).tolist()
                    self._inked(mask, (red, green, blue), None)

    def _brush(self, mask: Ink) -> Ink:
        """Light and shade of a painted picture, round 128, where ``mask`` bears paint."""
        x, y, w, h = cv2.boundingRect(mask)
        out = np.full_like(mask, 128)
        if w > 4 and h > 4:
            hair = grain(self.rng, h, w, nearest_grain(0.25 * self.px_per_mm)).astype(np.float32) - 128
            shade = swell(self.rng, h, w, 5, 45) + 0.8 * hair
            out[y : y + h, x : x + w] = np.clip(128 + shade, 20, 250).astype(np.uint8)
        return out

    def write(self, x_mm: float, y_mm: float, width_mm: float, lines: int) -> None:
        """Handwriting starting at (x, y)."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        if self._hand is None:  # one writer a piece
            self._hand = Hand.random(self.rng)
        handwritten_block(self.rng, cover, x_mm * s, y_mm * s, width_mm * s, s, lines, self._hand)
        self._inked(cover, PENS[int(self.rng.integers(len(PENS)))], "handwriting")

    def pencil(self, x_mm: float, y_mm: float, width_mm: float) -> None:
        """A dealer's or collector's note, faint and grey."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        handwritten_block(self.rng, cover, x_mm * s, y_mm * s, width_mm * s, s, 1, Hand.random(self.rng))
        grey = float(self.rng.uniform(60, 130))
        faint = np.asarray(cv2.convertScaleAbs(cover, alpha=self.rng.uniform(0.2, 0.7)), np.uint8)
        self._inked(faint, (grey, grey, grey), "handwriting")

    def stamp_box(self, x_mm: float, y_mm: float, size_mm: tuple[float, float], words: str) -> None:
        """The printed frame on a card that says where the stamp belongs, ruled or dotted, often worded."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        x0, y0 = x_mm * s, y_mm * s
        x1, y1 = x0 + size_mm[0] * s, y0 + size_mm[1] * s
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        thick = max(round(self.rng.uniform(0.15, 0.5) * s), 1)
        dash = self.rng.uniform(0.8, 2.0) * s if self.rng.random() < 0.5 else 0.0
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            count = max(int(np.hypot(*(b - a)) / (1.7 * dash)), 1) if dash else 1
            ends = np.linspace(0, 1, count, endpoint=False)
            length = dash / float(np.hypot(*(b - a))) if dash else 1.0
            for t in ends:
                ink = np.round([a + t * (b - a), a + min(t + length, 1) * (b - a)]).astype(np.int32)
                cv2.line(cover, ink[0].tolist(), ink[1].tolist(), 255, thick)
        lines = words.split("|")
        height = size_mm[0] / max(*map(len, lines), 9) * 1.1
        middle = y_mm + size_mm[1] * self.rng.uniform(0.3, 0.6) - height * 0.95 * (len(lines) - 1)
        printed_block(self.rng, cover, x_mm + 0.12 * size_mm[0], max(middle, y_mm), s, lines, height, "sans")
        faint = np.asarray(cv2.convertScaleAbs(cover, alpha=self.rng.uniform(0.3, 1.0)), np.uint8)
        self._inked(faint, INKS[int(self.rng.integers(len(INKS)))], None)

    def rules(self, x_mm: float, y_mm: float, width_mm: float, count: int, gap_mm: float) -> None:
        """Printed lines to write an address on, whole or dotted."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        thick, dotted = max(round(self.rng.uniform(0.1, 0.3) * s), 1), self.rng.random() < 0.25
        for k in range(count):
            y = round((y_mm + k * gap_mm) * s)
            for x in np.arange(x_mm, x_mm + width_mm, 1.0) if dotted else [x_mm]:
                long = 0.5 if dotted else width_mm
                cv2.line(cover, (round(x * s), y), (round((x + long) * s), y), 255, thick)
        self._inked(cover, INKS[int(self.rng.integers(len(INKS)))], None)

    def index_stencil(self, x_mm: float, y_mm: float, written: bool) -> None:
        """The six dotted figures of a Soviet envelope with the bars over them, filled in or not."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        wide, tall, step = 5.0, 10.0, 9.0
        sides = ((0, 0, 1, 0), (0, 0.5, 1, 0.5), (0, 1, 1, 1), (0, 0, 0, 1), (1, 0, 1, 1), (0, 1, 1, 0))
        for k in range(-1, 6):
            left = x_mm + k * step
            for bar in (0.0, 3.0) if k < 0 else (0.0,):
                corners = np.array([left, y_mm + bar, left + wide + 1, y_mm + bar + 1.8]) * s
                x0, y0, x1, y1 = np.round(corners).astype(int).tolist()
                cv2.rectangle(cover, (x0, y0), (x1, y1), 255, -1)
            for u0, v0, u1, v1 in sides if k >= 0 else ():
                for t in np.linspace(0, 1, 6):
                    x = (left + wide * (u0 + t * (u1 - u0))) * s
                    y = (y_mm + 3 + tall * (v0 + t * (v1 - v0))) * s
                    cv2.circle(cover, (round(x), round(y)), max(round(0.15 * s), 1), 255, -1)
        self._inked(cover, (20, 20, 25), None)
        if written:
            figures = "".join(map(str, self.rng.integers(0, 10, 6)))
            for k, figure in enumerate(figures):
                self.print_lines(x_mm + k * step, y_mm + 3 + tall * 0.1, [figure], tall * 0.9)

    def sign(self, x_mm: float, y_mm: float, width_mm: float) -> None:
        """An autograph."""
        s, cover = self.px_per_mm, np.zeros_like(self.ink)
        autograph(self.rng, cover, x_mm * s, y_mm * s, width_mm * s, s)
        self._inked(cover, PENS[int(self.rng.integers(len(PENS)))], "handwriting")

    def print_lines(
        self, x_mm: float, y_mm: float, lines: list[str], height_mm: float, font: str = "sans"
    ) -> None:
        """Typed or printed lines with their top left at (x, y)."""
        cover = np.zeros_like(self.ink)
        printed_block(self.rng, cover, x_mm, y_mm + height_mm / 2, self.px_per_mm, lines, height_mm, font)
        shade = (30, 30, 35) if self.rng.random() < 0.7 else INKS[int(self.rng.integers(len(INKS)))]
        self._inked(cover, shade, None)

    def _inked(self, cover: Ink, colour: tuple[float, float, float], kind: RegionKind | None) -> None:
        x, y, w, h = cv2.boundingRect(cover)
        if w < 2 or h < 2:
            return
        view = self.pixels[y : y + h, x : x + w]
        view[:] = ink_over(view, cover[y : y + h, x : x + w], colour, 0.95)
        if kind is not None:
            self.add(kind, Box(x, y, w, h).corners)


def _ink_name(name: str) -> InkName | None:
    known: dict[str, InkName] = {
        "black": "black",
        "blue": "blue",
        "violet": "violet",
        "red": "red",
        "green": "green",
    }
    return known.get(name)
