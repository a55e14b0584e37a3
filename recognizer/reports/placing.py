"""Where the plates of an annotated picture go: into free space, off the strikes and off each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Points
from recognizer.types import Rgb

Cost = NDArray[np.float32]
BARRED = 1e6  # the price of what is never to be covered: one cell of it outweighs any plate elsewhere


@dataclass(frozen=True, slots=True)
class PlateParams:
    """Costs are per covered pixel, distances in pixels of the drawn picture."""

    cell: int = 6  # places are tried every so many pixels: finer can't be seen
    gap: int = 6  # left free around a plate
    detail_cost: float = 0.6  # on printing or writing, at full contrast, against 0 on bare paper
    away_cost: float = 0.0012  # per pixel between plate and region, as a share of the plate's area


@dataclass(frozen=True, eq=False, slots=True)
class Plate:
    """A plate to place: the region it belongs to, its sizes in pixels, how it may stand.

    Where the full plate would hide more than ``worst_cost`` (the mean cost under it) or stand farther than
    ``farthest`` from its region, the short one is placed instead.
    """

    region: Box
    full: tuple[int, int]  # width, height
    short: tuple[int, int]
    worst_cost: float
    farthest: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plate goes, and whether it is the short one."""

    box: Box
    short: bool


def place_plates(
    picture: Rgb,
    guarded: Sequence[tuple[Points, float]],
    plates: Sequence[Plate],
    params: PlateParams = PlateParams(),
) -> list[Place]:
    """A place inside ``picture`` (H, W, 3) for each plate.

    ``guarded`` gives outlines (N, 2) with what covering one of their pixels costs. Plates are placed one
    after the other in the order given; every possible place of a plate is weighed by what it would cover and
    by how far it lies from its region.
    """
    height, width = picture.shape[:2]
    cost = _detail(picture, params)
    for outline, price in guarded:
        covered = _cells_of(outline, cost.shape, params) > 0
        cost[covered] = np.maximum(cost[covered], price)
    places = []
    for plate in plates:
        place = _place(plate, cost, (width, height), params)
        places.append(place)
        cost[_slices(place.box.grown(params.gap), width, height, params)] = BARRED
    return places


def _place(plate: Plate, cost: Cost, size: tuple[int, int], params: PlateParams) -> Place:
    box, mean, away = _best_place(plate.region, plate.full, cost, size, params)
    if mean <= plate.worst_cost and away <= plate.farthest:
        return Place(box, False)
    box, _, _ = _best_place(plate.region, plate.short, cost, size, params)
    return Place(box, True)


def _detail(picture: Rgb, params: PlateParams) -> Cost:
    """How busy each cell is: local contrast, 0 on paper to ``detail_cost`` on print; (H/cell, W/cell)."""
    height, width = picture.shape[:2]
    size = (max(width // params.cell, 1), max(height // params.cell, 1))
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(gray * gray, size, interpolation=cv2.INTER_AREA)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    # 40 of 255 levels: the spread of a cell with writing in it; paper grain and JPEG noise stay under 5.
    return np.asarray(np.clip((spread - 5) / 40, 0, 1) * params.detail_cost, np.float32)


def _cells_of(outline: Points, shape: tuple[int, ...], params: PlateParams) -> NDArray[np.uint8]:
    """The cells that an outline and a cell's width around it touch, as a mask."""
    mask = np.zeros(shape, np.uint8)
    points = np.rint(np.asarray(outline) / params.cell - 0.5).astype(np.int32).reshape(-1, 1, 2)
    cv2.fillPoly(mask, [points], 1)
    cv2.polylines(mask, [points], True, 1, thickness=2)
    return mask


def _slices(box: Box, width: int, height: int, params: PlateParams) -> tuple[slice, slice]:
    """The cells a box touches, whole ones."""
    b, c = box.clipped(width, height), params.cell
    return (
        slice(int(b.y // c), int(np.ceil((b.y + b.h) / c))),
        slice(int(b.x // c), int(np.ceil((b.x + b.w) / c))),
    )


def _best_place(
    region: Box, plate: tuple[int, int], cost: Cost, size: tuple[int, int], params: PlateParams
) -> tuple[Box, float, float]:
    """The cheapest of all places on the grid of cells, the mean cost under it, its distance in pixels.

    A plate larger than the picture gets its upper left corner at infinite cost.
    """
    c, (plate_width, plate_height) = params.cell, plate
    rows, columns = -(-plate_height // c), -(-plate_width // c)
    if rows > cost.shape[0] or columns > cost.shape[1] or plate_width > size[0] or plate_height > size[1]:
        return Box(0, 0, plate_width, plate_height), np.inf, 0.0
    mean = _box_means(cost, rows, columns)
    x, y = np.arange(mean.shape[1]) * c, np.arange(mean.shape[0])[:, None] * c
    beside = np.maximum(np.maximum(region.x - (x + plate_width), x - (region.x + region.w)), 0)
    above = np.maximum(np.maximum(region.y - (y + plate_height), y - (region.y + region.h)), 0)
    away = np.hypot(beside, above)
    # Off-centre plates look detached: part of the distance between centres counts too.
    off = np.hypot(x + plate_width / 2 - region.centre[0], y + plate_height / 2 - region.centre[1])
    best = np.unravel_index(int(np.argmin(mean + params.away_cost * (away + 0.3 * off))), mean.shape)
    place = Box(float(best[1] * c), float(best[0] * c), float(plate_width), float(plate_height))
    return place, float(mean[best]), float(away[best])


def _box_means(cost: Cost, rows: int, columns: int) -> NDArray[np.float64]:
    """The mean of every window of ``rows`` x ``columns`` cells that lies inside, by its upper left cell."""
    sums = np.pad(cost.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inside = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    return np.asarray(inside / (rows * columns), np.float64)
