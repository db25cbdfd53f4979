"""One rep's page: its numbers against an independent computation over the demo's files, and the page in both
languages: who is shown to whom, and what is missing where."""

import csv
import os
import re
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from dashboard.answers.reps import one_rep as answers
from dashboard.metrics.reps import rep_profile as metrics
from dashboard.reports import as_text
from data_access import entries
from data_access.engine import engine
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.scope import Person
from tests.independent.facts import day_of, total
from tests.independent.reps.company_help import owners
from tests.independent.reps.life_stage import Company
from tests.pages import opened, said, words
from tests.rings import rings

UNTIL = date(2026, 11, 21)
REP = "R0012"  # posted in the South


@pytest.fixture(scope="module")
def asked(demo_url):
    """How to ask the demo organisation, and a scope of everything as of its last day."""
    database = engine(demo_url)

    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    def scope(role="executive"):
        nothing = {"start": None, "end": None, "with_left_out": False, "regions": ()}
        return as_text.scope(ask, role=role, as_of=UNTIL, **nothing)

    yield ask, scope
    database.dispose()


@pytest.fixture(scope="module")
def company(demo_folder):
    return Company(demo_folder, UNTIL, "CNY")


def rows_of(folder, table: str) -> list[dict]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_calendar_counts_what_was_completed_each_day(asked, demo_folder):
    ask, scope = asked
    found = answers.calendar(ask, scope(), REP)
    rows = [row for row in rows_of(demo_folder, "activity") if row["rep_id"] == REP and row["completed_at"]]
    days = [day_of(row["completed_at"]) for row in rows]
    assert found["day"].iloc[0].weekday() == 0 and found["day"].iloc[-1] == pd.Timestamp(UNTIL)
    assert {row.day.date(): row.completed for row in found.itertuples()} == {
        day.date(): days.count(day.date()) for day in found["day"]
    }
    busiest = max(set(days), key=days.count)
    assert len(answers.day_activities(ask, scope(), REP, busiest)) == days.count(busiest)


def test_owned_accounts_and_their_silence(asked, demo_folder, company):
    ask, scope = asked
    found = answers.owned_accounts(ask, scope(), REP).set_index("account_id")
    assert set(found.index) == {account for account, owner in owners(company).items() if owner == REP}
    of_deal = {row["opportunity_id"]: row["account_id"] for row in rows_of(demo_folder, "opportunity")}
    of_lead = {row["lead_id"]: row["account_id"] for row in rows_of(demo_folder, "lead")}
    last: dict[str, date] = {}
    for row in rows_of(demo_folder, "activity"):
        day = day_of(row["completed_at"])
        account = row["account_id"] or of_deal.get(row["opportunity_id"]) or of_lead.get(row["lead_id"])
        if day and day <= UNTIL and row["two_way"] == "True":
            last[account] = max(day, last.get(account, day))
    for account, row in found.iterrows():
        silent = (UNTIL - last[account]).days if account in last else None
        assert row["silent_days"] == silent if silent is not None else pd.isna(row["silent_days"])
        assert row["is_silent"] == (silent is None or silent > 90)


def test_the_quarters_target_and_attainment(asked, company):
    ask, scope = asked
    found = answers.target(ask, scope(), REP)
    won = total(company.won_amounts(REP, date(2026, 9, 30), UNTIL))
    target = company.target(REP, date(2026, 10, 1), date(2026, 12, 31))
    assert found["won_amount"] == pytest.approx(float(won)) and found["target_amount"] == float(target)
    assert found["gone"] == pytest.approx(52 / 92)
    history = answers.attained(ask, scope(), REP)
    ends = [date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30)]
    ends += [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    quarters = list(zip(ends[:-1], ends[1:], strict=True))
    aims = [company.target(REP, before + timedelta(days=1), end) for before, end in quarters]
    wins = [total(company.won_amounts(REP, *quarter)) for quarter in quarters]
    expected = [float(won) / float(aim) for won, aim in zip(wins, aims, strict=True)]
    assert history.quarters["attainment"].tolist() == pytest.approx(expected) and history.n == 8
    mean = sum(expected) / 8
    assert history.swing == pytest.approx((sum((one - mean) ** 2 for one in expected) / 8) ** 0.5 / mean)


def test_a_manager_of_another_region_is_refused(asked):
    ask, scope = asked
    assert answers.facts(ask, scope("manager:south"), REP)["rep_id"] == REP
    for question in (answers.facts, answers.profile, answers.soft_scores):
        with pytest.raises(NotFound):
            question(ask, scope("manager:east"), REP)
    with pytest.raises(Refused):
        answers.facts(ask, scope(), "nobody")


# --- the profile --------------------------------------------------------------------------------------


def team(stages: str = "sssscc") -> pd.DataFrame:
    """Reps a, b, … with a stage each (s, c); all in one region, each measure known."""
    names = {"s": "subsistence", "c": "comfortable", "-": None}
    return pd.DataFrame(
        {
            "rep_id": list("abcdef"),
            "life_stage": [names[letter] for letter in stages],
            "region_id": ["n"] * 6,
            "unit_id": ["u"] * 6,
            "is_selling": True,
            "attainment": [0.0, 0.75, 1.5, 3.0, None, 1.0],
            "repeat_share": [0.5] * 6,
            "swing": [0.0, 1.0, 2.0, 5.0, None, 0.5],
            "touched": [1.0] * 6,
            "on_time": [0.25] * 6,
        }
    )


NO_SOFT = pd.DataFrame({"rep_id": ["a", "b"], "metric": ["innovation", "craft"], "score": [7.0, 3.0]})


def test_measures_are_brought_to_ten_on_fixed_scales():
    found = metrics.scores(team(), NO_SOFT)
    assert found["attainment"].tolist()[:4] == [0, 5, 10, 10] and pd.isna(found["attainment"]["e"])
    assert found["steadiness"].tolist()[:4] == [10, 5, 0, 0]
    assert found.columns.tolist() == [*metrics.HARD, "innovation", "craft"]
    assert found["innovation"]["a"] == 7 and pd.isna(found["innovation"]["b"])


def test_peers_share_the_stage_else_the_region_and_are_three_at_least():
    assert metrics.peers_of(team(), "a")[0] == "life_stage" and list(metrics.peers_of(team(), "a")[1]) == list("bcd")
    kind, peers = metrics.peers_of(team(), "f")  # one other is comfortable
    assert kind == "region" and list(peers) == list("abcde")
    assert metrics.peers_of(team("-sssss"), "a")[0] == "region"
    few = team().assign(is_selling=[True, True, True, False, False, False])
    assert metrics.peers_of(few, "a")[0] is None


def test_the_profile_weighs_what_both_sides_know():
    of_all = metrics.scores(team(), NO_SOFT)
    rows = metrics.profile(of_all, "a", pd.Index(list("bcd")), metrics.DEFAULTS).set_index("measure")
    assert rows.loc["attainment", ["score", "peers", "n"]].tolist() == [0, 10, 3]
    assert rows.loc["innovation", "score"] == 7 and pd.isna(rows.loc["innovation", "peers"])
    assert "craft" not in rows.index  # neither the rep nor three peers have it
    assert rows["weight"].sum() == pytest.approx(1)
    assert metrics.composite(rows) == pytest.approx((0 + 5 + 10 + 10 + 2.5) / 5)
    nothing = {**dict.fromkeys(metrics.HARD, 0), "soft": 0}
    only = metrics.profile(of_all, "a", pd.Index(list("bcd")), {**nothing, "touched": 2})
    assert metrics.composite(only) == 10
    assert metrics.composite(metrics.profile(of_all, "a", pd.Index(list("bcd")), nothing)) is None


# --- soft metrics -------------------------------------------------------------------------------------


def test_an_entry_holds_from_then_on_and_a_withdrawn_one_no_longer(database):
    with database.begin() as connection:
        connection.exec_driver_sql("insert into region (region_id, name) values ('n', 'North')")
        connection.exec_driver_sql("insert into region_within (region_id, ancestor_id) values ('n', 'n')")
        connection.exec_driver_sql("insert into rep (rep_id, name, region_id) values ('r', 'Ann', 'n')")
        connection.exec_driver_sql(
            "insert into rep_posting (rep_id, from_day, to_day, region_id) values ('r', 0, 3652059, 'n')"
        )
        connection.exec_driver_sql("insert into data_state (id, version, last_day) values (1, 1, 739900)")
    manager = Person("manager", ("n",), name="Max")

    def ask(question, scope, *arguments):
        return question(database, scope, *arguments)

    def latest():
        everything = as_text.everything(ask)
        scores = ask(answers.questions.latest_soft_scores, everything)
        history = answers.soft_scores(ask, everything, "r")
        return scores["score"].tolist(), history["is_withdrawn"].tolist()

    def enter(score):
        row = {"metric": "innovation", "score": score, "assessed_on": date(2026, 10, 1)}
        return entries.enter(database, manager, "rep_score", "r", [row], at=datetime(2026, 10, 2, 9))

    enter(4.0)
    ids = enter(9.0)
    assert len(latest()[1]) == 2
    entries.withdraw(database, manager, "rep_score", "r", ids, at=datetime(2026, 10, 3))
    assert latest()[0] == [4.0] and sorted(latest()[1]) == [False, True]
    with pytest.raises(NotAllowed):
        entries.enter(database, Person("executive"), "rep_score", "r", [], at=datetime(2026, 10, 2))


# --- the page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_rep_has_every_part(language, demo_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", demo_url)
    app = opened("rep.py", language, rep=REP, role="manager:south")
    assert [error.value for error in app.error] == [] and app.query_params["rep"] == REP
    assert len(app.get("plotly_chart")) == 3  # stages, this quarter and those before
    said = " ".join(words(app))
    for tab, figures in (("accounts", 2), ("profile", 2), ("stage", 1)):
        assert len(opened("rep.py", language, rep=REP, role="manager:south", tab=tab).get("plotly_chart")) == figures
    told = {"en": ("Life stage: Steady", "stalled or overdue"), "zh": ("成长阶段：小康", "停滞或逾期")}
    assert all(text in said.replace("\\", "") for text in told[language])


# What the tabs of a rep and of Reps say, and what of it is a number to look at.
SAID = {
    "rep": {
        "target": {"en": r"Swing [\d.]+%.*8 ended quarters", "zh": r"8 个已结束.*波动 [\d.]+%"},
        "profile": {"en": r"Weights: ((?:.*?[\d.]+%){8})", "zh": r"权重：((?:.*?[\d.]+%){8})"},
        "stage": {"en": r": (Building|Steady|Leading) .*Needs (?:a|early) ", "zh": r"：(温饱|小康|富裕)（.*需要"},
    },
    "reps": {
        "results": {
            "en": r"\d+ reps with a target\. That two things go together says nothing",
            "zh": "两者相伴并不说明因果",
        },
        "silence": {
            "en": r"[1-9]\d* of \d+ key accounts had no two-way contact for more than 30 days",
            "zh": r"\d+ 个大客户中，[1-9]\d* 个超过 30 天没有双向互动",
        },
        "credit": {
            "en": r"Both add up to [\d,]+.*?[1-9][\d,]* would change",
            "zh": r"两种口径合计均为 [\d,]+.*?[1-9][\d,]* 会换",
        },
    },
}


@pytest.mark.parametrize("language", rings(["en", "zh"]))
@pytest.mark.parametrize("page", SAID)
def test_each_tab_says_what_it_found(page, language, demo_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", demo_url)
    whose = {"rep": REP, "role": "manager:south"} if page == "rep" else {"period": "this_quarter"}
    for tab, told in SAID[page].items():
        text = " ".join(words(opened(f"{page}.py", language, **whose, tab=tab))).replace("\\", "").replace("**", "")
        found = re.search(told[language], text, re.DOTALL)
        assert found, (tab, text)
        if tab == "profile":
            assert sum(map(float, re.findall(r"([\d.]+)%", found[1]))) == pytest.approx(100, abs=0.5)


def test_every_rule_of_credit_has_the_sum_that_the_card_has(demo_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", demo_url)
    app = opened("reps.py", tab="credit", period="this_quarter")
    cards = " ".join(one.proto.body for one in app.get("html"))
    found = {}
    for what, rules in (("activities", ("owner_then", "owner_now")), ("won", ("owner_now",))):
        app.button_group(key="reps_credit_of").set_value(what).run()
        for rule in rules:
            app.button_group(key="reps_credit_rule").set_value(rule).run()
            note = next(text for text in words(app) if "Both add up to" in text).replace("\\", "")
            found[what, rule], moved = re.search(
                r"add up to (¥?[\d,.]*\d)\..*?(¥?[\d,.]*\d) would change", note
            ).groups()
            assert what == "won" or moved != "0"
    assert found["activities", "owner_then"] == found["activities", "owner_now"]
    assert found["activities", "owner_now"] in cards
    assert found["won", "owner_now"].startswith("¥")


def test_a_rep_whom_one_may_not_see_answers_as_one_who_does_not_exist(demo_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", demo_url)
    app = opened("rep.py", rep=REP, role="manager:east")
    hidden, nobody = said(app), said(opened("rep.py", rep="nobody", role="manager:east"))
    assert "There is no rep" in app.warning[0].value and app.title[0].value == "Rep"
    assert hidden.replace(REP, "nobody") == nobody


def test_an_export_without_targets_or_activities_says_what_would_fill_the_page(maven_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", maven_url)
    found = opened("rep.py").selectbox(key="rep_pick").options
    subjects = [opened("rep.py", rep=found[0].rsplit(" · ", 1)[-1], tab=tab) for tab in ("accounts", "stage")]
    said = " ".join(text for app in subjects for text in words(app)).replace("\\", "")
    assert [error.value for app in subjects for error in app.error] == []
    assert "there is no target in the last 12 months" in said and "This rep owns no account" in said
