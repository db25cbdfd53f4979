"""What somebody sees while a page loads: `python -m benchmarks.loading ADDRESS [PAGE …]`, of a server that runs.

A row per page, in a browser that has not seen it and again in one that has: milliseconds until filters and head stand,
until all is there, the summed layout shift (web-vitals calls 0.1 good), and what moved most.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser_fixtures import CHROMIUM, DONE, PATIENCE, QUIET

PAGES = sorted(path.stem for path in (Path(__file__).parent.parent / "pages").glob("*.py"))
HEAD = ".st-key-bar, .st-key-page_head h1"
# Kept by the page itself: every move of what stands, with where from, where to and what; but for those that a
# person's own click brings.
WATCH = """
window.moves = [];
new PerformanceObserver(list => list.getEntries().forEach(move => move.hadRecentInput || window.moves.push({
  value: move.value, at: move.startTime,
  what: move.sources.map(({node, previousRect: was, currentRect: is}) => {
    const keyed = node && (node.closest ? node : node.parentElement)?.closest("[class*=st-key-]");
    const key = keyed ? [...keyed.classList].find(name => name.startsWith("st-key-")) : node?.nodeName;
    return `${key} ${Math.round(was.x)},${Math.round(was.y)} ${Math.round(was.width)}x${Math.round(was.height)}` +
      ` > ${Math.round(is.x)},${Math.round(is.y)} ${Math.round(is.width)}x${Math.round(is.height)}`;
  }),
}))).observe({type: "layout-shift", buffered: true});
"""


def watched(browser: Browser, width: int = 1_440) -> Page:
    """A tab of a window of its own, which has nothing stored and keeps what moves."""
    tab = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    tab.set_default_timeout(PATIENCE)
    tab.add_init_script(WATCH)
    return tab


def loaded(tab: Page, address: str) -> tuple[float, float, list[dict]]:
    """Milliseconds to the head and to the end, and the moves on the way."""
    tab.goto(address, wait_until="commit")
    tab.wait_for_selector(".st-key-page_head h1")
    head = tab.evaluate("performance.now()")
    tab.wait_for_selector(DONE)
    end = tab.evaluate("performance.now()")
    tab.wait_for_timeout(1_500)  # what the browser still draws
    return head, end, tab.evaluate("window.moves")


def main() -> None:
    address, *pages = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for page in pages or PAGES:
            tab = watched(browser)
            for browser_is in ("new", "used"):
                head, end, moves = loaded(tab, f"{address}/{page}?lang=en")
                shift = sum(move["value"] for move in moves)
                print(f"{page:14} {browser_is:5} {head:7.0f} {end:7.0f} {shift:7.3f}", flush=True)
                for move in sorted(moves, key=lambda move: -move["value"])[:3]:
                    print(f"    {move['value']:.3f} at {move['at']:.0f}: {'; '.join(move['what'])}")
            tab.context.close()
        browser.close()


if __name__ == "__main__":
    main()
