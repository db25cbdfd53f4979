"""The page Reps in a real browser: every part of it, in both languages. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    cells,
    click,
    close_drawer,
    english_left,
    needs_chromium,
    open_named,
    opened,
    pick,
    settled,
    standing,
    tab_on,
    whole,
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
        for state in range(3):  # on time, late, overdue: Shanghai, its manager, and those furthest have all three
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
def test_results_show_their_cases_and_claim_no_cause(page, language):
    for key in ("reps_beside", "reps_swing"):
        expect(figure(page, key).locator(".scatterlayer .point").first).to_be_visible()
    no_cause = {
        "en": r"\d+ reps with a target\. That two things go together says nothing",
        "zh_CN": r"有目标的销售人员 \d+ 位。两者相伴并不说明因果",
    }
    expect(main(page)).to_contain_text(re.compile(no_cause[language]))
    expect(figure(page, "reps_ramp").locator(".scatterlayer .trace")).to_have_count(3)  # a curve per year of hiring
    expect(figure(page, "reps_ramp")).to_contain_text(re.compile(r"20\d\d ?[(（]\d+[)）]"))


@at("silence")
@pytest.mark.long
def test_key_accounts_gone_silent_and_leads_kept_waiting_are_named(page, language):
    whole(page)
    said = {
        "en": r"(\d+) of (\d+) key accounts had no two-way contact for more than 30 days",
        "zh_CN": r"(\d+) 个大客户中，(\d+) 个超过 30 天没有双向互动",
    }[language]
    expect(main(page)).to_contain_text(re.compile(said))
    quiet, of = sorted(map(int, re.search(said, main(page).inner_text()).groups()))
    assert 0 < quiet < of
    longest = cells(page, {"en": "Touches in the period", "zh_CN": "期间活动数"}[language]).nth(4)  # days of silence
    expect(longest).to_have_text(re.compile(r"^\d+$"))
    assert int(longest.inner_text()) > 30
    expect(figure(page, "leads_response").locator(".scatterlayer .trace").first).to_be_visible()
    half = {"en": r"Half of the leads are answered after \d+ days", "zh_CN": r"一半线索在 \d+ 天内得到响应"}
    expect(main(page)).to_contain_text(re.compile(half[language]))


@at("credit")
@pytest.mark.long
def test_credit_changes_hands_and_both_rules_have_one_sum(page):
    totals = []
    for what, rules in ((0, (0, 1)), (1, (0,))):  # activities to the owner then or now, won deals to the owner today
        pick(page, "reps_credit_of", what)
        for rule in rules:
            pick(page, "reps_credit_rule", rule)
            note = main(page).get_by_text(re.compile("Both add up to|两种口径合计均为")).inner_text()
            totals.append(re.search(r"(?:add up to|合计均为) (¥?[\d,.]*\d)[.。]", note).group(1))
            moved = re.search(r"(¥?[\d,.]*\d) (?:would change|会换)", note).group(1)
            assert what or moved != "0"
    assert totals[0] == totals[1] and totals[2].startswith("¥")
    done = page.locator(".st-key-cards_reps_completed")
    assert totals[0] in done.inner_text()


@pytest.mark.long
def test_a_manager_sees_the_own_region_alone(language, chromium, server):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/reps?period=this_quarter&role=manager:south&lang={language}&tab=activity")
        heat = figure(tab, "reps_heat_rep")
        expect(heat).to_contain_text("深圳")
        expect(heat).not_to_contain_text("北京")
        click(tab, "reps_heat_rep", BAR)
        assert behind(tab, "reps_heat_rep") > 0


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


@pytest.mark.parametrize("language", ["zh_CN"])
@at("results")
@pytest.mark.long
def test_nothing_english_is_left_in_chinese(page, language):
    tabs = page.locator(".st-key-tabs button")
    for number in range(tabs.count()):
        pick(page, "tabs", number)
        whole(page)
        assert english_left(page) == []
