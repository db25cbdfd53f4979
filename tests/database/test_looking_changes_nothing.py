"""`import --dry-run` and `check` change no table, no row, no byte of a SQLite file; nor does `report` make a file."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access import migrations
from data_access.engine import engine, writing
from data_access.imports import load
from tests import faults
from tests.folders import write_folder

LOOKING = (["check"], ["import", "FOLDER", "--dry-run"], ["report", "overview"])


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    """Runs a command on `database_url`, or on another database."""
    folder = write_folder(tmp_path / "FOLDER")

    def runs(arguments, url=database_url):
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
        return CliRunner().invoke(cli, [str(folder) if one == "FOLDER" else one for one in arguments])

    return runs


def _bytes(database: sa.Engine) -> bytes | None:
    return Path(database.url.database).read_bytes() if database.dialect.name == "sqlite" else None


@pytest.mark.parametrize("arguments", LOOKING[:2], ids=lambda one: one[0])
@pytest.mark.parametrize("version", [None, "0003"])
def test_looking_leaves_every_table_and_byte(run, database, tmp_path, arguments, version):
    load(database, write_folder(tmp_path / "first"), today=date(2025, 6, 30))
    if version is not None:
        with writing(database) as connection:
            command.downgrade(migrations._config(connection), version)
    before, held = faults.everything(database), _bytes(database)  # the log of SQLite still holds what was written
    result = run(arguments)
    assert (result.exit_code == 0) == (version is None)
    if version is not None:
        assert "python -m dashboard migrate" in result.stderr
    assert _bytes(database) == held
    assert faults.everything(database) == before


@pytest.mark.parametrize("arguments", LOOKING, ids=lambda one: one[0])
def test_no_file_is_made_where_none_is(run, tmp_path, arguments):
    result = run(arguments, f"sqlite:///{tmp_path / 'mistyped.db'}")
    assert (result.exit_code == 0) == (arguments[0] == "import")
    assert "mistyped.db" in result.stderr
    assert list(tmp_path.glob("mistyped*")) == []


@pytest.mark.postgresql
def test_a_dry_run_where_nothing_is_compares_with_an_empty_database(run, database):
    for table in sa.inspect(database).get_table_names():
        with writing(database) as connection:
            connection.exec_driver_sql(f'DROP TABLE "{table}"')
    result = run(["import", "FOLDER", "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "Nothing is in" in result.stderr
    assert "Nothing was changed" in result.stdout
    assert sa.inspect(database).get_table_names() == []


def test_checking_somebodys_sqlite_file_leaves_its_way_of_writing(run, tmp_path):
    file = tmp_path / "warehouse.db"
    with sqlite3.connect(file) as theirs:
        theirs.execute("CREATE TABLE stage (stage TEXT)")
    theirs.close()
    before = file.read_bytes()
    assert run(["check"], f"sqlite:///{file}").exit_code == 1
    assert file.read_bytes() == before


@contextmanager
def _read_only(folder: Path):
    """Root may write everywhere, except on a disk that is mounted to be read."""
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize("arguments", LOOKING[:2], ids=lambda one: one[0])
def test_a_database_that_may_only_be_read_can_be_looked_into(sqlite_template, tmp_path, monkeypatch, arguments):
    folder = write_folder(tmp_path / "FOLDER")
    with faults.small_disk() as disk:
        url = f"sqlite:///{shutil.copy(sqlite_template, disk / 'cockpit.db')}"
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
        with _read_only(disk):
            result = CliRunner().invoke(cli, [str(folder) if one == "FOLDER" else one for one in arguments])
            engine(url, only_look=True).dispose()
    assert result.exit_code == 0, result.output
