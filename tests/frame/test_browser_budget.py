"""What a page may take of a screen: its first tab's height, nothing cut at the side, five cards, a short verdict, and
what stands side by side ends at one line; and what stands while it loads."""

import pytest

from benchmarks.loading import loaded, watched
from tests.browser_fixtures import needs_chromium, opened, settled, tab_on
from tests.pages import ROOT

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
RECORD = {"rep": "rep=R0012", "account": "account=A00001"}  # without one these pages are a list to choose from
BUDGET = {1_440: 1_800, 1_920: 1_800, 390: 4_000}  # pixels of height by the window's width
LOOKED_AT = {"en": (1_440,), "zh_CN": (1_920, 390)}  # a page is loaded once for all of its widths
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

# So much the measure of web vitals calls good.
_GOOD = 0.1
_STANDING = """() => {
    const title = document.querySelector(".st-key-page_head h1"), head = document.querySelector(".st-key-page_head");
    return title && !head.querySelector("strong") && document.querySelector(".st-key-f_period") && {
        title: title.innerText,
        skeleton: getComputedStyle(head.parentElement.parentElement, "::after").height,
    };
}"""


@needs_chromium
@pytest.mark.long
@pytest.mark.parametrize("language", LOOKED_AT)
def test_a_page_keeps_its_budget(language, chromium, server, subtests):
    """In its first tab, with a record where it needs one."""
    widths = LOOKED_AT[language]
    with tab_on(chromium, server, width=widths[0]) as tab:
        for page in PAGES:
            opened(tab, f"{server}/{page}?lang={language}&{RECORD.get(page, '')}")
            settled(tab)
            assert len(tab.locator(".st-key-page_head strong").first.inner_text()) <= 90, page
            for width in widths:
                with subtests.test(page=page, width=width):
                    tab.set_viewport_size({"width": width, "height": 900})
                    tab.wait_for_timeout(300)  # until the figures stand
                    assert tab.evaluate(_HEIGHT) <= BUDGET[width]
                    assert tab.evaluate(_WIDTH) <= 0
                    assert width != 1_440 or tab.evaluate(_UNEVEN) <= 32  # a line of a note more


@needs_chromium
@pytest.mark.long
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
