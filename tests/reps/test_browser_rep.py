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


@pytest.mark.long
def test_the_target_its_pace_and_the_quarters_before(rep, language):
    head = rep.locator(".st-key-page_head")
    expect(head).to_contain_text(re.compile("(Made|On track|Behind): ") if language == "en" else "进度")
    expect(rep.locator(".st-key-rep_bullet")).to_contain_text({"en": "even pace", "zh_CN": "均匀进度"}[language])
    expect(rep.locator(f".st-key-rep_attained {BAR}")).to_have_count(9)  # eight ended, one running
    expect(rep.locator(".st-key-rep_attained")).to_contain_text({"en": "so far", "zh_CN": "至今"}[language])
    swing = {"en": r"Swing [\d.]+%.*8 ended quarters", "zh_CN": r"8 个已结束.*波动 [\d.]+%"}[language]
    expect(main(rep)).to_contain_text(re.compile(swing))


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


@with_subject("profile")
@pytest.mark.long
def test_the_profile_has_its_weights_in_sight_and_a_table_beside_it(rep):
    expect(rep.locator(".st-key-rep_radar .scatterlayer .trace")).to_have_count(2)  # the rep, and the peers' median
    said = main(rep).get_by_text(re.compile("Weighted mean|加权平均")).inner_text()
    weights = re.findall(r"([\d.]+)%", re.split("Weights:|权重：", said)[1])
    assert len(weights) == 8 and sum(map(float, weights)) == pytest.approx(100, abs=0.5)
    rep.locator(".st-key-rep_radar_twin button").click()
    rows = rep.locator("[data-testid=stPopoverBody] [role=gridcell][aria-colindex='1']")
    expect(rows).to_have_count(8)
    expect(rows.first).to_have_text(re.compile("Attainment|达成率"))


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


@with_subject("stage")
@pytest.mark.long
def test_what_the_company_owes_a_rep_stands_beside_what_it_gives(rep, language):
    whole(rep)
    needs = {"en": r": (Building|Steady|Leading) .*Needs (a|early) ", "zh_CN": "：(温饱|小康|富裕)（.*需要"}
    expect(main(rep)).to_contain_text(re.compile(needs[language]))
    given = {
        "en": (
            "New opportunities received",
            "Share of new opportunities",
            "Support hours per open deal",
            "Key accounts owned",
            "Key accounts filled in for",
            "Collaborations across units in 12 months",
        ),
        "zh_CN": (
            "新分得商机数",
            "新商机占比",
            "单个在途商机支撑工时",
            "负责的大客户",
            "补位的大客户",
            "近 12 个月跨单元协同",
        ),
    }[language]
    evidence = cells(rep, {"en": "With the company", "zh_CN": "司龄"}[language])
    expect(evidence).to_have_count(26)  # all 13 lines are in sight, each with its value
    told = evidence.all_inner_texts()
    values = dict(zip(told[::2], told[1::2], strict=True))
    assert all(re.match(r"\d", values[name]) for name in given)
    solutions = cells(rep, {"en": "At least (80 %)", "zh_CN": "至少（80%）"}[language])
    expect(solutions.first).to_have_text(re.compile(r"\S"))
    course = cells(rep, {"en": "As of", "zh_CN": "截至日期"}[language])
    expect(course).to_have_count(18)  # nine days, each with its stage


@pytest.mark.long
def test_the_team_by_stage_with_the_evidence_and_since_when(stages, language):
    pick(stages, "stage_chosen", 2)
    subsistence = {"en": "Building", "zh_CN": "温饱"}[language]
    stage_of = stages.locator(".st-key-stage_reps [role=gridcell][aria-colindex='3']")
    expect(stage_of.first).to_have_text(subsistence)
    assert set(stage_of.all_inner_texts()) == {subsistence}
    since = stages.locator(".st-key-stage_reps [role=gridcell][aria-colindex='4']").first
    expect(since).to_have_text(re.compile(r"^20\d\d-\d\d-\d\d$"))


@pytest.mark.writes
@pytest.mark.long
def test_a_director_publishes_thresholds_and_the_stages_follow(stages, language):
    head = stages.locator(".st-key-page_head")
    before = head.inner_text()
    rules = stages.locator(".st-key-life_stage_rules")
    rules.locator("summary").click()
    field = rules.locator("[class*=st-key-life_stage_comfortable_attainment_] input")
    field.fill({"en": "60", "zh_CN": "70"}[language])
    field.press("Tab")
    reason = rules.locator("[class*=st-key-life_stage_reason_] input")
    reason.fill("A weak year for everybody")
    reason.press("Tab")
    rules.locator(".st-key-life_stage_publish button").click()
    published = {"en": r"Version \d is published\.", "zh_CN": r"第 \d 版已发布"}[language]
    stages.get_by_text(re.compile(published)).wait_for()
    answered(stages)
    stages.wait_for_function("was => document.querySelector('.st-key-page_head').innerText !== was", arg=before)
    expect(rules).to_contain_text("A weak year for everybody")


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
