"""A rep's page and the page Life stage in a real browser, every part of both in both languages: soft metrics entered
and taken back, thresholds published, marks and rows that open what is behind them. See test_browser.py."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    cells,
    click,
    click_row,
    close_drawer,
    english_left,
    needs_chromium,
    open_named,
    opened,
    pick,
    score,
    settled,
    tab_on,
    whole,
)

pytestmark = needs_chromium

REP = "R0012"
BAR = ".bars .point path"


@pytest.fixture
def rep(page, server, language, request):
    """A rep's page, as the manager of the rep's region sees it, with a subject open."""
    subject = getattr(request, "param", "target")
    return opened(page, f"{server}/rep?rep={REP}&role=manager:south&lang={language}&tab={subject}")


def with_subject(subject: str):
    """The page of a rep with this subject open."""
    return pytest.mark.parametrize("rep", [subject], indirect=True)


@pytest.fixture
def stages(page, server, language, request):
    """The page Life stage, as a director sees it, with a subject open."""
    subject = getattr(request, "param", "moves")
    return opened(page, f"{server}/life_stage?role=director&lang={language}&tab={subject}")


def main(tab):
    return tab.locator("[data-testid=stMain]")


@pytest.mark.long
def test_a_rep_is_opened_from_the_team_and_leads_to_a_silent_account(page, server, language):
    opened(page, f"{server}/life_stage?role=manager:south&lang={language}")
    click_row(page, "stage_reps")
    why = page.locator(".st-key-stage_why")
    expect(why).to_contain_text({"en": "from repeat customers", "zh_CN": "来自老客户复购"}[language])
    why.locator("a").click()
    page.locator(".st-key-rep_stages").wait_for()
    answered(page)
    query = parse_qs(urlsplit(page.url).query)
    assert query["rep"][0].startswith("R") and query["role"] == ["manager:south"]
    pick(page, "tabs", 1)
    owned = {"en": r"\d+ accounts owned, \d+ silent for more than 90", "zh_CN": r"负责 \d+ 个客户，其中 \d+ 个静默"}
    expect(main(page)).to_contain_text(re.compile(owned[language]))
    open_named(page, "rep_accounts")
    link = page.locator(".st-key-account_record [data-testid=stPageLink] a")
    named = link.inner_text()
    link.click()
    page.locator(".st-key-tab_row").wait_for()
    answered(page)
    assert page.locator("h1").inner_text() in named
    assert "rep" not in parse_qs(urlsplit(page.url).query)


@with_subject("accounts")
@pytest.mark.long
def test_a_bar_opens_the_deals_of_its_stage_and_a_square_the_activities_of_its_day(rep):
    click(rep, "rep_stages", BAR)
    panel = rep.locator(".st-key-rep_stages_deals")
    expect(panel).to_contain_text(re.compile(r"\d+ (deals?, together|个商机，合计)"))
    expect(panel.locator("[data-testid=stAlert]")).to_have_count(0)  # which would say that they do not add up
    close_drawer(rep)
    squares = rep.locator(f".st-key-rep_calendar {BAR}")
    click(rep, "rep_calendar", BAR, squares.count() - 5)  # the Tuesday before the last of the data, a Saturday
    expect(rep.locator(".st-key-rep_day")).to_contain_text(re.compile(r"17 Nov.*: [1-9].*activit|11月17日：完成 [1-9]"))


@pytest.mark.writes
@with_subject("profile")
@pytest.mark.long
def test_a_manager_enters_a_soft_metric_and_takes_it_back(rep, language):
    editor = rep.locator("[class*=st-key-rep_score_editor_] [data-testid=stDataFrame]")
    score(rep, editor, 0, "9")  # innovation
    rep.locator(f".st-key-rep_score_save_{REP} button").click()
    rep.locator(".st-key-rep_score_saved").wait_for()
    answered(rep)
    history = rep.locator(".st-key-rep_score_history_of")
    history.locator("summary").click()
    newest = history.locator("tbody tr").first
    innovation, holds, taken_back = {
        "en": ("Innovation", "holds", "taken back"),
        "zh_CN": ("创新", "现行", "已撤销"),
    }[language]
    expect(newest).to_contain_text(re.compile(f"{innovation}.*{holds}"))
    rep.locator(".st-key-rep_score_undo button").first.click()  # the second is its help's
    answered(rep)
    if not history.locator("details[open]").count():  # what stood above it is gone: it may be drawn anew
        history.locator("summary").click()
    expect(newest).to_contain_text(taken_back)


@pytest.mark.long
def test_the_moves_of_two_years_and_the_reps_behind_a_bar(stages, language):
    bars = stages.locator(f".st-key-stages_over_time {BAR}")
    expect(bars.first).to_be_attached()
    heights = bars.evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    click(stages, "stages_over_time", BAR, next(at for at, height in enumerate(heights) if height > 5))
    of_stage = {"en": "Leading|Steady|Building", "zh_CN": "富裕|小康|温饱"}[language]
    expect(stages.locator(".st-key-stage_reps_of")).to_contain_text(re.compile(of_stage))
    whole(stages)
    directions = cells(stages, {"en": "Direction", "zh_CN": "方向"}[language])
    expect(directions.nth(4)).to_have_text(re.compile("^(up|down|上升|下降)$"))
    kept = cells(stages, "From ↓ to →" if language == "en" else "从 ↓ 到 →")
    expect(kept.nth(1)).to_have_text(re.compile(r"^\d+$"))


@pytest.mark.parametrize("stages", ["given"], indirect=True)
@pytest.mark.long
def test_what_is_given_by_stage_tenure_and_region_with_the_reps_behind_a_bar(stages):
    titles = set()
    for number in range(3):
        pick(stages, "given_by", number)
        titles.add(stages.locator(".st-key-given_by_group").inner_text())
        click(stages, "given_by_group", BAR)
        expect(stages.locator(".st-key-given_reps [role=gridcell]").first).to_have_text(re.compile(r"\S"))
    assert len(titles) == 3
    measures = set()
    for number in (1, 2, 3, 4, 0):  # leads, support, key accounts, help across units; new deals stand there first
        stages.locator(".st-key-given_measure input").click()
        stages.get_by_role("option").nth(number).click()
        answered(stages)
        measures.add(main(stages).get_by_text(re.compile("^(Who gets how much: |谁得到多少：)")).inner_text())
    assert len(measures) == 5
    pick(stages, "tabs", 2)
    expect(main(stages)).to_contain_text(re.compile(r"(Building reps get|温饱阶段销售得到的是).* [\d.]+×"))


@pytest.mark.long  # for every commit one page is tried so, the Overview: see test_browser
@pytest.mark.parametrize("path", [f"/rep?rep={REP}", "/life_stage?role=director", "/rep"])
def test_chinese_is_whole_on_a_wide_screen_and_on_a_narrow_one(path, chromium, server):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}{path}{'&' if '?' in path else '?'}lang=zh_CN")
        whole(tab)
        expect(tab.locator("[role=gridcell]").first).not_to_be_empty()
        tab.wait_for_timeout(1_000)  # until the last table is drawn
        assert english_left(tab) == []
        tab.set_viewport_size({"width": 390, "height": 844})
        settled(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
