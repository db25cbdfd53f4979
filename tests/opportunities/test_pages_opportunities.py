"""The page Opportunities without a browser: its sentence, cut lines, a deal judged, who may, and what is missing."""

import pytest
from streamlit.testing.v1 import AppTest

from data_access import profiles
from data_access.engine import DATABASE_VARIABLE
from tests import pages
from tests.independent.product import report
from tests.pages import ENGLISH_WORD, HAN, said, words

DEAL = "D003727"  # in the west; no value yet; we are even, on a territory that its purchases make ours


def opened(language: str = "en", **parameters) -> AppTest:
    return pages.opened("opportunities.py", language, **({"role": "director"} | parameters))


def rows_of(database) -> list[dict]:
    return report(database, "opportunities", [])["rows"]


def test_the_sentence_counts_what_the_report_counts(demo):
    rows = rows_of(demo)
    valued = sum(row["quadrant"] is not None for row in rows)
    best = sum(row["quadrant"] == "both" for row in rows)
    abnormal = sum(row["opening"] == "abnormal" for row in rows)
    text = said(opened())
    assert f"Of {len(rows)} open deals {valued} are valued; {best} of them" in text
    assert f"{abnormal} opened abnormally" in text


@pytest.mark.writes
def test_other_cut_lines_are_tried_by_everybody_and_published_by_directors(demo):
    app = opened(track="large", role="executive")
    assert "Only directors may publish other rules." in said(app)
    before = said(app)
    app.slider(key="value_cut_short_term_5.0").set_value(8.0).run()
    assert "You are trying other lines, for yourself. Published: 5 and 5." in said(app)
    assert said(app) != before

    app = opened(track="large")
    app.number_input(key="opportunity_value_short_term_0").set_value(8.0)
    app.text_input(key="opportunity_value_reason_0").set_value("Only what pays now")
    app.button(key="opportunity_value_publish").click().run()
    assert "Version 1 is published." in said(app)
    assert profiles.published(demo, None, "opportunity_value")["payload"].iloc[0] == {
        "short_term": 8.0, "long_term": 5.0
    }  # fmt: skip
    best = [row for row in rows_of(demo) if row["quadrant"] == "both"]
    assert best and all(row["short_term"] >= 8 for row in best)


@pytest.mark.writes
def test_an_abnormal_opening_needs_what_changed_and_can_be_undone(demo):
    app = opened(deal=DEAL)
    assert "came from us" in said(app)
    app.selectbox(key=f"opening_position_{DEAL}").set_value("behind")
    app.button(key=f"opening_save_{DEAL}").click().run()
    assert "What changed? is missing" in said(app)
    assert position(demo) == "even"
    app.selectbox(key=f"opening_position_{DEAL}").set_value("behind")
    app.text_input(key=f"opening_changed_{DEAL}").set_value("Their new CIO")
    app.button(key=f"opening_save_{DEAL}").click().run()
    assert position(demo) == "behind"
    assert "Opening: abnormal: crisis" in said(app)
    app.button(key="opening_undo").click().run()
    assert position(demo) == "even"


def position(database) -> str:
    return next(row["position"] for row in rows_of(database) if row["opportunity_id"] == DEAL)


def test_a_deal_elsewhere_is_not_shown_and_an_executive_may_not_judge(demo):
    app = opened(role="manager:east", deal=DEAL)
    assert f"There is no open deal {DEAL} that you may see" in said(app)
    assert not [button for button in app.button if button.key.startswith("opening_save")]
    looking = opened(role="executive", deal=DEAL)
    assert "Executive: may look, not enter." in said(looking)
    assert not [button for button in looking.button if button.key.startswith("opening_save")]
    assert opened(role="manager:west", deal=DEAL).button(key=f"opening_save_{DEAL}")


def test_tracks_stand_apart(demo):
    large, fast = (opened(track=track, tab="openings") for track in ("large", "fast"))
    rates = [
        next(table.value for table in app.dataframe if "win_rate" in table.value and len(table.value) == 3)
        for app in (large, fast)
    ]
    assert not rates[0].equals(rates[1])
    both = opened()
    assert [control.key for control in both.get("button_group")].count("opportunity_track") == 1


def test_in_chinese_no_english_is_left(demo):
    apps = [opened("zh", deal=DEAL, tab=tab) for tab in ("invest", "openings", "losses", "actions", "stop", "score")]
    text = "".join(map(said, apps))
    for term in ("商机评估", "短期价值", "长期价值", "我方地盘", "主动放弃", "关键动作", "已投入成本"):
        assert term in text
    bare = [one for app in apps for one in words(app) if ENGLISH_WORD.search(one) and not HAN.search(one)]
    assert [one for one in bare if "@" not in one] == []


def test_the_verdict_is_short_and_a_deal_in_the_address_opens_its_scores(demo):
    for language in ("en", "zh"):
        app = opened(language, deal=DEAL)
        verdict = next(one.value for one in app.markdown if one.value.startswith("**"))
        assert len(verdict.strip("*").replace("\\", "")) <= 90
        assert app.button(key=f"opening_save_{DEAL}") and "tab" not in app.query_params
    losses = opened(deal=DEAL, tab="losses")
    assert not [button for button in losses.button if button.key == f"opening_save_{DEAL}"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_export_without_judgements_says_what_would_fill_the_page(language, maven_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, maven_url)
    text = "".join(said(opened(language, tab=tab)) for tab in ("openings", "actions", "stop"))
    told = {
        "en": (
            "None of the 2,089 open deals is valued yet",
            "No deal with a known opening is closed",
            "Import key_action",
            "activity_cost, hourly_cost",
        ),
        "zh": (
            "2,089 个在途商机均未评价",
            "尚无已关单且开局已知的商机",
            "请导入 key_action",
            "activity_cost、hourly_cost",
        ),
    }
    for sentence in told[language]:
        assert sentence in text
