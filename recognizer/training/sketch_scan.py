"""From a flat drawn cover to what a scanner or a telephone makes of it: background, tilt, blur, JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training import sketch_parts as parts
from recognizer.training.sketch import Row, Sketch
from recognizer.training.sketch_cover import draw_piece
from recognizer.training.sketch_ink import Mask, Rng, chance, field

Drawn = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]


def sketch_scan(rng: Rng, side_px: int = 640) -> Drawn:
    """One training picture, ``side_px`` square or less along each side.

    Returns the picture (H, W, 3) RGB uint8, its strike ink (H, W) uint8 and its regions (N, 5) float32: index
    into ``sketch.KINDS``, x, y, w, h in pixels.
    """
    style = rng.random()
    if style < 0.1:
        s = _album(rng, side_px)
    else:
        s = draw_piece(rng, int(side_px * rng.uniform(0.8, 1.0)))
        if style < 0.45:
            s = _framed(rng, s, side_px)
    rows = np.array(s.rows, np.float32).reshape(-1, 5)
    return _captured(rng, s.image), np.asarray(np.round(np.clip(s.ink, 0, 1) * 255), np.uint8), rows


def _background(rng: Rng, h: int, w: int) -> parts.Picture:
    """Scanner glass, black or white; an album leaf; a table; other sheets behind."""
    kind = rng.random()
    if kind < 0.3:
        level = rng.choice([rng.uniform(0.93, 1.0), rng.uniform(0.0, 0.12)])
        return np.full((h, w, 3), level, np.float32)
    image = parts.paper(rng, h, w) * rng.uniform(0.25, 1.0)
    if kind < 0.65:
        return image * parts.colour(rng, 0.4, 1.0)
    for _ in range(int(rng.integers(2, 7))):  # clutter: pictures, sheets and bars at odd angles
        ph, pw = int(h * rng.uniform(0.15, 0.6)), int(w * rng.uniform(0.1, 0.6))
        thing = (
            parts.scene(rng, ph, pw)
            if chance(rng, 0.35)
            else parts.paper(rng, ph, pw) * rng.uniform(0.4, 1.0)
        )
        m = cv2.getRotationMatrix2D((pw / 2, ph / 2), rng.normal(0, 8), 1.0)
        m[:, 2] += rng.uniform(-0.2, 0.8) * np.array([w, h])
        cover = cv2.warpAffine(np.ones((ph, pw), np.float32), m, (w, h))[:, :, None]
        image = image * (1 - cover) + cv2.warpAffine(thing, m, (w, h))
    for _ in range(int(rng.integers(0, 5))):  # binder rings
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        size = (int(rng.uniform(10, 90 if chance(rng, 0.2) else 45)), int(rng.uniform(6, 30)))
        for k, shade in ((6, 0.25), (3, 0.8)):
            cv2.ellipse(
                image,
                (int(x), int(y)),
                size,
                rng.normal(0, 5),
                0,
                360,
                (shade, shade * 0.92, shade * 0.7),
                k,
                cv2.LINE_AA,
            )
    return np.asarray(np.clip(image, 0, 1), np.float32)


def _framed(rng: Rng, s: Sketch, side: int) -> Sketch:
    """The piece on a background, tilted or seen at an angle."""
    w, h = s.size
    k = rng.uniform(0.72, 1.0) * min(side / w, side / h, 1.0)
    out_w, out_h = (
        min(int(w * k * rng.uniform(1.02, 1.35)), side),
        min(int(h * k * rng.uniform(1.02, 1.5)), side),
    )
    x0, y0 = rng.uniform(-0.02, 1.02) * (out_w - w * k), rng.uniform(-0.02, 1.02) * (out_h - h * k)
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    target = corners * k + (x0, y0)
    angle = rng.normal(0, 2.5)
    c, sn = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    middle = target.mean(0)
    target = (target - middle) @ np.array([[c, sn], [-sn, c]]) + middle
    if chance(rng, 0.5):
        target = target + rng.normal(0, 0.015 * min(w, h), (4, 2))
    return _projected(
        s, _background(rng, out_h, out_w), cv2.getPerspectiveTransform(corners, np.float32(target))
    )


def _projected(s: Sketch, ground: parts.Picture, m: NDArray[np.float64]) -> Sketch:
    """A sketch laid on a ground by a homography, its regions with it; parts that fall outside are cut off."""
    h, w = ground.shape[:2]
    cover = cv2.warpPerspective(np.ones(s.ink.shape, np.float32), m, (w, h))[:, :, None]
    image = ground * (1 - cover) + cv2.warpPerspective(s.image, m, (w, h), flags=cv2.INTER_LINEAR)
    out = Sketch(
        np.asarray(image, np.float32),
        np.asarray(cv2.warpPerspective(s.ink, m, (w, h)), np.float32),
        s.px_per_mm,
    )
    for kind, x, y, bw, bh in s.rows:
        out.rows += _moved(
            kind, np.array([[x, y], [x + bw, y], [x + bw, y + bh], [x, y + bh]]), m, w, h, round_=kind == 0
        )
    return out


def _moved(
    kind: int, corners: NDArray[np.float64], m: NDArray[np.float64], w: int, h: int, round_: bool
) -> list[Row]:
    """The box of a moved region; a round one keeps its ellipse's box, not its tilted square's."""
    if round_:
        middle, half = corners.mean(0), (corners[2] - corners[0]) / 2
        t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        corners = middle + half * np.stack([np.cos(t), np.sin(t)], 1)
    p = cv2.perspectiveTransform(corners[None].astype(np.float64), m)[0]
    (x0, y0), (x1, y1) = p.min(0), p.max(0)
    area = (x1 - x0) * (y1 - y0)
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, w), min(y1, h)
    return (
        [(kind, x0, y0, x1 - x0, y1 - y0)]
        if x1 > x0 and y1 > y0 and (x1 - x0) * (y1 - y0) > 0.45 * area
        else []
    )


def _album(rng: Rng, side: int) -> Sketch:
    """Two to four pieces on one page."""
    across, down = ((2, 2), (1, 2), (1, 3))[int(rng.integers(3))]
    w, h = side, int(side * rng.uniform(0.62, 1.0))
    page = Sketch(_background(rng, h, w), np.zeros((h, w), np.float32), 1.0)
    for i in range(across * down):
        piece = draw_piece(rng, int(side * rng.uniform(0.75, 0.95)))
        pw, ph = piece.size
        k = min(w / across / pw, h / down / ph) * rng.uniform(0.86, 1.0)
        x, y = (i % across + 0.5) * w / across - pw * k / 2, (i // across + 0.5) * h / down - ph * k / 2
        m = np.vstack([cv2.getRotationMatrix2D((pw / 2, ph / 2), rng.normal(0, 2), k), [0, 0, 1]])
        m[:2, 2] += np.array([x, y]) + k * np.array([pw, ph]) / 2 - np.array([pw, ph]) / 2
        rows = page.rows
        # Half-size pieces are softer than what was drawn at full size: that is what a page looks like.
        piece.image = np.asarray(cv2.GaussianBlur(piece.image, (0, 0), max(0.35 / k, 0.1)), np.float32)
        ink = page.ink
        page = _projected(piece, page.image, m)
        page.rows = rows + page.rows
        page.ink = np.maximum(page.ink, ink)
    return page


def _captured(rng: Rng, image: parts.Picture) -> NDArray[np.uint8]:
    """Light, colour, blur or sharpening, noise and JPEG."""
    h, w = image.shape[:2]
    if chance(rng, 0.3):
        image = (
            image
            * np.clip(1 + rng.uniform(0.02, 0.14) * field(rng, h, w, max(h, w) * 0.7), 0.4, 1.4)[:, :, None]
        )
    image = np.clip((image - 0.5) * rng.uniform(0.75, 1.25) + 0.5 + rng.normal(0, 0.05), 0, 1) ** rng.uniform(
        0.75, 1.35
    )
    image = image * np.clip(1 + rng.normal(0, 0.035, 3), 0.85, 1.15)
    if chance(rng, 0.3):  # old print has faded
        image = image + (image.mean(2, keepdims=True) - image) * rng.uniform(0.1, 0.6)
    if chance(rng, 0.06):
        image = np.repeat(image.mean(2, keepdims=True), 3, 2)
    if chance(rng, 0.5):
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.2, 1.1))
    if chance(rng, 0.3):
        image = image + rng.uniform(0.2, 1.2) * (image - cv2.GaussianBlur(image, (0, 0), 1.0))
    image = image + rng.standard_normal((h, w, 1)) * rng.choice([0, 0.005, 0.02])
    pixels = np.asarray(np.round(np.clip(image, 0, 1) * 255), np.uint8)
    if chance(rng, 0.75):
        _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 96))])
        pixels = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return pixels


__all__ = ["Drawn", "Mask", "sketch_scan"]
