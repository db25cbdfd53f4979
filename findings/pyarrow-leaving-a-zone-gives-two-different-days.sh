#!/usr/bin/env bash
# A good guess: casting a moment with a zone to a date and to a moment without zone follows one rule, local time or
# UTC.
# What it costs: the date is the local one, the naive moment is in UTC: a deal closed on 2 January at 7:30 in
# Shanghai has the day 2 January in one column and 1 January, 23:30, in the other, and the quarter with it. Ours:
# moments are stored as the organisation's wall clock, without zone (data_access/schema.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pyarrow==26.0.1

venv/bin/python -W ignore - <<'PYTHON'
import pyarrow as pa
import pyarrow.compute as pc

closed = pa.array([1767310200], pa.int64()).cast(pa.timestamp("s", "UTC")).cast(pa.timestamp("s", "Asia/Shanghai"))
day = str(closed.cast(pa.date32())[0])
naive = str(closed.cast(pa.timestamp("s"))[0])
local = str(pc.local_timestamp(closed)[0])
print("pyarrow", pa.__version__)
print("guess: one day for both")
print("seen: as a date", day, "without zone", naive, "- by local_timestamp", local)
assert day == "2026-01-02" and naive.startswith("2026-01-01") and local.startswith("2026-01-02"), (day, naive, local)
PYTHON
