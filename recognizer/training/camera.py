"""From the piece to the picture file: scanner or camera, light, colour cast, blur, grain, compression.

seen = photograph(rng, pixels, "scan")       # RGB uint8 in, RGB uint8 out, same size
seen = photograph(rng, pixels, "photo")
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.textures import grain
from recognizer.types import Rgb

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Camera:
    """What a way of taking pictures does to them. Ranges are drawn from evenly; chances are per picture."""

    over_exposure: float  # chance that paper burns out to white
    under_exposure: float  # chance of a dark picture
    light: tuple[float, float]  # how uneven the light is
    cast: float  # deviation of the channels' gain
    coarse: float  # chance of a low resolution
    coarsest: float  # the smallest share of the pixels' own resolution
    blur_px: tuple[float, float]
    grain: tuple[float, float]  # deviation of the noise, in grey levels
    jpeg: tuple[int, int]


CAMERAS: dict[str, Camera] = {
    "clean": Camera(0, 0, (0, 0), 0, 0, 1, (0, 0), (0, 0), (95, 95)),
    "scan": Camera(0.25, 0.02, (0.0, 0.05), 0.012, 0.15, 0.45, (0.0, 0.55), (0.5, 4.0), (40, 95)),
    "photo": Camera(0.05, 0.2, (0.05, 0.3), 0.03, 0.4, 0.4, (0.2, 1.1), (1.0, 7.0), (35, 92)),
}


def photograph(rng: Rng, pixels: Rgb, way: str = "scan", jpeg: bool = True) -> Rgb:
    """The piece as a picture file shows it. ``pixels`` (H, W, 3) RGB uint8 are not changed."""
    camera = CAMERAS[way]
    h, w = pixels.shape[:2]
    out = cv2.LUT(pixels, _curve(rng, camera))
    uneven = rng.uniform(*camera.light)
    if uneven > 0.02:
        out = cv2.multiply(out, _light(rng, h, w, uneven), scale=1 / 200)
    if rng.random() < camera.coarse:
        share = rng.uniform(camera.coarsest, 1.0)
        small = cv2.resize(
            out, (max(int(w * share), 8), max(int(h * share), 8)), interpolation=cv2.INTER_AREA
        )
        out = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    blur = rng.uniform(*camera.blur_px)
    if blur > 0.35:
        out = cv2.GaussianBlur(out, (0, 0), blur)
    if rng.random() < 0.15 and camera.coarse:  # the scanner's sharpening
        out = cv2.addWeighted(out, 1.7, cv2.GaussianBlur(out, (0, 0), 1.2), -0.7, 0)
    strength = rng.uniform(*camera.grain) / 40
    if strength > 0.02:
        out = cv2.addWeighted(
            out, 1.0, grain(rng, h, w, (1, 1, 2)[int(rng.integers(3))], 3), strength, -128 * strength
        )
    if jpeg and camera.jpeg[0] < 95 and rng.random() < 0.65:
        out = compressed(out, int(rng.integers(*camera.jpeg)))
    return np.asarray(out, np.uint8)


def compressed(pixels: Rgb, quality: int) -> Rgb:
    """The picture after JPEG at a quality of 1 to 100 (the order of the channels does not matter here)."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _curve(rng: Rng, camera: Camera) -> NDArray[np.uint8]:
    """A (256, 1, 3) table: exposure, contrast and colour cast."""
    x = np.arange(256, dtype=np.float32) / 255
    dice = rng.random()
    if dice < camera.over_exposure:  # levels stretched until paper is white and ink black
        black, white = rng.uniform(0, 0.18), rng.uniform(0.62, 0.9)
        x = (x - black) / (white - black)
    elif dice < camera.over_exposure + camera.under_exposure:
        x = x * rng.uniform(0.5, 0.85)
    elif camera.cast:
        x = 0.5 + (x - 0.5) * rng.uniform(0.85, 1.3) + rng.normal(0, 0.03)
    gains = 1 + rng.normal(0, camera.cast, 3) if camera.cast else np.ones(3)
    table = np.clip(x, 0, 1)[:, None] ** (rng.uniform(0.85, 1.25) if camera.cast else 1.0) * gains[None]
    return np.asarray(np.clip(table * 255, 0, 255), np.uint8)[:, None]


def _light(rng: Rng, h: int, w: int, uneven: float) -> NDArray[np.uint8]:
    """Light falling off to one side, a little warmer or cooler there; 200 = as it is."""
    coarse = rng.normal(0, uneven * 0.35, (3, 3, 1)) + rng.normal(0, uneven * 0.06, (3, 3, 3))
    a = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1:1:3j, -1:1:3j]
    coarse += uneven * (x * np.cos(a) + y * np.sin(a))[..., None] * 0.6
    field = np.clip((1 + coarse) * 200, 30, 255).astype(np.uint8)
    return np.asarray(cv2.resize(field, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8)
