"""Explain this number: it says what the card says, of as many deals as the list behind it, and what was asked."""

import re

import pytest
import sqlalchemy as sa

from dashboard.ask import ask, sent_for
from dashboard.frame import filters
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections import explaining
from dashboard.words.formats import Formats
from data_access import organisation
from data_access.engine import Sent, engine, is_recorded
from data_access.pipeline import closing
from data_access.scope import Period, Person, Scope
from tests.browser_fixtures import close_drawer, needs_chromium, opened as opened_in
from tests.pages import behind, closed, opened

CARDS = ("won_amount", "coverage", "open_amount", "win_rate_count", "pipeline_created_amount")
in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)


def told(app) -> str:
    """All that the drawer says, as it is read."""
    [drawer] = app.get("dialog")
    written = [*drawer.markdown, *drawer.caption, *drawer.code]
    return "\n".join([one.value for one in written] + [button.label for button in drawer.button]).replace("\\", "")


def faces(part) -> list[list[str]]:
    """The values on the cards of a page or a drawer."""
    bodies = [html.proto.body for html in part.get("html") if "class='kpi" in html.proto.body]
    return [re.findall(r"class='value'>([^<]+)<", body) for body in bodies]


def statements(app) -> list[str]:
    app.session_state["explained_statements"] = True
    app.run()
    [drawer] = app.get("dialog")
    return [code.value for code in drawer.code if code.language == "sql"]


@in_demo
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_what_the_card_says_and_counts_what_the_list_behind_it_counts(shown_from, language, subtests):
    app = opened(language=language)
    shown = dict(zip(CARDS, faces(app), strict=True))
    for key in CARDS:
        with subtests.test(card=key):
            app.button(key=f"cards_{key}_explain").click().run()
            assert app.session_state["open"] == f"explain:{key}" and not app.exception
            said = told(app)
            assert faces(app.get("dialog")[0]) == [shown[key]]
            assert DEFINITIONS[key].meaning({"en": "en", "zh": "zh_CN"}[language]) in said
            n = int(re.search(r"^([\d,]+) (deals?\.|个商机。)", said, re.MULTILINE)[1].replace(",", ""))
            app.button(key="explained_rows_open").click().run()
            assert app.session_state["open"] == f"cards:{key}" and len(behind(app).value) == n
            app.button(key="drawer_back").click().run()
            assert app.session_state["open"] == f"explain:{key}"
            closed(app)


@in_demo
def test_an_address_opens_it_and_one_of_no_card_opens_nothing(shown_from):
    assert "Amount of the deals won" in told(opened(open="explain:won_amount"))
    app = opened("forecast.py", open="explain:won_amount")
    assert not app.get("dialog") and app.session_state["open"] is None


@in_demo
def test_the_statement_shown_gives_the_number(shown_from, demo_url):
    app = opened(role="director", open="explain:won_amount")
    [shown] = statements(app)
    assert "data_access.pipeline.closing.closed_totals" in shown and "coalesce(sum(closed.amount)" in shown
    scope = app.session_state["scope"]
    [sent] = sent_for(lambda: ask(closing.closed_totals, scope, ("track",)))
    assert explaining.written(sent) == shown
    with engine(demo_url, only_look=True).connect() as connection:
        rows = connection.execute(sa.text(sent.statement), sent.parameters).mappings().all()
    won = sum(row["amount"] for row in rows if row["outcome"] == "won") / 100
    assert faces(app)[0] == [Formats("en", organisation.state(engine(demo_url)).base_currency).money(won)]


@in_demo
def test_who_sees_a_part_is_told_of_no_other_region_and_not_how_it_was_asked(shown_from, demo_url):
    app = opened(role="manager:east", open="explain:won_amount")
    app.session_state["explained_statements"] = True
    app.run()
    [drawer] = app.get("dialog")
    regions = ask(organisation.regions, _everything())
    others = [row for row in regions.itertuples() if row.region_id != "east" and row.depth == 1]
    assert others and not drawer.expander and not any(code.language == "sql" for code in drawer.code)
    assert not any(re.search(rf"\b({row.region_id}|{row.name})\b", told(app)) for row in others)


def _everything() -> Scope:
    day = filters.date(2026, 11, 21)
    return Scope(Person("executive"), Period(day, day), day, day)


@in_demo
def test_a_card_without_a_declaration_is_explained_by_its_help(shown_from):
    app = opened("attention.py", open="explain:since")
    said = told(app)
    assert "Of this week's lines, those that were none seven days ago." in said and "Unit" not in said
    assert 0 < len(statements(app)) <= 20


@in_demo
def test_what_is_kept_is_passed_by_only_while_it_is_recorded(shown_from):
    scope = opened().session_state["scope"]

    def find():
        return ask(closing.closed_totals, scope, ("track",))

    find()
    assert not is_recorded()
    first, second = sent_for(find), sent_for(find)
    assert len(first) == 1 and first == second and not is_recorded()
    assert scope.period.start.toordinal() in first[0].parameters.values()


def test_a_long_statement_is_cut_and_the_values_of_a_short_one_stand_below_it():
    assert explaining.written(Sent("q", "SELECT :day", {"day": 7})) == "-- q\nSELECT :day\n-- :day = 7"
    assert len(explaining.written(Sent("q", "x" * 30_000, {}))) == 24_002


@needs_chromium
@pytest.mark.long
def test_the_sign_opens_it_by_keyboard_and_gives_the_focus_back(page, server):
    opened_in(page, server)
    button = page.locator(".st-key-cards_won_amount_explain button").first  # the other is for screens without a mouse
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-explained").wait_for()
    page.wait_for_url(re.compile("open=explain(:|%3A)won_amount"))
    close_drawer(page)
    assert button.evaluate("button => button === document.activeElement")
