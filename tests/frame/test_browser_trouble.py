"""A real server and browser over a database that is moved away, comes back, and is locked."""

import json
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import answered, needs_chromium, opened, serving, settled, tab_on as tab_of
from tests.ui_fixtures import copied

pytestmark = needs_chromium
ACCOUNT = "A00251"


def health(server: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"{server}/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def form_in(tab, server: str) -> None:
    opened(tab, f"{server}/account?account={ACCOUNT}&role=director&tab=how")


@pytest.mark.long
def test_moved_away_while_somebody_types_and_back(chromium, demo_url, tmp_path):
    file = Path(copied(demo_url, tmp_path).removeprefix("sqlite:///"))
    with serving(f"sqlite:///{file}") as server, tab_of(chromium, server) as tab:
        form_in(tab, server)
        away = file.rename(tmp_path / "away.db")
        field = tab.locator(f".st-key-closeness_score_score_{ACCOUNT} input")
        field.fill("7.5")
        field.press("Tab")
        tab.locator(f".st-key-closeness_score_save_{ACCOUNT} button").click()
        answered(tab)
        tab.get_by_text("Nothing was saved").first.wait_for()
        tab.get_by_text("The database does not answer").first.wait_for()
        expect(field).to_have_value("7.50")
        assert health(server) == (503, {"status": "database away"})
        assert sorted(one.name for one in tmp_path.glob("*.db")) == ["away.db"]
        away.rename(file)  # nobody touches the page
        tab.get_by_text("What stands below was read before").wait_for(state="detached")
        assert health(server) == (200, {"status": "ok"})
        settled(tab)
        expect(field).to_have_value("7.50")
        tab.locator(f".st-key-closeness_score_save_{ACCOUNT} button").click()
        answered(tab)
        tab.get_by_text("1 entry saved").wait_for()
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("select score from closeness_score where entry_id <> ''").fetchall() == [(7.5,)]


@pytest.mark.long
def test_locked_is_said_after_a_while_and_tried_again(chromium, demo_url, tmp_path):
    file = Path(copied(demo_url, tmp_path).removeprefix("sqlite:///"))
    with serving(f"sqlite:///{file}") as server, tab_of(chromium, server) as tab:
        form_in(tab, server)
        field = tab.locator(f".st-key-closeness_score_score_{ACCOUNT} input")
        save = tab.locator(f".st-key-closeness_score_save_{ACCOUNT} button")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("begin immediate")
            field.fill("7.5")
            field.press("Tab")
            save.click()
            with tab_of(chromium, server) as another:
                opened(another, server)  # while the first one waits
            tab.get_by_text("Somebody else keeps the database busy").first.wait_for()
        save.click()
        answered(tab)
        tab.get_by_text("1 entry saved").wait_for()
