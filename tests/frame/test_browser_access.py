"""For eyes that need contrast and hands that have no mouse: what axe-core says of the drawer, and what the keyboard
reaches. What it says of every page stands in `test_browser_budget.py`, where each is loaded once."""

import pytest
from playwright.sync_api import expect

from dashboard.metrics.accounts.key_accounts import FACTORS
from tests.browser_fixtures import (
    WINDOWS,
    answered,
    close_drawer,
    found_accessible,
    needs_chromium,
    opened,
    settled,
    tab_on,
)

pytestmark = [needs_chromium, pytest.mark.long]


def test_axe_finds_nothing_serious_in_the_drawer(chromium, server, subtests):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/?open=cards:won_amount")
        tab.locator(".st-key-cards_deals canvas").first.wait_for()
        found_accessible(tab, subtests, "drawer", WINDOWS)


def reach(tab, inside: str, most: int = 60) -> None:
    """Presses Tab until something in there has the focus, and sees that it shows."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if has_focus(tab, inside):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {inside}")


def has_focus(tab, inside: str) -> bool:
    return tab.evaluate("selector => document.activeElement.closest(selector) !== null", inside)


def test_keys_alone_open_the_list_behind_every_card_and_close_it(page, server):
    opened(page, server)
    page.locator(".st-key-overview_months .js-plotly-plot").wait_for()  # the page's last
    settled(page)
    buttons = page.locator("[class*=st-key-cards_][class*=_open] button")
    names = buttons.evaluate_all(
        "all => all.map(one => [...one.closest('[class*=_open]').classList].find(name => name.endsWith('_open')))"
        ".filter(Boolean)"  # the help sign of the card "open_amount" stands in no such box
    )
    assert len(names) >= 4
    for name in names:
        reach(page, f".{name}")
        ring = page.evaluate("() => getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in ring, f"nobody sees that {name} has the focus"
        page.keyboard.press("Enter")
        answered(page)
        page.locator(".st-key-cards_deals canvas").first.wait_for()
        assert has_focus(page, "[data-testid=stDialog]")
        close_drawer(page)


def test_keys_alone_move_every_slider_of_the_lab(chromium, server):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/key_accounts?role=director&tab=lab")
        for factor in FACTORS:
            slider = f".st-key-lab_weight_{factor}"
            before = int(tab.locator(f"{slider} input[type=range]").input_value())
            reach(tab, slider)
            while not has_focus(tab, f"{slider} input"):  # the help sign stands before it
                tab.keyboard.press("Tab")
            tab.keyboard.press("ArrowRight")
            answered(tab)
            expect(tab.locator(f"{slider} input[type=range]")).to_have_value(str(before + 1))
