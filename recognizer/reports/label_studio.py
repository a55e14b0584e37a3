"""Answers as predictions for Label Studio: tasks to import, and the labelling interface they fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from recognizer.records import RegionRecord, ScanRecord
from recognizer.reports.coco import KINDS
from recognizer.reports.words import strike_name

INTERFACE = f"""<View>
  <Image name="image" value="$image" zoom="true"/>
  <RectangleLabels name="kind" toName="image">
    {"".join(f'<Label value="{kind}"/>' for kind in KINDS)}
  </RectangleLabels>
  <TextArea name="mark" toName="image" perRegion="true" placeholder="id of the mark"/>
  <TextArea name="date" toName="image" perRegion="true" placeholder="YYYY-MM-DD"/>
</View>
"""


def label_studio(records: Iterable[ScanRecord]) -> list[dict[str, Any]]:
    """One task an image, with every region as a prediction to accept or mend.

    ``image`` is the file's path: serve the folder as local storage of Label Studio.
    """
    return [_task(record) for record in records if record.image.width and record.image.height]


def _task(record: ScanRecord) -> dict[str, Any]:
    regions = [region for cover in record.covers for region in cover.regions]
    return {
        "data": {"image": record.image.path, "page": record.image.page},
        "predictions": [
            {
                "model_version": f"recognizer {record.versions.recognizer}",
                "score": min((r.probability for r in regions), default=0.0),
                "result": [part for region in regions for part in _result(record, region)],
            }
        ],
    }


def _result(record: ScanRecord, region: RegionRecord) -> list[dict[str, Any]]:
    """The box with its kind, then what is written to it; Label Studio joins them by their id."""
    width, height = record.image.width or 1, record.image.height or 1
    x, y, w, h = region.box
    place = {  # in percent
        "x": round(100 * x / width, 4), "y": round(100 * y / height, 4),
        "width": round(100 * w / width, 4), "height": round(100 * h / height, 4), "rotation": 0,
    }  # fmt: skip
    base = {
        "id": strike_name(record.image, region.id), "to_name": "image",
        "original_width": width, "original_height": height, "image_rotation": 0,
    }  # fmt: skip
    kind = place | {"rectanglelabels": [region.kind]}
    parts = [
        base | {"from_name": "kind", "type": "rectanglelabels", "score": region.probability, "value": kind}
    ]
    told = {"mark": region.mark and region.mark.id, "date": region.date and region.date.value}
    for name, text in told.items():
        if text:
            parts.append(base | {"from_name": name, "type": "textarea", "value": place | {"text": [text]}})
    return parts
