"""A migration that is struck at any moment leaves the database as before or as after, and the next one ends well.

Fresh databases and those of earlier versions with rows in them, on both databases; the faults are those of
`tests/faults.py`. What is there at the end is compared, table by table, with a migration that nothing disturbed. Then
what an interrupted migration left in the past, and what was made by others.
"""

import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext

from data_access import migrations
from data_access.check import check
from data_access.engine import engine, provide, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import metadata
from tests import faults
from tests.conftest import _conninfo, _named, _url

FAULTS = {
    "sqlite": ("kill", "terminate", "interrupt", "full"),
    "postgresql": ("kill", "terminate", "interrupt", "ended"),
}
VERSIONS = (None, "0001", "0002")
WITH_DISK = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")
PLACES = 2  # of each fault and version, besides the last moment
ROWS = {
    "region": {"region_id": "north", "name": "North"},
    "rep": {"rep_id": "r1", "name": "Ann", "region_id": "north"},
    "lead": {"lead_id": "l1", "created_on": date(2025, 1, 10), "region_id": "north"},
    "activity": {"activity_id": "a1", "rep_id": "r1", "kind": "call", "completed_at": datetime(2025, 2, 1, 9, 30)},
}


def _strikes() -> Iterator:
    """(database, version, fault, share of all moments; 1: the last). One of each fault stands in the short ring."""
    for kind, its_faults in FAULTS.items():
        for fault in its_faults:
            seed = random.Random(f"{kind} {fault}")
            every = [(version, place) for version in VERSIONS for place in [seed.random() for _ in range(PLACES)] + [1]]
            short = seed.choice(every)
            for version, place in every:
                marks = [pytest.mark.long] * ((version, place) != short) + [WITH_DISK] * (fault == "full")
                yield pytest.param(kind, version, fault, place, marks=marks, id=f"{kind}-{version}-{fault}-{place:.2g}")


@pytest.mark.parametrize(("kind", "version", "fault", "place"), [*_strikes()])
def test_struck_at_any_moment_it_is_as_before_or_as_after(kind, version, fault, place, request, tmp_path):
    with _database(kind, tmp_path, request) as calm, faults.small_disk() if fault == "full" else _no_disk() as disk:
        _of_version(calm, version)
        before, moments = faults.everything(engine(calm)), faults.moments(calm, "migrate")
        after = faults.everything(engine(calm))
        at = max(1, round(moments * place))
        with _database(kind, disk or tmp_path, request) as url:
            _of_version(url, version)
            told = faults.struck(url, fault, at, "migrate", disk=disk)
            assert "Traceback" not in told.stderr
            assert _but_stamps(faults.everything(engine(url))) in (_but_stamps(before), _but_stamps(after))
            faults.moments(url, "migrate")
            assert _but_stamps(faults.everything(engine(url))) == _but_stamps(after)
            engine(url).dispose()
        engine(calm).dispose()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_interrupted_migration_of_the_past_left_is_mended(version, tmp_path):
    """SQLite kept the tables of a version whose number it never wrote, and the copies that Alembic works on."""
    calm, url = (f"sqlite:///{tmp_path / name}" for name in ("calm.db", "half.db"))
    for one in (calm, url):
        _of_version(one, version)
    migrations.upgrade(engine(calm))
    left = {None: "region", "0001": "activity_day", "0002": "lead_day"}[version]
    with engine(url).begin() as connection:
        connection.execute(sa.text(f"create table {left} (half text)"))
        connection.execute(sa.text(f"create table _alembic_tmp_{left} (half text)"))
    migrations.upgrade(engine(url))
    assert _but_stamps(faults.everything(engine(url))) == _but_stamps(faults.everything(engine(calm)))


@pytest.mark.parametrize("made", ["create table account (name text)", "create view account as select 'Coal' as name"])
def test_what_others_made_is_named_and_left_alone(made, tmp_path):
    database = provide(f"sqlite:///{tmp_path / 'theirs.db'}")
    with database.begin() as connection:
        connection.execute(sa.text(made))
        if "table" in made:
            connection.execute(sa.text("insert into account values ('Coal')"))
    before = faults.everything(database)
    with pytest.raises(DatabaseUnusable, match=r"did not make \(account\).*Name an empty"):
        migrations.upgrade(database)
    assert faults.everything(database) == before


def test_a_newer_version_is_said_and_left_alone(database):
    with database.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    before = faults.everything(database)
    for asked in (migrations.upgrade, migrations.is_current, check):
        with pytest.raises(DatabaseUnusable, match="newer version"):
            asked(database)
    assert faults.everything(database) == before


@contextmanager
def _database(kind: str, folder: Path, request) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"t{uuid.uuid4().hex}"
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as connection:
        connection.execute(_named("create database {}", name))
        yield _url(server, name)
        connection.execute(_named("drop database {} with (force)", name))


@contextmanager
def _no_disk() -> Iterator[None]:
    yield None


def _of_version(url: str, version: str | None) -> None:
    """The database with the tables of an earlier version, and rows in them."""
    database = provide(url)
    if version is not None:
        with writing(database) as connection:
            command.upgrade(migrations._config(connection), version)
            assert MigrationContext.configure(connection).get_current_revision() == version
            for name, row in ROWS.items():
                connection.execute(metadata.tables[name].insert().values(row))
    database.dispose()


def _but_stamps(everything: dict) -> dict:
    """Without what differs from one run to the next."""
    rows = {name: [] if name == "data_state" else found for name, found in everything["rows"].items()}
    return everything | {"rows": {name: rows[name] for name in sorted(rows)}}


