"""Every number has one home, in both languages: what is reported is declared, what is declared is documented."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.__main__ import REPORTS as NAMES
from dashboard.metrics.definitions import DEFINITIONS, SUBJECTS, as_markdown
from dashboard.metrics.definitions.reports import FIELDS, RENAMED, REPORTS, numbers
from data_access import contract, lists
from data_access.engine import engine
from tests.independent.product import report

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
BESIDE = {
    "report",
    "scope",
    "values",
    "rows",
    "by_track",
    "key_accounts",
    "support",
    "collection",
    "profile",
    "totals",
    "uplifts",
    "duals",
    "backtest",
    "backtest_difference",
    "backtest_moves",
    "bias",
    "parts",
    "rates_of",
    "lines",
    "this_week",
    "given",
    "followed",
}


@pytest.fixture(scope="module", params=NAMES)
def answer(request, demo_url) -> dict:
    """Each report over the demo organisation, as the command line prints it."""
    asking = {
        "deciding": ["--from", "2026-10-01", "--to", "2026-12-31"],  # without a forecast it has no rows
        "key-accounts": ["--weights", "potential=1"],  # without a draft nobody would have entered or left
    }
    return report(engine(demo_url), request.param, asking.get(request.param, []))


def places(answer: dict) -> Iterator[tuple[str, dict]]:
    """Every record in a report and the place that declares its keys."""
    name = answer["report"]
    yield name, {key: value for key, value in answer.items() if key not in BESIDE}
    for part, found in answer.items():
        records = found if isinstance(found, list) else found.values() if part == "by_track" else [found]
        if part in BESIDE - {"report", "scope", "rates_of"}:
            yield from ((f"{name}.{part}", record) for record in records)


def test_a_report_holds_what_is_declared_of_it_in_that_order_and_no_more(answer):
    found = list(places(answer))
    assert {place for place, record in found if record} == {
        place for place in REPORTS if place.partition(".")[0] == answer["report"]
    }
    assert [
        (place, key) for place, record in found if record and tuple(record) != REPORTS[place] for key in record
    ] == []


def test_what_is_reported_and_no_number_of_ours_is_a_name_a_day_a_class_or_a_setting(answer):
    settings = {"version", "weights", "top", "floor", "cut_points", "tilt", "assumption", "position", "weeks_before"}
    for place, record in places(answer):
        fields = {key: value for key, value in record.items() if key not in numbers(place)} if record else {}
        assert not [key for key, value in fields.items() if type(value) in (int, float) and key not in settings]


def test_every_reported_number_is_defined_and_every_field_is_reported():
    assert [(place, key) for place in REPORTS for key in numbers(place).values() if key not in DEFINITIONS] == []
    named = {RENAMED.get(place, {}).get(key, key) for place, keys in REPORTS.items() for key in keys}
    assert FIELDS - named == set()
    assert [place for place, renamed in RENAMED.items() if not renamed.keys() <= set(REPORTS[place])] == []


def test_a_number_is_declared_once():
    assert sorted(DEFINITIONS) == sorted(one.key for subject in SUBJECTS for one in subject.DEFINITIONS)


def test_what_counts_the_cases_of_a_number_is_a_number():
    assert [one.key for one in DEFINITIONS.values() if one.n and DEFINITIONS[one.n].unit != "count"] == []


def test_what_a_click_on_a_number_opens_is_a_list_and_every_list_is_opened():
    opened = {one.opens for one in DEFINITIONS.values()} - {""}
    of_parts = {
        "step_lost",
        "cohort_lost",
        "cohort_undecided",
        "transition",
    }  # of the funnel; no number counts one alone
    assert opened | of_parts == set(lists.BEHIND)


def test_the_docs_are_generated_from_the_definitions():
    assert (DOCS / "metrics.md").read_text(encoding="utf-8") == as_markdown(), "run `make docs`"


def test_the_report_docs_name_every_key_where_its_report_is_described():
    text = (DOCS / "report.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(described) == list(NAMES)
    assert [
        (place, key)
        for place, keys in REPORTS.items()
        for key in keys
        if not re.search(rf"\b{key}\b", described[place.partition(".")[0]])
    ] == []


def test_the_contracts_docs_are_generated_from_the_tables():
    assert (DOCS / "contract.md").read_text(encoding="utf-8") == contract.as_markdown(), "run `make docs`"
