"""The tabs of a page: one is worked out and drawn, and the address remembers which."""

import pytest

from tests.pages import opened, said, words

pytestmark = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)


def row(app):
    return next(control for control in app.button_group if control.key == "tabs")


def test_a_tab_stands_in_the_address_and_comes_back_from_it(shown_from):
    app = opened("pipeline.py", track="large")
    assert row(app).value == "deals" and app.query_params == {"track": "large"}
    assert "Open pipeline grew" not in said(app)  # nothing of a closed tab is drawn
    row(app).set_value("movement").run()
    assert app.query_params == {"track": "large", "tab": "movement"}
    assert "Open pipeline grew" in said(app)
    again = opened("pipeline.py", **app.query_params)
    assert row(again).value == "movement" and words(again) == words(app)
    row(again).set_value("deals").run()
    assert again.query_params == {"track": "large"}


def test_a_tab_that_the_page_does_not_have_is_its_first(shown_from):
    app = opened("pipeline.py", tab="atlantis")
    assert row(app).value == "deals" and app.run().query_params == {}


def test_the_way_to_another_page_leaves_the_tab_behind(shown_from):
    app = opened("pipeline.py", tab="stages", track="large")
    assert app.session_state["url_wanted"] == {"track": "large", "tab": "stages"}
    ways = [link.proto.query_string for link in app.get("page_link")]
    assert ways and all("track=large" in way and "tab" not in way for way in ways)
