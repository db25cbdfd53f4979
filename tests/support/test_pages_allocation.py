"""The page Recommended allocation without a browser: its numbers, what if, publishing, and who may."""

import time
from datetime import date, datetime
from functools import cache

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers.support import allocation as answers, allocation_review as reviews
from dashboard.metrics.support.allocation import recommend
from data_access.engine import DATABASE_VARIABLE, engine
from data_access.errors import NotAllowed, Refused
from data_access.scope import Period, Person, Scope
from data_access.support import plans
from tests import pages
from tests.pages import LOCALES, said

LAST = date(2026, 11, 21)
NOW = Scope(Person("director", name="Ann"), Period(LAST, LAST), LAST, LAST)
NOW_EAST = Scope(Person("manager", ("east",)), Period(LAST, LAST), LAST, LAST)
MOMENT = datetime(2026, 11, 21, 9)


def opened(language: str = "en", **parameters) -> AppTest:
    return worked_out(pages.opened("allocation.py", language, **({"role": "director"} | parameters)))


def worked_out(app: AppTest) -> AppTest:
    """The page once no process works on a plan any more; a browser asks by itself, a test has to."""
    for _ in range(200):
        assert [error.message for error in app.exception] == []
        if not any(button.key and button.key.endswith("_cancel") for button in app.button):
            return app
        time.sleep(0.2)
        app.run()
    raise TimeoutError("the plan was not worked out")


def turned(app: AppTest, tab: str) -> AppTest:
    """The same page with another of its tabs open: its plan stays."""
    return app.button_group(key="tabs").set_value(tab).run()


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    return next(table.value for table in app.dataframe if {*columns} <= {*table.value.columns})


def ask(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def solved(database, scope: Scope = NOW, wish: answers.Wish | None = None) -> reviews.Review:
    return _solved(database.url.render_as_string(), scope, wish)


@cache  # a test has an engine of its own, of the same demo
def _solved(url: str, scope: Scope, wish: answers.Wish | None) -> reviews.Review:
    asked = answers.asked(ask(engine(url)), scope, wish)
    return reviews.review(asked, recommend(asked.problem))


def test_a_plan_that_takes_too_long_is_ended_and_said(demo, monkeypatch):
    monkeypatch.setattr("dashboard.sections.support.allocation_run.MOST_SECONDS", 0)
    assert "No plan was found within 0 seconds" in said(opened())


def test_the_page_shows_the_plan_of_the_report(demo):
    app, found = opened(), solved(demo)
    given = f"{found.requests['recommended'].sum():,.0f} of {found.requests['wanted'].sum():,.0f} hours can be given"
    assert f"{given}; the best use brings" in said(app)
    first = table(app, "today", "value_change")
    assert len(first) == 8 and first["value_change"].is_monotonic_decreasing
    assert first["value_change"].iloc[0] == found.requests["value_change"].max() > 0
    assert "is not shown by the data: it leans on the assumption that support moves 10%" in said(app)
    moved = table(app, "uplift", "verdict")
    assert moved["uplift"].tolist() == [one.share for one in found.asked.uplifts.values()]
    is_shown = [one.low > 0 for one in found.asked.uplifts.values()]
    assert (moved["verdict"] == "shown by the data").tolist() == is_shown and 0 < sum(is_shown) < len(is_shown)
    assert moved["brings"].sum() == pytest.approx(found.totals["recommended"])
    assumed = (moved["brings"] * moved["assumed_share"]).sum()
    assert assumed == pytest.approx(found.totals["on_assumption"])
    gains = table(turned(app, "who"), "recommended", "reason")
    assert len(gains) == (found.requests["change"] > 0).sum()
    people = table(app, "utilisation", "worth")
    assert people["planned"].sum() == pytest.approx(found.requests["recommended"].sum())
    app.segmented_control(key="allocation_side").set_value("all").run()
    every = table(app, "recommended", "reason")
    assert len(every) == len(found.requests) and every["reason"].str.len().gt(10).all()


def test_chinese_throughout(demo):
    app = opened("zh")
    text = said(app)
    assert "资源配置建议" in text and "申请的" in text
    text += "".join(said(turned(app, tab)) for tab in ("who", "limits", "what_if", "plans"))
    assert "hour" not in text.lower() and "plan" not in text.lower()


def test_a_manager_sees_their_deals_and_changes_nothing(demo):
    app = opened(role="manager:east", tab="what_if")
    assert "Directors try other people" in said(app) and "Only directors may publish a plan" in said(app)
    assert not [button for button in app.button if button.key in ("plan_publish", "allocation_ask")]
    turned(app, "who").segmented_control(key="allocation_side").set_value("all").run()
    company, east = solved(demo), solved(demo, NOW_EAST)
    rows = table(app, "recommended", "reason")
    assert set(rows["deal"]) == set(east.requests["deal"]) < set(company.requests["deal"])
    assert len(rows) == len(east.requests) < len(company.requests)


def test_what_if_somebody_is_added_and_somebody_away(demo):
    app = opened(tab="what_if")
    app.selectbox(key="what_if_add_kind_0").set_value("presales")
    app.multiselect(key="what_if_add_skills_0").set_value(["标书"])
    app.number_input(key="what_if_add_hours_0").set_value(40.0)
    app.selectbox(key="what_if_away_0").set_value("S0002")
    app.button(key="allocation_ask").click().run()
    worked_out(app)
    wish = answers.Wish((), answers.Added("presales", None, ("标书",), 40.0), answers.Away("S0002", 0))
    before, after = solved(demo), solved(demo, wish=wish)
    moved = table(app, "before", "after")
    assert moved["value_change"].sum() == pytest.approx(after.totals["recommended"] - before.totals["recommended"])
    assert "The person added would be given" in said(app) and "cannot be published" in said(app)
    turned(turned(app, "brings"), "what_if")
    assert "The person added would be given" in said(app)  # question and answer wait while another tab is read
    assert app.selectbox(key="what_if_add_kind_0").value == "presales"
    app.button(key="allocation_drop").click().run()
    assert "The person added" not in said(app)
    assert app.selectbox(key="what_if_add_kind_1").value is None  # the form is begun anew


@pytest.mark.long
def test_what_if_the_rules_were_others(demo):
    app = opened(tab="what_if")
    app.slider(key="what_if_tilt_0").set_value(10)
    app.button(key="allocation_ask").click().run()
    worked_out(app)
    assert "The tilt of 10% does not bind" in said(app)
    app.slider(key="what_if_tilt_0").set_value(0)
    app.button(key="allocation_ask").click().run()
    assert "That is how things are already" in said(app)


@pytest.mark.writes
def test_publishing_needs_a_reason_and_everybody_sees_the_plan(demo):
    app = opened(tab="plans")
    assert "No plan has been published yet" in said(app)
    turned(app, "what_if").button(key="plan_publish").click().run()
    assert "published with a reason" in said(app)
    app.text_input(key="plan_reason").set_value("Quarter's end")
    app.button(key="plan_publish").click().run()
    worked_out(app)
    assert "Plan 1 is published." in said(app)
    found = solved(demo)
    waiting = pages.opened("allocation.py", role="manager:east", tab="plans")  # it stands there while another is sought
    assert "Quarter's end" in table(waiting, "published_by", "reason")["reason"].tolist()
    assert [button.key for button in waiting.button if button.key == "allocation_plan_cancel"]
    mine = plans.published(demo, NOW_EAST)["payload"].iloc[0]["rows"]
    given = f"Plan 1 gives {sum(row['hours'] for row in mine):,.0f} hours"
    assert given in said(waiting)
    assert table(waiting, "person", "hours", "value")["value"].iloc[0] == max(row["value"] for row in mine)
    east = worked_out(waiting)
    assert given in said(east) and "Today's recommendation gives the same hours." in said(east)
    rows = table(east, "person", "value", "hours", "request_id", "deal")
    shown = set(solved(demo, NOW_EAST).requests["request_id"])
    assert set(rows["request_id"]) <= shown
    [row] = plans.published(demo, NOW).to_dict("records")
    assert (row["version"], row["reason"]) == (1, "Quarter's end")
    assert row["payload"]["totals"] == found.totals
    assert sum(one["value"] for one in row["payload"]["rows"]) == pytest.approx(found.totals["recommended"])
    assert all(sum(one["weeks"].values()) == pytest.approx(one["hours"]) for one in row["payload"]["rows"])
    hidden = plans.published(demo, NOW_EAST)["payload"].iloc[0]
    assert hidden["totals"] is None and len(hidden["rows"]) == len(rows)


def test_a_plan_is_compared_from_the_first_week_to_come_by_what_an_hour_is_worth_today(demo):
    review = solved(demo)
    weeks = ["2026-01-05", str(review.asked.weeks[0]), str(review.asked.weeks[1])]
    best, other = review.requests.nlargest(2, "value_per_hour").to_dict("records")
    published = pd.DataFrame(
        [
            (best["request_id"], best["deal"], 40.0, 2.0, 1.0),
            (best["request_id"], best["deal"], 0.0, 0.0, 4.0),
            ("gone", "Gone", 0.0, 3.0, 0.0),
        ],
        columns=["request_id", "deal", *weeks],
    )
    rows = reviews.against(review, published, weeks, is_whole=True).set_index("request_id")
    assert rows.loc[best["request_id"], "published"] == 7
    assert rows.loc[best["request_id"], "change"] == best["recommended"] - 7
    assert rows.loc[best["request_id"], "value_change"] == (best["recommended"] - 7) * best["value_per_hour"]
    assert rows.loc[other["request_id"], "change"] == other["recommended"]
    assert (rows.loc["gone", "deal"], rows.loc["gone", "change"]) == ("Gone", -3)
    assert pd.isna(rows.loc["gone", "value_change"]) and rows.index[-1] == "gone"
    assert "gone" not in set(reviews.against(review, published, weeks, is_whole=False)["request_id"])


def test_only_directors_publish_and_nobody_overwrites(database):
    payload = {"values": {"tilt": 0.0}, "totals": {}, "rows": [], "weeks": ["2026-11-23"]}
    for role, regions in (("executive", None), ("manager", ("east",))):
        with pytest.raises(NotAllowed, match="That is for: director"):
            plans.publish(database, Person(role, regions), payload, "why", based_on=0, at=MOMENT)
    ann, bea = Person("director", name="Ann"), Person("director", name="Bea")
    assert plans.publish(database, ann, payload, "first", based_on=0, at=MOMENT) == 1
    with pytest.raises(Refused, match="Ann published version 1 while you were working from version 0"):
        plans.publish(database, bea, payload, "second", based_on=0, at=MOMENT)
    with pytest.raises(Refused, match="with a reason"):
        plans.publish(database, bea, payload, " ", based_on=1, at=MOMENT)
    assert plans.publish(database, bea, payload, "second", based_on=1, at=MOMENT) == 2
    assert list(plans.published(database, NOW)["published_by"]) == ["Ann", "Bea"]


@pytest.mark.parametrize("language", LOCALES)
def test_without_anything_to_allocate_it_says_what_would_help(language, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    assert "support_person" in said(opened(language))
