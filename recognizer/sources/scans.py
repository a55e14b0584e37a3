"""All decoding: image files and PDF pages become scans, one at a time, with every cap checked first."""

from __future__ import annotations

import hashlib
import re
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from recognizer.errors import InputError, RecognizerError
from recognizer.sources.colours import colour_profile, correct_in_place, to_rgb, turned
from recognizer.sources.limits import Limits, check_frames, check_size, honest_dpi
from recognizer.sources.pdf import count_pdf, read_pdf
from recognizer.types import Rgb, Scan

__all__ = ["Limits", "count_pages", "expand", "read_scans"]

_PICTURES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".heic", ".heif", ".avif")
ENDINGS = frozenset([*_PICTURES, ".tif", ".tiff", ".jp2", ".pdf"])
# Pillow opens more, some by calling other programs; these are pictures and nothing else.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF", "JPEG2000")
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM", b"GIF8")
_ORIENTATION, _X_DPI, _Y_DPI, _DPI_UNIT, _EXIF_IFD = 0x0112, 0x011A, 0x011B, 0x0128, 0x8769
_OF_A_LENS = (0x829A, 0x829D, 0x920A)  # exposure time, f-number, focal length
_REDUCED = 254  # TIFF: NewSubfileType, bit 0 set on a thumbnail of another page
_LARGE_PX = 40_000_000  # 120 MB decoded: from here on one copy matters
_RESCAN = "Scan or copy the file again."


def expand(paths: Iterable[Path | str]) -> list[Path]:
    """The files to read, in the order given; a folder gives its images, nested, in natural order.

    Hidden files and folders are left out, links to folders are followed once. A path that is not there, and
    a folder without an image, stay in the list: ``read_scans`` says what is wrong with them, so that in a
    batch they are failures of one input like any other.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        files += (_images_in(path, set()) or [path]) if path.is_dir() else [path]
    return files


def _images_in(folder: Path, seen: set[tuple[int, int]]) -> list[Path]:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        entries = sorted(folder.iterdir(), key=_natural)
    except OSError:
        return []
    files: list[Path] = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            files += _images_in(entry, seen)
        elif entry.suffix.lower() in ENDINGS:
            files.append(entry)
    return files


def _natural(path: Path) -> list[tuple[bool, int, str]]:
    """A key that sorts ``2.jpg`` before ``10.jpg``."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts if part]


def count_pages(path: Path | str, limits: Limits | None = None) -> int:
    """How many pages a file has, from its directory alone; thumbnails inside a TIFF count too.

    Raises InputError when it can't be read.
    """
    path, limits = Path(path), limits or Limits()
    _check_is_file(path)
    head = _head(path)
    if b"%PDF-" in head:
        return count_pdf(path, limits)
    with _decoding(path, head), _open(path, head) as image:
        frames = _count_frames(image) if image.format == "TIFF" else 1
        check_frames(path, frames, limits)
    return frames


def read_scans(
    path: Path | str, limits: Limits | None = None, dpi: float | None = None, pages: range | None = None
) -> Iterator[Scan]:
    """Decode a file: one scan for an image, one a page for a TIFF or PDF.

    ``dpi`` overrides what the file says; ``pages``, counted from 0, leaves the others out. Pixels come as RGB
    uint8 in sRGB, upright by EXIF, transparency over white. Raises InputError for the file or, after the
    pages before it were given, for a page.
    """
    path, limits = Path(path), limits or Limits()
    sha256 = checked_hash(path)
    head = _head(path)
    if b"%PDF-" in head:
        for page in read_pdf(path, limits, pages):
            yield Scan(str(path), page.number, page.pixels, dpi or page.dpi, sha256, page.warnings)
    else:
        for number, pixels, own_dpi, notes in _read_image(path, head, limits, pages):
            yield Scan(str(path), number, pixels, dpi or own_dpi, sha256, tuple(notes))


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(1024)


def checked_hash(path: Path) -> str:
    """sha256 of a file's bytes; raises InputError when it is not a readable file with bytes in it."""
    _check_is_file(path)
    with _readable(path), open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise InputError(
            "no-images",
            f"{path}: no image in this folder.",
            "Name a folder with JPEG, PNG, WebP, TIFF, BMP, GIF, HEIC or PDF files.",
        )
    with _readable(path):
        if not path.is_file():
            if path.exists():
                raise InputError("not-an-image", f"{path}: not a regular file.", "Name an image file.")
            raise InputError("not-found", f"{path}: no such file.", "Check the spelling of the name.")
        if path.stat().st_size == 0:
            raise InputError("empty-file", f"{path}: the file has no bytes.", _RESCAN)
        with open(path, "rb"):
            pass


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """The system's refusal to read a file becomes an InputError that names it."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            "unreadable", f"{path}: can't be read ({reason}).", "Check its permissions."
        ) from None


def _read_image(
    path: Path, head: bytes, limits: Limits, pages: range | None
) -> Iterator[tuple[int, Rgb, float | None, Sequence[str]]]:
    """Page number, pixels, dpi and warnings of each frame that is a page."""
    with _decoding(path, head), _open(path, head) as image:
        frames = _count_frames(image) if image.format == "TIFF" else 1
        check_frames(path, frames, limits)
        check_size(str(path), *image.size, limits)
    for number in range(frames):
        if pages is not None and number not in pages:
            continue
        name = f"{path} page {number + 1}" if frames > 1 else str(path)
        with _decoding(name, head), _open(path, head) as image:
            if number:
                image.seek(number)
                if getattr(image, "tag_v2", {}).get(_REDUCED, 0) & 1:
                    continue
            check_size(name, *image.size, limits)
            result = _decode(path, image)
        yield number, *result


def _open(path: Path, head: bytes) -> Image.Image:
    if head[4:8] == b"ftyp" and head[8:11] in (b"hei", b"hev", b"mif", b"msf") and b"avif" not in head[:64]:
        try:
            import pillow_heif
        except ImportError:
            raise InputError(
                "heic-missing",
                f"{path}: HEIC pictures need a plug-in that is not installed.",
                "Install it with: pip install recognizer[heic]",
            ) from None
        pillow_heif.register_heif_opener()
    Image.init()  # all formats are known before the list is asked for
    return Image.open(path, formats=[name for name in _FORMATS if name in Image.OPEN])


def _count_frames(image: Image.Image) -> int:
    """Pages of a TIFF that can be reached; a broken directory further on ends the count one page after."""
    count = 1
    try:
        while True:
            image.seek(count)
            count += 1
    except EOFError:
        return count
    except Exception:  # a broken directory raises anything; reading that page will name it
        return count + 1


def _decode(path: Path, image: Image.Image) -> tuple[Rgb, float | None, list[str]]:
    """Pixels as a person sees them, the file's own dpi, warnings."""
    own_dpi = _dpi_of(image)
    orientation = int(image.getexif().get(_ORIENTATION, 1) or 1)
    pixels, notes = _fast(path, image)
    if pixels is None:
        pixels, notes = to_rgb(image)
        # Some of Pillow's decoders turn the picture while loading, and say so by dropping the tag.
        orientation = int(image.getexif().get(_ORIENTATION, 1) or 1)
    return turned(pixels, orientation), own_dpi, notes


def _fast(path: Path, image: Image.Image) -> tuple[Rgb | None, list[str]]:
    """OpenCV's decoders for the everyday cases: quicker, and 3 bytes a pixel where Pillow needs 7."""
    plain = image.mode in ("RGB", "L") and "transparency" not in image.info
    if not (plain and image.format in ("JPEG", "MPO", "PNG")):
        return None, []
    data = path.read_bytes()
    if not _is_whole(data, image.format == "PNG"):
        return None, []  # Pillow refuses what OpenCV would fill up with grey
    pixels = _opencv(path, data, *image.size)
    if pixels is None or pixels.shape[1::-1] != image.size:
        return None, []
    for top in range(0, pixels.shape[0], 64):  # in strips: in place, OpenCV copies what it is given first
        cv2.cvtColor(pixels[top : top + 64], cv2.COLOR_BGR2RGB, dst=pixels[top : top + 64])
    profile, warning = colour_profile(image.info.get("icc_profile"))
    if profile is not None:
        warning = correct_in_place(pixels, profile)
    return pixels, [warning] if warning else []


def _opencv(path: Path, data: bytes, width: int, height: int) -> Rgb | None:
    """Decoded by OpenCV, (H, W, 3) in the order blue, green, red; None where it can't."""
    how = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    if width * height > _LARGE_PX:
        # Python gets a copy of what OpenCV decodes, unless OpenCV is told where to put it (from 4.11 on).
        pixels = np.empty((height, width, 3), np.uint8)
        with suppress(cv2.error, TypeError):
            if cv2.imread(str(path), dst=pixels, flags=how) is pixels:
                return np.asarray(pixels)
        del pixels
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    return None if decoded is None else np.asarray(decoded, np.uint8)


def _is_whole(data: bytes, png: bool) -> bool:
    """Whether a PNG or JPEG has its end."""
    if png:
        return b"IEND" in data[-4096:]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # past the headers: a thumbnail there has its own end
        if data[at + 1] == 0xDA:
            return data.rfind(b"\xff\xd9", at) > 0
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _dpi_of(image: Image.Image) -> float | None:
    """Dots per inch as a scanner wrote them, None for what cameras and software write by default."""
    exif = image.getexif()
    lens = exif.get_ifd(_EXIF_IFD)
    if any(tag in lens for tag in _OF_A_LENS):
        return None
    inch = 2.54 if exif.get(_DPI_UNIT) == 3 else 1.0  # EXIF counts by the centimetre there
    claims: list[tuple[Any, float]] = [
        (image.info.get("dpi"), 1.0),
        ((exif.get(_X_DPI), exif.get(_Y_DPI)), inch),
    ]
    for claimed, unit in claims:
        try:
            across, down = (float(v) * unit for v in claimed)
        except (TypeError, ValueError, ZeroDivisionError):
            continue
        found = honest_dpi(across, down)
        if found is not None:
            return found
    return None


@contextmanager
def _decoding(name: Path | str, head: bytes) -> Iterator[None]:
    """Whatever a decoder raises becomes an InputError that names the file."""
    try:
        with _PILLOW_CAP, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd tags: nothing the user could mend
            yield
    except RecognizerError:
        raise
    except MemoryError:
        raise InputError(
            "out-of-memory", f"{name}: not enough memory to decode it.", "Scan at a lower resolution."
        ) from None
    except Exception as error:  # decoders raise anything on broken bytes, KeyError and struct.error included
        if "truncated" in str(error).lower():
            raise InputError("truncated", f"{name}: the file is cut off.", _RESCAN) from None
        if head.startswith(_MAGIC):
            raise InputError("broken-image", f"{name}: the picture is damaged ({error}).", _RESCAN) from None
        raise InputError(
            "not-an-image",
            f"{name}: not an image this program reads.",
            "Save it as JPEG, PNG, TIFF or PDF.",
        ) from None


class _PillowCap:
    """Lifts Pillow's own cap on pixels while we decode: ours is checked first, and is another one.

    Counted under a lock, so that threads that overlap leave Pillow as it was when the last is done.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._saved: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._users == 0:
                self._saved, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            self._users += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                Image.MAX_IMAGE_PIXELS = self._saved


_PILLOW_CAP = _PillowCap()
