"""A group of unnamed strikes gets its name: the mark is learnt, the rest of the album is answered again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue
from recognizer.album.files import FILES
from recognizer.album.groups import Group, Unnamed, close_named, last_act, restore, unnamed
from recognizer.album.look import DOUBTFUL_NAME
from recognizer.album.rows import Cut, cuts_of
from recognizer.album.thresholds import kept as kept_trust
from recognizer.album.unknowns import load
from recognizer.album.verdicts import Judge, give_verdict, verdicts_on
from recognizer.errors import UsageError
from recognizer.geometry import Box
from recognizer.pipeline import Bench, name_strike
from recognizer.records import (
    CoverRecord,
    MarkAlternative,
    MarkAnswer,
    RegionRecord,
    ScanRecord,
    StrikeRecord,
)
from recognizer.reports.words import strike_name
from recognizer.sources.kit import Kit
from recognizer.sources.marks import Library
from recognizer.teach import Description, Lesson, teach
from recognizer.types import Scan

LEARNT = 24  # strikes of a group a mark is made from: more cost time with every question and add nothing
UNDO = ".undo"  # below the album's files: marks as they were before


@dataclass(frozen=True, slots=True)
class Named:
    """What naming a group did."""

    mark: str
    learnt: int  # strikes the mark was made from
    asked: int  # further strikes that were answered again
    changed: int  # of them, those whose answer is another now


def name_group(
    catalogue: Catalogue,
    folder: Path,
    group: Group,
    mark_id: str,
    told: Description,
    library: Library,
    target: Path,
    reopen: Callable[[], Kit],
) -> Named:
    """Make the mark from the group's strikes, in the library folder ``target``, and use it on the album.

    ``library`` is what was known before; ``reopen`` opens the kit with the mark in it. The group's
    strikes are verdicts from now on; strikes without a sure name are answered again from their pictures.
    """
    strikes = unnamed(catalogue)
    lessons = []
    for strike in [strikes[s] for s in group.strikes][:LEARNT]:
        picture = load(strike, folder)
        if picture is not None:
            scan = Scan(f"strike {strike.id}", strike.page, picture.pixels, strike.cut.dpi, strike.sha256)
            lessons.append(Lesson(scan, picture.core, strike.date if _whole(strike.date) else None))
    if not lessons:
        raise UsageError(
            "no-pictures", f"The pictures of group {group.id} are gone.", "Make the album again."
        )
    kept = _keep_old(target / mark_id, folder)
    teach(mark_id, lessons, told, library, target)
    kit = reopen()
    judge = Judge(kit.library.specs, kit.catalogue, kept_trust(catalogue))
    changed, asked, old = _answer_again(catalogue, folder, Bench.of(kit), judge, set(group.strikes))
    for strike_id in group.strikes:
        give_verdict(catalogue, strike_id, "mark", mark_id, judge)
    _now_by(catalogue, library.version, kit.library.version)
    before = {
        "strikes": list(group.strikes), "records": old, "home": str(target / mark_id), "kept": kept,
        "versions": [library.version, kit.library.version],
    }  # fmt: skip
    close_named(catalogue, group, mark_id, before)
    return Named(mark_id, len(lessons), asked, changed)


def take_back(catalogue: Catalogue, folder: Path, judge: Callable[[], Judge]) -> str:
    """Undo the last thing done to the groups, a naming with all that followed from it; says what it was."""
    act, what, before = last_act(catalogue)
    if what == "name":
        home = Path(before["home"])
        shutil.rmtree(home, ignore_errors=True)
        if before["kept"]:
            shutil.copytree(folder / FILES / UNDO / before["kept"], home)
        judged = judge()
        for text in before["records"]:
            record = ScanRecord.model_validate_json(text)
            catalogue.replace_answer(record, _judged(record, catalogue, judged))
        for strike in before["strikes"]:
            give_verdict(catalogue, strike, None, None, judged)
        _now_by(catalogue, before["versions"][1], before["versions"][0])
    restore(catalogue, act, before)
    return what


def _whole(date: str | None) -> bool:
    return date is not None and len(date) == 10 and date[4] == "-" and "?" not in date


def _keep_old(home: Path, folder: Path) -> str | None:
    """A copy of a mark as it is, for taking back; None when it is new."""
    if not home.is_dir():
        return None
    kept = folder / FILES / UNDO
    kept.mkdir(exist_ok=True)
    name = f"{home.name}-{len(list(kept.iterdir()))}"
    shutil.copytree(home, kept / name)
    return name


def _answer_again(
    catalogue: Catalogue, folder: Path, bench: Bench, judge: Judge, but: set[str]
) -> tuple[int, int, list[str]]:
    """Ask for every strike without a sure name: how many changed, how many were asked, the old records."""
    changed = asked = 0
    old = []
    for sha256, page, text in _open_pages(catalogue):
        record = ScanRecord.model_validate_json(text)
        with catalogue.transaction() as connection:
            cuts = cuts_of(connection, sha256, page)
        covers = []
        for cover in record.covers:
            new, touched, tried = _cover_again(record, cover, cuts, folder, bench, but)
            asked, changed = asked + tried, changed + touched
            covers.append(judge.with_mission(new) if touched else cover)
        if any(new is not cover for new, cover in zip(covers, record.covers, strict=True)):
            old.append(text)
            record = record.model_copy(update={"covers": covers})
            catalogue.replace_answer(record, _judged(record, catalogue, judge))
    return changed, asked, old


def _cover_again(
    record: ScanRecord, cover: CoverRecord, cuts: Mapping[str, Cut], folder: Path, bench: Bench, but: set[str]
) -> tuple[CoverRecord, int, int]:
    """The cover with its open strikes asked for again; how many changed, how many were asked."""
    regions, touched, tried = [], 0, 0
    for region in cover.regions:
        name = strike_name(record.image, region.id)
        cut = cuts.get(region.id)
        new = region
        if _is_open(region) and name not in but and cut is not None:
            sha256 = record.image.sha256 or ""
            picture = load(Unnamed(name, sha256, record.image.page, region.id, None, None, cut), folder)
            if picture is not None:
                tried += 1
                scan = Scan(name, record.image.page, picture.pixels, cut.dpi, sha256)
                new = _renamed(region, name_strike(scan, Box(*map(float, cut.core)), bench), bench.kit)
        touched += _mark_of(new) != _mark_of(region)
        regions.append(new if _mark_of(new) != _mark_of(region) else region)
    return cover.model_copy(update={"regions": regions}), touched, tried


def _open_pages(catalogue: Catalogue) -> list[tuple[str, int, str]]:
    """The pages with a strike that has no sure name."""
    s, r = schema.scans.c, schema.regions.c
    query = (
        select(s.sha256, s.page, s.record)
        .join_from(schema.regions, schema.pieces)
        .join(schema.scans)
        .where(r.struck, r.mark.is_(None) | (r.mark_probability < DOUBTFUL_NAME))
        .distinct()
        .order_by(s.sha256, s.page)
    )
    with catalogue.transaction() as connection:
        return [(row.sha256, row.page, row.record) for row in connection.execute(query)]


def _is_open(region: RegionRecord) -> bool:
    return region.mark is not None and (not region.mark.known or region.mark.probability < DOUBTFUL_NAME)


def _mark_of(region: RegionRecord) -> str | None:
    return region.mark.id if region.mark else None


def _renamed(region: RegionRecord, said: StrikeRecord, kit: Kit) -> RegionRecord:
    """The region with a new answer."""
    best = said.matches[0] if said.matches else None
    if best is None:
        return region
    rest = said.matches[1:] if said.known else said.matches
    mark = MarkAnswer(
        id=best.mark if said.known else None,
        name=kit.library.specs[best.mark].name.en if said.known else None,
        known=said.known,
        probability=best.probability,
        alternatives=[MarkAlternative(mark=m.mark, probability=m.probability) for m in rest],
    )
    return region.model_copy(update={"mark": mark, "date": said.date, "letter": said.letter})


def _judged(record: ScanRecord, catalogue: Catalogue, judge: Judge) -> ScanRecord | None:
    return judge.answer(record, verdicts_on(catalogue, record.image.sha256 or "", record.image.page))


def _now_by(catalogue: Catalogue, old: str, new: str) -> None:
    """What the library as it was had answered counts as answered by the library as it is."""
    s = schema.scans
    with catalogue.transaction() as connection:
        connection.execute(s.update().where(s.c.library == old, s.c.status == "done").values(library=new))
