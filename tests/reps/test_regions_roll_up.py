"""Wherever regions are compared, they stand at the level below what is looked at: each with all that lies in it, as it
answers when it is asked for alone; and together they are the whole."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.answers.overview.numbers import overview
from dashboard.answers.regions import level
from dashboard.answers.reps import company_help, results, team
from dashboard.answers.reps.life_stage import of_people
from dashboard.answers.support import resources
from dashboard.metrics.reps import fairness
from dashboard.metrics.reps.team import SUMMED, whole as whole_of
from dashboard.metrics.support.resources import summed
from data_access.engine import engine
from data_access.reps import activities
from data_access.scope import Period, Person, Scope
from tests.independent.product import TODAY, load
from tests.independent.random.organisations import write
from tests.independent.random.people import busy_organisation
from tests.independent.reps import results as independent
from tests.independent.scopes import Asked
from tests.rings import rings

LAST = date(2026, 9, 18)
QUARTER = Scope(Person("executive"), Period(date(2026, 7, 1), date(2026, 9, 30)), LAST, LAST)
COUNTED = [name for name in SUMMED if name != "reps"]


def asking(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def proper(ask, scope) -> list[str]:
    """The compared regions that can be asked for alone: not the whole itself."""
    regions = level(ask, scope)
    return sorted({place for place in regions.places.values() if place != regions.whole})


def scopes(ask) -> list[Scope]:
    """The company, one of its regions with parts, and that region's manager."""
    whole = QUARTER.but(period=Period(date(2025, 1, 1), LAST))
    return [whole, *(whole.but(**{name: value}) for name, value in _narrowed(ask, whole))]


def _narrowed(ask, whole):
    inner = level(ask, whole).inner
    return [("regions", inner[:1]), ("person", Person("manager", inner[:1]))] if inner else []


def test_a_region_inside_another_chosen_one_stands_in_it(database, tmp_path):
    parents = {"top": "", "east": "top", "quay": "east", "dock": "quay", "west": "top"}
    tables = {
        "region": [{"region_id": key, "name": key, "parent_id": above} for key, above in parents.items()],
        "stage": [{"pipeline": "sales", "stage": "new", "position": 1, "kind": "open"}],
        "opportunity": [{"opportunity_id": "d", "pipeline": "sales", "stage": "new", "created_on": "2026-07-01"}],
    }
    load(database, write(tables, tmp_path / "files"))
    ask = asking(database)
    assert dict(level(ask, QUARTER).places) == {
        "top": "top", "east": "east", "quay": "east", "dock": "east", "west": "west"
    }  # fmt: skip
    both = level(ask, QUARTER.but(regions=("quay", "east")))
    assert (dict(both.places), both.whole) == ({"east": "east", "quay": "quay", "dock": "quay"}, "east")
    several = level(ask, QUARTER.but(regions=("dock", "east", "west")))
    assert set(several.places.values()) == {"east", "west"} and several.whole is None
    assert several.within("east") == ("east", "quay", "dock") and several.within(None) == (None,)
    manager = level(ask, QUARTER.but(person=Person("manager", ("east",))))
    assert dict(manager.places) == {"east": "east", "quay": "quay", "dock": "quay"} and manager.inner == ("quay",)


@pytest.mark.parametrize("seed", rings((341, 342, 343)))
def test_what_reps_do_adds_up_by_region_in_random_organisations(seed, database, tmp_path):
    folder = write(busy_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    ask = asking(database)
    for scope in scopes(ask):
        adds_up(ask, scope)
        asked = Asked(scope.period.start, scope.period.end, scope.as_of)
        for place in proper(ask, scope):
            rows = independent.reps(folder, replace(asked, regions=(place,)), "CNY", TODAY)["rows"]
            own = results.by_region(ask, scope).set_index("region").reindex([place])[COUNTED].fillna(0).iloc[0]
            assert {name: sum(row[name] or 0 for row in rows.values()) for name in _OF_ROWS} == {
                name: int(own[name]) for name in _OF_ROWS
            }, place


_OF_ROWS = [name for name in COUNTED if name != "planned_cancelled" and name != "planned_due"]


def adds_up(ask, scope) -> None:
    """The rows are the whole, and each is what its region says alone."""
    rows = results.by_region(ask, scope)
    whole = overview(ask, scope)["values"]
    done = ask(activities.completed_totals, scope, ())
    assert rows["completed"].sum() == done["completed"].iloc[0]
    assert rows["meetings_held"].sum() == done["meetings"].iloc[0]
    here = results.reps(ask, scope)
    assert rows["reps"].sum() <= len(here) and rows["accounts_owned"].sum() == here["accounts_owned"].sum()
    if whole["won_amount"] is not None:
        assert round(rows["won_amount"].sum(), 2) == whole["won_amount"]
    if whole["target_amount"] is not None:
        assert round(rows["target_amount"].sum(), 2) == pytest.approx(whole["target_amount"], abs=0.01)
        together = pd.to_numeric(whole_of(rows)[["won_amount", "attainment"]])
        if rows["won_amount"].isna().any():
            assert together.isna().all()  # of what is not known there is no sum, and the line above names none
        else:
            assert together.fillna(0).tolist() == pytest.approx([whole[name] or 0 for name in together.index])
    weeks = team.weekly(ask, scope, "region")
    assert weeks["completed"].sum() == team.weekly(ask, scope)["completed"].sum()
    for place in proper(ask, scope):
        [own] = rows[rows["region"] == place].to_dict("records") or [None]
        alone = results.by_region(ask, scope.but(regions=(place,)))
        if own is None:
            assert alone.empty, place
            continue
        assert {name: own[name] for name in SUMMED} == alone[list(SUMMED)].sum().to_dict(), place
        of_it = overview(ask, scope.but(regions=(place,)))["values"]
        for name in ("won_amount", "target_amount", "attainment"):
            expected = None if pd.isna(of_it[name]) else of_it[name]
            assert (None if pd.isna(own[name]) else own[name]) == pytest.approx(expected), (place, name)


# --- the demo: three levels, people who moved, support ------------------------------------------------


@pytest.fixture
def ask(demo_url):
    database = engine(demo_url)
    yield asking(database)
    database.dispose()


@pytest.mark.long
def test_what_reps_do_adds_up_by_region_in_the_demo(ask):
    for scope in scopes(ask)[:2]:
        adds_up(ask, scope)
        assert len(results.by_region(ask, scope)) > 2


def test_hours_of_support_add_up_by_region(ask):
    for scope in scopes(ask):
        rows = _by_place(ask, scope).set_index("place")
        assert len(rows) > 1 or scope.regions or scope.person.regions
        whole = summed(resources.person_weeks(ask, scope).assign(all=1), ["all"]).iloc[0]
        for name in ("available_hours", "booked_hours"):
            assert rows[name].sum() == pytest.approx(whole[name])
        for place in set(proper(ask, scope)) & set(rows.index):
            alone = summed(resources.person_weeks(ask, scope.but(regions=(place,))).assign(all=1), ["all"]).iloc[0]
            assert rows.loc[place].to_dict() == pytest.approx(alone.drop("all").to_dict())


def _by_place(ask, scope):
    weeks = resources.person_weeks(ask, scope)
    return summed(weeks.assign(place=level(ask, scope).of(weeks["region_id"])), ["place"])


@pytest.mark.long
def test_what_reps_are_given_adds_up_by_region(ask):
    for scope in map(of_people, scopes(ask)[:2]):
        found = company_help.given(ask, scope)
        rows = fairness.by_group(found, level(ask, scope).of(found["region_id"])).set_index("group")
        assert len(rows) > 2 and rows["reps"].sum() == len(found)
        for place in set(proper(ask, scope)) & set(rows.index):
            own = company_help.given(ask, scope.but(regions=(place,)))
            alone = fairness.by_group(own, pd.Series("all", index=own.index)).iloc[0]
            same = [name for name in rows if name != "to_even"]  # against everybody looked at
            assert rows.loc[place, same].to_dict() == pytest.approx(alone[same].to_dict(), nan_ok=True), place
