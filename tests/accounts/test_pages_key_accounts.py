"""The page Key accounts without a browser: its sentence, the lab, replay, credit, and what is missing."""

import re
from datetime import date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers.accounts import key_accounts as answers
from dashboard.answers.attention.leaks import leaks
from dashboard.answers.attention.undecided import undecided
from dashboard.words.language import label
from data_access import profiles
from data_access.engine import DATABASE_VARIABLE
from data_access.scope import Period, Person, Scope
from tests import pages
from tests.pages import ENGLISH_WORD, HAN, said, words

LAST = date(2026, 11, 21)
NOW = Scope(Person("director", name="Ann"), Period(LAST, LAST), LAST, LAST)


def turned(app: AppTest, tab: str) -> AppTest:
    """The same page with another of its tabs open."""
    return app.button_group(key="tabs").set_value(tab).run()


def opened(language: str = "en", **parameters) -> AppTest:
    return pages.opened("key_accounts.py", language, **({"role": "director"} | parameters))


def ask(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def publish(database, at: datetime, reason: str, **changes) -> int:
    """Publishes the newest profile with some of it changed, as somebody else would."""
    published = profiles.published(database, None, answers.KIND)
    payload = dict(published["payload"].iloc[-1]) | changes
    newest = int(published["version"].iloc[-1])
    person = Person("director", name="Bea")
    return profiles.publish(database, person, answers.KIND, payload, reason, based_on=newest, at=at)


def shown_table(app: AppTest, *columns: str):
    """The first table with these columns."""
    return next(table.value for table in app.dataframe if {*columns} <= {*table.value.columns})


def weights_of(app: AppTest) -> list[int]:
    return [slider.value for slider in app.slider]


def test_the_sentence_counts_what_the_report_counts(demo):
    profile = answers.profile(ask(demo), NOW)
    rows = answers.report(ask(demo), NOW, profile, profile)["rows"]
    scored = rows["score"].notna().sum()
    text = said(opened())
    assert f"{rows['is_key'].sum()} of {scored} scored accounts are key: " in text and "To do first: " in text
    verdict = re.search(rf"{rows['is_key'].sum()} of {scored} scored .+", text).group()
    assert len(verdict) <= 90 and "Nearest to tip: " in text


@pytest.mark.long
def test_what_nobody_decided_is_what_attention_says_of_it(demo):
    """The largest account comes first; of the rules that say that something is undecided, the same accounts."""
    rules = {"key_without_director", "never_assessed", "key_without_goal", "silent", "large_unscored"}
    rows = leaks(ask(demo), NOW).rows
    rows = rows[rows["rule"].isin(rules)]
    told = undecided(ask(demo), NOW)
    assert set(zip(told["rule"], told["account_id"], strict=True)) == set(
        zip(rows["rule"], rows["subject_id"], strict=True)
    )
    assert set(told["rule"]) == rules and told["revenue"].iloc[0] == told["revenue"].max() > 0
    text, first = said(opened()), told.iloc[0]
    assert f"To do first: {first['subject']} (" in text
    for rule, accounts in told["rule"].value_counts().items():
        assert f"{label(f'leak_{rule}')} {accounts}" in text


def test_a_region_is_shown_by_the_ranks_of_the_whole_company(demo):
    profile = answers.profile(ask(demo), NOW)
    rows = answers.report(ask(demo), NOW, profile, profile)["rows"].set_index("account")["rank"]
    table = shown_table(opened(role="manager:east"), "rank", "days_overdue")
    assert 0 < len(table) < len(rows)
    pd.testing.assert_series_equal(
        rows[table["account"]].reset_index(drop=True), table["rank"], check_dtype=False, check_names=False
    )


def test_an_unscored_account_stands_in_the_ranking_by_its_middle_marked_as_provisional(demo):
    table = shown_table(opened(), "rank", "provisional")
    provisional = table["composite"].isna()
    assert provisional.any() and (table["status"].map(list).map(["provisional"].__eq__) == provisional).all()
    assert table.loc[provisional, "rank"].isna().all() and table.loc[~provisional, "rank"].is_monotonic_increasing
    middles = table["provisional"].str.split(" ").str[0].astype(float)
    stands = table["composite"].fillna(middles)
    assert stands.is_monotonic_decreasing
    ends = table.loc[provisional, "provisional"].str.extract(r"\((.+)–(.+)\)").astype(float)
    assert ((ends[0] + ends[1]) / 2 - middles[provisional]).abs().max() < 0.02  # each is rounded to a hundredth
    text = said(opened())
    assert f"{provisional.sum()} of {len(table)} accounts here have no score" in text


def test_the_largest_unscored_accounts_come_first(demo):
    table = shown_table(opened(tab="coverage"), "missing", "won")
    known = table["won"].dropna()
    assert known.is_monotonic_decreasing and (known > 0).any()
    assert table["won"].isna().is_monotonic_increasing  # what is not known comes last


def test_a_draft_tells_who_enters_and_leaves_as_two_reports_do(demo):
    app = opened(tab="lab")
    app.slider(key="lab_weight_potential").set_value(70).run()
    assert [error.message for error in app.exception] == []
    published = answers.profile(ask(demo), NOW)
    draft = answers.drafted(published, "past_revenue=10,potential=70,reference_effect=10,winnability=10", None, None)
    before, after = (
        answers.ranked(ask(demo), NOW, profile)[0].set_index("account_id")["is_key"] for profile in (published, draft)
    )
    moves = shown_table(app, "move", "rank_after")
    assert (moves["move"] == "enters").sum() == (after & ~before).sum() > 0
    assert (moves["move"] == "leaves").sum() == (before & ~after).sum() > 0


@pytest.mark.parametrize(("language", "same"), [("en", "would have picked the same"), ("zh", "草案会选出同样的客户")])
def test_the_back_test_follows_the_draft_as_the_report_says(demo, language, same):
    app = opened(language, tab="lab")
    assert same in said(app)
    app.slider(key="lab_weight_potential").set_value(70).run()
    published = answers.profile(ask(demo), NOW)
    draft = answers.drafted(published, "past_revenue=10,potential=70,reference_effect=10,winnability=10", None, None)
    told = answers.report(ask(demo), NOW, published, draft)
    row, span, moved = told["backtest"][1], told["backtest_difference"], told["backtest_moves"]
    text = said(app)
    assert same not in text
    assert f"{100 * row['hit_rate']:.1f}%".replace(".0%", "%") in text
    for end in ("low", "high"):
        assert f"{abs(100 * span[end]):.1f}".removesuffix(".0") in text
    app.toggle(key="lab_moved").set_value(True).run()
    assert [error.message for error in app.exception] == []
    accounts = shown_table(app, "move", "won_since")
    assert accounts["account"].tolist() == moved["account"].tolist() and len(accounts) > 0
    owners = shown_table(app, "gained", "lost")
    assert (owners["gained"].sum(), owners["lost"].sum()) == (moved["enters"].sum(), (~moved["enters"]).sum())


def test_where_a_slider_stands_is_its_share_and_the_others_give_way(demo):
    app = opened(tab="lab")
    for factor, percent, shares in (
        ("potential", 40, [20, 40, 20, 20]),
        ("past_revenue", 0, [0, 50, 25, 25]),  # what weighs nothing goes on weighing nothing
        ("potential", 60, [0, 60, 20, 20]),
        ("winnability", 100, [0, 0, 0, 100]),
        ("winnability", 1, [33, 33, 33, 1]),  # of all at nothing, in equal parts
    ):
        app.slider(key=f"lab_weight_{factor}").set_value(percent).run()
        assert weights_of(app) == shares


def test_a_browser_that_has_not_heard_how_the_others_gave_way_moves_none_of_them_back(demo):
    app = opened(tab="lab")
    app.slider(key="lab_weight_potential").set_value(40).run()
    app.slider(key="lab_weight_potential").set_value(46)
    for factor in ("past_revenue", "reference_effect", "winnability"):
        app.slider(key=f"lab_weight_{factor}").set_value(25)  # as they stood before
    app.run()
    assert weights_of(app) == [18, 46, 18, 18]
    for factor in ("past_revenue", "potential", "reference_effect"):
        app.slider(key=f"lab_weight_{factor}").set_value(20 if factor != "potential" else 40)
    app.slider(key="lab_weight_winnability").set_value(37).run()  # another is moved meanwhile
    assert weights_of(app)[3] == 37


def test_the_group_stands_in_the_address_and_comes_back_from_it(demo):
    app = opened()
    pick = app.selectbox(key="key_group")
    other = pick.options[1]
    pick.select_index(1).run()
    assert app.selectbox(key="key_group").value in other
    assert opened(group=app.query_params["group"]).selectbox(key="key_group").value in other
    assert opened(group="no group").selectbox(key="key_group").value not in other


def test_a_draft_stands_in_the_address_and_comes_back_from_it(demo):
    app = opened(tab="lab")
    app.slider(key="lab_weight_potential").set_value(40).run()
    app.number_input(key="lab_top").set_value(12).run()
    other = opened(tab="lab", draft=app.query_params["draft"])
    assert weights_of(other) == [20, 40, 20, 20] and other.number_input(key="lab_top").value == 12
    other.number_input(key="lab_top").set_value(20).run()
    other.slider(key="lab_weight_potential").set_value(25).run()
    assert weights_of(other) == [25, 25, 25, 25] and "draft" not in other.query_params


@pytest.mark.parametrize(
    "draft", ["{", "[]", '{"weights":[40,40,20,20]}', '{"top":1e999}', '{"groups":{"x":[0.1]}}', '{"floor":"much"}']
)
def test_a_draft_that_nobody_could_have_made_is_left_aside(demo, draft):
    app = opened(tab="lab", draft=draft)
    assert weights_of(app) == [25, 25, 25, 25] and app.number_input(key="lab_top").value == 20


@pytest.mark.writes
def test_an_untouched_draft_is_the_published_profile_to_the_last_digit(demo):
    thirds = {"past_revenue": 1 / 3, "potential": 1 / 3, "reference_effect": 1 / 3, "winnability": 0.0}
    publish(demo, datetime(2026, 11, 21, 12), "Three factors", weights=thirds)
    app = opened(tab="lab")
    assert weights_of(app) == [34, 33, 33, 0]
    assert "The draft makes nobody enter and nobody leave." in said(app)
    assert app.button(key="lab_publish").disabled


@pytest.mark.writes
def test_publishing_keeps_the_reason_and_moves_everybody(demo):
    app = opened(tab="lab")
    app.slider(key="lab_weight_potential").set_value(60).run()
    app.button(key="lab_publish").click().run()
    assert "published with a reason" in said(app) and len(profiles.published(demo, None, answers.KIND)) == 1
    app.text_input(key="lab_reason").set_value("Future before past").run()
    app.button(key="lab_publish").click().run()
    assert "Version 2 is published." in said(app)
    newest = profiles.published(demo, None, answers.KIND).iloc[-1]
    assert newest["reason"] == "Future before past"
    assert newest["payload"]["weights"]["potential"] == pytest.approx(0.6)
    assert "Future before past" in said(opened(role="executive"))


@pytest.mark.writes
def test_a_newer_version_takes_the_place_of_an_untouched_draft(demo):
    app = opened(tab="lab")
    publish(demo, datetime(2026, 11, 21, 13), "Ten percent", top=0.1)
    app.run()
    assert app.number_input(key="lab_top").value == 10
    assert "Ten percent" in said(app)


@pytest.mark.writes
def test_a_touched_draft_stays_and_is_said_to_be_overtaken(demo):
    app = opened(tab="lab")
    app.slider(key="lab_weight_potential").set_value(60).run()
    publish(demo, datetime(2026, 11, 21, 13), "Ten percent", top=0.1)
    app.run()
    assert "Bea published version 2 (“Ten percent”) while you were working from version 1" in said(app)
    app.button(key="lab_drop").click().run()
    assert weights_of(app) == [25, 25, 25, 25] and app.number_input(key="lab_top").value == 10


@pytest.mark.writes
def test_a_past_day_is_replayed_under_the_version_of_that_day(demo):
    publish(demo, datetime(2026, 11, 21, 9), "Half of all", top=0.5)
    with demo.begin() as connection:  # as if published then
        profile = profiles.scoring_profile
        for version, day in ((1, datetime(2026, 1, 5)), (2, datetime(2026, 6, 5))):
            connection.execute(profile.update().where(profile.c.version == version).values(published_at=day))
    then = said(opened(as_of="2026-03-31", tab="lab"))
    assert "Version 1, published on 5 Jan 2026" in then
    assert "It was the valid one on 31 Mar 2026; today version 2 is." in then
    assert "Set the as-of date to the last day to publish" in then
    assert "Version 2, published on 5 Jun 2026" in said(opened(as_of="2026-07-31"))
    assert "On 31 Dec 2025 none was published yet" in said(opened(as_of="2025-12-31"))


def test_only_a_director_can_move_anything(demo):
    for role in ("executive", "manager:east"):
        app = opened(role=role, tab="lab")
        assert len(app.slider) == 4 and all(slider.disabled for slider in app.slider)
        assert all(field.disabled for field in app.number_input)
        assert "Only directors may publish a profile." in said(app)
        assert "lab_publish" not in {button.key for button in app.button}


def test_credit_is_reconciled_with_the_overviews_total(demo):
    from dashboard.answers.overview import numbers

    period = Period(date(2026, 10, 1), date(2026, 12, 31))
    won = numbers.overview(ask(demo), NOW.but(period=period))["values"]["won_amount"]
    app = opened(tab="coverage")
    table = shown_table(app, "as_owner", "as_director")
    assert table["as_owner"].sum() == pytest.approx(won)
    assert table["as_director"].sum() > 0
    line = next(caption for caption in app.caption if "each deal once" in caption.value).value
    assert f"{won:,.2f}".rstrip("0").rstrip(".") in line.replace("\\", "")


def test_in_chinese_the_terms_of_the_field_and_no_english(demo):
    app = opened("zh")
    text = said(app) + said(turned(app, "coverage")) + said(turned(app, "versions")) + said(turned(app, "lab"))
    for term in ("大客户", "综合积分", "潜力", "示范作用", "能赢能做", "营业额", "稳定度"):
        assert term in text + " ".join(slider.label for slider in app.slider), term
    ours = [one for one in words(app) if ENGLISH_WORD.search(one) and not HAN.search(one)]
    assert ours == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_assessments_everybody_is_unscored_and_told_why(language, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    text = said(opened(language)) + said(opened(language, tab="lab"))
    assert ("No account of this group is scored yet." in text) == (language == "en")
    assert ("本组尚无已评分的客户。" in text) == (language == "zh")
    if language == "en":
        assert "No account here is scored, so none is key" in text
        assert re.search(r"Potential is missing for (\d+) of \1 accounts", text)
        assert "The lab needs scored accounts" in text
        assert "To do first: score accounts, the largest first" in text
    else:
        assert "这里没有已评分的客户" in text and "实验室需要已评分的客户" in text


@pytest.mark.parametrize(("language", "told"), [("en", "There is no account here."), ("zh", "这里没有客户。")])
def test_a_manager_without_accounts_is_told_so(language, told, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    text = said(opened(language, role="manager:East"))  # the export's accounts have no region
    assert told in text and "region_id" in text


def test_who_published_first_and_why_is_said_in_the_readers_language(demo):
    assert answers.FIRST_REASON in said(opened(tab="versions"))
    text = said(opened("zh", tab="versions"))
    assert "系统" in text and "权重均等" in text
    assert answers.FIRST_BY not in text and answers.FIRST_REASON not in text
