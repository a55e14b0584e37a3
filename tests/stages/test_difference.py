"""Dies that differ in a figure are told apart where they differ, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import Homography
from recognizer.stages.difference import DifferenceParams, shown_of
from recognizer.types import Gray

SAME, P = Homography.identity(), DifferenceParams()
SIZE = 317


def die(figure: str, town: str = "BAIKONUR") -> Gray:
    out = np.zeros((SIZE, SIZE), np.uint8)
    cv2.circle(out, (158, 158), 120, 255, 3, cv2.LINE_AA)
    cv2.putText(out, town, (75, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 2, cv2.LINE_AA)
    cv2.putText(out, figure, (145, 240), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 2, cv2.LINE_AA)
    return out


def struck(picture: Gray, pose: Homography, seed: int = 1) -> Gray:
    """Printed unevenly, a postage stamp's dark field beside the figure, the paper rough."""
    seen = cv2.warpPerspective(picture, pose.matrix, (SIZE, SIZE)).astype(np.float32)
    seen = cv2.GaussianBlur(seen, (0, 0), 1.5) * np.linspace(0.4, 1, SIZE) + np.random.default_rng(
        seed
    ).normal(20, 15, seen.shape)
    seen[:90] += 80
    return np.clip(seen, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("figure", ["1", "2"])
def test_the_figure_that_stands_there_is_shown(figure: str) -> None:
    pose = Homography.similarity(0.95, 12.0, 9.0, -14.0)
    more = shown_of(struck(die(figure), pose), die("1"), die("2"), pose, SAME, P)
    assert (more > 0.1) if figure == "1" else (more < -0.1)


def test_a_place_a_little_off_is_found() -> None:
    off = Homography.shift(2.0, -3.0)
    assert shown_of(struck(die("7"), off), die("4"), die("7"), SAME, SAME, P) < -0.1


def test_the_other_die_may_be_drawn_elsewhere() -> None:
    """What maps one die to the other comes from the strike; lines in common are then no difference."""
    beside = Homography.shift(11.0, 0.0)
    moved = np.asarray(cv2.warpPerspective(die("2"), beside.matrix, (SIZE, SIZE)), np.uint8)
    assert shown_of(struck(die("2"), SAME), die("1"), moved, SAME, beside.inverse(), P) < -0.1


@pytest.mark.parametrize("figure", ["", "8"])
def test_a_figure_that_one_die_has_and_another_has_not(figure: str) -> None:
    more = shown_of(struck(die(figure), SAME), die("8"), die(""), SAME, SAME, P)
    assert (more > 0.1) if figure else (more < -0.1)


def test_what_is_not_printed_speaks_for_none() -> None:
    blank = struck(die("1"), SAME)
    blank[200:260, 120:200] = 20
    assert abs(shown_of(blank, die("1"), die("2"), SAME, SAME, P)) < 0.05


@pytest.mark.parametrize("other", [die("1"), np.asarray(die("1", "KIRUNA")[::-1].copy()[:, ::-1], np.uint8)])
def test_equal_dies_and_strangers_are_no_twins(other: Gray) -> None:
    nothing = Homography.similarity(0.5, 0.0, 0.0, 0.0)
    assert shown_of(struck(die("1"), SAME), die("1"), other, SAME, nothing, DifferenceParams(most=0.3)) == 0
