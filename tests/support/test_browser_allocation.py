"""The recommended allocation in a real browser: waiting and cancelling, what if, publishing, the file."""

import os
import random
import signal
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data_access.engine import engine
from data_access.schema import opportunity, support_person, support_request
from tests.browser_fixtures import (
    Talk,
    answered,
    choose,
    close_drawer,
    needs_chromium,
    opened,
    serving,
    settled,
    standing,
    tab_on,
)
from tests.ui_fixtures import copied

pytestmark = needs_chromium
LAST = date(2026, 11, 21)


@pytest.fixture(scope="module")
def crowded(demo_url, tmp_path_factory):
    """A server over so many people and requests that working out a plan takes long enough to be cancelled."""
    url = copied(demo_url, tmp_path_factory.mktemp("crowded"))
    crowd(engine(url))
    with serving(url) as address:
        yield address


def crowd(database: sa.Engine) -> None:
    """300 supporters more, and 4,000 requests on deals that have a margin."""
    chance = random.Random(1)
    with database.begin() as connection:
        worth = opportunity.c.gross_margin.is_not(None), opportunity.c.closed_on.is_(None)
        deals = connection.scalars(sa.select(opportunity.c.opportunity_id).where(*worth)).all()
        connection.execute(
            support_person.insert(),
            [
                {"resource_id": f"T{number:04}", "name": f"Crowd {number}", "kind": chance.choice(("presales", "lab")),
                 "reach": "any", "weekly_hours": 10.0, "skills": ";".join(chance.sample("abcdefgh", 3))}
                for number in range(300)
            ],
        )  # fmt: skip
        connection.execute(
            support_request.insert(),
            [
                {"request_id": f"T{number:05}", "opportunity_id": chance.choice(deals),
                 "kind": chance.choice(("presales", "lab")), "skill": chance.choice("abcdefgh"),
                 "hours": float(chance.randint(4, 40)), "priority": chance.randint(1, 3), "requested_on": LAST,
                 "needed_by": LAST + timedelta(days=chance.randint(3, 70))}
                for number in range(4_000)
            ],
        )  # fmt: skip
    database.dispose()


@pytest.fixture
def director(chromium, server):
    with tab_on(chromium, server) as tab:
        yield opened(tab, f"{server}/allocation?role=director")


def turn(tab, number: int) -> None:
    """To another of the page's tabs."""
    tab.locator(".st-key-tab_row button").nth(number).click()
    answered(tab)


def main(tab):
    return tab.locator("[data-testid=stMain]")


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    answered(tab)


def planned(tab):
    """The tab once the plan is there."""
    tab.locator(".st-key-allocation_plans .js-plotly-plot").wait_for()
    return settled(tab)  # where it was there at once, nobody asked for it


def workers(server: str) -> list[int]:
    """The processes in which this server works on plans."""
    port = server.rpartition(":")[2]
    told = {int(path.parent.name): path.read_bytes().split(b"\0") for path in Path("/proc").glob("[0-9]*/cmdline")}
    [parent] = [one for one, words in told.items() if b"serve" in words and port.encode() in words]
    texts = [path.read_text() for path in Path(f"/proc/{parent}/task").glob("*/children")]
    children = {int(one) for text in texts for one in text.split()}
    return [one for one in children if b"dashboard.server.long_work" in told.get(one, ())]


@pytest.mark.long
def test_waiting_says_what_it_does_and_cancelling_ends_it(chromium, crowded):
    with tab_on(chromium, crowded) as tab:
        tab.goto(f"{crowded}/allocation?role=director")
        Talk.of[tab].wait(lambda: workers(crowded), "somebody at work on the plan")
        for worker in workers(crowded):
            os.kill(worker, signal.SIGSTOP)  # or the plan may be there before a slow browser's click is
        cancel = tab.locator(".st-key-allocation_plan_cancel button")
        cancel.wait_for()
        expect(main(tab)).to_contain_text("Working out the best allocation of")
        said = main(tab).get_by_text("Cancelled. Nothing is being worked out any more.")
        while cancel.is_visible() and not said.is_visible():  # it is drawn anew twice a second: a click may miss it
            cancel.evaluate_all("all => all.forEach(one => one.click())")  # waits for none that has just gone
            tab.wait_for_timeout(1_000)
        expect(said).to_be_visible()
        assert workers(crowded) == []
        press(tab, "allocation_plan_again")
        planned(tab)
        expect(main(tab)).to_contain_text("Book these first")
        assert workers(crowded) == []


@pytest.mark.long
def test_somebody_added_is_given_work_in_a_plan_that_cannot_be_published(director):
    planned(director)
    turn(director, 3)
    choose(director, "what_if_add_kind_0", "Experts")
    press(director, "allocation_ask")
    expect(main(director)).to_contain_text("The person added would be given")
    expect(main(director)).to_contain_text("cannot be published")
    press(director, "allocation_drop")
    expect(main(director)).not_to_contain_text("The person added")


@pytest.mark.writes
@pytest.mark.long
def test_what_if_publish_and_the_file(director):
    planned(director)
    turn(director, 1)
    with director.expect_download() as download:
        director.locator(".st-key-allocation_file button").click()
    rows = pd.read_excel(download.value.path(), engine="calamine")
    assert {"request_id", "person_name", "hours", "value", "2026-11-23"} <= set(rows.columns) and len(rows) > 100

    turn(director, 3)
    slider = director.locator(".st-key-what_if_tilt_0 input[type=range]")
    slider.focus()
    for _ in range(10):  # to 50 %
        director.keyboard.press("ArrowRight")
    press(director, "allocation_ask")
    expect(main(director)).to_contain_text("The tilt of 50%")
    director.locator(".st-key-plan_which").get_by_text("The plan of the what-if").click()
    answered(director)
    reason = director.locator(".st-key-plan_reason input")
    reason.fill("Half for those who need it most")
    reason.press("Enter")
    answered(director)
    press(director, "plan_publish")
    expect(main(director)).to_contain_text("Plan 1 is published.")
    turn(director, 4)
    with director.expect_download() as download:
        director.locator(".st-key-allocation_plan_1_file button").click()
    published = pd.read_excel(download.value.path(), engine="calamine")
    assert {"request_id", "deal", "person", "hours", "value"} <= set(published.columns) and len(published) > 100


@pytest.mark.long
def test_a_bar_opens_the_people_of_its_group_and_chinese_is_chinese(chromium, server):
    with tab_on(chromium, server) as tab:
        planned(opened(tab, f"{server}/allocation?role=executive&lang=zh_CN"))
        expect(tab.locator("h1")).to_have_text("资源配置建议")
        turn(tab, 2)
        bar = tab.locator(".st-key-allocation_worth .point path").first
        box = standing(tab, bar)
        tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        answered(tab)
        expect(tab.locator(".st-key-allocation_worth_group canvas").first).to_be_visible()
        close_drawer(tab)
        turn(tab, 3)
        expect(main(tab)).to_contain_text("只有总监可以发布方案")
