#!/usr/bin/env bash
# A good guess: 'Q3 2026' being understood as a quarter, 'H2 2026' is understood as a half-year, or gives None as
# 'FY2026' does.
# What it costs: expected closes of the second half are put into February, and those of the first half into January,
# with the day of today; they count as overdue from March on. Ours: texts of close dates are parsed by declared
# forms only.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check dateparser==1.5.0

venv/bin/python -W ignore - <<'PYTHON'
from datetime import datetime

import dateparser

print("dateparser", dateparser.__version__)
print("guess: H2 2026 begins in July, or None")
now = {"RELATIVE_BASE": datetime(2026, 8, 31)}
texts = ["Q3 2026", "H1 2026", "H2 2026", "FY2026"]
found = [dateparser.parse(text, languages=["en"], settings=now) for text in texts]
seen = [None if moment is None else str(moment.date()) for moment in found]
print("seen: ", dict(zip(texts, seen)))
assert seen == ["2026-08-31", "2026-01-31", "2026-02-28", None], seen
PYTHON
