#!/usr/bin/env bash
# A good guess: dayfirst=True decides how 03/04/2026 is read; 2026-04-03 is ISO and has one reading.
# What it costs: an export that is read with dayfirst=True, and comes with ISO dates after the next update of the
# CRM, has its closes of days 1 to 12 in other months, without an error or a warning. Ours: the import's date forms
# are declared (data_access/imports/forms.py), never guessed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check \
  pandas==3.1.1 python-dateutil==2.9.0.post0 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import io
import warnings

import pandas as pd

export = "deal,close_date\nA,2026-04-03\nB,2026-11-02\nC,2026-12-10\n"
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    deals = pd.read_csv(io.StringIO(export), parse_dates=["close_date"], dayfirst=True)
seen = deals["close_date"].dt.strftime("%Y-%m-%d").tolist()
mixed = pd.to_datetime(["2026-04-03", "2026-04-13"], format="mixed", dayfirst=True).strftime("%Y-%m-%d").tolist()
print("pandas", pd.__version__)
print("guess: ['2026-04-03', '2026-11-02', '2026-12-10']")
print("seen:", seen, "warnings:", len(said), "- and in one column:", mixed)
assert seen == ["2026-03-04", "2026-02-11", "2026-10-12"] and not said
assert mixed == ["2026-03-04", "2026-04-13"]
PYTHON
