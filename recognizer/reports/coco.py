"""All regions as a COCO data set (Lin et al. 2014, "Microsoft COCO"): boxes and outlines by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from recognizer import __version__
from recognizer.geometry import polygon_area
from recognizer.records import RegionRecord, ScanRecord
from recognizer.reports.words import strike_name
from recognizer.types import RegionKind

KINDS: tuple[str, ...] = get_args(RegionKind)


def coco(records: Iterable[ScanRecord]) -> dict[str, Any]:
    """The data set: ``images``, ``annotations``, ``categories``; names and dates are ``attributes``."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for record in records:
        image = record.image
        images.append(
            {
                "id": len(images) + 1,
                "file_name": image.path,
                "width": image.width,
                "height": image.height,
                "page": image.page,
            }
        )
        for cover in record.covers:
            for region in cover.regions:
                number = len(annotations) + 1
                extra = {"strike": strike_name(image, region.id), "mission": cover.mission.id}
                annotations.append({"id": number, "image_id": len(images)} | _annotation(region, extra))
    return {
        "info": {"description": "Recognised by recognizer", "version": __version__},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": n, "name": kind} for n, kind in enumerate(KINDS, 1)],
    }


def _annotation(region: RegionRecord, extra: dict[str, Any]) -> dict[str, Any]:
    outline = region.outline
    x, y, w, h = region.box
    whole = len(outline) > 2
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    return {
        "category_id": KINDS.index(region.kind) + 1,
        "bbox": list(region.box),
        "segmentation": [[v for point in (outline if whole else corners) for v in point]],
        "area": round(polygon_area(outline) if whole else float(w * h), 1),
        "iscrowd": 0,
        "score": region.probability,
        "attributes": {
            **extra,
            "mark": region.mark.id if region.mark else None,
            "date": region.date.value if region.date else None,
            "ink": region.ink,
        },
    }
