"""What the die comparer is taught: two dies where they differ, and the strike of one of them between."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from recognizer.sources.models import open_model  # noqa: E402
from recognizer.stages.difference import WINDOW  # noqa: E402
from recognizer.training.comparer import Comparer, batch_of, judge  # noqa: E402
from recognizer.training.twin_strikes import TwinStrike, TwinStrikes  # noqa: E402


@pytest.fixture(scope="module")
def strikes() -> list[TwinStrike]:
    draw, rng = (
        TwinStrikes(open_model("strike-matcher"), open_model("strike-calibration")),
        np.random.default_rng(4),
    )
    return [draw(rng) for _ in range(12)]


def test_windows_lie_where_the_dies_differ(strikes: list[TwinStrike]) -> None:
    for strike in strikes:
        seen = strike.windows.astype(np.float32)
        assert seen.shape[1:] == (3, WINDOW, WINDOW)
        assert 1 <= len(seen) <= 4
        assert (np.abs(seen[:, 1] - seen[:, 2]).max((1, 2)) > 40).all()


def test_a_strike_resembles_its_own_die_more_where_they_differ(strikes: list[TwinStrike]) -> None:
    def alike(window: np.ndarray) -> float:
        strike, one, other = window.reshape(3, -1).astype(np.float64)
        return float(np.corrcoef(strike, one)[0, 1] - np.corrcoef(strike, other)[0, 1])

    right = [(np.nanmean([alike(w) for w in s.windows]) > 0) == s.own for s in strikes]
    assert np.mean(right) >= 0.6  # some are hardly printed there


def test_asked_the_other_way_round_it_says_the_opposite(strikes: list[TwinStrike]) -> None:
    net = Comparer().eval()
    windows = batch_of(strikes).pictures
    with torch.no_grad():
        assert torch.allclose(net(windows).told, -net(windows[:, [0, 2, 1]]).told, atol=1e-5)


def test_pairs_are_shown_swapped_and_their_windows_keep_their_strike(strikes: list[TwinStrike]) -> None:
    plain, varied = batch_of(strikes), batch_of(strikes, np.random.default_rng(1))
    assert torch.equal(plain.strike, varied.strike)
    assert plain.strike.tolist() == [i for i, s in enumerate(strikes) for _ in s.windows]
    assert plain.own.tolist() == [float(s.own) for s in strikes]
    assert plain.own.tolist() != varied.own.tolist()


def test_the_share_given_to_the_own_die_is_counted(strikes: list[TwinStrike]) -> None:
    several = [strikes[i % len(strikes)] for i in range(24)]
    known = {s.windows.tobytes(): (1.0 if s.own else -1.0) for s in several}

    def told(windows: np.ndarray) -> np.ndarray:
        return np.full(len(windows), known[(windows * 255).round().astype(np.uint8).tobytes()], np.float32)

    found = judge(told, several)
    assert {found["ordinary_alone"], found["severe_alone"]} <= {1.0}
