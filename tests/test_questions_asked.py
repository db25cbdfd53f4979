"""How many questions a page asks of the database when nothing of it is kept yet: few, and none of them twice."""

from collections import Counter

import pytest
import sqlalchemy as sa

from data_access.engine import DATABASE_VARIABLE
from tests.pages import opened
from tests.rings import rings
from tests.ui_fixtures import copied

# More than a third of the Overview's are the leak list's, one or two per rule; one is where one begins. A list of
# open deals is two: its next steps are asked of its deals alone.
MOST = {"overview.py": 90, "pipeline.py": 20, "forecast.py": 33}
# What is asked before each answer that is kept: whether it still holds.
OF_THE_STATE = (
    "SELECT data_state.",
    "SELECT sum(fact_version.",
    "SELECT setting.",
    "SELECT alembic_version.",
    "SELECT name FROM sqlite_master",
)


@pytest.mark.parametrize(("page", "most"), rings(MOST.items()))
def test_a_page_asks_little_and_nothing_twice(page, most, demo_url, tmp_path, monkeypatch):
    url = copied(demo_url, tmp_path)  # of which nothing is kept
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    asked: Counter[tuple[str, str]] = Counter()

    def count(_connection, _cursor, statement, parameters, context, _many):
        assert context.compiled is None or context.compiled.cache_key, f"is put into words each time: {statement}"
        if statement.startswith(("SELECT", "WITH")) and not statement.startswith(OF_THE_STATE):
            asked[statement, repr(parameters)] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        opened(page)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
    assert [statement for (statement, _), times in asked.items() if times > 1] == []
    assert 10 < sum(asked.values()) <= most
