"""The whole product in a real browser: a server process, the demo organisation, Chromium.

A missing Chromium skips these tests with the reason; with CI=true it fails them.
"""

import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    choose,
    close_drawer,
    go_to,
    needs_chromium,
    opened,
    tab_on,
)

pytestmark = needs_chromium


def query(tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.url).query)


def words_above(tab) -> str:
    """What the page says it is looking at."""
    return tab.locator(".st-key-page_head [data-testid=stCaptionContainer]").inner_text()


def narrow(tab, key: str, name: str) -> None:
    """Picks the option that contains the name, in a list of the bar."""
    choose(tab, key, name)
    tab.keyboard.press("Escape")
    answered(tab)


def test_a_card_opens_its_deals_and_a_region_goes_into_the_url_and_along_to_the_pipeline(page, server):
    opened(page, server)
    assert page.locator("h1").inner_text() == "Overview"
    page.locator(".st-key-overview_months .js-plotly-plot").wait_for()

    page.locator(".st-key-cards_won_amount_open button").click()
    panel = page.locator(".st-key-cards_deals")
    panel.wait_for()
    answered(page)
    assert "together" in panel.inner_text()
    assert "do not add up" not in panel.inner_text()
    close_drawer(page)

    everywhere = words_above(page)
    narrow(page, "f_regions", "华东")
    [region] = query(page)["region"]
    assert "华东" in words_above(page)

    go_to(page, "Pipeline", "Pipeline")
    assert urlsplit(page.url).path == "/pipeline"
    assert query(page)["region"] == [region]  # the filter goes along
    assert page.locator("[data-testid=stException]").count() == 0

    page.mouse.wheel(0, 2_000)
    page.wait_for_function("() => document.querySelector('h1').getBoundingClientRect().bottom < 0")
    expect(page.locator(".st-key-f_regions")).to_be_in_viewport()  # the bar stays in sight
    assert page.get_by_role("dialog").count() == 0  # and no menu stays open

    page.go_back()
    page.wait_for_selector("h1:has-text('Overview')")
    answered(page)
    assert query(page)["region"] == [region]
    assert "华东" in words_above(page)

    page.go_back()
    answered(page)
    page.wait_for_function("() => !location.search.includes('region')")
    page.locator(".st-key-page_head", has_text=everywhere).wait_for()

    page.go_forward()
    answered(page)
    page.locator(".st-key-page_head", has_text="华东").wait_for()
    assert query(page)["region"] == [region]


@pytest.mark.long
def test_a_pasted_url_shows_the_same_view(page, server, chromium):
    opened(page, server)
    narrow(page, "f_regions", "华东")
    narrow(page, "f_period", "Last quarter")
    shown = words_above(page)

    with tab_on(chromium, server) as other:
        assert words_above(opened(other, page.url)) == shown


def test_a_click_on_a_funnel_bar_opens_its_deals(page, server):
    opened(page, f"{server}/pipeline?period=trailing_12_months")
    bar = page.locator(".st-key-pipeline_funnel .js-plotly-plot .bars .point path").first
    bar.click(force=True)
    panel = page.locator("[class*='_deals']").first
    panel.wait_for()
    answered(page)
    assert "together" in panel.inner_text()
    assert "do not add up" not in page.locator("[data-testid=stMain]").inner_text()


@pytest.mark.long
def test_nonsense_in_the_url_is_said_and_left_aside_unless_it_would_widen_what_is_shown(page, server):
    page.goto(f"{server}/?region=atlantis&period=tomorrow&as_of=yesterday")
    notice = page.locator("[data-testid=stAlert]").first
    expect(notice).to_contain_text("This cannot be shown.")
    expect(notice).to_contain_text("region=atlantis")
    page.locator(".st-key-without_it button").click()
    page.locator(".st-key-page_head").wait_for()
    opened(page, f"{server}/?period=tomorrow&as_of=yesterday")
    said = page.locator("[data-testid=stAlert]").first.inner_text()
    assert "period=tomorrow" in said and "as_of=yesterday" in said
    assert "All regions" in words_above(page)


def test_chinese_on_a_narrow_screen_is_whole(chromium, server):
    with tab_on(chromium, server, 390, 844, "zh-CN") as tab:
        opened(tab, server)
        assert tab.locator("h1").inner_text() == "总览"
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        bar = tab.locator(".st-key-filter_bar").bounding_box()
        assert bar["y"] + bar["height"] < 100  # one row of menus, one of filters


def test_every_answer_carries_the_content_policy(server):
    with urllib.request.urlopen(server) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "'unsafe-inline'" not in policy.split("style-src")[0]
    with urllib.request.urlopen(f"{server}/health") as answer:
        assert answer.status == 200


def test_a_tab_that_moved_to_another_page_is_found_there(server):
    with urllib.request.urlopen(f"{server}/leads?track=large&tab=accounts") as answer:
        assert answer.url == f"{server}/key_accounts?track=large&tab=slipping"


@pytest.mark.long
def test_the_overview_is_found_under_its_own_name_with_its_filters(page, server):
    opened(page, f"{server}/overview?track=large")
    assert page.get_by_text("Page not found").count() == 0
    assert "Large projects" in words_above(page)
    page.locator(".st-key-more_filters button").click()
    narrow(page, "f_track", "Fast lane")
    assert query(page)["track"] == ["fast"]
    page.locator(".st-key-without_f_track button").click()
    answered(page)
    assert "track" not in query(page)
