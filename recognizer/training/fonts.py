"""Letter shapes: outlines and kerning in units of the capital height, straight from the font's own tables.

Outlines are read unhinted and unscaled, so the same font file gives the same polygons with every release of
the font engine: a die drawn from the guaranteed set is the same byte for byte everywhere. That set is what
matplotlib carries with it: DejaVu (Latin, Cyrillic, Kazakh) and two older faces for variety.

    face("sans").glyph("Қ").contours      # polygons, x right, y down, baseline at 0, an H is 1 high
    face("sans", bold=True).kern("А", "У")
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.training.glyphs import Glyph, Lettered, Polygon
from recognizer.training.stroke_letters import StrokeFace

# name -> (regular file, bold file, width factor): die cutters squeeze and stretch their letters.
GUARANTEED = {
    "sans": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 1.0),
    "condensed": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0.78),
    "narrow": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0.64),
    "wide": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 1.18),
    "serif": ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", 1.0),
    "mono": ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", 1.0),
    "roman": ("STIXGeneral.ttf", "STIXGeneralBol.ttf", 1.0),
    "gothic": ("cmss10.ttf", "cmss10.ttf", 1.08),  # Latin letters and figures only
    "typewriter": ("cmtt10.ttf", "cmtt10.ttf", 1.0),  # Latin letters and figures only
}
_SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
_SYSTEM_FILES = (  # common faces with Cyrillic: (regular, bold)
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    ("LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf"),
    ("FreeSans.ttf", "FreeSansBold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("PTS55F.ttf", "PTS75F.ttf"),
    ("Roboto-Regular.ttf", "Roboto-Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("times.ttf", "timesbd.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
)
STROKES = "strokes:"
_STEPS_PER_CURVE = 6  # segments for a quarter turn of a letter: under 1 % of its height off the curve


class Face:
    """One font file at one width."""

    def __init__(self, path: Path, width: float = 1.0) -> None:
        from matplotlib.ft2font import FT2Font

        # Before 3.11 matplotlib stretched letters eightfold sideways unless told not to.
        engine: Any = FT2Font
        self._font = engine(str(path), hinting_factor=1) if _matplotlib() < (3, 11) else engine(str(path))
        self._width = width
        self._glyphs: dict[str, Glyph] = {}
        self._kerns: dict[tuple[str, str], float] = {}
        self._cap = 1.0
        self._cap = float(np.ptp(np.concatenate(self.glyph("H").contours)[:, 1]))
        self._glyphs.clear()

    def has(self, letter: str) -> bool:
        """Whether the font draws this letter."""
        return bool(self._font.get_char_index(ord(letter)))

    def glyph(self, letter: str) -> Glyph:
        """The outline of one letter; a letter the font lacks comes from the guaranteed sans."""
        found = self._glyphs.get(letter)
        if found is None:
            found = self._glyphs[letter] = self._read(letter)
        return found

    def kern(self, left: str, right: str) -> float:
        """How much nearer (negative) the pair stands than its advances say, in capital heights."""
        pair = left, right
        if pair not in self._kerns:
            a, b = (self._font.get_char_index(ord(c)) for c in pair)
            raw = self._font.get_kerning(a, b, _unscaled()) if a and b else 0
            self._kerns[pair] = raw / self._cap * self._width
        return self._kerns[pair]

    def _read(self, letter: str) -> Glyph:
        if not self.has(letter) and self is not face("sans"):
            return face("sans").glyph(letter)
        loaded = self._font.load_char(ord(letter), flags=_no_scale())
        points, codes = self._font.get_path()
        scale = np.array([self._width, -1.0]) * 64 / self._cap
        contours = tuple(np.round(c * scale, 6) for c in _flatten(points, codes))
        return Glyph(contours, float(loaded.horiAdvance) / self._cap * self._width, _overlap(contours))


@cache
def _matplotlib() -> tuple[int, ...]:
    import matplotlib

    return tuple(int(part) for part in matplotlib.__version__.split(".")[:2])


@cache
def _flag(group: str, name: str, old_name: str) -> Any:
    """A constant of the font engine, which moved into enumerations with matplotlib 3.10."""
    from matplotlib import ft2font

    home: Any = getattr(ft2font, group, None)
    return getattr(home, name) if home is not None else getattr(ft2font, old_name)


def _no_scale() -> Any:
    return _flag("LoadFlags", "NO_SCALE", "LOAD_NO_SCALE")


def _unscaled() -> Any:
    return _flag("Kerning", "UNSCALED", "KERNING_UNSCALED")


def _flatten(points: NDArray[np.float64], codes: NDArray[np.uint8]) -> Iterator[Polygon]:
    """Turn a path of lines and curves into closed polygons (codes as matplotlib's Path has them)."""
    t = np.linspace(0, 1, _STEPS_PER_CURVE + 1)[1:, None]
    run: list[NDArray[np.float64]] = []
    at = 0
    while at < len(codes):
        code = codes[at]
        if code == 79 or code == 1:  # close, or move on
            if sum(len(r) for r in run) > 2:
                yield np.concatenate(run)
            run = [points[at : at + 1]] if code == 1 else []
            at += 1
        elif code == 3:  # one control point
            a, b, c = run[-1][-1], points[at], points[at + 1]
            run.append((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c)
            at += 2
        elif code == 4:  # two control points
            a, b, c, d = run[-1][-1], points[at], points[at + 1], points[at + 2]
            run.append((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d)
            at += 3
        else:
            run.append(points[at : at + 1])
            at += 1
    if sum(len(r) for r in run) > 2:
        yield np.concatenate(run)


def _overlap(contours: tuple[Polygon, ...]) -> bool:
    """Whether even-odd filling would lose what two same-handed contours both cover (the tail of Қ)."""
    solids = [c for c in contours if _handed(c) == _handed(max(contours, key=lambda k: abs(_signed_area(k))))]
    if len(solids) < 2:
        return False
    lattice = [np.round(c * 200 + 100).astype(np.int32) for c in solids]
    both = np.zeros((500, 700), np.uint8)
    for one in lattice:
        layer = np.zeros_like(both)
        cv2.fillPoly(layer, [one], 1)
        both += layer
    return bool((both > 1).sum() > 20)


def _signed_area(p: Polygon) -> float:
    x, y = p[:, 0], p[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def _handed(p: Polygon) -> bool:
    return _signed_area(p) > 0


def is_hole(contour: Polygon, contours: tuple[Polygon, ...]) -> bool:
    """Whether a contour of a letter runs against its largest one."""
    return _handed(contour) != _handed(max(contours, key=lambda k: abs(_signed_area(k))))


@lru_cache(maxsize=256)
def face(name: str = "sans", bold: bool = False) -> Lettered:
    """A face by its name in ``GUARANTEED``, by the file of a font of this machine, or an engraver's hand.

    Hands are named ``strokes:N``, N any number from 0 on.

    Raises ValueError when there is no such face.
    """
    if name in GUARANTEED:
        import matplotlib

        regular, heavy, width = GUARANTEED[name]
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        return Face(folder / (heavy if bold else regular), width)
    if Path(name).suffix.lower() in (".ttf", ".otf") and Path(name).is_file():
        return Face(Path(name))
    if is_hand(name) and name.removeprefix(STROKES).isdecimal():
        return StrokeFace(int(name.removeprefix(STROKES)), face("sans", bold).glyph)
    raise ValueError(
        f"there is no font {name!r}; use one of {', '.join(GUARANTEED)}, {STROKES}N or a font's file"
    )


def is_hand(name: str) -> bool:
    """Whether a face is an engraver's hand."""
    return name.startswith(STROKES)


def some_hand(rng: np.random.Generator, hands: int = 1_000_000) -> str:
    """The name of a random engraver's hand, one of so many."""
    return f"{STROKES}{int(rng.integers(hands))}"


@cache
def system_faces() -> tuple[str, ...]:
    """Files of well-known fonts with Cyrillic on this machine; often none, and no reference die needs one."""
    home = (
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        if sys.platform == "win32"
        else Path.home() / ".fonts"
    )
    wanted = {name for pair in _SYSTEM_FILES for name in pair}
    found: set[str] = set()
    for folder in (*map(Path, _SYSTEM_FOLDERS), home):
        if folder.is_dir():
            found |= {str(p) for p in folder.rglob("*.[to]tf") if p.name in wanted}
    return tuple(sorted(found))
