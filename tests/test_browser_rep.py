"""A rep's page and the page Life stage in a real browser: a manager enters a soft metric and takes it back, a director
publishes thresholds, marks and rows open what is behind them; in both languages."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser_fixtures import (
    PATIENCE,
    needs_chromium,
    opened,
    settled,
)

pytestmark = needs_chromium

REP = "R0012"
expect.set_options(timeout=PATIENCE)


def tick_row(page, key: str, row: int = 0) -> None:
    """Ticks the box before a row of a table."""
    grid = page.locator(f".st-key-{key} canvas").first
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the canvas is drawn after its element stands
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52 + 35 * row)
    settled(page)


def test_a_rep_is_opened_from_the_team_and_leads_to_an_account(page, server):
    opened(page, f"{server}/life_stage?role=manager:south")
    tick_row(page, "stage_reps")
    why = page.locator(".st-key-stage_why")
    expect(why).to_contain_text("from repeat customers")
    why.locator("a").click()
    page.locator(".st-key-rep_radar").wait_for()
    settled(page)
    query = parse_qs(urlsplit(page.url).query)
    assert query["rep"][0].startswith("R") and query["role"] == ["manager:south"]
    tick_row(page, "rep_accounts")
    page.get_by_text("Open the page of").click()
    page.locator(".st-key-account_tabs").wait_for()
    settled(page)
    assert "rep" not in parse_qs(urlsplit(page.url).query)


def test_marks_of_a_rep_open_the_deals_and_activities_behind_them(page, server):
    opened(page, f"{server}/rep?rep={REP}")
    page.locator(".st-key-rep_stages .barlayer path").first.click(force=True)
    settled(page)
    panel = page.locator(".st-key-rep_stages_deals")
    expect(panel).to_contain_text("Deals behind")
    assert panel.get_by_text("do not add up").count() == 0
    squares = page.locator(".st-key-rep_calendar .scatterlayer .point")
    squares.nth(squares.count() - 2).click(force=True)  # Friday, the day before the last of the data
    settled(page)
    expect(page.locator(".st-key-rep_day")).to_contain_text("completed")


def test_a_manager_enters_a_soft_metric_and_takes_it_back(page, server):
    opened(page, f"{server}/rep?rep={REP}&role=manager:south")
    editor = page.locator("[class*=st-key-rep_score_editor_] [data-testid=stDataFrame]")
    editor.scroll_into_view_if_needed()
    page.wait_for_timeout(1_500)  # the figures above find their height, then the canvas is drawn
    box = editor.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.85, box["y"] + 52)  # innovation, new score
    page.keyboard.press("9")
    page.locator("#portal input").wait_for()  # the cell is open
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    page.locator(f".st-key-rep_score_save_{REP} button").click()
    page.get_by_text("1 entry saved.").wait_for()
    settled(page)
    history = page.locator("[data-testid=stExpander]", has_text="History")
    history.locator("summary").click()
    newest = history.locator("tbody tr").first
    expect(newest).to_contain_text("Innovation")
    expect(newest).to_contain_text("holds")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    if not history.locator("details[open]").count():  # what stood above it is gone: it may be drawn anew
        history.locator("summary").click()
    expect(newest).to_contain_text("taken back")


def test_a_director_publishes_thresholds_and_the_stages_follow(page, server):
    opened(page, f"{server}/life_stage?role=director")
    head = page.locator(".st-key-page_head")
    before = head.inner_text()
    rules = page.locator(".st-key-life_stage_rules")
    rules.locator("summary").click()
    field = page.locator("[class*=st-key-life_stage_comfortable_attainment_] input")
    field.fill("60")
    field.press("Tab")
    reason = page.locator(".st-key-life_stage_reason input")
    reason.fill("A weak year for everybody")
    reason.press("Tab")
    page.locator(".st-key-life_stage_publish button").click()
    page.get_by_text("Version 1 is published.").wait_for()
    settled(page)
    page.wait_for_function("before => document.querySelector('.st-key-page_head').innerText !== before", arg=before)


def test_stages_over_time_and_what_is_given_open_the_reps_behind_a_bar(page, server):
    opened(page, f"{server}/life_stage?role=executive&lang=zh_CN")
    page.locator(".st-key-stages_over_time .barlayer path").first.click(force=True)
    settled(page)
    expect(page.locator(".st-key-stage_reps_of")).to_contain_text("富裕")
    page.locator(".st-key-given_by").get_by_text("司龄").click()
    settled(page)
    page.locator(".st-key-given_by_group .barlayer path").first.click(force=True)
    settled(page)
    page.locator(".st-key-given_reps").wait_for()
    expect(page.get_by_text("的单个在跟商机支撑工时 ÷", exact=False).first).to_be_visible()


def test_chinese_on_a_narrow_screen_is_whole(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    tab = opened(context.new_page(), f"{server}/rep?rep={REP}")
    expect(tab.get_by_text("哪些方面领先同伴", exact=False)).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    opened(tab, f"{server}/life_stage")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
