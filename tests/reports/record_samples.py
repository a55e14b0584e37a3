"""Made-up records that the tests of the reports share."""

from __future__ import annotations

import math
from typing import Any

from recognizer.records import (
    CoverRecord,
    DateAlternativeRecord,
    DateAnswer,
    ErrorAnswer,
    ErrorRecord,
    EvidenceRecord,
    ImageRecord,
    MarkAlternative,
    MarkAnswer,
    MissionAlternativeRecord,
    MissionRecord,
    RegionRecord,
    ScanRecord,
    StrikeImageRecord,
    StrikeMatchRecord,
    StrikeRecord,
    Versions,
)

CONFLICT = "r2 says 2003-05-02, on which no mission has an event"


def region(id_: str, kind: Any, box: tuple[int, int, int, int], **answers: Any) -> RegionRecord:
    """A region; postmarks are round, everything else is its box."""
    x, y, w, h = box
    ring = [2 * math.pi * i / 40 for i in range(40)]
    circle = [(x + w / 2 + w / 2 * math.cos(a), y + h / 2 + h / 2 * math.sin(a)) for a in ring]
    corners = [(float(x), float(y)), (x + w, y), (x + w, y + h), (x, y + h)]
    outline = circle if kind == "postmark" else corners
    return RegionRecord(id=id_, kind=kind, box=box, outline=outline, probability=0.9, **answers)


def mission(**changed: Any) -> MissionRecord:
    values: dict[str, Any] = {
        "id": "soyuz-tma-13",
        "name": "Soyuz TMA-13",
        "event": "launch",
        "status": "certain",
        "probability": 0.991,
        "conflicts": [CONFLICT],
        "evidence": [
            EvidenceRecord(region="r1", says="2008-10-12 is its launch day", weight=3.2),
            EvidenceRecord(region=None, says="the faintest reason", weight=0.1),
            EvidenceRecord(region="r2", says="2003-05-02 speaks against it", weight=-0.7),
            EvidenceRecord(region="r1", says="this die was used for launches", weight=1.1),
        ],
        "alternatives": [MissionAlternativeRecord(id="soyuz-tma-12", probability=0.01)],
    }
    return MissionRecord(**(values | changed))


def known(name: str = "Байқоңыр, pictorial", probability: float = 0.974) -> MarkAnswer:
    others = [MarkAlternative(mark="baikonur-text", probability=0.02)]
    return MarkAnswer(
        id="baikonur-pictorial", name=name, known=True, probability=probability, alternatives=others
    )


def unknown() -> MarkAnswer:
    nearest = [MarkAlternative(mark="baikonur-text", probability=0.21)]
    return MarkAnswer(id=None, name=None, known=False, probability=0.21, alternatives=nearest)


def regions() -> list[RegionRecord]:
    """A named strike, an unknown one, one of each other kind, on a cover of 900 x 600 pixels."""
    read = DateAnswer(
        text="12 10 08",
        value="2008-10-12",
        probability=0.95,
        alternatives=[DateAlternativeRecord(value="2008-10-17", probability=0.03)],
    )
    partly = DateAnswer(text="12 10 ??", value=None, probability=0.4)
    return [
        region("r1", "postmark", (550, 60, 130, 130), mark=known(), date=read, ink="black", letter="б"),
        region("r2", "postmark", (300, 300, 110, 110), mark=unknown(), date=partly, ink="violet"),
        region("r3", "handstamp", (450, 450, 210, 45), mark=known("ПОЧТА МКС", 0.66), ink="red"),
        region("r4", "stamp", (720, 40, 130, 170)),
        region("r5", "cachet", (40, 260, 230, 280)),
        region("r6", "label", (500, 300, 150, 70)),
        region("r7", "handwriting", (690, 300, 170, 120)),
    ]


def scan_record(
    path: str = "Конверт [1].jpg", width: int = 900, height: int = 600, **cover: Any
) -> ScanRecord:
    """A scan with one cover that fills it."""
    outline = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    values: dict[str, Any] = {
        "outline": outline,
        "size_mm": (176, 114),
        "regions": regions(),
        "mission": mission(),
    }
    return ScanRecord(
        image=ImageRecord(path=path, width=width, height=height, dpi=300, sha256="0" * 64),
        covers=[CoverRecord(**(values | cover))],
        warnings=["no colour profile"],
        versions=Versions(recognizer="0.1.0", models={"reader": "1"}, marks="abc"),
    )


def strike_record(known: bool = True) -> StrikeRecord:
    nearest = [("tacoma-1", 0.97), ("tacoma-2", 0.02)]
    return StrikeRecord(
        image=StrikeImageRecord(path="letter10.jpg"),
        box=(592, 120, 236, 236),
        known=known,
        matches=[StrikeMatchRecord(mark=m, probability=p, score=p * 0.6) for m, p in nearest],
        date=DateAnswer(text="16 VI 1945", value="1945-06-16", probability=0.9),
        ink="black",
    )


def error_record(path: str = "нет такого.jpg") -> ErrorRecord:
    return ErrorRecord(
        image=ImageRecord(path=path),
        error=ErrorAnswer(code="not-found", message=f"{path}: there is no such file. Check its spelling."),
    )
