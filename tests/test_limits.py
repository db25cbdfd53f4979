"""What is at every limit at once loads on both databases, and every page and report shows it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.__main__ import REPORTS
from data_access import organisation
from data_access.database.limits import DEEPEST_TREE, FIRST_YEAR, LARGEST_AMOUNT, LONGEST_NAME
from data_access.engine import DATABASE_VARIABLE
from data_access.schema import MONEY_SCALE, opportunity, region, region_within
from data_access.scope import Period, Person, Scope
from tests import at_limits
from tests.independent import product
from tests.pages import ROOT, opened

PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))
EVER = {"from": f"{FIRST_YEAR}-01-01", "to": f"{product.TODAY}"}
REPORT_EVER = ["--from", EVER["from"], "--to", EVER["to"], "--as-of", EVER["to"]]


def _load(database: sa.Engine, demo_folder: Path, tmp_path: Path, one_of: int) -> None:
    product.load(database, at_limits.write_organisation(demo_folder, tmp_path / "organisation", one_of=one_of))


def test_a_page_opens_at_the_limits(database, database_url, demo_folder, tmp_path, monkeypatch):
    _load(database, demo_folder, tmp_path, one_of=60)
    monkeypatch.setenv(DATABASE_VARIABLE, database_url)
    assert [error.value for error in opened("pipeline.py", **EVER).error] == []
    assert product.report(database, "overview", REPORT_EVER)["values"]["open_amount"] >= LARGEST_AMOUNT


@pytest.mark.long
def test_all_pages_and_reports_show_what_is_at_the_limits(database, database_url, demo_folder, tmp_path, monkeypatch):
    _load(database, demo_folder, tmp_path, one_of=20)
    monkeypatch.setenv(DATABASE_VARIABLE, database_url)
    for asked in ([], REPORT_EVER, [*REPORT_EVER, "--as-of", f"{FIRST_YEAR}-01-01", "--to", f"{FIRST_YEAR}-01-01"]):
        for report in REPORTS:
            product.report(database, report, asked)
    deal, deepest = _largest_deal(database), _deepest_region(database)
    own = [("account.py", {"account": deal.account_id}), ("rep.py", {"rep": deal.owner_id})]
    own += [("opportunities.py", {"deal": deal.opportunity_id}), ("pipeline.py", {"pipeline": deal.pipeline})]
    chosen = [EVER, {"as_of": EVER["from"]}, {"role": f"manager:{deepest}"}]
    every = [*own, *((page, asked) for asked in chosen for page in PAGES)]
    for page, asked in every[database.dialect.name == "postgresql" :: 2]:  # the databases take turns
        shown = opened(page, **asked)
        assert [error.value for error in shown.error] == [], (page, asked)


def test_a_tree_of_regions_is_walked_however_deep_a_view_has_it(sqlite):
    levels = [{"region_id": f"r{n}", "name": f"r{n}", "parent_id": f"r{n - 1}" if n else None} for n in range(1_100)]
    with sqlite.begin() as connection:
        connection.execute(region.insert(), levels)
    everything = Scope(Person("executive"), Period(product.TODAY, product.TODAY), product.TODAY, product.TODAY)
    found = organisation.regions(sqlite, everything)
    assert found["depth"].tolist() == list(range(1_100))


def test_a_filter_that_no_database_keeps_is_refused_in_words(database, subtests):
    for filter_ in ("owner", "product", "source", "pipeline", "segment", "region"):
        with subtests.test(filter_=filter_):
            asked = product.run(database, "report", "overview", f"--{filter_}", "\udcff")  # a byte that is no UTF-8
            assert (asked.exit_code, asked.stdout) == (1, "")
            assert asked.stderr.startswith(
                ("A filter holds a character that no database keeps", r"'\udcff' is not a region")
            )


def test_a_setting_that_no_database_keeps_is_refused_in_words(database):
    for text, why in (("\udcff", "holds a character"), ("x" * (LONGEST_NAME + 1), "has 256 characters")):
        asked = product.run(database, "setting", "organisation", text)
        assert (asked.exit_code, asked.stderr.startswith(f"The setting organisation {why}")) == (1, True)


def _largest_deal(database: sa.Engine) -> sa.Row:
    with database.connect() as connection:
        statement = sa.select(opportunity).where(opportunity.c.amount == LARGEST_AMOUNT * MONEY_SCALE)
        return connection.execute(statement).first()


def _deepest_region(database: sa.Engine) -> str:
    above = sa.func.count().label("above")
    within = sa.select(region_within.c.region_id, above).group_by(region_within.c.region_id).order_by(above.desc())
    with database.connect() as connection:
        deepest, levels = connection.execute(within).first()
        assert levels == DEEPEST_TREE
        assert connection.scalar(sa.select(sa.func.count()).select_from(region)) > at_limits.REGIONS
    return deepest
