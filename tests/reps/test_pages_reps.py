"""The pages Reps and Rep where no activity was imported: what nobody did is not 0, it is not known."""

import re

import pytest

from data_access.engine import DATABASE_VARIABLE
from tests.independent.product import load, report_of
from tests.independent.random.organisations import write
from tests.pages import LOCALES, opened, words

UNKNOWN = {"en": "what they did is not known, since no activity was imported", "zh": "未导入活动，做了什么不得而知"}
SILENCE = {"en": "nobody knows which accounts hear nothing", "zh": "无从知道哪些客户静默"}
ZERO = {"en": "completed 0 activities", "zh": "完成 0 次活动"}


@pytest.fixture
def small_url(sqlite, tmp_path) -> str:
    """A rep with a target, an account and a won deal, and nothing of what was done for it."""
    tables = {
        "region": [{"region_id": "north", "name": "North"}],
        "rep": [{"rep_id": "one", "name": "One", "region_id": "north"}],
        "stage": [{"pipeline": "sales", "stage": "won", "position": "1", "kind": "won"}],
        "account": [{"account_id": "a", "name": "A", "owner_id": "one", "region_id": "north"}],
        "target": [{"rep_id": "one", "month": "2026-08-01", "amount": "100"}],
        "opportunity": [
            {
                "opportunity_id": "d",
                "owner_id": "one",
                "account_id": "a",
                "pipeline": "sales",
                "stage": "won",
                "amount": "50",
                "created_on": "2026-07-01",
                "closed_on": "2026-08-05",
            }
        ],
    }
    load(sqlite, write(tables, tmp_path / "company"))
    return str(sqlite.url)


def said(app) -> str:
    return "\n".join(words(app)).replace("\\", "")


@pytest.mark.parametrize("company", ["maven_url", "small_url"])
@pytest.mark.parametrize("language", LOCALES)
def test_the_team_is_not_said_to_have_done_nothing(language, company, request, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, request.getfixturevalue(company))
    for tab in ("plans", "everyone"):
        app = opened("reps.py", language, tab=tab)
        text = said(app)
        assert UNKNOWN[language] in text and ZERO[language] not in text
        counts = [table.value["completed"] for table in app.dataframe if "completed" in table.value]
        assert len(counts) == 1 and all(column.isna().all() for column in counts)  # of the groups, or of every rep
    app = opened("reps.py", language, tab="activity")
    assert not [chart for chart in app.get("plotly_chart") if "reps_heat" in chart.proto.id]


STATES = {"en": r"^¥\S+ to go: |^Short by |^On target: ", "zh": "^距目标还差|^未达标|^已达标"}


@pytest.mark.parametrize("language", LOCALES)
def test_who_has_the_most_to_go_stands_first_with_what_is_to_be_done(language, demo):
    app = opened("reps.py", language)
    reported = report_of(demo, "reps", ["--from", "2026-10-01", "--to", "2026-12-31"])["rows"]
    short = [row["target_amount"] - row["won_amount"] for row in reported if row["target_amount"] is not None]
    waits = [row["planned_overdue"] + row["accounts_owned"] - row["accounts_touched"] for row in reported]
    [listed] = [table.value for table in app.dataframe if "to_go" in table.value]
    assert listed["to_go"].dropna().tolist() == pytest.approx(sorted(short, reverse=True)) and len(short) > 10
    assert len(listed) == len(reported) and listed["to_do"].map(bool).sum() == sum(map(bool, waits))
    verdict = next(line for line in words(app) if re.search(STATES[language], line.strip("*").replace("\\", "")))
    assert len(verdict.strip("*").replace("\\", "")) <= 90


@pytest.mark.parametrize("language", LOCALES)
def test_an_account_is_not_said_to_be_silent(language, small_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, small_url)
    app = opened("rep.py", language, rep="one", tab="accounts")
    assert SILENCE[language] in said(app)
    accounts = next(table.value for table in app.dataframe if "silent_days" in table.value)
    assert list(accounts["account"]) == ["A"] and not accounts["status"].str.contains("silent|静默").any()
