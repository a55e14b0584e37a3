"""PDF pages: drawn at 300 dpi, or a scanned page at its own resolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.errors import InputError
from recognizer.sources.scans import Limits, read_scans


def soft(width: int, height: int) -> Image.Image:
    """Soft clouds of colour: they survive JPEG, and differ wherever one looks."""
    coarse = np.random.default_rng(2).integers(0, 255, (height // 20, width // 20, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def written(path: Path, objects: list[bytes]) -> Path:
    """A PDF of the given objects, numbered from 1, object 1 being the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    path.write_bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer)
    return path


def drawn_page(path: Path, width: int, height: int) -> Path:
    """One page, its size in points, with a black rectangle in its upper left quarter and no picture."""
    content = b"0 0 0 rg 0 %d %d %d re f" % (height // 2, width // 2, height // 2)
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R>>" % (width, height)
    return written(
        path,
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            page,
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        ],
    )


@pytest.mark.parametrize(("made", "told"), [(200, 200), (600, 600), (72, None)])
def test_a_scanned_page_keeps_its_own_resolution(tmp_path: Path, made: int, told: float | None) -> None:
    picture = soft(400, 300)
    picture.save(tmp_path / "a.pdf", resolution=made, quality=95)
    (scan,) = read_scans(tmp_path / "a.pdf")
    assert abs(scan.width - 400) <= 1
    assert abs(scan.height - 300) <= 1
    assert scan.dpi == (None if told is None else pytest.approx(told, rel=0.01))
    difference = np.abs(scan.pixels[20:280, 20:380].astype(int) - np.asarray(picture)[20:280, 20:380])
    assert np.median(difference) <= 6


def test_pages_in_order(tmp_path: Path) -> None:
    pages = [soft(200, 100 + 20 * n) for n in range(3)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:], resolution=200)
    scans = list(read_scans(tmp_path / "a.pdf"))
    assert [s.page for s in scans] == [0, 1, 2]
    assert all(abs(s.height - 100 - 20 * s.page) <= 1 for s in scans)


def test_a_drawn_page_is_drawn_at_300_dpi(tmp_path: Path) -> None:
    (scan,) = read_scans(drawn_page(tmp_path / "a.pdf", 144, 72))
    assert (scan.width, scan.height, scan.dpi) == (600, 300, 300)
    assert scan.pixels[20, 20].tolist() == [0, 0, 0]
    assert scan.pixels[280, 580].tolist() == [255, 255, 255]


def test_a_vast_page_is_drawn_smaller_and_says_so(tmp_path: Path) -> None:
    path = drawn_page(tmp_path / "a.pdf", 1440, 720)
    (scan,) = read_scans(path, Limits(max_pixels=500_000))
    assert scan.width * scan.height <= 500_000
    assert scan.dpi == pytest.approx(scan.width / 20, rel=0.01)
    assert "pixel limit" in scan.warnings[0]


def test_a_vast_picture_on_a_page_is_refused(tmp_path: Path) -> None:
    soft(400, 300).save(tmp_path / "a.pdf", resolution=300)
    with pytest.raises(InputError) as caught:
        list(read_scans(tmp_path / "a.pdf", Limits(max_pixels=100_000)))
    assert caught.value.code == "too-many-pixels"


def test_password(tmp_path: Path) -> None:
    """The key fields of the security handler are not those of an empty password, so it is asked for."""
    key = b"<" + b"41" * 32 + b">"
    drawn_page(tmp_path / "a.pdf", 100, 100)
    lock = b"/Encrypt <</Filter /Standard /V 1 /R 2 /O %s /U %s /P -4>> /ID [<00><00>]" % (key, key)
    data = (tmp_path / "a.pdf").read_bytes().replace(b"/Root", lock + b" /Root")
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(InputError) as caught:
        list(read_scans(tmp_path / "a.pdf"))
    assert caught.value.code == "password"
    assert str(tmp_path / "a.pdf") in caught.value.message


def test_broken(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + b"nothing" * 100)
    with pytest.raises(InputError) as caught:
        list(read_scans(tmp_path / "a.pdf"))
    assert caught.value.code == "broken-image"


def test_pages_are_capped(tmp_path: Path) -> None:
    pages = [soft(100, 100)] * 3
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:])
    with pytest.raises(InputError) as caught:
        list(read_scans(tmp_path / "a.pdf", Limits(max_frames=2)))
    assert caught.value.code == "too-many-frames"
