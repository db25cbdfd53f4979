"""Find anything: what a text finds, in both languages, where it leads, and for whom."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.sections import definitions
from dashboard.words.language import catalogue
from tests.browser_fixtures import needs_chromium, opened as opened_in
from tests.pages import ROOT, opened, said

in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)


def searched(text: str, **more):
    app = opened("forecast.py", open="search", **more)
    app.text_input(key="search_text").set_value(text).run()
    assert not app.exception
    return app


def links(app) -> dict[str, str]:
    """The pages and numbers found, and where each leads."""
    found = [way.proto for way in app.get("page_link")[len(list((ROOT / "pages").glob("*.py"))) :]]
    return {way.label.replace("\\", ""): f"{way.page}?{way.query_string}" for way in found}


def hits(app, kind: str) -> list:
    """The buttons of what was found of a kind."""
    return [button for button in app.button if (button.key or "").startswith(f"search_{kind}_")]


@in_demo
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_and_a_number_are_found_by_their_names_in_either_language(shown_from, language):
    spoken = {"en": "en", "zh": "zh_CN"}[language]
    overview, forecast = (catalogue(spoken).gettext(title) for title in ("Overview", "Forecast"))
    win_rate = DEFINITIONS["win_rate_count"]
    for text in (win_rate.label_en.upper(), win_rate.label_zh):
        assert f"{win_rate.label(spoken)} · {overview}" in links(searched(text, language=language)), text
    for text in ("forecast", catalogue("zh_CN").gettext("Forecast")):
        assert forecast in links(searched(text, language=language)), text


@in_demo
def test_of_each_kind_eight_are_shown(shown_from):
    app = searched("制造", track="large")
    for kind, title in (("deal", "Deals"), ("account", "Accounts")):
        assert len(hits(app, kind)) == 8 and f"{title}: the first 8, and there are more" in said(app)
    assert "Nothing that you may see" in said(searched("no such name"))


@in_demo
@pytest.mark.parametrize("kind, text", [("deal", "制造"), ("account", "制造"), ("rep", "王")])
def test_a_hit_opens_its_record_over_the_page_with_the_way_back(shown_from, kind, text):
    app = searched(text)
    hit = hits(app, kind)[0]
    hit.click().run()
    assert not app.exception and app.session_state["open"] == hit.key.replace(f"search_{kind}_", f"{kind}:")
    assert not hits(app, kind), "the record stands in the search's place"
    app.button(key="drawer_back").click().run()
    assert app.session_state["open"] == "search" and hit.key in [one.key for one in hits(app, kind)]


def test_every_number_of_a_report_leads_to_a_page():
    assert {place.partition(".")[0] for place in REPORTS} == set(definitions.SHOWN_ON)


@needs_chromium
@pytest.mark.long
def test_what_is_typed_after_a_key_is_found_and_enter_opens_it(page, server):
    opened_in(page, f"{server}/forecast")
    page.keyboard.press("Control+k")
    field = page.locator(".st-key-search_text input")
    expect(field).to_be_focused()
    page.keyboard.type("D000123")
    page.keyboard.press("Enter")  # at once: before the server has heard of it
    record, back = page.locator(".st-key-deal_record"), page.locator(".st-key-drawer_back button")
    record.wait_for()
    page.wait_for_url(re.compile("open=deal(:|%3A)D000123"))
    back.click()
    record.wait_for(state="detached")
    expect(field).to_have_value("D000123")  # what was looked for, though the server heard of it with the key alone
    field.fill("D000124")
    page.locator(".st-key-search_hits button").first.wait_for()
    field.press("Enter")
    record.wait_for()
    page.wait_for_url(re.compile("open=deal(:|%3A)D000124"))
    back.click()
    expect(field).to_have_value("D000124")  # what was looked for, once it was heard
