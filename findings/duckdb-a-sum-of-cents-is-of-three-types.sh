#!/usr/bin/env bash
# A good guess: amounts kept as whole cents (BIGINT) are summed to whole cents, however the result is fetched.
# What it costs: the sum is a HUGEINT. Row by row it is an int, as Arrow a decimal(38, 0), whose cells pandas holds as
# Decimal objects (which neither merge nor compare by type with the counts beside them), and by .df() a float64, which
# is a cent off from 2 ** 53 on: the same question of the same connection, by three ways out.
# Ours: the reading copy is fetched as Arrow, and whole decimals are cast to integers by what the column is declared
# (data_access/engine.py); that copy and database give equal rows is a law of the tests.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1 pandas==3.1.1 pyarrow==26.0.1

venv/bin/python -W ignore - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
session = duckdb.connect()
session.execute("create table deal (region varchar, cents bigint)")
session.execute("insert into deal values ('east', 9007199254740992), ('east', 1), ('west', 2)")
asked = "select region, sum(cents) as total, count(*) as deals from deal group by region order by region"
row, _ = session.execute(asked).fetchall()
frame = session.execute(asked).df()
table = session.execute(asked).to_arrow_table()
seen = (
    type(row[1]).__name__, str(frame["total"].dtype), str(table.schema.field("total").type),
    type(table.to_pandas()["total"][0]).__name__,
)
print("guess: int, int64, int64, int64 - as the count beside it:", frame["deals"].dtype, table.schema.field("deals").type)
print("seen: ", *seen, "- and the sums", row[1], int(frame["total"][0]), table["total"][0])
assert seen == ("int", "float64", "decimal128(38, 0)", "Decimal"), seen
assert row[1] == 9007199254740993 and int(frame["total"][0]) == 9007199254740992, (row, frame)
PYTHON
