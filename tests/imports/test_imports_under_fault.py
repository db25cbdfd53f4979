"""An import that is struck at any moment leaves the database as before or as after, says which, and loads again well.

The faults are those of `tests/faults.py`; the import struck is one that changes deals and publishes the first scoring
profile. Then what else can fail: the lock, the staged rows, the answer to the commit, the file of rejected rows.
"""

import math
import os
import random
import re
import shutil
import subprocess
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from dashboard.answers.accounts import key_accounts
from dashboard.reports.as_text import everything as everything_seen
from data_access import profiles
from data_access.engine import engine
from data_access.errors import DatabaseUnusable, ImportRefused
from data_access.imports import load, staging
from data_access.schema import import_batch, opportunity
from tests import faults
from tests.conftest import _TEMPLATE
from tests.folders import FOLDER, dump, write_folder

pytestmark = pytest.mark.postgresql

TODAY = date(2025, 6, 30)
LATER = {
    "opportunity": FOLDER["opportunity"].replace("1000.005", "2000"),
    "payment": FOLDER["payment"] + "d3,2025-05-01,7\n",
}
FAULTS = {
    "sqlite": ("kill", "terminate", "interrupt", "full"),
    "postgresql": ("kill", "terminate", "interrupt", "full", "ended"),
}
_MOMENTS_OF_AN_UNDO = 134  # on SQLite; counting them anew would cost an undo more
WITH_DISK = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")


def _places():
    """(database, fault, where): a share of all moments, or a whole number counted from the last (0). Each fault strikes
    each database once, in turn in its midst, at the commit, and at the moment after it; the first is in the short ring.
    """
    for number, (kind, fault) in enumerate((kind, fault) for kind, faults_of in FAULTS.items() for fault in faults_of):
        place = (random.Random(f"{kind} {fault}").random(), 1, 0)[number % 3]
        marks = [pytest.mark.long] * (number > 0) + [WITH_DISK] * (fault == "full")
        yield pytest.param(kind, fault, place, marks=marks, id=f"{kind}-{fault}-{place:.3g}")


def _data(database: sa.Engine) -> dict[str, list[str]]:
    """All rows, but for the moment and the number of what was published, and the stamps of the data."""
    found = dump(database)
    for name in ("scoring_profile", "audit_event"):
        found[name] = [re.sub(r"^\(\d+, |datetime\.datetime\(.*?\)", "", row) for row in found[name]]
    for name in ("data_state", "fact_version"):
        found[name] = sorted(re.sub("'[0-9a-f]{32}'", "stamp", row) for row in found[name])
    return found


@contextmanager
def _fresh(kind: str, folder: Path, request, disk: Path | None = None):
    """The URL of a database with FOLDER in it, and no profile; on `disk`, where given."""
    if kind == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), (disk or folder) / "cockpit.db")
        yield _filled(f"sqlite:///{file}", folder)
        return
    with faults.on_server(request.getfixturevalue("postgresql_server"), _TEMPLATE, disk) as url:
        yield _filled(url, folder)


def _filled(url: str, folder: Path) -> str:
    with _opened(url) as database:
        load(database, write_folder(folder / "first"), today=TODAY)
    shutil.rmtree(folder / "first")
    return url


@contextmanager
def _opened(url: str):
    database = engine(url)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def later(tmp_path_factory) -> Path:
    return write_folder(tmp_path_factory.mktemp("import") / "later", LATER)


@pytest.fixture(scope="module")
def undisturbed(request, tmp_path_factory, later):
    """Per kind of database, asked for once: how many moments the import has, the data before and after."""
    known = {}

    def of(kind: str) -> tuple[int, dict, dict]:
        if kind not in known:
            with _fresh(kind, tmp_path_factory.mktemp("undisturbed"), request) as url:
                with _opened(url) as database:
                    before = _data(database)
                count = faults.moments(url, "import", str(later))
                with _opened(url) as database:
                    known[kind] = (count, before, _data(database))
        return known[kind]

    return of


@pytest.mark.parametrize(("kind", "fault", "place"), list(_places()))
def test_struck_anywhere_it_is_as_before_or_as_after_and_says_which(
    kind, fault, place, request, tmp_path, later, undisturbed, monkeypatch
):
    count, before, after = undisturbed(kind)
    at = count - place if isinstance(place, int) else math.ceil(place * count)
    its_disk = faults.small_disk(64) if fault == "full" else nullcontext()
    with its_disk as disk, _fresh(kind, tmp_path, request, disk) as url:
        ended = faults.struck(url, fault, at, "import", str(later), disk=disk)
        with _opened(url) as database:
            now = _data(database)
            assert now in (before, after)
            said = "Loaded: data version" in ended.stdout
            assert said or ended.returncode != 0
            if fault in ("kill", "terminate"):  # who is killed may have said it, or says nothing
                assert now == after or not said
            else:
                assert (ended.returncode == 0) == (now == after) == said
                assert said or ended.stderr.strip()
            if fault == "interrupt":
                assert (ended.returncode, ended.stderr) in ((0, ""), (130, "Interrupted. Nothing was changed.\n"))
            assert "Traceback" not in ended.stderr
            monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
            again = CliRunner().invoke(cli, ["import", str(later)])
            assert again.exit_code == 0, again.output
            assert _data(database) == after


@pytest.mark.parametrize(
    ("kind", "fault", "share"),
    [
        ("sqlite", "kill", 0.9),
        pytest.param("sqlite", "full", 0.6, marks=[WITH_DISK, pytest.mark.long]),
        pytest.param("postgresql", "kill", 1, marks=pytest.mark.long),
        pytest.param("postgresql", "ended", 0.8, marks=pytest.mark.long),
    ],
)
def test_an_undo_struck_anywhere_is_whole_or_not_at_all(kind, fault, share, request, tmp_path, later, monkeypatch):
    its_disk = faults.small_disk(64) if fault == "full" else nullcontext()
    undone = ("import", "--undo", "--yes")
    with its_disk as disk, _fresh(kind, tmp_path, request, disk) as url:
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
        with _opened(url) as database:
            before = _facts(database)
            load(database, later, today=TODAY)
            after = _facts(database)
            ended = faults.struck(url, fault, math.ceil(share * _MOMENTS_OF_AN_UNDO), *undone, disk=disk)
            now = _facts(database)
            assert now in (before, after)
            assert now == before if "Undone: data version" in ended.stdout else ended.returncode != 0
            assert "Traceback" not in ended.stderr
            again = CliRunner().invoke(cli, list(undone))
            assert (again.exit_code == 0) == (now == after), again.output
            assert _facts(database) == before


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_whole_import_killed_amid_its_move_removes_all_or_nothing(kind, request, tmp_path, monkeypatch):
    less = "".join(line for line in FOLDER["opportunity"].splitlines(True) if not line.startswith("d2,"))
    whole = ("import", "--full", str(write_folder(tmp_path / "whole", {"opportunity": less})))
    removed = sa.select(opportunity.c.opportunity_id).where(opportunity.c.removed_on.is_not(None))
    with _fresh(kind, tmp_path, request) as url, _opened(url) as database:
        before = _facts(database)
        ended = faults.struck(url, "kill", 200, *whole)
        assert ended.returncode < 0 and _facts(database) == before
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
        assert CliRunner().invoke(cli, list(whole)).exit_code == 0
        with database.connect() as connection:
            assert connection.scalars(removed).all() == ["d2"]


def _facts(database: sa.Engine) -> dict[str, list[str]]:
    """All rows but those that count what was done."""
    counted = ("data_state", "fact_version", "audit_event")
    return {name: rows for name, rows in dump(database).items() if name not in counted}


def test_the_first_profile_is_the_one_of_the_data_it_came_with(request, tmp_path, later, database_url, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", database_url)
    assert CliRunner().invoke(cli, ["import", str(later)]).exit_code == 0
    with _opened(database_url) as database:

        def ask(question, scope, *arguments):
            return question(database, scope, *arguments)

        [payload] = profiles.published(database, None, key_accounts.KIND)["payload"]
        assert payload["cut_points"] == list(key_accounts.proposed_cut_points(ask, everything_seen(ask)))
        assert payload["cut_points"][0] < payload["cut_points"][-1]


def test_what_is_refused_before_the_commit_is_not_loaded(database, later):
    before = dump(database)

    def refuse(connection):
        assert connection.scalar(sa.select(sa.func.count()).select_from(opportunity)) == 3
        raise ImportRefused("No.")

    with pytest.raises(ImportRefused, match="No"):
        load(database, later, today=TODAY, before_commit=refuse)
    assert dump(database) == before


def _at(wanted: str, do):
    """A progress that does something once, when a step begins."""
    done = []

    def progress(step, _done, _total):
        if step == wanted and not done:
            done.append(step)
            do()

    return progress


def test_without_its_lock_an_import_is_refused_once_another_has_loaded(sqlite, tmp_path, later):
    def lose_the_lock_to_another():
        Path(f"{sqlite.url.database}.import-lock").unlink()
        load(sqlite, later, today=TODAY)

    with pytest.raises(ImportRefused, match="Another import was loaded while this one was"):
        load(sqlite, write_folder(tmp_path / "f"), today=TODAY, progress=_at("stage", lose_the_lock_to_another))
    with sqlite.connect() as connection:
        deal = connection.execute(sa.select(opportunity.c.amount).where(opportunity.c.opportunity_id == "d1"))
        assert deal.scalar() == 200_000
    assert load(sqlite, later, today=TODAY).tables["opportunity"].unchanged == 3


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_was_judged_against_must_hold_at_the_move(database, later, dry_run):
    batch = dict.fromkeys(("rows_read", "rows_changed", "rows_rejected"), 0) | {
        "file": "x", "table_name": "stage", "imported_at": datetime(2025, 6, 30), "imported_by": "somebody",
    }  # fmt: skip

    def log_another():
        with database.begin() as connection:
            connection.execute(import_batch.insert().values(batch))

    before = dump(database)
    with pytest.raises(ImportRefused, match="Load it again"):
        load(database, later, today=TODAY, dry_run=dry_run, progress=_at("stage", log_another))
    assert dump(database) == before


def test_rows_lost_while_staged_are_noticed(database, later):
    own = []
    sa.event.listen(database, "before_cursor_execute", lambda connection, *_: own.append(connection))

    def lose_a_row():
        own[-1].exec_driver_sql("DELETE FROM staging_account")

    before = dump(database)
    with pytest.raises(ImportRefused, match="0 rows of `account` are staged where 1 should be. Nothing was loaded"):
        load(database, later, today=TODAY, progress=_at("move", lose_a_row))
    assert dump(database) == before


def test_staging_keeps_nobody_waiting_and_leaves_nothing(database, later):
    def write_meanwhile():
        with database.begin() as connection:
            connection.exec_driver_sql("UPDATE data_state SET version = version")

    before = sa.inspect(database).get_table_names()
    progress = _at("stage", write_meanwhile)
    load(database, later, today=TODAY, progress=progress)
    load(database, later, today=TODAY, dry_run=True)
    for _ in range(3):  # whatever connection of the pool one gets
        with database.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql("SELECT 1 FROM staging_account")
    assert sa.inspect(database).get_table_names() == before


@pytest.mark.parametrize("committed", [True, False])
def test_an_answer_to_the_commit_that_gets_lost_is_asked_for(database, database_url, later, committed):
    """Of SQLite, in the same process, no answer gets lost."""
    if database.dialect.name == "sqlite":
        pytest.skip("no connection to lose")
    before = dump(database)
    armed = []

    def lose_the_answer(connection):
        if armed:
            armed.clear()
            driver = connection.connection.dbapi_connection
            if committed:
                driver.commit()
            driver.pgconn.finish()

    sa.event.listen(database, "commit", lose_the_answer)
    if committed:
        assert load(database, later, today=TODAY, before_commit=armed.append).version == 1
        assert load(database, later, today=TODAY).tables["opportunity"].unchanged == 3
    else:
        with pytest.raises(DatabaseUnusable):
            load(database, later, today=TODAY, before_commit=armed.append)
        assert dump(database) == before


def test_where_the_database_cannot_be_asked_after_a_lost_commit_that_is_said(database, later, monkeypatch):
    if database.dialect.name == "sqlite":
        pytest.skip("no connection to lose")
    monkeypatch.setattr(staging, "_PATIENCE", 0.2)
    armed, other = [], database.connect()

    def lose_the_answer(connection):
        if armed:
            armed.clear()
            connection.connection.dbapi_connection.pgconn.finish()
            other.execute(sa.select(sa.func.pg_advisory_lock(staging._LOCK)))

    sa.event.listen(database, "commit", lose_the_answer)
    with pytest.raises(DatabaseUnusable, match="whether it is loaded cannot be asked now. Load it again later"):
        load(database, later, today=TODAY, before_commit=armed.append)
    other.close()


WRONG = {"activity": FOLDER["activity"] + "a2,r1,d1,call,true,2025-02-31,\n"}


@pytest.mark.parametrize("full", [True, False])
def test_rejected_rows_that_cannot_be_written_are_a_warning(sqlite, tmp_path, full):
    target = tmp_path / ("rejected.csv" if full else "nowhere/rejected.csv")
    if full:
        target.symlink_to("/dev/full")
    loaded = load(sqlite, write_folder(tmp_path / "f", WRONG), today=TODAY, max_bad=0.5, rejected_to=target)
    assert (loaded.rejected_file, loaded.tables["activity"].added, loaded.tables["activity"].rejected) == (None, 1, 1)
    assert re.search(r"1 rejected: activity.csv line 3: .*could not be written to .*rejected.csv", loaded.warnings[-1])
    assert not target.is_symlink()  # half of the rows would look like all of them


@WITH_DISK
def test_rejected_rows_that_cannot_be_removed_are_a_warning(sqlite, tmp_path):
    folder = write_folder(tmp_path / "f", WRONG)
    left = load(sqlite, folder, today=TODAY, max_bad=0.5).rejected_file
    (folder / "activity.csv").write_text(FOLDER["activity"], encoding="utf-8")
    subprocess.run(["mount", "--bind", left, left], check=True)
    try:
        loaded = load(sqlite, folder, today=TODAY)
    finally:
        subprocess.run(["umount", left], check=True)
    assert "could not be removed" in loaded.warnings[-1]
    assert left.exists()
