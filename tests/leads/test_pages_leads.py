"""The page "Leads and market": its numbers are the report's, its lists sum to their marks, managers see their own."""

import json

import pandas as pd
import pytest

from dashboard.figures.leads import outcomes as figures
from dashboard.figures.marks import BR
from dashboard.figures.style import LIGHT
from dashboard.words.formats import Formats
from data_access.engine import engine
from tests.independent.product import report
from tests.pages import closed, opened, words
from tests.rings import rings

pytestmark = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
YEAR = {"from": "2025-10-01", "to": "2026-09-30"}


def frame(app, column: str) -> pd.DataFrame:
    """The table that alone has such a column."""
    return next(table.value for table in app.dataframe if column in table.value.columns)


def test_the_tables_say_what_the_report_says(shown_from, demo_url):
    app = opened("leads.py", **YEAR)
    arguments = ["--from", YEAR["from"], "--to", YEAR["to"]]
    rows = {row["source"]: row for row in report(engine(demo_url), "leads", arguments)["rows"]}
    steps, rates = frame(app, "mql"), frame(app, "margin_per_cost")
    assert set(steps["label"]) == set(rows) and len(steps) == 7
    for row in steps.itertuples():
        ours = [rows[row.label][key] for key in ("leads", "mql", "sql", "converted", "won")]
        assert ours == [row.leads, row.mql, row.sql, row.converted, row.won]
    assert {row.label: row.cost for row in steps.itertuples()} == {name: row["cost"] for name, row in rows.items()}
    won_at = {name: row["cost_per_won"] for name, row in rows.items()}
    found = {row.label: row.cost_per_won for row in rates.itertuples()}
    assert {name: None if pd.isna(cost) else cost for name, cost in found.items()} == won_at


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_verdict_is_short_and_the_answer_below_it_has_the_rest(language, shown_from, demo_url):
    app = opened("leads.py", language, **YEAR)
    rows = report(engine(demo_url), "leads", ["--from", YEAR["from"], "--to", YEAR["to"]])["rows"]
    leads, converted, won = (sum(row[key] for row in rows) for key in ("leads", "converted", "won"))
    verdict = next(one.value for one in app.markdown if one.value.startswith("**")).strip("*").replace("\\", "")
    assert len(verdict) <= 90
    form = Formats("en", "CNY")
    for number in (form.count(leads), form.share(converted / leads), form.count(won)):
        assert number in verdict
    assert any(
        f"{form.count(converted)} became deals" in one or f"{form.count(converted)} 条转为" in one for one in words(app)
    )


def test_the_leads_behind_a_card_are_as_many_as_it_says(shown_from, subtests):
    app = opened("leads.py", **YEAR)
    warnings = len(app.warning)  # the alarms of the scissors
    for card in ("leads", "mql", "conversion", "leads_won"):
        with subtests.test(card=card):
            app.button(key=f"leads_cards_{card}_open").click().run()
            assert len(app.warning) == warnings  # else they would not add up
            assert len(frame(app, "lead_id")) > 10
            closed(app)
            assert not [table for table in app.dataframe if "lead_id" in table.value.columns]


def test_a_manager_sees_accounts_of_the_own_regions_only(shown_from):
    company, east = (opened("key_accounts.py", tab="slipping", role=role) for role in ("executive", "manager:east"))
    names = east.session_state["names"]["region"]
    own = {name for region, name in names.items() if region.startswith("east")}
    for table in ("why", "parties"):
        assert set(frame(east, table)["place"]) <= own
        assert 0 < len(frame(east, table)) < len(frame(company, table))


def test_where_no_cost_is_known_the_card_says_so(shown_from):
    east = opened("leads.py", role="manager:east")
    assert "no cost known" in " ".join(html.proto.body for html in east.get("html"))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "{n} accounts are orphaned with {amount} at risk (without {unknown} whose value is not known)"),
        ("zh", "{n} 个客户处于盲区，风险金额 {amount}（不含 {unknown} 个金额未知的客户）"),
    ],
)
def test_the_sentence_says_how_many_the_sum_at_risk_leaves_out(language, told, shown_from):
    app = opened("key_accounts.py", language, tab="slipping")
    at_risk = frame(app, "why")["value_at_risk"]
    amount = Formats("en" if language == "en" else "zh_CN", "CNY").money(at_risk.sum())
    told = told.format(n=len(at_risk), amount=amount, unknown=at_risk.isna().sum())
    assert at_risk.isna().any() and any(told in text.replace("\\", "") for text in words(app))


def test_a_filter_that_only_deals_know_is_said_to_say_nothing_of_conversion(shown_from):
    told = [warning.value for warning in opened("leads.py", track="large").warning]
    assert any("conversion says nothing then" in text for text in told)


# By page and tab: what is said there, in words or in a figure.
SAID = {
    ("leads.py", "sources"): {"en": ("usually under 5%", "immature"), "zh": ("通常低于 5%", "未成熟")},
    ("leads.py", "months"): {"en": ("usually under 5%",), "zh": ("通常低于 5%",)},
    ("leads.py", "nurture"): {"en": ("Half of the leads are answered",), "zh": ("一半线索在",)},
    ("key_accounts.py", "slipping"): {"en": ("handover",), "zh": ("次交接",)},
}


@pytest.mark.parametrize("language", rings(["en", "zh"]))
def test_each_tab_says_what_it_shows(language, shown_from):
    for (page, tab), told in SAID.items():
        app = opened(page, language, period="trailing_12_months", tab=tab)
        figures = [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in app.get("plotly_chart")]
        text = "\n".join([*words(app), *figures]).replace("\\", "")
        assert [part for part in told[language] if part not in text] == [], (page, tab)


def test_an_immature_cohort_is_hollow_or_hatched_and_the_alarm_shaded(shown_from):
    form = Formats("en", "CNY")
    group = {"key": ["fair"], "label": "Fair", "conversion": 0.1, "low": 0.05, "high": 0.2, "leads": 20, "converted": 2}
    groups = pd.DataFrame([group | {"is_immature": True}, group | {"key": ["web"], "is_immature": False}])
    words = dict.fromkeys(("axis", "mark", "of", "immature", "nothing", "converted", "won", "undecided"), "")
    drawn = figures.conversion(groups, mark=0.05, words=words, formats=form, tokens=LIGHT)
    assert list(drawn.data[0].marker.color) == [LIGHT.background, LIGHT.accent]
    assert list(drawn.data[0].customdata) == [["fair"], ["web"]]

    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01", "2026-02-01"]),
            "leads": 20, "converted": 2, "won": 1, "conversion": 0.1, "won_share": 0.05,
            "is_immature": [False, True], "undecided_share": [0.1, 0.5],
        }
    )  # fmt: skip
    bars = figures.cohorts(months, mark=0.05, words=words, formats=form, tokens=LIGHT).data
    assert [list(bar.marker.pattern.shape) for bar in bars] == [["", "/"]] * 2
    assert bars[1].customdata[0] == ["2026-01-01", "won"]

    periods = pd.DataFrame({"end": pd.to_datetime(["2025-12-31", "2026-03-31"]), "in_alarm": [False, True]})
    indexes = {f"{name}_index": [100.0, 110.0] for name in ("cost", "revenue", "margin")}
    amounts = dict.fromkeys(("cost", "revenue", "margin"), 1.0)
    words = dict.fromkeys(("cost", "revenue", "margin", "axis", "nothing"), "")
    drawn = figures.scissors(periods.assign(**indexes, **amounts), words=words, formats=form, tokens=LIGHT)
    assert len(drawn.layout.shapes) == 1 and len(drawn.data) == 3
    assert list(drawn.layout.xaxis.ticktext) == [
        "Dec",
        f"Mar{BR}2026",
    ]  # on a phone two years would run into each other
