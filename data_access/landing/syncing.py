"""A sync from end to end: whether anything is new, what is read, and its import with the marks of how far it came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data_access.engine import reading, shown
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, setting

from . import marks as how_far, source as theirs
from .marks import Mark
from .source import Found
from .tables import Landed, landed_in, mapping_file, nearest

if TYPE_CHECKING:  # what an import needs takes longer to load than to find that nothing is new
    from zoneinfo import ZoneInfo

    from data_access.imports import Loaded
    from data_access.imports.gather import Gathered
    from data_access.imports.load import Progress
    from data_access.imports.lots import Lot
    from data_access.imports.mapping import Mapping as Rules
    from data_access.imports.readers import Reading, Source

_VARIANT = "__v_"  # in dlt's names of columns, before the type
_DATES = ("ISO",)  # as the database gives them, and as JSON has them


@dataclass(frozen=True)
class Landing:
    """What is to be synced: the mapping by name and file, its tables, the database of these, and the schema there."""

    mapping: str
    file: Path
    tables: Mapping[str, Landed]
    source: sa.Engine
    schema: str

    def form(self, connection: sa.Connection) -> str:
        """Of all that loaded rows rest on besides the rows read: where it is another, all is read again."""
        zone = connection.scalar(sa.select(setting.c.value).where(setting.c.name == "time_zone"))
        parts = (self.file.read_text(encoding="utf-8"), shown(self.source), self.schema, zone)
        return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def prepare(url: str, mapping: str, schema: str = "") -> Landing:
    """What a sync from this database by this mapping is, a shipped one's name or a file. Nothing is asked yet."""
    file = mapping_file(mapping)
    return Landing(file.stem, file, landed_in(file), theirs.source_engine(url), schema)


def has_news(database: sa.Engine, landing: Landing) -> bool:
    """Whether a row is new, another or gone since the last sync; of a table with a cursor, among the rows from its
    greatest value on."""
    with reading(database) as connection:
        kept, form = how_far.kept(connection, landing.mapping), landing.form(connection)
    if not _hold(kept, form):
        return True
    with theirs.snapshot(landing.source, landing.schema) as connection:
        found = _found(connection, landing)
        return found.keys() != kept.keys() or any(_is_new(connection, one, kept) for one in found.values())


def load(
    database: sa.Engine,
    path: Path,
    *,
    landing: Landing,
    full: bool = False,
    before_commit: Callable[[sa.Connection], None] | None = None,
    **of_import: Any,
) -> "Loaded":
    """Load what is new, or with `full` everything, as `imports.load` does with files: whole or not at all, and with it
    how far it came. `path` names its files of rejected rows, one for each sync that has some; the last ones are kept.

    Raises ImportRefused or DatabaseUnusable where nothing loads; the next sync then reads the same again.
    """
    from data_access import imports
    from data_access.imports.rejected import rejected_path_of_sync, remove_old

    rejected_to = rejected_path_of_sync(path, datetime.now(UTC))
    reached: dict[str, Mark] = {}

    def gathered(connection: sa.Connection, zone: "ZoneInfo | None", progress: "Progress") -> "Gathered":
        with connection.begin():
            kept, form = how_far.kept(connection, landing.mapping), landing.form(connection)
        found, marks = _gathered(landing, {} if full or not _hold(kept, form) else kept, form, zone, progress)
        reached.update(marks)
        try:
            remove_old(path, rejected_to)
        except OSError as error:
            return replace(found, notes=(*found.notes, f"Old files of rejected rows could not be removed ({error})."))
        return found

    def complete(connection: sa.Connection) -> None:
        how_far.keep(connection, landing.mapping, reached)
        if before_commit is not None:
            before_commit(connection)

    return imports.load(
        database, path, gathered_by=gathered, before_commit=complete, rejected_to=rejected_to, **of_import
    )


def _hold(kept: Mapping[str, Mark], form: str) -> bool:
    return bool(kept) and all(mark.form == form for mark in kept.values())


def _found(connection: sa.Connection, landing: Landing) -> dict[str, Found]:
    found = {name: theirs.find(connection, landing.file.name, name, landed) for name, landed in landing.tables.items()}
    return {name: one for name, one in found.items() if one is not None}


def _is_new(connection: sa.Connection, one: Found, kept: Mapping[str, Mark]) -> bool:
    mark = kept.get(one.name)
    return mark is None or theirs.imprint(connection, one, theirs.from_on(one, mark.seen)) != mark.imprint


def _gathered(
    landing: Landing, kept: Mapping[str, Mark], form: str, zone: "ZoneInfo | None", progress: "Progress"
) -> tuple["Gathered", dict[str, Mark]]:
    """The lots of what is read, without marks of everything; and the marks of how far that is."""
    from data_access.imports.gather import Gathered, in_order, lots_of
    from data_access.imports.mapping import read_mapping

    rules = read_mapping(landing.file)
    with theirs.snapshot(landing.source, landing.schema) as connection:
        found = _found(connection, landing)
        _must_have_columns(rules, found)
        is_part = _may_be_a_part(rules, connection, found, kept)
        sources, marks = {}, {}
        beside = _joined(rules)
        for done, (name, one) in enumerate(found.items()):
            progress("read", done, len(found))
            which = _touched(one, found, kept, rules) if is_part and name not in beside else sa.true()
            sources[name] = _source(connection, one, which, rules)
            seen = theirs.greatest(connection, one)
            marks[name] = Mark(seen, theirs.imprint(connection, one, theirs.from_on(one, seen)), form)
    if not is_part and not any(len(one.cells) for one in sources.values()):
        raise ImportRefused(
            f"{shown(landing.source)} has no row in {', '.join(sources)}. Let what lands them end, then sync again."
        )
    filled = {name: one for name, one in sources.items() if len(one.cells) or name in beside}
    lots, notes = lots_of(rules, filled, {name: _reading(rules, name) for name in found}, zone)
    read = ", ".join(
        f"{name} {len(one.cells):,}{_from(found[name], kept) if is_part else ''}" for name, one in sources.items()
    )
    notes = [f"Rows read: {read}." + ("" if is_part else " All there are."), *notes]
    notes += [sentence for one in sources.values() for sentence in _apart(one)]
    keyed = [_with_keys(lot) for lot in lots if len(lot.cells)]
    return Gathered(in_order(keyed), sources, tuple(notes), rules.closing_day, is_part, rules.full, rules.name), marks


def _apart(source: "Source") -> list[str]:
    """Sentences on what dlt put beside a column, as it did not fit the type that the first values gave it."""
    of = {name: name.partition(_VARIANT)[0] for name in source.cells if _VARIANT in name}
    counts = {name: int(source.cells[name].notna().sum()) for name in of}
    return [
        f"{source.file}: {of[name]} of {count:,} of {len(source.cells):,} rows stands in {name}, as it did not fit the "
        f"type that dlt gave {of[name]}, and is not read there. Declare its type in dlt, or join both in a select."
        for name, count in counts.items()
        if count
    ]


def _from(one: Found, kept: Mapping[str, Mark]) -> str:
    return f" ({one.landed.cursor} from {kept[one.name].seen} on)" if one.landed.cursor else " (all)"


def _may_be_a_part(
    rules: "Rules", connection: sa.Connection, found: Mapping[str, Found], kept: Mapping[str, Mark]
) -> bool:
    """Whether rows from the cursors on say as much as all would. Not where stages are told from all deals, or deals put
    together of changes, nor where a table without a cursor is another, or one that others are joined with: what these
    take from it is then another, too."""
    if found.keys() != kept.keys() or rules.stages or rules.change_log:
        return False
    beside = _joined(rules)
    whole = (one for one in found.values() if not one.landed.cursor or one.name in beside)
    return not any(_is_new(connection, one, kept) for one in whole)


def _joined(rules: "Rules") -> set[str]:
    """The tables that others are joined with, by name: read whole, since any row may need any of theirs."""
    return {other.file for rule in rules.tables for other in rule.join}


def _touched(
    one: Found, found: Mapping[str, Found], kept: Mapping[str, Mark], rules: "Rules"
) -> sa.ColumnElement[bool]:
    """The new rows, those that refer to a new one, which may not have been there when they came, and with them all that
    belong together with one: a history is judged as a whole."""

    def new(of: Found) -> sa.ColumnElement[bool]:
        refer = (
            sa.cast(of.rows.c[own], sa.Text).in_(
                sa.select(sa.cast(found[to].rows.c[key], sa.Text)).where(theirs.from_on(found[to], kept[to].seen))
            )
            for own, to, key in sorted(_references(of, found, rules))
        )
        return sa.or_(theirs.from_on(of, kept[of.name].seen), *refer)

    its = one.landed.belongs_to
    root = found.get(its.file, one) if its else one
    members = [(other, own) for other in found.values() if (own := _key_to(root, other)) and other.landed.cursor]
    if not (members and one.landed.cursor):  # without a cursor all of it is read
        return new(one)
    (key,) = {to for other, _ in members if other.landed.belongs_to for to in other.landed.belongs_to.on.values()}
    keys = [(root, key), *members] if root.landed.cursor else members
    touched = sa.union(*(sa.select(sa.cast(of.rows.c[own], sa.Text)).where(new(of)) for of, own in keys))
    own = next(own for of, own in keys if of is one)
    return sa.or_(new(one), sa.cast(one.rows.c[own], sa.Text).in_(touched))


def _references(of: Found, found: Mapping[str, Found], rules: "Rules") -> set[tuple[str, str, str]]:
    """(column, the table that it refers to, the column of its keys) where that table is read by a cursor."""
    keys = {
        (rule.name, rule.file, rule.columns[key].column)
        for rule in rules.tables
        if (key := CONTRACT[rule.name].info["key"][0]) in rule.columns
    }
    return {
        (cell.column, file, key)
        for rule in rules.tables
        if rule.file == of.name
        for name, cell in rule.columns.items()
        for target, file, key in keys
        if name in CONTRACT[rule.name].c  # not what says that rows were merged or removed
        and CONTRACT[rule.name].c[name].info.get("refers") == target
        and file in found
        and found[file].landed.cursor
        if cell.column in of.columns and key in found[file].columns
    }


def _key_to(root: Found, other: Found) -> str:
    """The column by which rows of the other belong to those of the root; "" where they do not."""
    its = other.landed.belongs_to
    return next(iter(its.on)) if its and its.file == root.name else ""


def _must_have_columns(rules: "Rules", found: Mapping[str, Found]) -> None:
    from data_access.imports.foreign.recognise import needed_in

    for name, one in found.items():
        lacking = sorted(needed_in(name, rules) - {*one.columns})
        if lacking:
            asked = " ".join(f"{column!r}.{nearest(column, one.columns)}" for column in lacking)
            raise ImportRefused(
                f"{name}, which the mapping {rules.name} reads, has no column {asked} Correct the mapping, or let the "
                "column be landed. Nothing was changed."
            )


def _source(connection: sa.Connection, one: Found, which: sa.ColumnElement[bool], rules: "Rules") -> "Source":
    import pandas as pd

    from data_access.imports.readers import Source

    cells = theirs.read(connection, one, which)
    empty = {*_reading(rules, one.name).empty}
    if empty:
        cells = {name: [None if text in empty else text for text in texts] for name, texts in cells.items()}
    rows = len(next(iter(cells.values()), ()))
    index = pd.RangeIndex(1, rows + 1, name="line")
    return Source(one.name, pd.DataFrame(cells, index=index, columns=pd.Index(one.columns, dtype=object), dtype=object))


def _reading(rules: "Rules", name: str) -> "Reading":
    """How the texts of a table are to be read: days and moments as databases and JSON write them, unless declared."""
    from data_access.imports.readers import Reading

    declared = rules.readings.get(name, Reading())
    return replace(declared, date_forms=_DATES) if declared.date_forms == Reading().date_forms else declared


def _with_keys(lot: "Lot") -> "Lot":
    """The lot, each row's place told by its key: it stands on no line."""
    names = [name for name in CONTRACT[lot.table].info["key"] if name in lot.cells]
    keys = ["/".join(map(str, key)) for key in lot.cells[names].itertuples(index=False, name=None)]
    return replace(lot, origin=lot.origin.assign(key=keys))
