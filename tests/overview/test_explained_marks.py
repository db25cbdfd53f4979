"""The mark of a figure is explained as a card is: what its number counts, the rows it is narrowed to, its months."""

import ast
import re

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.metrics.definitions import DEFINITIONS
from data_access.engine import engine
from tests.pages import ROOT, behind, opened

in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
# Marks whose number nobody has defined: the rest of a funnel's deals, moves between two stages, whose turn it is, and
# what a button opens.
UNDEFINED = {"cohort_{segment}", "transition", "custom[0]", "Qualified out"}
MARKS = {  # page and tab → a mark, its number
    ("overview.py", "months"): ('overview_months:["2025-11-01"]', "won_amount"),
    ("pipeline.py", "movement"): ('pipeline_bridge:["won"]', "won"),
    ("leads.py", "months"): ('leads_cohorts:["2026-03-01","converted"]', "converted"),
    ("reps.py", "plans"): ('reps_plans_region:[0,"late"]', "planned_done_late"),
}


def drawer_of(app):
    [drawer] = app.get("dialog")
    return drawer


def walked(app, mark: str) -> pd.DataFrame:
    """The rows behind a mark, and then its explanation, by the way between them."""
    key = mark.partition(":")[0]
    rows = behind(app).value
    app.button(key=f"{key}_mark_explain").click().run()
    assert app.session_state["open"] == f"explain:{mark}" and not app.exception
    return rows


def told(app) -> str:
    """What the drawer says in sentences."""
    return "\n".join(one.value for one in drawer_of(app).markdown).replace("\\", "")


def counted(app) -> int:
    return int(re.search(r"^([\d,]+) (deal|lead|activit)", told(app), re.MULTILINE)[1].replace(",", ""))


@in_demo
@pytest.mark.parametrize(("place", "mark"), MARKS.items(), ids=[page for page, _tab in MARKS])
def test_it_says_what_the_number_counts_of_as_many_rows_as_the_list_has(place, mark, shown_from):
    (page, tab), (name, number) = place, mark
    app = opened(page, tab=tab, open=name)
    rows = walked(app, name)
    assert DEFINITIONS[number].en in told(app) and counted(app) == len(rows) > 0
    if number in ("won_amount", "converted"):  # whose population is declared
        out = drawer_of(app).dataframe[0].value["rows"]
        [everyone] = re.findall(r"You may see ([\d,]+); ([\d,]+) of them are not in it", told(app))
        assert [int(n.replace(",", "")) for n in everyone] == [out.sum() + len(rows), out.sum()]
    app.button(key="explained_rows_open").click().run()
    assert app.session_state["open"] == name and len(behind(app).value) == len(rows)


@in_demo
def test_its_months_and_the_statement_that_is_shown_give_the_mark(shown_from, demo_url):
    name, _number = MARKS["overview.py", "months"]
    app = opened(tab="months", open=f"explain:{name}")  # as a reload has it
    app.session_state["explained_statements"] = True
    app.run()
    n, months = counted(app), drawer_of(app).dataframe[-1].value.set_index("month")
    [sql, *_more] = [code.value for code in drawer_of(app).code if code.language == "sql"]
    asked, written = sql.partition("\n-- :")[0], re.findall(r"^-- :(\w+) = (.+)$", sql, re.MULTILINE)
    with engine(demo_url, only_look=True).connect() as connection:
        given = {key: ast.literal_eval(value) for key, value in written}
        amounts = [row.amount for row in connection.execute(sa.text(asked), given)]
    assert len(amounts) == n and len(months) == 13
    assert months.loc["2025-11-01"].item() == pytest.approx(sum(filter(None, amounts)) / 100)


@in_demo
def test_a_manager_is_told_of_their_own_rows_and_not_how_they_were_asked(shown_from):
    app = opened("leads.py", role="manager:east", tab="months", open=f"explain:{MARKS['leads.py', 'months'][0]}")
    app.session_state["explained_statements"] = True
    app.run()
    everyone = counted(opened("leads.py", tab="months", open=f"explain:{MARKS['leads.py', 'months'][0]}"))
    assert 0 < counted(app) < everyone and not any(code.language == "sql" for code in drawer_of(app).code)


@in_demo
def test_a_mark_that_the_page_has_not_is_not_explained(shown_from):
    for mark in ('leads_cohorts:["1999-01-01","won"]', 'pipeline_bridge:["won"]', "leads_cohorts:["):
        app = opened("leads.py", tab="months", open=f"explain:{mark}")
        assert not app.get("dialog") and app.session_state["open"] is None


def test_every_mark_says_which_number_it_is():
    sections = [path.read_text(encoding="utf-8") for path in (ROOT / "dashboard" / "sections").rglob("*.py")]
    calls = [node for text in sections for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    marks = [call for call in calls if ast.unparse(call.func) in ("Opened", "parts.Opened")]
    says = lambda call: len(call.args) > 5 or "number" in {word.arg for word in call.keywords}  # noqa: E731
    unsaid = [ast.unparse(call) for call in marks if not says(call)]
    assert len(unsaid) == len(UNDEFINED) and all(any(one in call for call in unsaid) for one in UNDEFINED)
