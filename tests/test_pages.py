"""Every page, in both languages, over nothing, the demo organisation and a real export."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from data_access.engine import DATABASE_VARIABLE
from tests.independent.product import load
from tests.independent.random.organisations import write
from tests.pages import ENGLISH_WORD, HAN, LOCALES, ROOT, behind, closed, opened, said, tabs_of, too_wide, words
from tests.words.test_wording import METHOD

PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))
# Without a key in the address a list to choose from; a plan is still being worked out, or has no people;
# an export without support draws none of it; a board is empty until somebody fills it.
DRAWN_AT_LEAST = {
    "key_accounts.py": 1,
    "leads.py": 0,
    "account.py": 1,
    "forecast.py": 1,
    "rep.py": 1,
    "allocation.py": 0,
    "support.py": 0,
    "definitions.py": 0,
    "board.py": 0,
}  # others: 2
METHOD_IS_TOLD = {"definitions.py"}  # the help signs of all numbers, one below the other

# Says the whole scope like the Overview, and answers another one in a fifth of its time.
WITH_SCOPE = "key_accounts.py"


def verdict(app: AppTest) -> str:
    """The sentence that stands out on top."""
    return next(text.value for text in app.markdown if text.value.startswith("**")).strip("*").replace("\\", "")


def method_on_the_face(page: str, app: AppTest) -> list[str]:
    """The statisticians' names among a page's texts, which belong behind a help sign."""
    return [] if page in METHOD_IS_TOLD else METHOD.findall(said(app))


def cards(app: AppTest) -> int:
    """How many cards the page has."""
    return sum("class='kpi" in html.proto.body for html in app.get("html"))


def scope_in_words(app: AppTest) -> str:
    return next(caption.value for caption in app.caption if "as of" in caption.value)


@pytest.mark.parametrize(
    ("shown_from", "language"),
    [
        *(("demo", language) for language in LOCALES),
        *(("empty", language) for language in LOCALES),
        ("maven", "zh"),  # whose words are looked at one by one
        pytest.param("maven", "en", marks=pytest.mark.long),
    ],
    indirect=["shown_from"],
)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(page, language, shown_from):
    app = opened(page, language)
    assert [error.value for error in app.error] == []
    assert too_wide(app) == [] and method_on_the_face(page, app) == []
    if shown_from == "empty":
        assert app.title[0].value == {"en": "No data yet", "zh": "暂无数据"}[language]
        assert [code.value for code in app.code] == [
            "python -m dashboard demo",
            "python -m dashboard import FOLDER",
        ]
    else:
        assert len(app.get("plotly_chart")) + len(app.dataframe) >= DRAWN_AT_LEAST.get(page, 2)
        assert 0 < len(verdict(app)) <= 90 and cards(app) <= 5
    if shown_from == "maven" and language == "zh":
        # The export's own names (regions, stages, people) are English; they never make up a whole text of ours.
        ours = [text for text in words(app) if ENGLISH_WORD.search(text)]
        assert [text for text in ours if not HAN.search(text)] == []


@pytest.mark.long
@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_a_verdict_is_short_of_an_ended_period_and_of_one_region(page, shown_from, subtests):
    for language, parameters in (("zh", {"period": "last_quarter"}), ("en", {"role": "manager:east"})):
        with subtests.test(language=language):
            app = opened(page, language, **parameters)
            assert 0 < len(verdict(app)) <= 90 and cards(app) <= 5


@pytest.mark.long
@pytest.mark.parametrize(("shown_from", "language"), [("demo", "en"), ("maven", "zh")], indirect=["shown_from"])
@pytest.mark.parametrize(("page", "tab"), [(page, tab) for page in PAGES for tab in tabs_of(page)[1:]])
def test_a_tab_opens(page, tab, language, shown_from):
    app = opened(page, language, tab=tab)
    assert [error.value for error in app.error] == []
    assert too_wide(app) == [] and method_on_the_face(page, app) == []
    if shown_from == "maven":
        ours = [text for text in words(app) if ENGLISH_WORD.search(text)]
        assert [text for text in ours if not HAN.search(text)] == []


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_url_sets_the_scope_and_stays_as_it_was(shown_from):
    region = units(opened(WITH_SCOPE))[0]
    given = {"region": region, "period": "last_quarter", "as_of": "2026-10-15", "track": "large"}
    app = opened(WITH_SCOPE, **given)
    assert app.selectbox(key="f_period").value == "last_quarter"
    assert app.multiselect(key="f_regions").value == [region]
    assert app.selectbox(key="f_track").value == "large"
    said = scope_in_words(app)
    assert "Last quarter (1 Jul 2026 – 30 Sep 2026)" in said
    assert "Large projects" in said and "as of 15 Oct 2026" in said
    assert app.query_params == given


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_browser_is_never_told_of_another_filter_than_the_chosen(shown_from):
    """It draws a widget by its default and hears the value later; a click in between would send the default back."""
    region = units(opened(WITH_SCOPE))[0]
    days = {"from": "2026-07-02", "to": "2026-09-08", "as_of": "2026-10-15"}
    given = days | {"role": "manager:east", "region": region, "track": "large", "lang": "zh_CN"}
    app = opened(WITH_SCOPE, **given)
    assert app.query_params == given
    kinds = (app.selectbox, app.multiselect, app.date_input)
    lists, several, days = ([one for one in kind if one.key.startswith(("f_", "lang"))] for kind in kinds)
    assert len(lists) > 5 and len(several) == 2 and len(days) == 2
    for one in lists:
        assert one.index == (one.proto.default if one.proto.HasField("default") else None), one.key
    for some in several:
        assert some.indices == list(some.proto.default), some.key
    assert [list(day.proto.default) for day in days] == [["2026-07-02", "2026-09-08"], ["2026-10-15"]]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_widget_writes_the_url(shown_from):
    app = opened(WITH_SCOPE)
    assert app.query_params == {}
    app.selectbox(key="f_period").select("last_month").run()
    assert app.query_params["period"] == "last_month"
    app.selectbox(key="f_period").select("this_quarter").run()
    assert app.query_params == {}  # the default is left out


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_filter_behind_the_button_is_named_beside_it_and_taken_back_by_its_name(shown_from, subtests):
    given = {"as_of": "2026-10-15", "segment": "key", "track": "large", "pipeline": "standard"}
    app = opened(WITH_SCOPE)
    given["segment"] = app.multiselect(key="f_segments").options[0]
    given["pipeline"] = app.selectbox(key="f_pipeline").options[0]
    named = {"as_of": "as of 15 Oct 2026", "track": "Large projects"} | {
        key: given[key] for key in ("segment", "pipeline")
    }
    widgets = {"as_of": "f_as_of", "segment": "f_segments", "track": "f_track", "pipeline": "f_pipeline"}
    app = opened(WITH_SCOPE, **given)
    for key, widget in widgets.items():
        with subtests.test(key=key):
            button = app.button(key=f"without_{widget}")
            assert button.label.replace("\\", "") == named[key]
            app = button.click().run()
            del given[key]
            assert app.query_params == given
    assert not [button for button in app.button if button.key and button.key.startswith("without_")]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_compared_region_is_entered_and_left(shown_from):
    app = opened("pipeline.py")
    inside = {button.label: button for button in app.button if button.label.startswith("Inside ")}
    assert len(inside) > 1
    label, button = next(iter(inside.items()))
    app = button.click().run()
    [chosen] = app.multiselect(key="f_regions").value
    assert button.key.endswith(f"_{chosen}") and f"Out of {label.removeprefix('Inside ')}" in words(app)
    app.button(key="pipeline_way_out").click().run()
    assert app.multiselect(key="f_regions").value == []


@pytest.mark.parametrize("shown_from", ["maven"], indirect=True)
def test_what_is_at_risk_is_not_known_without_amounts(shown_from):
    """No open deal of that export has an amount, and its accounts leak all the same."""
    told = said(opened())
    assert "To do first: look through Attention; what is at risk in its lines is not known." in told
    assert "What is at risk is not known: the open deals in these lines lack an amount or a probability." in told


@pytest.mark.parametrize("shown_from", ["maven"], indirect=True)
def test_a_bridge_to_an_unknown_amount_does_not_say_that_nothing_is_left(shown_from):
    app = opened("pipeline.py", tab="movement")
    assert "Open pipeline from ¥1.25M to –: what moved it?" in said(app)
    [bridge] = [chart.proto.spec for chart in app.get("plotly_chart") if "pipeline_bridge" in chart.proto.id]
    assert json.loads(bridge)["layout"]["yaxis"]["ticktext"][-2:] == ["Left out", "Removed"]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_language_switch_keeps_the_filters(shown_from):
    app = opened(WITH_SCOPE, period="last_quarter")
    app.selectbox(key="lang").select("zh_CN").run()
    assert app.title[0].value == "大客户"
    assert app.selectbox(key="f_period").value == "last_quarter"
    assert app.query_params["lang"] == "zh_CN"


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_past_is_said_to_be_the_past(shown_from):
    assert opened(WITH_SCOPE).warning == []
    assert "looking at the past" in opened(WITH_SCOPE, as_of="2026-03-31").warning[0].value


@pytest.mark.parametrize("shown_from", ["demo", "maven"], indirect=True)
def test_nonsense_in_the_url_is_named_and_left_aside(shown_from):
    app = opened(WITH_SCOPE, period="tomorrow", as_of="yesterday")  # what would widen shows nothing: test_nothing_shown
    notice = app.warning[0].value.replace("\\", "")
    for nonsense in ("period=tomorrow", "as_of=yesterday"):
        assert nonsense in notice
    assert "All regions" in scope_in_words(app)
    assert app.query_params == {}


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_manager_sees_and_chooses_their_own_regions_only(shown_from):
    everybody = opened(WITH_SCOPE)
    unit, other = units(everybody)[:2]
    app = opened(WITH_SCOPE, role=f"manager:{unit}", region=[unit, other])
    assert f"region={other}" in app.warning[0].value.replace("\\", "")
    assert app.session_state["scope"].regions == (unit,)
    assert len(app.multiselect(key="f_regions").options) < len(everybody.multiselect(key="f_regions").options)
    assert app.session_state["scope"].person.regions == (unit,)
    assert app.session_state["names"]["region"][unit] in scope_in_words(app)


def units(app: AppTest) -> list[str]:
    """The regions right below the top."""
    return [region for region, depth in app.session_state["names"]["region_depth"].items() if depth == 1]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_deals_behind_a_card_sum_to_it(shown_from, subtests):
    app = opened()
    for card in ("won_amount", "open_amount", "win_rate_count", "pipeline_created_amount"):
        with subtests.test(card=card):
            app.button(key=f"cards_{card}_open").click().run()
            assert app.warning == []  # which would say that they do not
            assert len(behind(app).value) > 10
            assert not closed(app).get("dialog")


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_an_open_card_follows_the_filters(shown_from):
    app = opened(open="cards:won_amount")
    everything = len(behind(app).value)
    app.selectbox(key="f_track").select("large").run()
    assert 0 < len(behind(app).value) < everything
    assert [warning.value for warning in app.warning] == []


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_card_without_deals_opens_an_empty_list(shown_from):
    app = opened(**{"from": "2030-01-01", "to": "2030-03-31", "open": "cards:won_amount"})
    assert [error.message for error in app.exception] == []
    assert any("No deals here" in element.value for element in app.markdown)


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_a_page_that_is_not_registered_does_not_open(shown_from):
    app = opened()
    with pytest.raises(ValueError):
        app.switch_page("../pages/nobody.py").run()


@pytest.mark.parametrize("shown_from", ["maven"], indirect=True)
def test_where_no_owner_was_imported_nobody_is_said_to_look_after_accounts(shown_from):
    assert "No owner and no activity was imported" in said(opened("key_accounts.py", tab="slipping"))


@pytest.mark.parametrize("shown_from", ["maven"], indirect=True)
def test_where_nobody_has_a_stage_none_is_said_to_be_level(shown_from):
    told = said(opened("life_stage.py"))
    assert "**No rep has a stage yet" in told and "Level:" not in told


def test_where_no_deal_has_a_creation_date_the_card_says_so(sqlite, tmp_path, monkeypatch):
    stages = [{"pipeline": "p", "stage": stage, "position": 1, "kind": stage} for stage in ("open", "won")]
    deals = [
        {"opportunity_id": "a", "pipeline": "p", "stage": "won", "closed_on": "2026-01-09", "amount": "10"},
        {"opportunity_id": "b", "pipeline": "p", "stage": "open", "amount": "20"},
    ]
    load(sqlite, write({"stage": stages, "opportunity": deals}, tmp_path / "closings"))
    monkeypatch.setenv(DATABASE_VARIABLE, sqlite.url.render_as_string())
    assert "no deal has a creation date" in "".join(html.proto.body for html in opened().get("html"))
