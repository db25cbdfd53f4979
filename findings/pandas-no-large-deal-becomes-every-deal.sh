#!/usr/bin/env bash
# A good guess: a column assigned to a selection keeps the selection's rows; where the selection has none, there are
# none afterwards.
# What it costs: a selection without rows takes on all rows of the Series assigned to it, with empty names: "large deals
# without a score" is right as long as there is one, and the day the last of them is scored it lists every deal. A list or
# an array in place of the Series raises. Ours: Attention's rule about large accounts; columns are assigned before rows
# are chosen (answers/attention/silence_rules.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandas==3.1.1

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd

print("pandas", pd.__version__)
deals = pd.DataFrame({"deal": ["a", "b", "c"], "amount": [10, 20, 30]})
rank = deals["amount"].rank(ascending=False)
seen = {}
for least in (30, 31):
    large = deals.loc[deals["amount"] >= least, ["deal"]].assign(rank=rank)
    seen[least] = (len(large), large["deal"].isna().sum().item())
print("guess: 1 deal of at least 30, 0 of at least 31")
print("seen (rows, rows without a name):", seen)
assert seen == {30: (1, 0), 31: (3, 3)}, seen
PYTHON
