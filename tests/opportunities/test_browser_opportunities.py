"""The page Opportunities in a real browser, in both languages: lines moved and published, a tile opened, a deal judged
and undone; losses."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    choose,
    click_name,
    click_row,
    close_drawer,
    needs_chromium,
    opened,
    score,
)

pytestmark = needs_chromium

DEAL = "D003727"  # no value yet; we are even, on a territory that its purchases make ours


def show(tab, server: str, language: str, address: str):
    return opened(tab, f"{server}/opportunities?lang={language}&{address}")


def say(language: str, english, chinese):
    return english if language == "en" else chinese


def main(tab):
    return tab.locator("[data-testid=stMain]")


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    answered(tab)


@pytest.mark.long
def test_a_click_on_a_tile_and_on_a_quadrant_opens_its_deals(page, server, language):
    show(page, server, language, "track=large")
    for figure, mark in (("opening_grid", ".bars .point path"), ("value_quadrants", ".trace.scatter .point")):
        page.locator(f".st-key-{figure} .js-plotly-plot {mark}").first.click(force=True)
        panel = page.locator(f".st-key-{figure}_deals")
        panel.wait_for()
        answered(page)
        assert say(language, "together", "合计") in panel.inner_text()
        assert page.locator("[data-testid=stAlert]").count() == 0  # which would say that they do not add up
        close_drawer(page)


@pytest.mark.writes
@pytest.mark.long
def test_a_score_is_entered_and_undone_and_the_history_keeps_it(page, server, language):
    show(page, server, language, f"role=director&track=large&deal={DEAL}")
    editor = page.locator("[class*=st-key-opportunity_score_editor_] [data-testid=stDataFrame]")
    score(page, editor, 0, "7")  # the two short-term questions
    score(page, editor, 1, "9")
    press(page, f"opportunity_score_save_{DEAL}")
    expect(main(page)).to_contain_text(say(language, "2 entries saved.", "已保存 2 条记录"))
    value = say(language, "Short-term value", "短期价值")
    expect(main(page)).to_contain_text(re.compile(rf"{value} ?8"))
    press(page, "opportunity_score_undo")
    expect(main(page)).to_contain_text(re.compile(rf"{value} ?–"))
    page.locator(".st-key-opportunity_score_history_of summary").click()
    taken_back = page.locator(".st-key-opportunity_score_history_of canvas td").filter(
        has_text=say(language, "taken back", "已撤销")
    )
    expect(taken_back.first).to_be_attached()


@pytest.mark.writes
@pytest.mark.long
def test_an_abnormal_opening_is_refused_without_what_changed(page, server, language):
    show(page, server, language, f"role=manager:west&track=large&deal={DEAL}")
    behind = say(language, "we trail", "落后")
    choose(page, f"opening_position_{DEAL}", behind)
    press(page, f"opening_save_{DEAL}")
    expect(main(page)).to_contain_text(say(language, "What changed? is missing", "发生了什么变化？未填"))
    choose(page, f"opening_position_{DEAL}", behind)
    page.locator(f".st-key-opening_changed_{DEAL} input").fill("Their new CIO")
    press(page, f"opening_save_{DEAL}")
    expect(main(page)).to_contain_text(say(language, "1 entry saved.", "已保存 1 条记录"))
    expect(main(page)).to_contain_text(say(language, "Opening: abnormal: crisis", "开局：不正常：危机"))
    press(page, "opening_undo")
    expect(main(page)).to_contain_text(say(language, "Opening: problem", "开局：问题"))


@pytest.mark.long
def test_a_row_of_the_list_leads_to_the_deal_and_into_the_address(page, server, language):
    show(page, server, language, "role=director&track=large")
    click_name(page, "deals_to_score")
    expect(main(page)).to_contain_text(say(language, "Answer the five questions", "回答五个问题"))
    expect(page).to_have_url(re.compile("deal="))


@pytest.mark.long
def test_losses_open_by_reason_region_and_competitor_and_qualified_out_apart(page, server, language):
    show(page, server, language, "track=large&period=trailing_12_months&tab=losses")
    expect(main(page)).to_contain_text(say(language, "relationship or support was not in place", "关系或支撑不到位"))
    for key in ("loss_reasons", "losses_by_region", "losses_by_competitor"):
        if key == "losses_by_competitor":
            page.locator(".st-key-loss_by button", has_text=say(language, "by competitor", "按竞争对手")).click()
            answered(page)
            expect(main(page)).to_contain_text(say(language, "To whom are deals lost, and why?", "丢给了谁，为什么？"))
        page.locator(f".st-key-{key} .js-plotly-plot .bars .point path").first.click(force=True)
        expect(page.locator(f".st-key-{key}_deals")).to_contain_text(say(language, "together", "合计"))
        close_drawer(page)
    press(page, "qualified_out_open")
    expect(page.locator(".st-key-qualified_out_deals")).to_contain_text(say(language, "together", "合计"))


@pytest.mark.long
def test_key_actions_narrow_to_one_and_a_stop_loss_shows_its_sum(page, server, language):
    show(page, server, language, "track=large&tab=actions")
    beside = page.locator("[data-testid=stHorizontalBlock]", has=page.locator(".st-key-key_actions_open")).last
    missing = beside.locator("[data-testid=stColumn]").nth(1).locator("canvas").first
    missing.scroll_into_view_if_needed()
    actions = missing.locator("td:nth-child(2)")
    expect(actions.nth(1)).to_be_attached()
    assert len({*actions.all_text_contents()}) > 1
    click_row(page, "key_actions_open")
    page.wait_for_timeout(500)  # the canvas is drawn after its element stands
    assert len({*actions.all_text_contents()}) == 1
    expect(main(page)).to_contain_text(say(language, "no difference in winning shown", "未显示差异"))
    show(page, server, language, "track=large&tab=stop")
    click_row(page, "stop_loss")
    said = page.locator(".st-key-stop_loss_sum")
    expect(said).to_contain_text(say(language, "less than was spent", "比已投入少"))
    cost, expected = (float(amount.replace(",", "")) for amount in sums_in(said.inner_text()))
    assert cost > expected


def sums_in(text: str) -> tuple[str, str]:
    """What a deal has cost, and what it can still be expected to return."""
    found = re.search(r"(?:together|合计) ?¥([\d,.]+\d).*(?:leaves|预期) ?¥([\d,.]+\d)", text)
    return found.group(1), found.group(2)
