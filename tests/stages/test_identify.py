from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.records import DateZone, Legend, MarkSpec, Names
from recognizer.stages.identify import IdentifyParams, MarkIndex, identify, index_marks, weigh_up
from recognizer.stages.index import voices_of
from recognizer.stages.portrait import darkness, portray
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import Design, near_twin, random_design
from recognizer.training.press import StrikeSample, press_strike, reference
from recognizer.types import LearntStrike, Mark, Strike

FAMILIES = ("american_dial", "russian_hammer", "pictorial", "box", "oval", "bridge_dater")


def strike_of(design: Design, seed: int, angle_deg: float = 5.0) -> tuple[StrikeSample, Strike]:
    sample = press_strike(np.random.default_rng(seed), design, 240, angle_deg=angle_deg, backdrop=False)
    return sample, lift_strike(sample.pixels, Box.around(sample.outline()).clipped(240, 240), None)


@pytest.fixture(scope="module")
def designs() -> dict[str, Design]:
    rng = np.random.default_rng(12)
    return {family: random_design(rng, family) for family in FAMILIES}


def card(mark: str) -> MarkSpec:
    return MarkSpec(id=mark, name=Names(en=mark), status="learnt")


@pytest.fixture(scope="module")
def index(designs: dict[str, Design]) -> MarkIndex:
    marks = []
    for seed, (mark, design) in enumerate(designs.items()):
        _, strike = strike_of(design, 100 + seed)
        marks.append(Mark(card(mark), None, (LearntStrike(strike.pixels, strike.core),)))
    return index_marks(marks)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_die_is_known_by_another_strike_of_it(
    family: str, designs: dict[str, Design], index: MarkIndex
) -> None:
    _, strike = strike_of(designs[family], 200)
    named = identify(strike, index)
    assert named.best is not None
    assert named.best.mark == family
    assert all(0 <= m.probability <= 1 for m in named.matches)
    assert sorted((m.probability for m in named.matches), reverse=True) == [
        m.probability for m in named.matches
    ]


@pytest.mark.parametrize(
    ("family", "seed", "off"),
    [
        ("russian_hammer", 202, (0.0, 0.0, -0.12, -0.1)),
        ("pictorial", 202, (0.05, 0.1, 0.1, 0.1)),
        ("oval", 201, (0.05, 0.1, 0.1, 0.1)),
    ],
)
def test_a_strike_whose_box_is_off_is_looked_at_again_where_its_die_lies(
    family: str, seed: int, off: tuple[float, ...], designs: dict[str, Design], index: MarkIndex
) -> None:
    _, strike = strike_of(designs[family], seed)
    c, (x, y, w, h) = strike.core, off
    astray = Box(c.x + x * c.w, c.y + y * c.h, c.w * (1 + w), c.h * (1 + h)).clipped(240, 240)
    strike = replace(strike, core=astray)
    assert not identify(strike, index, params=IdentifyParams(again_from=2.0)).known, "else nothing is asked"
    named = identify(strike, index)
    assert named.known
    assert named.matches[0].mark == family


@pytest.mark.parametrize("seed", range(3))
def test_a_die_not_in_the_library_is_unknown(seed: int, index: MarkIndex) -> None:
    _, strike = strike_of(random_design(np.random.default_rng(900 + seed), "far_eastern"), seed)
    assert not identify(strike, index).known


def test_the_pose_lays_the_dies_box_on_the_strike(designs: dict[str, Design], index: MarkIndex) -> None:
    sample, strike = strike_of(designs["american_dial"], 300, angle_deg=40.0)
    best = identify(strike, index).best
    assert best is not None
    assert best.mark == "american_dial"
    assert best.pose is not None
    assert best.outline is not None
    to_crop = strike.frame.inverse()
    middle = to_crop.apply(sample.outline().mean(0))[0]
    assert np.hypot(*(best.pose.apply([[0.5, 0.5]])[0] - middle)) < 12
    above = best.pose.apply([[0.5, 0.0]])[0] - best.pose.apply([[0.5, 0.5]])[0]
    assert np.rad2deg(np.arctan2(above[0], -above[1])) == pytest.approx(40, abs=15)


def test_a_drawing_is_a_reference_too(designs: dict[str, Design]) -> None:
    marks = [Mark(card(mark), reference(design, 320)) for mark, design in designs.items()]
    named = [identify(strike_of(d, 400)[1], index_marks(marks)) for d in designs.values()]
    right = sum(n.best is not None and n.best.mark == mark for n, mark in zip(named, designs, strict=True))
    assert right >= 4


def test_variants_that_cannot_be_told_apart_are_answered_by_their_family(designs: dict[str, Design]) -> None:
    design = designs["russian_hammer"]
    learnt = [strike_of(design, seed)[1] for seed in (501, 501)]
    kin = [
        Mark(card(mark).model_copy(update={"parent": "family"}), None, (LearntStrike(s.pixels, s.core),))
        for mark, s in zip(("left", "right"), learnt, strict=True)
    ]
    family = Mark(MarkSpec(id="family", name=Names(en="family"), status="described"), None)
    other = Mark(card("other"), reference(designs["box"], 320))
    index = index_marks([*kin, family, other])
    asked = strike_of(design, 502)[1]
    alone = identify(asked, index, params=IdentifyParams(known_from=0.0, variant_from=0.0)).matches[0]
    assert alone.mark in ("left", "right")
    bar = (1 + alone.probability) / 2
    named = identify(asked, index, params=IdentifyParams(known_from=bar, variant_from=bar))
    assert named.known
    assert named.matches[0].mark == "family"
    assert {m.mark for m in named.matches[1:3]} == {"left", "right"}
    named = identify(asked, index, params=IdentifyParams(known_from=0.0, variant_from=bar))
    assert named.matches[0].mark == "family", "a variant needs more than a die that has none"


def test_features_in_the_date_zone_hardly_count() -> None:
    places = np.array([[0, 0], [0, 100], [60, 0]], np.float32)
    zone = card("x").model_copy(update={"date": DateZone(zone=(0.1, 0.4, 0.8, 0.2))})
    assert voices_of(places, (128, 128), zone, False).tolist() == pytest.approx([0.2, 1.0, 0.2])
    assert voices_of(places, (128, 128), card("x"), False).tolist() == pytest.approx([0.5, 1.0, 0.5])
    fixed = card("x").model_copy(update={"date": DateZone(movable=False)})
    assert voices_of(places, (128, 128), fixed, False).tolist() == [1, 1, 1]


def test_an_empty_library_knows_nothing(designs: dict[str, Design]) -> None:
    _, strike = strike_of(designs["box"], 1)
    named = identify(strike, index_marks([]))
    assert not named.known
    assert named.matches == ()


def test_a_blank_strike_is_unknown(index: MarkIndex) -> None:
    blank = np.full((80, 80, 3), 240, np.uint8)
    assert not identify(lift_strike(blank, Box(10, 10, 60, 60), None), index).known


def test_a_described_mark_is_named_by_reading_alone(index: MarkIndex) -> None:
    spec = MarkSpec(id="told", name=Names(en="told"), status="described", legends=[Legend(text="BAIKONUR")])
    described = index_marks([Mark(spec, None)])
    assert described.described == ("told",)
    assert described.references == ()


def test_only_strikes_that_may_be_of_a_family_are_told_apart(designs: dict[str, Design]) -> None:
    """What a strange strike shows more of one twin than of the other says nothing."""
    hammer = designs["russian_hammer"]
    twin = near_twin(hammer, np.random.default_rng(3))
    index = index_marks([Mark(card(m), reference(d, 320)) for m, d in (("one", hammer), ("two", twin))])

    def shown(design: Design) -> list[float]:
        strike = strike_of(design, 601)[1]
        portrait = portray(darkness(strike.pixels, strike.core), strike.core)
        candidates = weigh_up(strike, portrait, index, None, None, IdentifyParams())
        return [c.evidence.shown for c in candidates]

    assert any(shown(hammer)), "its own strike is"
    assert not any(shown(designs["pictorial"]))


@pytest.mark.parametrize("family", ["american_dial", "russian_hammer", "pictorial"])
def test_a_strike_of_the_library_is_known_again_as_itself(
    family: str, designs: dict[str, Design], index: MarkIndex
) -> None:
    sample, _ = strike_of(designs[family], 100 + FAMILIES.index(family))
    box = Box.around(sample.outline()).clipped(240, 240)
    again = Box(box.x + 0.02 * box.w, box.y - 0.02 * box.h, box.w * 1.02, box.h * 0.99)
    best = identify(lift_strike(sample.pixels, again, None), index).best
    assert best is not None
    assert (best.mark, best.laid_on, best.itself) == (family, 0, True)
    other = identify(strike_of(designs[family], 200)[1], index).best
    assert other is not None
    assert (other.mark, other.laid_on, other.itself) == (family, 0, False)
