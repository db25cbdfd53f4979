"""Laws that hold for any organisation, tried on the demo: the bridge closes, regions sum to the company, a list
of deals sums to its number, as of the last day equals the present."""

from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest

from dashboard.answers.overview.compared import compared
from dashboard.answers.overview.numbers import overview
from dashboard.answers.pipeline.bridge import bridge
from dashboard.answers.pipeline.deals import deals
from dashboard.answers.pipeline.funnel import funnel
from dashboard.metrics.definitions.reports import numbers
from dashboard.metrics.pipeline import bridge as bridge_metrics
from data_access import organisation
from data_access.engine import engine
from data_access.scope import Period, Person, Scope
from tests.rings import rings

UNTIL = date(2026, 9, 18)


@pytest.fixture(scope="module")
def organisation_of_demo(other_demo):
    """The demo organisation as a database, and its files."""
    url, files = other_demo
    database = engine(url)
    yield database, files
    database.dispose()


@pytest.fixture(scope="module")
def ask(organisation_of_demo):
    """Asks the demo; an answer is kept, as the pages keep theirs."""
    database, _ = organisation_of_demo

    @cache
    def asked(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    return asked


EXECUTIVE = Person("executive")
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
WHOLE = Scope(EXECUTIVE, QUARTER, UNTIL, UNTIL)
LAST_YEAR = WHOLE.but(period=Period(date(2025, 1, 1), date(2025, 12, 31)), as_of=date(2026, 3, 31))


def scopes(ask):
    """The whole, the past, and one narrowing of each kind."""
    tree = ask(organisation.regions, WHOLE)
    unit = tree.loc[tree["depth"] == 1, "region_id"].iloc[0]
    office = tree.loc[tree["depth"] == 2, "region_id"].iloc[-1]
    owner = ask(organisation.people, WHOLE)["rep_id"].iloc[6]
    return {
        "whole": WHOLE,
        "past": LAST_YEAR,
        "with left out": WHOLE.but(with_left_out=True),
        "unit": WHOLE.but(regions=(unit,)),
        "manager": LAST_YEAR.but(person=Person("manager", (office,))),
        "owner": LAST_YEAR.but(owner=owner),
        "track": WHOLE.but(track="large"),
        "segment": LAST_YEAR.but(segments=tuple(ask(organisation.values_of, WHOLE, "segment")[:2])),
    }


NAMES = ("whole", "past", "with left out", "unit", "manager", "owner", "track", "segment")


@pytest.mark.parametrize("name", NAMES)
def test_the_bridge_closes_to_the_cent(ask, name):
    values = bridge(ask, scopes(ask)[name])["values"]
    assert values["opening"] > 0 and values["created"] > 0
    assert bridge_metrics.remainder(values) == 0.0


def test_bridges_of_months_join_to_that_of_the_quarter(ask):
    """Rates differ from bridge to bridge, so this holds for deals in base currency alone: those of a product list."""
    months = [
        bridge(ask, WHOLE.but(period=Period(date(2026, m, 1), end)))["values"]
        for m, end in ((7, date(2026, 7, 31)), (8, date(2026, 8, 31)), (9, date(2026, 9, 30)))
    ]
    quarter = bridge(ask, WHOLE)["values"]
    assert months[0]["opening"] == pytest.approx(quarter["opening"], rel=0.02)
    assert months[-1]["closing"] == quarter["closing"]
    assert sum(m["won"] for m in months) == pytest.approx(quarter["won"], rel=0.02)


@pytest.mark.parametrize("by", ["region", "owner", "source", "product", "segment", "pipeline", "track"])
@pytest.mark.parametrize("scope", [WHOLE, LAST_YEAR], ids=["whole", "past"])
def test_groups_sum_to_the_company(ask, scope, by):
    company = overview(ask, scope)["values"]
    groups = compared(ask, scope, by)
    for key in ("won_count", "lost_count", "created_count", "open_count"):
        assert groups[key].sum() == company[key]
    for key in ("won_amount", "open_amount", "pipeline_created_amount"):
        assert round(groups[key].sum(), 2) == company[key]


def test_targets_of_regions_sum_to_the_companys(ask):
    groups = compared(ask, WHOLE, "region")
    assert round(groups["target_amount"].sum(), 2) == overview(ask, WHOLE)["values"]["target_amount"]


@pytest.mark.parametrize("name", NAMES)
def test_the_deals_behind_a_number_sum_to_it(ask, name):
    scope = scopes(ask)[name]
    values = overview(ask, scope)["values"]
    for what, count, amount in (
        ("won", "won_count", "won_amount"),
        ("lost", "lost_count", None),
        ("open", "open_count", "open_amount"),
        ("created", "created_count", None),
        ("pipeline_created", None, "pipeline_created_amount"),
    ):
        behind = deals(ask, scope, what)
        if count:
            assert len(behind) == values[count], what
        if amount:
            assert round(behind["amount"].sum(), 2) == values[amount], what


@pytest.mark.parametrize("name", NAMES)
def test_the_deals_behind_a_bar_of_the_bridge_sum_to_it(ask, name):
    scope = scopes(ask)[name]
    for bar, value in bridge(ask, scope)["values"].items():
        what = f"{bar}_bar" if bar in ("created", "won", "lost") else bar
        assert round(deals(ask, scope, what)["amount"].sum(), 2) == value, bar


@pytest.mark.parametrize("name", rings(["past", "whole", "manager", "track"]))
def test_the_deals_behind_a_stage_are_as_many_as_it_counts(ask, name):
    scope = scopes(ask)[name]
    readings = [key for key in numbers("funnel.rows") if "days" not in key]
    for row in funnel(ask, scope).to_dict("records"):
        for reading in readings:
            if not row["stage"] or row[reading] is None or row[reading] != row[reading]:
                continue
            at = {key: row[key] for key in ("pipeline", "track", "stage")}
            assert len(deals(ask, scope, reading, **at)) == row[reading], (reading, at)


def test_a_funnel_never_widens(ask):
    for _, rows in funnel(ask, LAST_YEAR).groupby(["pipeline", "track"]):
        for reading in ("reached_at_least", "strict_path"):
            assert rows[reading].is_monotonic_decreasing
        assert (rows["strict_path"] <= rows["visited"]).all()
        assert (rows["visited"] <= rows["reached_at_least"]).all()


def test_as_of_the_last_day_equals_the_present(ask, organisation_of_demo):
    """Against the present state in the files, read without any of our own code."""
    _, files = organisation_of_demo
    present, stages = (pd.read_csv(files / f"{name}.csv") for name in ("opportunity", "stage"))
    present = present.merge(stages[["pipeline", "stage", "kind"]], on=["pipeline", "stage"], suffixes=("", "_of_stage"))
    kind = present["kind_of_stage"]
    ever = WHOLE.but(period=Period(date(2000, 1, 1), UNTIL))
    values = overview(ask, ever)["values"]
    left_out = present["loss_reason"].isin(["qualified_out", "duplicate"])
    assert values["open_count"] == (kind == "open").sum()
    assert values["won_count"] == (kind == "won").sum()
    assert values["lost_count"] == ((kind == "lost") & ~left_out).sum()
    assert values["created_count"] == len(present) - ((kind == "lost") & left_out).sum()


def test_a_manager_sees_their_region_and_nothing_else(ask):
    tree = ask(organisation.regions, WHOLE)
    unit = tree.loc[tree["depth"] == 1, "region_id"].iloc[0]
    elsewhere = tree.loc[tree["depth"] == 1, "region_id"].iloc[1]
    manager = WHOLE.but(person=Person("manager", (unit,)))
    assert overview(ask, manager)["values"] == overview(ask, WHOLE.but(regions=(unit,)))["values"]
    assert overview(ask, manager.but(regions=(elsewhere,)))["values"]["open_count"] == 0
    assert elsewhere not in set(ask(organisation.regions, manager)["region_id"])


def test_days_after_the_as_of_date_do_not_exist(ask):
    """What was known at the end of March does not change when the period reaches past it."""
    march = LAST_YEAR.but(period=Period(date(2026, 1, 1), date(2026, 3, 31)))
    longer = march.but(period=Period(date(2026, 1, 1), date(2026, 6, 30)))
    for key in ("won_amount", "created_count", "open_amount", "lost_count"):
        assert overview(ask, march)["values"][key] == overview(ask, longer)["values"][key]
    assert bridge(ask, longer)["values"] == bridge(ask, march)["values"]
    assert longer.flow_end == march.flow_end == date(2026, 6, 30) - timedelta(days=91)
