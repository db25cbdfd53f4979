"""Exports that say two things: each loads, its numbers are those of the case, and the import names and counts it."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.imports import load
from data_access.schema import opportunity
from tests.folders import FOLDER, dump, write_folder
from tests.independent.product import report

CASES = Path(__file__).parents[1] / "cases" / "import"
TODAY = date(2026, 11, 21)

SENTENCES = {
    "04-created-day-after-close": (
        "opportunity: 6 of 8 deals have a created_on after their closed_on "
        "(opportunity.csv line 2: d0 created 2026-02-01, closed 2025-10-15; "
        "opportunity.csv line 3: d1 created 2026-02-02, closed 2025-11-15; "
        "opportunity.csv line 4: d2 created 2026-02-03, closed 2025-12-15 …). "
        "They are loaded without created_on: the closing counts, the day of creation is unknown, and so is the cycle. "
        "If the export has the true day in another column, take created_on from that.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_case_loads_counts_as_expected_and_says_so(database, name):
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    loaded = load(database, CASES / name, today=TODAY)
    assert [warning for warning in loaded.warnings if "Left aside" not in warning] == list(SENTENCES[name])
    assert not any(counts.rejected for counts in loaded.tables.values())
    overview = report(database, "overview", [])
    values = expected.get("overview.values", {})
    assert {key: overview["values"][key] for key in values} == values
    before = dump(database)
    assert not any(
        counts.added + counts.changed for counts in load(database, CASES / name, today=TODAY).tables.values()
    )
    assert dump(database) == before


def test_a_deal_created_after_it_closed_keeps_all_but_that_day(database, tmp_path):
    deals = FOLDER["opportunity"].replace("2025-02-01,2025-04-01", "2025-05-01,2025-04-01")
    loaded = load(database, write_folder(tmp_path / "data", {"opportunity": deals}), today=TODAY)
    assert loaded.warnings[-1].startswith(
        "opportunity: 1 of 3 deals have a created_on after their closed_on "
        "(opportunity.csv line 4: d3 created 2025-05-01, closed 2025-04-01). They are loaded without created_on"
    )
    with database.connect() as connection:
        found = connection.execute(sa.select(opportunity).where(opportunity.c.opportunity_id == "d3")).one()
    assert (found.created_on, found.closed_on, found.stage) == (None, date(2025, 4, 1), "Lost")
