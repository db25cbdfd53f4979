"""A database with nothing in it: the demo and one's own files come in from the page, there and then."""

import pytest

from data_access.engine import DATABASE_VARIABLE
from tests.folders import FOLDER
from tests.pages import ROOT, opened, said
from tests.ui_fixtures import copied


@pytest.fixture
def begun(empty_url, tmp_path, monkeypatch):
    """The Overview over an empty database of its own."""
    monkeypatch.setenv(DATABASE_VARIABLE, copied(empty_url, tmp_path))
    return opened


def load(app, files: dict[str, str]):
    chosen = [(f"{name}.csv", text.encode(), "text/csv") for name, text in files.items()]
    return app.file_uploader(key="own_files").set_value(chosen).run().button(key="import_own").click().run()


def test_own_files_come_in_and_the_pages_begin(begun):
    app = load(begun(), FOLDER)
    assert [error.value for error in app.error] == [] and app.title[0].value == "Overview"


def test_another_systems_export_comes_in_by_its_columns(begun):
    (file,) = (ROOT / "tests" / "cases" / "forms" / "zoho-deals").iterdir()
    app = load(begun(), {"export": file.read_text(encoding="utf-8")})
    assert [error.value for error in app.error] == [] and app.title[0].value == "Overview"


def test_a_file_that_breaks_a_rule_is_refused_with_the_reason_and_nothing_is_loaded(begun):
    app = load(begun(), FOLDER | {"payment": "opportunity_id,received_on,amount\nd1,2025-03-20,much\n"})
    assert "much" in app.error[0].value and app.title[0].value == "No data yet"
    assert begun().title[0].value == "No data yet"


@pytest.mark.long
@pytest.mark.parametrize(("language", "name"), [("en", "East"), ("zh", "华东")])
def test_the_demo_comes_in_with_names_of_the_pages_language(begun, language, name):
    app = begun(language=language)
    app.button(key="load_demo").click().run()
    assert [error.value for error in app.error] == []
    assert name in app.session_state["names"]["region"].values()
    assert "¥" in said(app)
