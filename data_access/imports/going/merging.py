"""Rows that a system merged: the old ids of a load lead to the row that is left, in the load and in the database.

A file says so in `merged_into`, with an old row, or in `merged_from`, with the one that is left. A deal's history is
its own: of an old one's only what lies before it follows, and of several old ones' only that of the first, for two
lives at once are none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from data_access.database.bulk import batches, write
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, opportunity_history

from ..forms import typed
from ..lots import Lot
from ..mapping import MERGEABLE, MERGED
from ..staging import Staged

Merges = Mapping[str, Mapping[str, str]]  # {table: {old id: the id that is left}}
Keep = Callable[[sa.Table, str, sa.Select], None]  # of rows of a table, before they change: which kind of change, which

_NAMED = 3
_KIND = "subject_kind"  # of an assignment: the table to which `subject_id` refers


def settled(
    connection: sa.Connection, lots: tuple[Lot, ...], zone: ZoneInfo | None
) -> tuple[tuple[Lot, ...], Merges, list[str]]:
    """The lots without the rows that were merged away, all that refers to them referring to what is left; what was
    merged into what; sentences. What is merged into an id that is nowhere stays as it is.

    Raises ImportRefused where ids lead in a circle, or one into two others."""
    merges, told = dict[str, dict[str, str]](), []
    for lot in lots:
        every = _pairs(lot) if lot.table in MERGEABLE and not {*MERGED}.isdisjoint(lot.cells) else {}
        unknown = {*every.values()}.difference(lot.cells[_key(lot.table)])
        unknown -= _there(connection, lot.table, unknown)
        pairs = {old: new for old, new in every.items() if new not in unknown}
        if len(pairs) < len(every):
            old, new = next((old, new) for old, new in every.items() if new in unknown)
            told.append(
                f"{lot.table}: {len(every) - len(pairs):,} merged into ids that are neither in this load nor in the "
                f"database ({old} → {new}); they are loaded as they are. Load what is left together with them."
            )
        if pairs:
            merges[lot.table] = pairs
            told.append(_sentence(lot.table, pairs, int(lot.cells[_key(lot.table)].isin(pairs).sum())))
    begins = _begins(connection, set(merges.get("opportunity", {}).values()))
    return tuple(_followed(lot, merges, begins, zone, told) for lot in lots), merges, told


def _key(table: str) -> str:
    return CONTRACT[table].info["key"][0]


def _there(connection: sa.Connection, table: str, ids: set[str]) -> set[str]:
    key = CONTRACT[table].c[_key(table)]
    return {one for some in batches(ids) for one in connection.scalars(sa.select(key).where(key.in_(some)))}


def _begins(connection: sa.Connection, deals: set[str]) -> pd.Series:
    """When the history of each of these deals begins in the database, by the deal."""
    h = opportunity_history.c
    first = sa.select(h.opportunity_id, sa.func.min(h.changed_at)).group_by(h.opportunity_id)
    found = {
        deal: at for some in batches(deals) for deal, at in connection.execute(first.where(h.opportunity_id.in_(some)))
    }
    return pd.Series(found, dtype="datetime64[us]")


def _pairs(lot: Lot) -> dict[str, str]:
    """Each old id with the last one of its chain; one may be said to lead to several of it."""
    key, into, also = _key(lot.table), dict[str, str](), list[tuple[str, str]]()
    for row in lot.cells.reindex(columns=[key, *MERGED]).itertuples(index=False, name=None):
        left, merged_into, merged_from = (None if pd.isna(cell) else str(cell).strip() for cell in row)
        olds = [(old, left) for old in map(str.strip, (merged_from or "").split(";"))]
        for old, new in (*olds, (left, merged_into)):
            if old and new and old != new and into.setdefault(old, new) != new:
                also.append((old, new))
    ends = {old: _last(lot.table, old, into) for old in into}
    for old, new in also:
        if ends.get(new, new) != ends[old]:
            raise ImportRefused(
                f"{lot.table}: {old} is merged into {into[old]} and into {new}. Nothing was loaded. Leave one of "
                "them in merged_into and merged_from."
            )
    return ends


def _last(table: str, old: str, into: Mapping[str, str]) -> str:
    chain = [old]
    while chain[-1] in into:
        if into[chain[-1]] in chain:
            raise ImportRefused(
                f"{table}: {' → '.join([*chain, into[chain[-1]]])} are merged in a circle, so that none of them is "
                "left. Nothing was loaded. Correct merged_into, or merged_from, of one of them."
            )
        chain.append(into[chain[-1]])
    return chain[-1]


def _sentence(table: str, pairs: Mapping[str, str], rows: int) -> str:
    named = ", ".join(f"{old} → {new}" for old, new in [*pairs.items()][:_NAMED])
    return (
        f"{table}: {len(pairs):,} merged into others ({named}{' …' if len(pairs) > _NAMED else ''}; {rows:,} of them "
        "rows of this load) count under these, and so does what refers to them."
    )


def _followed(lot: Lot, merges: Merges, begins: pd.Series, zone: ZoneInfo | None, told: list[str]) -> Lot:
    cells = lot.cells.drop(columns=[name for name in MERGED if name in lot.cells and lot.table in MERGEABLE])
    if lot.table in merges:
        cells = cells[~cells[_key(lot.table)].isin(merges[lot.table])]
    changed = pd.Series(False, index=cells.index)
    before = cells
    for name, kind, pairs in _referring(lot.table, merges):
        if name in cells:
            is_old = cells[name].isin(pairs) & ((cells[_KIND] == kind) if kind else True)
            cells = cells.assign(**{name: cells[name].where(~is_old, cells[name].map(pairs))})
            changed |= is_old
    if lot.table == "opportunity_history" and changed.any():
        at, deal = typed(cells["changed_at"], "moment", zone).values, cells["opportunity_id"]
        own = pd.concat([begins, at[~changed].groupby(deal[~changed]).min()]).groupby(level=0).min()
        olds = pd.DataFrame({"old": before["opportunity_id"], "new": deal, "at": at})[changed]
        first_old = olds.sort_values(["at", "old"]).drop_duplicates("new").set_index("new")["old"]
        follows = (at < deal.map(own)) & (before["opportunity_id"] == deal.map(first_old))
        cells, changed = cells[~changed | follows], changed[~changed | follows]
    if changed.any():  # what the one that is left says itself of a key counts
        key = [name for name in CONTRACT[lot.table].info["key"] if name in cells]
        first = cells.loc[changed.sort_values(kind="stable").index]
        twice = first.index[first.duplicated(key) & changed.loc[first.index]]
        cells = cells.drop(twice)
        told += _twice(lot.table, len(twice))
    frames = {"cells": cells, "extra": lot.extra.loc[cells.index], "origin": lot.origin.loc[cells.index]}
    return replace(lot, **{name: frame.reset_index(drop=True) for name, frame in frames.items()})


def _twice(table: str, rows: int) -> list[str]:
    """That rows of old ids say a second time what the one that is left says of a key."""
    told = (
        f"{table}: {rows:,} rows of ids that were merged away have the key of a row of what is left, and do not count."
    )
    return [told] if rows else []


def _referring(table: str, merges: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The columns of a table that refer to one with merges, each with these; and, where a column refers to several
    tables, the kind of those rows that refer to this one."""
    for column in CONTRACT[table].c:
        if column.info.get("refers") in merges:
            yield column.name, "", merges[column.info["refers"]]
    if _KIND in CONTRACT[table].c:
        for kind in CONTRACT[table].c[_KIND].info["choices"]:
            if kind in merges:
                yield "subject_id", kind, merges[kind]


@dataclass(frozen=True)
class Merging:
    """Merges into what is there, in temporary tables, and the tables that have rows of the old ids.

    history   the staged history of this load, which is in the database only after a merge
    told      sentences on what became of rows that were there
    """

    pairs: dict[str, sa.Table]
    tables: tuple[str, ...]
    history: sa.Table | None = None
    told: list[str] = field(default_factory=list)


def prepared(connection: sa.Connection, merges: Merges, staged: list[Staged]) -> Merging:
    """What of the merges concerns the database: those into something that is there, or comes with this load."""
    pairs = {}
    for table, olds in merges.items():
        names = sa.Column("old", sa.Text, primary_key=True), sa.Column("new", sa.Text)
        pairs[table] = sa.Table(f"merged_{table}", sa.MetaData(), *names, prefixes=["TEMPORARY"])
        pairs[table].create(connection, checkfirst=False)
        write(connection, pairs[table], olds.items())
        key, p = _key(table), pairs[table].c
        there: list[sa.Select] = [sa.select(CONTRACT[table].c[key])]
        there += [sa.select(one.staging.c[key]) for one in staged if one.table == table]
        connection.execute(pairs[table].delete().where(*(p.new.not_in(keys) for keys in there)))
    tables = [
        name
        for name, table in CONTRACT.items()
        if (old := _olds(table, pairs)) is not None
        and connection.execute(sa.select(sa.literal(1)).select_from(table).where(old).limit(1)).first()
    ]
    history = next((one.staging for one in staged if one.table == opportunity_history.name), None)
    return Merging(pairs, tuple(tables), history)


def let_refer(connection: sa.Connection, merging: Merging, staged: list[Staged]) -> None:
    """What a whole export lacks was staged as it is in the database: it refers to what is left, too."""
    for one in staged:
        if one.removed:
            for column, value in _new(one.staging, one.table, merging.pairs).items():
                connection.execute(one.staging.update().values({column: value}))


def _olds(table: sa.Table, pairs: Mapping[str, sa.Table]) -> sa.ColumnElement[bool] | None:
    columns = [_is_old(table, *one) for one in _referring(table.name, pairs)]
    columns += [_is_old(table, _key(table.name), "", pairs[table.name])] if table.name in pairs else []
    return sa.or_(*columns) if columns else None


def _is_old(table: sa.Table, column: str, kind: str, its: sa.Table) -> sa.ColumnElement[bool]:
    is_old = table.c[column].in_(sa.select(its.c.old))
    return sa.and_(table.c[_KIND] == kind, is_old) if kind else is_old


def _new(table: sa.Table, name: str, pairs: Mapping[str, sa.Table]) -> dict[str, sa.ColumnElement]:
    """What each column that refers to merged rows then holds. table: that of this name, or its rows of a load."""
    new = dict[str, sa.ColumnElement]()
    for column, kind, its in _referring(name, pairs):
        if column in table.c:
            left = sa.select(its.c.new).where(its.c.old == table.c[column])
            left = left.where(table.c[_KIND] == kind) if kind else left
            new[column] = sa.func.coalesce(left.correlate(table).scalar_subquery(), new.get(column, table.c[column]))
    return new


def merge(connection: sa.Connection, merging: Merging, keep: Keep | None) -> None:
    """Remove the old rows, and let all else refer to what is left. `keep` is called with what changes."""
    for name in merging.tables:
        table = CONTRACT[name]
        if name in merging.pairs:
            old = table.c[_key(name)].in_(sa.select(merging.pairs[name].c.old))
            _kept(connection, keep, table, "gone", sa.select(table).where(old))
            connection.execute(table.delete().where(old))
        new = _new(table, name, merging.pairs)
        if not new:
            continue
        refers = sa.or_(*(_is_old(table, *one) for one in _referring(name, merging.pairs)))
        keys = [column.name for column in table.primary_key]
        if new.keys().isdisjoint(keys):
            _kept(connection, keep, table, "changed", sa.select(table).where(refers))
            connection.execute(table.update().where(refers).values(new))
            continue
        _kept(connection, keep, table, "gone", sa.select(table).where(refers))
        moved = sa.select(*(new.get(column.name, column).label(column.name) for column in table.c)).where(refers)
        if table is opportunity_history:
            moved = moved.where(*_follows(merging, new["opportunity_id"]))
        asked = moved.subquery("moved")
        own = table.alias("own")
        is_there = sa.select(sa.literal(1)).where(*(own.c[key] == asked.c[key] for key in keys)).exists()
        added = sa.select(*(asked.c[key] for key in keys)).where(~is_there).distinct()
        merging.told.extend(_twice(name, _count(connection, sa.select(asked)) - _count(connection, added)))
        _kept(connection, keep, table, "added", added)
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(table).from_select(table.c.keys(), moved)
        connection.execute(insert.on_conflict_do_nothing(index_elements=keys))
        connection.execute(table.delete().where(refers))


def _count(connection: sa.Connection, rows: sa.Select) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0


def _follows(merging: Merging, new: sa.ColumnElement) -> Iterator[sa.ColumnElement[bool]]:
    """Which rows of an old deal's history follow: those before that of the deal that is left, there or in this load;
    of several old ones, those of the one that begins first."""
    h, p = opportunity_history.c, merging.pairs["opportunity"].c
    firsts = []
    for place in filter(lambda one: one is not None, (opportunity_history.alias("own"), merging.history)):
        first = sa.select(sa.func.min(place.c.changed_at)).where(place.c.opportunity_id == new)
        firsts.append(first.correlate(opportunity_history).scalar_subquery())
    begins: sa.ColumnElement = firsts[0]
    if len(firsts) > 1:
        own, loaded = firsts
        begins = sa.case((sa.or_(loaded.is_(None), own < loaded), own), else_=loaded)
    yield h.changed_at < begins
    its = opportunity_history.alias("its").c
    place = sa.func.row_number().over(partition_by=p.new, order_by=(sa.func.min(its.changed_at), its.opportunity_id))
    olds = sa.select(its.opportunity_id, place.label("place")).where(its.opportunity_id == p.old)
    ranked = olds.group_by(p.new, its.opportunity_id).subquery("ranked").c
    yield h.opportunity_id.in_(sa.select(ranked.opportunity_id).where(ranked.place == 1))


def _kept(connection: sa.Connection, keep: Keep | None, table: sa.Table, kind: str, rows: sa.Select) -> None:
    if keep is not None:
        keep(table, kind, rows)
