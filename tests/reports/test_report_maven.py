"""The known answers of the Maven CRM export, both variants, through import and `report`."""

from pathlib import Path

import pytest

from data_access.engine import provide
from data_access.migrations import upgrade
from tests.independent.product import load, report

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "maven_crm"
VARIANTS = {"ISO dates": FILES, "US dates": FILES / "variant_us_dates"}

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason=f"the Maven export is not at {FILES}")


@pytest.fixture(scope="module", params=VARIANTS.values(), ids=VARIANTS)
def maven(request, tmp_path_factory):
    made = provide(f"sqlite:///{tmp_path_factory.mktemp('maven') / 'cockpit.db'}")
    upgrade(made)
    load(made, request.param, mapping="maven")
    yield made
    made.dispose()


def test_closed_deals(maven):
    values = report(maven, "overview", [])["values"]

    assert values["won_count"] == 4_238
    assert values["lost_count"] == 2_473
    assert values["win_rate_count"] == pytest.approx(0.631501, abs=5e-7)
    assert values["won_amount"] == 10_005_534
    assert values["mean_won_amount"] == pytest.approx(2_360.9094, abs=5e-5)
    assert values["median_won_amount"] == 1_117
    assert values["mean_cycle_days"] == pytest.approx(51.7820, abs=5e-5)
    assert values["median_cycle_days"] == 57


def test_open_deals(maven):
    """1,589 engaging and 500 prospecting; a prospect has no creation date, so no funnel counts it."""
    assert report(maven, "overview", [])["values"]["open_count"] == 1_589 + 500
    in_stage = {row["stage"]: row["in_stage_now"] for row in report(maven, "funnel", [])["rows"]}
    assert in_stage == {"Prospecting": 0, "Engaging": 1_589, "Won": 4_238}


def test_won_by_region(maven, subtests):
    for region, won in (("West", 3_568_647), ("Central", 3_346_293), ("East", 3_090_594)):
        with subtests.test(region=region):
            assert report(maven, "overview", ["--region", region])["values"]["won_amount"] == won


def test_won_by_quarter(maven, subtests):
    for first, last, won in (
        ("2017-01-01", "2017-03-31", 1_134_672),
        ("2017-04-01", "2017-06-30", 3_086_111),
        ("2017-07-01", "2017-09-30", 2_982_255),
        ("2017-10-01", "2017-12-31", 2_802_496),
    ):
        with subtests.test(first=first):
            assert report(maven, "overview", ["--from", first, "--to", last])["values"]["won_amount"] == won


def test_what_the_export_does_not_hold_is_no_data(maven):
    """No probability, no target, no history, and lost deals carry 0: none of it may become a number."""
    values = report(maven, "overview", [])["values"]
    absent = ("weighted_amount", "open_amount", "win_rate_amount", "target_amount", "attainment", "coverage")
    assert {key: values[key] for key in absent} == dict.fromkeys(absent)

    rows = report(maven, "funnel", [])["rows"]
    assert {row["median_days_in_stage"] for row in rows} == {None}
    assert {row["step_entered"] for row in rows if row["stage"] != "Won"} == {0}
