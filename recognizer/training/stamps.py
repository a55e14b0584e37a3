"""Postage stamps: perforated, engraved in one colour or printed in many, with a value and a country's name.

stamp = postage_stamp(rng, px_per_mm)
stamp.pixels, stamp.alpha            # (H, W, 3) RGB uint8, (H, W) uint8: 255 paper, 0 perforation
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from recognizer.training.die import Plate
from recognizer.training.line_art import random_picture
from recognizer.training.paper import ink_over
from recognizer.training.places import any_tongue, pick, tongue
from recognizer.training.textures import grain, swell
from recognizer.types import Gray, Rgb

Rng = np.random.Generator
INKS = (
    (150, 30, 40),
    (40, 60, 130),
    (35, 95, 60),
    (110, 60, 40),
    (70, 45, 100),
    (40, 40, 45),
    (190, 80, 40),
    (20, 80, 110),
    (25, 35, 70),
)

PIGMENTS = (
    *INKS,
    (225, 190, 60),
    (120, 160, 90),
    (90, 150, 200),
    (235, 225, 200),
    (150, 110, 80),
    (200, 90, 60),
    (30, 30, 30),
    (245, 245, 240),
    (60, 110, 160),
    (210, 150, 120),
    (90, 90, 60),
)


@dataclass(frozen=True, eq=False, slots=True)
class Sticker:
    """Something stuck on a piece: its picture and where it covers the paper."""

    pixels: Rgb
    alpha: Gray


def postage_stamp(
    rng: Rng, px_per_mm: float, size_mm: tuple[float, float] | None = None, words: str | None = None
) -> Sticker:
    """A stamp nobody issued: definitive sizes and larger pictorial ones."""
    if size_mm is None:
        w = rng.uniform(19, 26) if rng.random() < 0.55 else rng.uniform(28, 42)
        h = w * rng.uniform(1.1, 1.3) if rng.random() < 0.55 else w * rng.uniform(0.65, 0.9)
        size_mm = (w, h)
    w_px, h_px = (max(int(v * px_per_mm), 16) for v in size_mm)
    paper = np.full((h_px, w_px, 3), 250, np.uint8) - rng.integers(0, 25, 3).astype(np.uint8)
    margin = max(int(rng.uniform(1.0, 2.2) * px_per_mm), 2)
    inner = paper[margin : h_px - margin, margin : w_px - margin]
    inner[:] = (
        engraved(rng, inner, px_per_mm)
        if rng.random() < 0.6
        else colourful(rng, inner.shape[0], inner.shape[1])
    )
    name = any_tongue(rng)
    _lettered(rng, paper, size_mm, px_per_mm, words or pick(rng, tongue(name).countries))
    alpha = (
        perforated(h_px, w_px, px_per_mm, rng.uniform(1.3, 2.0))
        if rng.random() < 0.9
        else np.full((h_px, w_px), 255, np.uint8)
    )
    return Sticker(paper, alpha)


def perforated(h: int, w: int, px_per_mm: float, pitch_mm: float) -> Gray:
    """The outline of a stamp with its teeth."""
    alpha = np.full((h, w), 255, np.uint8)
    radius, sides = max(pitch_mm * 0.27 * px_per_mm, 1.0), (w, h)
    for along, other in ((0, 1), (1, 0)):
        count = max(int(sides[along] / (pitch_mm * px_per_mm)), 2)
        for t in np.linspace(0, sides[along] - 1, count + 1):
            for edge in (0, sides[other] - 1):
                centre = (t, edge) if along == 0 else (edge, t)
                cv2.circle(
                    alpha,
                    (round(centre[0] * 16), round(centre[1] * 16)),
                    round(radius * 16),
                    0,
                    -1,
                    cv2.LINE_AA,
                    4,
                )
    return alpha


def engraved(rng: Rng, ground: Rgb, px_per_mm: float) -> Rgb:
    """A picture in one colour made of fine lines, light and dark as in an engraving."""
    h, w = ground.shape[:2]
    colour = INKS[int(rng.integers(len(INKS)))]
    scene = _scene(rng, h, w)
    tone = cv2.GaussianBlur(scene, (0, 0), max(0.004 * w, 0.5)).astype(np.float32) / 255
    tone += swell(rng, h, w, 5, 0.12)
    pitch = max(rng.uniform(0.22, 0.5) * px_per_mm, 2.0)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    a = rng.choice([0.0, np.pi / 4, np.pi / 2, -np.pi / 4])
    bend = swell(rng, h, w, 3, rng.uniform(0, 3))
    lines = 0.5 + 0.5 * np.sin((x * np.cos(a) + y * np.sin(a)) * 2 * np.pi / pitch + bend)
    cover = np.clip((lines - tone + 0.25) * 2.2, 0, 1)
    cover = np.clip(cover, 0, rng.uniform(0.75, 1.0)) * 255
    cover[scene < 70] = 235  # contours are cut deepest
    frame = max(int(0.35 * px_per_mm), 1)
    cover[:frame], cover[-frame:], cover[:, :frame], cover[:, -frame:] = 255, 255, 255, 255
    return ink_over(ground, cover.astype(np.uint8), colour)


def colourful(rng: Rng, h: int, w: int) -> Rgb:
    """A picture in many colours: a soft ground, a scene, a few bright shapes."""
    base = 0.55 * np.array(PIGMENTS[int(rng.integers(len(PIGMENTS)))]) + 90  # few stamps are dark all over
    low = np.clip(base + rng.normal(0, 28, (4, 4, 1)) + rng.normal(0, 12, (4, 4, 3)), 0, 255).astype(np.uint8)
    out = np.asarray(cv2.resize(low, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        mask = cv2.bitwise_not(_scene(rng, h, w))
        colour = np.array(PIGMENTS[int(rng.integers(len(PIGMENTS)))]) + rng.normal(0, 15, 3)
        share = rng.uniform(0.5, 0.95)
        painted = np.clip(out * (1 - share) + colour * share, 0, 255).astype(np.uint8)
        out = np.where(mask[..., None] > 100, painted, out)
    return np.asarray(cv2.addWeighted(out, 1.0, grain(rng, h, w, 2, 3), 0.08, -10), np.uint8)


def _scene(rng: Rng, h: int, w: int) -> Gray:
    """Dark shapes on light: filled outlines of a random drawing and blobs."""
    canvas = np.full((h, w), 215, np.uint8)
    art = random_picture(rng)
    for line in art.get("strokes", []):
        points = np.round(line * (w * 0.8, h * 0.8) + (w * 0.1, h * 0.1)).astype(np.int32)
        if rng.random() < 0.6 and len(points) > 4:
            cv2.fillPoly(canvas, [points], int(rng.integers(20, 190)), cv2.LINE_AA)
        cv2.polylines(canvas, [points], False, int(rng.integers(0, 80)), max(1, w // 60), cv2.LINE_AA)
    for line in art.get("filled", []):
        points = np.round(line * (w * 0.8, h * 0.8) + (w * 0.1, h * 0.1)).astype(np.int32)
        cv2.fillPoly(canvas, [points], int(rng.integers(0, 90)), cv2.LINE_AA)
    return canvas


def _lettered(rng: Rng, paper: Rgb, size_mm: tuple[float, float], px_per_mm: float, words: str) -> None:
    """The country along one edge and the value in a corner, dark on a pale strip or white on the picture."""
    w, h = size_mm
    size = rng.uniform(1.6, 2.4)
    value = pick(rng, ("5", "10", "20", "2.50", "3", "1", "25", "40", "0.55", "12"))
    top = rng.random() < 0.5
    y = (-h / 2 + 3.4) if top else (h / 2 - 3.4)
    spec = {
        "size_mm": [w - 2, h - 2],
        "element": [
            {
                "kind": "text",
                "text": words,
                "x": -w * 0.08,
                "y": y,
                "height": size,
                "width": w * 0.62,
                "bold": bool(rng.random() < 0.5),
            },
            {
                "kind": "text",
                "text": value,
                "x": w / 2 - 5.2,
                "y": -y,
                "height": size * 1.9,
                "bold": True,
                "width": 7,
            },
        ],
    }
    mask = cv2.resize(Plate(spec, px_per_mm).set().ink, (paper.shape[1], paper.shape[0]))
    if rng.random() < 0.5:
        paper[:] = ink_over(paper, mask, INKS[int(rng.integers(len(INKS)))])
    else:
        paper[:] = np.maximum(paper, cv2.merge([mask] * 3))
