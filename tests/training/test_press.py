from __future__ import annotations

import numpy as np
import pytest

from recognizer.training.dates import written
from recognizer.training.designs import (
    FAMILIES,
    Wheels,
    near_twin,
    random_cachet,
    random_design,
    random_wheels,
)
from recognizer.training.press import press_strike, reference


def generator(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_struck_with_its_truth(family: str) -> None:
    rng = generator()
    for _ in range(2):
        design = random_design(rng, family)
        sample = press_strike(rng, design, 160)
        assert sample.pixels.shape == (160, 160, 3)
        assert sample.ink.max() > 100
        assert bool(design.formats) == (sample.date is not None)
        for legend in sample.legends():
            assert len(legend.boxes) == len(legend.letters)
            assert 0 <= legend.visible <= 1


def test_the_same_seed_strikes_the_same_bytes() -> None:
    first, again = (press_strike(generator(3), random_design(generator(4)), 128) for _ in range(2))
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.ink, again.ink)


def test_the_truth_lies_on_the_ink() -> None:
    rng = generator(11)
    design = random_design(rng, "russian_hammer")
    wheels = Wheels(written("DD MM YYYY", "1987-03-14"))
    sample = press_strike(
        rng, design, 256, "none", wheels, angle_deg=30.0, jitter=0.0, backdrop=False, camera=None
    )
    ideal = sample.ideal()
    both = ((ideal > 127) & (sample.ink > 127)).sum() / (sample.ink > 127).sum()
    assert both > 0.85
    corners = sample.corners("date")
    assert corners is not None
    middle = corners.mean(0)
    assert np.hypot(*(middle - 127.5)) < 40
    edge = corners[1] - corners[0]
    assert np.rad2deg(np.arctan2(edge[1], edge[0])) == pytest.approx(30, abs=1)
    date = next(legend for legend in sample.legends() if legend.role == "date")
    assert date.letters == "14031987"
    for box in date.boxes:
        (x0, y0), (x1, y1) = np.floor(box.min(0)).astype(int), np.ceil(box.max(0)).astype(int)
        assert sample.ink[y0:y1, x0:x1].max() > 127
    assert date.visible > 0.9


def test_more_wear_leaves_less_of_the_legend() -> None:
    rng = generator(2)
    seen = {}
    for wear in ("none", "ordinary", "severe"):
        found = []
        for _ in range(12):
            sample = press_strike(rng, random_design(rng, "bridge_dater"), 160, wear)
            found += [legend.visible for legend in sample.legends()]
        seen[wear] = float(np.mean(found))
    assert seen["none"] > seen["ordinary"] > seen["severe"]


def test_a_near_twin_differs_a_little() -> None:
    rng = generator(9)
    for family in ("american_dial", "russian_hammer", "pictorial", "box"):
        design = random_design(rng, family)
        twin = near_twin(design, rng)
        assert twin.id != design.id
        one, other = reference(design, 224), reference(twin, 224)
        assert (np.abs(one.astype(int) - other) > 100).any()
        ours, theirs = (
            sorted(str(e.get("text", e["kind"])) for e in d.spec["element"]) for d in (design, twin)
        )
        assert len(set(ours) ^ set(theirs)) <= 2
        assert twin.shape == design.shape


@pytest.mark.parametrize("family", ["registered_box", "box", "straight_line", "slogan"])
def test_near_twins_of_low_dies_differ_too(family: str) -> None:
    for seed in range(12):
        rng = generator(seed)
        design = random_design(rng, family)
        one, other = (reference(d, 320).astype(int) for d in (design, near_twin(design, rng)))
        assert (np.abs(one - other) > 100).any(), seed


def test_the_stream_is_white_paper_and_ink_alone_when_asked() -> None:
    rng = generator(1)
    sample = press_strike(rng, random_design(rng, "oval"), 128, backdrop=False, camera=None)
    assert (sample.pixels[sample.ink == 0] == 255).all()


def test_a_cachet_has_no_date() -> None:
    rng = generator(6)
    cachet = random_cachet(rng)
    assert cachet.kind == "cachet"
    assert random_wheels(rng, cachet).date is None
