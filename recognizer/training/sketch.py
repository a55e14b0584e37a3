"""Quick covers for the finder: a whole piece at about 640 px in some 60 ms, with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.sketch_ink import (
    Mask,
    Rng,
    worn,
)
from recognizer.training.sketch_parts import Picture

KINDS = ("postmark", "handstamp", "stamp", "cachet", "label")
UNSURE = -1  # in place of a kind: a strike so faint that some would see it and some would not
# Contrast of a strike to its own in black on white: from the first on it shows, below the second it does not.
SEEN, UNSEEN = 0.11, 0.045
Row = tuple[int, float, float, float, float]  # index of the kind (or UNSURE), x, y, w, h


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
            self._note(KINDS.index(kind), x, y, mask.shape[1], mask.shape[0])

    def press(self, mask: Mask, colour: NDArray[np.float32], x: float, y: float, struck: bool) -> float:
        """Print or strike a mask in one colour with its centre at (x, y); returns what it darkened."""
        left, top = x - mask.shape[1] / 2, y - mask.shape[0] / 2
        window = self._window(mask, left, top)
        if window is None:
            return 0.0
        (u0, v0, u1, v1), (x0, y0) = window
        amount = mask[v0:v1, u0:u1]
        here = self.image[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0]
        # The channel in which an ink shows best decides whether it is seen: violet on a red stamp is.
        darker = float((here * amount[:, :, None]).sum((0, 1)).dot(1 - colour) / 3)
        darker = max(darker, float(((here * amount[:, :, None]).sum((0, 1)) * (1 - colour)).max()) * 0.7)
        here *= 1 - amount[:, :, None] * (1 - colour)
        if struck:
            ink = self.ink[y0 : y0 + v1 - v0, x0 : x0 + u1 - u0]
            np.maximum(ink, amount, out=ink)
        return darker

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
        darker = self.press(mask, colour, x, y, kind is not None)
        # What hardly printed, or lies on a dark stamp, no eye would find; it stays there, unlabelled.
        contrast = darker / max(float(die.sum()) / 4, 1.0)
        if kind is None or contrast < UNSEEN:
            return
        hull = cv2.convexHull(cv2.findNonZero((die > 0.3).astype(np.uint8))).reshape(-1, 2)
        corners = (hull @ turn[:, :2].T + turn[:, 2]) / 2
        (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
        index = KINDS.index(kind) if contrast >= SEEN else UNSURE
        self._note(index, x - mask.shape[1] / 2 + x0, y - mask.shape[0] / 2 + y0, x1 - x0, y1 - y0)

    def _window(
        self, mask: Mask, x: float, y: float
    ) -> tuple[tuple[int, int, int, int], tuple[int, int]] | None:
        """Which part of a mask falls on the sheet, and where."""
        x0, y0 = round(x), round(y)
        u0, v0 = max(-x0, 0), max(-y0, 0)
        u1, v1 = min(mask.shape[1], self.size[0] - x0), min(mask.shape[0], self.size[1] - y0)
        return ((u0, v0, u1, v1), (x0 + u0, y0 + v0)) if u1 > u0 and v1 > v0 else None

    def _note(self, kind: int, x: float, y: float, w: float, h: float) -> None:
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + w, self.size[0]), min(y + h, self.size[1])
        if min(x1 - x0, y1 - y0) >= 10 and (x1 - x0) * (y1 - y0) > 0.45 * w * h:
            self.rows.append((kind, x0, y0, x1 - x0, y1 - y0))
