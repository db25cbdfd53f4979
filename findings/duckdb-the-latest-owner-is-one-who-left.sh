#!/usr/bin/env bash
# A good guess: arg_max(owner, changed_on) gives the owner of the latest change, and nobody if that is when the deal
# lost its owner.
# What it costs: rows whose owner is NULL are passed over, so a deal without an owner shows its former one: orphaned
# accounts vanish from the list, and a stage that was cleared comes back. Two rows in one file, no order involved.
# Ours: ownership comes from dated assignments (data_access/accounts/ownership.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1

venv/bin/python -W ignore - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
seen = duckdb.sql(
    """
    select arg_max(owner, changed_on), max(changed_on)::text, last(owner order by changed_on)
    from (values ('Ann', date '2026-01-15'), (null, date '2026-03-01')) t(owner, changed_on)
    """
).fetchall()
print("guess: [(None, '2026-03-01', None)]")
print("seen: ", seen)
assert seen == [("Ann", "2026-03-01", None)], seen
PYTHON
