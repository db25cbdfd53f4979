"""The page Reps in a real browser: every part of it, in both languages. See test_browser.py."""

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

MISCOUNTED = re.compile("do not add up|不一致|不符")


@pytest.fixture
def page(chromium, server):
    with tab_on(chromium, server) as tab:
        yield opened(tab, f"{server}/reps?period=this_quarter")


def main(tab):
    return tab.locator("[data-testid=stMain]")


def figure(tab, key: str):
    return tab.locator(f".st-key-{key} .js-plotly-plot").first


def switch(tab, key: str, name: str) -> None:
    tab.locator(f".st-key-{key} button", has_text=name).first.click()
    settled(tab)


def behind(tab, key: str) -> int:
    """How many activities the panel under a key says there are; they equal the mark's number."""
    panel = tab.locator(f".st-key-{key}_activities")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text(re.compile(r"\d+ (activit|次活动)"))
    assert not MISCOUNTED.search(panel.inner_text())
    return int(re.search(r"([\d,]+) (?:activit|次活动)", panel.inner_text()).group(1).replace(",", ""))


def test_a_cell_of_the_heat_map_opens_its_activities_by_rep_team_region_and_stage(page):
    for by, name in (("rep", "Rep"), ("team", "Team"), ("region", "Region"), ("stage", "Life stage")):
        switch(page, "reps_heat_by", name)
        cell = figure(page, f"reps_heat_{by}").locator(".scatterlayer .point").first
        cell.click(force=True)
        settled(page)
        assert behind(page, f"reps_heat_{by}") > 0
        page.locator(f".st-key-reps_heat_{by}_close button").click()
        settled(page)
        expect(page.locator(f".st-key-reps_heat_{by}_activities")).to_have_count(0)


def test_the_reps_come_in_pages(page):
    expect(figure(page, "reps_heat_rep")).to_contain_text("Beijing")
    page.locator(".st-key-reps_page input").click()
    page.get_by_role("option").nth(1).click()
    settled(page)
    expect(figure(page, "reps_heat_rep")).not_to_contain_text("Beijing")
    expect(figure(page, "reps_heat_rep")).to_contain_text("Chongqing")


def test_a_bar_opens_its_activities(page):
    for key in ("reps_kind", "reps_origin"):
        bars = figure(page, key).locator(".bars .point path")
        bars.last.click(force=True)
        settled(page)
        assert behind(page, key) > 0
    expect(figure(page, "reps_origin")).to_contain_text("Neither source nor result")


def test_plans_open_and_groups_change(page):
    for by, name in (("region", "Region"), ("team", "Team"), ("stage", "Life stage")):
        switch(page, "reps_compared_by", name)
        figure(page, f"reps_plans_{by}").locator(".bars .point path").first.click(force=True)
        settled(page)
        assert behind(page, f"reps_plans_{by}") > 0


def test_a_row_of_the_team_leads_to_the_rep(page):
    grid = page.locator(".st-key-reps_table canvas").first
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)  # the figures above it take their room
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52)  # the box before the first row
    settled(page)
    link = page.get_by_role("link", name=re.compile("Open the page of"))
    name = link.inner_text().removeprefix("Open the page of ")
    link.click()
    expect(page.locator("h1")).to_contain_text(name)
    assert re.search("/rep\\?.*rep=R", page.url)


def test_results_show_their_cases_and_claim_no_cause(page):
    for key in ("reps_beside", "reps_swing"):
        expect(figure(page, key).locator(".scatterlayer .point").first).to_be_visible()
    expect(main(page)).to_contain_text(re.compile(r"\d+ reps with a target\. That two things go together says nothing"))
    expect(figure(page, "reps_ramp")).to_contain_text(re.compile(r"20\d\d \(\d+\)"))
    expect(main(page)).to_contain_text("key accounts had no two-way contact")
    expect(figure(page, "leads_response")).to_be_visible()


def test_credit_changes_hands_and_both_rules_have_one_sum(page):
    totals = []
    for what, rules in (("Completed activities", ("then", "now")), ("Won", ("today",))):
        switch(page, "reps_credit_of", what)
        for rule in rules:
            switch(page, "reps_credit_rule", rule)
            note = main(page).get_by_text("Both add up to").inner_text()
            totals.append(re.search(r"add up to (\S+)\. ", note).group(1))
    assert totals[0] == totals[1] and totals[2].startswith("¥")


def test_a_manager_sees_the_own_region_in_chinese(chromium, server):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/reps?period=this_quarter&role=manager:south&lang=zh_CN")
        expect(tab.locator(".st-key-page_head")).to_contain_text("位销售人员完成")
        heat = figure(tab, "reps_heat_rep")
        expect(heat).to_contain_text("Shenzhen")
        expect(heat).not_to_contain_text("Beijing")
        heat.locator(".scatterlayer .point").first.click(force=True)
        settled(tab)
        assert behind(tab, "reps_heat_rep") > 0
        for title in ("谁在什么时候活跃", "活动从哪里来", "每位销售人员", "新人上手有多快", "业绩归属"):
            expect(main(tab)).to_contain_text(title)
