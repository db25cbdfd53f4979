"""Every number has one home, in both languages, and the docs say what it says."""

from pathlib import Path

from dashboard.answers.accounts.key_accounts import ROW_KEYS
from dashboard.answers.overview.numbers import OVERVIEW_KEYS
from dashboard.answers.pipeline.funnel import FUNNEL_KEYS
from dashboard.metrics.definitions import DEFINITIONS, as_markdown
from dashboard.metrics.pipeline.bridge import BARS
from data_access import contract

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_reported_number_is_defined():
    numbers = {*OVERVIEW_KEYS, *BARS, "opening", "closing", *FUNNEL_KEYS[4:]}
    assert numbers <= DEFINITIONS.keys()


def test_the_docs_are_generated_from_the_definitions():
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == as_markdown(), "run `make docs`"


def test_the_report_docs_name_every_key():
    text = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    assert [key for key in (*OVERVIEW_KEYS, *FUNNEL_KEYS, *BARS, "rates_of", *ROW_KEYS) if key not in text] == []


def test_the_contracts_docs_are_generated_from_the_tables():
    assert (ROOT / "docs" / "contract.md").read_text(encoding="utf-8") == contract.as_markdown(), "run `make docs`"
