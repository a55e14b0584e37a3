"""What the finder is taught can be read back, and teaching it lowers the loss."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from recognizer.imaging.peaks import boxes_at_peaks, without_doubles  # noqa: E402
from recognizer.training.finder import STRIDE, Finder, encode, losses  # noqa: E402
from recognizer.training.finder_export import average_precision, calibrated  # noqa: E402
from recognizer.training.finder_fit import CANVAS, GROUPS, as_input, drawn, placed, scaled  # noqa: E402

ROWS = np.array(
    [
        [0, 400, 60, 90, 92],
        [2, 420, 40, 120, 150],
        [1, 40, 250, 200, 60],
        [3, 30, 30, 160, 180],
        [4, 300, 330, 90, 40],
    ],
    np.float32,
)


def test_what_is_encoded_is_decoded() -> None:
    target = encode(ROWS, np.zeros(CANVAS, np.uint8))
    found = without_doubles(boxes_at_peaks(target.heat, target.sides, GROUPS, STRIDE, 0.9), GROUPS)
    for row in ROWS:
        same = found[found[:, 0] == row[0]]
        assert len(same) == 1
        np.testing.assert_allclose(same[0, 2:], row[1:], atol=0.1)


def test_a_cover_too_large_is_cut_and_what_is_half_gone_is_dropped() -> None:
    pixels, ink = np.full((800, 640, 3), 200, np.uint8), np.zeros((800, 640), np.uint8)
    rows = np.array([[0, 10, 10, 80, 80], [0, 500, 700, 80, 80]], np.float32)
    for seed in range(8):
        out, layer, kept = placed(np.random.default_rng(seed), pixels, ink, rows)
        assert out.shape == (*CANVAS, 3)
        assert layer.shape == CANVAS
        assert len(kept) <= 1  # they lie farther apart than the canvas is high
        assert (kept[:, 2] >= 0).all()
        assert (kept[:, 2] + kept[:, 4] <= CANVAS[0]).all()


def test_a_cover_made_smaller_keeps_its_regions_in_place() -> None:
    pixels, ink = np.full((448, 640, 3), 200, np.uint8), np.zeros((448, 640), np.uint8)
    ink[60:152, 400:490] = 255
    out, layer, rows = scaled((pixels, ink, ROWS), 0.6)
    assert out.shape[:2] == layer.shape == (288, 384)
    x, y, w, h = rows[0, 1:].astype(int)
    assert layer[y + 2 : y + h - 2, x + 2 : x + w - 2].min() == 255
    assert layer.astype(int).sum() == pytest.approx(255 * w * h, rel=0.05)
    np.testing.assert_array_equal(rows[:, 0], ROWS[:, 0])


def test_a_few_steps_on_one_cover_lower_the_loss() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    pixels, ink, rows = drawn(np.random.default_rng(4))
    target = [torch.from_numpy(t)[None] for t in encode(rows, ink)]
    image = as_input(torch.from_numpy(pixels)[None])
    net = Finder()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    seen = []
    for _ in range(6):
        loss = torch.stack(list(losses(net(image), *target).values())).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seen.append(float(loss.detach()))
    assert seen[-1] < 0.7 * seen[0]


def test_calibration_turns_scores_into_how_often_they_are_right() -> None:
    rng = np.random.default_rng(0)
    score = rng.uniform(0.05, 0.95, 4000)
    right = rng.random(4000) < score**2  # too sure of itself
    slope, offset = calibrated(np.stack([np.zeros(4000), score, right], 1).astype(np.float32), 0)
    z = slope * np.log(0.7 / 0.3) + offset
    assert 1 / (1 + np.exp(-z)) == pytest.approx(0.49, abs=0.06)


def test_average_precision_of_a_known_ranking() -> None:
    scores, right = np.array([0.9, 0.8, 0.7], np.float32), np.array([1, 0, 1], np.float32)
    assert average_precision(scores, right, 2) == pytest.approx((1 + 2 / 3) / 2)
