"""The deals behind a group, as the group is counted: deals of a region itself, of none, and moved between regions."""

from datetime import date

import pytest

from dashboard.answers.overview.compared import compared, moved_most
from dashboard.answers.pipeline.deals import deals
from data_access.errors import Refused
from data_access.scope import Period, Person, Scope
from tests.independent.product import load
from tests.independent.random.organisations import write

LAST = date(2026, 3, 31)
PARENTS = {"top": "", "east": "top", "quay": "east", "west": "top"}
AMOUNTS = {"top": 1000, "east": 200, "quay": 30, "west": 4, "": 50000}  # of the one deal in each region
TABLES = {
    "region": [{"region_id": one, "name": one.title(), "parent_id": above} for one, above in PARENTS.items()],
    "stage": [
        {"pipeline": "sales", "stage": kind, "position": position, "kind": kind}
        for position, kind in enumerate(("open", "won", "lost"), start=1)
    ],
    "opportunity": [
        {
            "opportunity_id": f"of_{region or 'none'}",
            "pipeline": "sales",
            "stage": "won",
            "amount": amount,
            "region_id": region,
            "created_on": "2026-01-05",
            "closed_on": "2026-02-05",
        }
        for region, amount in AMOUNTS.items()
    ],
}


@pytest.fixture
def ask(database, tmp_path):
    load(database, write(TABLES, tmp_path / "files"))
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def scope(person=Person("executive"), **chosen):  # noqa: B008  (frozen)
    return Scope(person, Period(date(2026, 1, 1), LAST), LAST, LAST, **chosen)


@pytest.mark.parametrize("chosen", [(), ("top",), ("east",), ("east", "west")], ids=str)
def test_the_deals_behind_a_region_sum_to_it(ask, chosen):
    groups = compared(ask, scope(regions=chosen), "region")
    assert len(groups) > 1
    for group in groups.itertuples():
        behind = deals(ask, scope(regions=chosen), "won", region=group.key)
        assert (len(behind), behind["amount"].sum()) == (group.won_count, group.won_amount), group.key


def test_the_deals_behind_what_moved_most_sum_to_it(ask):
    moves = moved_most(ask, scope(), scope().but(period=Period(date(2025, 1, 1), date(2025, 3, 31))), most=100)
    assert moves["region_id"].isna().any()
    for move in moves.itertuples():
        cause = f"{move.cause}_bar" if move.cause in ("created", "won", "lost") else move.cause
        assert deals(ask, scope(), cause, region=move.region_id)["amount"].sum() == move.amount


def test_what_was_lost_is_said_as_lost_and_losing_more_is_worse(ask):
    earlier = scope().but(period=Period(date(2025, 1, 1), date(2025, 3, 31)))
    moves = moved_most(ask, scope(), earlier, most=100)
    leaves = moves["cause"].isin(["amount_down", "moved_out", "won", "lost", "left_out", "removed"])
    assert (moves["moved"] == moves["amount"].where(~leaves, -moves["amount"])).all() and (moves["moved"] >= 0).all()
    assert (moves["difference"] == moves["moved"] - moves["moved_before"]).all()
    assert leaves.any() and not leaves.all() and (moves["difference"] != 0).any()
    backwards = moved_most(ask, earlier, scope(), most=100)
    for found in (moves, backwards):
        for move in found[found["difference"] != 0].itertuples():
            is_more = move.difference > 0
            good = {"created", "reopened", "amount_up", "won"} if is_more else {"lost", "amount_down"}
            bad = {"lost", "amount_down"} if is_more else {"created", "reopened", "amount_up", "won"}
            assert move.effect == (move.cause in good) - (move.cause in bad), move


def test_a_manager_gets_no_deals_of_a_region_elsewhere(ask):
    manager = scope(Person("manager", ("east",)))
    assert len(deals(ask, manager, "won")) == 2
    for region in ("west", "top", None):
        assert deals(ask, manager, "won", region=region).empty


def test_the_deals_of_a_stage_are_refused_without_one(ask, subtests):
    for what in ("visited", "reached_at_least", "transition"):
        with subtests.test(what=what), pytest.raises(Refused, match="none is named"):
            deals(ask, scope(), what)
