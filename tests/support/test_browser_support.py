"""The page Support resources in a real browser: every mark and switch, in both languages. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    click,
    close_drawer,
    needs_chromium,
    opened,
    pick,
    settled,
    tab_on,
)

pytestmark = needs_chromium


@pytest.fixture
def page(request, language, chromium, server):
    """The page in either language, on the tab a test asks for; its text is looked for by numbers and keys."""
    subject = getattr(request, "param", "load")
    with tab_on(chromium, server) as tab:
        yield opened(tab, f"{server}/support?role=executive&lang={language}&tab={subject}")


def has_rows(tab, key: str, number: int) -> None:
    """The figure comes to have so many named rows."""
    expect(tab.locator(f".st-key-{key} .js-plotly-plot .ytick text")).to_have_count(number)


@pytest.mark.long
def test_a_cell_of_the_map_opens_its_bookings(page):
    click(page, "support_heat", ".bars .point path")
    panel = page.locator(".st-key-support_heat_bookings")
    expect(panel).to_contain_text(re.compile(r"\d+ (bookings?, together|条排期，合计)"))
    expect(panel.locator("[data-testid=stAlert]")).to_have_count(0)  # which would say that they do not add up
    close_drawer(page)


@pytest.mark.parametrize("by", ["kind", "region"])
@pytest.mark.parametrize("page", ["short"], indirect=True)
@pytest.mark.long
def test_a_bar_opens_the_bookings_of_its_kind_or_region(by, page):
    click(page, f"support_by_{by}", ".bars .point path")
    panel = page.locator(f".st-key-support_by_{by}_bookings")
    expect(panel.locator("[data-testid=stDataFrame]")).to_be_visible()
    expect(panel.locator("[data-testid=stAlert]")).to_have_count(0)
    close_drawer(page)


@pytest.mark.parametrize("page", ["queue"], indirect=True)
@pytest.mark.long
def test_the_coming_weeks_open_bookings_and_requests_and_narrow_to_a_kind(page):
    figure = ".st-key-support_coming .js-plotly-plot .barlayer .trace"
    page.locator(".st-key-support_coming .js-plotly-plot").scroll_into_view_if_needed()
    settled(page)
    page.locator(figure).nth(0).locator(".point path").first.click(force=True)
    answered(page)
    expect(page.locator(".st-key-support_coming_bookings [data-testid=stDataFrame]")).to_be_visible()
    expect(page.locator(".st-key-support_coming_bookings [data-testid=stAlert]")).to_have_count(0)
    close_drawer(page)
    page.locator(figure).nth(1).locator(".point path").first.click(force=True)
    answered(page)
    expect(page.locator(".st-key-support_coming_requests [data-testid=stDataFrame]")).to_be_visible()
    close_drawer(page)
    before = page.locator(".st-key-support_coming").inner_text()
    pick(page, "support_coming_kind", 0)
    expect(page.locator(".st-key-support_coming")).not_to_have_text(before)


@pytest.mark.parametrize("page", ["worth"], indirect=True)
@pytest.mark.long
def test_a_dot_opens_its_deal(page):
    click(page, "support_worth", ".scatterlayer .trace:nth-child(2) .point")
    expect(page.locator(".st-key-support_worth_deal [data-testid=stDataFrame]")).to_be_visible()
    close_drawer(page)
