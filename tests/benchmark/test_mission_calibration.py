"""The calibration of mission answers: counted rightly, and held on simulated pieces."""

from __future__ import annotations

import pytest

from recognizer.benchmark.mission_pieces import Draw, Simulation
from recognizer.benchmark.missions import Outcome, answer, calibration, figures
from recognizer.sources.marks import load_specs
from recognizer.sources.missions import load_catalogue
from recognizer.sources.shipped import shipped


def outcomes(probability: float, right: int, wrong: int) -> list[Outcome]:
    return [Outcome("probable", probability, i < right, 0.001) for i in range(right + wrong)]


def test_a_planted_error_is_found() -> None:
    """Half of the answers are given with 0.9 and right to 0.7: off by 0.2; the others hold."""
    found = figures([*outcomes(0.9, 70, 30), *outcomes(0.5, 50, 50)])
    assert found.expected_calibration_error == pytest.approx(0.1)
    assert found.probable_wrong == 80
    assert [b.count for b in found.bins] == [100, 100]
    assert found.milliseconds == pytest.approx(1.0)


def test_the_highest_probability_falls_in_the_last_step() -> None:
    (only,) = calibration(outcomes(1.0, 3, 0))
    assert (only.count, only.probability, only.right) == (3, 1.0, 1.0)


@pytest.mark.parametrize(
    "draw", [Draw(), Draw(foreign=0.2, misnamed=0.05, no_flight=0.35)], ids=["usual", "hard"]
)
def test_probabilities_hold_on_simulated_pieces(draw: Draw) -> None:
    catalogue, marks = load_catalogue(), load_specs([shipped("reference_marks")])
    found = figures(answer(Simulation(catalogue, marks, 5, draw).pieces(300), catalogue, marks), bins=10)
    assert found.certain > 50
    assert found.certain_wrong == 0
    assert found.expected_calibration_error < 0.06  # of 300 pieces; the script counts 10,000


def test_a_seed_draws_the_same_pieces_again() -> None:
    catalogue, marks = load_catalogue(), load_specs([shipped("reference_marks")])
    one, other = (list(Simulation(catalogue, marks, 7).pieces(5)) for _ in range(2))
    assert one == other
    assert one != list(Simulation(catalogue, marks, 8).pieces(5))
