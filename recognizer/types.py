"""What stays in memory on the way through: frozen values that may hold arrays.

Colour is always RGB, uint8, 0-255. *Ink* is how much strike ink a pixel bears: 0 none, 255 full.
A *score* is raw; a *probability* is calibrated. ``None`` means not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.records import MarkSpec, ScanRecord

Rgb = NDArray[np.uint8]  # (H, W, 3) in the order red, green, blue
Gray = NDArray[np.uint8]  # (H, W)
Ink = NDArray[np.uint8]  # (H, W), 0 no ink .. 255 full ink

RegionKind = Literal["postmark", "handstamp", "stamp", "cachet", "label", "handwriting"]
InkName = Literal["black", "blue", "violet", "red", "green"]


@dataclass(frozen=True, eq=False, slots=True)
class Scan:
    """One decoded image or page, as a person sees it (EXIF turn applied, sRGB)."""

    path: str
    page: int
    pixels: Rgb
    dpi: float | None
    sha256: str  # of the file's bytes
    warnings: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """A cover, card or letter, rectified and upright."""

    pixels: Rgb
    to_scan: Homography  # from this piece's pixels to the scan's
    outline: Points  # (4, 2) on the scan: the piece's top left, top right, bottom right, bottom left
    dpi: float | None  # of ``pixels``
    covers: tuple[Points, ...] = ()  # outlines (4, 2) on the scan of pieces that lie above this one

    @property
    def size_mm(self) -> tuple[float, float] | None:
        if self.dpi is None:
            return None
        height, width = self.pixels.shape[:2]
        return width / self.dpi * 25.4, height / self.dpi * 25.4


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """Something on a piece: where it is and what kind of thing."""

    kind: RegionKind
    box: Box  # on the piece
    outline: Points  # (N, 2) on the piece
    probability: float
    angle_deg: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Survey:
    """What was found on a piece: its regions, the likeliest first, and where on it strike ink lies.

    ``ink`` covers the whole piece at a size of its own, usually a smaller one; None where no network looked.
    ``doubtful``: what may be strikes or nothing, the likeliest first; none lies on a strike of ``regions``.
    """

    regions: tuple[Region, ...]
    ink: Ink | None = None
    doubtful: tuple[Region, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Strike:
    """The impression of a die, cut out: its pixels, its ink, its frame.

    ``frame`` maps the crop's pixels to the plane it was cut from (the piece in ``scan``, the image in
    ``identify``). ``core`` is the strike's own box inside the crop, which is cut with a margin around it.
    """

    pixels: Rgb
    ink: Ink  # same height and width as ``pixels``
    core: Box
    frame: Homography
    dpi: float | None
    ink_name: InkName | None


@dataclass(frozen=True, eq=False, slots=True)
class LearntStrike:
    """A strike a mark was learnt from, as the library keeps it."""

    pixels: Rgb
    core: Box  # the strike's box inside ``pixels``
    date: str | None = None  # ISO, when the teacher gave it


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """A die in the library: its description, its drawing where there is one, the strikes learnt."""

    spec: MarkSpec
    die: Ink | None  # the drawn die or consensus picture, ink on nothing
    strikes: tuple[LearntStrike, ...] = ()

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def described_only(self) -> bool:
        """True when nothing but legends and shape is known: such a mark is recognised by reading."""
        return self.die is None and not self.strikes


@dataclass(frozen=True, eq=False, slots=True)
class Match:
    """One candidate die for a strike."""

    mark: str
    score: float
    probability: float
    pose: Homography | None = None  # from the die's own box (0 to 1 each way) to the strike's crop
    outline: Points | None = None  # (N, 2) in the strike's crop
    laid_on: int | None = None  # number of the mark's learnt strike that the pose is of, None for a drawing
    itself: bool = False  # that strike is this very one, seen again


@dataclass(frozen=True, eq=False, slots=True)
class Identification:
    """What the library says of a strike: the candidates, best first, and whether the best one explains it."""

    known: bool
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match | None:
        return self.matches[0] if self.matches else None

    @property
    def die(self) -> Match | None:
        """The best candidate where it is known."""
        return self.best if self.known else None


@dataclass(frozen=True, slots=True)
class DateAlternative:
    value: str  # ISO date, with ``?`` for a figure not read
    probability: float


@dataclass(frozen=True, slots=True)
class DateReading:
    """What the movable parts say. ``value`` is set only when every figure was read."""

    text: str | None = None  # as on the strike, ``?`` for each unread figure
    value: str | None = None  # ISO date
    probability: float = 0.0
    alternatives: tuple[DateAlternative, ...] = ()
    letter: str | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What the mission stage is told of one strike (or of one text): never pixels."""

    region: str | None  # the region's id, None when asked without an image
    mark: str | None = None  # a library id, ``unknown``, or ``place:NAME``
    mark_probability: float = 1.0
    date: str | None = None  # ISO with ``?`` for figures not read, ``T12`` for an hour
    date_probability: float = 1.0
    date_alternatives: tuple[DateAlternative, ...] = ()
    text: str | None = None  # anything else read: a note, autographs, the words of a cachet
    kind: RegionKind | None = None
    ink_name: InkName | None = None
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    region: str | None
    says: str
    weight: float  # natural log of how much this speaks for the mission (negative: against)


@dataclass(frozen=True, slots=True)
class MissionAlternative:
    id: str
    probability: float


@dataclass(frozen=True, slots=True)
class MissionReading:
    id: str | None
    name: str | None
    event: str | None
    status: Literal["certain", "probable", "undetermined"]
    probability: float
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()
    alternatives: tuple[MissionAlternative, ...] = field(default=())


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """A region of a piece and, where a die made it, what was recognised."""

    id: str
    region: Region
    strike: Strike | None = None
    named: Identification | None = None
    date: DateReading | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Cover:
    """A piece with everything found on it."""

    piece: Piece
    findings: tuple[Finding, ...]
    mission: MissionReading
    ink: Ink | None = None  # of all strikes, over the whole piece, at a size of its own


@dataclass(frozen=True, eq=False, slots=True)
class Examination:
    """A scan examined: its covers, with the pixels that reports may want, and the record of it."""

    scan: Scan
    covers: tuple[Cover, ...]
    record: ScanRecord
