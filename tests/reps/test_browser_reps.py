"""The page Reps in a real browser: every part of it, in both languages. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    click,
    close_drawer,
    needs_chromium,
    open_named,
    opened,
    pick,
    settled,
    standing,
    tab_on,
)

pytestmark = needs_chromium
BAR = ".bars .point path"


@pytest.fixture
def page(request, language, chromium, server):
    """The page at the tab that the test names."""
    with tab_on(chromium, server) as tab:
        yield opened(tab, f"{server}/reps?period=this_quarter&lang={language}&tab={request.param}")


def at(tab: str):
    return pytest.mark.parametrize("page", [tab], indirect=True)


def main(tab):
    return tab.locator("[data-testid=stMain]")


def figure(tab, key: str):
    return tab.locator(f".st-key-{key} .js-plotly-plot").first


def behind(tab, key: str) -> int:
    """How many activities the panel under a key says there are; they equal the mark's number."""
    panel = tab.locator(f".st-key-{key}_activities")
    expect(panel).to_contain_text(re.compile(r"\d+ (activit|次活动)"))
    expect(panel.locator("[data-testid=stAlert]")).to_have_count(0)  # which would say that they do not add up
    return int(re.search(r"([\d,]+) (?:activit|次活动)", panel.inner_text()).group(1).replace(",", ""))


@at("activity")
@pytest.mark.long
def test_a_click_anywhere_in_a_cell_opens_its_activities_by_rep_team_region_and_stage(page):
    for number, by in enumerate(("rep", "team", "region", "stage")):
        pick(page, "reps_heat_by", number)
        cell = figure(page, f"reps_heat_{by}").locator(BAR).first
        cell.scroll_into_view_if_needed()
        settled(page)
        box = cell.bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.08, box["y"] + box["height"] * 0.9)
        answered(page)
        assert behind(page, f"reps_heat_{by}") > 0
        close_drawer(page)
        expect(page.locator(f".st-key-reps_heat_{by}_activities")).to_have_count(0)


@at("activity")
@pytest.mark.long
def test_the_reps_come_in_pages(page):
    expect(figure(page, "reps_heat_rep")).to_contain_text("北京")
    field = page.locator(".st-key-reps_page input")
    standing(page, field)  # a list that has just opened closes when the page moves
    field.press("ArrowDown")
    page.get_by_role("option").nth(1).click()
    answered(page)
    expect(figure(page, "reps_heat_rep")).not_to_contain_text("北京")
    expect(figure(page, "reps_heat_rep")).to_contain_text("重庆")


@at("activity")
@pytest.mark.long
def test_a_bar_by_kind_and_one_by_source_open_their_activities(page, language):
    of_source = []
    for key in ("reps_kind", "reps_origin"):
        bars = figure(page, key).locator(BAR)
        for number in (0, bars.count() - 1):
            click(page, key, BAR, number)
            of_source.append(behind(page, key))
            close_drawer(page)
    assert all(of_source)
    bare = {"en": "Neither source nor result", "zh_CN": "既无来源也无结果"}[language]
    expect(figure(page, "reps_origin")).to_contain_text(f"{bare}  {of_source[-1]} · ")  # a line of their own


@at("plans")
@pytest.mark.long
def test_what_was_planned_opens_by_what_became_of_it_in_every_group(page, language):
    of = {"en": ("Region", "Team", "Life stage"), "zh_CN": ("区域", "团队", "员工成长阶段")}[language]
    for number, by in enumerate(("region", "team", "stage")):
        pick(page, "reps_compared_by", number)
        counts = []
        for state in range(3 if number == 0 else 1):  # on time, late, overdue, all of which Shanghai has
            click(page, f"reps_plans_{by}", f".bars >> nth={state} >> .point path")
            counts.append(behind(page, f"reps_plans_{by}"))
            close_drawer(page)
        assert all(counts)
        compared = page.locator("[data-testid=stDataFrame]").filter(has=page.get_by_text(of[number], exact=True))
        expect(compared.filter(has_text={"en": "Reps", "zh_CN": "销售人员"}[language]).first).to_be_attached()


@at("everyone")
@pytest.mark.long
def test_a_row_of_the_team_leads_to_the_rep(page):
    open_named(page, "reps_table")
    link = page.locator(".st-key-rep_record [data-testid=stPageLink] a")
    named = link.inner_text()
    link.click()
    page.locator(".st-key-rep_bullet").wait_for()
    assert page.locator("h1").inner_text() in named
    assert re.search("/rep\\?.*rep=R", page.url)


@at("results")
@pytest.mark.long
def test_a_bar_of_who_has_the_most_to_go_opens_what_was_won_and_a_line_leads_to_the_rep(page):
    page.locator(".st-key-reps_to_go .bars >> nth=1 >> .point path").first.wait_for()
    click(page, "reps_to_go", ".bars >> nth=0 >> .point path", 9)  # of the ten, the one with the most to go on top
    panel = page.locator(".st-key-reps_to_go_deals")
    expect(panel).to_contain_text(re.compile(r"\d+ (deal|个商机|笔)"))
    expect(panel.locator("[data-testid=stAlert]")).to_have_count(0)
    close_drawer(page)
    open_named(page, "reps_needs")
    expect(page.locator(".st-key-rep_record [data-testid=stPageLink] a")).to_have_attribute("href", re.compile("rep=R"))
