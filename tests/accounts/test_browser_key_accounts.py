"""The scoring lab in a real browser: every slider, publishing, both refusals, going back. See test_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import (
    answered,
    go_to,
    needs_chromium,
    open_named,
    opened,
    score,
    serving,
    settled,
    tab_on,
)
from tests.ui_fixtures import copied

pytestmark = needs_chromium

FACTORS = ("past_revenue", "potential", "reference_effect", "winnability")


@pytest.fixture
def written_server(demo_url, tmp_path):
    """Of each test's own: these tests say which version theirs becomes."""
    with serving(copied(demo_url, tmp_path)) as address:
        yield address


@pytest.fixture
def director(chromium, server):
    with tab_on(chromium, server) as tab:
        yield opened(tab, f"{server}/key_accounts?role=director&tab=lab")


def slider(tab, factor: str):
    return tab.locator(f".st-key-lab_weight_{factor} input[type=range]")


def move(tab, factor: str, steps: int) -> None:
    """Moves a slider by the keyboard, as people do who want an exact value: where the answer to the first steps came
    between the others, and took these back, they take them again."""
    slider(tab, factor).focus()
    wanted = int(slider(tab, factor).input_value()) + steps
    while left := wanted - int(slider(tab, factor).input_value()):
        for _ in range(abs(left)):
            tab.keyboard.press("ArrowRight" if left > 0 else "ArrowLeft")
        answered(tab)
        tab.wait_for_timeout(1_000)  # the last of the steps are told a moment later
        settled(tab)


def shares(tab) -> list[int]:
    """Where the sliders stand."""
    return [int(slider(tab, factor).input_value()) for factor in FACTORS]


def turn(tab, number: int) -> None:
    """To another of the page's tabs."""
    tab.locator(".st-key-tab_row button").nth(number).click()
    answered(tab)


def card(tab, name: str) -> str:
    return tab.locator(f".st-key-lab_cards_{name} .value").inner_text()


def write(tab, key: str, text: str) -> None:
    field = tab.locator(f".st-key-{key} input")
    field.fill(text)
    field.press("Enter")
    answered(tab)


def press(tab, key: str) -> None:
    tab.locator(f".st-key-{key} button:visible").first.click()
    answered(tab)


def main(tab):
    return tab.locator("[data-testid=stMain]")


def publish(tab, reason: str) -> None:
    write(tab, "lab_reason", reason)
    press(tab, "lab_publish")


@pytest.mark.long
def test_every_slider_changes_shares_that_sum_to_one_hundred(director):
    assert shares(director) == [25, 25, 25, 25]
    assert card(director, "enters") == "0" and card(director, "rank_agreement") == "1"
    for factor in FACTORS:
        before = int(slider(director, factor).input_value())
        move(director, factor, 9)
        expect(slider(director, factor)).to_have_value(str(before + 9))
        assert sum(shares(director)) == 100
    move(director, "winnability", -shares(director)[3])  # to 0
    expect(slider(director, "winnability")).to_have_value("0")
    expect(director.locator(".st-key-lab_cards_enters .value")).not_to_have_text("0")
    assert float(card(director, "rank_agreement")) < 1


@pytest.mark.long
def test_what_weighs_nothing_takes_part_again_where_nothing_else_does(director):
    slider(director, "potential").focus()
    director.keyboard.press("End")  # to 100
    answered(director)
    assert shares(director) == [0, 100, 0, 0]
    expect(director.locator(".st-key-lab_cards_keys")).to_be_visible()
    move(director, "potential", -1)
    assert shares(director) == [1, 99, 0, 0]
    director.keyboard.press("Home")
    answered(director)
    assert shares(director) == [34, 0, 33, 33]


@pytest.mark.long
def test_top_floor_and_cut_points_move_the_key_set(director):
    published = int(card(director, "keys"))
    write(director, "lab_top", "10")
    expect(director.locator(".st-key-lab_cards_keys .value")).not_to_have_text(str(published))
    tenth = int(card(director, "keys"))
    assert tenth < published
    write(director, "lab_floor", "9")
    expect(director.locator(".st-key-lab_cards_keys .value")).not_to_have_text(str(tenth))
    write(director, "lab_top", "20")
    write(director, "lab_floor", "0")
    expect(director.locator(".st-key-lab_cards_keys .value")).to_have_text(str(published))

    director.get_by_text("Cut points of past revenue").click()
    write(director, "lab_cut_0", "99999999999")
    expect(main(director)).to_contain_text("The cut points must rise")
    press(director, "lab_propose")
    expect(director.locator(".st-key-lab_cards_keys .value")).to_have_text(str(published))


@pytest.mark.long
def test_a_group_can_have_its_own_top(director):
    published = int(card(director, "keys"))
    director.get_by_text("Top and floor of single groups").click()
    grid = director.locator("[class*='st-key-lab_groups_'] [data-testid=stDataFrame]")
    grid.scroll_into_view_if_needed()
    score(director, grid, 0, "100", column=1, at=0.45)  # the first group's top
    expect(director.locator(".st-key-lab_cards_enters .value")).not_to_have_text("0")
    assert int(card(director, "keys")) > published


@pytest.mark.long
def test_how_sure_draws_dots_and_the_map_of_two_weights(director):
    move(director, "potential", 5)
    expect(main(director)).to_contain_text("Not yet done for this draft")
    press(director, "lab_sure")
    director.locator(".st-key-lab_dots .js-plotly-plot").wait_for()
    director.locator(".st-key-lab_map .js-plotly-plot").wait_for()
    expect(main(director)).to_contain_text("Which weight would tip them?")
    move(director, "potential", 1)  # another draft: what was worked out is about the one before
    expect(director.locator(".st-key-lab_dots")).to_have_count(0)


@pytest.mark.writes
@pytest.mark.long
def test_who_is_overtaken_is_told_and_overwrites_nothing(director, chromium, server):
    move(director, "winnability", 10)
    with tab_on(chromium, server) as other:
        opened(other, f"{server}/key_accounts?role=director&tab=lab")
        move(other, "potential", 15)
        publish(other, "I was first")
        expect(main(other)).to_contain_text("Version 2 is published.")

        publish(director, "I was second")
        expect(main(director)).to_contain_text(
            "published version 2 (“I was first”) while you were working from version 1"
        )
        expect(main(director)).to_contain_text("nothing was overwritten")
        assert slider(director, "winnability").input_value() == "35"  # the draft is still there

        opened(other, f"{server}/key_accounts?role=director")
        expect(main(other)).to_contain_text("I was first")
        expect(main(other)).not_to_contain_text("I was second")

    press(director, "lab_go_on")
    expect(director.locator(".st-key-lab_reason input")).to_have_value("I was second")
    press(director, "lab_publish")
    expect(main(director)).to_contain_text("Version 3 is published.")


@pytest.mark.long
def test_others_see_the_lab_and_cannot_publish(chromium, server):
    with tab_on(chromium, server) as tab:
        opened(tab, f"{server}/key_accounts?role=manager:east&tab=lab")
        expect(main(tab)).to_contain_text("Directors change and publish")
        expect(main(tab)).to_contain_text("Only directors may publish a profile.")
        for factor in FACTORS:
            assert slider(tab, factor).is_disabled()
        assert tab.locator(".st-key-lab_publish").count() == 0
        assert tab.locator(".st-key-lab_again_publish").count() == 0


@pytest.mark.long
def test_a_row_of_the_ranking_leads_to_the_accounts_page(director):
    turn(director, 0)
    open_named(director, "key_ranking")
    link = director.get_by_role("link", name=re.compile("Open the page of"))
    name = link.inner_text().removeprefix("Open the page of ")
    link.click()
    expect(director.locator("h1")).to_contain_text(name)
    assert "account=" in director.url and "role=director" in director.url


@pytest.mark.long
def test_a_draft_waits_while_its_author_looks_at_another_page(director):
    move(director, "potential", 15)
    write(director, "lab_top", "12")
    drafted = card(director, "keys")
    go_to(director, "Today", "Overview")
    go_to(director, "Accounts", "Key accounts")
    turn(director, 1)
    expect(director.locator(".st-key-lab_cards_keys .value")).to_have_text(drafted)
    assert slider(director, "potential").input_value() == "40"
