"""Letters for pictures: DejaVu Sans, which has Cyrillic with the Kazakh letters and comes with matplotlib."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> Font:
    """DejaVu Sans with letters of ``size`` pixels an em.

    matplotlib is asked only where it lies: importing it would take longer than drawing the picture.
    """
    file = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    found = importlib.util.find_spec("matplotlib")
    if found is not None and found.origin is not None:
        bundled = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / file
        if bundled.is_file():
            return ImageFont.truetype(bundled, size)
    return ImageFont.truetype(
        file, size
    )  # Linux distributions that take matplotlib apart install it system-wide
