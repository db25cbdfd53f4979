"""The account page in both languages: whom it shows, whom it refuses, and what is entered on it."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests import pages
from tests.pages import ENGLISH_WORD, HAN, LOCALES

ACCOUNT = "A00251"


def opened(language: str = "en", **parameters) -> AppTest:
    return pages.opened("account.py", language, **parameters)


def views(app: AppTest) -> list[str]:
    """The names of its tabs; none where no account is shown."""
    return [option.content for row in app.button_group if row.key == "tabs" for option in row.proto.options]


def settled(app: AppTest) -> AppTest:
    app.run()
    assert [error.message for error in app.exception] == []
    return app


def said(app: AppTest) -> str:
    elements = [*app.title, *app.markdown, *app.caption, *app.warning, *app.error]
    return "\n".join(element.value for element in elements).replace("\\", "")


def key_accounts(app: AppTest) -> str:
    """The first account of the list that the page shows without one in the address."""
    return app.dataframe[0].value["account_id"].iloc[0]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
@pytest.mark.parametrize(("language", "tabs"), [("en", ["Who", "Business"]), ("zh", ["评分", "业务"])])
def test_an_account_shows_its_six_views(shown_from, language, tabs):
    app = opened(language, account=ACCOUNT)
    assert views(app)[:2] == tabs and len(views(app)) == 6
    assert app.title[0].value == "泽谷物流"
    drawn = len(app.get("plotly_chart"))  # the radar
    for tab in ("business", "coverage", "how", "strategy", "evaluation"):
        app.button_group(key="tabs").set_value(tab)
        drawn += len(settled(app).get("plotly_chart"))  # wallet, closeness, contacts, needs
        assert app.query_params["tab"] == tab
    assert drawn == 5
    assert app.query_params["account"] == ACCOUNT
    assert app.error == []


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_in_chinese_everything_of_ours_is_chinese(shown_from):
    ours = []
    for tab in ("who", "business", "coverage", "how", "strategy", "evaluation"):
        app = opened("zh", account=ACCOUNT, role="director", tab=tab)
        labelled = [*app.selectbox, *app.button, *app.expander, *app.number_input, *app.date_input]
        ours += views(app) + [element.label for element in labelled] + said(app).split("\n")
    assert [text for text in ours if ENGLISH_WORD.search(text) and not HAN.search(text)] == []


@pytest.mark.parametrize("shown_from", ["demo", "maven"], indirect=True)
@pytest.mark.parametrize("language", LOCALES)
def test_without_an_account_there_is_a_list_to_choose_from(shown_from, language):
    app = opened(language)
    first, listed = key_accounts(app), app.dataframe[0].value
    assert len(listed) <= 100 and listed["won"].dropna().is_monotonic_decreasing
    app.selectbox(key="account_pick").select(first)
    settled(app)
    assert app.query_params["account"] == first
    assert len(views(app)) == 6


@pytest.mark.parametrize("shown_from", ["demo", "maven"], indirect=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is no account NOBODY that you may see."), ("zh", "没有您可查看的客户 NOBODY。")],
)
def test_an_unknown_account_is_said_to_be_unknown(shown_from, language, words):
    app = opened(language, account="NOBODY")
    assert words in app.warning[0].value.replace("\\", "")
    assert views(app) == [] and app.error == []


@pytest.mark.parametrize("shown_from", ["empty"], indirect=True)
def test_an_empty_database_says_what_would_fill_it(shown_from):
    assert opened(account=ACCOUNT).title[0].value == "No data yet"


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_an_account_elsewhere_answers_as_one_that_does_not_exist(shown_from):
    app = opened(account=ACCOUNT, role="manager:east")
    nobody = opened(account="NOBODY", role="manager:east").warning[0].value
    assert app.warning[0].value == nobody.replace("NOBODY", ACCOUNT)
    assert views(app) == []
    assert ACCOUNT not in set(app.dataframe[0].value["account_id"])
    assert len(views(opened(account=ACCOUNT, role="manager:south"))) == 6


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_account_stays_on_its_page(shown_from):
    app = opened(account=ACCOUNT, period="last_quarter")
    assert app.query_params == {"account": ACCOUNT, "period": "last_quarter"}
    from dashboard.frame import bar

    wanted = {"account": ACCOUNT, "period": "last_quarter"}
    assert app.session_state["url_wanted"] == wanted
    assert bar.OWNED["account"] == "account"


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
@pytest.mark.parametrize(("language", "words"), [("en", "may look, not enter"), ("zh", "可以查看，不能录入")])
def test_an_executive_finds_no_form_but_who_may(shown_from, language, words):
    for tab in ("who", "how", "strategy", "evaluation"):
        app = opened(language, account=ACCOUNT, tab=tab)
        assert said(app).count(words) == 1
        assert [button for button in app.button if "save" in (button.key or "")] == []


NEVER_JUDGED = """SELECT min(account_id) FROM activity WHERE completed_at > '2026-11-01' AND two_way
AND contact_id IS NOT NULL AND account_id NOT IN (SELECT account_id FROM closeness_score)"""


@pytest.mark.parametrize(
    ("language", "alone", "why"),
    [
        ("en", r"Counted closeness alone: [\d.]+ of 10", "Nobody has judged it"),
        ("zh", "关系紧密度仅有统计部分：[0-9.]+", "尚无人判断"),
    ],
)
def test_where_nobody_judged_closeness_the_counted_half_stands_alone(demo, language, alone, why):
    with demo.connect() as connection:
        account = connection.exec_driver_sql(NEVER_JUDGED).scalar_one()
    text = said(opened(language, account=account, tab="how"))
    assert re.search(alone, text) and why in text


def test_an_unscored_account_tells_what_its_score_may_be(demo):
    with demo.connect() as connection:
        unscored = "SELECT max(account_id) FROM account WHERE account_id NOT IN (SELECT account_id FROM account_score)"
        account = connection.exec_driver_sql(unscored).scalar_one()
    text = said(opened(account=account))
    low, high = re.search(r"its score may be ([\d.]+) to ([\d.]+)\.", text).groups()
    assert float(high) - float(low) == 7.5  # three of four factors, of equal weight, are missing
    assert f"With its missing factors at 0 its score is {low}, at 10 {high}." in text


def judge(app: AppTest, score: float) -> AppTest:
    app.number_input(key=f"closeness_score_score_{ACCOUNT}").set_value(score)
    app.button(key=f"closeness_score_save_{ACCOUNT}").click()
    return settled(app)


def history(app: AppTest, column: str):
    return next(frame.value for frame in app.dataframe if {column, "state"} <= set(frame.value.columns))


@pytest.mark.writes
def test_a_director_enters_a_judgement_and_takes_it_back(demo):
    app = opened(account=ACCOUNT, role="director", tab="how")
    assert "judged 3" in said(app)
    app = judge(app, 9.5)
    assert "1 entry saved." in said(app) and "judged 9.5" in said(app)
    app.button(key="closeness_score_undo").click()
    settled(app)
    assert "judged 3" in said(app) and "entry saved" not in said(app)


def turned(app: AppTest, tab: str) -> AppTest:
    app.button_group(key="tabs").set_value(tab)
    return settled(app)


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_what_is_typed_is_there_when_its_tab_is_opened_again_and_for_no_other_account(shown_from):
    app = opened(account=ACCOUNT, role="director", tab="how")
    field, by = f"closeness_score_score_{ACCOUNT}", f"closeness_score_by_{ACCOUNT}"
    assert app.number_input(key=field).form_id == ""  # a form would tell nothing of it before it is saved
    app.number_input(key=field).set_value(7.5)
    app.selectbox(key=by).select_index(2)
    whom = settled(app).selectbox(key=by).value
    scores = f"account_score_editor_0_{ACCOUNT}"
    turned(app, "who").session_state[scores] = {
        "edited_rows": {1: {"score": 9.5}},
        "added_rows": [],
        "deleted_rows": [],
    }
    settled(app)
    turned(app, "how")
    assert (app.number_input(key=field).value, app.selectbox(key=by).value) == (7.5, whom) and whom
    assert turned(app, "who").data_editor(key=scores).value["score"].dropna().to_dict() == {1: 9.5}
    turned(app, "how").session_state["account"] = "A00031"
    assert settled(app).number_input(key="closeness_score_score_A00031").value is None


@pytest.mark.writes
def test_what_was_typed_and_saved_is_not_typed_again(demo):
    app = opened(account=ACCOUNT, role="director")
    scores, saved = f"account_score_editor_0_{ACCOUNT}", f"account_score_editor_1_{ACCOUNT}"
    app.session_state[scores] = {"edited_rows": {1: {"score": 9.5}}, "added_rows": [], "deleted_rows": []}
    settled(app)
    settled(turned(turned(app, "how"), "who"))
    app.button(key=f"account_score_save_{ACCOUNT}").click()
    assert "1 entry saved." in said(settled(app))
    rows = app.data_editor(key=saved).value
    assert rows["holds"].iloc[1] == 9.5 and rows["score"].isna().all()
    app.button(key="account_score_undo").click()
    rows = settled(app).data_editor(key=saved).value
    assert rows["holds"].iloc[1] != 9.5 and rows["score"].isna().all()


def test_saving_nothing_says_so(demo):
    app = opened(account=ACCOUNT, role="director", tab="how")
    app.button(key=f"closeness_score_save_{ACCOUNT}").click()
    settled(app)
    assert "Nothing was entered" in said(app)


def test_nothing_is_entered_into_the_past(demo):
    for tab in ("who", "how", "strategy", "evaluation"):
        app = opened(account=ACCOUNT, role="director", as_of="2026-06-30", tab=tab)
        assert said(app).count("Choose the last day of the data") == 1


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_before_an_account_existed_the_page_says_so(shown_from):
    app = opened(account="A00600", as_of="2023-12-31")
    assert "did not exist yet on this day" in said(app)
