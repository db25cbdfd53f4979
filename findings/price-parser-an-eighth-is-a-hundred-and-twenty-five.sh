#!/usr/bin/env bash
# A good guess: a number that begins with '0.' is a fraction, whatever may be said about 1.125.
# What it costs: three digits after a point or comma always count as thousands: a discount of 0.125 becomes 125, a
# unit price of EUR 0.035 becomes 35, while 0.12 and 0.1234 of the same column are right. Ours: the number form is
# declared per file (data_access/imports).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check price-parser==0.5.1

venv/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version

from price_parser import Price

texts = ["0.12", "0.125", "0,125", "0.1234", "EUR 0.035"]
seen = [str(Price.fromstring(text).amount) for text in texts]
print("price-parser", version("price-parser"))
print("guess: ['0.12', '0.125', '0.125', '0.1234', '0.035'] for", texts)
print("seen: ", seen)
assert seen == ["0.12", "125", "125", "0.1234", "35"], seen
PYTHON
