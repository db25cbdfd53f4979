#!/usr/bin/env bash
# A good guess: one Ibis expression means one thing on every engine that compiles it; what an engine cannot do is an
# error.
# What it costs: the last touch of an account, greatest(mail, call), is missing on SQLite wherever one of both is,
# and the other date on DuckDB; 2.5 points become 2 and 3. A dashboard tested on SQLite has other coverage in
# production. Ours: no Ibis.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --disable-pip-version-check ibis-framework[duckdb,sqlite]==12.0.0 duckdb==2.0.1 pandas==3.1.1 pyarrow==26.0.1

venv/bin/python -W ignore - <<'PYTHON'
import sqlite3

import duckdb
import ibis

touch = ibis.table({"last_mail": "int64", "last_call": "int64"}, name="touch")
latest = touch.select(latest=ibis.greatest(touch.last_mail, touch.last_call), points=ibis.literal(2.5).cast("int64"))
seen = {}
for name, connection in (("sqlite", sqlite3.connect(":memory:")), ("duckdb", duckdb.connect())):
    connection.execute("create table touch (last_mail bigint, last_call bigint)")
    connection.execute("insert into touch values (10, 7), (12, null)")
    seen[name] = connection.execute(ibis.to_sql(latest, dialect=name)).fetchall()
print("ibis", ibis.__version__)
print("guess: the same on both")
print("seen: ", seen)
assert seen == {"sqlite": [(10, 2), (None, 2)], "duckdb": [(10, 3), (12, 3)]}, seen
PYTHON
