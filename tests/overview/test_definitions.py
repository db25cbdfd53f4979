"""The page of definitions: every number once, found by words of either language, with pages that show it."""

import pytest

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections import definitions
from tests.pages import ROOT, opened, said, tabs_of

in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)


def listed(app) -> list[str]:
    """The numbers on the page, by their headings."""
    return [
        text.value.partition("**  ")[0].strip("*").replace("\\", "") for text in app.markdown if ":small[" in text.value
    ]


def test_every_number_is_in_one_area_and_on_pages_that_there_are():
    areas = [definitions.found(area) for area in tabs_of("definitions.py")]
    keys = [one.key for area in areas for one in area]
    assert sorted(keys) == sorted(DEFINITIONS) and all(areas)
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert all(set(definitions.pages_of(key)) <= pages and definitions.pages_of(key) for key in DEFINITIONS)


@in_demo
def test_an_area_shows_each_of_its_numbers_once(shown_from):
    app, seen = opened("definitions.py", tab="team"), []
    wanted = [one.label_en for one in definitions.found("team")]
    for number in range(-(-len(wanted) // definitions.PER_PAGE)):
        app.pagination[0].set_value(number + 1).run()
        assert not app.exception
        seen += listed(app)
    assert seen == wanted


@in_demo
@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_of_either_language_find_it_in_every_area(shown_from, language):
    one = DEFINITIONS["win_rate_amount"]
    app = opened("definitions.py", language, tab="support")
    for text in ("RATE win value", one.label_zh, one.key):
        app.text_input(key="definitions_text").set_value(text).run()
        assert one.label({"en": "en", "zh": "zh_CN"}[language]) in listed(app), text
    assert app.query_params["text"] == one.key  # as a reload, or a link that is sent, asks for it
    again = opened("definitions.py", language, tab="support", text=one.key)
    assert again.text_input(key="definitions_text").value == one.key and listed(again) == listed(app)
    app.text_input(key="definitions_text").set_value("no such number").run()
    assert listed(app) == [] and not app.exception
    app.text_input(key="definitions_text").set_value("").run()
    assert "text" not in app.query_params and listed(app) == listed(opened("definitions.py", language, tab="support"))


@in_demo
def test_an_address_opens_one_and_an_explanation_leads_there(shown_from):
    app = opened("definitions.py", open="definition:coverage")
    assert DEFINITIONS["coverage"].en in said(app) and app.get("dialog")
    [way] = [link.proto for link in opened(open="explain:coverage").get("dialog")[0].get("page_link")]
    assert way.page == "definitions" and "open=definition%3Acoverage" in way.query_string
    assert not opened("definitions.py", open="definition:nobody").get("dialog")
