"""Small exports of which somebody found a wrong number: what `report` says of them as of a day.

Each folder of `tests/cases/import` has them as they came, with a README on what was wrong.
"""

import json
from pathlib import Path

import pytest

from tests.independent.product import load, report

CASES = Path(__file__).parents[1] / "cases" / "import"


def lines_of(database, rule: str, day: str) -> dict[str, int]:
    """The days of a rule's lines, by deal."""
    rows = report(database, "attention", ["--as-of", day])["rows"]
    return {row["subject_id"]: row["days"] for row in rows if row["rule"] == rule}


def deal(database, key: str, day: str) -> dict:
    [row] = [row for row in report(database, "deals", ["--as-of", day])["rows"] if row["opportunity_id"] == key]
    return row


def test_a_next_step_is_known_from_its_entry(database):
    load(database, CASES / "21-next-step-from-the-future" / "in")
    assert deal(database, "d1", "2024-02-01")["next_step_on"] is None
    assert deal(database, "d2", "2024-02-01")["next_step_on"] == "2024-12-31"
    assert lines_of(database, "no_next_step", "2024-02-01") == {"d1": 31}  # since its creation
    assert deal(database, "d1", "2024-02-29")["next_step_on"] is None
    assert deal(database, "d1", "2024-03-01")["next_step_on"] == "2024-04-01"
    assert lines_of(database, "no_next_step", "2024-03-01") == {}


@pytest.mark.parametrize(("day", "days"), [("2024-02-01", 0), ("2024-02-11", 10)])
def test_days_without_a_next_step_begin_after_the_last_one(database, day, days):
    load(database, CASES / "22-no-next-step-days" / "in")
    assert lines_of(database, "no_next_step", day) == {"d1": days}


def test_an_export_without_creation_dates_counts_no_creations(database):
    folder = CASES / "17-no-creation-dates-shows-0"
    load(database, folder)
    values = report(database, "overview", [])["values"]
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["overview.values"]
    assert {key: values[key] for key in expected} == expected


def test_a_report_of_leads_begins_with_the_earliest_lead(database):
    load(database, CASES / "23-leads-default-period" / "in")
    found = report(database, "leads", [])
    assert found["scope"]["from"] == "2024-01-01"
    assert [(row["source"], row["leads"]) for row in found["rows"]] == [("web", 2)]
    assert report(database, "overview", [])["scope"]["from"] == "2024-06-01"


def test_a_day_in_another_stage_does_not_begin_the_days_anew(database):
    load(database, CASES / "24-stalled-clock-resets" / "in")
    row = deal(database, "d1", "2024-04-10")
    assert (row["stage"], row["days_in_stage"], row["norm_days"], row["is_stalled"]) == ("A", 91 + 8, 30, True)
    assert lines_of(database, "stalled", "2024-04-10") == {"d1": 91 + 8 - 30}
    assert deal(database, "d1", "2024-04-01")["days_in_stage"] == 0  # the first day in B
