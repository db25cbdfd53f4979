"""What stands behind a mark is found again by the mark's name, and only while the page has such a mark."""

from datetime import date

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.frame import parts
from dashboard.sections import drill
from tests.browser_fixtures import Talk, click, close_drawer, needs_chromium, opened as opened_in, settled
from tests.pages import behind, opened, said

BRIDGE = 'pipeline_bridge:["{}"]'


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_an_address_opens_the_deals_of_a_mark_and_nothing_where_there_is_none(shown_from):
    app = opened("pipeline.py", tab="movement", open=BRIDGE.format("closing"))
    deals = behind(app).value
    assert len(deals) > 100 and app.warning == []  # which would say that they do not add up
    app.session_state["open"] = BRIDGE.format("won")
    app.run()
    assert 0 < len(behind(app).value) < len(deals) and app.warning == []
    app.session_state["open"] = f"deal:{deals['opportunity_id'].iloc[0]}"
    app.run()
    assert "How long was it in each stage?" in said(app)
    app.session_state["open"] = "deal:nobody"
    app.run()
    assert "There is no deal nobody that you may see." in said(app)
    app.session_state["open"] = BRIDGE.format("nobody")
    app.run()
    assert not app.get("dialog") and app.session_state["open"] is None and not app.exception


def test_every_mark_of_a_figure_is_found_by_the_name_that_a_click_on_it_gives():
    marks = [["大项目", None], ["a:b", 7], [1.5, 2.0], [np.int64(3), date(2026, 11, 1)], [None, True]]
    sent = [["大项目", None], ["a:b", 7], [1.5, 2], [3, "2026-11-01"], [None, True]]  # by the browser
    traces = [go.Bar(x=[1, 2, 3], customdata=marks[:3]), go.Bar(x=[1]), go.Bar(x=[1, 2], customdata=marks[3:])]
    figure = go.Figure(traces)
    names = [parts.name_of_mark(data) for data in sent]
    assert [drill.named(figure, name) for name in names] == sent and len(set(names)) == len(names)
    assert [drill.named(figure, name) for name in (None, "", "[]", '["大项目"]', "[")] == [None] * 5
    assert drill.named(go.Figure(), names[0]) is None


@needs_chromium
@pytest.mark.long
def test_a_mark_of_a_part_drawn_alone_opens_and_closes_in_one_question_each_and_a_reload_opens_it_again(page, server):
    opened_in(page, f"{server}/pipeline")
    talk, drawer = Talk.of[page], page.get_by_role("dialog")
    asked = talk.asked
    click(page, "pipeline_funnel", ".point path", 1)
    drawer.locator("canvas").first.wait_for()
    assert talk.asked == asked + 1 and "open=pipeline_funnel" in page.url
    page.reload()
    drawer.locator("canvas").first.wait_for()
    told = drawer.inner_text()
    assert "together" in told and "do not add up" not in told
    settled(page)
    asked = talk.asked
    close_drawer(page)
    assert talk.asked == asked + 1 and "open=" not in page.url
    assert page.locator(".st-key-pipeline_funnel .js-plotly-plot").count() == 1


@needs_chromium
@pytest.mark.long
def test_a_drawer_gives_the_focus_back_and_sorting_in_it_asks_nothing(page, server):
    opened_in(page, server)
    button = page.locator(".st-key-cards_won_amount_open button")
    button.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    drawer.locator("canvas").first.wait_for()
    settled(page)
    asked = Talk.of[page].asked
    box = drawer.locator("canvas").first.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 17)  # the head of its first column
    page.wait_for_timeout(500)
    assert Talk.of[page].asked == asked
    page.mouse.click(box["x"] + 60, box["y"] + 52)  # the name in its first row
    page.locator(".st-key-deal_record canvas").first.wait_for()
    assert "open=deal" in page.url
    page.locator(".st-key-drawer_back button").click()
    page.locator(".st-key-cards_deals").wait_for()
    settled(page)
    assert "open=cards" in page.url
    drawer.get_by_role("button", name="Link").click()
    assert page.locator("[data-testid=stPopoverBody] code").inner_text() == page.url.replace("/?", "?")
    page.keyboard.press("Escape")  # the link
    close_drawer(page)
    assert button.evaluate("button => button === document.activeElement")
