"""Names for the outputs of images: fit for every file system, and given once."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

# Most file systems take 255 bytes a name; the rest is left for endings such as ".annotated.jpg" and "-p1234".
LONGEST_NAME_BYTES = 200
_REFUSED_SOMEWHERE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff\ufffd]')
_RESERVED_ON_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)")


def safe_name(image_path: str | Path, page: int, taken: set[str]) -> str:
    """A name for the outputs of one image or page: its stem, fit for every file system and given once.

    ``page`` counts from 0; pages after the first get ``-p2``, ``-p3`` ... A stem that came before (two
    folders with a ``cover.jpg``; ``cover.jpg`` and ``Cover.png``) gets ``-2``, ``-3`` ... ``taken`` holds the
    names given so far, in the form in which file systems compare them, and is added to.
    """
    stem = _REFUSED_SOMEWHERE.sub("_", Path(image_path).stem)
    stem = _shortened(stem, LONGEST_NAME_BYTES).rstrip(". ") or "image"
    if _RESERVED_ON_WINDOWS.match(stem):
        stem = f"_{stem}"
    if page:
        stem = f"{stem}-p{page + 1}"
    name, count = stem, 1
    while _as_compared(name) in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(_as_compared(name))
    return name


def _as_compared(name: str) -> str:
    """Windows and macOS take names that differ in case, or in how a letter is composed, for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _shortened(text: str, most_bytes: int) -> str:
    return text.encode("utf-8")[:most_bytes].decode("utf-8", "ignore")
