"""The command line: help with examples, exit codes, and a reason for every refusal."""

import ast
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboard.__main__ import cli
from tests.browser_fixtures import wait_for
from tests.folders import write_folder

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = (
    *("serve", "demo", "import", "sync", "mapping", "check", "copy", "ahead", "report", "migrate", "person", "setting"),
    *("token", "mcp", "digest", "subscribe", "alert", "notify", "audit"),
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command on an empty database of its own, whichever the one before was told to take."""

    def run(*arguments: str):
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{tmp_path / 'cockpit.db'}")
        return CliRunner().invoke(cli, arguments)

    return run


def test_every_command_explains_itself_with_examples(run, subtests):
    for command in COMMANDS:
        with subtests.test(command=command):
            result = run(command, "--help")
            assert result.exit_code == 0
            assert f"python -m dashboard {command}" in result.output.split("Examples:")[1]


def test_wrong_usage_is_2(run, subtests):
    for wrong in (["fly"], ["report"], ["report", "weather"], ["report", "overview", "--from", "soon"]):
        with subtests.test(wrong=wrong):
            assert run(*wrong).exit_code == 2


@pytest.mark.long
def test_a_server_says_its_address_and_nothing_else(run):
    run("migrate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "serve", "--port", str(port)]
    served = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
    finally:
        served.terminate()
    assert served.communicate(timeout=60)[0] == f"The cockpit is at http://127.0.0.1:{port}\n"


def test_a_refusal_is_1_with_the_reason_on_stderr(run, subtests):
    run("migrate")
    for asked, reason in (
        (["report", "overview", "--region", "Atlantis"], "'Atlantis' is not a region you can see"),
        (["report", "overview", "--role", "manager"], "A manager needs a region"),
        (["report", "overview", "--role", "king"], "Unknown role 'king'"),
        (["report", "overview", "--from", "2026-05-02", "--to", "2026-05-01"], "ends on 2026-05-01, before it starts"),
        (["report", "deals", "--of", "dreams"], "no list of deals called 'dreams'"),
        (["setting", "colour", "red"], "no setting 'colour'"),
        (["setting", "time_zone", "Mars"], "'Mars' is not a time zone"),
        (["setting", "base_currency", "dollars"], "'dollars' is not a currency code"),
        (["--database", "sqlite:////no/such/folder/x.db", "migrate"], "There is no folder /no/such/folder"),
        (
            ["--database", "postgresql://me@127.0.0.1:1/crm", "check"],
            "Cannot reach postgresql+psycopg://me@127.0.0.1:1",
        ),
        (["setting", "fiscal_year_start_month", "13"], "from 1 to 12"),
        (["import", "nowhere"], "nowhere"),
        (["--database", "oracle://x", "migrate"], "Use sqlite:///FILE or postgresql://"),
    ):
        with subtests.test(asked=asked):
            result = run(*asked)
            assert (result.exit_code, result.stdout) == (1, "")
            assert reason in result.stderr


def test_a_database_without_tables_says_what_to_do(run):
    result = run("report", "overview")
    assert result.exit_code == 1
    assert "python -m dashboard migrate" in result.stderr


def test_a_setting_is_kept_and_raises_the_version(run):
    run("migrate")
    assert run("setting", "base_currency", "USD").output == "base_currency = USD\n"
    assert "base_currency = USD" in run("setting").output


def test_an_empty_database_has_no_data_and_no_error(run):
    run("migrate")
    values = json.loads(run("report", "overview", "--format", "json").output)["values"]
    assert (values["won_count"], values["won_amount"], values["win_rate_count"]) == (0, 0, None)
    assert json.loads(run("report", "funnel", "--format", "json").output)["rows"] == []


def test_a_filter_that_nothing_has_is_answered_with_a_caution(run, tmp_path):
    assert run("import", str(write_folder(tmp_path / "files"))).exit_code == 0
    assert run("report", "overview", "--segment", "mining").exit_code == 0
    assert run("report", "overview", "--segment", "mining").stderr == ""
    mistyped = run("report", "overview", "--segment", "minning", "--format", "json")
    assert json.loads(mistyped.stdout)["values"]["open_count"] == 0
    assert mistyped.stderr == "No deal in view has 'minning'. Known for segments: mining.\n"
    assert slow_to_import("report", "overview") == ["pandas", "sqlalchemy"]


def test_what_can_be_asked_is_said_without_what_asks():
    assert slow_to_import("--help") == slow_to_import("report", "--help") == []


def slow_to_import(*arguments: str) -> list[str]:
    """The packages that a command imported, of those that take longer than an answer; by a process of its own."""
    slow = ("streamlit", "plotly", "scipy", "alembic", "psycopg", "babel", "pandera", "duckdb")
    slow += ("pandas", "sqlalchemy")  # what asks and answers: half a second
    said = f"print([name for name in {slow} if name in sys.modules])"
    code = f"import sys\nfrom dashboard.__main__ import cli\ncli({arguments}, standalone_mode=False)\n{said}"
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ast.literal_eval(made.stdout.splitlines()[-1])


def test_a_port_in_use_is_refused_before_anything_is_promised(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "choose another port with --port" in result.stderr


def test_every_command_in_the_readme_exists():
    named = re.findall(r"python -m dashboard (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(named) <= set(COMMANDS)
    assert {"import", "serve", "report", "setting"} <= set(named)
