"""The forecast in a real browser, in both languages: a commit entered, drawn and taken back; the horizon changed;
and who may not, and when there is none."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    cells,
    click_row,
    close_drawer,
    needs_chromium,
    opened,
    tab_on,
)

pytestmark = needs_chromium


def commit(tab, amount: str) -> None:
    tab.locator("[class*=st-key-commit_amount_] input").fill(amount)
    tab.locator(".st-key-commit_save button").click()
    answered(tab)


@pytest.mark.writes
@pytest.mark.long
def test_a_manager_commits_beside_the_forecast_and_takes_it_back(chromium, server, language):
    commits = {"en": "committed by", "zh_CN": "填报"}[language]
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/forecast?tab=band&role=manager:east&lang={language}")
        lines = tab.locator(".st-key-forecast_fan .scatterlayer .trace")
        lines.first.wait_for()
        without = lines.count()
        tab.locator(".st-key-commit_open button").click()
        answered(tab)
        commit(tab, "30000000")
        drawer = tab.get_by_role("dialog")
        expect(drawer.get_by_text("¥30,000,000")).to_be_visible()
        expect(drawer.get_by_text(commits).first).to_be_visible()
        expect(lines).to_have_count(without + 1)  # on the page behind
        tab.reload()
        tab.locator(".st-key-commit_undo button").click()
        answered(tab)
        expect(tab.get_by_text("¥30,000,000")).to_have_count(0)
        expect(lines).to_have_count(without)
        assert "open=commit" in tab.url
        close_drawer(tab)
        assert "open=" not in tab.url
        tab.go_back()
        expect(tab.locator(".st-key-commit_save")).to_be_visible()
        close_drawer(tab)
        tab.locator(".st-key-forecast_fan_twin button").click()
        expect(tab.get_by_role("dialog").locator("[data-testid=stDataFrame]")).to_be_visible()


@pytest.mark.long
@pytest.mark.writes
def test_a_deal_is_judged_in_and_no_longer(chromium, server, language):
    none, one = {"en": ("Judged in: 0", "Judged in: 1"), "zh_CN": ("计入 0 个", "计入 1 个")}[language]
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/forecast?role=manager:east&lang={language}")
        board = cells(tab, {"en": "Gap to the target", "zh_CN": "目标缺口"}[language])
        expect(board.first).to_have_text(re.compile(r"\S"))
        for verdict, told in (("in", one), ("open", none)):
            if not tab.locator(".st-key-judge").is_visible():
                click_row(tab, "judged_deals")
            tab.locator(f".st-key-judge_{verdict} button").click()
            answered(tab)
            expect(tab.get_by_text(told)).to_be_visible()


@pytest.mark.long
def test_the_horizon_changes_what_is_drawn(chromium, server, language):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/forecast?tab=errors&role=executive&lang={language}")
        marks = tab.locator(".st-key-forecast_calibration .scatterlayer .point")
        heights = tab.locator(".st-key-forecast_past .scatterlayer .point")
        expect(heights).to_have_count(7)
        before = [heights.nth(at).get_attribute("transform") for at in range(7)]
        assert marks.count() >= 5
        tab.locator(".st-key-forecast_weeks_1 button", has_text="8").click()
        answered(tab)
        assert [heights.nth(at).get_attribute("transform") for at in range(7)] != before
        # Errors by region, and in the other tab by owner.
        tabs = tab.locator(".st-key-forecast_by [role=tab]")
        for number in (0, 1):
            tabs.nth(number).click()
            expect(tab.locator(".st-key-forecast_by [role=tabpanel]:visible canvas").first).to_be_visible()


NO_FORECAST = {
    "en": ("Commits are made by regional managers", r"No forecast: it learns from \d+ won deals"),
    "zh_CN": ("承诺额由区域经理和高管填报", r"不能预测：以往期间至少需要 \d+ 个赢单商机"),
}


@pytest.mark.long
def test_a_director_may_look_only_and_thin_data_are_no_forecast(chromium, server, language):
    may_not, too_thin = NO_FORECAST[language]
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/forecast?tab=band&open=commit&role=director&lang={language}&owner=R0012")
        expect(tab.get_by_text(may_not)).to_be_visible()
        expect(tab.locator("[class*=st-key-commit_amount_]")).to_have_count(0)
        expect(tab.get_by_role("dialog").get_by_text(re.compile(too_thin))).to_be_visible()
        expect(tab.locator(".st-key-forecast_fan")).to_have_count(0)
