"""A labelled folder: ``regions.json``, ``identity.json``, ``missions.json``, any of them, by the images."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.errors import InputError, UsageError
from recognizer.geometry import Box

_REMEDY = "'recognizer synthesize --out DIR' shows how label files look."


@dataclass(frozen=True, slots=True)
class LabelledStrike:
    """What a person, or who drew it, says of a strike. ``visible``: share of it that can be seen, 0-1."""

    image: str
    box: Box
    mark: str
    item: str
    date: str | None = None
    ink: str | None = None
    visible: float | None = None
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledRegion:
    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Labels:
    """``regions`` and ``ignored`` by image; ``missions`` by image, of images with a single piece."""

    folder: Path
    strikes: tuple[LabelledStrike, ...]
    regions: Mapping[str, tuple[LabelledRegion, ...]]
    ignored: Mapping[str, tuple[Box, ...]]
    missions: Mapping[str, str | None]

    @property
    def images(self) -> list[str]:
        """Every image that says something as a whole."""
        return sorted({*self.regions, *self.missions})


def read_labels(folder: Path) -> Labels:
    """Read a labelled folder. Raises UsageError when there are no labels, InputError for a broken file."""
    identity, regions, missions = (_read(folder / f"{n}.json") for n in ("identity", "regions", "missions"))
    if identity is None and regions is None and missions is None:
        raise UsageError("no-labels", f"{folder}: neither identity.json nor regions.json is there.", _REMEDY)
    try:
        strikes = tuple(_strike(group, s) for group in identity or () for s in group["strikes"])
        found = {
            image: tuple(LabelledRegion(r["kind"], _box(r["box"])) for r in told["regions"])
            for image, told in (regions or {}).items()
        }
        ignored = {image: tuple(map(_box, told.get("ignore", ()))) for image, told in (regions or {}).items()}
        single = {
            image: told.get("mission")
            for image, told in (missions or {}).items()
            if len(told.get("pieces", (1,))) == 1
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "broken-labels", f"{folder}: a label is not as it should be ({error!r}).", _REMEDY
        ) from None
    return Labels(folder, strikes, found, ignored, single)


def _strike(group: Mapping[str, Any], s: Mapping[str, Any]) -> LabelledStrike:
    return LabelledStrike(
        s["image"], _box(s["box"]), group["group"], s.get("item") or s["image"], s.get("date"), s.get("ink"),
        s.get("visible"), s.get("shape"),
    )  # fmt: skip


def _box(numbers: Any) -> Box:
    x, y, w, h = map(float, numbers)
    return Box(x, y, w, h)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError("broken-labels", f"{path}: can't be read ({error}).", _REMEDY) from None
