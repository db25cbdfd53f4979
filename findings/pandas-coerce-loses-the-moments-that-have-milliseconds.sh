#!/usr/bin/env bash
# A good guess: moments as CRM interfaces write them, with a fraction only where it is not zero, are one ISO form,
# and errors='coerce' only touches what is no moment.
# What it costs: the first row decides the form, all others become missing without a word: nearly all of a page of
# deals, or the few that were changed on a full second. Ours: each text is read by itself
# (data_access/imports/forms.py), with no coercing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import pandas as pd

changed = pd.Series(
    ["2026-04-03T10:00:00Z", "2026-04-03T10:00:00.123Z", "2026-04-04T09:30:00.5Z", "2026-04-05T08:00:00Z"]
)
seen = pd.to_datetime(changed, errors="coerce")
fine = pd.to_datetime(changed, format="ISO8601")
print("pandas", pd.__version__)
print("guess: four moments")
print("seen: missing", seen.isna().tolist(), "- with format='ISO8601':", fine.isna().tolist())
assert seen.isna().tolist() == [False, True, True, False]
assert fine.notna().all()
starts_with_a_fraction = pd.to_datetime(changed[1:], errors="coerce")
print("seen, first row with a fraction: missing", starts_with_a_fraction.isna().tolist())
assert starts_with_a_fraction.isna().tolist() == [False, False, True]
PYTHON
