"""All regions in the W3C Web Annotation model (Recommendation of 2017), for IIIF viewers and archives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recognizer import __version__
from recognizer.records import CoverRecord, RegionRecord, ScanRecord
from recognizer.reports.words import date_words, region_title, strike_name


def web_annotations(records: Iterable[ScanRecord]) -> dict[str, Any]:
    """An annotation page: each region with its kind, mark and date, its box and its outline."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:recognizer:album",
        "type": "AnnotationPage",
        "items": [
            _annotation(record, cover, region)
            for record in records
            for cover in record.covers
            for region in cover.regions
        ],
    }


def _annotation(record: ScanRecord, cover: CoverRecord, region: RegionRecord) -> dict[str, Any]:
    words = [region_title(region)]
    if region.date is not None and date_words(region.date):
        words.append(str(date_words(region.date)))
    if region.mark is not None and cover.mission.name:
        words.append(cover.mission.name)
    tags = [region.kind, *([region.mark.id] if region.mark and region.mark.id else [])]
    return {
        "id": f"urn:recognizer:{strike_name(record.image, region.id)}",
        "type": "Annotation",
        "motivation": "identifying",
        "generator": {"type": "Software", "name": f"recognizer {__version__}"},
        "body": [
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "value": ", ".join(words),
            },
            *({"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags),
        ],
        "target": {"source": _source(record), "selector": _selectors(record, region)},
    }


def _source(record: ScanRecord) -> str:
    """The file as an address; a page of a PDF as PDFs name it."""
    path = record.image.path
    address = Path(path).as_uri() if Path(path).is_absolute() else quote(path)
    return f"{address}#page={record.image.page + 1}" if record.image.page else address


def _selectors(record: ScanRecord, region: RegionRecord) -> list[dict[str, str]]:
    found = [
        {
            "type": "FragmentSelector",
            "conformsTo": "http://www.w3.org/TR/media-frags/",
            "value": "xywh=pixel:" + ",".join(map(str, region.box)),
        }
    ]
    if len(region.outline) > 2:
        points = " ".join(f"{x:g},{y:g}" for x, y in region.outline)
        size = f'width="{record.image.width}" height="{record.image.height}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><polygon points="{points}"/></svg>'
        found.append({"type": "SvgSelector", "value": svg})
    return found
