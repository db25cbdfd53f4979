"""The page Support resources without a browser: its sentence and numbers, what a manager sees, what is missing."""

import json
import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers.support import resources as answers
from data_access.engine import DATABASE_VARIABLE, engine, provide
from data_access.migrations import upgrade
from data_access.scope import Period, Person, Scope
from tests import pages
from tests.independent.product import load
from tests.independent.random.organisations import write
from tests.pages import ENGLISH_WORD, HAN, said, words

LAST = date(2026, 11, 21)
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))


def scope(person: Person | None = None) -> Scope:
    return Scope(person or Person("executive"), QUARTER, LAST, LAST)


@pytest.fixture
def ask(demo_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, demo_url)
    return lambda question, of, *arguments, **named: question(engine(demo_url), of, *arguments, **named)


def opened(language: str = "en", **parameters) -> AppTest:
    return pages.opened("support.py", language, **parameters)


def table(app: AppTest, *columns: str):
    """The first table with these columns."""
    return next(shown.value for shown in app.dataframe if {*columns} <= {*shown.value.columns})


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_the_sentence_and_the_queue_say_what_the_report_says(ask):
    app, values = opened(tab="queue"), answers.support(ask, scope())["values"]
    requests = answers.open_requests(ask, scope())
    waiting = requests[requests["outcome"] == "open"]
    late = waiting["days_overdue"].notna().sum()
    booked = f"{100 * values['utilisation']:.1f}%"
    verdict = f"support is booked to {booked}; {len(waiting)} requests wait, {late} of them overdue."
    assert f"Under strain: {verdict}" in said(app) and len(verdict) < 90 - len("Short of hours: ")
    assert list(table(app, "needed_by", "worth")["deal"]) == list(waiting["deal"])
    dearest = waiting[waiting["days_overdue"].notna()].sort_values("worth").iloc[-1]
    over = answers.overload(ask, scope()).groupby("person")["over_hours"].sum()
    assert f"To do first: grant or refuse what {dearest['deal']} asks for (" in said(app)
    assert f"; move {over.max():,.0f} hours of {over.idxmax()} to others or to later weeks." in said(app)
    app.button_group(key="support_queue_pick").set_value("late").run()
    assert len(table(app, "needed_by", "worth")) == late > 0
    app.button_group(key="support_queue_pick").set_value("over").run()
    assert len(table(app, "needed_by", "worth")) == len(requests) - len(waiting)
    assert values["open_requests"] == len(requests)


def test_what_cannot_wait_stands_beside_the_map_the_most_expected_first(ask):
    app, requests = opened(), answers.open_requests(ask, scope())
    late = requests[(requests["outcome"] == "open") & requests["days_overdue"].notna()]
    shown = table(app, "deal", "days_overdue")
    assert shown["worth"].is_monotonic_decreasing and shown["worth"].iloc[0] == late["worth"].max()
    assert len(shown) == min(8, len(late)) > 0
    over = answers.overload(ask, scope()).groupby("person")["over_hours"].sum().sort_values(ascending=False)
    assert table(app, "hours", "weeks")["hours"].tolist() == pytest.approx(over.head(8).tolist())


def rows_of_map(app: AppTest) -> int:
    return len(charts(app)[0]["layout"]["yaxis"]["ticktext"])


def test_the_map_shows_everybody_with_hours_and_folds_into_kinds_and_regions(ask):
    people = answers.utilisation(ask, scope(), ["resource_id"])
    app = opened()
    assert rows_of_map(app) == (people["available_hours"] + people["booked_hours"] > 0).sum() > 20
    for rows, count in (("kind", 6), ("region", 4)):
        app.button_group(key="support_rows").set_value(rows).run()
        assert rows_of_map(app) == count
    app.button_group(key="support_rows").set_value("person").run()
    app.multiselect(key="support_kinds").set_value(["lab"]).run()
    assert rows_of_map(app) == 2


def test_of_many_people_the_map_begins_with_kinds_and_has_pages(tmp_path, monkeypatch):
    stages = [{"pipeline": "p", "stage": "s", "position": 1, "kind": "open", "probability": "0.5"}]
    deal = {"opportunity_id": "d", "pipeline": "p", "stage": "s", "amount": 10, "created_on": "2026-11-21"}
    people = [
        {"resource_id": f"s{n:03}", "name": f"Person {n}", "kind": "expert", "weekly_hours": 40} for n in range(510)
    ]
    tables = {"stage": stages, "opportunity": [deal], "support_person": people}
    tables["support_booking"] = [
        {"resource_id": one["resource_id"], "opportunity_id": "d", "week": "2026-11-16", "hours": 30} for one in people
    ]
    database = provide(f"sqlite:///{tmp_path / 'cockpit.db'}")
    upgrade(database)
    load(database, write(tables, tmp_path / "files"))
    monkeypatch.setenv(DATABASE_VARIABLE, str(database.url))
    app = opened()
    assert rows_of_map(app) == 1
    app.button_group(key="support_rows").set_value("person").run()
    assert rows_of_map(app) == 25 and app.number_input(key="support_page").max == 21
    app.number_input(key="support_page").set_value(21).run()
    assert rows_of_map(app) == 10


def test_stop_loss_lists_the_candidates_and_what_is_left_out(ask):
    from dashboard.answers.opportunities import stop_loss

    app = pages.opened("opportunities.py", tab="stop", track="large")
    judged = stop_loss.candidates(ask, scope().but(track="large"))
    found = judged[judged["is_candidate"]]
    assert list(table(app, "cost", "expected_margin")["deal"]) == list(found["deal"])
    assert f"{len(found)} of {len(judged)} open deals have cost more" in said(app)
    assert f"{stop_loss.left_out(ask, scope().but(track='large'))['deals']} open deals are not judged" in said(app)


def test_a_manager_sees_their_own_people_and_no_name_of_a_deal_elsewhere(ask):
    manager = scope(Person("manager", ("east",)))
    own = answers.bookings(ask, manager)
    assert set(own["region_id"]) == {"east"}
    seen = set(answers.served_deals(ask, manager)["opportunity_id"])
    hidden = own[own["opportunity_id"].isna()]
    assert len(hidden) > 0 and hidden[["deal", "account", "owner", "outcome", "request_id"]].isna().all(axis=None)
    assert set(own.loc[own["outcome"] == "open", "opportunity_id"]) <= seen
    weeks = answers.person_weeks(ask, manager)
    assert own["hours"].sum() == pytest.approx(weeks["booked"].sum() / 1_000_000)  # hidden or not, hours count
    assert set(answers.open_requests(ask, manager)["opportunity_id"]) < set(
        answers.open_requests(ask, scope())["opportunity_id"]
    )
    assert "Support people of your regions" in said(opened(role="manager:east"))


def test_in_chinese_the_terms_of_the_field_and_no_english(ask):
    pages_of = [opened("zh", tab=tab) for tab in ("load", "short", "queue", "worth")]
    shown = "".join(said(app) + json.dumps(charts(app), ensure_ascii=False) for app in pages_of)
    for term in ("支撑资源", "利用率", "待处理申请", "及时满足率", "超负荷", "温饱", "售前"):
        assert term in shown, term
    ours = [one for app in pages_of for one in words(app) if ENGLISH_WORD.search(one) and not HAN.search(one)]
    assert ours == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_support_each_part_says_what_would_fill_it(language, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    text = "".join(said(opened(language, tab=tab)) for tab in ("load", "queue", "worth"))
    for table_name in ("support_person", "support_booking", "support_request"):
        assert table_name in re.sub(r"[`]", "", text), table_name
    assert ("Nothing about support has been imported yet" if language == "en" else "尚未导入任何支撑数据") in text
