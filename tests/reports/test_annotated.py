"""The annotated picture shows the scan, its outlines and its plates, at screen size."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from record_samples import known, mission, region, regions, scan_record

from recognizer.reports.annotated import LONGEST_SIDE, SHORTEST_LONG_SIDE, annotate
from recognizer.reports.banner import banner
from recognizer.reports.colours import BAR, KIND_COLOURS, WARNING
from recognizer.reports.fonts import font
from recognizer.types import Rgb, Scan


def blank(width: int, height: int) -> Scan:
    return Scan("cover.jpg", 0, np.full((height, width, 3), 235, np.uint8), 300.0, "0" * 64)


def opened(data: bytes) -> Rgb:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        return np.asarray(picture.convert("RGB"))


def near(pixels: Rgb, colour: tuple[int, int, int], tolerance: int = 12) -> np.ndarray:
    return (np.abs(pixels.astype(int) - colour) <= tolerance).all(-1)


def bar_height(pixels: Rgb) -> int:
    """Rows of the bar above, by its left edge."""
    return int(np.argmin(near(pixels[:, 2], BAR)))


@pytest.mark.parametrize(
    ("size", "long_side"),
    [((900, 600), SHORTEST_LONG_SIDE), ((2400, 3600), LONGEST_SIDE), ((1500, 900), 1500)],
)
def test_the_picture_fits_a_screen_and_the_scan_stays_as_it_is(size: tuple[int, int], long_side: int) -> None:
    scan = blank(*size)
    before = scan.pixels.copy()
    pixels = opened(annotate(scan, scan_record(width=size[0], height=size[1])))
    factor = long_side / max(size)
    assert pixels.shape[1] == round(size[0] * factor)
    assert pixels.shape[0] > round(size[1] * factor)  # the bars come on top of the picture
    np.testing.assert_array_equal(scan.pixels, before)


def test_each_kind_is_outlined_in_its_colour_where_it_lies() -> None:
    pixels = opened(annotate(blank(900, 600), scan_record()))
    factor, top = pixels.shape[1] / 900, bar_height(pixels)
    for r in regions():
        x, y = np.array(r.outline[5 if r.kind == "postmark" else 0]) * factor + (0, top)
        patch = pixels[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4]
        assert near(patch, KIND_COLOURS[r.kind].line, 30).any(), r.kind


def test_no_strike_is_covered() -> None:
    """Inside every strike nothing is drawn: plates, tags and leaders all stay outside."""
    pixels = opened(annotate(blank(900, 600), scan_record()))
    factor, top = pixels.shape[1] / 900, bar_height(pixels)
    for r in regions()[:3]:
        x, y, w, h = r.box
        rows = slice(int((y + h * 0.2) * factor) + top, int((y + h * 0.8) * factor) + top)
        inside = pixels[rows, int((x + w * 0.2) * factor) : int((x + w * 0.8) * factor)]
        assert near(inside, (235, 235, 235)).all(), r.id


def test_a_crowded_picture_tells_in_the_bar_below_what_found_no_room() -> None:
    crowd = [region(f"r{i}", "handstamp", (0, 0, 900, 600), mark=known()) for i in range(1, 4)]
    few = opened(
        annotate(blank(900, 600), scan_record(regions=[region("r1", "postmark", (300, 200, 90, 90))]))
    )
    many = opened(annotate(blank(900, 600), scan_record(regions=crowd)))
    assert many.shape[0] > few.shape[0] + 40
    assert near(many[-80:], KIND_COLOURS["handstamp"].line).sum() > 500


def test_contradictions_stand_in_the_banner_and_make_it_grow() -> None:
    def bar(**changed: object) -> Rgb:
        return np.asarray(banner(scan_record(mission=mission(**changed)), 1200, 18))

    assert near(bar(), WARNING).any()
    assert not near(bar(conflicts=[]), WARNING).any()
    assert (
        bar(conflicts=["one", "two"]).shape[0] > bar(conflicts=["one"]).shape[0] > bar(conflicts=[]).shape[0]
    )
    long_one = bar(conflicts=["a very long contradiction " * 20])
    assert long_one.shape[0] > bar(conflicts=["one"]).shape[0]  # goes on in further lines
    assert near(long_one[:, -12:], BAR).all()  # and stays inside the picture


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3)])
def test_odd_sizes_and_empty_scans_are_drawn_too(size: tuple[int, int]) -> None:
    record = scan_record(width=size[0], height=size[1], regions=[])
    pixels = opened(annotate(blank(*size), record))
    assert max(pixels.shape[:2]) >= SHORTEST_LONG_SIDE
    assert annotate(blank(*size), record.model_copy(update={"covers": []}))


@pytest.mark.parametrize("letter", "жЖёқңғүұөәіһӘҢҮ→·…")
def test_the_letters_have_cyrillic_and_kazakh(letter: str) -> None:
    def drawn(text: str) -> bytes:
        return bytes(font(24).getmask(text))

    assert drawn(letter) != drawn("\ufffe")  # not the box that stands for a letter the font lacks
    assert any(drawn(letter))
