"""What the strike matcher is taught: strikes lie on their die's drawing at the turn they were struck with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from recognizer.imaging.polar import ANGLES, RADII  # noqa: E402
from recognizer.training.matcher import (  # noqa: E402
    CHANNELS,
    STEPS,
    Matcher,
    batch_of,
    judge,
    likeness,
    look,
)
from recognizer.training.matcher_pool import DIES, STRIKES, Family, make_family  # noqa: E402


@pytest.fixture(scope="module")
def families() -> Sequence[Family]:
    rng = np.random.default_rng(8)
    return [make_family(rng, "american_dial") for _ in range(2)]


def test_a_strike_lies_on_its_drawing_as_its_pose_says(families: Sequence[Family]) -> None:
    rng, right = np.random.default_rng(1), []
    for family in families:
        drawing = _spectrum(look(rng, family, 0, STRIKES, 0.0))
        for s in range(STRIKES):
            strike = _spectrum(look(rng, family, 0, s, 0.0))
            best = np.fft.irfft((strike * drawing.conj()).sum(0), ANGLES).argmax()
            right.append(min(best, ANGLES - best) <= 4)
    assert np.mean(right) >= 0.75  # some are hardly printed


def _spectrum(unrolled: NDArray[np.uint8]) -> NDArray[np.complex128]:
    return np.fft.rfft(unrolled - unrolled.mean(1, keepdims=True), axis=1)


def test_a_batch_holds_a_strike_and_a_reference_of_every_die(families: Sequence[Family]) -> None:
    batch = batch_of(np.random.default_rng(2), families, drawings=0.5)
    assert batch.pictures.shape == (2 * len(families) * DIES, 1, RADII, ANGLES)
    assert 0 <= float(batch.pictures.min()) < float(batch.pictures.max()) <= 1


def test_turning_a_strike_turns_its_map() -> None:
    torch.manual_seed(3)
    net = Matcher().eval()
    strikes = torch.rand(2, 1, RADII, ANGLES)
    with torch.no_grad():
        maps = net(strikes)
        turned = net(torch.roll(strikes, ANGLES // STEPS * 5, 3))
    assert maps.shape == (2, CHANNELS, STEPS)
    torch.testing.assert_close(turned, torch.roll(maps, 5, 2), atol=1e-5, rtol=1e-3)
    alike = likeness(turned, maps)
    torch.testing.assert_close(alike.diagonal(), torch.ones(2), atol=1e-4, rtol=0)
    assert alike[0, 1] < 0.99


def test_one_that_tells_strikes_by_chance_finds_its_die_by_chance(families: Sequence[Family]) -> None:
    rng = np.random.default_rng(4)

    def noise(looks: NDArray[np.float32]) -> NDArray[np.float32]:
        return rng.normal(size=(len(looks), CHANNELS, STEPS)).astype(np.float32)

    found = judge(noise, [*families] * 8)
    assert found["from_strike"] < 0.2
    assert found["from_drawing"] < 0.2
