"""Commits: who may make one for whom, and that nothing is ever overwritten. On both databases."""

from datetime import date, datetime

import pandas as pd
import pytest

from dashboard.answers.forecast.review import held_commit
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.forecast import commits
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))
NOON = datetime(2026, 11, 21, 12, 0)
BOSS = Person("executive", name="Eva")
NORTH = Person("manager", ("n",), name="Nora")
DIRECTOR = Person("director", name="Dan")


def company(database, folder):
    load(database, write_folder(folder / "files"))


@pytest.fixture
def small(database_after):
    return database_after(company)


def looking(person: Person = BOSS, **changes) -> Scope:
    return Scope(person, QUARTER, date(2026, 11, 21), date(2026, 11, 21)).but(**changes)


def made(database, person: Person, amount: int, at: datetime = NOON, **whom) -> int:
    return commits.commit(database, person, QUARTER, amount, at=at, **whom)


def seen(database, scope: Scope) -> list[tuple]:
    found = commits.commits(database, scope)
    return [(row.region or row.rep, row.amount, row.committed_by) for row in found.itertuples()]


def test_a_newer_commit_stands_beside_the_one_before(small):
    made(small, NORTH, 100, region_id="n")
    made(small, NORTH, 250, region_id="n")
    assert seen(small, looking(NORTH)) == [("North", 100, "Nora"), ("North", 250, "Nora")]


def test_a_commit_has_a_note_and_a_long_one_is_refused(small):
    made(small, NORTH, 100, region_id="n", note="two are signed")
    made(small, NORTH, 200, region_id="n")
    assert [None if pd.isna(note) else note for note in commits.commits(small, looking())["note"]] == [
        "two are signed",
        None,
    ]
    with pytest.raises(Refused, match="A note"):
        made(small, NORTH, 300, region_id="n", note="x" * 40_000)


def test_the_last_commit_of_a_period_holds(small):
    for amount in (10_000, 25_000, 20_000):
        made(small, NORTH, amount, region_id="n")
    held = held_commit(lambda question, scope, *more: question(small, scope, *more), looking(NORTH))
    assert held["amount"] == 200  # in units


def test_taking_back_leaves_the_one_before(small):
    made(small, NORTH, 100, region_id="n")
    second = made(small, NORTH, 250, region_id="n")
    for _ in range(2):  # twice changes nothing
        commits.withdraw(small, NORTH, second, at=NOON)
    assert seen(small, looking(NORTH)) == [("North", 100, "Nora")]


def test_everybody_sees_the_commits_of_their_regions_alone(small):
    made(small, BOSS, 900)
    made(small, BOSS, 100, region_id="n")
    made(small, BOSS, 200, region_id="s")
    made(small, BOSS, 50, rep_id="r1")  # Ann, in the north
    assert [amount for _, amount, _ in seen(small, looking())] == [900, 100, 200, 50]
    assert [amount for _, amount, _ in seen(small, looking(NORTH))] == [100, 50]
    assert [amount for _, amount, _ in seen(small, looking(regions=("s",)))] == [200]
    assert [amount for _, amount, _ in seen(small, looking(owner="r1"))] == [50]


def test_a_day_in_the_past_knows_no_later_commit(small):
    made(small, BOSS, 100, region_id="n", at=datetime(2026, 11, 1, 9, 0))
    made(small, BOSS, 200, region_id="n", at=datetime(2026, 11, 2, 9, 0))
    assert [amount for _, amount, _ in seen(small, looking(as_of=date(2026, 11, 1)))] == [100]


def test_refused(small, subtests):
    for person, whom, error, told in (
        (DIRECTOR, {"region_id": "n"}, NotAllowed, "director"),
        (NORTH, {"region_id": "s"}, NotFound, "no region 's'"),
        (NORTH, {"rep_id": "r2"}, NotFound, "no rep 'r2'"),
        (NORTH, {}, NotAllowed, "whole company"),
        (BOSS, {"region_id": "nowhere"}, Refused, "no region"),
        (BOSS, {"rep_id": "nobody"}, Refused, "no rep"),
        (BOSS, {"region_id": "n", "rep_id": "r1"}, Refused, "not for both"),
    ):
        with subtests.test(told=told):
            with pytest.raises(error, match=told):
                made(small, person, 100, **whom)
            assert seen(small, looking()) == []


def test_no_amount_and_no_ended_period(small):
    for amount in (-1, commits.LARGEST + 1):
        with pytest.raises(Refused, match="amount"):
            made(small, BOSS, amount)
    first = made(small, BOSS, 100, at=datetime(2026, 12, 31, 23, 0))  # the last day is inside
    after = datetime(2027, 1, 1, 8, 0)
    with pytest.raises(Refused, match="ended"):
        made(small, BOSS, 200, at=after)
    with pytest.raises(Refused, match="ended"):
        commits.withdraw(small, BOSS, first, at=after)
    with pytest.raises(Refused, match="no commit"):
        commits.withdraw(small, BOSS, first + 1, at=NOON)


def test_another_regions_commit_is_not_taken_back(small):
    south = made(small, BOSS, 100, region_id="s")
    with pytest.raises(NotFound, match=f"^There is no commit {south} to take back.$"):
        commits.withdraw(small, NORTH, south, at=NOON)
    assert seen(small, looking()) == [("South", 100, "Eva")]
