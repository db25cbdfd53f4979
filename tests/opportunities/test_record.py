"""What the records of a deal and an account say equals a computation straight from the files."""

import random
from datetime import date

import pandas as pd
import pytest

from dashboard.answers.accounts import one_account
from dashboard.answers.opportunities import one_deal as answers
from dashboard.metrics.accounts.one_account import by_year
from tests.independent.deals import replay
from tests.independent.facts import Facts
from tests.independent.opportunities import records
from tests.opportunities.test_one_deal import LAST, ask, day_of, scope  # noqa: F401

DAYS = [LAST, date(2026, 6, 30)]


def near(found, expected) -> bool:
    if expected is None:
        return pd.isna(found)
    return found == pytest.approx(float(expected), abs=0.005)


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_people_deals_alike_and_references_equal_the_files(as_of, ask, demo_folder):  # noqa: F811
    facts = Facts(demo_folder, "CNY")
    begun = [deal for deal in replay(facts) if deal.steps[0].day <= as_of]
    met = sold = 0
    for deal in random.Random(3).sample(begun, 12):
        found = answers.deal(ask, scope(as_of), deal.key, {})
        people = {
            row.contact_id: (row.activities, row.two_way, day_of(row.last_on), day_of(row.last_two_way_on))
            for row in found.people.itertuples()
        }
        assert people == records.people(facts, deal.key, as_of), deal.key
        assert list(found.alike["opportunity_id"]) == records.alike(facts, deal, as_of), deal.key
        expected = records.references(facts, deal, as_of)
        assert {row.product: row.references for row in found.fit.itertuples()} == {
            product: expected.get(product, 0) for product in found.fit["product"]
        }
        for row in found.fit.itertuples():
            assert len(row.reference_names) == min(row.references, 2)
        met, sold = met + len(people), sold + sum(found.fit["references"])
    assert met > 10 and sold > 10


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_what_is_asked_booked_and_spent_equals_the_files(as_of, ask, demo_folder):  # noqa: F811
    facts = Facts(demo_folder, "CNY")
    asked = {row["opportunity_id"] for row in facts.rows("support_request") if row["requested_on"] <= as_of.isoformat()}
    for key in random.Random(4).sample(sorted(asked), 6):
        found = answers.deal(ask, scope(as_of), key, {})
        bookings = [row for row in facts.rows("support_booking") if row["opportunity_id"] == key]
        requests = [
            row
            for row in facts.rows("support_request")
            if row["opportunity_id"] == key and row["requested_on"] <= as_of.isoformat()
        ]
        assert set(found.requests["request_id"]) == {row["request_id"] for row in requests}
        for row in found.requests.itertuples():
            of_it = [float(one["hours"]) for one in bookings if one["request_id"] == row.request_id]
            [request] = [one for one in requests if one["request_id"] == row.request_id]
            is_decided = bool(request["decision"]) and request["decided_on"] <= as_of.isoformat()
            assert (row.hours, row.booked_hours) == pytest.approx((float(request["hours"]), sum(of_it)))
            assert (None if pd.isna(row.decision) else row.decision) == (request["decision"] if is_decided else None)
        hours = {is_ahead: 0.0 for is_ahead in (False, True)}
        for row in bookings:
            hours[row["week"] > as_of.isoformat()] += float(row["hours"])
        assert (found.spent["support_hours"], found.spent["ahead_hours"]) == pytest.approx((hours[False], hours[True]))
        if found.cost is not None:
            assert found.spent["cost"] == pytest.approx(found.cost["cost"])


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_three_years_of_an_account_equal_the_files(as_of, ask, demo_folder):  # noqa: F811
    facts = Facts(demo_folder, "CNY")
    accounts = [row["account_id"] for row in facts.rows("account")]
    projects = 0
    for account in random.Random(5).sample(accounts, 40):
        found = one_account.years(ask, scope(as_of), account)
        expected = records.brought(facts, account, as_of)
        assert list(found.by_year["projects"]) == [year["projects"] for year in expected]
        for name in ("amount", "size", "margin"):
            pairs = zip(found.by_year[name], (year[name] for year in expected), strict=True)
            assert all(near(*pair) for pair in pairs), (account, name)
        assert len(found.projects) == found.together["projects"].iloc[0] == sum(found.by_year["projects"])
        projects += len(found.projects)
    assert projects > 40


def test_a_year_without_amounts_or_rates_has_no_sum_and_no_size():
    won = pd.DataFrame(
        {
            "closed_on": pd.to_datetime(["2026-01-05", "2026-02-05", "2025-01-05", "2024-01-05"]),
            "has_amount": [1, 0, 0, 1],
            "amount": pd.array([10_000, None, None, None], dtype="Int64"),
            "lacks_rate": [0, 0, 0, 1],
            "has_margin": [1, 1, 0, 1],
            "gross_margin": pd.array([4_000, 1_000, None, None], dtype="Int64"),
        }
    )
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2026, 2025, 2024, 2023)]
    found = by_year(won, years)
    assert list(found["projects"]) == [2, 1, 1, 0]
    assert found["amount"].tolist()[::3] == [100.0, 0.0] and found["amount"].isna().tolist() == [
        False,
        True,
        True,
        False,
    ]
    assert found["size"].iloc[0] == 100.0 and found["size"].isna().tolist() == [False, True, True, True]
    assert found["margin"].iloc[0] == 50.0 and found["margin_share"].iloc[0] == 0.4  # of the one project that has both
