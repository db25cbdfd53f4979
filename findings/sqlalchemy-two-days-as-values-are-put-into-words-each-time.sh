#!/usr/bin/env bash
# A good guess: a select that joins values(...).data(rows) is kept as SQL after the first time, as every other select is,
# since only its parameters differ.
# What it costs: it has no key to be kept by, and neither has the statement around it: SQLAlchemy puts the whole of it into
# words each time, and says so only in the log. A dashboard that asks about 13 months at once in this way, to be fast,
# spends the processor on the text. The same rows as a UNION ALL of selects are kept.
# Ours: sets of days and moments are such a table (data_access/filters.py, table_of).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check sqlalchemy==2.1.9

venv/bin/python -W ignore - <<'PYTHON'
import sqlalchemy as sa

print("sqlalchemy", sa.__version__)
deal = sa.table("deal", sa.column("closed_day", sa.Integer), sa.column("amount", sa.Integer))


def won_by_month(months: sa.CTE) -> sa.Select:
    within = sa.and_(deal.c.closed_day >= months.c.first, deal.c.closed_day <= months.c.last)
    return sa.select(months.c.first, sa.func.sum(deal.c.amount)).join(deal, within).group_by(months.c.first)


def as_values(rows: list[tuple[int, int]]) -> sa.CTE:
    columns = (sa.column("first", sa.Integer), sa.column("last", sa.Integer))
    return sa.values(*columns, name="months").data(rows).cte("months")


def as_union(rows: list[tuple[int, int]]) -> sa.CTE:
    each = [sa.select(sa.literal(first).label("first"), sa.literal(last).label("last")) for first, last in rows]
    return sa.union_all(*each).cte("months")


engine = sa.create_engine("sqlite://")
kept: dict[str, list[bool]] = {"values": [], "union all": []}
with engine.connect() as connection:
    connection.execute(sa.text("create table deal (closed_day integer, amount integer)"))
    connection.execute(sa.text("insert into deal values (5, 100), (40, 200)"))
    found = []
    for name, table in {"values": as_values, "union all": as_union}.items():
        for rows in ([(1, 31), (32, 59)], [(1, 31), (32, 60)]):  # the same statement, other days
            result = connection.execute(won_by_month(table(rows)))
            kept[name].append(result.context._get_cache_stats().startswith("cached"))
            found.append(sorted(map(tuple, result)))
print("the rows are the same:", all(rows == found[0] for rows in found))
print("guess: the second time it is kept, either way")
print("seen:  kept the first and the second time:", kept)
assert all(rows == found[0] for rows in found) and kept == {"values": [False, False], "union all": [False, True]}
PYTHON
