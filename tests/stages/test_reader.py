"""The shipped reader on clean drawn strikes: planted words and dates come back."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.sources.models import Model, open_model
from recognizer.stages.alphabet import CLASSES, SHAPES
from recognizer.stages.date import read_date
from recognizer.stages.date_look import look_for_date
from recognizer.stages.lettering import read_lettering
from recognizer.stages.strikes import lift_strike
from recognizer.training.designs import random_design
from recognizer.training.fonts import is_hand
from recognizer.training.press import press_strike


@pytest.fixture(scope="module")
def reader() -> Model:
    return open_model("reader")


def test_the_model_was_made_for_this_alphabet(reader: Model) -> None:
    assert reader.spec["output"]["alphabet"] == "".join(SHAPES)
    (shapes,) = reader(np.zeros((2, 2, 32, 64), np.float32))
    assert shapes.shape == (2, 32, CLASSES)
    assert np.allclose(shapes.sum(2), 1, atol=1e-4)


def test_clean_dials_give_their_dates_and_no_wrong_ones(reader: Model) -> None:
    looks = open_model("date-reader"), open_model("date-closeup")
    rng = np.random.default_rng(11)
    likeliest = wrong = count = 0
    while count < 24:
        design = random_design(rng, "american_dial")
        sample = press_strike(rng, design, 260, "none", angle_deg=0.0, backdrop=False, camera=None)
        if sample.date is None:
            continue
        count += 1
        strike = lift_strike(sample.pixels, Box.around(sample.outline()), None)
        look = look_for_date(strike, *looks)
        date = read_date(strike, None, None, reader, read_lettering(strike, reader), look)
        best = date.value or (date.alternatives[0].value if date.alternatives else None)
        likeliest += best == sample.date.iso
        engraved_five = any(is_hand(str(e.get("font", ""))) for e in design.spec["element"]) and (
            "5" in sample.date.text  # hands may close it to a six: nobody could tell
        )
        wrong += date.value not in (None, sample.date.iso) and not engraved_five
    assert likeliest >= 21
    assert wrong == 0
