"""Quick things for the finder to tell apart: stamps, labels, cachets, writing, print, paper.

Pictures are (H, W, 3) float32 RGB 0..1 with a mask (H, W) of what they cover; see ``sketch_ink`` for masks.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.line_art import random_picture
from recognizer.training.outline import smooth
from recognizer.training.sketch_ink import Mask, Rng, art_mask, chance, field, lay, text_mask, words

Picture = NDArray[np.float32]

LABELS = (
    *("PAR AVION|LUFTPOST", "VIA AIR MAIL", "АВИА|PAR AVION", "R 4471|SVERDLOVSK", "EXPRES", "PRIORITY"),
    *("R|МОСКВА 421|№ 0077", "BY AIR MAIL", "AVION", "RECOMMANDE|№ 214", "MIT LUFTPOST|PAR AVION"),
)
PAPERS = np.array(
    [
        [97, 97, 97],
        [96, 93, 86],
        [93, 85, 72],
        [86, 72, 52],
        [78, 78, 76],
        [99, 99, 99],
        [82, 88, 95],
        [95, 86, 84],
    ],
    np.float32,
)  # white, cream, manila, kraft, grey, bleached, blue, pink; in hundredths
PAPER_SHARES = (0.2, 0.22, 0.19, 0.12, 0.06, 0.14, 0.04, 0.03)


def rgb(values: Sequence[float]) -> NDArray[np.float32]:
    """A colour (3,) from its parts 0..1."""
    return np.asarray(values, np.float32)


def colour(rng: Rng, low: float = 0.0, high: float = 1.0, strength: float = 1.0) -> NDArray[np.float32]:
    """Any colour between two lightnesses; ``strength`` 0 is grey."""
    c = rng.random(3)
    grey = c.mean()
    return np.asarray(low + (high - low) * np.clip(grey + (c - grey) * strength * 1.6, 0, 1), np.float32)


def scene(rng: Rng, h: int, w: int) -> Picture:
    """Something like a printed picture: a ground with a gradient, blobs, drawn things, grain."""
    sky, ground = colour(rng, 0.25, 1.0), colour(rng, 0.05, 0.85)
    ramp = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
    image = np.broadcast_to(sky * (1 - ramp) + ground * ramp, (h, w, 3)).astype(np.float32)
    for _ in range(int(rng.integers(1, 6))):
        shape = field(rng, h, w, max(h, w) * rng.uniform(0.12, 0.5)) > rng.uniform(0.2, 1.2)
        image[shape] = image[shape] * 0.3 + 0.7 * colour(rng, 0.0, 1.0)
    image *= 1 + 0.25 * field(rng, h, w, rng.uniform(1.5, 6))[:, :, None] * rng.random()
    if chance(rng, 0.6):
        art = art_mask(random_picture(rng), w, h, int(rng.integers(1, 4)))[:, :, None]
        image = image * (1 - art) + art * colour(rng, 0, 0.6)
    return np.asarray(np.clip(image, 0, 1), np.float32)


def painted(rng: Rng, h: int, w: int, ground: float | None = None) -> Picture:
    """A painted or photographed picture: many-sized patches of near colours, bodies with a pelt or leaves."""
    base = colour(rng, 0.1, 0.9, 0.9)
    image = np.ones((h, w, 3), np.float32) * (base if ground is None else np.float32(ground))
    if ground is None:
        image = image * _texture(rng, h, w)[:, :, None]
        if chance(rng, 0.4):  # trunks, walls, columns: streaks from top to bottom
            streaks = cv2.resize(field(rng, 2, w, rng.uniform(2, 12)), (w, h))
            image *= np.clip(1 + rng.uniform(0.1, 0.5) * streaks, 0.2, 1.6)[:, :, None]
    for _ in range(int(rng.integers(1, 4))):
        bw, bh = max(int(w * rng.uniform(0.3, 1.0)), 6), max(int(h * rng.uniform(0.3, 1.0)), 6)
        drawing = random_picture(rng)
        body = np.zeros((bh, bw), np.uint8)
        for line in (*drawing.get("strokes", []), *drawing.get("filled", [])):
            cv2.fillPoly(body, [np.asarray(line * (bw, bh) * 16, np.int32)], 255, cv2.LINE_AA, 4)
        mask = np.zeros((h, w), np.float32)
        lay(
            mask,
            body.astype(np.float32) / np.float32(255),
            w * rng.uniform(0.3, 0.7),
            h * rng.uniform(0.4, 0.7),
        )
        coat = colour(rng, 0.05, 0.75, 0.8) * _texture(rng, h, w)[:, :, None]
        image = image * (1 - mask[:, :, None]) + mask[:, :, None] * coat
    return np.asarray(np.clip(image, 0, 1), np.float32)


def _texture(rng: Rng, h: int, w: int) -> Mask:
    """Factors about 1, rough at several scales."""
    large = max(h, w)
    return np.asarray(
        np.clip(
            1
            + rng.uniform(0.1, 0.4) * field(rng, h, w, large * rng.uniform(0.1, 0.4))
            + rng.uniform(0.05, 0.35) * field(rng, h, w, large * 0.05 + 2)
            + rng.uniform(0.0, 0.25) * field(rng, h, w, 2),
            0.1,
            1.8,
        ),
        np.float32,
    )


def due(rng: Rng, h: int, w: int) -> Picture:
    """A figure in a ring or an oval on a ground of loops: postage-due stamps, small definitives."""
    ink = colour(rng, 0.02, 0.7, 1.5)
    tone = np.clip(0.7 + 0.3 * field(rng, h, w, 3), 0, 1)
    middle, reach = (
        (w // 2, h // 2),
        (max(int(w * rng.uniform(0.25, 0.42)), 3), max(int(h * rng.uniform(0.2, 0.36)), 3)),
    )
    for k in range(int(rng.integers(1, 5))):
        axes = (max(reach[0] - 3 * k, 1), max(reach[1] - 3 * k, 1))
        cv2.ellipse(tone, middle, axes, 0, 0, 360, float(k % 2 == 1), 1 if k else -1, cv2.LINE_AA)
    spot = np.zeros((h, w), np.float32)
    lay(
        spot,
        text_mask(rng, str(int(rng.integers(1, 60))), reach[1] * rng.uniform(0.9, 1.4), width=reach[0] * 1.5),
        w / 2,
        h / 2,
    )
    lay(spot, text_mask(rng, words(rng), max(h * 0.1, 5), width=w * 0.85), w / 2, h * 0.1)
    tone = np.abs(tone - spot)
    return np.asarray(1 - np.clip(tone, 0, 1)[:, :, None] * (1 - ink), np.float32)


def engraved(rng: Rng, h: int, w: int) -> Picture:
    """A one-colour engraved stamp: hatching in one ink round a head, an eagle, an emblem."""
    ink = colour(rng, 0.02, 0.75)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(1.6, 4)
    tone = 0.45 + 0.35 * np.sin((x * np.cos(angle) + y * np.sin(angle)) * 6.28 / pitch)
    tone += 0.3 * field(rng, h, w, max(h, w) * 0.25) + rng.uniform(-0.1, 0.35)
    oval = ((x - w / 2) / (w * 0.33)) ** 2 + ((y - h / 2) / (h * 0.36)) ** 2 < 1
    if chance(rng, 0.6):
        tone[oval] = tone[oval] * rng.uniform(0.2, 0.9)
    art = art_mask(random_picture(rng), max(int(w * 0.7), 4), max(int(h * 0.7), 4), 2)
    picture = np.zeros((h, w), np.float32)
    lay(picture, art, w / 2, h / 2)
    tone = np.maximum(tone, picture) if chance(rng, 0.7) else tone * (1 - picture)
    tone = np.clip(tone, 0, 1)[:, :, None]
    return np.asarray(1 - tone * (1 - ink), np.float32)


def _stamp_picture(rng: Rng, h: int, w: int) -> Picture:
    style = rng.random()
    if style < 0.38:
        return engraved(rng, h, w)
    if style < 0.6:
        return scene(rng, h, w)
    if style < 0.92:
        return painted(rng, h, w, rng.uniform(0.85, 1.0) if chance(rng, 0.4) else None)
    return due(rng, h, w)


def stamp(rng: Rng, w: int, h: int) -> tuple[Picture, Mask]:
    """A postage stamp: picture, country and figure of value, white margin, perforation."""
    image = _stamp_picture(rng, h, w)
    light, dark = (1.0, 0.1) if chance(rng, 0.5) else (0.95, 0.0)
    for text, size, at in (
        (words(rng), 0.12, rng.choice([0.1, 0.9])),
        (str(int(rng.integers(1, 100))), 0.24, rng.choice([0.2, 0.8])),
    ):
        mask = text_mask(rng, text, max(h * size, 5), width=w * 0.8)
        spot = np.zeros((h, w), np.float32)
        lay(spot, mask, w / 2 if size < 0.2 else w * rng.choice([0.2, 0.8]), h * at)
        tint = light if chance(rng, 0.5) else dark
        image = image * (1 - spot[:, :, None]) + spot[:, :, None] * tint
    edge = max(round(min(w, h) * rng.uniform(0.02, 0.08)), 1)
    white = rng.uniform(0.85, 1.0)
    if chance(rng, 0.9):
        image[:edge], image[-edge:], image[:, :edge], image[:, -edge:] = white, white, white, white
    cover = np.ones((h, w), np.float32)
    if chance(rng, 0.75):
        pitch = max(min(w, h) / rng.uniform(9, 16), 3)
        for x in np.arange(pitch / 2, w, pitch):
            cv2.circle(cover, (int(x), 0), max(int(pitch * 0.28), 1), 0.0, -1)
            cv2.circle(cover, (int(x), h - 1), max(int(pitch * 0.28), 1), 0.0, -1)
        for y in np.arange(pitch / 2, h, pitch):
            cv2.circle(cover, (0, int(y)), max(int(pitch * 0.28), 1), 0.0, -1)
            cv2.circle(cover, (w - 1, int(y)), max(int(pitch * 0.28), 1), 0.0, -1)
    return image, cover


def indicium(rng: Rng, w: int, h: int) -> tuple[Picture, Mask]:
    """A stamp printed on the card itself: one colour, straight on the paper."""
    image = engraved(rng, h, w)
    ink = colour(rng, 0.05, 0.6)
    tone = 1 - image.mean(2)
    frame = max(round(w * 0.04), 1)
    cv2.rectangle(tone, (0, 0), (w - 1, h - 1), 0.9, frame)
    lay(tone, text_mask(rng, words(rng), max(h * 0.1, 5), width=w * 0.8), w / 2, h * 0.12)
    tone = np.clip(tone * 1.2, 0, 1)
    return np.ones((h, w, 3), np.float32) * ink, np.asarray(tone, np.float32)


def label(rng: Rng, w: int, h: int) -> tuple[Picture, Mask]:
    """A stuck-on label: air mail, registration, express, bar code."""
    ground = (
        np.float32(rng.uniform(0.85, 1.0)) * np.ones(3, np.float32)
        if chance(rng, 0.45)
        else colour(rng, 0.1, 0.7, 1.4)
    )
    ink = colour(rng, 0, 0.35) if ground.mean() > 0.6 else np.ones(3, np.float32)
    image = np.ones((h, w, 3), np.float32) * ground
    mask = np.zeros((h, w), np.float32)
    lines = LABELS[int(rng.integers(len(LABELS)))].split("|")
    bars = chance(rng, 0.25)
    room = h * (0.5 if bars else 0.9)
    for i, text in enumerate(lines):
        lay(
            mask,
            text_mask(rng, text, room / (len(lines) + 0.8) * rng.uniform(0.6, 0.85), width=w * 0.86),
            w / 2,
            room * (i + 0.75) / (len(lines) + 0.5),
        )
    if bars:
        for x in np.cumsum(rng.integers(2, 6, w)):
            if x < w * 0.92 and x > w * 0.08:
                mask[int(h * 0.55) : int(h * 0.9), x] = 1
    if chance(rng, 0.6):
        cv2.rectangle(mask, (2, 2), (w - 3, h - 3), 1.0, max(round(h * 0.03), 1))
    image = image * (1 - mask[:, :, None]) + mask[:, :, None] * ink
    return np.asarray(image, np.float32), np.ones((h, w), np.float32)


def cachet(rng: Rng, w: int, h: int) -> tuple[Picture, Mask]:
    """A cachet: a line drawing in one ink, a printed picture with or without a frame, a vignette."""
    style = rng.random()
    if style < 0.4:
        mask = np.zeros((h, w), np.float32)
        count = int(rng.integers(1, 4))
        for _ in range(count):
            k = rng.uniform(0.5, 0.95) if count > 1 else 0.95
            lay(
                mask,
                art_mask(random_picture(rng), int(w * k), int(h * k * 0.85), int(rng.integers(1, 4))),
                w * rng.uniform(0.4, 0.6),
                h * rng.uniform(0.35, 0.55),
            )
        if chance(rng, 0.4):
            mask *= np.clip(0.7 + 0.4 * field(rng, h, w, 3), 0, 1)
        if chance(rng, 0.7):
            lay(mask, text_mask(rng, words(rng), h * rng.uniform(0.05, 0.1), width=w * 0.95), w / 2, h * 0.94)
        if chance(rng, 0.3):
            cv2.rectangle(mask, (1, 1), (w - 2, h - 2), 1.0, 2)
        return np.ones((h, w, 3), np.float32) * colour(rng, 0, 0.55), mask
    image = scene(rng, h, w) if chance(rng, 0.5) else painted(rng, h, w)
    mask = np.ones((h, w), np.float32)
    if style < 0.65:  # vignetted: an animal or a head cut out of its ground
        y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
        shape = 1 - np.hypot(x, y) + 0.22 * field(rng, h, w, max(h, w) * 0.15)
        mask = np.asarray(np.clip((shape - 0.12) * 14, 0, 1), np.float32)
    elif chance(rng, 0.3):
        white = max(round(w * 0.04), 1)
        image[:white], image[-white:], image[:, :white], image[:, -white:] = 1, 1, 1, 1
    if chance(rng, 0.4):
        text = np.zeros((h, w), np.float32)
        lay(text, text_mask(rng, words(rng), h * 0.08, width=w * 0.9), w / 2, h * rng.uniform(0.05, 0.95))
        image = image * (1 - text[:, :, None]) + text[:, :, None] * (0.0 if chance(rng, 0.5) else 1.0)
        mask = np.maximum(mask, text)
    return image, mask


def scrawl(rng: Rng, w: int, h: int) -> Mask:
    """A line of handwriting: loops on a wandering base line, now and then a tall letter or a gap."""
    mask = np.zeros((h, w), np.uint8)
    size, x = h * rng.uniform(0.16, 0.26), 2.0
    slant, thick = rng.uniform(-0.1, 0.6), int(rng.integers(1, 3))
    pen = []
    while x < w - size:
        tall = rng.choice([1.0, 1.0, 1.0, 2.2, -1.4])
        base = h * 0.62
        for u, v in (
            (0.0, 0.0),
            (0.35, -tall),
            (0.55, -tall * 0.9),
            (0.4, 0.0),
            (0.75, rng.uniform(-0.5, 0.1)),
        ):
            jx, jy = rng.normal(0, 0.12, 2)
            pen.append((x + (u + jx - slant * v * 0.5) * size, base + (v + jy) * size))
        x += size * rng.uniform(0.6, 1.1)
        if chance(rng, 0.16) and len(pen) > 3:
            cv2.polylines(
                mask, [np.asarray(smooth(np.array(pen)) * 16, np.int32)], False, 255, thick, cv2.LINE_AA, 4
            )
            pen, x = [], x + size * rng.uniform(0.6, 1.6)
    if len(pen) > 3:
        cv2.polylines(
            mask, [np.asarray(smooth(np.array(pen)) * 16, np.int32)], False, 255, thick, cv2.LINE_AA, 4
        )
    return mask.astype(np.float32) / np.float32(255)


def brush_column(rng: Rng, w: int, h: int) -> Mask:
    """A column of brush writing: signs of a few strokes each, one under the other."""
    mask = np.zeros((h, w), np.uint8)
    y = w * 0.5
    while y < h - w * 0.6:
        for _ in range(int(rng.integers(3, 9))):
            start = np.array([w / 2, y]) + rng.uniform(-0.42, 0.42, 2) * w
            turn = [(1, 0.1), (0.1, 1), (-0.6, 0.8), (0.6, 0.8)][int(rng.integers(4))]
            stop = start + np.array(turn) * w * rng.uniform(0.2, 0.7)
            cv2.line(
                mask,
                (int(start[0]), int(start[1])),
                (int(stop[0]), int(stop[1])),
                255,
                int(rng.integers(1, 4)),
                cv2.LINE_AA,
            )
        y += w * rng.uniform(0.95, 1.3)
    return mask.astype(np.float32) / np.float32(255)


def paper(rng: Rng, h: int, w: int) -> Picture:
    """The sheet: white, cream, manila, grey or tinted, with grain, stains, creases and uneven light."""
    base = PAPERS[int(rng.choice(len(PAPERS), p=PAPER_SHARES))] / 100
    base = base * rng.uniform(0.92, 1.03) + rng.normal(0, 0.012, 3).astype(np.float32)
    tone = (
        1
        + rng.uniform(0, 0.05) * field(rng, h, w, max(h, w) * 0.3)
        + rng.uniform(0, 0.02) * field(rng, h, w, rng.uniform(2, 8))
    )
    image = np.asarray(base[None, None] * tone[:, :, None], np.float32)
    for _ in range(int(rng.integers(0, 3))):
        stain = np.clip(field(rng, h, w, max(h, w) * rng.uniform(0.05, 0.3)) - rng.uniform(0.8, 2), 0, 1)
        image *= 1 - stain[:, :, None] * rng.uniform(0, 0.25) * np.array([0.6, 0.9, 1.3], np.float32)
    for _ in range(int(rng.choice([0, 0, 0, 1, 2, 3]))):
        a, b = rng.random(2) * (w, h), rng.random(2) * (w, h)
        crease = np.zeros((h, w), np.float32)
        cv2.line(
            crease, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0, int(rng.integers(1, 3)), cv2.LINE_AA
        )
        image *= 1 + rng.uniform(-0.25, 0.12) * crease[:, :, None]
    return image
