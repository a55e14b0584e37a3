"""Where the plates of an annotated picture go: into free space, off the strikes and off each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box
from recognizer.types import Rgb

Cost = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PlateParams:
    """Costs are per covered pixel, distances in pixels of the drawn picture."""

    cell: int = 6  # places are tried every so many pixels: finer can't be seen
    gap: int = 8  # left free between a plate and anything it must not touch
    detail_cost: float = 0.6  # on printing or writing, at full contrast, against 0 on bare paper
    away_cost: float = 0.0012  # per pixel between plate and region, as a share of the plate's area
    worst_mean_cost: float = 0.75  # a plate that would hide more than this is better not placed


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate to place: its size in pixels, and the region it belongs to."""

    width: int
    height: int
    region: Box


def place_plates(
    picture: Rgb,
    guarded: Sequence[tuple[Box, float]],
    plates: Sequence[Plate],
    params: PlateParams = PlateParams(),
) -> list[Box | None]:
    """A place for each plate inside ``picture`` (H, W, 3), or None where it would hide too much.

    ``guarded`` gives boxes with what covering one of their pixels costs: 1 or more keeps plates off. Plates
    are placed one after the other in the order given; every possible place of a plate is weighed by what it
    would cover and by how far it lies from its region.
    """
    height, width = picture.shape[:2]
    cost = _detail(picture, params)
    for box, price in guarded:
        rows, columns = _cells(box, width, height, params)
        cost[rows, columns] = np.maximum(cost[rows, columns], price)
    places: list[Box | None] = []
    for plate in plates:
        place = _best_place(plate, cost, (width, height), params)
        places.append(place)
        if place is not None:
            rows, columns = _cells(place.grown(params.gap), width, height, params)
            cost[rows, columns] = 1e6  # never one plate on another
    return places


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


def _cells(box: Box, width: int, height: int, params: PlateParams) -> tuple[slice, slice]:
    """The cells a box touches, whole ones."""
    b = box.clipped(width, height)
    c = params.cell
    return (
        slice(int(b.y // c), int(np.ceil((b.y + b.h) / c))),
        slice(int(b.x // c), int(np.ceil((b.x + b.w) / c))),
    )


def _best_place(plate: Plate, cost: Cost, size: tuple[int, int], params: PlateParams) -> Box | None:
    """The cheapest of all places on the grid of cells; None when even that hides too much."""
    c, (width, height) = params.cell, size
    rows, columns = -(-plate.height // c) + 1, -(-plate.width // c) + 1
    places_y = (min(height // c, cost.shape[0]) - rows) + 1
    places_x = (min(width // c, cost.shape[1]) - columns) + 1
    if places_x < 1 or places_y < 1:
        return None
    sums = np.pad(cost.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    covered = (
        sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    )
    mean = covered[:places_y, :places_x] / (rows * columns)
    x, y = np.arange(places_x) * c, np.arange(places_y)[:, None] * c
    region = plate.region
    beside = np.maximum(np.maximum(region.x - (x + plate.width), x - (region.x + region.w)), 0)
    above = np.maximum(np.maximum(region.y - (y + plate.height), y - (region.y + region.h)), 0)
    # Off-centre plates look detached: a tenth of the distance between centres breaks ties.
    off = np.hypot(x + plate.width / 2 - region.centre[0], y + plate.height / 2 - region.centre[1])
    total = mean + params.away_cost * (np.hypot(beside, above) + off / 10)
    best_y, best_x = np.unravel_index(int(np.argmin(total)), total.shape)
    if mean[best_y, best_x] > params.worst_mean_cost:
        return None
    return Box(float(best_x * c), float(best_y * c), float(plate.width), float(plate.height))
