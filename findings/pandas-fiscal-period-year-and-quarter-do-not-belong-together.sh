#!/usr/bin/env bash
# A good guess: year and quarter of a fiscal period are the two halves of its name, so f'{p.year}Q{p.quarter}' is
# the period again.
# What it costs: quarter is the fiscal one, year the calendar year in which it ends: May 2026 in a year that ends in
# March is labelled 2026 Q1, which is the quarter of a year before. Sums by (year, quarter) put Q4 before Q1. Ours:
# fiscal periods are pairs of days (dashboard/metrics/periods.py), pandas periods have no anchor.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd

months = ["2026-02", "2026-05", "2026-08", "2026-11", "2027-02"]
periods = pd.PeriodIndex([pd.Period(month, freq="M").asfreq("Q-MAR") for month in months])
names = [str(period) for period in periods]
built = [f"{year}Q{quarter}" for year, quarter in zip(periods.year, periods.quarter)]
print("pandas", pd.__version__)
print("guess:", names)
print("seen: ", built, "- 'qyear' is the fiscal year:", periods.qyear.tolist())
assert names == ["2026Q4", "2027Q1", "2027Q2", "2027Q3", "2027Q4"]
assert built == ["2026Q4", "2026Q1", "2026Q2", "2026Q3", "2027Q4"]
again = pd.Period("2026Q1", freq="Q-MAR")
print("and 2026Q1 read back is", again.start_time.date(), "to", again.end_time.date())
assert str(again.start_time.date()) == "2025-04-01"
PYTHON
