"""The line over a table that says what all its rows come to: what the cards and plain sums say, in both languages."""

import pandas as pd
import pytest

from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps import team
from dashboard.words.formats import Formats
from data_access.engine import engine
from tests.independent.product import report
from tests.pages import opened, words

TOGETHER = {"en": "Together: ", "zh": "合计："}
YEAR = {"from": "2025-10-01", "to": "2026-09-30"}


def lines(app) -> list[str]:
    """What is said over the tables, without the stars of its numbers."""
    return [one.value.replace("\\", "").replace("**", "") for one in app.caption]


@pytest.mark.parametrize("language", TOGETHER)
@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_all_sources_together_are_the_sums_of_the_report_and_the_ratios_of_these(language, shown_from, demo_url):
    rows = report(engine(demo_url), "leads", ["--from", YEAR["from"], "--to", YEAR["to"]])["rows"]
    sums = {key: sum(row[key] for row in rows) for key in ("leads", "mql", "sql", "converted", "won", "cost")}
    form = Formats({"en": "en", "zh": "zh_CN"}[language], "CNY")
    app = opened("leads.py", language, **YEAR)
    [counts, rates] = [line for line in lines(app) if line.startswith(TOGETHER[language])]
    for number in [*(form.count(sums[key]) for key in ("leads", "mql", "sql", "converted", "won")), "cost"]:
        assert f" {form.money(sums['cost']) if number == 'cost' else number}" in counts
    mean = sum(row["mql"] / row["leads"] for row in rows) / len(rows)
    of_all = sums["mql"] / sums["leads"]
    assert form.share_in_table(of_all) != form.share_in_table(mean) and f" {form.share_in_table(of_all)} ·" in rates
    assert f" {form.money(sums['cost'] / sums['won'])} ·" in rates
    steps = next(table.value for table in app.dataframe if "mql" in table.value)
    assert list(steps["leads"]) == sorted((row["leads"] for row in rows), reverse=True)  # as the line says


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_every_rep_has_a_bar_and_a_line_and_all_together_are_the_cards(shown_from, demo_url):
    app = opened("reps.py", tab="everyone")
    rows = next(table.value for table in app.dataframe if "weeks" in table.value)
    told = next(line for line in lines(app) if line.startswith("Together") and "Target" in line)
    cards = " ".join(words(app) + [one.proto.body for one in app.get("html")])
    form = Formats("en", "CNY")
    for number in (form.count(rows["completed"].sum()), form.money(rows["target_amount"].sum())):
        assert number in told and number in cards
    assert [sum(weeks) for weeks in rows["weeks"]] == rows["completed"].tolist() and rows["completed"].max() > 20
    known = rows[rows["target_amount"].notna()]
    exact = 100 * known["won_amount"].astype(float) / known["target_amount"].astype(float)
    assert known["attainment"].tolist() == pytest.approx(exact.tolist()) and exact.max() > 100


def test_groups_together_have_the_ratio_of_the_whole():
    groups = pd.DataFrame({name: [1, 3] for name in team.SUMMED}).assign(
        planned_done_on_time=[1, 0], planned_done_late=0, planned_overdue=[0, 3], accounts_touched=[1, 0],
        won_amount=[10.0, 0.0], target_amount=[5.0, 15.0], attainment=[2.0, 0.0],
    )  # fmt: skip
    whole = team.whole(groups)
    assert (whole["reps"], whole["on_time_share"], whole["touched_share"], whole["attainment"]) == (4, 0.25, 0.25, 0.5)
    assert pd.isna(team.whole(groups.assign(won_amount=[10.0, None]))["attainment"])  # of what is not known, nothing


def test_a_line_names_no_number_that_the_whole_lacks(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(parts.st, "caption", said.append)
    columns = {
        "name": Column("Region"), "won": Column("Won_by_all", "money"), "share": Column("Share", "share", n="n"),
        "n": Column("Cases", "count"), "used": Column("Used", "bar"), "gap": Column("Gap", "money"),
    }  # fmt: skip
    total = {"name": "all", "won": 1_200_000, "share": 7 / 9, "n": 9, "used": 1.25, "gap": None}
    form = Formats("en", "CNY")
    parts._above(columns, total, "By name.", form)
    parts._above(columns, dict.fromkeys(columns), "", form)
    parts._above(columns, None, "By name.", form)
    assert [line.replace("\\", "") for line in said] == [
        "**Together: Won_by_all ¥1.2M · Share 7/9 · Cases 9 · Used 125.0%.** By name.",
        "By name.",
    ]
