from __future__ import annotations

import numpy as np
import pytest

from recognizer.training.dates import Moment, written
from recognizer.training.die import Plate, draw_die
from recognizer.training.fonts import GUARANTEED, face
from recognizer.training.lettering import set_arc, set_line

RING = {"kind": "circle", "r": 12.0, "width": 0.4}
DATE = {"kind": "date", "x": 0, "y": 1.0, "height": 2.4, "formats": ["DD MM YY"]}
SPEC = {
    "size_mm": [26, 26],
    "element": [
        RING,
        {"kind": "arc_text", "text": "БАЙҚОҢЫР", "r": 9.0, "centre_deg": 0, "height": 2.0},
        {"kind": "arc_text", "text": "BAIKONUR", "r": 11.0, "centre_deg": 180, "height": 2.0, "inward": True},
        DATE,
        {"kind": "letter", "x": 0, "y": 6.0, "height": 2.0, "slant": 12},
    ],
}


def test_the_ring_lies_where_the_table_says() -> None:
    drawn = draw_die({"size_mm": [26, 26], "element": [RING]}, px_per_mm=10)
    ys, xs = np.nonzero(drawn.ink > 127)
    radius = np.hypot(xs - drawn.origin[0], ys - drawn.origin[1]) / 10
    assert radius.min() == pytest.approx(11.8, abs=0.1)
    assert radius.max() == pytest.approx(12.2, abs=0.1)


def test_letters_run_clockwise_at_the_top_and_left_to_right_at_the_bottom() -> None:
    legends = draw_die(SPEC, 10).legends
    assert [legend.text for legend in legends] == ["БАЙҚОҢЫР", "BAIKONUR"]
    for legend in legends:
        xs = [one.x for one in legend.letters]
        assert xs == sorted(xs)
        assert np.hypot(*legend.lettering.path.T) == pytest.approx(10.0, abs=0.05)
    assert abs(legends[1].letters[3].angle_deg % 360) < 20 or abs(legends[1].letters[3].angle_deg % 360) > 340


def test_the_wheels_are_recorded_and_empty_without_a_date() -> None:
    empty, full = draw_die(SPEC, 10), draw_die(SPEC, 10, date="2008-10-12", letter="б")
    assert empty.corners("date") is None
    corners = full.corners("date")
    assert corners is not None
    assert corners.mean(0) == pytest.approx([0, 1.0], abs=0.1)
    assert full.date is not None
    assert (full.date.text, full.date.iso) == ("12 10 08", "2008-10-12")
    box = np.round(corners * 10 + full.origin).astype(int)
    inside = (slice(box[0, 1], box[2, 1]), slice(box[0, 0], box[2, 0]))
    assert not empty.ink[inside].any()
    assert (full.ink[inside] > 127).mean() > 0.1
    outside = full.ink.astype(int) - empty.ink
    outside[inside] = 0
    assert outside[: box[0, 1] - 1].max() == 0


def test_the_same_table_draws_the_same_bytes() -> None:
    first = draw_die(SPEC, 9, date="2008-10-12", letter="б").ink
    plate = Plate(SPEC, 9)
    plate.set(written("DD MM YY", "1999-01-01"), "а")
    assert np.array_equal(first, plate.set(written("DD MM YY", "2008-10-12"), "б").ink)


def test_a_kazakh_tail_is_ink_and_not_a_gap() -> None:
    with_tail = draw_die(
        {"size_mm": [6, 6], "element": [{"kind": "text", "text": "Қ", "height": 4.0}]}, 20
    ).ink
    without = draw_die({"size_mm": [6, 6], "element": [{"kind": "text", "text": "К", "height": 4.0}]}, 20).ink
    assert (with_tail > 127).sum() > (without > 127).sum()


def test_pairs_are_kerned() -> None:
    shape = face("sans")
    assert shape.kern("A", "V") < 0
    apart = [one.x for one in set_line("AV", shape, 2.0).letters]
    alone = (shape.glyph("A").advance + shape.glyph("V").advance) / 2 * 2.0
    assert apart[1] - apart[0] == pytest.approx(alone + shape.kern("A", "V") * 2.0)


def test_a_span_is_filled() -> None:
    setting = set_arc("ПОЧТА РОССИИ", face("sans"), 1.5, 10.0, span_deg=120)
    angles = [one.angle_deg for one in setting.letters]
    assert angles[-1] - angles[0] == pytest.approx(110, abs=8)


def test_every_guaranteed_font_draws_latin_and_figures() -> None:
    for name in GUARANTEED:
        for letter in "AZ09.":
            assert face(name).glyph(letter).contours


def test_an_element_that_cannot_be_drawn_is_named() -> None:
    with pytest.raises(ValueError, match="element 2"):
        draw_die({"size_mm": [9, 9], "element": [RING, {"kind": "spiral"}]})


@pytest.mark.parametrize(
    ("form", "language", "text"),
    [
        ("DD MM YY HH", "", "04 06 02 15"),
        ("D.ROMAN.YY", "", "4.VI.02"),
        ("MON D/hmmAM/YYYY", "en", "JUN 4/330PM/2002"),
        ("D MON YYYY", "ru", "4 ИЮН 2002"),
        ("YYYY MON DD", "hu", "2002 JÚN 04"),
        ("MON.DD.YY.h AM", "es", "JUN.04.02.3 PM"),
    ],
)
def test_dates_are_written_as_dies_write_them(form: str, language: str, text: str) -> None:
    found = written(form, Moment(2002, 6, 4, 15, 30), language)
    assert "/".join(found.lines) == text
    assert found.iso == "2002-06-04"
