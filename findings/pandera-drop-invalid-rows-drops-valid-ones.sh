#!/usr/bin/env bash
# A good guess: drop_invalid_rows=True drops the rows that break a rule; of a deal exported twice one stays, and a
# row without fault always does.
# What it costs: of two equal keys both are dropped, so a deal that was exported twice is in no total; and rows go
# by their index label, so after pd.concat of two files a good row of the one leaves with the bad row of the other.
# Ours: pandera only checks and never drops, the import rejects rows by their line (data_access/imports/rules.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandera==0.35.0 pandas==3.1.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd
import pandera
import pandera.pandas as pa

unique = pa.DataFrameSchema({"deal": pa.Column(int, unique=True)}, drop_invalid_rows=True)
twice = unique.validate(pd.DataFrame({"deal": [1, 1, 2]}), lazy=True)["deal"].tolist()

positive = pa.DataFrameSchema({"amount": pa.Column(int, pa.Check.ge(0))}, drop_invalid_rows=True)
files = pd.concat([pd.DataFrame({"amount": [100, 200]}), pd.DataFrame({"amount": [-5, 400]})])
kept = positive.validate(files, lazy=True)["amount"].tolist()
print("pandera", pandera.__version__)
print("guess: deals [1, 2]; amounts [100, 200, 400]")
print("seen:  deals", twice, "amounts", kept)
assert twice == [2], twice
assert kept == [200, 400], kept
PYTHON
