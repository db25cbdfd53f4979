"""What a page may take of a screen: its first tab's height, nothing cut at the side, five cards, a short verdict, and
what stands side by side ends at one line; what axe-core finds there, and ears that read; what stands while it loads."""

from collections.abc import Iterator

import pytest

from benchmarks.loading import loaded, watched
from tests.browser_fixtures import (
    WINDOWS,
    english_left,
    found_accessible,
    led,
    needs_chromium,
    settled,
    tab_on,
    whole,
)
from tests.pages import ROOT, tabs_of

pytestmark = [needs_chromium, pytest.mark.long]

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
RECORD = {"rep": "rep=R0012", "account": "account=A00001"}  # without one these pages are a list to choose from
BUDGET = {1_440: 1_800, 1_920: 1_800, 390: 4_000}  # pixels of height by the window's width
_HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
_WIDTH = """() => Math.max(
    document.documentElement.scrollWidth - innerWidth,
    ...["stMain", "stMainBlockContainer"].map(id => {
        const part = document.querySelector(`[data-testid=${id}]`);
        return part.scrollWidth - part.clientWidth;
    }))"""
# By how much what stands side by side, no table among it, ends at different lines: a table ends with its rows.
_UNEVEN = """() => Math.max(0, ...[...document.querySelectorAll('[data-testid=stMain] [data-testid=stHorizontalBlock]')]
    .map(row => [...row.children].filter(one => one.dataset.testid === 'stColumn' && one.offsetParent))
    .filter(columns => columns.length > 1 && !columns.some(one => one.querySelector('[data-testid=stDataFrame]')))
    .map(columns => columns.map(one => Math.max(...[...one.querySelectorAll('[data-testid=stElementContainer]')]
        .map(part => part.getBoundingClientRect()).filter(box => box.height > 1).map(box => box.bottom))))
    .map(ends => Math.max(...ends) - Math.min(...ends)))"""

# The keys of figures on the page whose sentence or table is missing, by the names that `parts.figure` gives its parts.
_BARE = """
    () => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(chart => {
        const key = [...chart.closest('[class*=_chart_]').classList].find(name => name.includes('_chart_'))
        return [key.replace(/_chart_\\d+$/, ''), chart.ariaLabel]
    }).filter(([key, said]) => !said || !document.querySelector(`.${key}_twin button`)).map(([key]) => key)
"""
_OPEN_BELOW = ["st-key-pipeline_compare_figure"]  # its table is no twin to be opened: it stands below, with more rows

# So much the measure of web vitals calls good.
_GOOD = 0.1
_STANDING = """() => {
    const title = document.querySelector(".st-key-page_head h1"), head = document.querySelector(".st-key-page_head");
    return title && !head.querySelector("strong") && document.querySelector(".st-key-f_period") && {
        title: title.innerText,
        skeleton: getComputedStyle(head.parentElement.parentElement, "::after").height,
    };
}"""


@pytest.fixture(scope="module")
def walker(chromium, read_server) -> Iterator:
    with tab_on(chromium, read_server) as tab:
        yield tab


@pytest.fixture(scope="module", params=PAGES)
def shown(request, walker, read_server):
    """A page in its first tab, with a record where it needs one; shown once for all that is looked at, in the one
    language or the other: that each is whole, `tests/test_pages.py` reads."""
    name = request.param
    language = ("en", "zh_CN")[PAGES.index(name) % 2]
    walker.set_viewport_size(WINDOWS[0])
    return led(walker, read_server, f"/{name}?lang={language}&{RECORD.get(name, '')}")


def test_a_page_keeps_its_budget(shown, subtests):
    settled(shown)
    assert len(shown.locator(".st-key-page_head strong").first.inner_text()) <= 90
    for width, height in BUDGET.items():
        with subtests.test(width=width):
            shown.set_viewport_size({"width": width, "height": 900})
            shown.wait_for_timeout(300)  # until the figures stand
            assert shown.evaluate(_HEIGHT) <= height
            assert shown.evaluate(_WIDTH) <= 0
            assert width != 1_440 or shown.evaluate(_UNEVEN) <= 32  # a line of a note more


def test_axe_finds_nothing_serious_and_figures_have_their_words(shown, subtests):
    shown.set_viewport_size(WINDOWS[0])
    assert [key for key in shown.evaluate(_BARE) if key not in _OPEN_BELOW] == []
    is_first = f"/{PAGES[0]}?" in shown.url  # one look takes seconds
    found_accessible(shown, subtests, shown.url, WINDOWS if is_first else WINDOWS[:1])


def test_on_a_phone_no_tab_of_an_account_is_wider_than_it(walker, read_server):
    walker.set_viewport_size(WINDOWS[1])
    for tab in tabs_of("account.py"):
        led(walker, read_server, f"/account?{RECORD['account']}&role=director&lang=zh_CN&tab={tab}")
        assert walker.evaluate("document.documentElement.scrollWidth") <= 390, tab


def test_in_chinese_no_tab_of_reps_has_english_left(walker, read_server):
    for tab in tabs_of("reps.py"):
        led(walker, read_server, f"/reps?period=this_quarter&lang=zh_CN&tab={tab}")
        assert english_left(whole(walker)) == [], tab


@pytest.mark.parametrize("name", ["", "leads"])
def test_the_title_and_a_skeleton_stand_before_the_answer_and_nothing_jumps(name, chromium, server):
    tab = watched(chromium)
    # A quarter that nobody else looks at: its answers are not kept, so that the title stands alone for a while.
    address = f"{server}/{name}?from=2025-02-04&to=2025-05-06&lang=en"
    tab.goto(address, wait_until="commit")
    standing = tab.wait_for_function(_STANDING, polling=20).json_value()
    assert standing == {"title": {"": "Overview", "leads": "Leads and market"}[name], "skeleton": "700px"}
    for _ in range(2):  # in a browser that has not seen it, and in one that has
        moves = loaded(tab, address)[2]
        assert sum(move["value"] for move in moves) <= _GOOD, moves
    tab.context.close()
