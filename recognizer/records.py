"""What crosses a process or a disk: validated, no arrays, JSON both ways, JSON Schema printed from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
PixelBox = tuple[int, int, int, int]  # x, y, width, height in pixels of the image as shown
Outline = list[tuple[float, float]]
Shape = Literal["circle", "double circle", "oval", "double oval", "rect", "triangle", "frameless", "other"]
Confidence = Literal["high", "medium", "low"]
MARK_ID = r"^[A-Za-z0-9._-]+$"


def _as_unicode(text: str) -> str:
    """File names may hold bytes that are no text; JSON can't, so each such byte becomes U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


FileText = Annotated[str, AfterValidator(_as_unicode)]  # a file's name, or words with one in it


class Record(BaseModel):
    """Base of all records: unknown fields are refused, values can't be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_json(self) -> str:
        """One line of JSON, Cyrillic as it is."""
        return self.model_dump_json(by_alias=True)


# --- scan ---------------------------------------------------------------------------------------------


class ImageRecord(Record):
    path: FileText
    page: int = 0
    width: int | None = None
    height: int | None = None
    dpi: float | None = None
    sha256: str | None = None


class MarkAlternative(Record):
    mark: str
    probability: Probability


class MarkAnswer(Record):
    """The die a region was struck with. ``known`` false: no mark of the library explains it."""

    id: str | None
    name: str | None
    known: bool
    probability: Probability
    alternatives: list[MarkAlternative] = []


class DateAlternativeRecord(Record):
    value: str
    probability: Probability


class DateAnswer(Record):
    """``value`` is null unless every figure was read; ``text`` has ``?`` for each unread one."""

    text: str | None
    value: str | None
    probability: Probability
    alternatives: list[DateAlternativeRecord] = []


class RegionRecord(Record):
    id: str
    kind: Literal["postmark", "handstamp", "stamp", "cachet", "label", "handwriting"]
    box: PixelBox
    outline: Outline
    angle_deg: float = 0.0
    size_mm: tuple[float, float] | None = None
    probability: Probability
    ink: Literal["black", "blue", "violet", "red", "green"] | None = None
    mark: MarkAnswer | None = None
    date: DateAnswer | None = None
    letter: str | None = None


class EvidenceRecord(Record):
    region: str | None
    says: str
    weight: float


class MissionAlternativeRecord(Record):
    id: str
    probability: Probability


class MissionRecord(Record):
    id: str | None
    name: str | None
    event: str | None
    status: Literal["certain", "probable", "undetermined"]
    probability: Probability
    evidence: list[EvidenceRecord] = []
    conflicts: list[str] = []
    alternatives: list[MissionAlternativeRecord] = []


class CoverRecord(Record):
    outline: Outline
    size_mm: tuple[float, float] | None = None
    regions: list[RegionRecord]
    mission: MissionRecord


class Seconds(Record):
    decode: float = 0.0
    segment: float = 0.0
    recognise: float = 0.0
    date: float = 0.0


class Versions(Record):
    recognizer: str
    models: dict[str, str] = {}
    marks: str = ""


class ScanRecord(Record):
    """What ``recognizer scan`` says of one image or page."""

    schema_: Literal["recognizer.scan/1"] = Field(
        default="recognizer.scan/1", validation_alias="schema", serialization_alias="schema"
    )
    image: ImageRecord
    covers: list[CoverRecord]
    warnings: list[str] = []
    seconds: Seconds = Seconds()
    versions: Versions


# --- identify -----------------------------------------------------------------------------------------


class StrikeMatchRecord(Record):
    mark: str
    probability: Probability
    score: float
    outline: Outline | None = None


class StrikeImageRecord(Record):
    path: FileText
    page: int = 0


class StrikeRecord(Record):
    """What ``recognizer identify`` says of one strike."""

    schema_: Literal["recognizer.strike/1"] = Field(
        default="recognizer.strike/1", validation_alias="schema", serialization_alias="schema"
    )
    image: StrikeImageRecord
    box: PixelBox
    known: bool
    matches: list[StrikeMatchRecord]
    date: DateAnswer | None = None
    letter: str | None = None
    ink: Literal["black", "blue", "violet", "red", "green"] | None = None


# --- failures -----------------------------------------------------------------------------------------


class ErrorAnswer(Record):
    code: str
    message: FileText


class ErrorRecord(Record):
    """One input that could not be used."""

    image: ImageRecord
    error: ErrorAnswer


# --- the library --------------------------------------------------------------------------------------


class Names(Record):
    en: str
    ru: str | None = None


class Legend(Record):
    """Words on a die. ``where`` is free text; ``source`` says how we know."""

    text: str
    where: str | None = None
    language: str | None = None
    confidence: Confidence | None = None
    source: str | None = None


class Sourced(Record):
    """A fact and where it is from."""

    value: float
    source: str


class SourcedDate(Record):
    value: str  # ISO
    source: str


class DateZone(Record):
    """Where the movable date stands and how it is written.

    ``zone`` is x, y, width, height as fractions of the die's own box; None when not known.
    ``formats`` use DD, MM, YY, YYYY, HH, ROMAN, MON, for example ``"DD MM YY HH"``. ``covers`` says
    what single described covers show, by mission id.
    """

    movable: bool | None = None
    zone: tuple[float, float, float, float] | None = None
    formats: list[str] = []
    covers: dict[str, str] = {}
    source: str | None = None


class LetterZone(Record):
    """The distinguishing letter (литера) that tells two hammers of one design apart.

    ``seen`` lists the letters known; ``covers`` says which letter single described covers show, by mission.
    """

    zone: tuple[float, float, float, float] | None = None
    seen: list[str] = []
    covers: dict[str, str] = {}
    source: str | None = None


class PictureFile(Record):
    file: str
    sha256: str


class StrikeFile(Record):
    """A learnt impression: its picture in ``strikes/``, its box there, where it came from."""

    file: str
    sha256: str
    core: PixelBox
    date: str | None = None
    origin: str = ""  # file name and box it was cut from
    origin_sha256: str = ""


class MarkSpec(Record):
    """``mark.toml``: everything known about a die except its pixels."""

    id: str = Field(pattern=MARK_ID)
    parent: str | None = None
    name: Names
    kind: Literal["postmark", "handstamp", "label"] = "postmark"
    type: str | None = None  # the collector's word: circular date stamp, pictorial cancel, registered box
    shape: Shape | None = None
    shape_source: str | None = None
    status: Literal["reconstruction", "learnt", "described"]
    place: str | None = None  # baikonur, iss, arkalyk, korolev ...
    legends: list[Legend] = []
    picture_of: str | None = None  # what the die shows, in words
    picture_source: str | None = None
    size_mm: Sourced | None = None  # diameter or longer side
    rings: int | None = None
    inks: list[str] = []
    inks_source: str | None = None
    date: DateZone = DateZone()
    letter: LetterZone | None = None
    first_use: SourcedDate | None = None
    last_use: SourcedDate | None = None
    missions: list[str] = []
    missions_source: str | None = None
    confusable_with: list[str] = []
    note: str | None = None
    die: dict[str, Any] | None = None  # how the press draws it, see training/die.py

    @property
    def years_of_use(self) -> tuple[int, int] | None:
        """The years between which the mark is known to have been used, None where either is not known."""
        if self.first_use is None or self.last_use is None:
            return None
        return int(self.first_use.value[:4]), int(self.last_use.value[:4])

    picture: PictureFile | None = None
    strikes: list[StrikeFile] = []
    licence: str | None = None
