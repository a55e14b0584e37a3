"""Known pictures, written in every format and mode, come back as the same colours."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from recognizer.sources.scans import Limits, expand, read_scans
from recognizer.types import Rgb, Scan

PATCHES = {(0, 0): (220, 40, 30), (0, 1): (30, 160, 60), (1, 0): (40, 60, 200), (1, 1): (245, 240, 225)}


def picture() -> Image.Image:
    """48 x 40 pixels, four patches, so that every turn and every swap of colours shows."""
    pixels = np.zeros((40, 48, 3), np.uint8)
    for (row, column), colour in PATCHES.items():
        pixels[row * 20 : row * 20 + 20, column * 24 : column * 24 + 24] = colour
    return Image.fromarray(pixels)


def read_one(path: Path, dpi: float | None = None) -> Scan:
    scans = list(read_scans(path, dpi=dpi))
    assert len(scans) == 1
    return scans[0]


def assert_patches(pixels: Rgb, within: int) -> None:
    assert pixels.shape == (40, 48, 3)
    assert pixels.dtype == np.uint8
    for (row, column), colour in PATCHES.items():
        seen = pixels[row * 20 + 10, column * 24 + 12].astype(int)
        assert np.abs(seen - colour).max() <= within, (row, column, seen)


@pytest.mark.parametrize(
    ("ending", "options", "within"),
    [
        ("jpg", {"quality": 95}, 6),
        ("jpg", {"quality": 95, "progressive": True}, 6),
        ("png", {}, 0),
        ("webp", {"lossless": True}, 0),
        ("bmp", {}, 0),
        ("tif", {}, 0),
        ("tif", {"compression": "tiff_lzw"}, 0),
        ("tif", {"compression": "tiff_adobe_deflate"}, 0),
        ("gif", {}, 3),
    ],
)
def test_formats(tmp_path: Path, ending: str, options: dict[str, object], within: int) -> None:
    picture().save(tmp_path / f"a.{ending}", **options)
    scan = read_one(tmp_path / f"a.{ending}")
    assert_patches(scan.pixels, within)
    assert scan.page == 0
    assert len(scan.sha256) == 64
    assert scan.warnings == ()


def test_palette_cmyk_and_grey(tmp_path: Path) -> None:
    picture().quantize(16).save(tmp_path / "palette.png")
    assert_patches(read_one(tmp_path / "palette.png").pixels, 3)
    picture().convert("CMYK").save(tmp_path / "cmyk.tif")
    assert_patches(read_one(tmp_path / "cmyk.tif").pixels, 2)
    picture().convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
    assert_patches(read_one(tmp_path / "cmyk.jpg").pixels, 8)
    picture().convert("L").save(tmp_path / "grey.jpg", quality=95)
    grey = read_one(tmp_path / "grey.jpg").pixels
    assert grey.shape == (40, 48, 3)
    assert abs(int(grey[10, 12, 0]) - int(np.asarray(picture().convert("L"))[10, 12])) <= 3


@pytest.mark.parametrize("ending", ["tif", "png"])
def test_sixteen_bit_grey_is_scaled(tmp_path: Path, ending: str) -> None:
    ramp = np.linspace(0, 65535, 64 * 32).reshape(32, 64).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / f"a.{ending}")
    pixels = read_one(tmp_path / f"a.{ending}").pixels
    assert np.abs(pixels[..., 0].astype(float) - ramp / 257).max() <= 1


@pytest.mark.parametrize("ending", ["tif", "png"])
def test_sixteen_bit_colour_is_scaled(tmp_path: Path, ending: str) -> None:
    deep = np.asarray(picture()).astype(np.uint16)[..., ::-1] * 257
    cv2.imwrite(str(tmp_path / f"a.{ending}"), deep)
    assert_patches(read_one(tmp_path / f"a.{ending}").pixels, 1)


def test_one_bit(tmp_path: Path) -> None:
    bits = np.zeros((32, 64), bool)
    bits[:, 32:] = True
    Image.fromarray(bits).save(tmp_path / "a.tif", compression="group4")
    pixels = read_one(tmp_path / "a.tif").pixels
    assert pixels[5, 5].tolist() == [0, 0, 0]
    assert pixels[5, 60].tolist() == [255, 255, 255]


@pytest.mark.parametrize("ending", ["png", "webp", "tif"])
def test_transparency_lies_over_white(tmp_path: Path, ending: str) -> None:
    clear = np.dstack([np.asarray(picture()), np.full((40, 48), 255, np.uint8)])
    clear[:20, :24, 3] = 0
    options = {"lossless": True} if ending == "webp" else {}
    Image.fromarray(clear).save(tmp_path / f"a.{ending}", **options)
    pixels = read_one(tmp_path / f"a.{ending}").pixels
    assert pixels[10, 12].tolist() == [255, 255, 255]
    assert pixels[10, 36].tolist() == list(PATCHES[0, 1])


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turn(tmp_path: Path, ending: str, orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = picture().transpose(undo[orientation]) if orientation in undo else picture()
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying.save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    assert_patches(read_one(tmp_path / f"a.{ending}").pixels, 8)


def test_frames_of_a_tiff_are_pages_and_of_a_gif_are_not(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 40 + 10 * n), (10 * n, 0, 0)) for n in range(3)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    pages = list(read_scans(tmp_path / "a.tif"))
    seen = [(p.page, p.height, int(p.pixels[0, 0, 0])) for p in pages]
    assert seen == [(0, 40, 0), (1, 50, 10), (2, 60, 20)]
    film = [Image.new("RGB", (40, 40), (100 * n, 0, 0)) for n in range(2)]
    film[0].save(tmp_path / "a.gif", save_all=True, append_images=film[1:])
    assert read_one(tmp_path / "a.gif").pixels[0, 0, 0] == 0


def profile_with_swapped_primaries() -> bytes:
    """A valid ICC profile that is not sRGB: sRGB's own with red and blue exchanged, and renamed."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    at = {bytes(data[p : p + 4]): p for p in range(132, 132 + 12 * count, 12)}
    red, blue = at[b"rXYZ"] + 4, at[b"bXYZ"] + 4
    data[red : red + 8], data[blue : blue + 8] = data[blue : blue + 8], data[red : red + 8]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp"])
def test_colour_profile_is_applied(tmp_path: Path, ending: str) -> None:
    swapped = Image.fromarray(np.ascontiguousarray(np.asarray(picture())[..., ::-1]))
    options = {"lossless": True} if ending == "webp" else {"quality": 95}
    swapped.save(tmp_path / f"a.{ending}", icc_profile=profile_with_swapped_primaries(), **options)
    assert_patches(read_one(tmp_path / f"a.{ending}").pixels, 8)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif"])
def test_broken_colour_profile_is_a_warning(tmp_path: Path, ending: str) -> None:
    picture().save(tmp_path / f"a.{ending}", icc_profile=b"not a profile at all" * 10, quality=95)
    scan = read_one(tmp_path / f"a.{ending}")
    assert_patches(scan.pixels, 6)
    assert len(scan.warnings) == 1
    assert "profile" in scan.warnings[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [(300, 300), (600, 600), (150, 150), (72, None), (96, None), (240, None), (1, None), (25000, None)],
)
@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
def test_dpi_of_scanners_is_believed(tmp_path: Path, ending: str, written: int, read: float | None) -> None:
    picture().save(tmp_path / f"a.{ending}", dpi=(written, written))
    expected = None if read is None else pytest.approx(read, abs=0.1)
    assert read_one(tmp_path / f"a.{ending}").dpi == expected
    assert read_one(tmp_path / f"a.{ending}", dpi=400).dpi == 400


def test_dpi_of_cameras_and_of_unequal_sides_is_not_believed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = 0.01  # an exposure time
    picture().save(tmp_path / "camera.jpg", dpi=(300, 300), exif=exif)
    assert read_one(tmp_path / "camera.jpg").dpi is None
    picture().save(tmp_path / "fax.tif", dpi=(204, 98))
    assert read_one(tmp_path / "fax.tif").dpi is None


def test_dpi_of_exif_where_the_picture_has_none_of_its_own(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 118.11, 118.11, 3  # to the centimetre
    picture().save(tmp_path / "a.webp", exif=exif)
    assert read_one(tmp_path / "a.webp").dpi == pytest.approx(300, abs=0.1)


def test_folders_nested_any_ending_natural_order(tmp_path: Path) -> None:
    (tmp_path / "album" / "page").mkdir(parents=True)
    for name in ("10.JPG", "2.jpg", "note.txt", "._2.jpg", "page/1.TiF"):
        picture().save(tmp_path / "album" / name, format="TIFF")
    files = expand([tmp_path / "album", tmp_path / "gone.jpg"])
    assert [f.relative_to(tmp_path).as_posix() for f in files] == [
        "album/2.jpg",
        "album/10.JPG",
        "album/page/1.TiF",
        "gone.jpg",
    ]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.png").symlink_to(tmp_path / "self.png")
    assert [f.name for f in expand([tmp_path])].count("a.png") == 1


def test_pillows_own_cap_is_lifted_and_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    picture().save(tmp_path / "a.webp", lossless=True)
    readers = [threading.Thread(target=lambda: list(read_scans(tmp_path / "a.webp"))) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert_patches(read_one(tmp_path / "a.webp").pixels, 0)
    assert Image.MAX_IMAGE_PIXELS == 100


def test_an_image_at_the_limit_is_read(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    assert next(read_scans(tmp_path / "a.png", Limits(max_pixels=48 * 40))).width == 48
