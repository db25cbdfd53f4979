#!/usr/bin/env bash
# A good guess: approximate_median is exact for a handful of values, or close; of two it is the middle.
# What it costs: group_by offers no exact median, and the approximate one is the smaller of two: 10 for deals of 10
# and 1000, where four deals do get their middle. Small groups, the usual ones per rep and month, are too low. Ours:
# pyarrow only moves data.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pyarrow==26.0.1

venv/bin/python -W ignore - <<'PYTHON'
import pyarrow as pa
import pyarrow.compute as pc

deals = pa.table({"rep": ["Ann", "Ann"] + ["Bob"] * 4, "amount": [10, 1000, 10, 20, 30, 40]})
found = deals.group_by("rep").aggregate([("amount", "approximate_median")])
seen = dict(zip(found["rep"].to_pylist(), found["amount_approximate_median"].to_pylist()))
exact = pc.quantile(pa.array([10, 1000]), 0.5)[0].as_py()
print("pyarrow", pa.__version__)
print("guess: Ann", exact, "Bob 25.0")
print("seen: ", seen)
assert exact == 505.0 and seen == {"Ann": 10.0, "Bob": 25.0}, seen
PYTHON
