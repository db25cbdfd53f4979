"""How a database goes about each question: it reads nothing whole for each row of something else.

SQLite's planner is given no statistics here, nor by an import, so that its plan is the same for any number of rows.
PostgreSQL's has those of a small organisation, where the rows left by several conditions are taken for one as they are
where there are thousands.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from dashboard.__main__ import REPORTS
from dashboard.answers import asking
from dashboard.reports import as_text, contents
from data_access.engine import DATABASE_VARIABLE, engine, rows_of
from data_access.forecast import deciding
from data_access.lists import BEHIND, deal_list
from data_access.schema import account, assignment, rep
from tests.database.test_copies import fill
from tests.pages import ROOT, opened
from tests.rings import rings
from tests.ui_fixtures import copied

_organisation = partial(fill, seed=1)
_MORE = {"pipeline": "one", "track": "large", "product": "one", "source": "one", "segments": ("one",)}
_OF_A_FEW = ("SCAN CONSTANT ROW", "SCAN days", "SCAN moments")  # the days that are asked about: two or so
_FILTERS = ({"regions": ("group",), "owner": "r1"}, {}, {"regions": ("group",)}, _MORE)


@contextmanager
def listening() -> Iterator[dict[str, object]]:
    """Every statement that is run meanwhile, with what it was given last."""
    found: dict[str, object] = {}

    def keep(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith(("SELECT", "WITH")):
            found[statement] = parameters

    sa.event.listen(sa.Engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", keep)


def ask_reports(database: sa.Engine, filters: Mapping[str, object]) -> None:
    known: dict[tuple, object] = {}

    def ask(question, scope, *arguments, **named):
        key = question, scope, repr(arguments), repr(named)
        if key not in known:
            known[key] = question(database, scope, *arguments, **named)
        return known[key]

    for name in REPORTS:
        contents.answer(ask, as_text.everything(ask).but(**filters), name, contents.Wishes())


@pytest.mark.parametrize("filters", rings(_FILTERS))
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_no_question_of_a_report_reads_anything_whole_for_each_row(filters, database_after):
    database = database_after(_organisation)
    with listening() as asked:
        ask_reports(database, filters)
    assert len(asked) > 60
    assert {text: found for text in asked if (found := read_for_each_row(database, text, asked[text]))} == {}


def read_for_each_row(database: sa.Engine, statement: str, parameters) -> list[str]:
    """The steps of SQLite's plan that go through all rows of a table or sub-select, for each row of those before."""
    with database.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps, named = defaultdict(list), {}
    for number, within, _, said in plan:
        named[number] = said
        if said.startswith(("SCAN ", "SEARCH ")) and said not in _OF_A_FEW:
            steps[within].append(said)
    found = []
    for within, loops in steps.items():
        is_asked_per_row = named.get(within, "").startswith("CORRELATED ")
        inner = loops if is_asked_per_row else loops[1:]
        found += [said for said in inner if said.startswith("SCAN ")]
    return found


def test_what_is_read_for_each_row_is_found(sqlite):
    """As the owners of accounts were asked for at first: seconds at 6,000 accounts."""
    a, latest = assignment.c, sa.func.row_number().over(partition_by=assignment.c.subject_id).label("place")
    begun = sa.select(a.subject_id, a.rep_id, latest).where(a.subject_kind == "account").subquery("begun")
    is_last = sa.and_(begun.c.subject_id == account.c.account_id, begun.c.place == 1)
    of_each = sa.select(account.c.account_id, begun.c.rep_id).select_from(account.outerjoin(begun, is_last))
    other = account.alias()
    older = sa.select(sa.func.count()).where(other.c.created_on < account.c.created_on).scalar_subquery()
    statements = [of_each, sa.select(account.c.account_id, older.label("older")), sa.select(account.c.account_id)]
    with listening() as asked, sqlite.connect() as connection:
        for statement in statements:
            connection.execute(statement)
    found = [read_for_each_row(sqlite, text, given) for text, given in asked.items()]
    assert found == [["SCAN begun LEFT-JOIN"], ["SCAN account_1"], []]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)  # so in the long ring
def test_no_list_of_deals_works_anything_out_for_each_of_them(database_after):
    database = database_after(_organisation)
    with database.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    everything = as_text.everything(asking(database))
    keys = tuple(deal_list(database, everything, "open")["opportunity_id"])
    mark = {"pipeline": "one", "track": "large", "stage_name": "Prove", "rank": 2}
    with listening() as asked:
        for what in BEHIND:
            deal_list(database, everything, what, **mark)
        deciding.lately(database, everything, everything.as_of - timedelta(days=7), keys)
    assert len(asked) > 15
    assert {text: found for text in asked if (found := worked_out_for_each_row(database, text, asked[text]))} == {}


def worked_out_for_each_row(database: sa.Engine, statement: str, parameters) -> list[str]:
    """The steps of PostgreSQL's plan that sort, number or sum again for each row of those before."""
    with database.connect() as connection:
        ((plan,),) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON, COSTS OFF) {statement}", parameters).all()
    return list(_again(plan[0]["Plan"], is_inner=False))


def _again(step: dict, is_inner: bool) -> Iterator[str]:
    kind = step["Node Type"]
    if is_inner and kind in ("WindowAgg", "Aggregate", "Sort"):
        yield kind
    for below in step.get("Plans", ()):
        if below["Parent Relationship"] == "InitPlan" or kind in ("Materialize", "Memoize", "Hash"):
            yield from _again(below, is_inner=False)  # once
        else:
            begins = kind == "Nested Loop" and below["Parent Relationship"] == "Inner"
            yield from _again(below, is_inner or begins or below["Parent Relationship"] == "SubPlan")


@pytest.mark.long
@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "pages").glob("*.py")))
def test_no_question_of_a_page_reads_anything_whole_for_each_row(page, demo_url, tmp_path, monkeypatch):
    url = copied(demo_url, tmp_path)  # of which nothing is kept
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    database, about = engine(url), {"account.py": account.c.account_id, "rep.py": rep.c.rep_id}.get(page)
    chosen = {} if about is None else {page.removesuffix(".py"): rows_of(database, sa.select(sa.func.min(about)))[0][0]}
    with listening() as asked:
        opened(page, **chosen)
    assert asked
    assert {text: found for text in asked if (found := read_for_each_row(database, text, asked[text]))} == {}
