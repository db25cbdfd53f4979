"""The page Attention without a browser: its sentence, filters, dismissals, thresholds; the Overview's top five."""

import re
from datetime import date, datetime
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers.attention import leaks as answers
from dashboard.answers.attention.limits import KIND
from dashboard.metrics.attention.lines import by_owner, lines, of_week, ranked
from dashboard.metrics.definitions import DEFINITIONS
from data_access import organisation, profiles
from data_access.attention import dismissals, handovers
from data_access.engine import DATABASE_VARIABLE, engine
from data_access.scope import Period, Person, Scope
from tests import pages
from tests.pages import ENGLISH_WORD, HAN, LOCALES, said, words

LAST = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12)
NOW = Scope(Person("executive"), Period(LAST, LAST), LAST, LAST)


def opened(language: str = "en", **parameters) -> AppTest:
    return pages.opened("attention.py", language, **({"role": "director"} | parameters))


def with_reasons(language: str = "en", **parameters) -> AppTest:
    """The page with every reason of every line."""
    return opened(language, tab="reasons", **parameters)


def leaks(database, scope: Scope = NOW) -> answers.Leaks:
    return _leaks(database.url.render_as_string(), organisation.state(database).version, scope)


@cache  # a test has an engine of its own, of the same demo
def _leaks(url: str, version: int, scope: Scope) -> answers.Leaks:
    database = engine(url)
    return answers.leaks(lambda question, asked, *more, **named: question(database, asked, *more, **named), scope)


def listed(app: AppTest):
    """The list of leaks."""
    return next(table.value for table in app.dataframe if {"why", "rule_name"} <= {*table.value.columns})


def this_week(app: AppTest):
    return next(table.value for table in app.dataframe if "since_name" in table.value.columns)


def test_the_sentence_counts_what_the_rules_find(demo):
    found = lines(leaks(demo).rows)
    text = said(opened())
    assert f"{len(found)} deals, accounts and persons ask for attention" in text
    assert re.search(r"At risk: ¥[\d.]+M, of it ¥[\d.]+M in this week's 15; \d+ new, \d+ worse\.", text)
    assert re.search(r"To do first: .+ at risk\): [A-Z]", text)


def test_each_line_of_deals_and_accounts_is_one_owners_turn(demo):
    """The owners' lines are those that a week may begin with, each once; what a bar opens is what it counts."""
    own = of_week(lines(leaks(demo).rows))
    owners = by_owner(own)
    assert owners["lines"].sum() == len(own) > 0 and owners["key"].is_unique
    assert owners["value_at_risk"].sum() == pytest.approx(own["value_at_risk"].sum())
    assert owners["value_at_risk"].dropna().is_monotonic_decreasing
    first = owners.iloc[0]
    app = opened(open=f'leaks_owners:["{first["key"]}"]')
    rows = pages.behind(app).value
    assert len(rows) == first["lines"] and rows["value_at_risk"].sum() == pytest.approx(first["value_at_risk"])
    assert "do not add up" not in said(app)


@pytest.mark.parametrize("language", LOCALES)
def test_every_line_of_the_week_has_one_owner_and_one_next_action(language, demo):
    week = this_week(opened(language))
    assert 0 < len(week) <= 15 and not week["subject_name"].isna().any()
    assert all(week["owner_name"]) and all(week["action"]) and all(week["since_name"])


def test_rules_owner_and_region_narrow_the_list(demo):
    found = leaks(demo).rows
    app = with_reasons()
    app.button_group(key="leaks_rules").set_value(["stalled", "overdue"]).run()
    assert set(listed(app)["rule_name"]) == {"Stalled", "Past its close date"}
    owner = found.loc[found["rule"] == "overdue", "owner_id"].dropna().iloc[0]
    app.selectbox(key="leaks_owner").select(owner).run()
    wanted = found[found["rule"].isin(("stalled", "overdue")) & (found["owner_id"] == owner)]
    assert len(listed(app)) == len(wanted) > 0
    assert listed(app)["value_at_risk"].tolist() == wanted["value_at_risk"].tolist()


def test_the_rules_chosen_stand_in_the_address_and_come_back_from_it(demo):
    app = opened(tab="reasons")
    app.button_group(key="leaks_rules").set_value(["stalled", "overdue"]).run()
    assert app.query_params["rule"] == ["stalled", "overdue"]
    assert listed(opened(tab="reasons", rule=["overdue", "no rule"]))["rule_name"].unique() == ["Past its close date"]


def test_every_rule_says_why_in_both_languages(demo):
    assert set(leaks(demo).rows["rule"]) == set(answers.RULES)
    for language, shown in (("en", "en"), ("zh", "zh_CN")):
        rows = listed(with_reasons(language))
        assert set(rows["rule_name"]) == {DEFINITIONS[f"leak_{rule}"].label(shown) for rule in answers.RULES}
        assert all(ENGLISH_WORD.search(why) if language == "en" else HAN.search(why) for why in rows["why"])


@pytest.mark.parametrize("tab", ["week", "reasons"])
def test_in_chinese_no_english(demo, tab):
    app = opened("zh", tab=tab)
    ours = [text for text in words(app) if ENGLISH_WORD.search(text)]
    assert [text for text in ours if not HAN.search(text)] == []
    assert app.title[0].value == "待办"


def top_five(overview: AppTest):
    return next(table.value for table in overview.dataframe if "action" in table.value.columns)


@pytest.mark.writes
def test_what_is_dismissed_or_given_stands_apart_and_comes_back(demo, demo_url):
    found = leaks(engine(demo_url))
    first, line = found.rows.iloc[0], ranked(lines(found.rows)).iloc[0]
    given = handovers.give(
        demo, Person("director", name="Dora"), line["subject_kind"], line["subject_id"], line["owner_id"],
        date(2026, 12, 24), "Before the year ends", rules=line["rules"], value_at_risk=None, seen_on=LAST, at=NOON,
    )  # fmt: skip
    made = dismissals.dismiss(
        demo, Person("director", name="Dora"), first["rule"], first["subject_kind"], first["subject_id"],
        "Known since spring", date(2026, 12, 24), at=NOON,
    )  # fmt: skip
    app, reasons = opened(), with_reasons()
    apart = next(table.value for table in reasons.dataframe if "until_on" in table.value.columns)
    assert apart[["reason", "by"]].to_numpy().tolist() == [["Known since spring", "Dora"]]
    assert listed(reasons)["subject_name"].iloc[0] != first["subject"]
    handed = next(table.value for table in app.dataframe if "became_name" in table.value.columns)
    told = handed[["subject_name", "became_name", "note", "given_by"]].iloc[0].tolist()
    assert told == [line["subject"], "still there", "Before the year ends", "Dora"]
    assert line["subject"] not in set(this_week(app)["subject_name"])
    overview = pages.opened()
    assert top_five(overview)["subject_name"].tolist() == this_week(app)["subject_name"].head(5).tolist()
    assert "Without 1 line that is given to somebody" in said(overview)
    dismissals.revert(demo, Person("director"), made, at=NOON)
    handovers.withdraw(demo, Person("director"), given, at=NOON)
    app = opened()
    assert "Nothing is dismissed" in said(with_reasons())
    assert this_week(app)["subject_name"].iloc[0] == line["subject"]


def mark(leak) -> str:
    """What the address calls a leak that is open."""
    return f"leak:{leak['rule']}:{leak['subject_kind']}:{leak['subject_id']}"


SOUTH = Person("manager", ("south",))


def test_an_executive_looks_and_is_told_who_dismisses(demo):
    app = with_reasons(role="executive", open=mark(leaks(demo).rows.iloc[0]))
    assert "Executive: may look. Dismissing is for directors" in said(app)
    assert not [button for button in app.button if button.key == "leaks_dismiss_send"]


@pytest.mark.writes
def test_a_manager_dismisses_in_the_own_region_and_what_was_typed_outlives_the_drawer(demo):
    leak = leaks(demo, NOW.but(person=SOUTH)).rows.iloc[0]
    app, field = with_reasons(role="manager:south", open=mark(leak)), f"leaks_reason_{mark(leak).partition(':')[2]}"
    app.button(key="leaks_dismiss_send").click().run()
    assert "A line is dismissed with a reason" in said(app)
    app.text_input(key=field).set_value("Signed, the papers are on their way").run()
    pages.closed(app)
    assert not [one for one in app.text_input if one.key == field]
    app.session_state["open"] = mark(leak)
    assert app.run().text_input(key=field).value == "Signed, the papers are on their way"
    app.button(key="leaks_dismiss_send").click().run()
    assert "Dismissed: " in said(app)
    [row] = next(table.value for table in app.dataframe if "until_on" in table.value.columns).to_dict("records")
    assert row["reason"] == "Signed, the papers are on their way" and row["by"].startswith("Regional manager")


def test_a_manager_is_not_led_to_a_rep_of_another_region(demo):
    """The account is the manager's, its owner moved away: there is no page of theirs to see."""
    north = NOW.but(person=Person("manager", ("north",)))
    leak = leaks(demo, north).rows.query("owner == '何欣怡' and subject_kind == 'account'").iloc[0]
    [drawer] = with_reasons(role="manager:north", open=mark(leak)).get("dialog")
    ways = [link.proto.page for link in drawer.get("page_link")]
    assert "account" in ways and "rep" not in ways
    [drawer] = with_reasons(open=mark(leak), rule=leak["rule"], region="north").get("dialog")
    assert {"account", "rep"} <= {link.proto.page for link in drawer.get("page_link")}


@pytest.mark.writes
@pytest.mark.long
def test_published_thresholds_change_the_list_for_everybody(demo):
    before = (leaks(demo).rows["rule"] == "pushed").sum()
    app = opened()
    app.number_input(key="attention_pushes_0").set_value(5)
    app.text_input(key="attention_reason_0").set_value("Three is the usual way here")
    app.button(key="attention_publish").click().run()
    assert [error.message for error in app.exception] == []
    assert "Version 1 is published." in said(app)
    assert profiles.published(demo, None, KIND)["payload"].iloc[0]["pushes"] == 5
    assert (leaks(demo).rows["rule"] == "pushed").sum() < before
    executive = said(opened(role="executive"))
    assert "Only directors may publish other rules." in executive
    assert "Three is the usual way here" in executive


def test_a_filter_of_deals_leaves_rules_about_deals_and_says_so(demo):
    text = said(with_reasons(track="fast"))
    assert "only rules about deals, since the filters are theirs" in text
    assert "Contested account (" not in text


@pytest.mark.parametrize("language", LOCALES)
def test_an_export_without_history_mutes_nothing_and_asks_for_nothing_unknown(language, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    rules = set(leaks(engine(maven_url), scope_of(engine(maven_url))).rows["rule"])
    assert not rules & {"no_next_step", "silent", "stalled", "overload", "scissors", "coverage"}
    opened(language)
    with_reasons(language)


def scope_of(database) -> Scope:
    state = organisation.state(database)
    return Scope(Person("executive"), Period(state.first_day, state.last_day), state.last_day, state.last_day)


def test_the_overview_shows_the_top_five_and_the_way_to_all(demo):
    app = pages.opened()
    found = lines(leaks(demo).rows)
    top, first = top_five(app), ranked(found)
    assert top["value_at_risk"].tolist() == first["value_at_risk"].head(5).tolist()
    assert f"To do first: {first['subject'][0]} ({top['owner_name'][0]}, " in said(app)
    links = [element.proto.label for element in app.get("page_link")]
    assert f"All {len(found)} lines that ask for attention" in links
