"""For eyes that need contrast, hands that have no mouse and ears that read: what axe-core says of every page, and what
the keyboard reaches."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.metrics.accounts.key_accounts import FACTORS
from tests.browser_fixtures import answered, close_drawer, needs_chromium, opened, settled, tab_on
from tests.pages import ROOT

pytestmark = [needs_chromium, pytest.mark.long]

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
WINDOWS = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


def serious(tab, only: str | None = None) -> list[str]:
    """What axe-core finds amiss in the tab as it stands, by rule and element; `only` one rule."""
    options: dict = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    found = Axe().run(tab, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def looked_at(tab, subtests, what: str, windows=WINDOWS) -> None:
    """These windows in both themes. The theme changes as a system's does in the evening, with no run of the script."""
    for window in windows:
        tab.set_viewport_size(window)
        for theme, only in (("light", None), ("dark", "color-contrast")):
            tab.emulate_media(color_scheme=theme)
            settled(tab)
            with subtests.test(what=what, theme=theme, width=window["width"]):
                assert serious(tab, only) == []


# The keys of figures on the page whose sentence or table is missing, by the names that `parts.figure` gives its parts.
BARE = """
    () => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(chart => {
        const key = [...chart.closest('[class*=_chart_]').classList].find(name => name.includes('_chart_'))
        return [key.replace(/_chart_\\d+$/, ''), chart.ariaLabel]
    }).filter(([key, said]) => !said || !document.querySelector(`.${key}_twin button`)).map(([key]) => key)
"""
OPEN_BELOW = ["st-key-pipeline_compare_figure"]  # its table is no twin to be opened: it stands below, with more rows


def test_axe_finds_nothing_serious_on_any_page_and_figures_have_their_words(chromium, server, subtests):
    figures = 0
    with tab_on(chromium, server) as tab:
        for page in PAGES:
            opened(tab, f"{server}/{page}")
            figures += tab.locator("[data-testid=stPlotlyChart]").count()
            with subtests.test(page=page):
                assert [key for key in tab.evaluate(BARE) if key not in OPEN_BELOW] == []
            looked_at(tab, subtests, page, WINDOWS if page == PAGES[0] else WINDOWS[:1])  # one look takes seconds
    assert figures > len(PAGES)


def test_axe_finds_nothing_serious_in_the_drawer(chromium, server, subtests):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/?open=cards:won_amount")
        tab.locator(".st-key-cards_deals canvas").first.wait_for()
        looked_at(tab, subtests, "drawer")


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
