#!/usr/bin/env bash
# A good guess: date_diff counts the boundaries crossed, for weeks as for months, so Sunday to Monday is one week
# apart, as date_trunc('week') has it.
# What it costs: months, hours and quarters count boundaries, weeks count whole spans of seven days: joined by
# weeks-since-creation, a cohort's Monday deals stay in week 0 and every column of the retention table is off for
# six of seven weekdays. Ours: weeks are begun by arithmetic on ordinals, never counted between days.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1

venv/bin/python -W ignore - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
[seen] = duckdb.sql(
    """
    select date_diff('week', s, m), date_diff('month', date '2026-01-31', date '2026-02-01'),
           date_diff('hour', timestamp '2026-01-05 09:59', timestamp '2026-01-05 10:00'),
           date_diff('day', date_trunc('week', s), date_trunc('week', m)) // 7
    from (select date '2026-01-04' as s, date '2026-01-05' as m) -- a Sunday and the Monday after it
    """
).fetchall()
print("guess: one week, as there is one month and one hour between their neighbours")
print("seen: weeks", seen[0], "months", seen[1], "hours", seen[2], "- by date_trunc('week'):", seen[3])
assert seen == (0, 1, 1, 1), seen
PYTHON
