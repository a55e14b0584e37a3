"""What people say of strikes: kept by the place on the picture, and applied to every answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sqlalchemy import delete, select

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue
from recognizer.album.thresholds import Trust, trusted
from recognizer.errors import UsageError
from recognizer.flights import Catalogue as Missions
from recognizer.geometry import Box
from recognizer.records import CoverRecord, MarkAnswer, MarkSpec, RegionRecord, ScanRecord
from recognizer.reports.mission import mission_record
from recognizer.reports.words import strike_name
from recognizer.stages.mission import suggest_mission
from recognizer.types import DateAlternative, Observation

Says = Literal["mark", "unknown", "not-a-strike"]
SAME_PLACE = 0.5  # intersection over union from which two boxes are of one strike


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of the strike in a box of a page; ``mark`` when it names one."""

    box: Box
    says: Says
    mark: str | None = None


@dataclass(frozen=True)
class Judge:
    """Applies verdicts to records: the strikes' names, then the mission that follows from them."""

    specs: Mapping[str, MarkSpec]
    missions: Missions
    trust: Trust | None = None  # how far the program's own answers go, where verdicts have shown it

    def answer(self, record: ScanRecord, verdicts: Sequence[Verdict]) -> ScanRecord | None:
        """The record with verdicts and trust applied; None when it stays as it is."""
        by_region = _assigned(record, verdicts)
        if not by_region and self.trust is None:
            return None
        covers = [self._cover(cover, by_region) for cover in record.covers]
        return None if covers == record.covers else record.model_copy(update={"covers": covers})

    def _cover(self, cover: CoverRecord, by_region: Mapping[str, Verdict]) -> CoverRecord:
        regions = [
            self._region(region, by_region.get(region.id))
            for region in cover.regions
            if region.id not in by_region or by_region[region.id].says != "not-a-strike"
        ]
        if regions == cover.regions:
            return cover
        changed = cover.model_copy(update={"regions": regions})
        return changed if _names(regions) == _names(cover.regions) else self.with_mission(changed)

    def _region(self, region: RegionRecord, verdict: Verdict | None) -> RegionRecord:
        if region.mark is None:
            return region
        if verdict is None:
            mark = region.mark if self.trust is None else trusted(region.mark, self.trust, self._names)
        elif verdict.says == "unknown":
            mark = MarkAnswer(id=None, name=None, known=False, probability=0.0)
        else:
            name = self._names.get(verdict.mark or "", verdict.mark)
            mark = MarkAnswer(id=verdict.mark, name=name, known=True, probability=1.0)
        return region.model_copy(update={"mark": mark})

    @cached_property
    def _names(self) -> dict[str, str]:
        return {mark_id: spec.name.en for mark_id, spec in self.specs.items()}

    def with_mission(self, cover: CoverRecord) -> CoverRecord:
        """The cover with the mission that its strikes, as they are named now, speak for."""
        seen = [_observation(region) for region in cover.regions if region.mark is not None]
        reading = suggest_mission(seen, self.missions, self.specs)
        return cover.model_copy(update={"mission": mission_record(reading)})


def answer_all(catalogue: Catalogue, judge: Judge) -> int:
    """Apply verdicts and trust to every record of the album; how many answers changed."""
    s = schema.scans.c
    with catalogue.transaction() as connection:
        pages = connection.execute(select(s.sha256, s.page).where(s.status == "done")).all()
    changed = 0
    for sha256, page in pages:
        with catalogue.transaction() as connection:
            row = connection.execute(
                select(s.record, s.answer).where(s.sha256 == sha256, s.page == page)
            ).one()
        record = ScanRecord.model_validate_json(row.record)
        answer = judge.answer(record, verdicts_on(catalogue, sha256, page))
        if (answer.to_json() if answer else None) != row.answer:
            changed += 1
            catalogue.replace_answer(record, answer)
    return changed


def verdicts_on(catalogue: Catalogue, sha256: str, page: int) -> list[Verdict]:
    """What was said of the strikes of a page; of several on one place the last."""
    v = schema.verdicts.c
    with catalogue.transaction() as connection:
        rows = connection.execute(
            select(schema.verdicts).where(v.sha256 == sha256, v.page == page).order_by(v.id)
        ).all()
    return [Verdict(Box(r.x, r.y, r.w, r.h), r.says, r.mark) for r in rows]


def give_verdict(
    catalogue: Catalogue, strike: str, says: Says | None, mark: str | None, judge: Judge
) -> None:
    """Keep what a person says of a strike and answer its page anew; ``says`` None takes it back.

    Raises UsageError when the album has no such strike.
    """
    record, region = find_strike(catalogue, strike)
    box = Box(*region.box)
    sha256, page = record.image.sha256 or "", record.image.page
    best = _first_thought(region)
    v = schema.verdicts
    with catalogue.transaction() as connection:
        same = (v.c.sha256 == sha256, v.c.page == page)
        for row in connection.execute(select(v).where(*same)).all():
            if box.iou(Box(row.x, row.y, row.w, row.h)) >= SAME_PLACE:
                connection.execute(delete(v).where(v.c.id == row.id))
        if says is not None:
            x, y, w, h = region.box
            connection.execute(
                v.insert().values(
                    sha256=sha256, page=page, x=x, y=y, w=w, h=h, says=says, mark=mark,
                    at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                    answered=best[0], answered_probability=best[1],
                )
            )  # fmt: skip
    catalogue.replace_answer(record, judge.answer(record, verdicts_on(catalogue, sha256, page)))


def find_strike(catalogue: Catalogue, strike: str) -> tuple[ScanRecord, RegionRecord]:
    """The record, as recognised, on which a strike is, and the strike's region.

    Raises UsageError when the album has no such strike, or only something there that no die made.
    """
    content, *_ = strike.split("-")
    s = schema.scans.c
    with catalogue.transaction() as connection:
        rows = connection.execute(select(s.record).where(s.sha256.like(f"{_plain(content)}%"))).all()
    for row in rows:
        record = ScanRecord.model_validate_json(row.record) if row.record else None
        for cover in record.covers if record else ():
            for region in cover.regions:
                if record and region.mark is not None and strike_name(record.image, region.id) == strike:
                    return record, region
    raise UsageError(
        "no-strike", f"The album has no strike {strike!r}.", "Its page and its table name them all."
    )


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum()) or "-"


def _first_thought(region: RegionRecord) -> tuple[str | None, float | None]:
    """The mark the program had thought of first, and how surely."""
    mark = region.mark
    if mark is None or mark.known:
        return (mark.id, mark.probability) if mark else (None, None)
    best = max(mark.alternatives, key=lambda a: a.probability, default=None)
    return (best.mark, best.probability) if best else (None, None)


def _names(regions: Sequence[RegionRecord]) -> list[tuple[str, str | None]]:
    return [(region.id, region.mark.id if region.mark else None) for region in regions]


def _assigned(record: ScanRecord, verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """By region id the verdict on it: later verdicts count more."""
    struck = [region for cover in record.covers for region in cover.regions if region.mark is not None]
    found = {}
    for verdict in verdicts:
        overlaps = {region.id: verdict.box.iou(Box(*region.box)) for region in struck}
        best = max(overlaps, key=lambda key: overlaps[key], default=None)
        if best is not None and overlaps[best] >= SAME_PLACE:
            found[best] = verdict
    return found


def _observation(region: RegionRecord) -> Observation:
    """What the mission stage is told of a strike, from its record."""
    mark, date = region.mark, region.date
    partial = [a.value for a in date.alternatives if "?" in a.value] if date else []
    return Observation(
        region=region.id,
        mark=mark.id if mark and mark.known else "unknown",
        mark_probability=mark.probability if mark and mark.known else 1.0,
        date=(date.value or (partial[0] if partial else None)) if date else None,
        date_probability=date.probability if date else 0.0,
        date_alternatives=tuple(DateAlternative(a.value, a.probability) for a in date.alternatives)
        if date
        else (),
        kind=region.kind,
        ink_name=region.ink,
        letter=region.letter,
    )
