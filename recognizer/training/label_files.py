"""Label files of drawn scans, in the form of the labelled real sets.

``identity.json``: dies, each with its words and its strikes (image, box, date, piece). ``regions.json``: the
stamps, postmarks, hand stamps, cachets and labels of each image, with ``ignore`` boxes for killers.
``missions.json``: mission and event of each image, with its pieces where there are several.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recognizer.geometry import Box, as_pairs
from recognizer.training.covers import Composed
from recognizer.training.designs import Design
from recognizer.training.sheet import RegionTruth

LABELLED = ("postmark", "handstamp", "stamp", "cachet", "label")
_SMALLEST_PX = 10  # a strike of which less is on the picture is not asked for


class Labels:
    """Labels gathered picture by picture, written once."""

    def __init__(self) -> None:
        self._dies: dict[str, dict[str, Any]] = {}
        self._regions: dict[str, Any] = {}
        self._missions: dict[str, Any] = {}

    def add(self, image: str, scene: Composed) -> None:
        """Take over the truth of one picture."""
        height, width = scene.ink.shape
        self._regions[image] = {
            "size": [width, height],
            "regions": [{"kind": r.kind, "box": _box(r.box)} for r in scene.regions if _counts(r)],
            "ignore": [_box(Box.around(p).clipped(width, height)) for p in scene.ignore],
            "note": "",
        }
        pieces = []
        for number, piece in enumerate(scene.pieces):
            item = image if len(scene.pieces) == 1 else f"{image}#{chr(ord('a') + number)}"
            pieces.append(
                {
                    "item": item,
                    "outline": as_pairs(piece.outline),
                    "mission": piece.mission,
                    "event": piece.event,
                }
            )
            for region in (scene.regions[i] for i in piece.regions):
                if region.design is not None and region.kind in ("postmark", "handstamp") and _counts(region):
                    self._strike(image, item, region, region.design)
        first = pieces[0] if len({p["mission"] for p in pieces}) == 1 else {"mission": None, "event": None}
        self._missions[image] = {"mission": first["mission"], "event": first["event"], "pieces": pieces}

    def _strike(self, image: str, item: str, region: RegionTruth, design: Design) -> None:
        die = self._dies.setdefault(design.id, {"group": design.id, "die": _die(design), "strikes": []})
        date = region.wheels.date if region.wheels else None
        die["strikes"].append(
            {
                "image": image,
                "box": _box(region.box),
                "date": date.iso if date else None,
                "shape": design.shape,
                "note": "",
                "item": item,
                "text": date.text if date else None,
                "letter": region.wheels.letter if region.wheels else None,
                "number": region.wheels.number if region.wheels else None,
                "ink": region.ink_name,
                "angle_deg": round(region.angle_deg, 1),
                "visible": round(region.visible, 2),
            }
        )

    def write(self, folder: Path) -> None:
        """Write the three files, each whole or not at all."""
        _write(folder / "identity.json", list(self._dies.values()))
        _write(folder / "regions.json", self._regions)
        _write(folder / "missions.json", self._missions)


def _counts(region: RegionTruth) -> bool:
    return region.kind in LABELLED and min(region.box.w, region.box.h) >= _SMALLEST_PX


def _box(box: Box) -> list[int]:
    return list(box.rounded())


def _die(design: Design) -> dict[str, Any]:
    """The die as a specialist would transcribe it."""
    elements = design.spec["element"]
    places = {"arc_text": "ring", "ellipse_text": "ring", "text": "line"}
    return {
        "legends": [{"text": e["text"], "where": places[e["kind"]]} for e in elements if e.get("text")],
        "shape": design.shape,
        "rings": sum(e["kind"] in ("circle", "ellipse") for e in elements),
        "picture": next((e["kind"] for e in elements if e["kind"] in ("picture", "drawing")), None),
        "date_format": design.formats[0][0] if design.formats else None,
        "kind": design.kind,
        "sure": True,
        "note": f"drawn, family {design.family}",
    }


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    draft = path.with_suffix(".part")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
