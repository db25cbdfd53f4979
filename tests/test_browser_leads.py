"""Leads and market in a real browser: each part is driven, in English and in Chinese. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    PATIENCE,
    needs_chromium,
    opened,
    settled,
    tab_on,
)

pytestmark = needs_chromium

expect.set_options(timeout=PATIENCE)
WORDS = {
    "en": ("Leads and market", "Leads behind", "Open the page of", "Cost, revenue", "Claimed"),
    "zh_CN": ("线索与市场", "对应的线索", "打开", "截至各季度末", "领取"),
}


def main(tab):
    return tab.locator("[data-testid=stMain]")


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    settled(tab)


def click_first_row(tab, key: str) -> None:
    grid = tab.locator(f".st-key-{key} canvas").first
    grid.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)  # what was drawn before may still move it
    box = grid.bounding_box()
    tab.mouse.click(box["x"] + 15, box["y"] + 52)  # the box before the first row
    settled(tab)


def click_mark(tab, key: str, mark: str) -> None:
    """A dot or bar of a figure; plotly takes the pointer's coordinates, not the element's click."""
    drawn = tab.locator(f"[class*='st-key-{key}'] {mark}").first
    drawn.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)
    box = drawn.bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(tab)


@pytest.mark.parametrize("language", WORDS)
def test_every_part_answers_a_click(language, chromium, server):
    title, behind, page_of, scissors, claimed = WORDS[language]
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/leads?lang={language}&period=trailing_12_months")
        expect(tab.locator("h1")).to_have_text(title)

        press(tab, "leads_cards_conversion_open")
        expect(main(tab)).to_contain_text(behind)
        press(tab, "leads_cards_close")
        expect(main(tab)).not_to_contain_text(behind)

        click_mark(tab, "leads_conversion_source", "path.point")
        expect(main(tab)).to_contain_text(behind)
        press(tab, "leads_conversion_source_close")
        tab.locator(".st-key-leads_by button").nth(1).click()  # by campaign
        settled(tab)
        expect(tab.locator("[class*='st-key-leads_conversion_campaign'] .js-plotly-plot").first).to_be_visible()

        click_mark(tab, "leads_cohorts", "g.point path")
        expect(main(tab)).to_contain_text(behind)
        press(tab, "leads_cohorts_close")
        click_mark(tab, "leads_nurture", "g.point path")
        expect(main(tab)).to_contain_text(behind)
        press(tab, "leads_nurture_close")

        expect(main(tab)).to_contain_text(scissors)
        tab.locator(".st-key-leads_scissors_of button").first.click()  # all sources
        settled(tab)
        expect(tab.locator("[class*='st-key-leads_scissors'] .js-plotly-plot").first).to_be_visible()

        tab.locator(".st-key-leads_moves summary").click()
        tab.locator(".st-key-leads_moves_of button", has_text=claimed).first.click()
        settled(tab)
        expect(tab.locator(".st-key-leads_moves canvas").first).to_be_visible()

        links = tab.get_by_role("link", name=re.compile(page_of))
        click_first_row(tab, "leads_orphaned")
        expect(links).to_have_count(1)
        click_first_row(tab, "leads_contested")
        expect(links).to_have_count(2)
        links.last.click()
        tab.wait_for_url(re.compile("account="))
