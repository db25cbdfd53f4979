"""`activity_day` equals a second computation from the files, after every sort of import and after a migration."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic import command

from data_access import migrations
from data_access.schema import activity_day
from tests.independent.facts import Facts
from tests.independent.product import load
from tests.independent.random.organisations import REGIONS, write
from tests.independent.random.people import busy_organisation
from tests.independent.reps.activities import activities
from tests.rings import rings


def _stored(database) -> list[tuple]:
    a = activity_day.c
    columns = (
        a.activity_id,
        a.rep_id,
        a.account_id,
        a.region_id,
        a.completed_day,
        a.completed_week,
        a.completed_month,
        a.created_day,
        a.planned_day,
        a.first_planned_day,
        a.cancelled_day,
        a.has_result,
    )
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(a.activity_id))]


def _computed(folder) -> list[tuple]:
    def ordinal(day):
        return day.toordinal() if day else None

    rows = []
    for one in activities(Facts(folder, "CNY")):
        done = one.done
        days = (done, done and done - timedelta(days=done.weekday()), done and done.replace(day=1))
        days = (*days, one.entered, one.planned, one.first_planned, one.cancelled)
        described = (one.key, one.rep, one.account or None, one.region)
        rows.append((*described, *map(ordinal, days), one.has_result))
    return sorted(rows)


@pytest.mark.parametrize("seed", rings((201, 202)))
def test_it_follows_every_import(seed, database, tmp_path):
    """First everything; then only activities, deals, leads or postings change, which concern some rows each."""
    tables = busy_organisation(seed)
    load(database, write(tables, tmp_path / "all"))
    assert _stored(database) == _computed(tmp_path / "all")
    moved = [row | {"account_id": "a0"} for row in tables["opportunity"][:20]]
    found = [row | {"account_id": "a1"} for row in tables["lead"][:5]]
    reposted = [row | {"region_id": region} for row, region in zip(tables["rep_history"], REGIONS, strict=False)]
    done = [
        row | {"account_id": "", "completed_at": "2026-02-01T08:00:00", "cancelled_on": ""}
        for row in tables["activity"][:9]
    ]
    later = {"activity": done, "opportunity": moved, "lead": found, "rep_history": reposted}
    for table, rows in later.items():
        if rows:
            load(database, write({table: rows}, tmp_path / table) / f"{table}.csv")
            key = next(iter(rows[0])) if table != "rep_history" else ("rep_id", "from_on")
            tables[table] = _updated(tables[table], rows, key)
            assert _stored(database) == _computed(write(tables, tmp_path / f"after {table}")), table


def _updated(before: list[dict], rows: list[dict], key) -> list[dict]:
    def of(row):
        return row[key] if isinstance(key, str) else tuple(row[name] for name in key)

    changed = {of(row): row for row in rows}
    return [changed.get(of(row), row) for row in before]


def test_an_older_database_gets_it_with_the_migration(database, tmp_path):
    folder = write(busy_organisation(203), tmp_path / "all")
    load(database, folder)
    with database.begin() as connection:
        command.downgrade(migrations._config(connection), "0001")
    assert not migrations.is_current(database)
    migrations.upgrade(database)
    assert _stored(database) == _computed(folder)
