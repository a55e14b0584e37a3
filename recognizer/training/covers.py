"""Whole scans: pieces on a scanner bed, photographed, or several on an album page, with every truth.

rng = np.random.default_rng(3)
scene = compose(rng, (1200, 800))                  # width, height in pixels; nothing touches the disk
scene.pixels         # (800, 1200, 3) RGB uint8
scene.ink            # (800, 1200) uint8: ink of all postmarks and hand stamps
for r in scene.regions:                            # sheet.RegionTruth, in the scan's pixels
    r.kind, r.box, r.outline                       # postmark handstamp stamp cachet label handwriting
    r.design, r.wheels.date, r.angle_deg, r.visible, r.legends()      # for strikes
scene.ignore         # list of (N, 2): wavy killers, which count neither way
scene.pieces         # [PieceTruth(outline (4, 2), mission, event, regions)]

compose(rng, (640, 448), way="scan", scene="full")  # one piece filling the picture
compose(rng, (1200, 800), stock=Stock(designs))     # dies that come back from picture to picture
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from recognizer.geometry import Homography, Points
from recognizer.training.camera import photograph
from recognizer.training.layouts import random_piece
from recognizer.training.paper import ink_over
from recognizer.training.parts import Stock
from recognizer.training.scenery import album_page, bed, table
from recognizer.training.sheet import RegionTruth, Sheet
from recognizer.types import Ink, Rgb

Rng = np.random.Generator
PieceMaker = Callable[[Rng, int, int, Stock], Sheet]
SCENES = {"full": 0.42, "bed": 0.2, "photo": 0.2, "album": 0.18}


@dataclass(frozen=True, eq=False, slots=True)
class PieceTruth:
    """One piece of a scan: its corners, what mission it belongs to (if any), which regions lie on it."""

    outline: Points  # (4, 2): the piece's top left, top right, bottom right, bottom left
    mission: str | None = None
    event: str | None = None
    regions: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Composed:
    """A drawn scan and its truth."""

    pixels: Rgb
    ink: Ink
    regions: tuple[RegionTruth, ...]
    ignore: tuple[Points, ...]
    pieces: tuple[PieceTruth, ...]
    dpi: float | None = None


@dataclass(eq=False)
class _Canvas:
    pixels: Rgb
    ink: Ink
    regions: list[RegionTruth] = field(default_factory=list)
    ignore: list[Points] = field(default_factory=list)
    pieces: list[PieceTruth] = field(default_factory=list)

    def lay(self, sheet: Sheet, to_scan: Homography) -> None:
        """Put a finished piece onto the scan."""
        h, w = self.ink.shape
        size = (w, h)
        corners = np.array(
            [[0, 0], [sheet.width, 0], [sheet.width, sheet.height], [0, sheet.height]], np.float64
        )
        outline = to_scan.apply(corners)
        if np.allclose(to_scan.matrix, np.eye(3)) and (sheet.width, sheet.height) == size:
            self.pixels[:], self.ink[:] = sheet.pixels, sheet.ink
        else:
            self._warped_in(sheet, to_scan, outline)
        first = len(self.regions)
        self.regions += [r.moved(to_scan) for r in sheet.regions]
        self.ignore += [to_scan.apply(p) for p in sheet.ignore]
        numbers = tuple(range(first, len(self.regions)))
        self.pieces.append(PieceTruth(outline, sheet.mission, sheet.event, numbers))

    def _warped_in(self, sheet: Sheet, to_scan: Homography, outline: Points) -> None:
        h, w = self.ink.shape
        x0, y0 = np.clip(np.floor(outline.min(0)).astype(int) - 3, 0, (w, h))
        x1, y1 = np.clip(np.ceil(outline.max(0)).astype(int) + 4, 0, (w, h))
        if x1 - x0 < 8 or y1 - y0 < 8:
            return
        m = to_scan.then(Homography.shift(-float(x0), -float(y0))).matrix
        size = (int(x1 - x0), int(y1 - y0))
        shrinking = np.ptp(outline[:, 0]) < 0.7 * sheet.width
        flags = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
        mask = np.zeros((size[1], size[0]), np.uint8)
        cv2.fillConvexPoly(mask, np.round((outline - (x0, y0)) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
        view = self.pixels[y0:y1, x0:x1]
        shade = cv2.GaussianBlur(mask, (0, 0), 2.5)  # the shadow round the piece
        view[:] = ink_over(view, shade, (166, 166, 166))
        seen = cv2.warpPerspective(sheet.pixels, m, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        cv2.copyTo(seen, (mask > 127).astype(np.uint8), view)
        ink = cv2.warpPerspective(sheet.ink, m, size, flags=flags)
        cv2.copyTo(ink, (mask > 127).astype(np.uint8), self.ink[y0:y1, x0:x1])


def compose(
    rng: Rng,
    size: tuple[int, int] = (1200, 800),
    stock: Stock | None = None,
    scene: str | None = None,
    way: str | None = None,
    makers: Sequence[PieceMaker] = (random_piece,),
) -> Composed:
    """Draw a scan of ``size`` (width, height) pixels; the same state of rng gives the same bytes.

    ``scene`` is a key of ``SCENES``, ``way`` of ``camera.CAMERAS``; random where None. ``makers`` make the
    pieces, drawn from evenly.
    """
    stock = stock or Stock()
    kind = scene or _one_of(rng, SCENES)
    width, height = size
    make = makers[int(rng.integers(len(makers)))]
    if kind == "full":
        sheet = make(rng, width, height, stock)
        canvas = _Canvas(np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.uint8))
        canvas.lay(sheet, Homography.identity())
    elif kind == "album":
        canvas = _album(rng, width, height, stock, make)
    else:
        canvas = _single(rng, width, height, stock, make, photo=kind == "photo")
    camera = way or ("photo" if kind == "photo" or (kind == "album" and rng.random() < 0.6) else "scan")
    pixels = photograph(rng, canvas.pixels, camera)
    dpi = None
    return Composed(
        pixels,
        canvas.ink,
        tuple(_seen(canvas, width, height)),
        tuple(canvas.ignore),
        tuple(canvas.pieces),
        dpi,
    )


def lay_out(ground: Rgb, pieces: Sequence[tuple[Sheet, Homography]]) -> Composed:
    """Finished pieces on a ground (H, W, 3), each with its map to the ground's pixels; no camera yet."""
    canvas = _Canvas(ground.copy(), np.zeros(ground.shape[:2], np.uint8))
    for sheet, pose in pieces:
        canvas.lay(sheet, pose)
    height, width = canvas.ink.shape
    regions = tuple(_seen(canvas, width, height))
    return Composed(canvas.pixels, canvas.ink, regions, tuple(canvas.ignore), tuple(canvas.pieces))


def _one_of(rng: Rng, weights: dict[str, float]) -> str:
    names = list(weights)
    return names[int(rng.choice(len(names), p=np.array(list(weights.values())) / sum(weights.values())))]


def _seen(canvas: _Canvas, width: int, height: int) -> list[RegionTruth]:
    """The regions with their outlines cut at the picture's edge (positions in the list stay)."""
    out = []
    for region in canvas.regions:
        inside = np.clip(region.outline, 0, (width - 1, height - 1))
        out.append(replace(region, outline=inside))
    return out


def _single(rng: Rng, width: int, height: int, stock: Stock, make: PieceMaker, photo: bool) -> _Canvas:
    """One piece with some ground round it, straight on a scanner or askew before a camera."""
    ground = table(rng, height, width) if photo else bed(rng, height, width)
    canvas = _Canvas(ground, np.zeros((height, width), np.uint8))
    share = rng.uniform(0.8, 0.97)
    w, h = int(width * share), int(height * share * rng.uniform(0.85, 1.0))
    sheet = make(rng, w, h, stock)
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    pose = Homography.similarity(1.0, float(rng.normal(0, 3 if photo else 1.2)), float(x), float(y))
    if photo:
        pose = pose.then(_tilted(rng, width, height, 0.035))
    canvas.lay(sheet, pose)
    return canvas


def _tilted(rng: Rng, width: int, height: int, by: float) -> Homography:
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    return Homography.between(square, square + rng.normal(0, by, (4, 2)) * (width, height))


def _album(rng: Rng, width: int, height: int, stock: Stock, make: PieceMaker) -> _Canvas:
    """Two to four pieces on a page with rings or pockets, as collectors photograph them."""
    columns, rows = ((2, 2), (1, 2), (2, 1), (1, 3))[int(rng.choice(4, p=[0.4, 0.35, 0.15, 0.1]))]
    if width < height and columns > rows:
        columns, rows = rows, columns
    ground = album_page(rng, height, width, columns, rows)
    canvas = _Canvas(ground, np.zeros((height, width), np.uint8))
    cell = (width / columns, height / rows)
    tilt = _tilted(rng, width, height, 0.015)
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.06:
                continue
            share = rng.uniform(0.82, 0.96)
            w = cell[0] * share
            h = min(cell[1] * share, w * rng.uniform(0.58, 0.75))
            fine = max(1.0, 480 / w)  # drawn no smaller than its letters need
            sheet = make(rng, int(w * fine), int(h * fine), stock)
            x = column * cell[0] + (cell[0] - w) * rng.uniform(0.3, 0.7)
            y = row * cell[1] + (cell[1] - h) * rng.uniform(0.3, 0.7)
            pose = Homography.similarity(1 / fine, float(rng.normal(0, 1.0)), float(x), float(y)).then(tilt)
            canvas.lay(sheet, pose)
    return canvas
