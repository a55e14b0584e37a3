"""Strikes drawn in known inks on known papers are cut out, separated and named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.stages.strikes import lift_strike

PAPERS = {
    "white": (248, 248, 246),
    "cream": (238, 222, 190),
    "kraft": (205, 170, 125),
    "grey": (190, 190, 188),
}
INKS = {
    "black": (30, 30, 34),
    "violet": (105, 50, 140),
    "blue": (40, 65, 155),
    "red": (190, 40, 50),
    "green": (25, 110, 65),
}
BOX = Box(60, 40, 200, 200)


def dial_mask(size: tuple[int, int] = (300, 320)) -> np.ndarray:
    """A dated dial in the middle of ``BOX``: 0 no ink .. 1 ink."""
    mask = np.zeros(size, np.uint8)
    for radius in (97, 62):
        cv2.circle(mask, (160, 140), radius, 255, 3, cv2.LINE_AA)
    for text, x, y in (("APR 15", 115, 140), ("1961", 130, 170), ("MOSKVA", 112, 68), ("POCHTA", 114, 226)):
        cv2.putText(mask, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2, cv2.LINE_AA)
    return mask.astype(np.float32) / 255


def struck(
    paper: tuple[int, int, int], ink: tuple[int, int, int], mask: np.ndarray, strength: float = 0.85
) -> np.ndarray:
    """``mask`` struck on paper by multiplying, with scanner noise."""
    ground = np.full((*mask.shape, 3), paper, np.float32)
    image = ground * (1 - strength * mask[:, :, None] * (1 - np.array(ink, np.float32) / 255))
    return np.clip(image + np.random.default_rng(1).normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def agreement(ink: np.ndarray, mask: np.ndarray) -> float:
    """Correlation of an ink layer with the mask it was struck from."""
    return float(np.corrcoef(ink.ravel().astype(float), mask.ravel())[0, 1])


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("ink", INKS)
def test_ink_is_separated_and_named_on_every_paper(paper: str, ink: str) -> None:
    mask = dial_mask()
    strike = lift_strike(struck(PAPERS[paper], INKS[ink], mask), BOX, 300)
    part = mask[BOX.grown(24).slices(320, 300)]
    assert strike.ink.shape == strike.pixels.shape[:2] == part.shape
    assert agreement(strike.ink, part) > 0.85
    assert strike.ink_name == ink


@pytest.mark.parametrize(("strike_ink", "pen"), [("black", "blue"), ("violet", "blue"), ("red", "black")])
def test_writing_in_another_colour_is_left_out(strike_ink: str, pen: str) -> None:
    mask = dial_mask()
    writing = np.zeros_like(mask)
    for y in (90, 120, 200):
        cv2.line(writing, (40, y), (280, y + 25), 1.0, 4, cv2.LINE_AA)
    image = struck(PAPERS["cream"], INKS[strike_ink], mask).astype(np.float32)
    image *= 1 - 0.9 * writing[:, :, None] * (1 - np.array(INKS[pen], np.float32) / 255)
    strike = lift_strike(image.astype(np.uint8), BOX, None)
    window = BOX.grown(24).slices(320, 300)
    alone = (writing[window] > 0.9) & (cv2.dilate(mask[window], np.ones((5, 5))) == 0)
    assert strike.ink_name == strike_ink
    assert strike.ink[alone].mean() < 0.35 * strike.ink[mask[window] > 0.9].mean()


def test_black_on_a_red_stamp_leaves_the_print_behind() -> None:
    mask = dial_mask()
    paper = np.full((*mask.shape, 3), PAPERS["white"], np.float32)
    rng = np.random.default_rng(0)
    engraving = np.where(rng.random((30, 16)) < 0.5, 1.0, 0.35).repeat(10, 0).repeat(10, 1)[:, :, None]
    paper[:, 160:] *= 1 - engraving * (1 - np.array([200, 45, 50]) / 255)
    image = (paper * (1 - 0.9 * mask[:, :, None])).astype(np.uint8)
    strike = lift_strike(image, BOX, 300)
    assert strike.ink_name == "black"
    part = mask[BOX.grown(24).slices(320, 300)]
    right = strike.core.slices(*part.shape[::-1])[0], slice(124, 224)
    assert agreement(strike.ink[right], part[right]) > 0.7


def test_frame_leads_back_to_the_piece_and_the_core_is_the_box() -> None:
    image = struck(PAPERS["white"], INKS["black"], dial_mask())
    strike = lift_strike(image, BOX, 300)
    back = strike.frame.apply(strike.core.corners)
    np.testing.assert_allclose(back, BOX.corners, atol=1e-6)
    x, y = strike.frame.apply([[0, 0]])[0].astype(int)
    np.testing.assert_array_equal(
        strike.pixels, image[y : y + strike.pixels.shape[0], x : x + strike.pixels.shape[1]]
    )


def test_a_box_at_the_edge_is_clipped_to_the_image() -> None:
    image = struck(PAPERS["white"], INKS["black"], dial_mask())
    strike = lift_strike(image, Box(-30, -20, 120, 110), None)
    assert strike.pixels.shape[:2] == strike.ink.shape
    assert strike.core.x >= 0
    assert strike.core.x + strike.core.w <= strike.pixels.shape[1]


def test_bare_paper_has_no_ink_and_no_name() -> None:
    paper = struck(PAPERS["cream"], INKS["black"], np.zeros((300, 320), np.float32))
    strike = lift_strike(paper, BOX, None)
    assert strike.ink_name is None
    assert strike.ink.mean() < 2


def test_the_input_is_not_changed() -> None:
    image = struck(PAPERS["cream"], INKS["violet"], dial_mask())
    before = image.copy()
    lift_strike(image, BOX, None)
    np.testing.assert_array_equal(image, before)
