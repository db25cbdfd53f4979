#!/usr/bin/env bash
# A good guess: the sum of a Boolean column is a number, as SQLite's own sum() of it is; or it is refused, as
# PostgreSQL refuses it.
# What it costs: the sum keeps the column's type, so three won deals of five are True, shown as 1; the win rate sum
# * 100.0 / count, and a running sum, are True as well: 100 times too small where they are multiplied. Ours: sums
# are taken of CASE ... 1 ELSE 0 (data_access).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check SQLAlchemy==2.1.9

venv/bin/python -W ignore - <<'PYTHON'
import sqlalchemy as sa

engine = sa.create_engine("sqlite://")
deal = sa.Table("deal", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("won", sa.Boolean))
won = sa.func.sum(deal.c.won)
with engine.begin() as connection:
    deal.create(connection)
    connection.execute(deal.insert(), [{"id": n, "won": n <= 3} for n in range(1, 6)])
    plain = connection.execute(sa.text("select sum(won), sum(won) * 100.0 / count(*) from deal")).one()
    seen = connection.execute(sa.select(won, won * 100.0 / sa.func.count(), sa.func.coalesce(won, 0))).one()
print("SQLAlchemy", sa.__version__)
print("guess: as SQLite says,", tuple(plain), "and 3")
print("seen: ", tuple(seen))
assert tuple(plain) == (3, 60.0)
assert all(value is True for value in seen), seen
PYTHON
