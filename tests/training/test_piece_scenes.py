"""Drawn scenes of pieces, what a network is taught of them, and one step of learning."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import polygon_area
from recognizer.stages.piece_look import SIDE, STRIDE, voted
from recognizer.training.piece_scenes import Scene, Scenes, corner_error


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    source, rng = Scenes(), np.random.default_rng(2)
    return [source(rng) for _ in range(40)]


def test_owners_lie_within_their_corners(scenes: list[Scene]) -> None:
    for scene in scenes:
        height, width = scene.owner.shape
        assert scene.pixels.shape == (height, width, 3)
        assert max(height, width) == SIDE
        for number, corners in enumerate(scene.corners, 1):
            inside = np.zeros((height, width), np.uint8)
            cv2.fillPoly(inside, [np.rint(corners).astype(np.int32)], 1)
            inside = cv2.dilate(inside, np.ones((5, 5), np.uint8))
            assert inside[scene.owner == number].all()


def test_scenes_are_of_all_kinds(scenes: list[Scene]) -> None:
    counts = [len(s.corners) for s in scenes]
    assert min(counts) <= 1
    assert max(counts) >= 4
    assert any((s.shown < 0.5).any() for s in scenes), "some sheets are mostly hidden"


def test_the_same_state_gives_the_same_scene() -> None:
    one, two = (Scenes()(np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(one.pixels, two.pixels)
    assert np.array_equal(one.corners, two.corners)


def test_what_is_taught_leads_back_to_the_corners(scenes: list[Scene]) -> None:
    """A network that said exactly what it is taught would find each piece once."""
    pytest.importorskip("torch")
    from recognizer.training.piece_fit import batch_of, truths

    for scene in scenes:
        batch = batch_of([scene])
        maps = np.zeros((10, SIDE // STRIDE, SIDE // STRIDE), np.float32)
        maps[0] = np.where(batch.there[0].numpy() == 1, 6, -6)
        maps[1:9], maps[9] = batch.corners[0].numpy(), np.log(0.01)
        seen = voted(maps, scene.owner.shape)
        wanted = [c for c in truths(scene) if polygon_area(c) > 9 * STRIDE**2]
        for corners in wanted:
            assert min(corner_error(s.corners, corners) for s in seen) < 0.01
        assert len(seen) <= len(truths(scene))


def test_a_few_steps_of_learning_lower_the_loss(scenes: list[Scene]) -> None:
    torch = pytest.importorskip("torch")
    from recognizer.training.piece_fit import batch_of, losses
    from recognizer.training.piece_net import PieceNet

    torch.manual_seed(0)
    net, batch = PieceNet(), batch_of(scenes[:4])
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    told = []
    for _ in range(6):
        loss = sum(losses(net(batch.pictures), batch).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        told.append(loss.item())
    assert told[-1] < 0.9 * told[0]
