"""What a whole export no longer has is removed as of the day of its import; what an export has again is there again."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access.database.bulk import batches
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, opportunity

from ..cautions import many
from ..forms import typed
from ..lots import Lot
from ..mapping import REMOVED
from ..rejected import place
from ..staging import Staged

_NAMED = 3


Marked = Mapping[str, Sequence[str]]  # by table, the keys of rows that are there and that a flag removes


def without_flags(
    connection: sa.Connection, lots: tuple[Lot, ...], today: date
) -> tuple[tuple[Lot, ...], Marked, list[str]]:
    """The lots with the day of removal in the place of a flag, `removed`, that has none: the day that the database has
    already, else today. A flagged row that was never there is left out. Which were there; and sentences on both.

    Raises ImportRefused where a flag is neither true nor false.
    """
    marked, told, found = dict[str, Sequence[str]](), list[str](), list[Lot]()
    for lot in lots:
        if REMOVED in lot.cells and _may_go(lot.table):
            lot, marked[lot.table], sentence = _dated(connection, lot, today)
            told += [sentence] if sentence else []
        found.append(lot)
    return tuple(found), marked, told


def as_they_were(connection: sa.Connection, staged: list[Staged], marked: Marked) -> None:
    """Of a marked row that is there its day of removal alone is staged: what a system still says of what it deleted is
    less than it said before (of a deal that was won, in Pipedrive, not that it was)."""
    for one in staged:
        table, staging = CONTRACT[one.table], one.staging
        [key, *_more] = table.info["key"]
        other = [column.name for column in staging.c if column.name not in (key, "removed_on")]
        its = {
            name: sa.select(table.c[name]).where(table.c[key] == staging.c[key]).correlate(staging).scalar_subquery()
            for name in other
        }
        for keys in batches(marked.get(one.table, ())):
            if its:
                connection.execute(staging.update().where(staging.c[key].in_(keys)).values(its))


def _may_go(table: str) -> bool:
    return "removed_on" in CONTRACT[table].c


def _dated(connection: sa.Connection, lot: Lot, today: date) -> tuple[Lot, Sequence[str], str]:
    flags = typed(lot.cells[REMOVED], "boolean", None)
    for text, reason in flags.reasons.items():
        row = lot.cells.index[lot.cells[REMOVED] == text][0]
        raise ImportRefused(
            f"{place(lot.origin.loc[row])}: `{REMOVED}` {reason}. Nothing was loaded. Translate it in the mapping: "
            f'{REMOVED} = {{ column = "…", values = {{ deleted = "true", "*" = "" }} }}.'
        )
    [key] = CONTRACT[lot.table].info["key"]
    is_flagged = flags.values.fillna(False).astype(bool)
    keys, its = lot.cells[key][is_flagged], CONTRACT[lot.table].c
    days = {
        one: day or today
        for some in batches(keys.dropna().unique())
        for one, day in connection.execute(sa.select(its[key], its.removed_on).where(its[key].in_(some)))
    }
    own = lot.cells["removed_on"] if "removed_on" in lot.cells else pd.Series(None, index=lot.cells.index, dtype=object)
    dated = lot.cells[key].map({one: day.isoformat() for one, day in days.items()}).where(is_flagged, None)
    stays = ~is_flagged | lot.cells[key].isin(days) | own.notna()
    cells = lot.cells.drop(columns=REMOVED).assign(removed_on=own.where(own.notna(), dated).astype(object))[stays]
    cells = cells.astype(object).where(cells.notna(), None)
    fresh = keys[keys.map(days) == today].tolist()
    told = (
        f"{lot.table}: {int(is_flagged.sum()):,} rows are marked as deleted; {len(fresh):,} of them are removed as of "
        f"{today}, {int((~stays).sum()):,} were never here and are left out, the others stay as they are."
        if is_flagged.any()
        else ""
    )
    frames = {"cells": cells, "extra": lot.extra[stays], "origin": lot.origin[stays]}
    return replace(lot, **{name: frame.reset_index(drop=True) for name, frame in frames.items()}), [*days], told


def with_the_absent(
    connection: sa.Connection, staged: Staged, rejected: Set[str], today: date, most: float
) -> tuple[Staged, list[str]]:
    """The staged rows of a whole export and, as removed, those of the database that it lacks; and a sentence about
    them. Rows that were rejected are in the export. Of deals it is whole for the pipelines that it names.

    Raises ImportRefused where it lacks more than the share `most` of what is there.
    """
    table, staging = CONTRACT[staged.table], staged.staging
    if "removed_on" not in table.c:
        return staged, []
    [key] = table.info["key"]
    of_the_source: sa.ColumnElement[bool] = table.c.removed_on.is_(None)
    if table is opportunity:
        of_the_source = sa.and_(of_the_source, table.c.pipeline.in_(sa.select(staging.c.pipeline)))
    there = sa.select(table.c[key]).where(of_the_source)
    absent = sorted(set(connection.scalars(there.except_(sa.select(staging.c[key])))) - rejected)
    if not absent:
        return staged, []
    count = connection.scalar(sa.select(sa.func.count()).select_from(there.subquery("there"))) or 0
    named = f"{', '.join(absent[:_NAMED])}{' …' if len(absent) > _NAMED else ''}"
    if len(absent) > most * count:
        raise ImportRefused(
            f"{len(absent):,} of the database's {count:,} {many(staged.table)} are not in this export ({named}), more "
            f"than the {most:.0%} that a whole one may lack: is it whole? Nothing was loaded. Load it without "
            "--full and without `full` in the mapping, or allow more with --max-removed."
        )
    are = "is" if len(absent) == 1 else "are"
    for keys in batches(absent):
        removed = (
            sa.literal(today, sa.Date) if column.name == "removed_on" else table.c[column.name] for column in staging.c
        )
        rows = sa.select(*removed).where(table.c[key].in_(keys))
        connection.execute(staging.insert().from_select(staging.c.keys(), rows))
    return replace(staged, accepted=staged.accepted + len(absent), removed=len(absent)), [
        f"{staged.table}: {len(absent):,} of the database's {count:,} {many(staged.table)} {are} not in this whole "
        f"export ({named}) and {are} removed as of {today}."
    ]
