#!/usr/bin/env bash
# A good guess: 31/01/26 and 01.02.26 are read day first (or month first); at worst the column stays text.
# What it costs: with two digits for the year the sniffer prefers year/month/day: the last day of January 2026
# becomes 26 January 2031, closes of this year land in 2001 to 2031. One date such as 01/15/26 in the file and all
# are right. Ours: the import asks for the form.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1

venv/bin/python -W ignore - <<'PYTHON'
import pathlib

import duckdb

print("duckdb", duckdb.__version__)
print("guess: 2026 in each of these")
columns = {
    "slashes": ["31/01/26", "28/02/26"],
    "dots": ["01.02.26", "03.04.26"],
    "one more row decides": ["01/02/26", "01/15/26"],
}
seen = {}
for name, days in columns.items():
    pathlib.Path("deals.csv").write_text("deal,close_date\n" + "".join(f"D{n},{day}\n" for n, day in enumerate(days)))
    seen[name] = [str(day) for (day,) in duckdb.sql("select close_date from read_csv('deals.csv')").fetchall()]
    print("seen: ", days, "->", seen[name])
assert seen["slashes"] == ["2031-01-26", "2028-02-26"]
assert seen["dots"] == ["2001-02-26", "2003-04-26"]
assert seen["one more row decides"] == ["2026-01-02", "2026-01-15"]
PYTHON
