"""Teaching: a mark from one or more strikes of it, or from a description alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recognizer.errors import UsageError
from recognizer.geometry import Box
from recognizer.imaging.shrink import shrunk
from recognizer.records import DateZone, Legend, MarkSpec, Names, Shape
from recognizer.sources.kit import Kit
from recognizer.sources.marks import Library, Origin, save_mark
from recognizer.stages.identify import index_marks
from recognizer.stages.learn import Standing, consensus, infer_date_zone, nearest
from recognizer.types import Ink, LearntStrike, Scan

MARGIN = 0.15  # of the longer side, kept around a learnt strike: its box may be a little off
ZONE_SOURCE = "where the learnt strikes differ"  # a zone found so is looked for again with each new strike
LONGEST_SIDE = 800  # pixels kept of a learnt strike: 600 dpi of a 30 mm dial, with its margin


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """One strike to learn from: where it is and the date it shows, when the teacher says."""

    scan: Scan
    box: Box
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What the teacher says of the mark; None and empty mean nothing is said."""

    name: str | None = None
    kind: str | None = None
    shape: Shape | None = None
    legends: Sequence[str] = field(default=())


def teach(
    mark_id: str, lessons: Sequence[Lesson], told: Description, library: Library, folder: Path
) -> MarkSpec:
    """Add a mark to the library in ``folder``, or strikes to a mark of that id; returns its card.

    A mark known only by its description needs a legend. Raises UsageError when there is neither a strike nor
    a legend, KitError or OutputError when the library there is broken or can't be written.
    """
    known = library.specs.get(mark_id)
    if not lessons and not told.legends and known is None:
        raise UsageError(
            "nothing-to-learn",
            f"{mark_id}: nothing was given to know the mark by.",
            "Name a picture of a strike, or describe the mark with --legend TEXT.",
        )
    spec = _card(mark_id, bool(lessons), told, known)
    adds = known is not None and not (folder / mark_id).exists()
    strikes = [_learnt(lesson) for lesson in lessons]
    if not adds:
        spec = _dated(spec, [*_known_strikes(mark_id, library), *strikes])
    save_mark(
        folder,
        spec,
        die=None if adds else _picture(mark_id, strikes, library),
        strikes=strikes,
        origins=[_origin(lesson) for lesson in lessons],
        adds=adds,
        told=_told(told),
    )
    return spec


def nearest_other(mark_id: str, lessons: Sequence[Lesson], kit: Kit) -> Standing | None:
    """The other mark of the library that the strikes are most likely taken for."""
    others = [kit.library.marks[other] for other in kit.library.specs if other != mark_id]
    index = index_marks(others, kit.models.get("strike-matcher"), kit.models.get("strike-calibration"))
    return nearest([_learnt(lesson) for lesson in lessons], index)


def _picture(mark_id: str, new: Sequence[LearntStrike], library: Library) -> Ink | None:
    """What all strikes of a learnt mark agree on; None for a single one or where they don't fit."""
    known = library.specs.get(mark_id)
    if known is not None and known.status != "learnt":
        return None  # a drawn die stays as it was drawn
    agreed = consensus([*_known_strikes(mark_id, library), *new])
    return agreed.picture if agreed else None


def _known_strikes(mark_id: str, library: Library) -> Sequence[LearntStrike]:
    return library.marks[mark_id].strikes if mark_id in library.specs else ()


def _dated(spec: MarkSpec, strikes: Sequence[LearntStrike]) -> MarkSpec:
    """The card with the place where the strikes' dates differ, unless somebody else has said where it is."""
    date = spec.date
    if len(strikes) < 2 or date.movable is False or (date.zone and date.source != ZONE_SOURCE):
        return spec
    zone = infer_date_zone(strikes)
    if zone is None:
        return spec
    x, y, w, h = (round(v, 3) for v in zone)
    new = date.model_copy(update={"zone": (x, y, w, h), "source": ZONE_SOURCE})
    return spec.model_copy(update={"date": new})


def _told(told: Description) -> list[str]:
    """The fields of a card that the teacher gave."""
    given = {"name": told.name, "kind": told.kind, "shape": told.shape, "legends": told.legends}
    return [field for field, value in given.items() if value]


def _card(mark_id: str, seen: bool, told: Description, known: MarkSpec | None) -> MarkSpec:
    """The mark's card: what was known, with what is told now put over it."""
    update: dict[str, object] = {}
    if told.name is not None:
        update["name"] = Names(en=told.name, ru=known.name.ru if known else None)
    if told.kind is not None:
        update["kind"] = told.kind
    if told.shape is not None:
        update["shape"] = told.shape
    if told.legends:
        said = [Legend(text=text, source="the user's description") for text in told.legends]
        before = known.legends if known else []
        update["legends"] = [*before, *(x for x in said if x.text not in {old.text for old in before})]
    if seen:
        update["status"] = "learnt"
    base = known or MarkSpec(
        id=mark_id, name=Names(en=mark_id), status="learnt" if seen else "described", date=DateZone()
    )
    return base.model_copy(update=update)


def _learnt(lesson: Lesson) -> LearntStrike:
    """The strike cut out with a margin, never larger than is useful."""
    scan = lesson.scan
    around = lesson.box.grown(MARGIN * max(lesson.box.w, lesson.box.h)).clipped(scan.width, scan.height)
    x, y, w, h = around.rounded()
    pixels = scan.pixels[y : y + h, x : x + w]
    factor = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
    core = Box(lesson.box.x - x, lesson.box.y - y, lesson.box.w, lesson.box.h)
    size = max(round(pixels.shape[1] * factor), 1), max(round(pixels.shape[0] * factor), 1)
    small = shrunk(pixels, *size)
    inside = core.scaled(factor).clipped(small.shape[1], small.shape[0])
    return LearntStrike(small, inside, lesson.date)


def _origin(lesson: Lesson) -> Origin:
    box = ",".join(str(v) for v in lesson.box.rounded())
    return Origin(f"{Path(lesson.scan.path).name}:{box}", lesson.scan.sha256)
