#!/usr/bin/env bash
# A good guess: the quotient of two money columns has more digits than cents: pyarrow gives 19, DuckDB a DOUBLE.
# What it costs: attainment, win rate by value and discount are cut to whole percents before anyone formats them:
# 0.33 for 0.3267, and 0.00 for a share of 0.4 %, which no later rounding brings back. Ours: no Polars; money is
# whole minor units.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1

venv/bin/python -W ignore - <<'PYTHON'
from decimal import Decimal

import polars as pl
import pyarrow.compute as pc

money = pl.Decimal(18, 2)
deals = pl.DataFrame(
    {"won": [Decimal(98000), Decimal(400)], "target": [Decimal(300000), Decimal(100000)]},
    schema={"won": money, "target": money},
)
seen = [str(value) for value in deals.select(pl.col("won") / pl.col("target"))["won"]]
other = [str(value)[:6] for value in pc.divide(deals.to_arrow()["won"], deals.to_arrow()["target"]).to_pylist()]
print("polars", pl.__version__)
print("guess: as pyarrow on the same columns,", other)
print("seen: ", seen)
assert other == ["0.3266", "0.0040"] and seen == ["0.33", "0.00"], (other, seen)
PYTHON
