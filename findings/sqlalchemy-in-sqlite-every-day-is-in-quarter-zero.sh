#!/usr/bin/env bash
# A good guess: extract('quarter', ...) works in SQLite too, or raises as extract('isodow', ...) does there.
# What it costs: the field's name goes to strftime as a format; what comes back is 0 for every day of the year, and
# GROUP BY quarter makes one bar of four; in PostgreSQL the same query is right. Ours: no extract in SQL, quarters
# are made in Python (dashboard/metrics/periods.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check SQLAlchemy==2.1.9

venv/bin/python -W ignore - <<'PYTHON'
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

day = sa.column("closed_on", sa.Date)
query = sa.select(sa.extract("quarter", day))
with sa.create_engine("sqlite://").connect() as connection:
    days = [sa.literal(f"2026-{month:02}-15").label("closed_on") for month in (2, 5, 8, 11)]
    source = sa.union_all(*(sa.select(one) for one in days)).subquery()
    seen = connection.execute(sa.select(sa.extract("quarter", source.c.closed_on))).scalars().all()
print("SQLAlchemy", sa.__version__)
print("guess: [1, 2, 3, 4]")
print("seen: ", seen)
print("      ", query.compile(dialect=sqlite.dialect()).string.replace("\n", " "))
print("      ", query.compile(dialect=postgresql.dialect()).string.replace("\n", " "))
assert seen == [0, 0, 0, 0], seen
PYTHON
