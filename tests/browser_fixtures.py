"""A real browser for tests: a server process over a database, Chromium, and a tab that complains.

A missing Chromium skips these tests with the reason; with CI=true it fails them.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data_access.engine import engine
from data_access.organisation import state
from tests.ui_fixtures import copied

ROOT = Path(__file__).resolve().parent.parent
# The shell without a window does the same in two thirds of the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Without these, Chromium itself asks its maker's hosts.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt",  # a page lives for seconds: what the optimizing compiler costs never comes back
)
PATIENCE = 300_000  # milliseconds: on a busy machine a page takes minutes, and what is there is not waited for
CONTEXTS: WeakKeyDictionary = WeakKeyDictionary()  # browser → by window and locale; they keep scripts once loaded
WINDOWS = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})  # where a page is looked at for access
DONE = "[data-testid=stApp][data-test-script-state=notRunning]"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="Chromium is not installed"
)


def serving(url: str):
    """The address of the app as a user starts it, over this database."""
    return started("dashboard", "--database", url, "serve", "--port")


@contextmanager
def started(*command: str) -> Iterator[str]:
    """The address of a server that this module of Python with its arguments is, the last of them its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", *command, str(port)], cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


def wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(f"{address} did not answer within {PATIENCE // 1000} s")


@pytest.fixture(scope="session")
def chromium():
    """The browser of all tests that look through one; it keeps the scripts once loaded."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    assert CHROMIUM, "Chromium is not installed (CI=true: this is an error)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def server(request) -> str:
    """The app over the demo: a server for all who look, whose caches stay warm, and one for all marked `writes`."""
    writes = request.node.get_closest_marker("writes")
    return request.getfixturevalue("written_server" if writes else "read_server")


@pytest.fixture(scope="session")
def read_server(demo_url, tmp_path_factory) -> Iterator[str]:
    url = copied(demo_url, tmp_path_factory.mktemp("read"))
    with serving(url) as address:
        yield address
    assert state(engine(url)).version == state(engine(demo_url)).version, "a test wrote here: mark it `writes`"


@pytest.fixture(scope="session")
def written_server(demo_url, tmp_path_factory) -> Iterator[str]:
    """Whoever writes here finds what was written before, and says nothing about versions or totals of their own."""
    with serving(copied(demo_url, tmp_path_factory.mktemp("written"))) as address:
        yield address


@pytest.fixture
def language(request) -> str:
    """A language of the interface, as an address names it: half of the walks are in one, half in the other.

    The words of every tab are read in both where pages are read whole (`tests/test_pages.py`); what a click does is
    no matter of words.
    """
    return ("en", "zh_CN")[zlib.crc32(request.node.name.encode()) % 2]


@pytest.fixture
def page(chromium, server):
    with tab_on(chromium, server) as tab:
        yield tab


class Talk:
    """What a tab asked of its server's script, and whether it was answered: read off the messages between them.

    On a busy machine a click takes its time to become a question, and the page looks finished all the while.
    """

    of: WeakKeyDictionary = WeakKeyDictionary()  # tab → its talk

    def __init__(self, tab):
        self.tab, self.asked, self.heeded, self.running = tab, 0, 0, False
        self.fragments: dict[tuple, str] = {}  # path of a box → the fragment that it belongs to, or ""
        self.nested: set[tuple] = set()  # paths of boxes of a fragment within another (see parts.fragment)
        self.of[tab] = self
        tab.on("websocket", self._listen)

    def _listen(self, socket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes) -> None:
        if BackMsg.FromString(frame).HasField("rerun_script"):
            self.asked += 1
            self.running = True

    def _received(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame)
        if message.HasField("script_finished"):
            self.running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        elif message.HasField("delta") and message.delta.HasField("add_block"):
            path, fragment = tuple(message.metadata.delta_path), message.delta.fragment_id
            self.fragments[path] = fragment
            around = {self.fragments.get(path[:length], "") for length in range(len(path))}
            if around - {"", fragment}:
                self.nested.add(path)

    def wait(self, condition: Callable[[], bool], wanted: str) -> None:
        """Lets the tab go on until this holds; a TimeoutError says what was wanted."""
        end = time.monotonic() + PATIENCE / 1000
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{wanted}: not within {PATIENCE // 1000} s")
            self.tab.wait_for_timeout(20)


@contextmanager
def tab_on(chromium, server: str, width: int = 1440, height: int = 900, locale: str = "en-GB") -> Iterator:
    """A tab that remembers what it asked for and complained of, and fails the test where that is amiss."""
    contexts, window = CONTEXTS.setdefault(chromium, {}), {"width": width, "height": height}
    if (width, height, locale) not in contexts:
        # What moves while a page is waited for is drawn by the processor, at nearly half of all that the browser costs.
        still = chromium.new_context(viewport=window, locale=locale, reduced_motion="reduce")
        contexts[width, height, locale] = still
    tab = contexts[width, height, locale].new_page()
    talk = Talk(tab)
    hosts, complaints = set(), []
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    tab.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.set_default_timeout(PATIENCE)
    yield tab
    tab.close()
    assert hosts - {"", urlsplit(server).netloc} == set()
    assert complaints == []
    assert talk.nested == set()


def opened(tab, address: str):
    """The tab, showing this address to the end."""
    settled(tab)
    tab.goto(address)
    tab.locator(".st-key-page_head").wait_for()
    return answered(tab)


def led(tab, server: str, address: str):
    """The tab, led on to another address of the server as a link within the app leads, at a third of the browser's
    time: what it runs is there. Its session goes on; whoever needs one of their own opens the address."""
    if not tab.url.startswith(server):
        return opened(tab, f"{server}{address}")
    settled(tab)
    tab.evaluate("to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }", address)
    return answered(tab)


def answered(tab):
    """The tab once the script has answered what was just done in it, and the answer stands."""
    talk = Talk.of[tab]
    talk.wait(lambda: talk.asked > talk.heeded, "a question to the script")
    return settled(tab)


def settled(tab):
    """The tab with no question open, as it is drawn."""
    talk = Talk.of[tab]
    talk.wait(lambda: not talk.running, "an answer of the script")
    talk.heeded = talk.asked
    if talk.asked:
        tab.wait_for_selector(DONE)
    tab.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return tab


def whole(tab):
    """The tab, its window as tall as the page: a table far below is drawn only once it comes near the window."""
    tab.set_viewport_size({"width": 1440, "height": 9_000})
    return settled(tab)


def click(tab, key: str, mark: str, number: int = 0) -> None:
    """Clicks a mark of a figure where it stands on the screen."""
    figure = tab.locator(f".st-key-{key} .js-plotly-plot").first
    figure.scroll_into_view_if_needed()
    settled(tab)
    figure.locator(mark).nth(number).click(force=True)
    answered(tab)


def close_drawer(tab) -> None:
    """Closes what is open at the right, as a key does."""
    settled(tab)
    tab.keyboard.press("Escape")
    answered(tab)
    tab.locator("[data-testid=stDialog]").wait_for(state="detached")  # with what keeps clicks from the page


def go_to(tab, area: str, name: str) -> None:
    """Goes to another page by the menu of its area."""
    from playwright.sync_api import TimeoutError as Missed

    link = tab.get_by_role("dialog", name=area).get_by_role("link", name=name, exact=True)
    for _ in range(5):  # a menu that has just opened is closed when the bar is drawn anew
        settled(tab)
        if not link.is_visible():
            tab.locator(".st-key-navigation button", has_text=area).click()
        link.click()
        with suppress(Missed):
            tab.wait_for_selector(f"h1:has-text('{name}')", timeout=PATIENCE / 5)
            answered(tab)
            return
    raise AssertionError(f"the menu {area} leads to no page {name}")


def pick(tab, key: str, number: int) -> None:
    """Chooses a segment of a control, where it is not the chosen one."""
    settled(tab)
    segment = tab.locator(f".st-key-{key} button").nth(number)
    if segment.get_attribute("aria-checked") != "true":
        segment.click()
        answered(tab)


def choose(tab, key: str, name: str) -> None:
    """Picks the first option with the name in it. A list that has just opened closes when the page moves: once more."""
    from playwright.sync_api import TimeoutError as Missed

    field, option = tab.locator(f".st-key-{key} input"), tab.get_by_role("option").filter(has_text=name).first
    for _ in range(20):
        standing(tab, field)
        field.fill(name)  # of a long list, the options in sight are the only ones there
        tab.wait_for_timeout(500)
        if not option.is_visible():
            field.press("ArrowDown")
        with suppress(Missed):
            return option.click(timeout=5_000)
    raise AssertionError(f"no option with {name!r} in the list {key}")


def standing(tab, grid) -> dict:
    """Where something stands once it is drawn and what is above it has taken its room."""
    grid.scroll_into_view_if_needed()
    box, before = grid.bounding_box(), None
    while box != before:
        tab.wait_for_timeout(1_000)
        grid.scroll_into_view_if_needed()
        box, before = grid.bounding_box(), box
    return box


def click_row(tab, key: str, row: int = 0) -> None:
    """Clicks a row of a table, beside its first cell, which may be a button of its own."""
    box = standing(tab, tab.locator(f".st-key-{key} canvas").first)
    settled(tab)
    tab.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 52 + 35 * row)
    answered(tab)


def click_name(tab, key: str, row: int = 0) -> None:
    """Clicks the first cell of a row of a table, which opens what it names."""
    box = standing(tab, tab.locator(f".st-key-{key} canvas").first)
    settled(tab)
    tab.mouse.click(box["x"] + 25, box["y"] + 52 + 35 * row)  # the shortest name, too
    answered(tab)


def open_named(tab, key: str, row: int = 0) -> None:
    """Opens the record of a row of a table by its name, as who has no mouse does."""
    settled(tab)
    field = tab.locator(f".st-key-{key}_by_name input")
    field.focus()
    field.press("ArrowDown")
    tab.get_by_role("option").nth(row).click()
    answered(tab)


def score(tab, editor, row: int, text: str, column: int = -1, at: float = 0.85) -> None:
    """Types into a cell of an editor, the last of its row unless told, and sees it stand there.

    column   its place in the row
    at       where it is to be clicked, as a share of the editor's width
    """
    cell = editor.locator(f"tr[aria-rowindex='{row + 2}'] td").nth(column)  # as a screen reader finds it
    for _ in range(10):  # a table that is drawn anew takes no click
        box = standing(tab, editor)
        tab.mouse.click(box["x"] + box["width"] * at, box["y"] + 52 + 35 * row)
        tab.wait_for_timeout(300)
        if cell.get_attribute("aria-selected") == "true":
            break
    tab.keyboard.press(text[0])
    field = tab.locator("#portal input")
    field.wait_for()  # the cell is open
    field.press_sequentially(text[1:])
    tab.wait_for_timeout(500)  # the editor takes what was typed before it takes Enter
    field.press("Enter")
    cell.filter(has_text=text).wait_for(state="attached")
    tab.wait_for_timeout(500)  # what is written is told to the form a moment later


def cells(tab, header: str):
    """The cells of the table with a column of this name, as a screen reader finds them."""
    return tab.locator("[data-testid=stDataFrame]").filter(has_text=header).first.locator("[role=gridcell]")


def english_left(tab) -> list[str]:
    """What a page in Chinese says in Latin letters alone: lines, cells and texts of figures; and keys of ours anywhere.

    The tests' demo has Chinese names.
    """
    main = tab.locator("[data-testid=stMain]")
    icons = {"Ctrl + K", *main.locator("[data-testid=stIconMaterial]").all_text_contents()}
    said = main.inner_text().splitlines()
    said += main.locator("[role=columnheader], [role=gridcell], svg text").all_text_contents()
    latin = [line for line in said if re.search("[A-Za-z]{3}", line) and line not in icons]
    return [line for line in latin if not re.search("[\u4e00-\u9fff]", line) or re.search("[a-z]_[a-z]", line)]


def serious(tab, only: str | None = None) -> list[str]:
    """What axe-core finds amiss in the tab as it stands, by rule and element; `only` one rule."""
    options: dict = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def found_accessible(tab, subtests, what: str, windows) -> None:
    """Nothing serious in these windows, in both themes; they change as a system's do in the evening: no script runs."""
    for window in windows:
        tab.set_viewport_size(window)
        for theme, only in (("light", None), ("dark", "color-contrast")):
            tab.emulate_media(color_scheme=theme)
            settled(tab)
            with subtests.test(what=what, theme=theme, width=window["width"]):
                assert serious(tab, only) == []
