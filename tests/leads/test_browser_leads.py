"""Leads and market in a real browser: each part is driven, in English and in Chinese. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    click_row,
    close_drawer,
    led,
    needs_chromium,
    open_named,
    tab_on,
)

pytestmark = needs_chromium

WORDS = {
    "en": ("Leads and market", "Leads behind", "Open the page of", "Cost, revenue", "Claimed", "Activities, 90 days"),
    "zh_CN": ("线索与市场", "对应的线索", "打开", "截至各季度末", "领取", "近 90 天活动"),
}


def main(tab):
    return tab.locator("[data-testid=stMain]")


def column(tab, head: str):
    """The heads of columns that say so: the canvas of a table has them for screen readers."""
    return tab.locator("canvas th").filter(has_text=head)


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    answered(tab)


def click_mark(tab, key: str, mark: str) -> None:
    """A dot or bar of a figure; plotly takes the pointer's coordinates, not the element's click."""
    drawn = tab.locator(f"[class*='st-key-{key}'] {mark}").first
    drawn.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)
    box = drawn.bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    answered(tab)


def show(tab, server: str, language: str, subject: str = "sources", page: str = "leads") -> None:
    led(tab, server, f"/{page}?lang={language}&period=trailing_12_months&tab={subject}")


@pytest.mark.long
def test_a_bar_opens_its_leads_and_an_account_its_page(language, chromium, server):
    title, behind, page_of, *_ = WORDS[language]
    with tab_on(chromium, server) as tab:
        show(tab, server, language)
        expect(tab.locator("h1")).to_have_text(title)
        click_mark(tab, "leads_conversion_source", "path.point")
        expect(tab.get_by_role("dialog")).to_contain_text(behind)
        close_drawer(tab)
        show(tab, server, language, "slipping", "key_accounts")
        open_named(tab, "leads_orphaned")
        tab.get_by_role("link", name=re.compile(page_of)).click()
        tab.wait_for_url(re.compile("account="))


@pytest.mark.long
def test_every_part_answers_a_click(language, chromium, server):
    _title, behind, page_of, scissors, claimed, activities = WORDS[language]
    with tab_on(chromium, server) as tab:
        show(tab, server, language)
        press(tab, "leads_cards_conversion_open")
        expect(tab.get_by_role("dialog")).to_contain_text(behind)
        close_drawer(tab)

        tab.locator(".st-key-leads_by button").nth(1).click()  # by campaign
        answered(tab)
        click_mark(tab, "leads_conversion_campaign", "path.point")
        expect(tab.get_by_role("dialog")).to_contain_text(behind)
        close_drawer(tab)

        show(tab, server, language, "months")
        click_mark(tab, "leads_cohorts", "g.point path")
        expect(tab.get_by_role("dialog")).to_contain_text(behind)
        close_drawer(tab)
        show(tab, server, language, "nurture")
        click_mark(tab, "leads_nurture", "g.point path")
        expect(tab.get_by_role("dialog")).to_contain_text(behind)
        close_drawer(tab)

        show(tab, server, language, "scissors")
        expect(main(tab)).to_contain_text(scissors)
        tab.locator(".st-key-leads_scissors_of button").first.click()  # all sources
        answered(tab)
        expect(tab.locator("[class*='st-key-leads_scissors'] .js-plotly-plot").first).to_be_visible()

        show(tab, server, language, "pools")
        tab.locator(".st-key-leads_moves summary").click()
        tab.locator(".st-key-leads_moves_of button", has_text=claimed).first.click()
        answered(tab)
        expect(tab.locator(".st-key-leads_moves canvas").first).to_be_visible()

        show(tab, server, language, "slipping", "key_accounts")
        click_row(tab, "leads_contested")
        expect(column(tab, activities)).to_have_count(1)  # who works on it, in a table of its own
        open_named(tab, "leads_contested")
        tab.get_by_role("link", name=re.compile(page_of)).click()
        tab.wait_for_url(re.compile("account="))
