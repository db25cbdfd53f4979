"""What holds of an overload and of a contest in any organisation, whatever its numbers."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pandas as pd
import pytest

from dashboard.answers.attention import support_rules
from dashboard.answers.attention.facts import Facts as Answered
from dashboard.answers.attention.limits import limits
from dashboard.metrics.accounts import contested as contests
from data_access.accounts import contested, coverage, ownership
from data_access.engine import engine
from tests.accounts.market_fixtures import BASE, asking, scope_of
from tests.independent.facts import MISSING_RATE, Facts, day_of, money_of
from tests.independent.opportunities.cost_of_sale import probability
from tests.independent.product import TODAY, load
from tests.independent.random.organisations import write
from tests.independent.random.planned import AS_OF, planned_organisation
from tests.independent.scopes import Asked
from tests.independent.support.allocation import Support
from tests.independent.support.resources import overloads

ON_THE_DAY = Asked(start=AS_OF, end=AS_OF, as_of=AS_OF)
ROUNDING = 1 + 1e-9

# --- overload -----------------------------------------------------------------------------------------


def with_hours(tables: dict, times: float) -> dict:
    """The same company, whose support people have so many times the hours a week."""
    people = [row | {"weekly_hours": float(row["weekly_hours"]) * times} for row in tables["support_person"]]
    return tables | {"support_person": people}


def at_risk(database) -> dict[str, float]:
    """By overloaded person, the value at risk."""
    ask = asking(database)
    scope = scope_of(ask, ON_THE_DAY)
    rows = support_rules.overload(Answered(ask, scope, limits(ask, scope)))
    return dict(zip(rows["subject_id"], rows["value_at_risk"], strict=True))


def dearest_hours(support: Support) -> dict[tuple, Fraction]:
    """By person and week, what an hour of the dearest request booked there would move, if it alone moved its deal."""
    asked, found = {row["request_id"]: row for row in support._open}, {}
    margins = {row["opportunity_id"]: money_of(row["gross_margin"]) for row in support.facts.rows("opportunity")}
    for row, behind in support._ahead:
        if behind not in asked:
            continue
        request = asked[behind]
        deal = support._deals[request["opportunity_id"]]
        margin = support.facts.in_base(margins[deal.key], deal.currency, AS_OF)
        chance = probability(support.facts, deal, AS_OF)
        if margin not in (None, MISSING_RATE) and chance is not None and margin > 0:
            hour = Fraction(chance) * Fraction(margin) * support.shares[request["kind"]] / Fraction(request["hours"])
            place = row["resource_id"], day_of(row["week"])
            found[place] = max(hour, found.get(place, Fraction(0)))
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", (300, 301, 302))
def test_an_overload_risks_its_hours_at_most_and_less_of_them_with_more_people(seed, sqlite, tmp_path):
    """Not more than each hour beyond the available ones at the price of the week's dearest; and more hours a week never
    raise what a person, or all together, risk."""
    tables, before = planned_organisation(seed), None
    for number, times in enumerate((0.25, 1, 4)):
        folder = write(with_hours(tables, times), tmp_path / str(number))
        load(sqlite, folder)
        found, dearest = at_risk(sqlite), dearest_hours(Support(Facts(folder, BASE), AS_OF))
        over = overloads(folder, replace(ON_THE_DAY, end=AS_OF + timedelta(days=60)), BASE, TODAY)
        assert set(found) == {person for person, _week in over}
        for person, risked in found.items():
            most = sum(Fraction(hours) * dearest.get(at, 0) for at, hours in over.items() if at[0] == person)
            assert 0 <= risked <= float(most) * ROUNDING, (person, times)
        if before is None:
            assert sum(found.values()) > 0
        else:
            assert sum(found.values()) <= sum(before.values()) * ROUNDING
            assert all(risked <= before[person] * ROUNDING for person, risked in found.items())
        before = found


# --- contested ----------------------------------------------------------------------------------------


def test_a_contest_takes_more_than_a_touch_and_ends_with_what_was_done_from_elsewhere(demo_url):
    """Of two-way contacts: one day of them from anywhere is none; more of the same make no other one; without those of
    regions that have no deal there, only accounts with deals in several regions are contested."""
    ask = asking(engine(demo_url))
    scope = scope_of(ask, Asked())
    deals, tree = ask(contested.open_deals, scope), ask(ownership.region_tree, scope)
    guides = pd.concat([ask(coverage.directors, scope), ask(contested.fill_ins, scope)], ignore_index=True)
    done = contests.without_guides(ask(contested.activities, scope, 90), guides)
    place = ["account_id", "region_id"]

    def contested_with(activities: pd.DataFrame) -> set[str]:
        return set(contests.parties(deals, activities, tree, 2)["account_id"])

    everything, by_deals = contested_with(done), contested_with(done.iloc[:0])
    two_way = done[done["two_way"] > 0]
    touches = two_way.drop_duplicates(place)
    has_deal = pd.MultiIndex.from_frame(done[place]).isin(pd.MultiIndex.from_frame(deals[place]))
    assert by_deals < everything and len(touches) > 100 and done["told"].any()
    assert contested_with(touches) == by_deals
    assert contested_with(done[has_deal]) == by_deals
    assert contested_with(pd.concat([done, done])) == contested_with(two_way) == everything
    for account in sorted(everything - by_deals)[:5]:
        assert contested_with(done[has_deal | (done["account_id"] != account)]) == everything - {account}
