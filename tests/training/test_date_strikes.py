from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from recognizer.geometry import Box  # noqa: E402
from recognizer.stages.date_look import HEADS, NO_HOUR  # noqa: E402
from recognizer.stages.date_view import CLOSE, PARTS, SIDE, STRIDE  # noqa: E402
from recognizer.stages.network import Network  # noqa: E402
from recognizer.stages.strikes import lift_strike  # noqa: E402
from recognizer.training.date_fit import DateRecipe, _varied, batch_of, losses  # noqa: E402
from recognizer.training.date_net import CLOSER, WHOLE, DateNet, Layout  # noqa: E402
from recognizer.training.date_strikes import DatedStrike, DatedStrikes, can_be_read, parts_of  # noqa: E402
from recognizer.training.dates import FORMATS, Moment, written  # noqa: E402
from recognizer.training.designs import random_design  # noqa: E402
from recognizer.training.press import press_strike  # noqa: E402


class SeesNothing:
    """A first look without a date on its map: where the date stands is told now and then, else guessed."""

    spec: Mapping[str, Any] = {}

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        return [np.zeros((len(inputs[0]), len(PARTS), SIDE // STRIDE, SIDE // STRIDE), np.float32)]


@pytest.mark.parametrize(
    ("form", "language", "said"),
    [
        ("DD MM YY HH", "", "Ddmmtuhh"),
        ("D.ROMAN.YY.-HH", "", "Dd_mm_tu__hh"),
        ("MON D/h-AM/@YYYY", "en", "mmmDd/hh_hh/cctu"),
        ("YYYY MON DD", "hu", "cctummmmmDd"),
    ],
)
def test_each_letter_of_a_date_is_of_one_part(form: str, language: str, said: str) -> None:
    date = written(form, Moment(2008, 9, 12, 23), language)
    short = dict(zip(PARTS, ".Ddmctuh_", strict=True))
    found = "/".join("".join(short[p] for p in parts) for parts in parts_of(date).values())
    assert found == said


def test_every_format_is_understood() -> None:
    for form, language, *_ in FORMATS:
        date = written(form, Moment(1963, 12, 27, 14, 30), language)
        told = [part for parts in parts_of(date).values() for part in parts]
        assert {"day unit", "month", "tens", "unit"} <= set(told), form


@pytest.mark.parametrize(("seer", "shape"), [(None, (2, SIDE, SIDE)), (SeesNothing(), (2, *CLOSE))])
def test_strikes_teach_where_their_date_stands(seer: Network | None, shape: tuple[int, ...]) -> None:
    rng, source = np.random.default_rng(3), DatedStrikes(wears=("ordinary",), seer=seer)
    strikes = (source(rng) for _ in range(80))
    dated = list(islice((s for s in strikes if s.day >= 0 and s.visible > 0.7), 8))
    assert len(dated) == 8
    on_ink = []
    for one in dated:
        assert 0 <= one.month < 12
        assert one.picture.shape == shape
        for x, y, half, *_ in one.letters.tolist():
            r = max(round(half), 2)
            rows = slice(max(round(y) - r, 0), round(y) + r + 1)
            patch = one.picture[1, rows, max(round(x) - r, 0) : round(x) + r + 1]
            if patch.size:
                on_ink.append(int(patch.max()) - int(patch.min()))
    assert np.median(on_ink) > 60


def test_a_batch_asks_for_the_parts_where_they_stand() -> None:
    rng, source = np.random.default_rng(5), DatedStrikes(wears=("ordinary",))
    strikes = [source(rng) for _ in range(12)]
    batch = batch_of(strikes)
    one = next(i for i, s in enumerate(strikes) if s.day >= 0 and len(s.letters) >= 6)
    for x, y, _, found, part in strikes[one].letters.tolist():
        if 4 < x < SIDE - 4 and 4 < y < SIDE - 4:
            cells = batch.parts[one, int(y) // 4 - 1 : int(y) // 4 + 2, int(x) // 4 - 1 : int(x) // 4 + 2]
            assert (cells == int(part)).any(), (PARTS[int(part)], found)
    assert batch.heads["hour"].max() <= NO_HOUR
    assert (batch.pictures >= 0).all()
    assert (batch.pictures <= 1).all()


def test_a_strike_shown_again_is_varied_and_its_letters_stay_where_they_are() -> None:
    letters = np.array([(x, y, 6.0, 4, 2) for y in (40, 80) for x in range(50, 150, 20)], np.float32)
    picture = np.zeros((2, *CLOSE), np.float32)
    for x, y, *_ in letters.astype(int).tolist():
        picture[:, y - 3 : y + 4, x - 3 : x + 4] = 1.0
    shown = [_varied(picture, letters, np.random.default_rng(seed)) for seed in range(20)]
    for moved, placed in shown:
        assert placed[:, 3:].tolist() == letters[:, 3:].tolist()
        columns, rows = np.rint(placed[:, :2]).astype(int).T
        assert (moved[:, rows, columns] > 0.5).all()
    assert np.ptp([placed[:, :2] for _, placed in shown], axis=0).min() > 5, "never twice the same"
    assert np.array_equal(letters[:, 2], np.full(10, 6.0)), "what is kept stays as it is"


def can_be_told(strike: DatedStrike) -> bool:
    clear = dict(zip(HEADS, strike.clear, strict=True))
    return clear["day"] + clear["month"] + clear["unit"] >= 2


def test_a_training_passes_over_most_of_what_cannot_be_read() -> None:
    share = {}
    for choosy in (False, True):
        source = DatedStrikes(wears=("severe",), choosy=choosy)
        rng = np.random.default_rng(6)
        dated = [s for s in (source(rng) for _ in range(100)) if s.day >= 0]
        share[choosy] = np.mean([can_be_told(s) for s in dated])
    assert share[False] + 0.15 < share[True] < 1.0, "some stay: what can't be read is to be known as such"


def test_a_date_can_be_read_where_its_letters_are_seen() -> None:
    rng, readable, without_ink_layer = np.random.default_rng(2), 0, 0
    for _ in range(12):
        while not (design := random_design(rng)).formats:
            pass
        sample = press_strike(rng, design, 240, backdrop=False)
        strike = lift_strike(sample.pixels, Box.around(sample.outline()).clipped(240, 240), None)
        readable += can_be_read(sample, strike)
        bare = replace(strike, ink=np.zeros_like(strike.ink))
        without_ink_layer += can_be_read(sample, bare)
        assert not can_be_read(sample, replace(bare, pixels=np.full_like(strike.pixels, 255)))
    assert readable >= 6
    assert without_ink_layer >= 6, "what the ink layer lost is seen on the picture"


@pytest.mark.parametrize(("layout", "seer"), [(WHOLE, None), (CLOSER, SeesNothing())])
def test_the_network_learns_a_few_strikes_by_heart(layout: Layout, seer: Network | None) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rng, source = np.random.default_rng(8), DatedStrikes(wears=("ordinary",), seer=seer)
    batch = batch_of([source(rng) for _ in range(4)], None, layout)
    net, recipe = DateNet(layout), DateRecipe()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    course = []
    for _ in range(12):
        loss = sum(losses(net(batch.pictures), batch, recipe).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        course.append(float(loss.detach()))
    assert course[-1] < 0.75 * course[0]
    assert sum(b < a for a, b in pairwise(course)) >= 8
    assert set(net(batch.pictures).heads) == set(HEADS)
