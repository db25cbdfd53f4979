#!/usr/bin/env bash
# A good guess: rolling('7D') over one row per local day adds up seven days, since pandas 3 treats a day as a
# calendar day elsewhere (adding Day(1) keeps the hour).
# What it costs: a window is 168 hours: in the week after the clocks go forward seven windows hold eight days, a
# record week of activities that nobody worked. Ours: days are dates without a zone when they are counted.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd

noon = pd.Timestamp("2026-03-28 12:00", tz="Europe/Berlin")
assert (noon + pd.offsets.Day(1)).hour == 12  # a Day is a calendar day
calls = pd.Series(10, index=pd.date_range("2026-03-16", "2026-04-12", freq="D", tz="Europe/Berlin"))
week = calls.rolling("7D", min_periods=7).sum().dropna()
high = week[week > 70]
print("pandas", pd.__version__)
print("guess: 10 calls a day are 70 in every seven days")
print("seen: ", {str(day.date()): value for day, value in high.items()})
assert set(week) == {70.0, 80.0}
assert len(high) == 7 and str(high.index[0].date()) == "2026-03-30"
PYTHON
