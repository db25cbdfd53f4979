#!/usr/bin/env bash
# A good guess: what was SET on a connection holds for the cursors made from it, as it does with the drivers of
# PostgreSQL, where a cursor works in its connection's session.
# What it costs: a cursor is a session of its own, with the defaults. Under integer_division, set so that amounts in cents
# stay whole, the connection says 3 for 7 / 2 and its cursors say 3.5: a rounding half up that is written in whole numbers
# comes out half a cent too high on average, and only where threads have cursors of their own. SET GLOBAL holds for both.
# Ours: the reading copy is asked by a cursor per session; it sets what it needs with SET GLOBAL (copies/serving.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check duckdb==2.0.1

venv/bin/python -W ignore - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
# 45 % of 10.03, in cents, rounded half up: 451.35 is 451.
SHARE_OF_A_DEAL = "select (1003 * 45 + 50) / 100"


def asked(setting: str) -> tuple:
    connection = duckdb.connect(":memory:")
    connection.execute(setting)
    return tuple(one.execute(SHARE_OF_A_DEAL).fetchall()[0][0] for one in (connection, connection.cursor()))


seen, globally = asked("set integer_division = true"), asked("set global integer_division = true")
print("guess: 451 on the connection and on its cursor")
print("seen: ", *seen, "· with SET GLOBAL", *globally)
assert seen == (451, 451.85) and globally == (451, 451)
PYTHON
