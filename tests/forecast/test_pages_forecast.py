"""The forecast on Overview and Forecast without a browser: its sentence, refusals, commits, the board, scores."""

import re
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers.forecast import deciding, outlook as answers, review as reviews
from dashboard.reports import as_text
from data_access.engine import DATABASE_VARIABLE
from data_access.forecast import commits
from data_access.scope import Period, Person
from tests import pages
from tests.pages import said
from tests.rings import rings

QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))
EVA = Person("executive", name="Eva")


def opened(page: str, language: str = "en", **parameters) -> AppTest:
    return pages.opened(f"{page}.py", language, **({"role": "executive"} | parameters))


def asking(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def test_the_overview_says_what_the_report_says(demo):
    ask = asking(demo)
    made = answers.forecast(ask, as_text.everything(ask).but(period=QUARTER))
    text = said(opened("overview"))
    assert f"¥{made.expected / 1e6:.0f}M by its end" in text or f"¥{made.expected / 1e6:.1f}M by its end" in text
    assert "Nobody has committed" not in text  # that is said where people commit


def deciding_rows(app: AppTest):
    """The list of the deals that decide; None: there is none."""
    return next((table.value for table in app.dataframe if "last_touch" in table.value.columns), None)


CLOSE_IT = {
    "en": r"(\d) deals close the gap of ¥[\d.]+M, the first of these: the chance that all are won is ([\d.]+)%",
    "zh": r"前 (\d) 个商机即可补上 ¥[\d,.]+万 的缺口：全部赢单的概率为 ([\d.]+)%",
}
NO_TARGET = {"en": "No target is set for this choice. The result", "zh": "当前条件没有目标。结果"}


@pytest.mark.parametrize("language", rings(CLOSE_IT))
def test_the_overview_names_the_deals_that_decide_and_which_close_the_gap(demo, language):
    ask = asking(demo)
    told = deciding.deciding(ask, as_text.everything(ask).but(period=QUARTER))
    app = opened("overview", language)
    number, chance = re.search(CLOSE_IT[language], said(app)).groups()
    assert (int(number), float(chance)) == (told.closing.deals, round(100 * told.closing.chance, 1))
    rows = deciding_rows(app)
    assert list(rows["deal"]) == list(told.rows["deal"].head(5))
    assert rows["chance"].tolist() == told.rows["chance"].head(5).tolist()
    assert deciding_rows(opened("forecast", language)) is None
    assert NO_TARGET[language] in said(opened("overview", language, track="large"))


def test_the_page_has_the_back_test_and_its_parts(demo):
    app = opened("forecast", tab="errors")
    tables = [set(table.value.columns) for table in app.dataframe]
    assert sum({"mean_abs_error_share", "bias_share"} <= columns for columns in tables) == 3
    app.segmented_control(key="forecast_weeks_1").set_value(8).run()
    assert [error.message for error in app.exception] == []


def _field(fields, key: str):
    """The only one whose key begins so."""
    (found,) = [field for field in fields if field.key and field.key.startswith(key)]
    return found


@pytest.mark.long  # a commit is made and taken back by test_browser_forecast too
@pytest.mark.writes
def test_commits_are_entered_replaced_and_taken_back(demo):
    app = opened("forecast", open="commit")
    for amount in (120_000_000.0, 110_000_000.0):
        _field(app.number_input, "commit_amount_").set_value(amount)
        _field(app.text_input, "commit_note_").set_value(f"at {amount:.0f}")
        app.button(key="commit_save").click().run()
    assert "¥110,000,000, committed by" in said(app)
    app.button(key="commit_undo").click().run()
    assert "¥120,000,000, committed by" in said(app) and "at 120000000" in said(app)


BOARD = {
    "en": ("Committed ¥40M, 33.6%", "Incomplete without 华北", "华东: two are signed"),
    "zh": ("已承诺 ¥4,000万，为目标", "不完整：缺 华北", "华东：two are signed"),
}


BIASED = {"en": "6.5% too high over 7 periods", "zh": "7 个期间，在期末前同样天数所作的预测偏高 6.5%"}


TOGETHER = {"en": "Commit ¥40M · Forecast ", "zh": "承诺额 ¥4,000万 · 预测赢单额 "}


@pytest.mark.parametrize("language", rings(BOARD))
@pytest.mark.writes
def test_the_board_says_who_committed_to_what_why_and_who_did_not(demo, language):
    for region, amount, note in (("east", 30, "two are signed"), ("west", 10, "")):
        whose = {"region_id": region, "note": note, "at": datetime(2026, 11, 21, 9)}
        commits.commit(demo, EVA, QUARTER, amount * 100_000_000, **whose)
    app = opened("forecast", language)
    for words in BOARD[language]:
        assert words in said(app)
    told = re.findall(r"南(?:: |：)(.*)", said(app))
    assert len(told) == 1 and BIASED[language] in told[0]  # nobody said anything there; its forecasts were too high
    board = next(table.value for table in app.dataframe if "best_case_amount" in table.value.columns)
    assert len(board) == 4 and board["commit_amount"].sum() == 40_000_000  # four regions
    assert TOGETHER[language] in said(app).replace("**", "")
    assert not any("note" in table.value.columns for table in app.dataframe)
    app.button(key="commit_open").click().run()
    history = next(table.value for table in app.dataframe if "note" in table.value.columns)
    assert history["amount"].tolist() == [10_000_000, 30_000_000]  # the latest first


def test_there_is_no_board_of_a_product(demo):
    app = opened("forecast", track="large")
    assert "Take the other filters away" in said(app)
    assert not any("best_case_amount" in table.value.columns for table in app.dataframe)


@pytest.mark.parametrize("language", rings(["zh", "en"]))
def test_the_year_has_a_forecast(demo, language):
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    made = answers.forecast(asking(demo), as_text.everything(asking(demo)).but(period=year))
    assert made.is_long and made.low < made.expected < made.high
    text = said(opened("overview", language, period="this_fiscal_year"))
    assert {"en": "in 8 of 10 cases", "zh": "十次中有八次"}[language] in text


@pytest.mark.long
def test_the_half_year_has_its_own_back_test(demo):
    app = opened("forecast", period="this_half_year", tab="errors")
    app.segmented_control(key="forecast_weeks_6").set_value(19).run()
    assert [error.message for error in app.exception] == []


@pytest.mark.long
def test_a_year_of_which_little_is_known_says_so(demo):
    assert "wide: little past" in said(opened("overview", period="this_fiscal_year", as_of="2025-02-20"))


@pytest.mark.parametrize("page", ["forecast", "overview"])
def test_a_director_looks_beside_the_forecast_and_does_not_commit(demo, page):
    app = opened(page, role="director", open="commit")
    assert "Commits are made by regional managers" in said(app)
    parts = next(table.value for table in app.dataframe if "part" in table.value.columns)
    made = answers.forecast(asking(demo), as_text.everything(asking(demo)).but(period=QUARTER))
    assert {made.low, made.expected, made.high} <= set(parts["amount"])
    assert not any((field.key or "").startswith("commit_amount_") for field in app.number_input)


@pytest.mark.writes
def test_past_commits_are_scored_beside_the_forecast_of_their_day(demo):
    third = Period(date(2026, 7, 1), date(2026, 9, 30))
    commits.commit(demo, EVA, third, 10_000_000_000, at=datetime(2026, 8, 20, 9, 0))
    ask = asking(demo)
    now = as_text.everything(ask).but(period=QUARTER)
    row = reviews.scored_commits(ask, now).iloc[0]
    then = answers.forecast(ask, now.but(period=third, as_of=date(2026, 8, 20)))
    assert (row["amount"], row["forecast"]) == (100_000_000, then.expected)
    assert row["error_share"] == pytest.approx(100_000_000 / row["won"] - 1)
    assert row["forecast_error_share"] == pytest.approx(then.expected / row["won"] - 1)
    assert "Error: " in said(opened("forecast", open="commit"))


def test_thin_data_are_refused_in_words(maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    app = opened("overview")
    assert "No forecast yet" in said(app) and deciding_rows(app) is None
    assert "暂不能预测" in said(opened("overview", "zh"))
