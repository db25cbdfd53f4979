"""The page Attention in a real browser: the list narrowed, a leak followed to where it is mended,
put aside and taken back, a threshold published; and the Overview's top five. See test_browser.py."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from dashboard.answers.attention.leaks import RULES
from dashboard.metrics.definitions import DEFINITIONS
from tests.browser_fixtures import (
    answered,
    choose,
    close_drawer,
    needs_chromium,
    opened,
)

pytestmark = needs_chromium


def show(tab, server: str, language: str, role: str = "director", path: str = "attention", subject: str = "reasons"):
    return opened(tab, f"{server}/{path}?role={role}&lang={language}&tab={subject}")


def rule(name: str, language: str) -> str:
    return DEFINITIONS[f"leak_{name}"].label(language)


def pill(tab, name: str, language: str):
    return tab.locator(".st-key-leaks_rules button", has_text=rule(name, language))


def number(text: str) -> int:
    """The number a text has in it."""
    return int(re.search(r"\d[\d,]*", text).group().replace(",", ""))


def lines(tab, count: str | int = r"[\d,]+"):
    """What says how many lines the list has."""
    return tab.get_by_text(re.compile(rf"^{count}( lines?\. (A|Its) name| 条，点击)"))


def listed(tab) -> int:
    """How many lines the list says it has."""
    return number(lines(tab).inner_text())


def cell(tab, key: str, column: int, row: int = 0):
    """A cell of a table, which the canvas has for screen readers."""
    return tab.locator(f"[class*=st-key-{key}] [data-testid=glide-cell-{column}-{row}]")


def bring(tab, key: str) -> None:
    """Scrolls to a table."""
    tab.locator(f"[class*=st-key-{key}]").first.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)  # the canvas is drawn after its element stands


def click_row(tab, key: str, x: int = 300) -> None:
    """Clicks the first row of a table, so many pixels from its edge."""
    bring(tab, key)
    box = tab.locator(f"[class*=st-key-{key}] canvas").first.bounding_box()
    tab.mouse.click(box["x"] + x, box["y"] + 52)
    answered(tab)


def click_name(tab, key: str) -> None:
    """Opens the line of the first row of a table."""
    click_row(tab, key, x=25)


def narrow(tab, key: str, name: str) -> None:
    """Picks from a list that narrows the page."""
    choose(tab, key, name)
    answered(tab)


@pytest.mark.long
def test_rules_owner_and_region_narrow_the_list(page, server, language):
    page.set_viewport_size({"width": 2_000, "height": 900})  # every column in sight
    show(page, server, language)
    all_of_them = listed(page)
    pills = page.locator(".st-key-leaks_rules button")
    expect(pills).to_have_count(len(RULES))
    assert sum(number(text) for text in pills.all_inner_texts()) == all_of_them

    chosen = pill(page, "pushed", language)
    of_rule = number(chosen.inner_text())
    chosen.click()
    answered(page)
    assert listed(page) == of_rule
    expect(cell(page, "leaks_list", 1)).to_have_text(rule("pushed", language))

    owner = cell(page, "leaks_list", 4).text_content()
    narrow(page, "leaks_owner", owner)
    of_owner = listed(page)
    assert 0 < of_owner < of_rule
    region = cell(page, "leaks_list", 6).text_content()
    narrow(page, "leaks_region", region)
    assert 0 < listed(page) <= of_owner
    expect(cell(page, "leaks_list", 4)).to_have_text(owner)
    expect(cell(page, "leaks_list", 6)).to_have_text(region)


@pytest.mark.long
def test_a_bar_narrows_the_list_to_its_rule_and_back(page, server, language):
    show(page, server, language)
    all_of_them = listed(page)
    bars = page.locator(".st-key-leaks_by_rule .bars .point path")
    for narrows in (True, False):
        bars.nth(1).scroll_into_view_if_needed()
        page.wait_for_timeout(500)  # what was drawn before may still move it
        box = bars.nth(1).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        answered(page)
        of_rule = page.locator(".st-key-leaks_rules button", has_text=cell(page, "leaks_list", 1).text_content())
        expect(lines(page, number(of_rule.inner_text()) if narrows else all_of_them)).to_be_visible()


# By rule: what its leak says, and where it is mended.
MENDED = {
    "coverage": (r"coverage [\d.]+×, needed|覆盖 [\d.]+×，按", ["pipeline"]),
    "silent": (r"no two-way contact|没有双向联系", ["account"]),
    "overload": (r"hours booked|已排 [\d.]+ 小时", ["support"]),
    "contested": (r"at the same time|同时在做", ["key_accounts", "account"]),
    "pushed": (r"put off \d+ times|已推迟 \d+ 次", ["opportunities", "pipeline", "account"]),
}


@pytest.mark.long
def test_a_row_opens_the_leak_and_the_ways_to_where_it_is_mended(page, server, language):
    show(page, server, language)
    one = page.get_by_role("dialog")
    links, paths = one.locator("a"), []
    for name, (why, places) in MENDED.items():
        pill(page, name, language).click()
        answered(page)
        subject, whose = (cell(page, "leaks_list", column).text_content() for column in (0, 4))
        click_name(page, "leaks_list")
        amount = re.compile(r"¥[\d,.]+ at risk|风险金额 ¥[\d,.]+")
        for told in (rule(name, language), subject, re.compile(why), amount, whose):
            expect(one).to_contain_text(told)
        expect(links.first).to_be_visible()  # they come after the words
        paths = [urlsplit(link.get_attribute("href")).path.strip("/") for link in links.all()]
        assert paths == places + (["rep"] if whose else [])  # some accounts are nobody's, and so is a person's week
        if name != "pushed":
            close_drawer(page)
            pill(page, name, language).click()
            answered(page)
    assert paths[-1] == "rep"
    for path in paths:
        if not links.count():  # back at the list, which is as it was left, its line open
            page.go_back()
            answered(page)
            links.first.wait_for()
        links.nth(paths.index(path)).click()
        page.wait_for_url(re.compile(f"/{path}\\?"))
        answered(page)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        query = parse_qs(urlsplit(page.url).query)
        assert query["role"] == ["director"] and query.get("lang", [language]) == [language]
        narrower = {"opportunities": "deal", "account": "account", "rep": "rep"}.get(path)
        if narrower:
            assert query[narrower]
        if path == "pipeline":
            assert query.get("owner") or query.get("region")


@pytest.mark.writes
@pytest.mark.long
def test_a_line_is_given_to_somebody_and_taken_back(page, server, language):
    """It leaves the week for who has it, stands among what was given, and comes back."""
    show(page, server, language, subject="week")
    bring(page, "leaks_week")
    subject, owner = (cell(page, "leaks_week", column).text_content() for column in (0, 3))
    before = page.get_by_text(re.compile(r"^\d+ lines are given|^已交办 \d+ 条")).last.inner_text()

    click_name(page, "leaks_week")
    expect(page.get_by_role("dialog")).to_contain_text(subject)
    to = page.locator("[class*=st-key-line_to_] input")
    expect(to).to_have_value(re.compile(re.escape(owner)))  # whose it is, unless somebody else is chosen
    page.locator("[class*=st-key-line_note_] input").fill("Ask for a date by Friday")
    page.locator(".st-key-line_send button").click()
    expect(page.locator(".st-key-given_saved")).to_contain_text(subject)
    answered(page)
    assert cell(page, "leaks_week", 0).text_content() != subject
    expect(cell(page, "given_list", 0)).to_have_text(subject)
    expect(cell(page, "given_list", 1)).to_have_text({"en": "still there", "zh_CN": "仍在"}[language])
    expect(cell(page, "given_list", 3)).to_have_text(owner)
    expect(cell(page, "given_list", 6)).to_have_text("Ask for a date by Friday")
    click_row(page, "given_list")
    page.locator(".st-key-given_take_back button", has_text=subject).click()
    answered(page)
    expect(page.get_by_text(before)).to_be_visible()
    expect(cell(page, "leaks_week", 0)).to_have_text(subject)

    page.locator(".st-key-given_beside label").first.click()
    answered(page)
    bring(page, "given_beside_rows")
    expect(cell(page, "given_beside_rows", 1)).to_have_text({"en": "given", "zh_CN": "已交办"}[language])
    expect(cell(page, "given_beside_rows", 1, 1)).to_have_text({"en": "given to nobody", "zh_CN": "未交办"}[language])


@pytest.mark.writes
@pytest.mark.long
def test_a_director_publishes_thresholds_and_the_list_follows(page, server, language):
    """Fewer pushes are a leak, and what rests on fewer than 300 deals is muted."""
    show(page, server, language)
    pushed = number(pill(page, "pushed", language).inner_text())
    rules = page.locator(".st-key-attention_rules")
    rules.locator("summary").click()
    for key, value in (("pushes", "2" if language == "en" else "1"), ("least_n", "300")):
        field = page.locator(f"[class*=st-key-attention_{key}_] input")
        field.fill(value)
        field.press("Tab")
    publish = page.locator(".st-key-attention_publish button")
    publish.click()
    expect(rules).to_contain_text(re.compile("published with a reason|须写明理由"))
    reason = page.locator("[class*=st-key-attention_reason_] input")
    reason.fill("A closer look before the year ends")
    reason.press("Tab")
    publish.click()
    expect(rules).to_contain_text(re.compile(r"Version \d is published|第 \d 版已发布"))
    answered(page)
    expect(pill(page, "pushed", language)).not_to_contain_text(f"({pushed})")
    assert number(pill(page, "pushed", language).inner_text()) > pushed
    bring(page, "leaks_muted")
    expect(cell(page, "leaks_muted", 1)).to_have_text(rule("coverage", language))
    assert int(cell(page, "leaks_muted", 2).text_content()) < 300
    expect(page.locator("[data-testid=stMain]")).to_contain_text("A closer look before the year ends")
