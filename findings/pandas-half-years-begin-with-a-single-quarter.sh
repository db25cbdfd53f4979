#!/usr/bin/env bash
# A good guess: resample('2QE') adds up two quarters at a time, so a calendar year gives two half-years.
# What it costs: the first bin is the first quarter alone, then come April to September and October to March of next
# year; only '2QS' gives the half-years. Half-year sales are wrong on every row, and the year's sum is right. Ours:
# periods are cut by dashboard/metrics/periods.py.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd

days = pd.Series(1, index=pd.date_range("2026-01-01", "2026-12-31"))
ends = {str(day.date()): int(count) for day, count in days.resample("2QE").sum().items()}
starts = {str(day.date()): int(count) for day, count in days.resample("2QS").sum().items()}
print("pandas", pd.__version__)
print("guess: 181 and 184 days, as for '2QS':", starts)
print("seen: ", ends)
assert starts == {"2026-01-01": 181, "2026-07-01": 184}
assert ends == {"2026-03-31": 90, "2026-09-30": 183, "2027-03-31": 92}
PYTHON
