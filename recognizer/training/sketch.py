"""Quick covers for the finder: a whole piece at about 640 px in some 60 ms, with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training import sketch_parts as parts
from recognizer.training.line_art import random_picture
from recognizer.training.sketch_ink import (
    Mask,
    Rng,
    art_mask,
    box_stamp,
    chance,
    dial,
    killer,
    lay,
    pictorial,
    text_mask,
    words,
    worn,
)
from recognizer.training.sketch_parts import Picture

KINDS = ("postmark", "handstamp", "stamp", "cachet", "label")
Row = tuple[int, float, float, float, float]  # index of the kind, x, y, w, h

_INKS = {
    "black": (0.1, 0.1, 0.11),
    "grey": (0.25, 0.24, 0.25),
    "violet": (0.42, 0.18, 0.55),
    "blue": (0.15, 0.25, 0.6),
    "red": (0.75, 0.15, 0.2),
    "magenta": (0.8, 0.2, 0.5),
    "green": (0.1, 0.42, 0.25),
}


@dataclass(eq=False)
class Sketch:
    """A cover as it grows: its picture, how much strike ink each pixel bears, what is where."""

    image: Picture  # (H, W, 3) RGB 0..1
    ink: Mask  # (H, W) 0..1
    px_per_mm: float
    rows: list[Row] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        return self.image.shape[1], self.image.shape[0]

    def paste(
        self, picture: Picture, mask: Mask, x: float, y: float, kind: str | None, opaque: bool = True
    ) -> None:
        """Put a picture with its top left at (x, y): on the paper if ``opaque``, else printed on it."""
        window = self._window(mask, x, y)
        if window is None:
            return
        (u0, v0, u1, v1), (x0, y0) = window
        here = self.image[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0]
        part, cover = picture[v0:v1, u0:u1], mask[v0:v1, u0:u1, None]
        here[:] = here * (1 - cover) + cover * (part if opaque else part * here)
        if opaque:
            self.ink[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0] *= 1 - cover[:, :, 0]
        if kind is not None:
            self._note(kind, x, y, mask.shape[1], mask.shape[0])

    def press(self, mask: Mask, colour: NDArray[np.float32], x: float, y: float, struck: bool) -> None:
        """Print or strike a mask in one colour with its centre at (x, y)."""
        left, top = x - mask.shape[1] / 2, y - mask.shape[0] / 2
        window = self._window(mask, left, top)
        if window is None:
            return
        (u0, v0, u1, v1), (x0, y0) = window
        amount = mask[v0:v1, u0:u1]
        here = self.image[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0]
        here *= 1 - amount[:, :, None] * (1 - colour)
        if struck:
            ink = self.ink[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0]
            np.maximum(ink, amount, out=ink)

    def strike(
        self,
        rng: Rng,
        die: Mask,
        kind: str | None,
        colour: NDArray[np.float32],
        x: float,
        y: float,
        angle: float,
    ) -> None:
        """Strike a die drawn at twice its size with its centre at (x, y), turned by ``angle`` degrees."""
        h, w = die.shape
        c, s = abs(np.cos(np.deg2rad(angle))), abs(np.sin(np.deg2rad(angle)))
        wide, high = int(w * c + h * s) + 8, int(w * s + h * c) + 8
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0)
        turn[:, 2] += (wide / 2 - w / 2, high / 2 - h / 2)
        mask = worn(rng, np.asarray(cv2.warpAffine(die, turn, (wide, high)), np.float32))
        mask = np.asarray(cv2.resize(mask, (wide // 2, high // 2), interpolation=cv2.INTER_AREA), np.float32)
        self.press(mask, colour, x, y, kind is not None)
        # What hardly printed no eye would find; it stays in the picture, unlabelled.
        if kind is None or mask.sum() < 0.12 * die.sum() / 4:
            return
        hull = cv2.convexHull(cv2.findNonZero((die > 0.3).astype(np.uint8))).reshape(-1, 2)
        corners = (hull @ turn[:, :2].T + turn[:, 2]) / 2
        (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
        self._note(kind, x - mask.shape[1] / 2 + x0, y - mask.shape[0] / 2 + y0, x1 - x0, y1 - y0)

    def _window(
        self, mask: Mask, x: float, y: float
    ) -> tuple[tuple[int, int, int, int], tuple[int, int]] | None:
        """Which part of a mask falls on the sheet, and where."""
        x0, y0 = round(x), round(y)
        u0, v0 = max(-x0, 0), max(-y0, 0)
        u1, v1 = min(mask.shape[1], self.size[0] - x0), min(mask.shape[0], self.size[1] - y0)
        return ((u0, v0, u1, v1), (x0 + u0, y0 + v0)) if u1 > u0 and v1 > v0 else None

    def _note(self, kind: str, x: float, y: float, w: float, h: float) -> None:
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + w, self.size[0]), min(y + h, self.size[1])
        if min(x1 - x0, y1 - y0) >= 10 and (x1 - x0) * (y1 - y0) > 0.45 * w * h:
            self.rows.append((KINDS.index(kind), x0, y0, x1 - x0, y1 - y0))


def draw_piece(rng: Rng, long_px: int) -> Sketch:
    """One cover, card or letter, flat and whole, ``long_px`` along its longer side."""
    short = int(long_px / rng.uniform(1.25, 2.0))
    w, h = (short, long_px) if chance(rng, 0.12) else (long_px, short)
    s = Sketch(parts.paper(rng, h, w), np.zeros((h, w), np.float32), w / rng.uniform(105, 245))
    _printed(rng, s)
    blank = chance(rng, 0.11)
    stamps = [] if blank else _stamps(rng, s)
    if chance(rng, 0.28) and not blank:
        _labels(rng, s)
    late = chance(rng, 0.3)
    if not late:
        _written(rng, s)
    if not blank:
        _strikes(rng, s, stamps)
    if late or chance(rng, 0.2):
        _written(rng, s)
    return s


def _printed(rng: Rng, s: Sketch) -> None:
    """What the printer put there: titles, rules, address lines, borders, a cachet."""
    w, h = s.size
    ink = parts.colour(rng, 0.0, 0.6, 1.5) if chance(rng, 0.6) else parts.rgb([0.15, 0.15, 0.15])
    if chance(rng, 0.2):
        s.press(
            text_mask(
                rng,
                ("POST CARD", "CARTE POSTALE", "TARJETA POSTAL", "ПОЧТОВАЯ КАРТОЧКА")[int(rng.integers(4))],
                h * 0.06,
            ),
            ink,
            w * rng.uniform(0.3, 0.7),
            h * rng.uniform(0.05, 0.15),
            False,
        )
    if chance(rng, 0.2):
        x = int(w * rng.uniform(0.4, 0.6))
        cv2.line(s.image, (x, int(h * 0.15)), (x, int(h * 0.95)), ink.tolist(), 1, cv2.LINE_AA)
    if chance(rng, 0.2):
        for y in np.linspace(h * rng.uniform(0.4, 0.6), h * rng.uniform(0.7, 0.92), int(rng.integers(3, 6))):
            cv2.line(s.image, (int(w * 0.5), int(y)), (int(w * 0.93), int(y)), ink.tolist(), 1, cv2.LINE_AA)
    if chance(rng, 0.1):
        _air_border(rng, s)
    if chance(rng, 0.12):
        _stamp_place(rng, s, ink)
    if chance(rng, 0.15):
        for i in range(int(rng.integers(2, 5))):
            s.press(
                text_mask(rng, words(rng, False), h * 0.025),
                ink,
                w * rng.uniform(0.12, 0.16),
                h * (0.06 + 0.035 * i),
                False,
            )
    if chance(rng, 0.12):
        _rings_and_logos(rng, s)
    if chance(rng, 0.42):
        cw, ch = int(w * rng.uniform(0.18, 0.42)), int(h * rng.uniform(0.25, 0.8))
        picture, mask = parts.cachet(rng, cw, ch)
        s.paste(
            picture,
            mask,
            rng.uniform(0.0, 0.15) * w,
            rng.uniform(0.02, 0.98) * (h - ch),
            "cachet",
            chance(rng, 0.5),
        )


def _stamp_place(rng: Rng, s: Sketch, ink: NDArray[np.float32]) -> None:
    """The frame printed on a card where the stamp is to go, with a few words in it."""
    w = s.size[0]
    bw, bh = int(s.px_per_mm * rng.uniform(18, 26)), int(s.px_per_mm * rng.uniform(20, 30))
    mask = np.zeros((bh, bw), np.float32)
    cv2.rectangle(mask, (1, 1), (bw - 2, bh - 2), rng.uniform(0.5, 1), 1)
    if chance(rng, 0.5):
        mask[::4] = 0
        mask[:, ::4] = 0
    lines = int(rng.integers(0, 5))
    for i in range(lines):
        lay(mask, text_mask(rng, words(rng), bh * 0.1, width=bw * 0.8), bw / 2, bh * (i + 1) / (lines + 1))
    if chance(rng, 0.3):
        lay(mask, art_mask(random_picture(rng), int(bw * 0.6), int(bh * 0.5), 1), bw / 2, bh / 2)
    s.press(mask, ink, w - bw * rng.uniform(0.6, 1.1), bh * rng.uniform(0.6, 1.1), False)


def _air_border(rng: Rng, s: Sketch) -> None:
    w, h = s.size
    band, step, x = max(int(h * 0.03), 3), int(w * 0.05), 0
    while x < w:
        for dx, c in ((0, (0.75, 0.15, 0.2)), (step, (0.15, 0.2, 0.55))):
            for y0, y1 in ((0, band), (h - band, h)):
                points = np.array(
                    [
                        [x + dx, y0],
                        [x + dx + step // 2, y0],
                        [x + dx + step // 2 - band, y1],
                        [x + dx - band, y1],
                    ]
                )
                cv2.fillPoly(s.image, [points.astype(np.int32)], c, cv2.LINE_AA)
        x += 2 * step


def _rings_and_logos(rng: Rng, s: Sketch) -> None:
    """Round things that are no postmark: a coffee ring, a printed trade mark, a punch hole."""
    w, h = s.size
    x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(6, 55)
    kind, ink = rng.random(), parts.colour(rng, 0.1, 0.8)
    if kind < 0.4:
        mask = np.zeros((h, w), np.float32)
        cv2.circle(
            mask, (int(x), int(y)), int(r), rng.uniform(0.1, 0.5), int(rng.integers(2, 9)), cv2.LINE_AA
        )
        s.press(cv2.GaussianBlur(mask, (0, 0), 2), parts.rgb([0.6, 0.45, 0.3]), w / 2, h / 2, False)
    elif kind < 0.7:
        cv2.circle(s.image, (int(x), int(y)), max(int(r * 0.4), 3), ink.tolist(), -1, cv2.LINE_AA)
    else:
        r = int(min(r, 24))
        cv2.circle(s.image, (int(x), int(y)), r, ink.tolist(), 2, cv2.LINE_AA)
        s.press(text_mask(rng, words(rng)[:4], r * 0.6, width=r * 1.5), ink, x, y, False)


def _stamps(rng: Rng, s: Sketch) -> list[tuple[float, float, float, float]]:
    """Postage stamps, mostly in a row from the top right corner; their boxes."""
    w, h = s.size
    found = []
    count = int(rng.choice([0, 1, 2, 3, 4, 5], p=[0.07, 0.48, 0.24, 0.11, 0.06, 0.04]))
    right, top = w - rng.uniform(0.005, 0.09) * w, rng.uniform(0.0, 0.1) * h
    size = (s.px_per_mm * rng.uniform(20, 30), s.px_per_mm * rng.uniform(22, 36))
    same = chance(rng, 0.5)
    for i in range(count):
        if not same or i == 0:
            a, b = s.px_per_mm * rng.uniform(18, 34), s.px_per_mm * rng.uniform(22, 48)
            size = (max(a, b), min(a, b)) if chance(rng, 0.45) else (min(a, b), max(a, b))
        tw, th = max(int(size[0]), 12), max(int(size[1]), 12)
        draw = parts.indicium if count == 1 and chance(rng, 0.15) else parts.stamp
        picture, mask = draw(rng, tw, th)
        if chance(rng, 0.3):
            picture, mask = _tilted(rng, picture, mask, rng.normal(0, 4))
            tw, th = mask.shape[1], mask.shape[0]
        x, y = right - tw, top
        if (i and chance(rng, 0.2)) or chance(rng, 0.1):
            x, y = rng.uniform(0, w - tw), rng.uniform(0, max(h - th, 1))
        else:
            right = x - rng.choice([0.0, 0.0, 2.0, 8.0, 20.0])
        opaque = draw is parts.stamp
        if opaque and chance(rng, 0.5):
            s.press(
                cv2.GaussianBlur(np.pad(mask, 4), (0, 0), 1.5) * rng.uniform(0.1, 0.5),
                np.zeros(3, np.float32),
                x + tw / 2 + 1,
                y + th / 2 + 1,
                False,
            )
        s.paste(picture, mask, x, y, "stamp", opaque)
        found.append((x, y, float(tw), float(th)))
    return found


def _tilted(rng: Rng, picture: Picture, mask: Mask, angle: float) -> tuple[Picture, Mask]:
    h, w = mask.shape
    c, s = abs(np.cos(np.deg2rad(angle))), abs(np.sin(np.deg2rad(angle)))
    wide, high = int(w * c + h * s) + 1, int(w * s + h * c) + 1
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0)
    turn[:, 2] += (wide / 2 - w / 2, high / 2 - h / 2)
    return np.asarray(cv2.warpAffine(picture, turn, (wide, high)), np.float32), np.asarray(
        cv2.warpAffine(mask, turn, (wide, high)), np.float32
    )


def _labels(rng: Rng, s: Sketch) -> None:
    w, h = s.size
    for _ in range(1 + int(chance(rng, 0.25))):
        lw = max(int(s.px_per_mm * rng.uniform(30, 75)), 24)
        lh = max(int(lw * rng.uniform(0.2, 0.5)), 10)
        picture, mask = parts.label(rng, lw, lh)
        if chance(rng, 0.4):
            picture, mask = _tilted(rng, picture, mask, rng.normal(0, 5))
        s.paste(picture, mask, rng.uniform(0, 0.7) * w, rng.uniform(0, 1) * max(h - lh, 1), "label")


def _written(rng: Rng, s: Sketch) -> None:
    """An address and notes: by hand, by brush, by typewriter."""
    w, h = s.size
    ink = parts.rgb(
        [(0.12, 0.12, 0.16), (0.12, 0.2, 0.5), (0.2, 0.1, 0.1), (0.4, 0.4, 0.42)][
            int(rng.choice(4, p=[0.45, 0.3, 0.1, 0.15]))
        ]
    )
    style = rng.choice(3, p=[0.62, 0.08, 0.3])
    if style == 1:
        for _ in range(int(rng.integers(1, 14))):
            cw, ch = int(w * rng.uniform(0.02, 0.06)), int(h * rng.uniform(0.2, 0.9))
            s.press(
                parts.brush_column(rng, max(cw, 6), ch),
                ink,
                rng.uniform(0.05, 0.95) * w,
                rng.uniform(0.3, 0.8) * h,
                False,
            )
        return
    blocks = [(rng.uniform(0.3, 0.65), rng.uniform(0.4, 0.6), int(rng.integers(2, 6)))]
    if chance(rng, 0.5):
        blocks.append((rng.uniform(0.15, 0.3), rng.uniform(0.04, 0.12), int(rng.integers(2, 5))))
    if chance(rng, 0.3):
        blocks.append((rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.9), int(rng.integers(1, 9))))
    for cx, top, lines in blocks:
        size = h * rng.uniform(0.05, 0.14)
        for i in range(lines):
            lw = int(w * rng.uniform(0.15, 0.5))
            y = top * h + i * size * rng.uniform(0.8, 1.1)
            if style == 0:
                mask = parts.scrawl(rng, max(lw, 30), max(int(size * 1.7), 14)) * rng.uniform(0.5, 1)
            else:
                mask = text_mask(
                    rng,
                    f"{words(rng, chance(rng, 0.4))} {words(rng, False)} {int(rng.integers(1, 999))}",
                    max(size * 0.28, 5),
                    width=lw,
                )
            s.press(np.asarray(mask, np.float32), ink, cx * w + rng.normal(0, 0.04) * w, y, False)


def ink_colour(rng: Rng, names: tuple[str, ...], p: tuple[float, ...]) -> NDArray[np.float32]:
    c = parts.rgb(_INKS[names[int(rng.choice(len(names), p=p))]])
    return np.asarray(np.clip(c + rng.normal(0, 0.04, 3), 0, 1), np.float32)


def _strikes(rng: Rng, s: Sketch, stamps: list[tuple[float, float, float, float]]) -> None:
    w, h = s.size
    again = None  # several strikes of one die on a piece are common
    for _ in range(int(rng.choice([0, 1, 2, 3, 4, 5], p=[0.06, 0.46, 0.24, 0.13, 0.07, 0.04]))):
        d = max(
            int(2 * s.px_per_mm * rng.choice([rng.uniform(20, 30), rng.uniform(26, 42)], p=[0.7, 0.3])), 40
        )
        die = (
            again
            if again is not None and chance(rng, 0.5)
            else (pictorial(rng, d) if chance(rng, 0.22) else dial(rng, d))
        )
        again = die
        d = die.shape[1]
        colour = ink_colour(
            rng, ("black", "grey", "violet", "blue", "red", "green"), (0.62, 0.18, 0.07, 0.06, 0.06, 0.01)
        )
        angle = rng.uniform(-180, 180) if chance(rng, 0.12) else rng.normal(0, 9)
        x, y = rng.uniform(0.05, 0.95) * w, rng.uniform(0.08, 0.92) * h
        machine = False
        if stamps and chance(rng, 0.75):
            tx, ty, tw, th = stamps[int(rng.integers(len(stamps)))]
            machine = chance(rng, 0.4)
            if machine:
                x, y = tx - d / 4 - rng.uniform(0.0, 0.3) * w, ty + th * rng.uniform(0.3, 0.9)
            else:
                x, y = tx + rng.uniform(-0.5, 1.1) * tw, ty + rng.uniform(0.0, 1.4) * th
        x, y = float(np.clip(x, d * 0.2, w - d * 0.2)), float(np.clip(y, d * 0.2, h - d * 0.2))
        s.strike(rng, die, "postmark", colour, x, y, angle)
        if machine:
            _cancel(rng, s, colour, x + d / 4, y, d)
    for _ in range(int(rng.choice([0, 1, 2], p=[0.58, 0.32, 0.1]))):
        wide = max(int(2 * s.px_per_mm * rng.uniform(25, 75)), 60)
        die = (
            dial(rng, max(int(2 * s.px_per_mm * rng.uniform(22, 45)), 40), False)
            if chance(rng, 0.2)
            else box_stamp(rng, wide)
        )
        colour = ink_colour(
            rng,
            ("black", "violet", "magenta", "blue", "red", "green", "grey"),
            (0.15, 0.3, 0.13, 0.14, 0.14, 0.04, 0.1),
        )
        angle = rng.choice([rng.normal(0, 4), rng.uniform(-30, 30), 90.0], p=[0.7, 0.25, 0.05])
        s.strike(
            rng, die, "handstamp", colour, rng.uniform(0.1, 0.9) * w, rng.uniform(0.1, 0.9) * h, float(angle)
        )


def _cancel(rng: Rng, s: Sketch, colour: NDArray[np.float32], left: float, y: float, d: int) -> None:
    """The right half of a machine cancel: wavy killer (of no kind) or a slogan box (a postmark)."""
    wide, high = int(d * rng.uniform(1.2, 3.2)), int(d * rng.uniform(0.7, 1.0))
    slogan = chance(rng, 0.25)
    die = box_stamp(rng, wide) if slogan else killer(rng, wide, high)
    gap = d * rng.uniform(0.02, 0.15)
    x = left + gap + die.shape[1] / 4
    if slogan:
        s.strike(rng, die, "postmark", colour, x, y, rng.normal(0, 1))
    else:
        before = s.ink.copy()
        s.strike(rng, die, None, colour, x, y, rng.normal(0, 1.5))
        s.ink = before
