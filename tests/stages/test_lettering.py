from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.imaging.unroll import STRIP_HEIGHT
from recognizer.stages.alphabet import CLASSES, SPACE_CLASS, classify
from recognizer.stages.lettering import (
    LetteringParams,
    frame_of,
    places_read,
    read_lettering,
    read_zone,
    slots_of,
)
from recognizer.types import Strike

A, B = classify("A"), classify("B")
assert A is not None
assert B is not None


def blank_reader(strips: np.ndarray) -> list[np.ndarray]:
    n, layers, height, width = strips.shape
    assert (layers, height) == (2, STRIP_HEIGHT)
    out = np.zeros((n, width // 2, CLASSES), np.float32)
    out[:, :, 0] = 1
    return [out]


def strike(height: int, width: int) -> Strike:
    ink = np.zeros((height, width), np.uint8)
    pixels = np.full((height, width, 3), 255, np.uint8)
    return Strike(pixels, ink, Box(10, 10, width - 20, height - 20), Homography.identity(), None, None)


@pytest.mark.parametrize("size", [(200, 200), (60, 300), (300, 60), (30, 30), (24, 23)])
def test_any_strike_can_be_read_even_an_empty_one(size: tuple[int, int]) -> None:
    seen = read_lettering(strike(*size), blank_reader)
    assert seen.lines
    assert all(not line.slots for line in seen.lines)


def test_a_box_is_read_by_straight_lines_alone() -> None:
    assert {line.where for line in read_lettering(strike(80, 300), blank_reader).lines} == {"line"}
    assert {line.where for line in read_lettering(strike(200, 200), blank_reader).lines} == {
        "line",
        "ring",
        "foot",
    }


def test_lines_across_the_middle_reach_from_rim_to_rim() -> None:
    struck = strike(200, 200)
    cv2.circle(struck.ink, (100, 100), 86, 255, 3)
    layers, ring, _ = frame_of(struck, LetteringParams())
    reach = {
        offset: cut.width / cut.scale / ring.radius
        for where, _, offset, cut in places_read(layers[..., 0], ring, LetteringParams())
        if where == "line"
    }
    assert all(length > 1.8 for offset, length in reach.items() if abs(offset) < 0.2)
    assert all(1.4 < length < 1.6 for offset, length in reach.items() if abs(offset) > 0.2)
    assert any(abs(offset) > 0.5 for offset in reach)


def test_runs_of_one_shape_are_one_slot_and_a_blank_parts_two() -> None:
    shapes = np.zeros((12, CLASSES), np.float32)
    shapes[:, 0] = 1
    for step, found in ((2, A), (3, A), (5, A), (8, B), (9, SPACE_CLASS)):
        shapes[step] = 0
        shapes[step, found] = 0.9
        shapes[step, 0] = 0.1
    slots = slots_of(shapes)
    assert [int(s.shapes.argmax()) for s in slots] == [A, A, B]
    assert [s.x for s in slots] == [4.0, 10.0, 16.0]


def test_two_sure_shapes_side_by_side_are_two_slots() -> None:
    shapes = np.zeros((4, CLASSES), np.float32)
    shapes[0, 0] = shapes[3, 0] = 1
    shapes[1, A] = shapes[2, B] = 0.95
    assert [int(s.shapes.argmax()) for s in slots_of(shapes)] == [A, B]


def test_a_zone_is_read_along_the_die_s_own_direction() -> None:
    pose = Homography.similarity(150.0, 20.0, 30.0, 10.0)
    ring = frame_of(strike(240, 240))[1]
    lines = read_zone(strike(240, 240), (0.2, 0.4, 0.6, 0.1), pose, ring, blank_reader)
    assert len(lines) == 6
    assert all(line.angle_deg == pytest.approx(20.0) for line in lines)
    assert read_zone(strike(240, 240), (0.2, 0.4, 0.0, 0.0), pose, ring, blank_reader) == ()
