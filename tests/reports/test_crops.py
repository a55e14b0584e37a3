"""Crops are the region, upright, at the piece's scale, and know where they came from."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from recognizer.geometry import Box, Homography
from recognizer.reports.crops import crop_region, region_crops
from recognizer.types import Piece, Region


def piece_with_bar(angle_deg: float) -> tuple[Piece, Region]:
    """A piece of 400 x 300 with a bar of 120 x 30 turned clockwise about (200, 150), its left third red."""
    turn = Homography.similarity(1.0, angle_deg, 200, 150)
    bar = turn.apply([[-60, -15], [60, -15], [60, 15], [-60, 15]])
    red = turn.apply([[-60, -15], [-20, -15], [-20, 15], [-60, 15]])
    pixels = np.full((300, 400, 3), 240, np.uint8)
    cv2.fillPoly(pixels, [np.rint(bar).astype(np.int32)], (0, 0, 200))
    cv2.fillPoly(pixels, [np.rint(red).astype(np.int32)], (200, 0, 0))
    region = Region("handstamp", Box.around(bar), bar, 0.9, angle_deg)
    whole = np.array([[0.0, 0.0], [400, 0], [400, 300], [0, 300]])
    return Piece(pixels, Homography.shift(1000, 2000), whole, 300.0), region


@pytest.mark.parametrize("angle_deg", [0.0, 20.0, -35.0, 180.0])
def test_a_turned_region_comes_out_level(angle_deg: float) -> None:
    piece, region = piece_with_bar(angle_deg)
    crop = crop_region(piece, "r2", region)
    assert crop.name == "r2-handstamp"
    height, width = crop.pixels.shape[:2]
    assert width == pytest.approx(120 * 1.08 + 2, abs=2)
    assert height == pytest.approx(30 + 120 * 0.08 + 2, abs=2)
    middle = crop.pixels[height // 2]
    assert tuple(middle[width // 6]) == (200, 0, 0)  # what was on its left is on the left
    assert tuple(middle[width // 2]) == (0, 0, 200)
    assert (np.abs(crop.pixels[1].astype(int) - 240) < 8).all()  # the margin is paper all along


@pytest.mark.parametrize("angle_deg", [0.0, 20.0])
def test_the_frame_leads_back_to_the_piece_and_to_the_scan(angle_deg: float) -> None:
    piece, region = piece_with_bar(angle_deg)
    crop = crop_region(piece, "r1", region)
    height, width = crop.pixels.shape[:2]
    centre = [[width / 2, height / 2]]
    np.testing.assert_allclose(crop.frame.apply(centre), [[200, 150]], atol=1)
    np.testing.assert_allclose(crop.frame.then(piece.to_scan).apply(centre), [[1200, 2150]], atol=1)


def test_files_are_named_by_id_and_kind_and_hold_rgb() -> None:
    piece, region = piece_with_bar(0.0)
    before = piece.pixels.copy()
    edge = Region("stamp", Box(380, 0, 40, 50), Box(380, 0, 40, 50).corners, 0.8)  # half off the piece
    files = region_crops(piece, [("r1", region), ("r2", edge)])
    assert list(files) == ["r1-handstamp.png", "r2-stamp.png"]
    with Image.open(io.BytesIO(files["r1-handstamp.png"])) as picture:
        assert picture.mode == "RGB"
        assert picture.getpixel((picture.width // 6, picture.height // 2)) == (200, 0, 0)
    np.testing.assert_array_equal(piece.pixels, before)
