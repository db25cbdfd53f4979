"""Names are text in a real browser: nothing on any page is made of a name but its letters."""

from urllib.parse import urlencode

import pytest

from tests import hostile, markdown_texts
from tests.browser_fixtures import led, needs_chromium, serving, started, tab_on, whole
from tests.test_names import SUBJECTS, remains, squeezed, subject
from tests.ui_fixtures import copied

pytestmark = [needs_chromium, pytest.mark.long]

# What a name would have made, were it read: elements that hold a part of it or refer to its address. Our own ways from
# page to page do, too.
MADE = """marker => {
    const made = 'a, b, i, u, s, em, del, code, sub, sup, img, script, iframe, li, blockquote, .katex';
    return [...document.querySelectorAll(made)].filter(one =>
        !one.matches('[data-testid=stPageLink-NavLink]') && one.outerHTML.includes(marker)
    ).map(one => one.outerHTML.slice(0, 300));
}"""
# What is read: paragraphs and headings, lines of figures, cells, options, fields.
READ = """marker => {
    const read = 'p, h1, h2, h3, text, [role=gridcell], [role=columnheader], [role=option], [data-tag]';
    const said = [...document.querySelectorAll(read)].map(one => one.textContent);
    const filled = [...document.querySelectorAll('input')].map(one => one.value);
    return [...said, ...filled].filter(one => one.includes(marker));
}"""
# The middle of a mark of each figure, where the mouse makes it say its name.
MARKS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot =>
    [...plot.querySelectorAll('.point path, path.point')].map(one => one.getBoundingClientRect())
        .filter(box => box.width > 2 && box.height > 2).slice(0, 1)
        .map(box => [box.x + box.width / 2, box.y + box.height / 2]))"""


@pytest.fixture(scope="module")
def typed(hostile_folder) -> list[str]:
    return sorted({squeezed(one) for one in hostile.texts(hostile_folder)}, key=len, reverse=True)


@pytest.fixture(scope="module")
def served(hostile_url, tmp_path_factory):
    with serving(copied(hostile_url, tmp_path_factory.mktemp("served"))) as address:
        yield address


@pytest.fixture(scope="module")
def walker(chromium, served):
    with tab_on(chromium, served) as tab:  # which complains of any script, and of any request elsewhere
        yield tab


# Where most is named; every page and tab is read for the same without a browser (`tests/test_names.py`).
LOOKED_AT = ("account.py", "attention.py", "opportunities.py", "overview.py", "support.py")


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_holds_nothing_made_of_a_name(name, walker, served, hostile_folder, typed):
    stem, asked = name.removesuffix(".py"), {}
    if name in SUBJECTS:
        parameter, table, key = SUBJECTS[name]
        asked[parameter] = subject(hostile_folder / f"{table}.csv", key)
    led(walker, served, f"/{'' if stem == 'overview' else stem}?{urlencode(asked)}")
    said = whole(walker).evaluate(READ, hostile.MARKER)
    assert any("Organisation" in text for text in said)  # typed on a form, and in the head of every page
    for x, y in walker.evaluate(MARKS):
        walker.mouse.move(x, y)
        walker.wait_for_timeout(150)
        said += walker.locator(".hoverlayer text").all_text_contents()
    assert walker.evaluate(MADE, hostile.MARKER) == []
    assert [text for text in said if hostile.MARKER in remains(text, typed)] == []


def test_any_text_is_shown_as_it_was_typed(chromium):
    typed = markdown_texts.texts()
    serving_texts = started("streamlit", "run", "tests/markdown_texts.py", "--server.port")
    with serving_texts as address, tab_on(chromium, address) as tab:
        tab.goto(address)
        tab.locator(f".st-key-text_{len(typed) - 1} p").wait_for()
        shown = tab.locator("[class*=st-key-text_] p").all_text_contents()
        assert [squeezed(text) for text in shown] == [squeezed(text) for text in typed]
        made = tab.locator("[class*=st-key-text_] p *").evaluate_all("all => all.map(one => one.tagName)")
        assert set(made) == {"STRONG"}  # which is ours
