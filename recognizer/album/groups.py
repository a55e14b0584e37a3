"""Groups of unnamed strikes, and what people do with them: merge, split, ignore, take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue, now
from recognizer.album.rows import Cut
from recognizer.errors import UsageError

OPEN, IGNORED, NAMED = "open", "ignored", "named"


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A strike that no mark explains: where it is, what was read, its picture."""

    id: str
    sha256: str
    page: int
    region: str
    date: str | None
    ink: str | None
    cut: Cut


@dataclass(frozen=True, slots=True)
class Group:
    """Strikes of one die, as far as known. ``says``: what its legends say."""

    id: int
    state: str
    mark: str | None
    says: str | None
    strikes: tuple[str, ...]


def unnamed(catalogue: Catalogue) -> dict[str, Unnamed]:
    """Every strike no mark explains, by its name."""
    r, s, c = schema.regions.c, schema.scans.c, schema.crops.c
    query = (
        select(r.id, s.sha256, s.page, r.number, r.date, r.date_text, r.ink, c.file, c.core, c.dpi)
        .join_from(schema.regions, schema.pieces)
        .join(schema.scans)
        .join(
            schema.crops,
            (c.sha256 == s.sha256) & (c.page == s.page) & (c.region == r.number),
        )
        .where(r.struck, r.mark.is_(None))
        .order_by(r.id)
    )
    with catalogue.transaction() as connection:
        rows = connection.execute(query).all()
    return {
        row.id: Unnamed(
            row.id, row.sha256, row.page, row.number, row.date or row.date_text, row.ink,
            Cut(row.file, tuple(row.core), row.dpi),
        )
        for row in rows
    }  # fmt: skip


def groups_of(catalogue: Catalogue, state: str | None = OPEN) -> list[Group]:
    """The groups, the largest first; ``state`` None: all. Strikes that have a name by now are left out."""
    with catalogue.transaction() as connection:
        found = _groups(connection)
    still = unnamed(catalogue)
    shown = []
    for group in found:
        if state is not None and group.state != state:
            continue
        strikes = tuple(s for s in group.strikes if s in still or group.state == NAMED)
        if strikes:
            shown.append(Group(group.id, group.state, group.mark, group.says, strikes))
    return sorted(shown, key=lambda g: (-len(g.strikes), g.id))


def group_of(catalogue: Catalogue, number: int, state: str | None = OPEN) -> Group:
    """The group of that number; raises UsageError when there is none in that state."""
    for group in groups_of(catalogue, state):
        if group.id == number:
            return group
    raise UsageError("no-group", f"There is no group {number}.", "'recognizer unknowns DIR' lists them.")


def add_to_groups(catalogue: Catalogue, joined: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Add strikes to groups that are there."""
    with catalogue.transaction() as connection:
        for number, strikes in joined:
            _add(connection, number, strikes)


def new_group(catalogue: Catalogue, strikes: Sequence[str], says: str | None) -> int:
    """Make a group; returns its number."""
    with catalogue.transaction() as connection:
        number = _new(connection, says)
        _add(connection, number, strikes)
        return number


def merge(catalogue: Catalogue, numbers: Sequence[int]) -> Group:
    """Make one group, the first, of several."""
    groups = [group_of(catalogue, n) for n in dict.fromkeys(numbers)]
    if len(groups) < 2:
        raise UsageError("one-group", "A merge takes two groups or more.", "Give their numbers: 3,7.")
    with catalogue.transaction() as connection:
        _remember(connection, "merge", groups)
        for group in groups[1:]:
            _add(connection, groups[0].id, group.strikes)
            connection.execute(delete(schema.groups).where(schema.groups.c.id == group.id))
    return group_of(catalogue, groups[0].id)


def split(catalogue: Catalogue, number: int, strikes: Sequence[str]) -> Group:
    """Take strikes out of a group into one of their own; returns the new one."""
    group = group_of(catalogue, number)
    strangers = [s for s in strikes if s not in group.strikes]
    if strangers or not strikes:
        raise UsageError(
            "not-in-group", f"Group {number} has no strike {', '.join(strangers)}.", "Look at unknowns.html."
        )
    if set(strikes) == set(group.strikes):
        raise UsageError("whole-group", f"These are all strikes of group {number}.", "Name some of them.")
    with catalogue.transaction() as connection:
        made = _new(connection, None)
        _remember(connection, "split", [group], made=[made])
        _add(connection, made, strikes)
    return group_of(catalogue, made)


def ignore(catalogue: Catalogue, number: int) -> Group:
    """Show a group no more: strikes nobody wants to name."""
    group = group_of(catalogue, number)
    with catalogue.transaction() as connection:
        _remember(connection, "ignore", [group])
        connection.execute(schema.groups.update().where(schema.groups.c.id == number).values(state=IGNORED))
    return group_of(catalogue, number, IGNORED)


def close_named(catalogue: Catalogue, group: Group, mark: str, before: dict[str, Any]) -> None:
    """Note that a group was given a mark; ``before`` is what taking it back needs besides the group."""
    with catalogue.transaction() as connection:
        _remember(connection, "name", [group], **before)
        row = {"state": NAMED, "mark": mark}
        connection.execute(schema.groups.update().where(schema.groups.c.id == group.id).values(**row))


def last_act(catalogue: Catalogue) -> tuple[int, str, dict[str, Any]]:
    """The last thing done to the groups: its number, what it was, what takes it back. UsageError: nothing."""
    with catalogue.transaction() as connection:
        row = connection.execute(select(schema.acts).order_by(schema.acts.c.id.desc()).limit(1)).first()
    if row is None:
        raise UsageError("nothing-done", "There is nothing to take back.", "")
    return row.id, row.what, row.before


def restore(catalogue: Catalogue, act: int, before: dict[str, Any]) -> None:
    """Put the groups back as they were before an act, and forget it."""
    with catalogue.transaction() as connection:
        for group in before["groups"]:
            row = {"state": group["state"], "mark": group["mark"], "says": group["says"]}
            there = connection.execute(
                schema.groups.update().where(schema.groups.c.id == group["id"]).values(**row)
            )
            if there.rowcount == 0:
                connection.execute(schema.groups.insert().values(id=group["id"], **row))
            _add(connection, group["id"], group["strikes"])
        for made in before.get("made", ()):
            connection.execute(delete(schema.groups).where(schema.groups.c.id == made))
        connection.execute(delete(schema.acts).where(schema.acts.c.id == act))


def _groups(connection: Connection) -> list[Group]:
    strikes: dict[int, list[str]] = {}
    for row in connection.execute(select(schema.members).order_by(schema.members.c.strike)):
        strikes.setdefault(row.group, []).append(row.strike)
    rows = connection.execute(select(schema.groups).order_by(schema.groups.c.id))
    return [Group(r.id, r.state, r.mark, r.says, tuple(strikes.get(r.id, ()))) for r in rows]


def _new(connection: Connection, says: str | None) -> int:
    done = connection.execute(schema.groups.insert().values(state=OPEN, says=says))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def _add(connection: Connection, number: int, strikes: Iterable[str]) -> None:
    for strike in strikes:
        connection.execute(delete(schema.members).where(schema.members.c.strike == strike))
        connection.execute(schema.members.insert().values(strike=strike, group=number))


def _remember(connection: Connection, what: str, groups: Sequence[Group], **more: Any) -> None:
    kept = [
        {"id": g.id, "state": g.state, "mark": g.mark, "says": g.says, "strikes": list(g.strikes)}
        for g in groups
    ]
    before = {"groups": kept, **more}
    connection.execute(schema.acts.insert().values(at=now(), what=what, before=before))
