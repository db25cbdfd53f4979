"""The page Opportunities in a real browser: lines moved and published, a tile opened, a deal judged and undone."""


import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    PATIENCE,
    needs_chromium,
    opened,
    settled,
)

pytestmark = needs_chromium

DEAL = "D003727"  # no value yet; we are even, on a territory that its purchases make ours
expect.set_options(timeout=PATIENCE)


def main(tab):
    return tab.locator("[data-testid=stMain]")


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    settled(tab)


def choose(tab, key: str, name: str) -> None:
    field = tab.locator(f".st-key-{key} input")
    field.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)  # a list that has just opened closes when the page moves
    field.click()
    tab.get_by_role("option").filter(has_text=name).first.click()
    tab.wait_for_timeout(300)


def test_moving_a_line_moves_deals_between_quadrants(page, server):
    opened(page, f"{server}/opportunities?track=large")
    corner = page.locator(".st-key-value_quadrants .js-plotly-plot .textpoint").first
    before = corner.text_content()
    slider = page.locator("[class*=st-key-value_cut_short_term] input[type=range]")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(main(page)).to_contain_text("You are trying other lines, for yourself")
    settled(page)
    assert corner.text_content() != before


@pytest.mark.parametrize(("language", "together"), [("en", "together"), ("zh_CN", "合计")])
def test_a_click_on_a_tile_and_on_a_quadrant_opens_its_deals(language, together, page, server):
    opened(page, f"{server}/opportunities?track=large&lang={language}")
    for figure, mark in (("opening_grid", ".bars .point path"), ("value_quadrants", ".trace.scatter .point")):
        page.locator(f".st-key-{figure} .js-plotly-plot {mark}").first.click(force=True)
        panel = page.locator(f".st-key-{figure}_deals")
        panel.wait_for()
        settled(page)
        assert together in panel.inner_text()
        assert page.locator("[data-testid=stAlert]").count() == 0  # which would say that they do not add up
        press(page, f"{figure}_close")
        panel.wait_for(state="detached")


def test_a_score_is_entered_and_undone(page, server):
    opened(page, f"{server}/opportunities?role=director&track=large&deal={DEAL}")
    editor = page.locator("[class*=st-key-opportunity_score_editor_] [data-testid=stDataFrame]")
    editor.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the canvas is drawn after its element stands
    box = editor.bounding_box()
    for row, score in enumerate("79"):  # the two short-term questions
        page.mouse.click(box["x"] + box["width"] * 0.85, box["y"] + 52 + 35 * row)
        page.keyboard.press(score)
        page.wait_for_timeout(500)  # the editor takes a moment to notice
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
    press(page, f"opportunity_score_save_{DEAL}")
    expect(main(page)).to_contain_text("2 entries saved.")
    expect(main(page)).to_contain_text("Short-term value 8")
    press(page, "opportunity_score_undo")
    expect(main(page)).to_contain_text("Short-term value –")


def test_an_abnormal_opening_is_refused_without_what_changed(page, server):
    opened(page, f"{server}/opportunities?role=manager:west&track=large&deal={DEAL}")
    choose(page, f"opening_position_{DEAL}", "we trail")
    press(page, f"opening_save_{DEAL}")
    expect(main(page)).to_contain_text("What changed? is missing")
    choose(page, f"opening_position_{DEAL}", "we trail")
    page.locator(f".st-key-opening_changed_{DEAL} input").fill("Their new CIO")
    press(page, f"opening_save_{DEAL}")
    expect(main(page)).to_contain_text("1 entry saved.")
    expect(main(page)).to_contain_text("Opening: abnormal: crisis")
    press(page, "opening_undo")
    expect(main(page)).to_contain_text("Opening: problem")


def test_a_row_of_the_list_leads_to_the_deal_and_into_the_address(page, server):
    opened(page, f"{server}/opportunities?role=director&track=large&lang=zh_CN")
    grid = page.locator(".st-key-deals_to_judge canvas").first
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52)  # the box before the first row
    expect(main(page)).to_contain_text("回答五个问题")
    settled(page)
    assert "deal=" in page.url


def test_losses_are_shown_by_competitor(page, server):
    opened(page, f"{server}/opportunities?track=large&period=trailing_12_months")
    page.locator(".st-key-loss_by button", has_text="by competitor").click()
    settled(page)
    expect(main(page)).to_contain_text("To whom are deals lost, and why?")
    page.locator(".st-key-losses_by_competitor .js-plotly-plot .bars .point path").first.click(force=True)
    page.locator(".st-key-losses_by_competitor_deals").wait_for()
    press(page, "qualified_out_open")
    expect(page.locator(".st-key-qualified_out_deals")).to_contain_text("together")


def test_on_a_narrow_screen_nothing_is_wider_than_it(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    tab = opened(context.new_page(), f"{server}/opportunities?role=director&deal={DEAL}")
    assert tab.locator("h1").inner_text() == "商机研判"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_lines_are_published_with_a_reason(page, server):
    opened(page, f"{server}/opportunities?role=director&track=large")
    page.locator(".st-key-opportunity_value_rules summary").click()
    field = page.locator(".st-key-opportunity_value_short_term_0 input")
    field.fill("7")
    press(page, "opportunity_value_publish")
    expect(main(page)).to_contain_text("published with a reason")
    page.locator(".st-key-opportunity_value_reason input").fill("Only what pays now")
    press(page, "opportunity_value_publish")
    expect(main(page)).to_contain_text("Version 1 is published.")
    expect(page.locator("[class*=st-key-value_cut_short_term]")).to_contain_text("7")
