"""A migration that is struck at any moment leaves the database as before or as after, and the next one ends well.

Fresh databases and those of earlier versions with rows in them, on both databases; the faults are those of
`tests/faults.py`. What is there at the end is compared, table by table, with a migration that nothing disturbed. Then
what an interrupted migration left in the past, and what was made by others.
"""

import os
import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access import migrations
from data_access.database.check import check
from data_access.engine import engine, provide, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import metadata
from tests import faults
from tests.rings import rings

pytestmark = pytest.mark.postgresql

FAULTS = {
    "sqlite": ("kill", "terminate", "interrupt", "full"),
    "postgresql": ("kill", "terminate", "interrupt", "full", "ended"),
}
VERSIONS = (None, "0001")  # from nothing, and through every later one with rows in it
WITH_DISK = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")
ROWS = {
    "region": {"region_id": "north", "name": "North"},
    "rep": {"rep_id": "r1", "name": "Ann", "region_id": "north"},
    "lead": {"lead_id": "l1", "created_on": date(2025, 1, 10), "region_id": "north"},
    "activity": {"activity_id": "a1", "rep_id": "r1", "kind": "call", "completed_at": datetime(2025, 2, 1, 9, 30)},
}


def _strikes() -> Iterator:
    """(database, version, fault, share of all moments; 1: the last). One kill on SQLite is in the short ring.

    Each fault strikes each database once; its version and whether in the midst or at the end go round, so that every
    two of them meet.
    """
    for number, (kind, fault) in enumerate((kind, fault) for kind, faults_of in FAULTS.items() for fault in faults_of):
        version, place = VERSIONS[number % 2], (random.Random(f"{kind} {fault}").random(), 1)[number // 2 % 2]
        marks = [pytest.mark.long] * (number > 0) + [WITH_DISK] * (fault == "full")
        yield pytest.param(kind, version, fault, place, marks=marks, id=f"{kind}-{version}-{fault}-{place:.2g}")


@pytest.fixture(scope="module")
def undisturbed() -> dict[tuple, tuple]:
    """By database and version: what was there before a migration that nothing disturbs, its moments, and what after."""
    return {}


@pytest.mark.parametrize(("kind", "version", "fault", "place"), [*_strikes()])
def test_struck_at_any_moment_it_is_as_before_or_as_after(kind, version, fault, place, undisturbed, request, tmp_path):
    if (kind, version) not in undisturbed:
        with _database(kind, tmp_path, request) as calm:
            _of_version(calm, version)
            before, moments = faults.everything(engine(calm)), faults.moments(calm, "migrate")
            undisturbed[kind, version] = _but_stamps(before), moments, _but_stamps(faults.everything(engine(calm)))
            engine(calm).dispose()
    before, moments, after = undisturbed[kind, version]
    with _disk(fault) as disk, _database(kind, tmp_path, request, disk) as url:
        _of_version(url, version)
        told = faults.struck(url, fault, max(1, round(moments * place)), "migrate", disk=disk)
        assert "Traceback" not in told.stderr
        assert _but_stamps(faults.everything(engine(url))) in (before, after)
        faults.moments(url, "migrate")
        assert _but_stamps(faults.everything(engine(url))) == after
        engine(url).dispose()


@pytest.mark.parametrize(
    ("version", "statements"),
    rings([(None, 40), ("0001", 8), (None, 7), (None, 100), ("0001", 4), ("0002", 4)], short=2),
)
def test_what_an_interrupted_migration_of_the_past_left_is_mended(version, statements, tmp_path):
    calm, url = (f"sqlite:///{tmp_path / name}" for name in ("calm.db", "half.db"))
    for one in (calm, url):
        _of_version(one, version)
    before = faults.everything(engine(url))
    _interrupted_as_in_the_past(url, statements)
    assert faults.everything(engine(url))["schema"] != before["schema"]
    for one in (calm, url):
        migrations.upgrade(engine(one))
    assert _but_stamps(faults.everything(engine(url))) == _but_stamps(faults.everything(engine(calm)))


def _interrupted_as_in_the_past(url: str, statements: int) -> None:
    """Python's driver as it comes: it begins no transaction before DDL, so that tables stay whose version is not."""
    plain, seen = sa.create_engine(url), []

    def interrupt(*_) -> None:
        seen.append(1)
        if len(seen) > statements:
            raise KeyboardInterrupt

    sa.event.listen(plain, "before_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt), plain.begin() as connection:
        command.upgrade(migrations._config(connection), "0003")  # the last version that was made in that way
    plain.dispose()


def test_a_copy_is_cleared_away_unless_it_is_all_there_is(tmp_path):
    database = provide(f"sqlite:///{tmp_path / 'copies.db'}")
    _of_version(str(database.url), "0002")
    with writing(database) as connection:
        connection.execute(sa.text("create table _alembic_tmp_rep (rep_id text)"))
    with writing(database) as connection:
        connection.execute(sa.text("alter table region rename to _alembic_tmp_region"))
    with pytest.raises(DatabaseUnusable, match=r"did not make \(_alembic_tmp_region\)"):
        migrations.upgrade(database)
    with writing(database) as connection:
        connection.execute(sa.text("alter table _alembic_tmp_region rename to region"))
    migrations.upgrade(database)
    assert "_alembic_tmp_rep" not in sa.inspect(database).get_table_names()


@pytest.mark.parametrize("with_versions", [True, False])
def test_an_empty_table_of_others_is_theirs_too(with_versions, tmp_path):
    """Another program that keeps its versions with Alembic, before its first or without any."""
    database = provide(f"sqlite:///{tmp_path / 'theirs.db'}")
    with database.begin() as connection:
        connection.execute(sa.text("create table account (account_id text, iban text)"))
        if with_versions:
            connection.execute(sa.text("create table alembic_version (version_num varchar(32) not null)"))
    before = faults.everything(database)
    for ask in (migrations.upgrade, migrations.must_be_current):
        with pytest.raises(DatabaseUnusable, match=r"did not make \(account\)"):
            ask(database)
    assert faults.everything(database) == before


@pytest.mark.long
@pytest.mark.parametrize("kind", FAULTS)
def test_of_those_who_migrate_at_once_all_end_well(kind, request, tmp_path):
    with _database(kind, tmp_path, request) as url, ThreadPoolExecutor(3) as three:
        provide(url)
        ended = list(three.map(lambda _: faults.moments(url, "migrate"), range(3)))  # raises where one fails
        assert len(ended) == 3 and check(engine(url)) == []
        engine(url).dispose()


def test_a_database_of_today_is_migrated_without_waiting_for_who_writes(sqlite):
    """`serve` begins with it, also while an import holds the lock."""
    with writing(sqlite):
        migrations.upgrade(sqlite)


def test_every_command_says_that_a_newer_version_made_the_database(sqlite, monkeypatch, subtests):
    with sqlite.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    before = faults.everything(sqlite)
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(sqlite.url))
    for asked in (
        ["migrate"],
        ["check"],
        ["setting"],
        ["setting", "base_currency", "USD"],
        ["report", "overview"],
        ["import", "."],
        ["import", "--dry-run", "."],
        ["demo"],
        ["serve", "--port", "0"],
    ):
        with subtests.test(asked=asked):
            result = CliRunner().invoke(cli, asked)
            assert (result.exit_code, result.stdout) == (1, "")
            assert "was made by a newer version of this product" in result.stderr
            assert faults.everything(sqlite) == before


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
def _database(kind: str, folder: Path, request, disk: Path | None = None) -> Iterator[str]:
    """The URL of an empty database; its data lie on the disk, of PostgreSQL without the server's log."""
    if kind == "sqlite":
        yield f"sqlite:///{(disk or folder) / uuid.uuid4().hex}.db"
        return
    with faults.on_server(request.getfixturevalue("postgresql_server"), disk=disk) as url:
        yield url


@contextmanager
def _disk(fault: str) -> Iterator[Path | None]:
    if fault != "full":
        yield None
        return
    with faults.small_disk(64) as disk:
        yield disk


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
    stamped = ("data_state", "fact_version")
    rows = {name: [] if name in stamped else found for name, found in everything["rows"].items()}
    return everything | {"rows": {name: rows[name] for name in sorted(rows)}}
