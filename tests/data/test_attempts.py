"""What an import or a sync leaves behind of itself: what it did, and of a failed one why, without credentials."""

import sqlite3
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access import organisation
from data_access.data import attempts
from data_access.errors import Refused
from data_access.schema import import_batch, load_attempt
from tests.folders import write_folder

MAPPING = """
[from."deals"]
table = "deals"

[[table]]
name = "stage"
rows = [{ pipeline = "Sales", stage = "Open", position = "1", kind = "open" }]

[[table]]
name = "opportunity"
file = "deals"
columns = { opportunity_id = "id", pipeline = { always = "Sales" }, stage = "phase", created_on = "born" }
"""
LANDED = """
create table deals (id integer, phase text, born text);
insert into deals values (1, 'Open', '2026-02-03'), (2, 'Open', '2026-03-04');
"""


def said(database) -> list[tuple]:
    a = load_attempt.c
    with database.connect() as connection:
        rows = connection.execute(sa.select(a.way, a.mapping, a.loaded_at, a.failure).order_by(a.way, a.mapping))
        return [(one.way, one.mapping, one.loaded_at is not None, one.failure) for one in rows]


def run(database, *arguments: str) -> int:
    return CliRunner().invoke(cli, ["--database", str(database.url), *arguments]).exit_code


def test_a_failed_sync_changes_no_fact_and_says_why_until_one_succeeds(sqlite, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MAPPING, encoding="utf-8")
    landed = tmp_path / "landed.db"
    sqlite3.connect(landed).close()
    sync = ("sync", "--from", f"sqlite:///{landed}", "--mapping", "mine.toml")
    assert run(sqlite, *sync, "--dry-run") != 0 and said(sqlite) == []
    assert run(sqlite, *sync) != 0
    [(way, mapping, has_loaded, failure)] = said(sqlite)
    assert (way, mapping, has_loaded) == ("sync", "mine", False) and "there is no table 'deals'" in failure
    assert organisation.state(sqlite).version == 0

    sqlite3.connect(landed).executescript(LANDED)
    for _ in range(2):  # the second finds nothing new
        assert run(sqlite, *sync) == 0
        assert said(sqlite) == [("sync", "mine", True, None)]
    sqlite3.connect(landed).execute("drop table deals")
    assert run(sqlite, *sync) != 0
    [(_, _, has_loaded, failure)] = said(sqlite)
    assert has_loaded and failure and organisation.state(sqlite).last_day == date(2026, 3, 4)


def test_a_failed_import_is_forgotten_once_one_succeeds_and_a_name_keeps_its_points(sqlite, tmp_path):
    folder = write_folder(tmp_path / "files")
    assert run(sqlite, "import", str(folder)) == 0
    for wrong in (["--mapping", "salesfroce"], []):
        assert run(sqlite, "import", str(tmp_path / "nowhere"), *wrong) != 0
    assert [failure is None for _, _, _, failure in said(sqlite)] == [False, False]
    assert run(sqlite, "import", str(folder)) == 0 and said(sqlite) == [("import", "", True, None)]
    assert attempts.named("/etc/crm.east.toml") == attempts.named(attempts.named("crm.east.toml")) == "crm.east"


def test_an_import_says_by_what_it_came_and_what_it_added(sqlite, tmp_path):
    missing = tmp_path / "nowhere"
    assert run(sqlite, "import", str(missing)) != 0
    assert [(way, mapping, loaded) for way, mapping, loaded, _ in said(sqlite)] == [("import", "", False)]
    folder = write_folder(tmp_path / "files")
    assert run(sqlite, "import", str(folder)) == 0 and said(sqlite) == [("import", "", True, None)]
    assert run(sqlite, "import", str(folder)) == 0
    b = import_batch.c
    with sqlite.connect() as connection:
        rows = connection.execute(
            sa.select(b.mapping, b.rows_added, b.rows_removed, b.newest_on)
            .where(b.table_name == "payment")
            .order_by(b.batch_id)
        )
        assert list(map(tuple, rows)) == [("", 1, 0, date(2025, 3, 20)), ("", 0, 0, date(2025, 3, 20))]


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:s3cret@warehouse/crm is away.",
        "postgresql+psycopg://ann:s3/cr@et@warehouse/crm is away.",
        "FATAL: connection 'host=warehouse password=s3cret user=ann' refused",
        "bolt://h/x?sslpassword=s3cret&user=ann",
    ],
)
def test_a_failure_tells_no_credentials(text):
    told = attempts.told(Refused(text))
    assert "s3" not in told and "cret" not in told
    assert attempts.told(ValueError("s3cret")) == "ValueError"
