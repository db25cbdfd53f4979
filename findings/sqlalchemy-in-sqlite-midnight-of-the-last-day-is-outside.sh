#!/usr/bin/env bash
# A good guess: a DateTime column compared with a date is compared as moments, as in PostgreSQL: midnight of 31
# March is <= 31 March, and equal to it.
# What it costs: the date is bound as the shorter text, so a moment of exactly that day is greater: whatever was
# imported as a plain day, at midnight, drops out of BETWEEN the first and the last day of a month, on the last day,
# the busiest. Ours: met where a moment stands beside a date (data_access/opportunities/cost_of_sale.py), by < and >= only, which
# agree.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check SQLAlchemy==2.1.9

venv/bin/python -W ignore - <<'PYTHON'
from datetime import date, datetime

import sqlalchemy as sa

engine = sa.create_engine("sqlite://")
id_, closed_at = sa.Column("id", sa.Integer, primary_key=True), sa.Column("closed_at", sa.DateTime)
deal = sa.Table("deal", sa.MetaData(), id_, closed_at)
with engine.begin() as connection:
    deal.create(connection)
    connection.execute(deal.insert(), [{"closed_at": datetime(2026, 3, day)} for day in (1, 30, 31)])

    def count(condition):
        return connection.execute(sa.select(sa.func.count()).where(condition)).scalar_one()

    month = count(deal.c.closed_at.between(date(2026, 3, 1), date(2026, 3, 31)))
    on_the_day = count(deal.c.closed_at == date(2026, 3, 31))
    as_moments = count(deal.c.closed_at.between(datetime(2026, 3, 1), datetime(2026, 3, 31)))
print("SQLAlchemy", sa.__version__)
print("guess: 3 in March, 1 on the 31st")
print("seen: ", month, "in March,", on_the_day, "on the 31st - with datetimes:", as_moments)
assert (month, on_the_day, as_moments) == (2, 0, 3)
PYTHON
