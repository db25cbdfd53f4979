"""Exports that say two things: each loads, its numbers are those of the case, and the import names and counts it."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.errors import ImportRefused
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
    "16-closing-day-other-than-history": (
        "opportunity: 2 deals have another closing day than their history "
        "(opportunity.csv line 2: d1 closed 2026-03-31, by its history 2026-04-02; "
        "opportunity.csv line 3: d2 closed 2026-03-30, by its history 2026-04-02). "
        "closed_on counts, in everything that goes by the closing. "
        'If the history is right, say closing_day = "history" in a mapping.',
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


FIRST_QUARTER = ["--from", "2026-01-01", "--to", "2026-03-31"]


def _closed(database, arguments: list[str]) -> dict:
    values = report(database, "overview", arguments)["values"]
    return {key: values[key] for key in ("won_count", "won_amount", "lost_count")}


def test_closed_on_is_the_closing_day_unless_a_mapping_takes_the_historys(database, tmp_path):
    case = CASES / "16-closing-day-other-than-history"
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    load(database, case, today=TODAY)
    in_the_quarter = _closed(database, FIRST_QUARTER)
    assert in_the_quarter == expected["either overview 2026-01-01..2026-03-31"]
    as_of = report(database, "overview", ["--as-of", "2026-03-31"])["values"]
    assert (as_of["open_count"], as_of["won_count"]) == (1, 1)
    bars = report(database, "bridge", FIRST_QUARTER)["values"]
    assert (bars["won"], bars["lost"], bars["closing"]) == (-100.0, -50.0, 10.0)

    mapping = tmp_path / "mine.toml"
    mapping.write_text('closing_day = "history"\n', encoding="utf-8")
    warnings = load(database, case, mapping=mapping, today=TODAY).warnings
    assert warnings[-1].startswith("opportunity: 2 deals have another closing day than their history (")
    assert warnings[-1].endswith("The history's day counts, as the mapping says.")
    assert _closed(database, FIRST_QUARTER) | {"won_amount": 0.0} == {
        "won_count": 0,
        "won_amount": 0.0,
        "lost_count": 0,
    }
    assert _closed(database, []) == in_the_quarter
    load(database, case, today=TODAY)
    assert _closed(database, FIRST_QUARTER) == in_the_quarter


REOPENED = {
    "opportunity": "opportunity_id,pipeline,stage,amount,created_on,closed_on\nd1,Sales,Won,7,2025-01-10,{closed_on}\n",
    "opportunity_history": (
        "opportunity_id,changed_at,stage\nd1,2025-01-10,Lead\nd1,2025-02-01,Lost\nd1,2025-03-01,Offer\n"
        "d1,2025-04-10,Won\n"
    ),
}


@pytest.mark.parametrize(("closed_on", "taken"), [("2025-03-01", "2025-03-01"), ("2025-02-01", "2025-04-10")])
def test_closed_on_speaks_of_the_last_closing_only(database, tmp_path, closed_on, taken):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in ({"stage": FOLDER["stage"]} | REOPENED).items():
        (folder / f"{name}.csv").write_text(text.format(closed_on=closed_on), encoding="utf-8")
    (sentence,) = load(database, folder, today=TODAY).warnings
    is_taken = closed_on == taken
    assert ("1 deals have another closing day than" in sentence) == is_taken
    assert ("1 deals have a closed_on from before they were last reopened" in sentence) != is_taken
    won = report(database, "deals", ["--of", "won", "--as-of", "2025-06-30"])
    assert [row["closed_on"] for row in won["rows"]] == [taken]
    february = ["--from", "2025-02-01", "--to", "2025-02-28", "--as-of", "2025-02-28"]
    assert report(database, "overview", february)["values"]["lost_count"] == 1


def test_a_closing_day_that_is_neither_is_refused_by_name(database, tmp_path):
    mapping = tmp_path / "mine.toml"
    mapping.write_text('closing_day = "histroy"\n', encoding="utf-8")
    with pytest.raises(ImportRefused, match="a `closing_day` that does not exist: 'histroy'. Did you mean 'history'"):
        load(database, CASES / "16-closing-day-other-than-history", mapping=mapping, today=TODAY)
