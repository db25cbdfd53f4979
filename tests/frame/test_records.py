"""A deal, an account and a rep open in the drawer over any page, one from the other, and back the same way."""

import pytest

from data_access.engine import engine
from tests.browser_fixtures import answered, needs_chromium, opened as opened_in, settled
from tests.pages import opened, said
from tests.ui_fixtures import ROOT

PAGES = ("account", "rep", "support")  # two that end early, and one that does not


@pytest.fixture
def deal(demo_url):
    """A deal of the demo with an account and an owner, open: its key, and those of both."""
    made = engine(demo_url)
    with made.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT opportunity_id, account_id, owner_id FROM opportunity WHERE account_id IS NOT NULL "
            "AND owner_id IS NOT NULL AND closed_on IS NULL ORDER BY amount DESC, opportunity_id"
        ).first()
    made.dispose()
    return found


def press(app, key: str):
    app.button(key=key).click()
    app.run()
    assert [error.message for error in app.exception] == []
    return app


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_records_swap_in_and_lead_back_the_way_they_were_opened(shown_from, deal):
    key, account, rep = deal
    app = opened("account.py", open=f"deal:{deal[0]}")
    app.session_state["open"] = f"deal:{key}"
    app.session_state["open_way"] = ["pipeline_bridge:[1]", f"deal:{key}"]
    app.run()
    press(app, f"account_{account}_open")
    assert app.session_state["open"] == f"account:{account}"
    assert "What did it bring in three years?" in said(app) and "Which deals are open" in said(app)
    assert app.button(key="drawer_back").label == "← Back to the deal"
    press(app, "drawer_back")
    assert app.session_state["open"] == f"deal:{key}"
    press(app, f"rep_{rep}_open")
    assert app.session_state["open"] == f"rep:{rep}" and "Which open deals need them?" in said(app)
    press(app, "drawer_back")
    assert app.button(key="drawer_back").label == "← Back to the list"
    app.session_state["open"] = f"rep:{rep}"  # as the browser's own way forward does
    app.run()
    assert app.button(key="drawer_back").label == "← Back to the deal"


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_a_mailed_link_opens_a_record_over_any_page(shown_from, deal, page):
    app = opened(f"{page}.py", open=f"rep:{deal[2]}")
    assert len(app.get("dialog")) == 1 and "Which open deals need them?" in said(app)
    assert not app.button or "drawer_back" not in {button.key for button in app.button}


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_page_that_has_nothing_to_show_keeps_the_drawer(shown_from, demo_url, deal):
    made = engine(demo_url)
    with made.connect() as connection:
        elsewhere = connection.exec_driver_sql(
            "SELECT min(rep_id) FROM rep_posting WHERE region_id LIKE 'south%'"
        ).scalar()
    made.dispose()
    app = opened("reps.py", open=f"deal:{deal[0]}", region="west", owner=elsewhere)
    assert len(app.get("dialog")) == 1


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
@pytest.mark.parametrize("record", ["deal", "account", "rep"])
def test_what_one_may_not_see_answers_as_what_does_not_exist(shown_from, demo_url, record):
    made = engine(demo_url)
    of_today = {
        "deal": "SELECT opportunity_id FROM deal_span JOIN region_within USING (region_id) WHERE ancestor_id = 'south'"
        " AND to_day > 3000000",
        "account": "SELECT account_id FROM account JOIN region_within USING (region_id) WHERE ancestor_id = 'south'",
        "rep": "SELECT rep_id FROM rep_posting JOIN region_within USING (region_id) WHERE ancestor_id = 'south'"
        " AND to_day > 3000000",
    }
    with made.connect() as connection:
        hidden = connection.exec_driver_sql(of_today[record]).scalar()
    made.dispose()
    told = {}
    for key in (hidden, "nobody"):
        app = opened("account.py", role="manager:east", open=f"{record}:{key}")
        [drawer] = app.get("dialog")
        told[key] = "\n".join(element.value for element in drawer.markdown).replace("\\", "").replace(key, "KEY")
        title = drawer.proto.dialog.title
        assert title.replace("\\", "") == key
    assert told[hidden] == told["nobody"] and "KEY that you may see" in told["nobody"]
    seen = opened("account.py", role="manager:south", open=f"{record}:{hidden}")
    assert "that you may see" not in said(seen)


def test_no_page_stops_the_run_that_draws_the_drawer():
    scripts = [*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
    assert [path.name for path in scripts if "st.stop(" in path.read_text(encoding="utf-8")] == []


@needs_chromium
@pytest.mark.long
def test_by_keyboard_alone_a_name_opens_its_record_and_leads_on_and_back(page, server):
    opened_in(page, f"{server}/overview")
    chooser = page.locator(".st-key-forecast_deciding_by_name input")
    chooser.focus()
    assert chooser.bounding_box()["width"] > 100  # seen once it is reached
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".st-key-deal_record").wait_for()
    answered(page)
    assert "open=deal" in page.url
    for kind in ("account", "rep"):
        page.locator(f".st-key-deal_record [class*='st-key-{kind}_'] button").first.focus()
        page.keyboard.press("Enter")
        page.locator(f".st-key-{kind}_record").wait_for()
        answered(page)
        page.locator(".st-key-drawer_back button").focus()
        page.keyboard.press("Enter")
        page.locator(".st-key-deal_record").wait_for()
        answered(page)
    page.reload()
    page.locator(".st-key-deal_record").wait_for()
    settled(page)
    assert page.locator(".st-key-drawer_back").count() == 0  # who was mailed the record has no list behind it
