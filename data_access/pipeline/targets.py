"""Questions about targets and receipts."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access.deal_sums import grouped
from data_access.engine import read
from data_access.filters import moments_table, seen
from data_access.schema import rep_target
from data_access.scope import Moment, Scope


def target_totals(
    database: sa.Engine, scope: Scope, by: tuple[str, ...] = (), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per group (region, owner, month): target rows that touch the period, whole, past the as-of date too. Of
    moments, as in `closing`, one per moment and group.

    rows      how many targets; amount    minor units of the base currency. A month partly in the period counts
    by its days, each row rounded half up to the cent. Filters other than people and regions do not apply: the
    caller asks `scope.asks_beyond_people_regions_months` first.
    """
    t = rep_target.c
    at = moments_table(moments or (scope.moment,))
    start, end = at.c.start_day, at.c.end_day + 1
    first = sa.case((t.from_day < start, start), else_=t.from_day)
    last = sa.case((t.to_day > end, end), else_=t.to_day)
    length = t.to_day - t.from_day
    share = (2 * t.amount * (last - first) + length) // (2 * length)
    rows = (
        sa.select(
            at.c.moment, t.rep_id.label("owner_id"), t.region_id, t.from_day.label("month"), share.label("amount")
        )
        .select_from(at.join(rep_target, sa.and_(t.from_day < end, t.to_day > start)))
        .where(seen(t.rep_id, t.region_id, scope))
        .subquery("targets")
    )
    sums = (sa.func.count().label("rows"), sa.func.coalesce(sa.func.sum(rows.c.amount), 0).label("amount"))
    return grouped(database, rows, ("moment", *by) if moments else by, sums)


def first_month(database: sa.Engine, scope: Scope) -> date | None:
    """The first month in which a rep of the scope had a target."""
    t = rep_target.c
    statement = sa.select(sa.func.min(t.from_day).label("month")).where(seen(t.rep_id, t.region_id, scope))
    found = read(database, statement)["month"].iloc[0]
    return None if pd.isna(found) else date.fromordinal(int(found))
