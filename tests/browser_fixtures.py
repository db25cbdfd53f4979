"""A real browser for tests: a server process over a database, Chromium, and a tab that complains.

A missing Chromium skips these tests with the reason; with CI=true it fails them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.ui_fixtures import copied

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium")
# Without these, Chromium itself asks its maker's hosts.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000  # milliseconds; a cold start on two busy cores takes some
DONE = "[data-testid=stApp][data-test-script-state=notRunning]"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="Chromium is not installed"
)


@contextmanager
def serving(url: str) -> Iterator[str]:
    """The address of the app as a user starts it, over this database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--database", url, "serve", "--port", str(port)], cwd=ROOT
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(f"{address} did not answer within a minute")


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is not installed (CI=true: this is an error)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(demo_url, tmp_path_factory) -> Iterator[str]:
    """The app over a copy of the demo: a file's tests may write, and share what is written."""
    with serving(copied(demo_url, tmp_path_factory.mktemp("written"))) as address:
        yield address


@pytest.fixture
def page(chromium, server):
    with tab_on(chromium, server) as tab:
        yield tab


@contextmanager
def tab_on(chromium, server: str) -> Iterator:
    """A tab that remembers what it asked for and complained of, and fails the test where that is amiss."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    tab = context.new_page()
    hosts, complaints = set(), []
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    tab.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.set_default_timeout(PATIENCE)
    yield tab
    context.close()
    assert hosts - {"", urlsplit(server).netloc} == set()
    assert complaints == []


def opened(tab, address: str):
    """The tab, showing this address to the end."""
    tab.goto(address)
    tab.locator(".st-key-page_head").wait_for()  # until then, not running means not running yet
    return settled(tab)


def settled(tab):
    """The tab once the script has run and its figures stand."""
    tab.wait_for_timeout(300)  # a click reaches the server first
    tab.wait_for_selector(DONE)
    return tab
