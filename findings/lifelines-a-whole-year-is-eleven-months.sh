#!/usr/bin/env bash
# A good guess: with freq='M' and freq='Y' datetimes_to_durations counts months and years, so 1 January to 1 January
# is 12 months and one year.
# What it costs: customers of one year count as 11 months and 0 years, those who came in February 2026 and left on 1
# March as 0 months; churn within the first year is overstated. Ours: no lifelines.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check \
  lifelines==0.30.3 scipy==1.17.1 pandas==2.3.3 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import lifelines
from lifelines.utils import datetimes_to_durations

spans = [
    ("2022-01-01", "2023-01-01"),
    ("2023-01-01", "2024-01-01"),
    ("2024-01-01", "2025-01-01"),
    ("2025-02-01", "2025-03-01"),
]
print("lifelines", lifelines.__version__)
print("guess: months [12, 12, 12, 1], years [1, 1, 1, 0]")
first, last = zip(*spans)
seen = {}
for unit in "MY":
    durations, _ = datetimes_to_durations(list(first), list(last), freq=unit)
    seen[unit] = [int(duration) for duration in durations]
print("seen: months", seen["M"], "years", seen["Y"])
assert seen == {"M": [11, 11, 12, 0], "Y": [0, 0, 1, 0]}, seen
PYTHON
