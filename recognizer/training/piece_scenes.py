"""What pieces lie on: a cover filling the picture, on scanner glass, before others, many on a page.

Small pictures for the network that finds pieces; what is on the pieces is drawn elsewhere.

    scenes = Scenes()                        # sheets are drawn once and come back in other scenes
    scene = scenes(np.random.default_rng(3))
    scene.pixels                             # (h, w, 3) RGB uint8, the longer side SIDE
    scene.owner                              # (h, w) int16: whose each pixel is, 0 the ground, 1.. the sheets
    scene.corners                            # (N, 4, 2) px, clockwise from the top left: of each sheet
    scene.shown                              # (N,) share of each sheet that the picture shows
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Homography, Points
from recognizer.imaging.quads import in_order, within_frame
from recognizer.stages.piece_look import SIDE
from recognizer.training.camera import photograph
from recognizer.training.draft import chance, uniform
from recognizer.training.layouts import random_piece
from recognizer.training.paper import paper
from recognizer.training.parts import Stock
from recognizer.training.scenery import album_page, bed, table
from recognizer.training.sheet import Sheet
from recognizer.training.stamps import colourful
from recognizer.types import Rgb

Rng = np.random.Generator
Places = list[tuple[Points, Rgb]]  # corners (4, 2) of sheets on the picture, the lowest first
_WORK = 2  # scenes are put together at so many times the final size
_DRAWN_PX = (300, 480)  # width of a sheet as drawn
_KEPT = 300  # sheets at hand
_CELLS = ((1, 2), (2, 1), (2, 2), (2, 2), (1, 3), (2, 3), (3, 2), (2, 4), (3, 3))  # columns, rows of a page


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """A picture and whose each of its pixels is."""

    pixels: Rgb
    owner: NDArray[np.int16]
    corners: NDArray[np.float64]  # (N, 4, 2); where the frame cuts a sheet its side is the frame's
    shown: NDArray[np.float64]


@dataclass
class Scenes:
    """Scenes without end. ``turns``: in how many scenes a drawn sheet comes, on average."""

    turns: float = 10.0
    _sheets: list[Rgb] = field(default_factory=list)

    def __call__(self, rng: Rng) -> Scene:
        kinds: tuple[tuple[Callable[[Rng, int, int], tuple[Rgb, Places]], float], ...] = (
            (self._full, 0.28),
            (self._on_bed, 0.17),
            (self._before_others, 0.27),
            (self._on_page, 0.28),
        )
        kind = kinds[int(rng.choice(len(kinds), p=[weight for _, weight in kinds]))][0]
        long, short = SIDE * _WORK, int(SIDE * _WORK * rng.choice([0.56, 0.66, 0.71, 0.75, 0.75, 1.0]))
        width, height = (short, long) if chance(rng, 0.3) else (long, short)
        ground, places = kind(rng, width, height)
        canvas, owner = _laid(rng, ground, places)
        if chance(rng, 0.15):
            _glare(rng, canvas)
        if chance(rng, 0.15):
            _clips(rng, canvas)
        seen = photograph(rng, canvas, "photo" if chance(rng, 0.55) else "scan")
        small = cv2.resize(seen, (width // _WORK, height // _WORK), interpolation=cv2.INTER_AREA)
        mine = owner[_WORK // 2 :: _WORK, _WORK // 2 :: _WORK][: height // _WORK, : width // _WORK]
        seen_px = [float((owner == i).sum()) for i in range(1, len(places) + 1)]
        # A sheet that the frame cuts is a piece all the same where it is what the picture shows.
        shown = [
            max(px / max(cv2.contourArea(c.astype(np.float32)), 1.0), px / (0.5 * owner.size))
            for px, (c, _) in zip(seen_px, places, strict=True)
        ]
        framed = [within_frame(in_order(c), width, height) / _WORK for c, _ in places]
        return Scene(
            np.asarray(small, np.uint8),
            np.ascontiguousarray(mine),
            np.array(framed, np.float64).reshape(-1, 4, 2),
            np.minimum(np.array(shown), 1.0),
        )

    def _sheet(self, rng: Rng, aspect: float | None = None) -> Rgb:
        """A sheet, its colours a little changed, sometimes mirrored or on its head.

        With ``aspect`` (height by width) the one of several that fits best.
        """
        while len(self._sheets) < 24 or rng.random() < 1 / self.turns:
            self._sheets = [*self._sheets[-_KEPT + 1 :], _drawn(rng)]
        several = [
            self._sheets[int(i)] for i in rng.integers(0, len(self._sheets), 1 if aspect is None else 4)
        ]
        sheet = min(several, key=lambda s: abs(np.log(s.shape[0] / s.shape[1] / (aspect or 1.0))))
        if chance(rng, 0.12):
            sheet = _folded(rng, sheet)
        if chance(rng, 0.3):
            sheet = sheet[:, ::-1]
        if chance(rng, 0.1):
            sheet = sheet[::-1, ::-1]
        if chance(rng, 0.5):
            tone = np.clip(rng.normal(1, 0.06) * (1 + rng.normal(0, 0.025, 3)), 0.6, 1.1)
            sheet = np.clip(sheet * tone, 0, 255).astype(np.uint8)
        return np.ascontiguousarray(sheet)

    def _full(self, rng: Rng, width: int, height: int) -> tuple[Rgb, Places]:
        """One sheet fills the picture, or the picture is a part of one."""
        sheet = self._sheet(rng, height / width)
        over = abs(rng.normal(0, 0.02, 4)) if chance(rng, 0.7) else abs(rng.normal(0, 0.3, 4))
        left, top, right, bottom = over * (width, height, width, height)
        corners = np.array(
            [[-left, -top], [width + right, -top], [width + right, height + bottom], [-left, height + bottom]]
        )
        return bed(rng, height, width), [(corners, sheet)]

    def _on_bed(self, rng: Rng, width: int, height: int) -> tuple[Rgb, Places]:
        """One to four sheets on scanner glass, nearly straight."""
        ground = bed(rng, height, width)
        cells = (1, 1) if chance(rng, 0.6) else _cells(rng, width, height, 4)
        return ground, self._in_cells(rng, width, height, cells, (0.6, 1.02), 1.5, chance(rng, 0.3))

    def _before_others(self, rng: Rng, width: int, height: int) -> tuple[Rgb, Places]:
        """A sheet photographed on a table, on a page or on other sheets, which look out from beneath it."""
        if chance(rng, 0.4):
            ground = table(rng, height, width)
            places: Places = []
        else:
            ground, places = self._on_page(rng, width, height)
        for _ in range(int(rng.choice(3, p=[0.45, 0.35, 0.2]))):
            places.append(self._somewhere(rng, width, height, (0.35, 0.9), (0.2, 0.8)))
        if chance(rng, 0.85) or not places:
            places.append(self._somewhere(rng, width, height, (0.5, 0.96), (0.4, 0.6)))
        return ground, _tilted(rng, width, height, places, uniform(rng, 0.01, 0.08))

    def _on_page(self, rng: Rng, width: int, height: int) -> tuple[Rgb, Places]:
        """Two to nine sheets in rows, in pockets, mounted or loose; neighbours may lap over each other."""
        cells = _cells(rng, width, height, 9)
        loose = chance(rng, 0.25)
        ground = table(rng, height, width) if loose else album_page(rng, height, width, *cells)
        places = self._in_cells(rng, width, height, cells, (0.72, 1.06), 2.0, chance(rng, 0.5))
        return ground, _tilted(rng, width, height, places, uniform(rng, 0.0, 0.04))

    def _in_cells(
        self,
        rng: Rng,
        width: int,
        height: int,
        cells: tuple[int, int],
        shares: tuple[float, float],
        lean_deg: float,
        alike: bool,
    ) -> Places:
        """A sheet in each cell of a grid that may reach beyond the frame; a few cells stay empty."""
        alone = cells == (1, 1)
        zoom = uniform(rng, 0.92, 1.15) if not alone and chance(rng, 0.6) else 1.0
        wide, tall = width * zoom / cells[0], height * zoom / cells[1]
        x0, y0 = rng.uniform(0, 1, 2) * (1 - zoom) * (width, height)
        usual = self._sheet(rng, tall / wide)
        usual_share = uniform(rng, *shares)
        places: Places = []
        for k in range(cells[0] * cells[1]):
            if not alone and chance(rng, 0.07):
                continue
            sheet = usual if alike and chance(rng, 0.5) else self._sheet(rng, tall / wide)
            if alike:
                sheet = cv2.resize(sheet, usual.shape[1::-1], interpolation=cv2.INTER_AREA)
            share = usual_share if alike else uniform(rng, *shares)
            size = min(wide / sheet.shape[1], tall / sheet.shape[0]) * share
            slack = np.array([wide - size * sheet.shape[1], tall - size * sheet.shape[0]])
            middle = np.array([x0 + (k % cells[0] + 0.5) * wide, y0 + (k // cells[0] + 0.5) * tall])
            off = rng.uniform(-0.5, 0.5, 2) * (0.3 if alike else 1.0)
            if alone and chance(rng, 0.3):  # pushed against the stops
                off, lean_deg = rng.integers(-1, 2, 2) / 2, 0.2
            middle += slack * off
            places.append((_rectangle(middle, sheet, size, float(rng.normal(0, lean_deg))), sheet))
        order = rng.permutation(len(places)) if chance(rng, 0.5) else np.arange(len(places))
        return [places[int(i)] for i in order]

    def _somewhere(
        self, rng: Rng, width: int, height: int, shares: tuple[float, float], middles: tuple[float, float]
    ) -> tuple[Points, Rgb]:
        sheet = self._sheet(rng)
        size = min(width / sheet.shape[1], height / sheet.shape[0]) * uniform(rng, *shares)
        middle = rng.uniform(*middles, 2) * (width, height)
        lean = rng.normal(0, 4) if chance(rng, 0.85) else rng.normal(0, 25)
        return _rectangle(middle, sheet, size, float(lean)), sheet


def corner_error(found: Points, truth: Points) -> float:
    """How far the worst corner is off, as a share of the true piece's width."""
    width = max(float(np.linalg.norm(truth[1] - truth[0])), 1.0)
    return min(float(np.linalg.norm(np.roll(found, k, 0) - truth, axis=1).max()) for k in range(4)) / width


def _drawn(rng: Rng) -> Rgb:
    """A cover, a card, a letter; the picture side of a card; paper with a few lines."""
    width = int(rng.uniform(*_DRAWN_PX))
    usual, long, standing = uniform(rng, 0.55, 0.78), uniform(rng, 0.42, 0.55), uniform(rng, 1.2, 1.45)
    height = int(width * rng.choice([usual, long, standing], p=[0.8, 0.12, 0.08]))
    dice = rng.random()
    if dice < 0.78:
        return random_piece(rng, width, height, Stock()).pixels
    sheet = Sheet(rng, width, height, width / uniform(rng, 140, 160))
    if dice < 0.88:
        edge = int(width * uniform(rng, 0, 0.05)) if chance(rng, 0.5) else 0
        picture = sheet.pixels[edge : height - edge, edge : width - edge]
        picture[:] = colourful(rng, *picture.shape[:2])
        if chance(rng, 0.6):  # a maximum card: the stamp on the picture side
            sheet.stamp(sheet.size_mm[0] * rng.choice([0.04, 0.75]), 4.0)
        return sheet.pixels
    sheet.pixels[:] = paper(rng, height, width, sheet.px_per_mm)
    if chance(rng, 0.5):
        _blocks(rng, sheet.pixels)
    if chance(rng, 0.6):
        sheet.write(12.0, 12.0, sheet.size_mm[0] * 0.7, int(rng.integers(3, 12)))
    return sheet.pixels


def _blocks(rng: Rng, pixels: Rgb) -> None:
    """Patches of any colour anywhere: what is printed or stuck on a piece has edges too."""
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(1, 6))):
        w, h = (int(v) for v in (width, height) * rng.uniform(0.06, 0.5, 2))
        x, y = int(rng.uniform(0.01, 0.98) * (width - w)), int(rng.uniform(0.01, 0.98) * (height - h))
        colour = rng.integers(0, 256, 3).tolist()
        if chance(rng, 0.75):
            cv2.rectangle(pixels, (x, y), (x + w, y + h), colour, -1 if chance(rng, 0.75) else 2)
        else:
            cv2.ellipse(
                pixels, (x + w // 2, y + h // 2), (w // 2, h // 2), 0, 0, 360, colour, -1, cv2.LINE_AA
            )


def _folded(rng: Rng, sheet: Rgb) -> Rgb:
    """A letter or a reply card that was folded: a crease right across, one part lying in other light."""
    long = chance(rng, 0.5)
    side = sheet.shape[1] if long else sheet.shape[0]
    at = int(side * uniform(rng, 0.25, 0.75))
    light = np.ones(side, np.float32)
    light[:at] *= uniform(rng, 0.9, 1.0)
    light[at : at + int(rng.integers(1, 4))] *= uniform(rng, 0.6, 1.1)
    shade = light[None, :, None] if long else light[:, None, None]
    return np.asarray(np.clip(sheet * shade, 0, 255), np.uint8)


def _cells(rng: Rng, width: int, height: int, most: int) -> tuple[int, int]:
    """Columns and rows of a page of this form."""
    fits = [c for c in _CELLS if c[0] * c[1] <= most]
    columns, rows = fits[int(rng.integers(len(fits)))]
    lying = width / columns > 2.2 * height / rows
    standing = height / rows > 1.3 * width / columns
    return (rows, columns) if lying or standing else (columns, rows)


def _rectangle(middle: Points, sheet: Rgb, size: float, lean_deg: float) -> Points:
    """Corners of a sheet about a point, ``size`` px to each of its own."""
    half = np.array([sheet.shape[1], sheet.shape[0]]) * size / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    return Homography.similarity(1.0, lean_deg, *middle.tolist()).apply(corners)


def _tilted(rng: Rng, width: int, height: int, places: Places, by: float) -> Places:
    """All of it seen by a camera that is not held level, and turned a little."""
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    moved = frame + rng.normal(0, by, (4, 2)) * (width, height)
    turn = Homography.similarity(1.0, float(rng.normal(0, 3)), width / 2, height / 2)
    there = Homography.shift(-width / 2, -height / 2).then(turn)
    pose = Homography.between(frame, moved).then(there)
    return [(pose.apply(corners), sheet) for corners, sheet in places]


def _laid(rng: Rng, ground: Rgb, places: Places) -> tuple[Rgb, NDArray[np.int16]]:
    """Sheets put down one upon the other, each with its shadow."""
    height, width = ground.shape[:2]
    canvas = ground.astype(np.uint8).copy()
    owner = np.zeros((height, width), np.int16)
    fall, soft, dark = (
        rng.normal(0, 2.5, 2),
        uniform(rng, 0.8, 4.0),
        rng.choice([0.0, uniform(rng, 0.1, 0.6)]),
    )
    for number, (corners, sheet) in enumerate(places, 1):
        h, w = sheet.shape[:2]
        flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
        matrix = Homography.between(flat, corners).matrix
        mask = np.zeros((height, width), np.uint8)
        outline = corners
        if chance(rng, 0.15):  # corners worn round
            step = 0.03 * (np.roll(corners, -1, axis=0) - corners)
            outline = np.stack([corners - np.roll(step, 1, axis=0), corners + step], 1).reshape(-1, 2)
        cv2.fillPoly(mask, [np.rint(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        if dark:
            moved = cv2.warpAffine(
                mask, np.array([[1, 0, fall[0]], [0, 1, fall[1]]], np.float64), (width, height)
            )
            shade = cv2.GaussianBlur(moved, (0, 0), soft).astype(np.float32)[..., None] * (dark / 255)
            canvas = (canvas * (1 - shade)).astype(np.uint8)
        small = np.linalg.norm(corners[1] - corners[0]) < 0.6 * w
        if small:  # no glitter of fine print
            sheet = cv2.GaussianBlur(sheet, (0, 0), 0.7)
        size, edge = (width, height), cv2.BORDER_REPLICATE
        seen = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_LINEAR, borderMode=edge)
        cover = mask[..., None].astype(np.float32) / 255
        canvas = (canvas * (1 - cover) + seen * cover).astype(np.uint8)
        owner[mask > 127] = number
    return canvas, owner


def _glare(rng: Rng, canvas: Rgb) -> None:
    """Light mirrored in a pocket's film: pale bands over whatever lies there."""
    height, width = canvas.shape[:2]
    cover = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        x, w = rng.uniform(0, width), width * uniform(rng, 0.01, 0.12)
        lean = width * rng.normal(0, 0.15)
        band = np.array([[x, 0], [x + w, 0], [x + w + lean, height], [x + lean, height]])
        cv2.fillConvexPoly(cover, band.astype(np.int32), uniform(rng, 0.15, 0.6))
    cover = cv2.GaussianBlur(cover, (0, 0), uniform(rng, 0.5, 8))[..., None]
    canvas[:] = (canvas * (1 - cover) + 250 * cover).astype(np.uint8)


def _clips(rng: Rng, canvas: Rgb) -> None:
    """Rings of a binder, clips and pens that lie over the sheets."""
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        colour = np.clip(
            np.array([190, 160, 95]) * uniform(rng, 0.4, 1.2) + rng.normal(0, 12, 3), 0, 255
        ).tolist()
        place = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        size = (int(width * uniform(rng, 0.02, 0.09)), int(width * uniform(rng, 0.01, 0.04)))
        thick = int(rng.integers(2, 9))
        cv2.ellipse(canvas, place, size, float(rng.normal(0, 20)), 0, 360, colour, thick, cv2.LINE_AA)
