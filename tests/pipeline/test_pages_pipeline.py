"""The Pipeline page on the golden case, on deals without a history, and with nothing in the period."""

import shutil
from datetime import timedelta

import pytest

from data_access.engine import DATABASE_VARIABLE, engine
from tests import pages
from tests.independent.product import load
from tests.independent.random.organisations import write
from tests.reports.test_report_golden import DAY_0, _tables

LAST = str(DAY_0 + timedelta(days=100))


@pytest.fixture
def opened(sqlite_template, tmp_path, monkeypatch):
    """Loads tables into a database of their own and opens the page on them."""

    def page(tables, **url):
        address = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'cockpit.db')}"
        made = engine(address)
        load(made, write(tables, tmp_path / "files"))
        made.dispose()
        monkeypatch.setenv(DATABASE_VARIABLE, address)
        scope = {"from": str(DAY_0), "to": LAST, "as_of": LAST, "lang": "en"} | url
        return pages.opened("pipeline.py", **scope)

    return page


def without_history():
    """The same deals as an export of their present state alone."""
    tables = _tables()
    del tables["opportunity_history"]
    return tables


def said(app):
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def switch(app, key, value):
    """Sets a segmented control by its key."""
    control = next(control for control in app.button_group if control.key == key)
    return control.set_value(value).run()


def test_the_answer_names_what_leaks(opened):
    app = opened(_tables())
    assert not app.exception and not app.error
    assert "Of 10 deals created, 4 are won and 3 still undecided" in said(app)
    assert "Most are lost at 1" in said(app)
    assert "not yet known when it is mature" in said(app)  # 10 deals teach nothing


def test_every_reading_can_be_chosen_and_is_explained(opened, subtests):
    explained = {
        "step": "not the overall rate",
        "reached_at_least": "a skipped stage counts as passed",
        "visited": "ever entered the stage",
        "strict_path": "first entries in order",
        "in_stage_now": "no conversion is computed",
    }
    app = opened(_tables())
    for reading, told in explained.items():
        with subtests.test(reading=reading):
            switch(app, "pipeline_reading", reading)
            assert not app.exception
            assert told in said(app)
            assert not [other for other in explained.values() if other != told and other in said(app)]


def test_without_a_history_the_page_says_so_instead_of_drawing_zeros(opened, subtests):
    app = opened(without_history(), tab="stages")
    drawn = len(app.get("plotly_chart"))
    assert "moves of these deals are not known" in said(app) and "How long these deals stayed is not known" in said(app)
    assert "Most are lost" not in said(app)
    for reading in ("step", "visited", "strict_path"):
        with subtests.test(reading=reading):
            switch(app, "pipeline_reading", reading)
            assert not app.exception
            assert "Which stages these deals went through is not known" in said(app)
            assert len(app.get("plotly_chart")) == drawn - 1


def test_a_period_without_deals_says_so(opened):
    app = opened(_tables(), **{"from": "2020-01-01", "to": "2020-01-31"})
    assert not app.exception
    assert "no deal was created in this period" in said(app)


def test_without_any_creation_date_it_does_not_say_that_nothing_was_created(opened):
    tables = without_history()
    tables["opportunity"] = [row | {"created_on": ""} for row in tables["opportunity"]]
    app = opened(tables)
    assert not app.exception
    assert "no deal has a creation date" in said(app) and "Import created" in said(app)
    assert "no deal was created" not in said(app)


def test_in_chinese_too(opened):
    app = opened(_tables(), lang="zh_CN")
    assert not app.exception
    assert "新建商机 10 个，已赢单 4 个，未定 3 个" in said(app)
