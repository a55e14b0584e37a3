"""A whole sketched cover: what the printer, the post, the sender and the office each put on the paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training import sketch_parts as parts
from recognizer.training.line_art import random_picture
from recognizer.training.sketch import Sketch
from recognizer.training.sketch_distractors import distract
from recognizer.training.sketch_ink import Mask, Rng, art_mask, chance, lay, text_mask, words
from recognizer.training.sketch_parts import Picture
from recognizer.training.sketch_strikes import Spot, strike_all


def draw_piece(rng: Rng, long_px: int) -> Sketch:
    """One cover, card or letter, flat and whole, ``long_px`` along its longer side."""
    short = int(long_px / rng.uniform(1.25, 2.0))
    w, h = (short, long_px) if chance(rng, 0.12) else (long_px, short)
    s = Sketch(parts.paper(rng, h, w), np.zeros((h, w), np.float32), w / rng.uniform(105, 245))
    _printed(rng, s)
    blank = chance(rng, 0.11)
    stamps = [] if blank else _stamps(rng, s)
    if chance(rng, 0.45) and not blank:
        _labels(rng, s)
    late = chance(rng, 0.3)
    if not late:
        _written(rng, s)
    if not blank:
        strike_all(rng, s, stamps)
    distract(rng, s, stamps)
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
    if chance(rng, 0.48):
        cw, ch = int(w * rng.uniform(0.16, 0.45)), int(h * rng.uniform(0.25, 0.95))
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


def _stamps(rng: Rng, s: Sketch) -> list[Spot]:
    """Postage stamps, mostly in a row from the top right corner; their boxes."""
    w, h = s.size
    found = []
    count = int(rng.choice([0, 1, 2, 3, 4, 5, 6], p=[0.07, 0.43, 0.22, 0.12, 0.08, 0.05, 0.03]))
    strewn = count > 2 and chance(rng, 0.3)  # all over the piece, as collectors make them
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
            picture, mask = _tilted(rng, picture, mask, rng.normal(0, 12 if chance(rng, 0.2) else 4))
            tw, th = mask.shape[1], mask.shape[0]
        x, y = right - tw, top
        if strewn or (i and chance(rng, 0.2)) or chance(rng, 0.1):
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
