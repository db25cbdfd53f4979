"""Whatever stops a command is said in a sentence, with the right exit code: never a trace, never a password."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import REPORTS, cli
from data_access import migrations
from data_access.engine import engine
from tests import faults
from tests.conftest import _TEMPLATE, _conninfo
from tests.folders import write_folder
from tests.rings import rings

ANSWERED = [
    *(["--as-of", day] for day in ("1900-01-01", "2025-01-09", "2200-12-31")),
    ["--from", "1900-01-01", "--to", "2200-12-31", "--as-of", "1900-01-01"],
]
DAYS = (None, "1900-01-01", "2024-02-29", "2025-01-09", "2200-12-31")
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(sqlite, monkeypatch):
    """Runs a command on a database of its own."""
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(sqlite.url))
    return lambda *arguments: CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize(
    ("empty", "periods"),
    [
        pytest.param(False, ANSWERED[:1], id="the first day"),
        pytest.param(False, ANSWERED[1:], id="other days", marks=pytest.mark.long),
        pytest.param(True, ANSWERED, id="no data", marks=pytest.mark.long),
    ],
)
def test_every_report_answers_for_any_days(run, tmp_path, empty, periods):
    assert empty or run("import", str(write_folder(tmp_path / "files"))).exit_code == 0
    for name in REPORTS:
        for days in periods:
            result = run("report", name, "--format", "json", *days)
            assert result.exit_code == 0, (name, days, result.output)


@pytest.mark.long
@pytest.mark.parametrize("name", REPORTS)
def test_every_report_answers_for_all_days_that_go_together(run, tmp_path, name):
    """Each for its part of a quarter of all ways to choose them."""
    assert run("import", str(write_folder(tmp_path / "files"))).exit_code == 0
    last = json.loads(run("report", "overview", "--format", "json").stdout)["scope"]["as_of"]
    ways = [*itertools.product(DAYS, repeat=3)]
    random.Random("days").shuffle(ways)
    for start, end, as_of in ways[REPORTS.index(name) :: 4 * len(REPORTS)]:
        given = {"--from": start, "--to": end, "--as-of": as_of}
        result = run("report", name, "--format", "json", *(part for day in given.items() if day[1] for part in day))
        together = (start or "") <= (end or as_of or last)
        assert result.exit_code == (0 if together else 1), (given, result.output)
        assert together or result.stderr.startswith("The period ") and not result.stdout


def test_days_that_mean_nothing_are_refused(run, subtests):
    for days, told in (
        (["--as-of", "0001-01-01"], "--as-of is 0001-01-01; days go from the year 1900 to 2200."),
        (["--as-of", "9999-12-31"], "--as-of is 9999-12-31; days go from the year 1900 to 2200."),
        (["--from", "1899-12-31"], "--from is 1899-12-31; days go from the year 1900 to 2200."),
        (["--to", "2201-01-01"], "--to is 2201-01-01; days go from the year 1900 to 2200."),
        (
            ["--from", "2025-06-30", "--to", "2025-01-01"],
            "The period ends on 2025-01-01, before it starts on 2025-06-30.",
        ),
        (
            ["--from", "2026-01-01", "--as-of", "2025-01-09"],
            "The period starts on 2026-01-01, after the as-of date 2025-01-09. Give its end (`to`), too.",
        ),
    ):
        with subtests.test(days=days):
            result = run("report", "overview", *days)
            assert (result.exit_code, result.stdout, result.stderr) == (1, "", told + "\n")


def test_a_mistake_of_ours_is_a_sentence_with_the_trace_in_a_file(run, sqlite, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sqlite.begin() as connection:  # nothing of ours writes that
        connection.execute(sa.text("insert into setting (name, value) values ('fiscal_year_start_month', 'May')"))
    result = run("report", "overview")
    assert (result.exit_code, result.stdout) == (1, "")
    [file] = tmp_path.glob("cockpit-*.txt")
    assert result.stderr == (
        f"Something went wrong on our side. Nothing was changed. Please pass on {file}, which says what went wrong "
        "exactly.\n"
    )
    assert "invalid literal for int()" in file.read_text()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")
def test_a_full_disk_is_said_where_files_are_written(run):
    with faults.small_disk(1) as disk:
        result = run("demo", "--export", str(disk / "files"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("No space left on device: ")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a disk")
@pytest.mark.long
def test_what_may_only_be_read_or_has_no_room_is_said_of_the_database(tmp_path):
    with faults.small_disk() as disk:
        url = f"sqlite:///{disk / 'cockpit.db'}"
        for at in (1, 50):
            assert faults.struck(url, "full", at, "migrate", disk=disk).stderr.startswith("There is no room left")
        faults.moments(url, "migrate")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        told = faults.struck(url, "none", 0, "setting", "base_currency", "USD")
        assert (told.returncode, told.stdout) == (1, "")
        assert "may not be written, or its folder may not" in told.stderr


def test_a_file_that_is_no_database_is_said_and_kept(tmp_path, monkeypatch, subtests):
    file = tmp_path / "letter.db"
    file.write_text("Dear customer,\n" * 100, encoding="utf-8")
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{file}")
    for asked in (["migrate"], ["setting"], ["report", "overview"], ["check"], ["serve"], ["demo"]):
        with subtests.test(asked=asked):
            result = CliRunner().invoke(cli, asked)
            assert (result.exit_code, result.stdout) == (1, "")
            assert "is no database, or a broken one" in result.stderr and file.name in result.stderr
            assert file.read_text(encoding="utf-8") == "Dear customer,\n" * 100


def test_no_password_is_in_help_or_usage(monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", "postgresql://me:Tr0ub4dor@127.0.0.1:1/db")
    for asked in (["--help"], ["report", "--help"], ["fly"], ["report", "overview"], ["migrate"], ["check"]):
        result = CliRunner().invoke(cli, asked)
        assert "Tr0ub4dor" not in result.output, asked
    monkeypatch.delenv("DASHBOARD_DATABASE_URL")
    url = "postgresql://me:Tr0ub4dor@127.0.0.1:1/db"  # where --database was forgotten, or mistyped
    for asked in ([url, "serve"], ["serve", url], ["import", url], ["serve", "--port", url], ["report", url]):
        result = CliRunner().invoke(cli, asked)
        assert result.exit_code and "@127.0.0.1" in result.output and "Tr0ub4dor" not in result.output, asked


@pytest.mark.parametrize(
    ("at", "told"),
    rings(
        [(20, "Interrupted. Nothing was changed.\n"), (None, "Interrupted. Before that the tables came to version ")]
    ),
)
def test_ctrl_c_says_whether_anything_was_changed(at, told, tmp_path):
    """Before the commit, and after it, where nothing had been said yet."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("counted", "struck")]
    process = faults.struck(urls[1], "interrupt", at or faults.moments(urls[0], "migrate"), "migrate")
    assert (process.returncode, process.stdout) == (130, "")
    assert process.stderr.startswith(told)
    assert migrations.is_current(engine(urls[1])) == (at is None)


@pytest.mark.parametrize(
    ("asked", "at", "told"),
    [
        (["report", "overview"], 8, "Interrupted. Nothing was changed.\n"),
        pytest.param(["demo"], 300, "Interrupted. Before that the tables came to version ", marks=pytest.mark.long),
    ],
)
def test_ctrl_c_ends_what_else_takes_long(asked, at, told, request, tmp_path):
    """The demo has made its tables by then, and loaded no row."""
    url = str(request.getfixturevalue("sqlite").url) if asked[0] == "report" else f"sqlite:///{tmp_path / 'demo.db'}"
    process = faults.struck(url, "interrupt", at, *asked)
    assert (process.returncode, process.stderr[: len(told)]) == (130, told)
    assert process.stdout.strip() in ("", f"Making the small demo organisation up to {date.today()} …")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("behind_a_password", "password authentication failed"), ("nowhere", 'database "nowhere" does not exist')],
)
def test_postgresql_says_why_it_lets_nobody_in(name, reason, postgresql_server, monkeypatch):
    rules = postgresql_server / "data" / "pg_hba.conf"
    before = rules.read_text(encoding="utf-8")
    _with_rules(postgresql_server, f"local behind_a_password all scram-sha-256\n{before}")
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"postgresql://cockpit:Tr0ub4dor@/{name}?host={postgresql_server}")
    try:
        for asked in (["migrate"], ["report", "overview"], ["check"], ["serve"]):
            result = CliRunner().invoke(cli, asked)
            assert (result.exit_code, result.stdout) == (1, ""), asked
            assert result.stderr.startswith("Cannot reach") and reason in result.stderr, asked
            assert "Tr0ub4dor" not in result.stderr, asked
    finally:
        _with_rules(postgresql_server, before)


def test_a_connection_lost_while_checking_is_said(postgresql_server):
    with faults.on_server(postgresql_server, _TEMPLATE) as url:
        process = faults.struck(url, "ended", faults.moments(url, "check") * 2 // 3, "check")
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith("Cannot reach") and "terminating connection" in process.stderr


def _with_rules(server: Path, rules: str) -> None:
    """Who may come in, from now on; waits until the server has read it."""

    def asked(question: str):
        with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as connection:
            return connection.execute(question).fetchone()

    before = asked("select pg_conf_load_time()")
    (server / "data" / "pg_hba.conf").write_text(rules, encoding="utf-8")
    asked("select pg_reload_conf()")
    while asked("select pg_conf_load_time()") == before:
        time.sleep(0.05)


def test_ctrl_c_while_the_program_is_loading_is_answered_too():
    named = [sys.executable, "-X", "importtime", "-m", "dashboard", "check"]
    process = subprocess.Popen(named, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    while "click" not in process.stderr.readline():  # ours is the first module that imports it
        pass
    process.send_signal(signal.SIGINT)
    told = [line for line in process.stderr if not line.startswith("import time:")]
    assert (process.wait(60), told) == (130, ["Interrupted. Nothing was changed.\n"])


def test_whoever_has_read_enough_is_not_told_of_it(run, sqlite, tmp_path):
    assert run("import", str(write_folder(tmp_path / "files"))).exit_code == 0
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [sys.executable, "-m", "dashboard", "report", "deals", "--of", "won"],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    os.close(writer)
    assert (process.returncode, process.stderr) == (141, "")
