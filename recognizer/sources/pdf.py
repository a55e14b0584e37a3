"""Pages of a PDF as pixels, by PDFium: a scanned page at its own resolution, any other at 300 dpi."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recognizer.errors import InputError
from recognizer.sources.limits import Limits, check_frames, check_size, honest_dpi
from recognizer.types import Rgb

_PDFIUM = threading.Lock()  # PDFium may be entered by one thread at a time
_DRAWN_DPI = 300.0  # pages that are not one scanned picture
_MOST_DPI = 600.0  # a page of pictures is drawn as fine as its finest, up to here
_FULL_PAGE = 0.9  # of the page's width and height: a picture that large is a scan of the page


@dataclass(frozen=True, eq=False, slots=True)
class PdfPage:
    number: int  # from 0
    pixels: Rgb
    dpi: float | None
    warnings: tuple[str, ...]


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[tuple[Any, int]]:
    """The document and how many pages it has."""
    import pypdfium2

    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise _refusal(path, str(error)) from None
    try:
        with _PDFIUM:
            count = len(document)
        check_frames(path, count, limits)
        if count == 0:
            raise InputError("broken-image", f"{path}: the PDF has no page.", "Save or scan it again.")
        yield document, count
    finally:
        with _PDFIUM:
            document.close()


def count_pdf(path: Path, limits: Limits) -> int:
    """How many pages there are. Raises InputError."""
    with _opened(path, limits) as (_, count):
        return count


def read_pdf(path: Path, limits: Limits, pages: range | None = None) -> Iterator[PdfPage]:
    """The pages in order, or those of ``pages``. Raises InputError for the file, or for a page of it."""
    import pypdfium2

    with _opened(path, limits) as (document, count):
        for number in range(count) if pages is None else range(count)[pages.start : pages.stop]:
            name = f"{path} page {number + 1}"
            with _PDFIUM:
                try:
                    page = _read_page(document, number, name, limits)
                except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
                    raise InputError(
                        "broken-image", f"{name}: can't be drawn ({error}).", "Save or scan the file again."
                    ) from None
            yield page


def _refusal(path: Path, reason: str) -> InputError:
    if "password" in reason.lower() or "security" in reason.lower():
        return InputError(
            "password", f"{path}: the PDF is protected by a password.", "Save a copy without the password."
        )
    return InputError("broken-image", f"{path}: not a readable PDF.", "Save or scan it again.")


def _read_page(document: Any, number: int, name: str, limits: Limits) -> PdfPage:
    page = document[number]
    try:
        width, height = page.get_size()  # as shown, in points, 72 to the inch
        upright = page.get_rotation() % 180 == 0
        pictures = [_picture(found, name, limits) for found in _pictures(page)]
        across, down = (width, height) if upright else (height, width)  # as the pictures lie
        scans = [p for p in pictures if p.width >= _FULL_PAGE * across and p.height >= _FULL_PAGE * down]
        warnings: tuple[str, ...] = ()
        if scans:
            drawn = max(p.dpi for p in scans)
            dpi = honest_dpi(drawn, drawn)
        else:
            drawn = min(max([_DRAWN_DPI, *(p.dpi for p in pictures)]), _MOST_DPI)
            dpi = drawn
        pixels = width * height * (drawn / 72) ** 2
        if pixels > limits.max_pixels:
            factor = 0.999 * (limits.max_pixels / pixels) ** 0.5
            warnings = (
                f"Drawn at {drawn * factor:.0f} dpi: at {drawn:.0f} it would be beyond the pixel limit.",
            )
            drawn, dpi = drawn * factor, None if dpi is None else dpi * factor
        check_size(name, round(width * drawn / 72), round(height * drawn / 72), limits)
        bitmap = page.render(scale=drawn / 72, rev_byteorder=True)
        shown = bitmap.to_numpy()
        # PDFium pads to whole pixels, and owns the memory: the copy is ours.
        pixels_rgb = np.ascontiguousarray(shown[:, :, :3] if shown.ndim == 3 else np.dstack([shown] * 3))
        pixels_rgb = pixels_rgb.copy() if pixels_rgb.base is not None else pixels_rgb
        bitmap.close()
        return PdfPage(number, pixels_rgb, dpi, warnings)
    finally:
        page.close()


@dataclass(frozen=True, slots=True)
class _Picture:
    width: float  # points on the page
    height: float
    dpi: float  # pixels to the inch there


def _pictures(page: Any) -> Iterator[Any]:
    import pypdfium2.raw

    return page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)  # type: ignore[no-any-return]


def _picture(found: Any, name: str, limits: Limits) -> _Picture:
    """How large an embedded picture is. Its pixels are capped too: drawing the page decodes them all."""
    # pypdfium2 5 renamed both calls.
    across, down = (found.get_px_size if hasattr(found, "get_px_size") else found.get_size)()
    left, bottom, right, top = (found.get_bounds if hasattr(found, "get_bounds") else found.get_pos)()
    if across * down > limits.max_pixels:
        check_size(f"{name}, a picture on it", across, down, limits)
    width, height = max(right - left, 1e-3), max(top - bottom, 1e-3)
    # A picture turned by 90 degrees on the page keeps its pixel count: compare areas, not sides.
    return _Picture(width, height, 72 * (across * down / (width * height)) ** 0.5)
