"""Tables in a browser: every column in sight, as `tests/test_pages.py` counts them without one."""

import pytest

from tests.browser_fixtures import led, tab_on

SEEN = (
    "overview?tab=numbers", "attention", "pipeline?tab=deals", "forecast", "opportunities?tab=actions",
    "leads?tab=pools", "key_accounts", "key_accounts?tab=coverage", "key_accounts?tab=slipping", "reps?tab=everyone",
    "life_stage", "support?tab=queue", "allocation?tab=who",
)  # fmt: skip
# Of each table that is drawn: how much wider it is than its box, and its columns.
BEYOND = """tables => tables.filter(table => table.offsetParent).map(table => {
    const inside = table.querySelector('.dvn-scroller');
    return inside && [inside.scrollWidth - inside.clientWidth, table.innerText.split('\\n')[0]];
}).filter(Boolean)"""


@pytest.mark.long
def test_no_table_is_wider_than_its_box(chromium, server):
    cut, tables = {}, 0
    with tab_on(chromium, server) as tab:
        for page in SEEN:
            led(tab, server, f"/{page}")
            tab.locator(".dvn-scroller").first.wait_for(state="attached")
            found = tab.locator("[data-testid=stDataFrame]").evaluate_all(BEYOND)
            tables += len(found)
            cut |= {(page, name): beyond for beyond, name in found if beyond > 1}
    assert cut == {} and tables >= len(SEEN)
