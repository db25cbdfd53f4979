"""What people come for, each with as many clicks as said here, counted by the browser itself. See test_browser.py.

Whoever comes stands on the Overview, in their own role. Typing is no click; the click into the field is.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    cells,
    click,
    click_name,
    close_drawer,
    needs_chromium,
    opened,
    score,
    settled,
    standing,
    tab_on,
)

pytestmark = [needs_chromium, pytest.mark.long]

MOST = 6
# Kept by the tab over the pages it goes to.
COUNTS = "addEventListener('pointerdown', () => sessionStorage.clicks = 1 + Number(sessionStorage.clicks || 0), true)"


def clicked(tab) -> int:
    """How often somebody has clicked in a tab so far."""
    return int(tab.evaluate("() => sessionStorage.clicks || 0"))


@contextmanager
def task(tab, clicks: int) -> Iterator[None]:
    """A task and how many clicks it takes: exactly so many, so that one more is seen."""
    assert clicks <= MOST
    before = clicked(tab)
    yield
    assert clicked(tab) - before == clicks


@pytest.fixture
def at(chromium, server) -> Iterator[Callable]:
    """Gives a tab with the Overview as a role sees it."""
    with tab_on(chromium, server) as tab:
        tab.add_init_script(COUNTS)
        yield lambda role="executive": opened(tab, f"{server}/?role={role}")


def main(tab):
    return tab.locator("[data-testid=stMain]")


def query(tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.url).query)


def press(tab, locator) -> None:
    locator.click()
    answered(tab)


def to(tab, area: str, page: str) -> None:
    """Goes to a page by the menu of its area: two clicks."""
    settled(tab)
    tab.locator(".st-key-navigation button", has_text=area).click()
    tab.get_by_role("dialog", name=area).get_by_role("link", name=page, exact=True).click()
    tab.wait_for_selector(f"h1:has-text('{page}')")
    answered(tab)


def choose(tab, key: str, name: str) -> None:
    """Takes an option of a list: two clicks."""
    settled(tab)
    tab.locator(f".st-key-{key} input").click()
    press(tab, tab.get_by_role("option").filter(has_text=name).first)


def turn(tab, name: str) -> None:
    press(tab, tab.locator(".st-key-tab_row button", has_text=name))


def write(tab, key: str, text: str) -> None:
    """Types into a field, which takes one click."""
    field = tab.locator(f"[class*=st-key-{key}] input").first
    field.click()
    field.fill(text)
    field.press("Tab")


def column(tab, key: str, number: int) -> list[str]:
    """The texts of a table's column, as far as it is drawn for screen readers."""
    standing(tab, tab.locator(f".st-key-{key} canvas").first)
    return tab.locator(f".st-key-{key} [data-testid^=glide-cell-{number}-]").all_text_contents()


def test_the_year_on_target_and_who_is_short(at):
    tab = at()
    with task(tab, clicks=4):
        choose(tab, "f_period", "This fiscal year")
        expect(tab.locator(".st-key-page_head")).to_contain_text(re.compile(r"[\d.]+%.*target"))
        to(tab, "Team", "Reps")
        assert query(tab)["period"] == ["this_fiscal_year"]  # which goes along
        expect(tab.locator(".st-key-reps_to_go .point path").nth(2)).to_be_attached()


def test_three_deals_that_decide(at):
    tab = at()
    with task(tab, clicks=0):
        expect(main(tab)).to_contain_text(re.compile("deals? closes? the gap"))
        main(tab).get_by_text("Which deals decide?").scroll_into_view_if_needed()
        expect(cells(tab, "Account").nth(3 * 5)).to_be_attached()


def test_the_list_behind_each_card(at):
    tab = at()
    buttons = main(tab).get_by_role("button", name=re.compile(r"^([\d,]+|Show) deals?$"))
    expect(buttons).to_have_count(5)
    for button in buttons.all():
        with task(tab, clicks=1):
            many = re.search(r"[\d,]+", button.inner_text())  # some cards know only that there are deals
            press(tab, button)
            panel = tab.locator(".st-key-cards_deals")
            expect(panel).to_contain_text(re.compile(many.group() if many else r"[\d,]+ deals?"))
            expect(panel).not_to_contain_text("do not add up")
        close_drawer(tab)


def test_what_leaks_in_my_region(at):
    tab = at("manager:east")
    with task(tab, clicks=1):
        assert len(column(tab, "leaks_top", 0)) == 5  # the worst of them at once
        press(tab, tab.get_by_role("link", name=re.compile("lines that ask for attention")))
        tab.wait_for_selector("h1:has-text('Attention')")
        assert column(tab, "leaks_week", 0)
        assert "华东" in tab.locator(".st-key-page_head").inner_text()


def test_what_a_rep_did_last_month(at):
    tab = at("manager:east")
    with task(tab, clicks=6):
        to(tab, "Team", "Rep")
        choose(tab, "rep_pick", "R0")
        turn(tab, "Accounts and activities")
        standing(tab, tab.locator(".st-key-rep_calendar .point path").first)
        click(tab, "rep_calendar", ".point path", -30)
        expect(tab.locator(".st-key-rep_day")).to_contain_text(re.compile(r"\d{4}: \d+ activit"))


def test_an_account_is_found(at):
    tab = at()
    with task(tab, clicks=1):
        tab.locator(".st-key-find button").click()
        expect(tab.locator(".st-key-search_text input")).to_be_focused()
        tab.keyboard.type("A00251")
        tab.keyboard.press("Enter")
        expect(tab.locator(".st-key-account_record")).to_contain_text("泽谷物流")


@pytest.mark.writes
def test_a_weight_is_raised_seen_and_published_and_taken_back(at):
    tab = at("director")
    with task(tab, clicks=5):  # the slider by its keys; by hand it is one more
        to(tab, "Accounts", "Key accounts")
        turn(tab, "Weight lab")
        slider = tab.locator(".st-key-lab_weight_potential input[type=range]")
        slider.focus()
        for _step in range(10):
            tab.keyboard.press("ArrowRight")
        answered(tab)
        expect(tab.locator(".st-key-lab_cards_enters .value")).not_to_have_text("0")
        write(tab, "lab_reason", "Potential counts more")
        press(tab, tab.locator(".st-key-lab_publish button:visible").first)
        expect(main(tab)).to_contain_text("is published.")

    at("director")
    with task(tab, clicks=5):
        to(tab, "Accounts", "Key accounts")
        turn(tab, "Versions")
        write(tab, "lab_again_reason", "The old one was better")
        press(tab, tab.locator(".st-key-lab_again_publish button:visible").first)
        expect(main(tab)).to_contain_text("is published.")


@pytest.mark.writes
def test_a_deal_is_scored(at):
    tab = at("director")
    with task(tab, clicks=5):
        to(tab, "Pipeline", "Opportunities")
        click_name(tab, "deals_to_score")
        score(tab, tab.locator("[class*=st-key-opportunity_score_editor_] [data-testid=stDataFrame]"), 0, "8")
        tab.locator("[class*=st-key-opportunity_score_save_] button").click()
        expect(main(tab)).to_contain_text("1 entry saved.")
        answered(tab)


@pytest.mark.writes
def test_a_line_is_dismissed_and_comes_back(at):
    tab = at("director")
    with task(tab, clicks=6):
        press(tab, tab.get_by_role("link", name=re.compile("lines that ask for attention")))
        turn(tab, "Reasons")
        first = column(tab, "leaks_list", 0)[0]
        click_name(tab, "leaks_list")
        write(tab, "leaks_reason_", "They answer next week")
        press(tab, tab.locator(".st-key-leaks_dismiss_send button"))
        expect(tab.locator(".st-key-leaks_saved")).to_contain_text(first)
        press(tab, tab.locator(".st-key-leaks_undo button"))
        expect(tab.locator(".st-key-leaks_saved")).to_have_count(0)
        assert column(tab, "leaks_list", 0)[0] == first


@pytest.mark.writes
def test_a_plan_is_published(at):
    tab = at("director")
    with task(tab, clicks=5):
        to(tab, "Support", "Recommended allocation")
        tab.locator(".st-key-tab_row").wait_for()  # once it is worked out
        turn(tab, "What if, and publish")
        write(tab, "plan_reason", "As worked out today")
        press(tab, tab.locator(".st-key-plan_publish button:visible").first)
        expect(main(tab)).to_contain_text("is published.")


def test_a_link_is_mailed(at, chromium, server):
    tab = at()
    with task(tab, clicks=4):
        choose(tab, "f_regions", "华东")
        tab.keyboard.press("Escape")
        press(tab, tab.locator(".st-key-cards_won_amount_open button"))
        told = tab.locator(".st-key-cards_deals p").first.inner_text()
        tab.get_by_role("dialog").get_by_role("button", name="Link").click()
        link = tab.locator("[data-testid=stPopoverBody] code").inner_text()
    with tab_on(chromium, server) as other:
        opened(other, link)
        expect(other.locator(".st-key-cards_deals")).to_contain_text(told)
        assert query(other) == parse_qs(urlsplit(link).query)


def test_a_room_is_shown_the_page(at):
    tab = at()
    frame = tab.locator(".st-key-navigation"), tab.locator(".st-key-find")
    with task(tab, clicks=2):
        tab.locator(".st-key-share button").first.click()
        press(tab, tab.locator(".st-key-present_on button"))
        for part in frame:
            expect(part).to_be_hidden()
    tab.keyboard.press("Escape")  # once
    answered(tab)
    for part in frame:
        expect(part).to_be_visible()
