"""A die after the press: what reached the paper beside what was cut, and where every word stands."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.stages.strikes import layers_of
from recognizer.training.designs import Design
from recognizer.training.die import Drawn
from recognizer.training.lettering import letter_corners
from recognizer.types import Ink, Strike

_FAINT = 50.0  # of the sum of squares: where next to nothing is seen, nothing resembles


@dataclass(frozen=True, eq=False, slots=True)
class LegendTruth:
    """A legend or a line of wheels: where its letters stand, how much of it printed."""

    role: str  # legend, date, letter or number
    text: str
    path: Points  # (letters incl. spaces, 2) pixels, in reading order
    boxes: NDArray[np.float64]  # (letters without spaces, 4, 2) pixels
    letters: str  # the letters of ``boxes``
    height: float  # mm
    visible: float  # ink that printed over ink of the die, 0-1


@dataclass(frozen=True, eq=False, slots=True)
class Impression:
    """A die after the press, still in its own plane: what reached the paper, and what should have."""

    cover: Ink
    drawn: Drawn

    @property
    def from_mm(self) -> Homography:
        """From die millimetres to pixels of ``cover``."""
        s, (x, y) = self.drawn.px_per_mm, self.drawn.origin
        pad_y, pad_x = ((a - b) / 2 for a, b in zip(self.cover.shape, self.drawn.ink.shape, strict=True))
        return Homography(np.array([[s, 0, x + pad_x], [0, s, y + pad_y], [0, 0, 1.0]]))

    def visible(self, boxes_mm: Points) -> float:
        """Share of the die's ink inside letter boxes (N, 4, 2) mm that reached the paper."""
        pad = (self.cover.shape[0] - self.drawn.ink.shape[0]) // 2
        printed, cut = 0.0, 0.0
        for box in self.from_mm.apply(boxes_mm).reshape(-1, 4, 2):
            (x0, y0), (x1, y1) = np.floor(box.min(0)).astype(int), np.ceil(box.max(0)).astype(int) + 1
            x0, y0 = max(x0, 0), max(y0, 0)
            printed += float(self.cover[y0:y1, x0:x1].sum())
            cut += float(
                self.drawn.ink[max(y0 - pad, 0) : max(y1 - pad, 0), max(x0 - pad, 0) : max(x1 - pad, 0)].sum()
            )
        return min(printed / cut, 1.0) if cut else 0.0


def share_printed(ink: Ink, ideal: Ink, corners: Points) -> float:
    """Share of a letter's ink that is on the paper.

    ``ink`` and ``ideal`` (H, W) are what printed and what should have, ``corners`` (4, 2) the letter's box.
    """
    rows, columns = _around(corners, 0.0)
    cut = float(ideal[rows, columns].sum())
    return min(float(ink[rows, columns].sum()) / cut, 1.0) if cut else 0.0


def layers_seen(strike: Strike) -> list[Ink]:
    """What is shown of a strike, as ``legibility`` takes it: what one layer lost, the other may show."""
    return [(np.clip(layer, 0, 1) * 255).astype(np.uint8) for layer in layers_of(strike)]


def legibility(seen: Ink, ideal: Ink, corners: Points) -> float:
    """How much what is seen of a letter resembles it: correlation, -1 to 1; 0 where nothing is seen.

    ``seen`` and ``ideal`` (H, W) are a layer of the strike and what should have printed,
    ``corners`` (4, 2) the letter's box. What printed beneath a pen stroke is still not legible.
    """
    rows, columns = _around(corners, 0.12 * float(np.ptp(corners, axis=0).max()) + 0.5)
    a, b = (layer[rows, columns].astype(np.float64) for layer in (ideal, seen))
    if not a.size:
        return 0.0
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + _FAINT))


def strength(seen: Ink, ideal: Ink, corners: Points) -> float:
    """How dark a letter is, 0-1, where its ink should be; as in ``legibility``."""
    rows, columns = _around(corners, 0.0)
    weight = ideal[rows, columns].astype(np.float64)
    return float((seen[rows, columns] * weight).sum() / max(255 * weight.sum(), 1.0))


def _around(corners: Points, room: float) -> tuple[slice, slice]:
    """Rows and columns of a picture that hold a box and some room about it."""
    x0, y0 = np.maximum(np.floor(corners.min(0) - room).astype(int), 0)
    x1, y1 = np.maximum(np.ceil(corners.max(0) + room).astype(int) + 1, 0)
    return slice(y0, y1), slice(x0, x1)


def legend_truths(impression: Impression, to_plane: Homography) -> list[LegendTruth]:
    """The words of an impression with their places in any plane that die millimetres are mapped to."""
    found = []
    for legend in impression.drawn.legends:
        boxes = letter_corners(legend.letters)
        if len(boxes):
            found.append(
                LegendTruth(
                    legend.role,
                    legend.text,
                    to_plane.apply(legend.lettering.path),
                    to_plane.apply(boxes).reshape(-1, 4, 2),
                    "".join(one.char for one in legend.letters),
                    legend.lettering.height,
                    impression.visible(boxes),
                )
            )
    return found


def die_outline(design: Design, drawn: Drawn | None = None) -> Points:
    """(N, 2) millimetres: an ellipse for round dies, a triangle, else a rectangle.

    The rectangle is the die's size, or fits the ink of ``drawn`` where that is given.
    """
    w, h = design.size_mm
    if design.shape in ("circle", "double circle", "oval", "double oval"):
        t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        return np.stack([w / 2 * np.cos(t), h / 2 * np.sin(t)], 1)
    if design.shape in ("triangle", "other"):
        first = next((e for e in design.spec["element"] if e.get("kind") == "polygon"), None)
        frame = np.asarray(first["points"] if first else np.zeros((1, 2)), np.float64)
        if (np.ptp(frame, axis=0) > 0.8 * np.array([w, h])).all():
            return frame
    corners = np.array([[-w / 2, -h / 2], [w / 2, -h / 2], [w / 2, h / 2], [-w / 2, h / 2]])
    if drawn is None:
        return corners
    x, y, inked_w, inked_h = cv2.boundingRect(drawn.ink)
    if not inked_w:
        return corners
    box = Box(x, y, inked_w, inked_h).corners - drawn.origin - 0.5
    return np.asarray(box / drawn.px_per_mm, np.float64)
