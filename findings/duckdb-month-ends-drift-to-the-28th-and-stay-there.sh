#!/usr/bin/env bash
# A good guess: a series by month from 31 January holds the month ends, as Polars counts it; at least it comes back
# to the 31st in March.
# What it costs: each step starts from the one before, so after February all snapshots are taken on the 28th, and
# what closed on the last days of each month, the busiest, is missing from the pipeline history. Ours: no DuckDB;
# month ends come from the calendar.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --disable-pip-version-check duckdb==2.0.1 polars==2.1.0

venv/bin/python -W ignore - <<'PYTHON'
from datetime import date

import duckdb
import polars

print("duckdb", duckdb.__version__, "polars", polars.__version__)
first, last = date(2026, 1, 31), date(2026, 5, 31)
made = duckdb.execute("select unnest(generate_series(?::date, ?::date, interval 1 month))::date", [first, last]).fetchall()
seen = [day.strftime("%m-%d") for (day,) in made]
other = [day.strftime("%m-%d") for day in polars.date_range(first, last, "1mo", eager=True)]
print("guess:", other)
print("seen: ", seen)
assert other == ["01-31", "02-28", "03-31", "04-30", "05-31"]
assert seen == ["01-31", "02-28", "03-28", "04-28", "05-28"]
PYTHON
