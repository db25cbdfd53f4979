#!/usr/bin/env bash
# A good guess: a difference of two dates, days in PostgreSQL, is translated to something that counts days in SQLite
# (julianday), or is reported as unsupported.
# What it costs: DATE(a) - DATE(b) subtracts two texts, that is their leading years: 85 days in stage are 0, four
# days over New Year are 1. It runs, also with unsupported_level=RAISE. Ours: no dates are subtracted in SQL, the
# derived tables hold day numbers (data_access/derive.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check sqlglot==30.30.0

venv/bin/python -W ignore - <<'PYTHON'
import sqlite3

import sqlglot

query = "SELECT deal, CAST(left_on AS DATE) - CAST(entered_on AS DATE) AS days FROM stage ORDER BY deal"
[made] = sqlglot.transpile(query, read="postgres", write="sqlite", unsupported_level=sqlglot.ErrorLevel.RAISE)
database = sqlite3.connect(":memory:")
database.execute("create table stage (deal, entered_on text, left_on text)")
database.executemany(
    "insert into stage values (?, ?, ?)", [("A", "2026-01-05", "2026-03-31"), ("B", "2025-12-30", "2026-01-03")]
)
seen = database.execute(made).fetchall()
print("sqlglot", sqlglot.__version__)
print("guess: [('A', 85), ('B', 4)] or an error")
print("seen: ", seen, "from", made)
assert seen == [("A", 0), ("B", 1)], seen
PYTHON
