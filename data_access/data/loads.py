"""What was loaded, from where and when. It is of the whole company: nobody is told of it who sees a part of that."""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import read
from data_access.errors import NotAllowed
from data_access.filters import in_regions, valid_on
from data_access.schema import activity_day, deal_movement, deal_span, import_batch, import_undo, lead_day, load_attempt
from data_access.scope import Person, Scope

MOST = 300  # imports: a sync every quarter of an hour makes as many in three days


def attempts(database: sa.Engine, person: Person) -> pd.DataFrame:
    """One row per source, by way and mapping: way (import, sync), mapping ("": the contract's form), tried_at,
    tried_by, loaded_at (empty: never), failure (empty: the last attempt did not fail). Moments in UTC."""
    _must_see_all(person)
    a = load_attempt.c
    return read(database, sa.select(load_attempt).order_by(a.way, a.mapping))


def imported(database: sa.Engine, person: Person) -> pd.DataFrame:
    """One row per table of each of the newest MOST imports, the newest first.

    imported_at (UTC, the same of one import), imported_by, mapping (None: not written down then), file, table_name
    rows_read, rows_added, rows_changed, rows_removed, rows_rejected   added and removed empty where not written down:
                                                                       changed are then both, too
    newest_on    the last day on which anything in its rows happened; empty: none, or not written down
    undone_at, undone_by, is_last   1 of the one that can be undone, else 0
    """
    _must_see_all(person)
    b = import_batch.c
    others = sa.func.coalesce(b.rows_added, 0) + sa.func.coalesce(b.rows_removed, 0)
    kept = sa.select(sa.func.max(import_undo.c.batch_id)).scalar_subquery()
    last = sa.select(import_batch).where(b.batch_id == kept).subquery("last").c
    at = sa.select(last.imported_at).scalar_subquery()
    names = ("imported_at", "imported_by", "mapping", "file", "table_name", "rows_read", "rows_added")
    more = ("rows_removed", "rows_rejected", "newest_on", "undone_at", "undone_by")
    statement = sa.select(
        *(b[name] for name in (*names, *more)),
        (b.rows_changed - others).label("rows_changed"),
        sa.case((b.imported_at == at, 1), else_=0).label("is_last"),
    )
    each = sa.select(b.imported_at).distinct().order_by(b.imported_at.desc()).limit(MOST).subquery("each")
    since = sa.select(sa.func.min(each.c.imported_at)).scalar_subquery()
    statement = statement.where(b.imported_at >= since).order_by(b.imported_at.desc(), b.batch_id)
    return read(database, statement)


def _must_see_all(person: Person) -> None:
    if not person.sees_everything:
        raise NotAllowed("What was imported is of the whole company. Executives and directors of all regions see it.")


NEWEST = ("deal", "movement", "activity", "lead")


def newest(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per kind of NEWEST: what, newest_on: the last day up to that of the data on which any happened that the
    person may see; empty: none did. Of the scope, only the regions count."""
    scope = scope.dateless
    span, move, done, lead = deal_span.c, deal_movement.c, activity_day.c, lead_day.c
    last = scope.last_day.toordinal()
    created = sa.func.coalesce(span.closed_day, span.created_day)
    days = {
        "deal": (created, deal_span, span.region_id, valid_on(deal_span, scope.last_day)),
        "movement": (move.day, deal_movement, move.region_after, sa.true()),
        "activity": (done.completed_day, activity_day, done.region_id, sa.true()),
        "lead": (lead.created_day, lead_day, lead.region_id, sa.true()),
    }
    each = [
        sa.select(sa.literal_column(f"'{what}'", sa.Text).label("what"), sa.func.max(day).label("newest_on"))
        .select_from(table)
        .where(day <= last, in_regions(region, scope), holds)
        for what, (day, table, region, holds) in days.items()
    ]
    rows = sa.union_all(*each).subquery("newest")
    return read(database, sa.select(rows), {"newest_on": "day"})
