#!/usr/bin/env bash
# A good guess: the win rate of a region without closed deals, 0/0, is NULL (or an error, as 1 % 0 is), so coalesce
# and avg step over it and ORDER BY ... DESC puts it last.
# What it costs: it is NaN, greater than every number: the empty region is first in the ranking, max and avg of all
# regions are NaN, and coalesce(rate, 0) leaves it. Ours: ratios are made in Python, not in SQL.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1

venv/bin/python -W ignore - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
duckdb.sql(
    "create table region as from (values ('North', 3, 10), ('South', 0, 0), ('West', 5, 10)) t(name, won, closed)"
)
ranking = [name for (name,) in duckdb.sql("select name from region order by won / closed desc").fetchall()]
[summary] = duckdb.sql(
    """
    select isnan(max(won / closed)), isnan(avg(won / closed)), count(*) filter (isnan(coalesce(won / closed, 0)))
    from region
    """
).fetchall()
print("guess: West, North, South; best 0.5; average 0.4")
print("seen: ", ranking, "best and average are NaN:", summary[:2], "rows that coalesce leaves NaN:", summary[2])
assert ranking == ["South", "West", "North"] and summary == (True, True, 1)
PYTHON
