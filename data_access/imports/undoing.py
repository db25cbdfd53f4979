"""The last import, taken back exactly: what it added and what stood there before is kept in its own transaction, until
the next import that changes anything.

Of an import into an empty table nothing needs to be kept: all that was imported goes. Else the keys of added rows and
the whole of changed ones, a batch of rows as one compressed stream of Arrow's, so that an import pays for what it
changes alone.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa
import sqlalchemy as sa

from data_access.attention.entered import KEYS
from data_access.database.bulk import BATCH, fill
from data_access.derive import ALL, derive
from data_access.engine import reading, writing
from data_access.errors import Refused
from data_access.schema import (
    CONTRACT,
    ENTERED_TOO,
    allocation_plan,
    attention_dismissal,
    attention_handover,
    audit_event,
    data_state,
    deal_judgement,
    forecast_commit,
    import_batch,
    import_undo,
    person,
    scoring_profile,
    sync_mark,
)

from .staging import Staged, connection_to_load, differing, is_empty, new
from .touched import CONCERNS_ALL, TOUCHES, raise_facts, to_derive

# What comes with an import beside its rows: the first profile, the lines that the demo gives.
_WITH_AN_IMPORT = (scoring_profile, attention_handover)
_TABLES = CONTRACT | {table.name: table for table in _WITH_AN_IMPORT}
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")
# What a published plan names of these tables.
_IN_PLANS = {"opportunity": "opportunity_id", "support_request": "request_id", "support_person": "resource_id"}
_MERGED = "merged "  # kinds of what merges took, which came before all else, and are taken back after it
_NAMED = 3  # subjects in a refusal


@dataclass(frozen=True)
class LastImport:
    """The last import that changed anything: its files, who, when (UTC), and (added, changed) per table; and the files
    of each later one, which changed nothing."""

    batch: int
    files: tuple[str, ...]
    by: str
    at: datetime
    tables: dict[str, tuple[int, int]]
    merged: dict[str, dict[str, int]] = field(default_factory=dict)  # how many rows came, changed and went by merges
    without_changes: tuple[tuple[str, ...], ...] = field(default=(), compare=False)


# --- keeping ------------------------------------------------------------------------------------------


def begin(connection: sa.Connection) -> None:
    """Of an import before this one nothing is taken back any more."""
    connection.execute(import_undo.delete())


def keep(connection: sa.Connection, batch: int, staged: Staged, added: int, changed: int) -> None:
    """Keep what takes back the move of these rows, which is still to come."""
    table = CONTRACT[staged.table]
    if added and is_empty(connection, table):
        _store(connection, batch, table, "whole", added, None)
        return
    if added:
        keys = [staged.staging.c[name] for name in table.info["key"]]
        _keep_rows(connection, batch, table, "added", new(staged, *keys))
    if changed:
        _keep_rows(connection, batch, table, "changed", differing(staged, *table.c))


def keep_merged(connection: sa.Connection, table: sa.Table, kind: str, rows: sa.Select) -> None:
    """Keep what takes back a merge of ids, which is still to come: before the import has a number, see `name`."""
    _keep_rows(connection, 0, table, f"{_MERGED}{kind}", rows)


def name(connection: sa.Connection, batch: int) -> None:
    """What is kept so far is of this import."""
    connection.execute(import_undo.update().values(batch_id=batch))


@contextmanager
def keeping_what_comes_with_it(connection: sa.Connection, batch: int) -> Iterator[None]:
    """What is written meanwhile goes with the import, too."""
    newest = {table: connection.scalar(sa.select(sa.func.max(_key(table)))) or 0 for table in _WITH_AN_IMPORT}
    yield
    for table, before in newest.items():
        _keep_rows(connection, batch, table, "added", sa.select(_key(table)).where(_key(table) > before))


def _key(table: sa.Table) -> sa.Column:
    [key] = table.primary_key
    return key


def _keep_rows(connection: sa.Connection, batch: int, table: sa.Table, kind: str, rows: sa.Select) -> None:
    found = connection.execute(rows, execution_options={"yield_per": BATCH})
    names = list(found.keys())
    for part in found.partitions():
        columns = {
            name: _kept(table.c[name], values) for name, values in zip(names, zip(*part, strict=True), strict=True)
        }
        kept = pa.table(columns)
        out = pa.BufferOutputStream()
        with pa.ipc.new_stream(out, kept.schema, options=_COMPRESSED) as stream:
            stream.write_table(kept)
        _store(connection, batch, table, kind, kept.num_rows, out.getvalue().to_pybytes())


def _kept(column: sa.Column, values: Sequence) -> Sequence:
    if isinstance(column.type, sa.JSON):
        return [None if value is None else json.dumps(value) for value in values]
    return values


def _store(connection: sa.Connection, batch: int, table: sa.Table, kind: str, count: int, content: bytes | None):
    connection.execute(
        import_undo.insert().values(batch_id=batch, table_name=table.name, kind=kind, row_count=count, content=content)
    )


# --- taking back --------------------------------------------------------------------------------------


def last_import(database: sa.Engine | sa.Connection) -> LastImport:
    """What `undo` would take back. Raises Refused, saying why, where there is nothing to undo."""
    with reading(database) as connection:
        u = import_undo.c
        kept = connection.execute(
            sa.select(u.batch_id, u.table_name, u.kind, sa.func.sum(u.row_count)).group_by(
                u.batch_id, u.table_name, u.kind
            )
        ).all()
        b = import_batch.c
        newest = sa.select(sa.func.max(b.batch_id))
        undone = None if kept else connection.scalar(newest.where(b.undone_at.is_not(None)))
        batch = kept[0].batch_id if kept else undone or connection.scalar(newest)
        last = connection.execute(sa.select(import_batch).where(b.batch_id == batch)).one_or_none()
        if last is None:
            raise Refused("Nothing was ever imported here, so there is no import to undo.")
        of_it = sa.select(b.file).where(b.imported_at == last.imported_at, b.imported_by == last.imported_by)
        files = tuple(dict.fromkeys(connection.scalars(of_it.order_by(b.batch_id))))
        later: dict[datetime, dict[str, None]] = {}
        since = sa.select(b.imported_at, b.file).where(b.batch_id > last.batch_id)
        for at, file in connection.execute(since.order_by(b.batch_id)):
            later.setdefault(at, {})[file] = None
    if not kept:
        named = f"The last import ({', '.join(files)}, {_when(last.imported_at)})"
        raise Refused(
            f"{named} was undone already, by {last.undone_by or 'somebody'} on {_when(last.undone_at)}. Only the last "
            "one can be undone: what was there before it is kept until the next."
            if last.undone_at is not None
            else f"{named} was made by an earlier version of this product, which kept nothing to undo it with, or "
            "changed nothing. Load a corrected export instead: rows are matched by key."
        )
    tables: dict[str, tuple[int, int]] = {}
    merged: dict[str, dict[str, int]] = {}
    for _, name, kind, count in kept:
        if kind.startswith(_MERGED):
            merged.setdefault(name, {})[kind.removeprefix(_MERGED)] = count
            continue
        added, changed = tables.get(name, (0, 0))
        tables[name] = (added, changed + count) if kind == "changed" else (added + count, changed)
    order = list(_TABLES)
    return LastImport(
        batch,
        files,
        last.imported_by,
        last.imported_at,
        {name: tables[name] for name in sorted(tables, key=order.index)},
        merged,
        tuple(map(tuple, later.values())),
    )


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def undo(
    database: sa.Engine,
    expected: LastImport,
    *,
    by: str,
    before_commit: Callable[[sa.Connection], object] | None = None,
) -> int:
    """Take back the last import, whole or not at all: every fact and all that is derived is as before it, under a new
    version of the data, which is given back. `expected` is what `last_import` said; `before_commit` as of `load`.

    Raises Refused where it is not the last import any more, or where people have entered something since about what
    would go. Nothing has changed then.
    """
    with connection_to_load(database) as connection, writing(connection):
        connection.execute(data_state.update().values(version=data_state.c.version))  # takes the lock, see `load`
        if last_import(connection) != expected:
            raise Refused("Meanwhile something else was imported. Nothing was undone. Look again at what would be.")
        taken = [_taken(connection, _TABLES[name]) for name in expected.tables]
        _refuse_where_needed(connection, {one.table.name: one for one in taken})
        touched = _touched(connection, taken)
        for one in taken:
            _put_back(connection, one, *expected.tables[one.table.name])
        for name, counts in expected.merged.items():
            of_merges = _taken(connection, _TABLES[name], _MERGED)
            came, changed_there = counts.get("added", 0), counts.get("changed", 0)
            _put_back(connection, of_merges, came, changed_there)
        changed = expected.tables.keys() | expected.merged.keys()
        derive(connection, ALL if expected.merged or touched is None else to_derive(connection, changed, touched))
        raise_facts(connection, changed)
        connection.execute(import_undo.delete())
        connection.execute(sync_mark.delete())  # what a sync had read is gone: the next one reads all
        _log(connection, expected, by)
        if before_commit is not None:
            before_commit(connection)
        return connection.scalar(sa.select(data_state.c.version)) or 0


@dataclass(frozen=True)
class _Taken:
    """Of one table, in temporary tables: the keys of rows that go, and the rows that come back as they were."""

    table: sa.Table
    going: sa.Table
    before: sa.Table


def _taken(connection: sa.Connection, table: sa.Table, of: str = "") -> _Taken:
    keys = [column.name for column in table.primary_key]
    going, before = (
        sa.Table(
            f"{of.strip()}{what}_{table.name}",
            sa.MetaData(),
            *(sa.Column(name, _plain_type(table.c[name])) for name in columns),
            sa.PrimaryKeyConstraint(*keys),
            prefixes=["TEMPORARY"],
        )
        for what, columns in (("going", keys), ("before", table.c.keys()))
    )
    for temporary in (going, before):
        temporary.create(connection, checkfirst=False)
    u = import_undo.c
    of_table = sa.select(u.kind, u.content).where(u.table_name == table.name)
    is_of_merges = u.kind.startswith(_MERGED)
    for kind, content in connection.execute(of_table.where(is_of_merges if of else ~is_of_merges)).all():
        if kind == "whole":
            imported = table.c.entry_id == "" if "entry_id" in table.c else sa.true()
            rows = sa.select(*(table.c[name] for name in keys)).where(imported)
            connection.execute(going.insert().from_select(keys, rows))
        else:
            _fill(connection, going if kind.removeprefix(of) == "added" else before, content)
    return _Taken(table, going, before)


def _plain_type(column: sa.Column):
    return sa.JSON(none_as_null=True) if isinstance(column.type, sa.JSON) else column.type


def _fill(connection: sa.Connection, table: sa.Table, content: bytes) -> None:
    kept = pa.ipc.open_stream(content).read_all()
    columns = []
    for column in table.c:
        values = kept[column.name].to_pylist() if column.name in kept.column_names else [None] * kept.num_rows
        if isinstance(column.type, sa.JSON):
            values = [None if value is None else json.loads(value) for value in values]
        columns.append(values)
    fill(connection, table, columns)


def _touched(connection: sa.Connection, taken: Sequence[_Taken]) -> dict[str, set] | None:
    """Per column of TOUCHES the keys that change; None where what changes concerns all."""
    if any(one.table.name in CONCERNS_ALL for one in taken):
        return None
    touched: dict[str, set] = {column: set() for column in TOUCHES.values()}
    for one in taken:
        column = TOUCHES.get(one.table.name)
        if column is not None:
            for source in (one.going, one.before):
                touched[column].update(connection.scalars(sa.select(source.c[column]).distinct()))
    return touched


def _put_back(connection: sa.Connection, one: _Taken, added: int, changed: int) -> None:
    table, key = one.table, sa.tuple_(*one.table.primary_key)
    for source, count in ((one.going, added), (one.before, changed)):
        keys = sa.select(*(source.c[column.name] for column in table.primary_key))
        taken = connection.execute(table.delete().where(key.in_(keys)), execution_options={"preserve_rowcount": True})
        if taken.rowcount != count:
            raise Refused(
                f"{taken.rowcount:,} of {count:,} rows of `{table.name}` are still there as the import left them. "
                "Nothing was undone. Somebody changed the table by another way than this product."
            )
    connection.execute(table.insert().from_select(table.c.keys(), sa.select(*one.before.c)))


# --- what people entered since ------------------------------------------------------------------------


def _refuse_where_needed(connection: sa.Connection, taken: dict[str, _Taken]) -> None:
    """What people entered must not be about what is no longer there."""
    found = [sentence for name in taken for sentence in _about(connection, name, taken)]
    if scoring_profile.name in taken:
        found += _later_profiles(connection, taken[scoring_profile.name])
    if found:
        raise Refused(
            f"The import cannot be undone, since something was entered about what it added: {'; '.join(found)}. "
            "Nothing was undone. Load a corrected export instead: rows are matched by key, and what was entered stays."
        )


def _later_profiles(connection: sa.Connection, taken: _Taken) -> list[str]:
    """Those that were published on top of the ones that would go."""
    p, going = scoring_profile.c, sa.select(taken.going.c.profile_id)
    kinds = sa.select(p.kind).where(p.profile_id.in_(going))
    later = (
        sa.select(p.kind, p.version).where(p.kind.in_(kinds), p.profile_id.not_in(going)).order_by(p.kind, p.version)
    )
    return [f"version {version} of the {kind} profile" for kind, version in connection.execute(later)]


def _about(connection: sa.Connection, name: str, taken: dict[str, _Taken]) -> Iterator[str]:
    if name not in CONTRACT or len(taken[name].going.primary_key) > 1:
        return  # nothing else is referred to
    [key] = taken[name].going.primary_key
    going = sa.select(key)
    for what, subject, is_entered in _entered_about(name, taken):
        about = sorted(set(connection.scalars(sa.select(subject).where(is_entered, subject.in_(going)).distinct())))
        if about:
            yield _named(what, name, about)
    if name == "region":
        regions = connection.scalars(sa.select(person.c.regions))
        what, ids = person, {one for some in regions for one in some or ()}
    elif name in _IN_PLANS:
        payloads = connection.scalars(sa.select(allocation_plan.c.payload))
        what, ids = allocation_plan, {row.get(_IN_PLANS[name]) for payload in payloads for row in payload["rows"]}
    else:
        return
    about = sorted(ids & set(connection.scalars(going))) if ids else []
    if about:
        yield _named(what, name, about)


def _named(what: sa.Table, name: str, about: list[str]) -> str:
    return f"{what.name} about {name} {', '.join(about[:_NAMED])}{' …' if len(about) > _NAMED else ''}"


def _entered_about(name: str, taken: dict[str, _Taken]) -> Iterator[tuple[sa.Table, sa.Column, sa.ColumnElement[bool]]]:
    """(table, column, which of its rows people entered) of all that may be about a row of the table `name`."""
    for table in ENTERED_TOO.values():
        for column in table.c:
            if column.info.get("refers") == name:
                yield table, column, table.c.entry_id != ""
    came_with_it = taken.get(attention_handover.name)
    is_own: sa.ColumnElement[bool] = sa.true()
    if came_with_it is not None:
        is_own = attention_handover.c.handover_id.not_in(sa.select(came_with_it.going.c.handover_id))
    if name in KEYS:
        yield attention_handover, attention_handover.c.subject_id, is_own & (attention_handover.c.subject_kind == name)
        yield attention_dismissal, attention_dismissal.c.subject_id, attention_dismissal.c.subject_kind == name
    of_columns = {
        "rep": ((attention_handover.c.given_to, is_own), (forecast_commit.c.rep_id, sa.true())),
        "region": ((forecast_commit.c.region_id, sa.true()),),
        "opportunity": ((deal_judgement.c.opportunity_id, sa.true()),),
    }
    for column, is_entered in of_columns.get(name, ()):
        yield column.table, column, is_entered


def _log(connection: sa.Connection, undone: LastImport, by: str) -> None:
    now, b = datetime.now(UTC).replace(tzinfo=None), import_batch.c
    of_it = sa.and_(b.imported_at == undone.at, b.imported_by == undone.by)
    connection.execute(import_batch.update().where(of_it).values(undone_at=now, undone_by=by))
    detail = {"files": list(undone.files), "tables": {name: list(counts) for name, counts in undone.tables.items()}}
    connection.execute(
        audit_event.insert().values(at=now, by=by, action="undo_import", subject=str(undone.batch), detail=detail)
    )
