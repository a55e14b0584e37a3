"""Cutting a strike out of its piece: the crop, its ink layer, the name of its ink."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography
from recognizer.imaging.ink import Floats, densities, dyes, paper_colour, thin_part, unmix
from recognizer.types import Ink, InkName, Rgb, Strike

# Unsharp masking: deviation of the blur in pixels, and how much of the difference from it is added.
_SHARPER = (1.0, 1.5)
Layers = tuple[NDArray[np.floating], NDArray[np.floating]]  # (H, W) both, see ``layers_of``


@dataclass(frozen=True, slots=True)
class LiftParams:
    """Defaults of the lifting."""

    margin: float = 0.12  # of the longer side: detected boxes are off by up to a tenth
    stroke: float = 0.09  # widest stroke as a share of the shorter side: bold date figures are 5-8 %
    least_density: float = 0.035  # below this it is paper grain: JPEG noise on cream paper is about 0.02
    full_percentile: float = 96.0  # of the inked pixels: the density that counts as full ink
    layer_side_px: int = 360  # the layer is worked out at most this large, then enlarged


def lift_strike(pixels: Rgb, box: Box, dpi: float | None, params: LiftParams | None = None) -> Strike:
    """Cut ``box`` with a margin out of ``pixels`` (H, W, 3) RGB uint8 and separate the strike's ink.

    Returns the crop, its ink layer (0 none .. 255 full), the box inside the crop and the map back to
    ``pixels``. The ink is the one, of those in the crop, whose thin strokes fill the box most evenly: a
    strike goes all round, handwriting and print cross it somewhere.
    """
    p = params or LiftParams()
    height, width = pixels.shape[:2]
    rows, columns = box.grown(p.margin * max(box.w, box.h)).slices(width, height)
    crop = pixels[rows, columns]
    if crop.size == 0:
        rows, columns = Box(min(max(box.x, 0), width - 1), min(max(box.y, 0), height - 1), 1, 1).slices(
            width, height
        )
        crop = pixels[rows, columns]
    crop = np.ascontiguousarray(crop)
    inside = Box(box.x - columns.start, box.y - rows.start, box.w, box.h)
    core = inside.clipped(crop.shape[1], crop.shape[0])
    scale = min(p.layer_side_px / max(crop.shape[:2]), 1.0)
    small = crop if scale == 1 else cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    layer, name = ink_layer(small, core.scaled(scale), p)
    if scale < 1:
        layer = np.asarray(cv2.resize(layer, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    return Strike(crop, layer, core, Homography.shift(columns.start, rows.start), dpi, name)


def layers_of(strike: Strike) -> Layers:
    """What is shown of a strike: its ink layer, and how dark each pixel of the crop is, about 0..1."""
    red, green, blue = cv2.split(strike.pixels)
    dark = cv2.min(cv2.min(red, green), blue)
    counted = np.cumsum(np.bincount(dark.ravel(), minlength=256))
    low, high = np.searchsorted(counted, [0.01 * dark.size, 0.9 * dark.size]).tolist()
    return strike.ink.astype(np.float32) / 255, (high - dark.astype(np.float32)) / max(high - low, 20.0)


def sharpened(strike: Strike, layers: Layers) -> Layers:
    """The layers of a strike, how dark each pixel is worked out of a sharper crop: see ``_SHARPER``."""
    soft = cv2.GaussianBlur(strike.pixels, (0, 0), _SHARPER[0])
    crisp = cv2.addWeighted(strike.pixels, 1 + _SHARPER[1], soft, -_SHARPER[1], 0)
    return layers[0], layers_of(replace(strike, pixels=np.asarray(crisp, np.uint8)))[1]


def ink_layer(crop: Rgb, core: Box, params: LiftParams | None = None) -> tuple[Ink, InkName | None]:
    """The strike's ink of a crop (H, W, 3) RGB uint8, ``core`` its box there, and the ink's name."""
    p = params or LiftParams()
    depth = densities(crop, paper_colour(crop))
    inks = dyes(depth)
    width_px = p.stroke * max(min(core.w, core.h), 30)
    layers = [thin_part(layer, width_px) for layer in unmix(depth, inks)]
    names = [cast("InkName | None", "black"), *(cast("InkName | None", dye.name) for dye in inks)]
    weights = _around(crop.shape[0], crop.shape[1], core)
    evenness = [_evenness(layer, weights, p.least_density) for layer in layers]
    best = int(np.argmax(evenness))
    if evenness[best] <= 0:
        return np.zeros(crop.shape[:2], np.uint8), None
    return _scaled(layers[best], core, p), names[best]


def _around(height: int, width: int, core: Box) -> NDArray[np.int32]:
    """Which of 16 sectors around the core's centre a pixel lies in, (H, W); -1 outside the core."""
    (cx, cy) = core.centre
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - cx) / max(core.w / 2, 1), (y - cy) / max(core.h / 2, 1)
    sector = ((np.arctan2(v, u) + np.pi) * (16 / (2 * np.pi))).astype(np.int32) % 16
    sector[(np.abs(u) > 1.04) | (np.abs(v) > 1.04)] = -1
    return np.asarray(sector, np.int32)


def _evenness(layer: Floats, sector: NDArray[np.int32], least: float) -> float:
    """How much ink a layer has, each sector counted up to one and a half times the middle one."""
    inked = (sector >= 0) & (layer > 2 * least)
    mass = np.bincount(sector[inked], layer[inked], 16)
    return float(np.minimum(mass, 1.5 * np.median(mass)).sum())


def _scaled(layer: Floats, core: Box, p: LiftParams) -> Ink:
    """The layer as 0-255: grain cut off at the foot, full ink at a high percentile of the inked pixels."""
    rows, columns = core.slices(layer.shape[1], layer.shape[0])
    part = layer[rows, columns]
    inked = part[part > 2 * p.least_density]
    full = float(np.percentile(inked, p.full_percentile)) if inked.size > 20 else 1.0
    full = max(full, 4 * p.least_density)
    return np.asarray(np.clip((layer - p.least_density) * (255 / (full - p.least_density)), 0, 255), np.uint8)
