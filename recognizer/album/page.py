"""The album as one HTML page that opens from disk: nothing is fetched, every picture small ones included."""

from __future__ import annotations

import base64
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recognizer.album.catalogue import Catalogue
from recognizer.album.files import FILES
from recognizer.album.look import reasons
from recognizer.album.rows import Entry
from recognizer.files import write_atomically
from recognizer.records import CoverRecord, RegionRecord, ScanRecord
from recognizer.reports.colours import KIND_COLOURS
from recognizer.reports.words import date_words, nearest_mark, percent, region_title, strike_name

PAGE = "album.html"
EMBEDDED = 800  # scans whose pictures fit into the page itself: about 20 MB; beyond, it points to the files
OUTLINE_POINTS = 32  # of a circle: on a thumbnail nobody sees more


def write_page(catalogue: Catalogue, folder: Path) -> Path:
    """Write ``album.html`` into the album's folder and return its path. Raises OutputError."""
    entries = list(catalogue.entries())
    embed = len(entries) <= EMBEDDED
    pages = Counter(entry.paths for entry in entries)
    album = {
        "title": _title(folder.resolve().name),
        "root": _root([path for entry in entries for path in entry.paths]),
        "colours": {kind: "#{:02x}{:02x}{:02x}".format(*c.line) for kind, c in KIND_COLOURS.items()},
        "scans": [_scan(entry, pages[entry.paths], folder, embed) for entry in entries],
    }
    template = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    write_atomically(folder / PAGE, template.replace("@DATA@", _in_html(album)).encode())
    return folder / PAGE


def _title(name: str) -> str:
    return name if "album" in name.casefold() else f"Album {name}"


def _root(paths: Sequence[str]) -> str:
    """The folder that all scans lie in, with the sign that ends it: no line need repeat it."""
    try:
        folder = os.path.commonpath([os.path.dirname(path) for path in paths])
    except ValueError:  # none, or on several drives of Windows
        return ""
    return os.path.join(folder, "")


def _in_html(album: Any) -> str:
    """JSON that no browser can take for the end of the script around it."""
    text = json.dumps(album, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _scan(entry: Entry, pages: int, folder: Path, embed: bool) -> dict[str, Any]:
    record = entry.record
    told: dict[str, Any] = {"paths": entry.paths, "page": entry.page, "pages": pages, "pieces": []}
    if record is None or entry.picture is None:
        return told | {"error": entry.error[1] if entry.error else "not done"}
    return told | {
        "name": Path(entry.paths[0]).name,
        "link": _link(entry.paths[0], folder),
        "width": record.image.width,
        "height": record.image.height,
        "picture": _picture(folder / FILES / entry.picture, folder, embed),
        "pieces": [_piece(record, cover) for cover in record.covers],
    }


def _picture(path: Path, folder: Path, embed: bool) -> str:
    if embed:
        try:
            return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"
        except OSError:
            pass  # somebody took it away: an empty frame says so
    return quote(path.relative_to(folder).as_posix())


def _link(path: str, folder: Path) -> str:
    """The way from the page to the scan itself."""
    try:
        return quote(Path(os.path.relpath(path, folder.resolve())).as_posix(), errors="surrogateescape")
    except ValueError:  # on another drive of Windows
        return Path(path).as_uri()


def _piece(record: ScanRecord, cover: CoverRecord) -> dict[str, Any]:
    mission = cover.mission
    return {
        "outline": _points(cover.outline),
        "mission": mission.id,
        "mission_name": mission.name,
        "event": mission.event,
        "status": mission.status,
        "sure": percent(mission.probability),
        "look": reasons(cover),
        "regions": [_region(record, region) for region in cover.regions],
    }


def _region(record: ScanRecord, region: RegionRecord) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": strike_name(record.image, region.id),
        "kind": region.kind,
        "title": region_title(region),
        "outline": _points(region.outline),
    }
    if region.mark is None:
        return told
    sure = percent(region.mark.probability) if region.mark.known else ""
    return told | {
        "mark": region.mark.id,
        "nearest": nearest_mark(region.mark),
        "date": date_words(region.date),
        "sure": sure,
    }


def _points(outline: Sequence[tuple[float, float]]) -> list[list[int]]:
    step = max(1, len(outline) // OUTLINE_POINTS)
    return [[round(x), round(y)] for x, y in outline[::step]]
