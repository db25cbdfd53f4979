"""A dry run says how the Overview would move: what the import then makes of it, and nothing of it stays."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access.imports import load
from tests import faults
from tests.folders import FOLDER, write_folder

pytestmark = pytest.mark.postgresql

TODAY = date(2025, 6, 30)
LATER = {
    "stage": FOLDER["stage"].replace("Offer,2,open,0.5", "Offer,2,open,0.25"),  # what all deals are derived of
    "opportunity": FOLDER["opportunity"].replace("r2,Sales,Offer,,,", "r2,Sales,Offer,,80,")
    + "d4,Late,c1,r2,Sales,Won,,70.5,,2025-04-02,2025-04-20,\n",
}


def _run(*arguments) -> str:
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def _overview(as_of: str) -> dict:
    told = _run(
        "report", "overview", "--from", "2025-04-01", "--to", "2025-06-30", "--as-of", as_of, "--format", "json"
    )
    return json.loads(told)["values"]


def _moves(told: str, key: str) -> list[str]:
    [line] = re.findall(rf"^ *{key} +(\S+) +(\S+)$", told, re.MULTILINE)
    return [None if one == "-" else float(one.replace(",", "")) for one in line]


def test_before_and_after_are_what_the_reports_say_then(database, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", database_url)
    load(database, write_folder(tmp_path / "first"), today=TODAY)
    folder = write_folder(tmp_path / "later", LATER)
    before, stood = faults.everything(database), _overview("2025-04-01")
    told = _run("import", str(folder), "--dry-run")
    assert faults.everything(database) == before
    load(database, folder, today=TODAY)
    then = _overview("2025-04-20")
    assert then["won_amount"] == 70.5 and then["weighted_amount"] == 20
    for key in ("won_amount", "open_amount", "weighted_amount", "win_rate_count", "pipeline_created_amount"):
        assert _moves(told, key) == [stood[key], then[key]]
    assert "before: Won ¥0 in 0 deals." in told
    assert "after: Won ¥70.5 in 1 deal. No target is set for this choice. (2025-04-01 to 2025-06-30" in told
    assert "lost_count" not in told  # it stays as it is


def test_into_nothing_everything_is_new(sqlite, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", sqlite.url.render_as_string())
    told = _run("import", str(write_folder(tmp_path / "first")), "--dry-run")
    assert "before: no deals yet" in told
    assert _moves(told, "open_count") == [None, 1]
