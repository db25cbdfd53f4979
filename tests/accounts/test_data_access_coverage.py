"""Who covers an account, and its deals and assessments, asked of both databases."""

from datetime import date

import pandas as pd
import pytest

from dashboard.answers.accounts import key_review
from data_access.accounts import coverage, key_accounts
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

DAY = date(2026, 6, 30)
YEAR = Period(date(2025, 7, 1), DAY)
EVERYONE = Scope(Person("executive"), YEAR, DAY, DAY)
SOUTH = Scope(Person("manager", regions=("s",)), YEAR, DAY, DAY)

FILES = {
    "account": (
        "account_id,name,industry,region_id,owner_id,key_account_director_id\n"
        "c1,Coal,mining,n,r1,r2\nc2,Salt,mining,s,r2,\nc3,Tin,mining,s,r2,r1\n"
    ),
    "assignment": (
        "subject_kind,subject_id,role,rep_id,from_on,to_on,reason\n"
        "account,c1,fill_in,r2,2026-01-01,2026-06-30,over\n"  # the last day is outside
        "account,c2,fill_in,r1,2026-06-30,,weak local base\n"  # the first is inside
        "account,c2,fill_in,r2,2026-07-01,,not yet\n"
        "lead,c2,fill_in,r2,2026-01-01,,a lead of the same name\n"
        "account,c1,director,r2,2026-02-01,,\n"
    ),
    "opportunity": (
        "opportunity_id,name,account_id,owner_id,pipeline,stage,amount,created_on,closed_on\n"
        "d1,One,c1,r1,Sales,Won,100.50,2025-10-01,2026-01-31\n"
        "d2,Two,c1,r1,Sales,Won,900,2025-10-01,2026-02-01\n"
        "d3,Three,c3,r2,Sales,Won,50,2025-10-01,2026-03-01\n"
        "d4,Four,c2,r2,Sales,Won,,2025-10-01,2026-03-01\n"
        "d5,Five,c2,,Sales,Won,7,2025-10-01,2026-03-01\n"
        "d6,Six,c1,r1,Sales,Lost,5000,2025-10-01,2026-03-01\n"
        "d7,Seven,c1,r1,Sales,Won,5000,2024-10-01,2025-06-30\n"  # the day before the year
    ),
    "account_score": (
        "account_id,factor,score,assessed_on,assessed_by\n"
        "c1,potential,5,2026-01-01,r1\nc1,potential,7,2026-06-30,r1\nc1,potential,9,2026-07-01,r1\n"
        "c2,winnability,3,2026-01-01,r2\n"
    ),
    "opportunity_history": "opportunity_id,changed_at,sequence,stage,amount\n",
    "activity": "activity_id,rep_id,kind\n",
    "payment": "opportunity_id,received_on,amount\n",
}


def company(database, folder):
    load(database, write_folder(folder / "files", FILES))


@pytest.fixture
def loaded(database_after):
    return database_after(company)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame[list(columns)].to_numpy()]


def test_a_fill_in_counts_from_its_first_day_to_the_day_before_its_last(loaded):
    found = coverage.fill_ins(loaded, EVERYONE)
    assert rows(found, "account_id", "rep", "reason") == [("c2", "Ann", "weak local base")]
    assert coverage.fill_ins(loaded, SOUTH.but(regions=("s",))).equals(found)
    assert coverage.fill_ins(loaded, EVERYONE.but(regions=("n",))).empty


def test_an_assigned_director_stands_before_the_one_of_today(loaded):
    found = rows(coverage.directors(loaded, EVERYONE), "account_id", "rep_id", "from_on")
    assert found == [("c1", "r2", pd.Timestamp("2026-02-01")), ("c3", "r1", None)]


def test_what_was_won_by_owner_is_everything_won_once(loaded):
    found = rows(coverage.won_by_owner(loaded, EVERYONE), "owner_id", "deals", "amount")
    assert sorted(found, key=str) == sorted([("r1", 2, 100050), ("r2", 2, 5000), (None, 1, 700)], key=str)


def test_deals_under_directors_are_those_of_accounts_that_ever_had_one(loaded):
    found = coverage.won_under_directors(loaded, EVERYONE)
    assert rows(found, "opportunity_id", "owner_id", "amount") == [
        ("d1", "r1", 10050),
        ("d2", "r1", 90000),
        ("d3", "r2", 5000),
    ]


def test_where_one_win_lacks_its_rate_nobody_is_credited(sqlite, tmp_path):
    deals = (
        "opportunity_id,owner_id,pipeline,stage,amount,currency,created_on,closed_on\n"
        "d1,r1,Sales,Won,100,,2025-10-01,2026-01-31\nd2,r1,Sales,Won,100,XXX,2025-10-01,2026-02-01\n"
    )
    load(sqlite, write_folder(tmp_path / "files", FILES | {"opportunity": deals}))

    def credit(end: date):
        return key_review.credit(
            lambda question, scope: question(sqlite, scope), EVERYONE.but(period=Period(YEAR.start, end))
        )

    people, line = credit(date(2026, 1, 31))
    assert line["company"] == 10000 and list(people["credited"]) == [10000]
    assert credit(date(2026, 2, 1)) is None


def test_the_largest_win_of_the_period_is_of_the_whole_company(loaded):
    expected = [("c1", 90000), ("c2", 700), ("c3", 5000)]
    assert rows(key_accounts.largest_win(loaded, EVERYONE), "account_id", "largest") == expected
    assert rows(key_accounts.largest_win(loaded, SOUTH), "account_id", "largest") == expected


def test_assessments_end_with_the_as_of_date_and_stay_inside_the_region(loaded):
    found = rows(key_accounts.assessments(loaded, EVERYONE, "c1"), "factor", "score")
    assert found == [("potential", 5.0), ("potential", 7.0)]
    assert key_accounts.assessments(loaded, SOUTH, "c1").empty
    assert len(key_accounts.assessments(loaded, SOUTH, "c2")) == 1


def test_wins_reach_back_to_the_first_and_stay_inside_the_region(loaded):
    found = rows(key_accounts.wins_of(loaded, EVERYONE, "c1"), "closed_day", "amount")
    days = [date(2025, 6, 30), date(2026, 1, 31), date(2026, 2, 1)]
    assert found == list(zip((day.toordinal() for day in days), (500000, 10050, 90000), strict=True))
    assert key_accounts.wins_of(loaded, SOUTH, "c1").empty
    assert rows(key_accounts.wins_of(loaded, SOUTH, "c2"), "amount", "has_amount") in (
        [(None, 0), (700, 1)],
        [(700, 1), (None, 0)],
    )
