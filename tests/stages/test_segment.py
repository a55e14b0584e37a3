"""Regions planted on a piece, or in a network's maps, come back in the piece's pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box, Homography
from recognizer.sources.models import open_model
from recognizer.sources.shipped import shipped
from recognizer.stages.segment import SegmentParams, find_regions, survey, towards
from recognizer.training.covers import compose
from recognizer.types import Piece, Region

KINDS = ["postmark", "handstamp", "stamp", "cachet", "label"]
SPEC = {
    "input": {"side_px": 640, "px_per_mm": [2.4, 6.0], "pad": 114},
    "output": {"kinds": KINDS, "groups": [0, 0, 1, 1, 1], "stride": 4},
    "calibration": {kind: [1.0, 0.0] for kind in KINDS},
}


def whole(pixels: np.ndarray, dpi: float | None = None) -> Piece:
    h, w = pixels.shape[:2]
    return Piece(pixels, Homography.identity(), np.array([[0, 0], [w, 0], [w, h], [0, h]], float), dpi)


class Planted:
    """A network that always sees the same boxes: (kind, score, box as shares of the picture)."""

    def __init__(self, *things: tuple[str, float, Box]) -> None:
        self.things, self.shapes = things, list[tuple[int, ...]]()

    @property
    def spec(self) -> Mapping[str, Any]:
        return SPEC

    def __call__(self, *inputs: np.ndarray) -> list[np.ndarray]:
        (image,) = inputs
        self.shapes.append(image.shape)
        h, w = image.shape[2:]
        heat, sides = (
            np.full((1, 5, h // 4, w // 4), 0.001, np.float32),
            np.zeros((1, 8, h // 4, w // 4), np.float32),
        )
        for name, score, share in self.things:
            kind = KINDS.index(name)
            x, y, bw, bh = share.x * w, share.y * h, share.w * w, share.h * h
            row, column = int((y + bh / 2) / 4), int((x + bw / 2) / 4)
            px, py = (column + 0.5) * 4, (row + 0.5) * 4
            heat[0, kind, row, column] = score
            group = 4 * SPEC["output"]["groups"][kind]
            sides[0, group : group + 4, row, column] = np.log(
                np.array([px - x, py - y, x + bw - px, y + bh - py]) / 16
            )
        return [heat, sides, np.zeros((1, 1, h // 2, w // 2), np.float32)]


def test_boxes_come_back_in_the_pieces_own_pixels() -> None:
    net = Planted(("postmark", 0.9, Box(0.5, 0.1, 0.15, 0.2)), ("stamp", 0.8, Box(0.6, 0.05, 0.2, 0.3)))
    found = find_regions(whole(np.full((1120, 1600, 3), 240, np.uint8)), net)
    assert [r.kind for r in found] == ["postmark", "stamp"]
    assert found[0].box.iou(Box(800, 112, 240, 224)) > 0.95
    assert found[1].box.iou(Box(960, 56, 320, 336)) > 0.95
    assert found[0].probability == pytest.approx(0.9, abs=0.01)
    assert Box.around(found[0].outline).iou(found[0].box) > 0.95


def test_only_likely_answers_are_given() -> None:
    net = Planted(("postmark", 0.3, Box(0.5, 0.1, 0.15, 0.2)))
    piece = whole(np.full((448, 640, 3), 240, np.uint8))
    assert find_regions(piece, net) == []
    assert len(find_regions(piece, net, SegmentParams(least_probability=0.2))) == 1


def test_what_may_be_a_strike_is_told_apart_from_what_is_one() -> None:
    strike, other = Box(0.5, 0.1, 0.15, 0.2), Box(0.1, 0.6, 0.15, 0.2)
    piece = whole(np.full((448, 640, 3), 240, np.uint8))
    net = Planted(
        ("postmark", 0.9, strike), ("handstamp", 0.3, other), ("stamp", 0.3, Box(0.7, 0.6, 0.2, 0.3))
    )
    seen = survey(piece, net)
    assert [r.kind for r in seen.regions] == ["postmark"]
    assert [(r.kind, round(r.probability, 2)) for r in seen.doubtful] == [("handstamp", 0.3)]
    beside = Planted(("postmark", 0.9, strike), ("handstamp", 0.3, Box(0.52, 0.14, 0.15, 0.2)))
    assert survey(piece, beside).doubtful == (), "a second opinion on a strike is no second strike"
    assert survey(piece, Planted(("postmark", 0.1, strike))).doubtful == ()


def test_a_strikes_box_goes_half_way_to_its_die() -> None:
    box = Box(100, 50, 40, 40)
    found = Region("postmark", box, box.corners, 0.8, 30.0)
    moved = towards(found, Box(104, 50, 44, 48))
    assert moved.box == Box(102, 50, 42, 44)
    assert Box.around(moved.outline).iou(moved.box) > 0.95
    assert (moved.kind, moved.probability, moved.angle_deg) == ("postmark", 0.8, 30.0)
    assert towards(found, Box(300, 50, 40, 40)) is found


def test_what_lies_on_a_piece_above_is_not_this_ones() -> None:
    net = Planted(("stamp", 0.9, Box(0.1, 0.1, 0.15, 0.2)), ("postmark", 0.9, Box(0.7, 0.1, 0.15, 0.2)))
    alone = whole(np.full((448, 640, 3), 240, np.uint8))
    under = replace(alone, covers=(Box(400, -20, 300, 200).corners,))
    assert {r.kind for r in find_regions(alone, net)} == {"stamp", "postmark"}
    assert {r.kind for r in find_regions(under, net)} == {"stamp"}


@pytest.mark.parametrize(
    ("size", "dpi", "longer"),
    [
        ((1120, 1600), None, 640),  # no resolution known: a fixed long side
        ((1772, 2480), 300, 640),  # an A5 sheet
        ((3508, 2480), 300, 736),  # an A4 letter: larger, or its dials would be too small
        ((354, 472), 300, 256),  # a 40 mm cutting: smaller, or they would be too large
    ],
)
def test_the_scale_follows_the_resolution(size: tuple[int, int], dpi: float | None, longer: int) -> None:
    net = Planted()
    find_regions(whole(np.full((*size, 3), 240, np.uint8), dpi), net)
    assert max(net.shapes[0]) == longer
    assert all(side % 32 == 0 for side in net.shapes[0][2:])


def test_a_picture_is_looked_at_in_every_size_the_model_names() -> None:
    class Sized(Planted):
        @property
        def spec(self) -> Mapping[str, Any]:
            return {**SPEC, "input": {**SPEC["input"], "sizes": [0.5, 0.8]}}

    net = Sized(("postmark", 0.9, Box(0.5, 0.1, 0.15, 0.2)))
    (found,) = find_regions(whole(np.full((1120, 1600, 3), 240, np.uint8)), net)
    assert [shape[3] for shape in net.shapes] == [320, 512]
    assert found.box.iou(Box(800, 112, 240, 224)) > 0.9


def test_a_page_of_small_strikes_is_looked_at_larger() -> None:
    small = [("postmark", 0.9, Box(0.2 * i, 0.1, 0.05, 0.07)) for i in range(1, 4)]
    page = whole(np.full((1120, 1600, 3), 240, np.uint8))
    net = Planted(*small)
    found = find_regions(page, net)
    assert [shape[3] for shape in net.shapes] == [640, 1280]  # 32 px, twice as large at most
    assert found[0].box.w == pytest.approx(80, abs=1.5)
    few, usual = Planted(*small[:2]), Planted(*[(k, s, Box(b.x, b.y, 0.14, 0.2)) for k, s, b in small])
    for other in (few, usual):
        find_regions(page, other)
        assert len(other.shapes) == 1


def test_a_clear_ring_is_found_without_a_network() -> None:
    pixels = np.full((700, 1000, 3), 235, np.uint8)
    cv2.circle(pixels, (700, 200), 60, (40, 40, 40), 2, cv2.LINE_AA)
    (ring,) = find_regions(whole(pixels))
    assert ring.kind == "postmark"
    assert ring.box.iou(Box(640, 140, 120, 120)) > 0.9


def test_bare_paper_has_no_regions() -> None:
    pixels = np.random.default_rng(0).normal(230, 4, (500, 700, 3)).clip(0, 255).astype(np.uint8)
    assert find_regions(whole(pixels)) == []


@pytest.fixture(scope="module")
def on_drawn_covers() -> tuple[int, int, int]:
    """Of the shipped network on twelve drawn covers: postmarks wanted, found, spurious."""
    if not (shipped("models") / "region-finder").is_dir():
        pytest.skip("the model is not there")
    model = open_model("region-finder")
    found = wanted = spurious = 0
    for seed in range(900_000, 900_012):
        scan = compose(np.random.default_rng(seed), (960, 672), scene="full")
        truth = [r.box for r in scan.regions if r.kind == "postmark" and r.visible > 0.6]
        near = [r.box for r in scan.regions if r.kind in ("postmark", "handstamp")]
        got = [r.box for r in find_regions(whole(scan.pixels), model) if r.kind == "postmark"]
        wanted += len(truth)
        found += sum(any(t.iou(g) > 0.5 for g in got) for t in truth)
        spurious += sum(not any(t.iou(g) > 0.3 for t in near) for g in got)
    return wanted, found, spurious


def test_the_shipped_network_finds_postmarks_of_drawn_covers(on_drawn_covers: tuple[int, int, int]) -> None:
    wanted, found, spurious = on_drawn_covers
    assert wanted > 8
    assert found >= 0.5 * wanted
    assert spurious <= 0.25 * wanted


def test_the_shipped_network_finds_most_postmarks(on_drawn_covers: tuple[int, int, int]) -> None:
    wanted, found, _ = on_drawn_covers
    assert found >= 0.7 * wanted


def test_a_survey_gives_the_networks_ink_over_the_whole_piece() -> None:
    class Inked(Planted):
        def __call__(self, *inputs: np.ndarray) -> list[np.ndarray]:
            heat, sides, ink = super().__call__(*inputs)
            ink[:, :, 20:40, 100:150] = 1.0
            return [heat, sides, ink]

    seen = survey(whole(np.full((1000, 1600, 3), 240, np.uint8)), Inked())
    assert seen.ink is not None
    assert seen.ink.shape == (200, 320)  # what was only padding is cut off
    assert seen.ink[20:40, 100:150].min() == 255
    assert int((seen.ink > 0).sum()) == 20 * 50


def test_each_kind_is_asked_for_its_own_probability() -> None:
    class Asking(Planted):
        @property
        def spec(self) -> Mapping[str, Any]:
            return {**SPEC, "accepted_from": {"postmark": 0.35, "stamp": 0.65}}

    things = (("postmark", 0.4, Box(0.1, 0.1, 0.15, 0.2)), ("stamp", 0.6, Box(0.6, 0.05, 0.2, 0.3)))
    piece = whole(np.full((448, 640, 3), 240, np.uint8))
    assert [r.kind for r in find_regions(piece, Asking(*things))] == ["postmark"]
    assert [r.kind for r in find_regions(piece, Planted(*things))] == ["stamp"]


def test_one_thing_is_of_one_kind_but_a_postmark_may_lie_on_a_stamp() -> None:
    box = Box(0.5, 0.1, 0.2, 0.3)
    piece = whole(np.full((448, 640, 3), 240, np.uint8))
    both = find_regions(piece, Planted(("handstamp", 0.9, box), ("label", 0.8, box)))
    assert [r.kind for r in both] == ["handstamp"]
    struck = find_regions(piece, Planted(("postmark", 0.9, box), ("stamp", 0.8, box)))
    assert [r.kind for r in struck] == ["postmark", "stamp"]
