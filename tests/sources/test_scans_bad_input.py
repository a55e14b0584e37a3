"""Each kind of bad input: a stable code, a message that names the file, a remedy, and quickly."""

from __future__ import annotations

import struct
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.errors import InputError
from recognizer.sources.scans import Limits, expand, read_scans


def noise(width: int = 200, height: int = 150) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8))


def refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        list(read_scans(path, limits))
    assert str(path) in caught.value.message
    assert caught.value.remedy
    return caught.value


def bomb(path: Path, side: int) -> None:
    """A PNG of ``side`` squared black pixels that is small on disk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def test_no_such_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg").code == "not-found"


def test_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert refused(tmp_path / "a.jpg").code == "empty-file"


def test_text_named_jpg(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("Dear collector, ...")
    assert refused(tmp_path / "a.jpg").code == "not-an-image"


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "a.jpg")
    assert refused(tmp_path / "a.jpg").code in ("not-found", "unreadable")


def test_a_file_named_explicitly_is_tried_whatever_its_ending(tmp_path: Path) -> None:
    noise().save(tmp_path / "a.dat", format="PNG")
    (scan,) = read_scans(expand([tmp_path / "a.dat"])[0])
    assert scan.width == 200


@pytest.mark.parametrize(
    ("ending", "options"), [("jpg", {}), ("jpg", {"progressive": True}), ("png", {}), ("webp", {})]
)
@pytest.mark.parametrize("part", [0.5, 0.98])
def test_cut_off(tmp_path: Path, ending: str, options: dict[str, bool], part: float) -> None:
    noise().save(tmp_path / f"a.{ending}", **options)
    whole = (tmp_path / f"a.{ending}").read_bytes()
    (tmp_path / f"a.{ending}").write_bytes(whole[: int(len(whole) * part)])
    assert refused(tmp_path / f"a.{ending}").code in ("truncated", "broken-image")


def test_cut_off_jpeg_with_a_whole_thumbnail(tmp_path: Path) -> None:
    """The end marker inside a thumbnail is not the picture's own."""
    noise(32, 32).save(tmp_path / "small.jpg")
    exif = b"Exif\0\0" + (tmp_path / "small.jpg").read_bytes()
    noise().save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    both = whole[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + whole[2:]
    (tmp_path / "a.jpg").write_bytes(both)
    assert next(read_scans(tmp_path / "a.jpg")).width == 200
    (tmp_path / "a.jpg").write_bytes(both[: len(both) - len(whole) // 2])
    assert refused(tmp_path / "a.jpg").code == "truncated"


def test_bomb_is_refused_on_its_header(tmp_path: Path) -> None:
    bomb(tmp_path / "a.png", 40_000)
    assert (tmp_path / "a.png").stat().st_size < 300_000
    start = time.perf_counter()
    assert refused(tmp_path / "a.png").code == "too-many-pixels"
    assert time.perf_counter() - start < 0.5  # decoding it takes seconds


def test_one_pixel(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "a.png")
    assert refused(tmp_path / "a.png").code == "too-small"


def test_side_ratio_pixels_and_frames_are_options(tmp_path: Path) -> None:
    noise(1200, 20).save(tmp_path / "long.png")
    assert refused(tmp_path / "long.png").code == "side-ratio"
    assert next(read_scans(tmp_path / "long.png", Limits(max_side_ratio=70))).width == 1200
    assert refused(tmp_path / "long.png", Limits(max_pixels=20_000)).code == "too-many-pixels"
    pages = [noise(40, 40)] * 4
    pages[0].save(tmp_path / "many.tif", save_all=True, append_images=pages[1:])
    assert refused(tmp_path / "many.tif", Limits(max_frames=3)).code == "too-many-frames"


def test_folder_without_an_image(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")
    (only,) = expand([tmp_path])
    assert refused(only).code == "no-images"


@pytest.mark.parametrize("where", ["pointer", "directory"])
def test_tiff_with_a_bad_directory(tmp_path: Path, where: str) -> None:
    noise().save(tmp_path / "a.tif")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    start = 4 if where == "pointer" else int.from_bytes(data[4:8], "little")
    data[start : start + 40] = b"\xff" * 40
    (tmp_path / "a.tif").write_bytes(data)
    assert refused(tmp_path / "a.tif").code == "broken-image"


def link_of_first_directory(data: bytes) -> int:
    """Where a little-endian TIFF keeps the offset of its second page."""
    first = int.from_bytes(data[4:8], "little")
    return first + 2 + 12 * int.from_bytes(data[first : first + 2], "little")


def test_pages_before_a_broken_page_are_given(tmp_path: Path) -> None:
    pages = [noise(60, 50)] * 3
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    data = bytearray((tmp_path / "a.tif").read_bytes())
    link = link_of_first_directory(data)
    data[link : link + 4] = (len(data) + 1000).to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(data)
    scans = read_scans(tmp_path / "a.tif")
    assert next(scans).page == 0
    with pytest.raises(InputError) as caught:
        next(scans)
    assert "page 2" in caught.value.message


def test_tiff_with_a_loop_of_directories_ends(tmp_path: Path) -> None:
    noise(60, 50).save(tmp_path / "a.tif")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    link = link_of_first_directory(data)
    data[link : link + 4] = data[4:8]
    (tmp_path / "a.tif").write_bytes(data)
    assert len(list(read_scans(tmp_path / "a.tif"))) == 1


@pytest.mark.parametrize("name", ["a cover.png", "конверт Союз.png", "-dash.png", "a:1,2,3,4.png", "a#%.png"])
def test_awkward_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    noise().save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    (scan,) = read_scans(expand([name])[0])
    assert scan.path == name


def test_heic_without_its_plug_in_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
    error = refused(tmp_path / "a.heic")
    assert error.code == "heic-missing"
    assert "pip install recognizer[heic]" in error.remedy
