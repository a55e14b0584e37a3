"""The tables of the catalogue, their version, and the way from older versions to this one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    inspect,
    select,
    text,
)

from recognizer.errors import UsageError

VERSION = 3

tables = MetaData()

meta = Table("meta", tables, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

runs = Table(
    "runs",
    tables,
    Column("id", Integer, primary_key=True),
    Column("started", Text, nullable=False),  # ISO, UTC
    Column("finished", Text),  # null: stopped in the middle
    Column("recipe", Text, nullable=False),
    Column("library", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
)

# A name under which a content was found. A file that can't be read has no hash but an error.
files = Table(
    "files",
    tables,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
    Column("folded", Text, nullable=False, server_default=""),  # the path without capitals, to search in
    Column("sha256", Text, index=True),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("ctime_ns", BigInteger),
    Column("error_code", Text),
    Column("error", Text),
)

contents = Table(
    "contents", tables, Column("sha256", Text, primary_key=True), Column("pages", Integer, nullable=False)
)

# One page of one content, whatever names it has. ``recipe`` and ``library`` say what it was answered with.
scans = Table(
    "scans",
    tables,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("library", Text, nullable=False),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("status", Text, nullable=False),  # done, failed, or blank: no page of its own (a thumbnail)
    Column("error_code", Text),
    Column("error", Text),
    Column("width", Integer),
    Column("height", Integer),
    Column("dpi", Float),
    Column("seconds", Float),
    Column("picture", Text),  # thumbnail, below the album's folder of files
    Column("record", Text),  # JSON of the scan record, as recognised
    Column("answer", Text),  # the record with people's verdicts applied; null: there are none
    UniqueConstraint("sha256", "page"),
)

pieces = Table(
    "pieces",
    tables,
    Column("id", Integer, primary_key=True),
    Column("scan", Integer, ForeignKey("scans.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # on its scan, from 1
    Column("outline", JSON, nullable=False),
    Column("width_mm", Float),
    Column("height_mm", Float),
    Column("mission", Text),
    Column("mission_name", Text),
    Column("event", Text),
    Column("status", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("look_at", JSON, nullable=False),  # why a person should look at it, in words
    Column("to_look_at", Boolean, nullable=False),
    Index("pieces_by_mission", "mission", "id"),
    Index("pieces_to_look_at", "to_look_at", "id"),
)

# Every region; ``id`` is the name people use: content, page and the region's own id.
regions = Table(
    "regions",
    tables,
    Column("id", Text, primary_key=True),
    Column("piece", Integer, ForeignKey("pieces.id", ondelete="CASCADE"), nullable=False),
    Column("number", Text, nullable=False),  # r1, r2 ... on its scan
    Column("kind", Text, nullable=False),
    Column("x", Integer, nullable=False),
    Column("y", Integer, nullable=False),
    Column("w", Integer, nullable=False),
    Column("h", Integer, nullable=False),
    Column("outline", JSON, nullable=False),
    Column("angle_deg", Float, nullable=False),
    Column("width_mm", Float),
    Column("height_mm", Float),
    Column("probability", Float, nullable=False),
    Column("ink", Text),
    Column("struck", Boolean, nullable=False),  # a die made it
    Column("mark", Text),  # null: none of the library
    Column("mark_name", Text),
    Column("mark_probability", Float),
    Column("date_text", Text),
    Column("date", Text),
    Column("date_probability", Float),
    Column("letter", Text),
    Index("regions_by_mark", "mark", "struck", "piece"),
    Index("regions_by_kind", "piece", "kind"),
    Index("regions_by_date", "date", "piece"),
)

# Each strike cut out: the picture's name below the album's folder of files, the strike's box in it.
crops = Table(
    "crops",
    tables,
    Column("sha256", Text, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("region", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("core", JSON, nullable=False),
    Column("dpi", Float),
)

# What a person said of a strike. It is tied to the place on the picture: regions are found anew by every run.
verdicts = Table(
    "verdicts",
    tables,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("x", Integer, nullable=False),
    Column("y", Integer, nullable=False),
    Column("w", Integer, nullable=False),
    Column("h", Integer, nullable=False),
    Column("says", Text, nullable=False),  # mark, unknown or not-a-strike
    Column("mark", Text),
    Column("at", Text, nullable=False),
    Column("answered", Text),  # the mark the program had thought of first, and how surely
    Column("answered_probability", Float),
    Index("verdicts_by_page", "sha256", "page"),
)

# Strikes of no known mark that are of one die.
groups = Table(
    "groups",
    tables,
    Column("id", Integer, primary_key=True),
    Column("state", Text, nullable=False),  # open, ignored or named
    Column("mark", Text),
    Column("says", Text),  # what its legends say, as far as read
)

members = Table(
    "members",
    tables,
    Column("strike", Text, primary_key=True),
    Column("group", Integer, ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True),
)

# What people did to the groups, each with what takes it back.
acts = Table(
    "acts",
    tables,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", JSON, nullable=False),
)


def _with_verdicts(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE scans ADD COLUMN answer TEXT"))
    tables.create_all(connection, [crops, verdicts, groups, members, acts])
    # Strikes were kept with their regions, which go when a person says that there is no strike.
    old = "SELECT s.sha256, s.page, r.number, r.crop, r.core, r.crop_dpi FROM regions r "
    old += "JOIN pieces p ON r.piece = p.id JOIN scans s ON p.scan = s.id WHERE r.crop IS NOT NULL"
    connection.execute(text(f"INSERT INTO crops (sha256, page, region, file, core, dpi) {old}"))
    for column in ("crop", "core", "crop_dpi"):
        connection.execute(text(f"ALTER TABLE regions DROP COLUMN {column}"))


def _searched(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE files ADD COLUMN folded TEXT NOT NULL DEFAULT ''"))
    for row in connection.execute(select(files.c.id, files.c.path)).all():
        connection.execute(files.update().where(files.c.id == row.id).values(folded=row.path.casefold()))
    for index in ("ix_regions_kind", "ix_regions_piece", "regions_by_mark"):
        connection.execute(text(f"DROP INDEX IF EXISTS {index}"))
    for made in regions.indexes:
        made.create(connection, checkfirst=True)


Migration = Callable[[Connection], None]
MIGRATIONS: dict[int, Migration] = {1: _with_verdicts, 2: _searched}  # from version n to n + 1


def prepare(connection: Connection, where: str) -> None:
    """Make the tables in an empty database, or bring older ones to this version.

    Raises UsageError when a newer version of the program made them, or when they are of something else.
    """
    names = set(inspect(connection).get_table_names())
    if not names:
        tables.create_all(connection)
        connection.execute(meta.insert().values(key="schema", value=str(VERSION)))
        return
    found = _version(connection, names, where)
    if found > VERSION:
        raise UsageError(
            "catalogue-newer",
            f"{where}: made by a newer version of the program (schema {found}, this one knows {VERSION}).",
            "Update the program.",
        )
    for version in range(found, VERSION):
        MIGRATIONS[version](connection)
        connection.execute(meta.update().where(meta.c.key == "schema").values(value=str(version + 1)))


def _version(connection: Connection, names: set[str], where: str) -> int:
    found = None
    if "meta" in names:
        found = connection.execute(select(meta.c.value).where(meta.c.key == "schema")).scalar()
    if found is None or not found.isdecimal():
        raise UsageError(
            "not-a-catalogue", f"{where}: a database, but no catalogue of an album.", "Name another one."
        )
    return int(found)


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
