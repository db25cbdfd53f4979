"""What is seen is shared by its address, shown to others, and narrowed on a phone in one row. How a room sees it, and
the way back: see test_browser_tasks."""

import json

import pytest
from playwright.sync_api import expect

from dashboard.frame.filters import LARGER
from tests.browser_fixtures import answered, needs_chromium, opened as opened_in, tab_on
from tests.pages import opened

in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
AT = {"track": "large", "period": "last_quarter", "tab": "movement", "open": 'pipeline_bridge:["closing"]'}


@in_demo
def test_the_address_shared_opens_what_is_open_and_presenting_goes_along_to_other_pages(shown_from):
    app = opened("pipeline.py", popover="share", **AT)
    assert app.session_state["url_wanted"] == AT
    [address] = {code.value for code in app.code}  # of the bar, and of the drawer
    assert all(f"{key}=" in address for key in AT)
    app.button(key="present_on").click().run()
    assert app.session_state["url_wanted"] == AT | {"present": "1"}
    ways = [link.proto.query_string for link in app.get("page_link")]
    assert ways and all("present=1" in way for way in ways)
    app.button(key="present_off").click().run()
    assert app.session_state["url_wanted"] == AT
    assert "present_off" not in {button.key for button in app.button}


@in_demo
def test_whatever_is_set_in_the_bar_is_taken_back_by_its_name(shown_from):
    app = opened("pipeline.py", period="last_quarter", track="large")
    for key in ("f_period", "f_track"):
        app.button(key=f"without_{key}").click().run()
    assert app.session_state["url_wanted"] == {}


@in_demo
def test_a_room_sees_figures_that_are_taller_with_larger_texts(shown_from):
    def layouts(**parameters) -> list[dict]:
        app = opened("pipeline.py", tab="movement", **parameters)
        return [json.loads(chart.proto.spec)["layout"] for chart in app.get("plotly_chart")]

    as_ever, presented = layouts(), layouts(present="1")
    assert len(as_ever) == len(presented) == 3
    for before, after in zip(as_ever, presented, strict=True):
        assert after["height"] == before["height"] * LARGER
        usual, larger = (layout["template"]["layout"]["font"]["size"] for layout in (before, after))
        assert larger == usual * LARGER
        assert after.get("margin", {}) == {side: room * LARGER for side, room in before.get("margin", {}).items()}


@needs_chromium
@pytest.mark.long
def test_a_phone_names_what_is_set_and_unfolds_the_rest(chromium, server):
    with tab_on(chromium, server, width=390, height=844) as tab:
        opened_in(tab, f"{server}/pipeline?period=last_quarter")
        chip, period = tab.locator(".st-key-without_f_period button"), tab.locator(".st-key-f_period input")
        expect(chip).to_be_visible()
        expect(period).to_be_hidden()
        tab.locator(".st-key-unfold_filters button").click()
        answered(tab)
        expect(period).to_be_visible()
        chip.click()
        answered(tab)
        assert "period" not in tab.url
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
