"""The account page in a real browser: a director enters assessments and takes one back, an executive may not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    choose,
    go_to,
    needs_chromium,
    opened,
    score,
    settled,
)

# What is entered, seen and taken back is tried without a browser for every commit: see test_account_page.
pytestmark = [needs_chromium, pytest.mark.long]

ACCOUNT = "A00251"


def query(tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.url).query)


def tab_named(page, name: str):
    page.locator(".st-key-tab_row button", has_text=name).click()
    answered(page)
    return settled(page)


@pytest.mark.writes
def test_a_director_enters_a_judgement_sees_it_in_the_history_and_undoes_it(page, server):
    opened(page, f"{server}/account?account={ACCOUNT}&role=director")
    tab_named(page, "How")
    page.get_by_text("judged 3", exact=False).first.wait_for()
    field = page.locator(f".st-key-closeness_score_score_{ACCOUNT} input")
    field.fill("9.5")
    field.press("Tab")
    page.locator(f".st-key-closeness_score_save_{ACCOUNT} button").click()
    page.get_by_text("1 entry saved.").wait_for()
    answered(page)
    page.get_by_text("judged 9.5", exact=False).first.wait_for()

    history = page.locator("[data-testid=stExpander]:visible", has_text="History")
    history.locator("summary").click()
    newest = history.locator("tbody tr").first  # of the table behind the canvas, which screen readers read
    expect(newest).to_contain_text("9.5")
    expect(newest).to_contain_text("Director")
    expect(newest).to_contain_text("holds")

    page.get_by_role("button", name="Undo").click()
    answered(page)
    page.get_by_text("judged 3", exact=False).first.wait_for()
    assert page.get_by_text("1 entry saved.").count() == 0
    if not history.locator("details[open]").count():  # what stood above it is gone: it may be drawn anew
        history.locator("summary").click()
    expect(newest).to_contain_text("taken back")


@pytest.mark.writes
def test_a_director_scores_a_factor_in_the_editor(page, server):
    opened(page, f"{server}/account?account={ACCOUNT}&role=director")
    head = page.locator(".st-key-page_head")
    before = head.inner_text()
    editor = page.locator("[class*=st-key-account_score_editor_] [data-testid=stDataFrame]")
    score(page, editor, 0, "9")  # potential
    page.locator(f".st-key-account_score_save_{ACCOUNT} button").click()
    page.get_by_text("1 entry saved.").wait_for()
    answered(page)
    assert head.inner_text() != before  # the score is another one
    page.get_by_role("button", name="Undo").click()
    answered(page)
    page.wait_for_function("before => document.querySelector('.st-key-page_head').innerText === before", arg=before)


def test_an_account_is_found_by_typing_and_goes_into_the_url(page, server):
    opened(page, f"{server}/account")
    assert page.locator("h1").inner_text() == "Account"
    choose(page, "account_pick", ACCOUNT)
    page.wait_for_selector("h1:has-text('泽谷物流')")
    answered(page)
    assert query(page)["account"] == [ACCOUNT]
    go_to(page, "Pipeline", "Pipeline")
    assert "account" not in query(page)
    page.go_back()
    page.wait_for_selector("h1:has-text('泽谷物流')")
