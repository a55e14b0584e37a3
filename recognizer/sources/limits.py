"""What an image file may ask of us: caps that are checked on its header, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one input. The command line offers each as an option."""

    max_pixels: int = 250_000_000  # two A4 sheets at 1200 dpi; 750 MB once decoded
    max_frames: int = 2_000  # pages of a TIFF or PDF; an album is a few hundred
    max_side_ratio: float = 50.0  # a straight-line cancel cut out alone is 20 : 1
    min_side: int = 8  # pixels; no strike can be read on fewer


def check_size(name: str, width: int, height: int, limits: Limits) -> None:
    """Raise InputError when an image of that size is beyond the limits; the message calls it ``name``."""
    if min(width, height) < limits.min_side:
        raise InputError(
            "too-small",
            f"{name}: only {width} x {height} pixels, nothing can be recognised on it.",
            "Scan the piece again at 300 dpi or more.",
        )
    if width * height > limits.max_pixels:
        raise InputError(
            "too-many-pixels",
            f"{name}: {width} x {height} pixels are more than the limit of {limits.max_pixels:,}.",
            "Scan at a lower resolution (300 to 600 dpi will do), or raise the limit with --max-megapixels.",
        )
    if max(width, height) > limits.max_side_ratio * min(width, height):
        raise InputError(
            "side-ratio",
            f"{name}: {width} x {height} pixels, a side ratio beyond the limit of {limits.max_side_ratio:g}.",
            "Cut the image to the piece, or raise the limit with --max-side-ratio.",
        )


def check_frames(path: Path, count: int, limits: Limits) -> None:
    """Raise InputError when a file has more pages than the limit."""
    if count > limits.max_frames:
        raise InputError(
            "too-many-frames",
            f"{path}: {count} pages are more than the limit of {limits.max_frames}.",
            "Split the file, or raise the limit with --max-pages.",
        )


# Written by software that knows no resolution: 72 and 96 are the defaults of EXIF, Photoshop and Windows,
# 240 that of Adobe's raw converter.
_SOFTWARE_DPI = (72, 96, 240)


def honest_dpi(across: float, down: float) -> float | None:
    """The resolution a file claims, or None where the claim can't come from a scanner.

    ``across`` and ``down`` are dots per inch. Scanners write 75 to 9600, the same both ways.
    """
    if not (75 <= across <= 9600 and abs(across - down) <= 0.02 * across):
        return None
    if any(abs(across - default) < 0.5 for default in _SOFTWARE_DPI):
        return None
    return round((across + down) / 2, 2)
