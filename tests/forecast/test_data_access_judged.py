"""Deals judged in or out of a period's commit: who may judge which, and that the newest holds. On both databases."""

from datetime import date, datetime

import pandas as pd
import pytest

from dashboard.answers.forecast import judged as answers
from dashboard.answers.pipeline import deals
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.forecast.judged import judge, judged
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

QUARTER = Period(date(2025, 4, 1), date(2025, 6, 30))
NOON = datetime(2025, 6, 1, 12)
BOSS = Person("executive", name="Eva")
DEALS = {
    "opportunity": "opportunity_id,name,pipeline,stage,region_id,amount,created_on,expected_close_on\n"
    "d1,One,Sales,Offer,n,100,2025-01-10,2025-06-20\n"
    "d2,Two,Sales,Offer,s,70,2025-01-11,2025-05-02\n"
    "d3,Three,Sales,Offer,n,,2025-01-12,2025-06-02\n"
    "d4,Later,Sales,Offer,n,900,2025-05-30,2025-09-02\n",
    "opportunity_history": "opportunity_id,changed_at,stage\n",
    "activity": "activity_id,rep_id,kind\n",
    "payment": "opportunity_id,received_on,amount\n",
}


def company(database, folder):
    load(database, write_folder(folder / "files", DEALS))


@pytest.fixture
def small(database_after):
    return database_after(company)


def looking(person: Person = BOSS, **changes) -> Scope:
    return Scope(person, QUARTER, date(2025, 6, 1), date(2025, 6, 1)).but(**changes)


def held(database, scope: Scope) -> dict[str, int]:
    found = judged(database, scope)
    return dict(zip(found["opportunity_id"], found["is_in"], strict=True))


def counted_on(database, scope: Scope) -> tuple[list, float | None]:
    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    found = answers.judged(ask, scope, deals.deals(ask, scope, "open"))
    verdicts = [None if pd.isna(one) else int(one) for one in found.rows["is_in"]]
    return list(zip(found.rows["deal"], verdicts, strict=True)), found.counted_on


def test_the_newest_judgement_holds_and_may_be_none(small):
    for key, is_in in (("d1", False), ("d1", True), ("d2", True), ("d2", None), ("d4", False)):
        judge(small, BOSS, QUARTER, key, is_in, at=NOON)
    assert held(small, looking()) == {"d1": 1, "d4": 0}
    assert held(small, looking().but(period=Period(date(2025, 7, 1), date(2025, 9, 30)))) == {}


def test_what_is_judged_in_adds_up_whatever_else_is_expected(small):
    assert counted_on(small, looking()) == ([("One", None), ("Two", None), ("Three", None)], 0.0)
    judge(small, BOSS, QUARTER, "d3", True, at=NOON)
    assert counted_on(small, looking())[1] is None  # it has no amount
    for key in ("d1", "d4"):
        judge(small, BOSS, QUARTER, key, True, at=NOON)
    rows, total = counted_on(small, looking())
    assert rows == [("Later", 1), ("One", 1), ("Two", None), ("Three", 1)] and total == 1000


def test_a_manager_judges_and_sees_the_own_deals_alone(small):
    north = Person("manager", ("n",), name="Nora")
    judge(small, north, QUARTER, "d1", True, at=NOON)
    judge(small, BOSS, QUARTER, "d2", True, at=NOON)
    assert held(small, looking(north)) == {"d1": 1}
    with pytest.raises(NotFound, match="no deal 'd2'"):
        judge(small, north, QUARTER, "d2", False, at=NOON)
    with pytest.raises(NotAllowed):
        judge(small, Person("director", name="Dan"), QUARTER, "d1", False, at=NOON)


def test_of_a_period_that_has_ended_and_of_no_deal_nothing_is_judged(small):
    with pytest.raises(Refused, match="period ended"):
        judge(small, BOSS, Period(date(2025, 1, 1), date(2025, 3, 31)), "d1", True, at=NOON)
    with pytest.raises(Refused, match="no deal 'd9'"):
        judge(small, BOSS, QUARTER, "d9", True, at=NOON)
    assert held(small, looking()) == {}


def test_as_of_an_earlier_day_what_was_said_later_is_not_known(small):
    judge(small, BOSS, QUARTER, "d1", True, at=NOON)
    earlier = looking().but(as_of=date(2025, 5, 30))
    assert held(small, earlier) == {}
    assert held(small, earlier.but(last_day=date(2025, 5, 30))) == {"d1": 1}  # live: the data end there
