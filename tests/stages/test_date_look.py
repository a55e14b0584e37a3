from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
from lettering_by_hand import lettering, line
from numpy.typing import NDArray

from recognizer.records import MarkSpec, Names, SourcedDate
from recognizer.stages.date import read_date, weigh_dates
from recognizer.stages.date_look import HEADS, NO_HOUR, look_for_date
from recognizer.stages.date_view import (
    PARTS,
)
from recognizer.stages.lettering import Lettering
from recognizer.stages.network import Network
from recognizer.stages.strikes import layers_of, sharpened
from recognizer.stages.view import View
from recognizer.types import DateReading, Strike


class Seer:
    """A network that says what it is told to: for each head the value seen and how surely."""

    spec: Mapping[str, Any] = {}

    def __init__(self, present: float = 0.99, **sure: tuple[int, float]) -> None:
        self.present, self.sure = present, sure

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        views = len(inputs[0])
        out = [np.full((views, 1), self.present, np.float32)]
        for name, n in HEADS.items():
            value, chance = self.sure.get(name, (NO_HOUR, 0.99))
            row = np.full((views, n), (1 - chance) / (n - 1), np.float32)
            row[:, value] = chance
            out.append(row)
        return [*out, np.zeros((views, len(PARTS), 40, 40), np.float32)]


def seer(day: int, month: int, year: int, sure: float = 0.99, **more: tuple[int, float]) -> Seer:
    return Seer(
        day=(day - 1, sure),
        month=(month - 1, sure),
        century=(year // 100 - 18, sure),
        tens=(year // 10 % 10, sure),
        unit=(year % 10, sure),
        **more,
    )


def test_a_day_that_no_month_has_is_not_offered(strike: Strike) -> None:
    look = look_for_date(strike, seer(31, 2, 1945))
    dates = look.best()
    assert dates[0][0].month != 2 or dates[0][0].day != 31
    assert all(a[1] >= b[1] for a, b in pairwise(dates))


def test_the_probability_of_a_date_is_that_of_its_parts(strike: Strike) -> None:
    look = look_for_date(strike, seer(12, 10, 2008, 0.9))
    assert look.of(12, 10, 2008) == pytest.approx(0.9**5, rel=1e-4)
    assert look.of(12, 10, 1708) == 0.0


def test_years_of_use_decide_the_century(strike: Strike) -> None:
    look = replace(look_for_date(strike, seer(12, 10, 1908)), in_use=(1999, 2012))
    assert look.best()[0][0].isoformat() == "2008-10-12"


def read(
    strike: Strike, eye: Network, seen: Lettering | None = None, mark: MarkSpec | None = None
) -> DateReading:
    return read_date(strike, mark, None, None, seen, look_for_date(strike, eye))


def test_a_date_only_looked_at_is_read_with_its_hour(strike: Strike) -> None:
    reading = read(strike, seer(12, 10, 2008, 0.9999, hour=(15, 0.95)))
    assert (reading.value, reading.hour) == ("2008-10-12", 15)


def test_a_figure_the_look_is_unsure_of_leaves_the_date_open(strike: Strike) -> None:
    eye = seer(12, 10, 2008, 0.99)
    eye.sure["unit"] = (8, 0.4)
    reading = read(strike, eye)
    assert reading.value is None
    assert reading.text is not None
    assert reading.text.endswith("200?")
    assert reading.alternatives[0].value == "2008-10-12"


def test_lines_that_agree_make_a_date_surer(strike: Strike) -> None:
    eye = seer(12, 10, 2008, 0.85)
    alone = read(strike, eye)
    both = read(strike, eye, lettering(line("12.10.2008")))
    against = read(strike, eye, lettering(line("27.05.1963")))
    assert alone.value is None
    assert both.value == "2008-10-12"
    assert both.probability > alone.probability
    assert against.probability <= alone.probability
    assert against.value is None


def test_no_date_is_made_up_where_the_look_sees_none(strike: Strike) -> None:
    flat = Seer(0.01, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    assert read(strike, flat).value is None


def test_a_mark_in_use_in_one_century_reads_two_figures_so(strike: Strike) -> None:
    mark = MarkSpec(
        id="m",
        name=Names(en="m"),
        status="described",
        first_use=SourcedDate(value="1999", source="s"),
        last_use=SourcedDate(value="2010", source="s"),
    )
    reading = read(strike, seer(12, 10, 1908, 0.999), mark=mark)
    assert reading.value == "2008-10-12"


def test_what_is_seen_closely_outweighs_the_first_look(strike: Strike) -> None:
    far, close = seer(12, 10, 2008, 0.6), seer(17, 10, 2008, 0.9)
    assert look_for_date(strike, far).best(1)[0][0].isoformat() == "2008-10-12"
    both = look_for_date(strike, far, close)
    assert both.best(1)[0][0].isoformat() == "2008-10-17"
    assert both.day[16] < look_for_date(strike, close).day[16]


def test_a_first_glance_clearer_than_those_that_follow_counts(strike: Strike) -> None:
    class Once(Seer):
        first = True

        def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            out = super().__call__(*inputs) if self.first else seer(17, 10, 2008, 0.6)(*inputs)
            self.first = False
            return out

    look = look_for_date(strike, seer(12, 10, 2008, 0.6), Once(**seer(12, 10, 2008, 0.9).sure))
    assert look.clarity == pytest.approx(0.99 * 0.9**5, rel=1e-4)


def test_where_nothing_is_seen_clearly_the_lines_decide(strike: Strike) -> None:
    look = look_for_date(strike, Seer(0.9, **seer(17, 11, 2003, 0.36).sure))
    assert look.best(1)[0][0].isoformat() == "2003-11-17"
    dates = weigh_dates(strike, None, None, None, lettering(line("12.10.2008")), look)
    assert dates.readings[0].iso == "2008-10-12"


class SeenAskew(Seer):
    """A second network that finds the date only when it has looked all round the strike."""

    def __init__(self, found: Seer) -> None:
        super().__init__(0.1, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
        self.found, self.searched = found, False

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        if len(inputs[0]) <= 6:
            return self.found(*inputs) if self.searched else super().__call__(*inputs)
        self.searched = True
        out = super().__call__(*inputs)
        out[0][5] = 0.9
        return out


def test_a_date_not_seen_at_first_is_looked_for_all_round(strike: Strike) -> None:
    flat = Seer(0.3, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    closer = SeenAskew(seer(12, 10, 2008))
    look = look_for_date(strike, flat, closer)
    assert closer.searched
    assert look.best(1)[0][0].isoformat() == "2008-10-12"


def test_a_date_that_is_seen_is_not_looked_for_elsewhere(strike: Strike) -> None:
    class Watched(Seer):
        most = 0

        def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            self.most = max(self.most, len(inputs[0]))
            return super().__call__(*inputs)

    clear = Watched(0.9, **seer(12, 10, 2008).sure)
    look_for_date(strike, seer(12, 10, 2008), clear)
    assert clear.most <= 6
    unsure = Watched(0.9, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    look_for_date(strike, seer(12, 10, 2008), unsure)
    assert unsure.most > 10
    undated = Watched(0.9, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    look_for_date(strike, Seer(0.05, **seer(12, 10, 2008).sure), undated)
    assert undated.most <= 6, "a strike that hardly bears a date is not searched for one"


def test_where_the_date_is_told_to_stand_is_looked_at_besides(strike: Strike) -> None:
    class Counted(Seer):
        def __init__(self) -> None:
            super().__init__(0.9, **seer(12, 10, 2008).sure)
            self.calls: list[int] = []

        def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            self.calls.append(len(inputs[0]))
            return super().__call__(*inputs)

    alone, told = Counted(), Counted()
    look_for_date(strike, seer(12, 10, 2008), alone)
    look_for_date(strike, seer(12, 10, 2008), told, [View(), View()])
    assert told.calls[0] == alone.calls[0] + 2


def test_what_is_unclear_is_looked_at_once_more_sharpened(strike: Strike) -> None:
    class Watched(Seer):
        asked = 0

        def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            self.asked += 1
            return super().__call__(*inputs)

    close = Seer(0.9, **{name: (0, 1.5 / n) for name, n in HEADS.items()})
    first = Watched(0.9, **seer(12, 10, 2008).sure)
    look_for_date(strike, first, close)
    assert first.asked == 2
    clear = Watched(0.9, **seer(12, 10, 2008).sure)
    look_for_date(strike, clear, seer(12, 10, 2008))
    assert clear.asked == 1


def test_sharpening_leaves_the_ink_layer_and_steepens_the_edges_of_the_darkness(strike: Strike) -> None:
    soft = replace(strike, pixels=np.asarray(cv2.GaussianBlur(strike.pixels, (0, 0), 2), np.uint8))
    layers = layers_of(soft)
    ink, dark = sharpened(soft, layers)
    assert ink is layers[0]
    assert np.abs(np.diff(dark, axis=1)).max() > np.abs(np.diff(layers[1], axis=1)).max()
