"""Albums without recognition: a station that answers from the pixels alone, at once."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from recognizer.album.fingerprint import Fingerprint
from recognizer.album.verdicts import Judge
from recognizer.album.work import Examine
from recognizer.flights import Catalogue
from recognizer.geometry import Box, Homography
from recognizer.records import (
    CoverRecord,
    DateAnswer,
    ImageRecord,
    MarkAnswer,
    MissionRecord,
    RegionRecord,
    ScanRecord,
    Versions,
)
from recognizer.sources.limits import Limits
from recognizer.types import Cover, Examination, Finding, MissionReading, Piece, Region, Scan, Strike

BOX = Box(20, 10, 40, 40)
HANGS, DIES, FAILS = 250, 251, 252  # red of the first pixel that makes the station misbehave


@dataclass(frozen=True)
class Station:
    """Names the mark ``m<red>`` by the red of the first pixel, unknown when odd; misbehaves when told."""

    limits: Limits = field(default_factory=Limits)
    dpi: float | None = None
    seconds: float = 0.0  # each page takes
    log: str | None = None  # a file that gets a line for each page looked at

    def open(self) -> Examine:
        return self._look

    def _look(self, scan: Scan, _: float) -> Examination:
        red = int(scan.pixels[0, 0, 0])
        if self.log:
            with open(self.log, "a", encoding="utf-8") as file:
                name = Path(scan.path).name.encode("ascii", "replace").decode()
                file.write(f"{name} {scan.page}\n")
        time.sleep(self.seconds)
        if red == HANGS:
            time.sleep(600)
        if red == DIES:
            os._exit(7)
        if red == FAILS:
            raise ValueError("odd picture")
        return examination(scan, None if red % 2 else f"m{red}")


def examination(scan: Scan, mark: str | None, box: Box = BOX) -> Examination:
    piece = Piece(scan.pixels, Homography.identity(), np.zeros((4, 2)), 300.0)
    region = Region("postmark", box, box.corners, 0.9)
    ink = np.zeros(scan.pixels.shape[:2], np.uint8)
    strike = Strike(scan.pixels, ink, box, Homography.identity(), 300.0, "black")
    mission = MissionReading(None, None, None, "undetermined", 0.0)
    return Examination(
        scan, (Cover(piece, (Finding("r1", region, strike),), mission),), record(scan, mark, box)
    )


def record(scan: Scan, mark: str | None, box: Box = BOX) -> ScanRecord:
    region = RegionRecord(
        id="r1", kind="postmark", box=box.rounded(), outline=[(20.0, 10.0), (60.0, 10.0), (60.0, 50.0)],
        probability=0.9, ink="black",
        mark=MarkAnswer(id=mark, name=mark and mark.upper(), known=mark is not None, probability=0.9),
        date=DateAnswer(text="12 10 08", value="2008-10-12", probability=0.9),
    )  # fmt: skip
    mission = MissionRecord(
        id="soyuz-tma-13" if mark else None, name="Союз ТМА-13" if mark else None,
        event="launch" if mark else None, status="certain" if mark else "undetermined", probability=0.99,
    )  # fmt: skip
    corners = [(0.0, 0.0), (80.0, 0.0), (80.0, 60.0), (0.0, 60.0)]
    return ScanRecord(
        image=ImageRecord(
            path=scan.path, page=scan.page, width=scan.width, height=scan.height, sha256=scan.sha256
        ),
        covers=[CoverRecord(outline=corners, regions=[region], mission=mission)],
        versions=Versions(recognizer="0"),
    )


def by(library: str = "lib", recipe: str = "recipe", bounds: str = "bounds") -> Fingerprint:
    return Fingerprint(recipe, library, bounds, {"recognizer": "0"})


def judge() -> Judge:
    """Verdicts without a library and without missions."""
    return Judge({}, Catalogue({}, {}, {}, {}, (), {}))


def draw(path: Path, red: int, green: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(red, green).save(path)
    return path


def picture(red: int, green: int = 0) -> Image.Image:
    return Image.new("RGB", (80, 60), (red, green, 0))
