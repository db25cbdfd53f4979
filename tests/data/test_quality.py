"""The quality of the demo's deals, told again in plain Python over its CSV rows; and who is told what of imports."""

import csv
from datetime import date, datetime

import pandas as pd
import pytest

from dashboard.answers import asking
from dashboard.answers.data import freshness, quality
from dashboard.metrics.data import freshness as of_loads, quality as metrics
from dashboard.metrics.data.needs import NEEDS
from dashboard.metrics.definitions import DEFINITIONS
from data_access import lists
from data_access.data import loads
from data_access.data.gaps import GAPS
from data_access.engine import engine
from data_access.errors import NotAllowed
from data_access.scope import Period, Person, Scope
from tests.pages import behind, opened, said

DAY = date(2026, 11, 21)
SCOPE = Scope(Person("executive"), Period(date(2026, 10, 1), date(2026, 12, 31)), DAY, DAY)
EAST = SCOPE.but(person=Person("manager", ("east",)))


def rows(folder, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def database(demo_url):
    made = engine(demo_url)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def found(database) -> dict[tuple[str, str], tuple[int, int]]:
    """(list, gap): of how many deals how many lack it."""
    table = metrics.by_rule(quality.facts(asking(database), SCOPE))
    return {(row.what, row.gaps[0]): (row.lacking, row.deals) for row in table.itertuples()}


def test_each_share_is_what_plain_python_counts_in_the_files(found, demo_folder, subtests):
    deals = [deal for deal in rows(demo_folder, "opportunity") if not deal["removed_on"]]
    accounts = {one["account_id"]: one for one in rows(demo_folder, "account")}
    live, day = [deal for deal in deals if not deal["closed_on"]], DAY.isoformat()
    planned = {
        one["opportunity_id"]
        for one in rows(demo_folder, "activity")
        if one["planned_on"] >= day and not one["completed_at"] and not one["cancelled_on"] and not one["removed_on"]
        if not one.get("created_on") or one["created_on"] <= day
    }
    history = {one["opportunity_id"] for one in rows(demo_folder, "opportunity_history")}
    kinds = {(one["pipeline"], one["stage"]): one["kind"] for one in rows(demo_folder, "stage")}
    in_period = [deal for deal in deals if "2026-10-01" <= deal["closed_on"] <= day]
    in_period = [deal for deal in in_period if deal["loss_reason"] not in ("qualified_out", "duplicate")]
    won = [deal for deal in in_period if kinds[deal["pipeline"], deal["stage"]] == "won"]
    lost = [deal for deal in in_period if deal not in won]

    def segment(deal) -> str:
        account = accounts.get(deal["account_id"], {})
        return account.get("industry") or account.get("customer_class") or ""

    wanted = {
        ("open", "amount"): (live, lambda deal: not deal["amount"]),
        ("open", "expected_close"): (live, lambda deal: not deal["expected_close_on"]),
        ("open", "overdue"): (live, lambda deal: "" < deal["expected_close_on"] < day),
        ("open", "next_step"): (live, lambda deal: deal["opportunity_id"] not in planned),
        ("open", "owner"): (live, lambda deal: not deal["owner_id"]),
        ("open", "segment"): (live, lambda deal: not segment(deal)),
        ("open", "history"): (live, lambda deal: deal["opportunity_id"] not in history),
        ("closed", "amount"): (in_period, lambda deal: not deal["amount"]),
        ("won", "margin"): (won, lambda deal: not deal["gross_margin"]),
        ("lost", "loss_reason"): (lost, lambda deal: not deal["loss_reason"]),
    }
    for key, (population, lacks) in wanted.items():
        with subtests.test(key=key):
            assert found[key] == (sum(map(lacks, population)), len(population))
    assert found["open", "amount"][0] > 0 and found["open", "next_step"][0] > 0


def test_the_list_behind_each_gap_has_as_many_deals(found, database, subtests):
    for (what, gap), (lacking, _deals) in found.items():
        if lacking:
            with subtests.test(what=what, gap=gap):
                assert len(lists.deal_list(database, SCOPE, what, lacks=(gap,))) == lacking


def test_a_number_leaves_out_whoever_lacks_any_of_what_it_needs(database):
    facts = {what: pd.DataFrame({gap: [0, 0] for gap in gaps} | {"deals": [5, 3]}) for what, gaps in GAPS.items()}
    facts["open"] = pd.DataFrame(
        {gap: [0, int(gap == "amount"), int(gap in ("amount", "expected_close"))] for gap in GAPS["open"]}
        | {"deals": [6, 3, 1]}
    )
    numbers = metrics.by_number(facts).set_index("key")
    assert numbers.loc["coverage", ["deals", "lacking", "has_share"]].tolist() == [10, 4, 0.6]
    assert numbers.loc["leak_overdue", "lacking"] == 1
    assert NEEDS.keys() <= DEFINITIONS.keys()
    assert all(set(gaps) <= set(GAPS[what]) for what, gaps in NEEDS.values())


def test_who_sees_a_part_is_told_of_their_part_alone(database, demo_folder):
    for question in (loads.imported, loads.attempts):
        with pytest.raises(NotAllowed, match="whole company"):
            question(database, EAST.person)
        assert len(question(database, SCOPE.person))
    ask = asking(database)
    everything, theirs = (quality.facts(ask, scope)["open"]["deals"].sum() for scope in (SCOPE, EAST))
    assert 0 < theirs < everything
    newest, of_theirs = (freshness.newest(ask, scope).set_index("what")["newest_on"] for scope in (SCOPE, EAST))
    assert (of_theirs <= newest).all() and newest.max() == pd.Timestamp(DAY)
    nowhere = SCOPE.but(person=Person("manager", ("nowhere",)))
    assert freshness.newest(ask, nowhere)["newest_on"].isna().all()


def test_a_load_is_fresh_for_a_week_unless_the_last_attempt_failed():
    def state(last: int, loaded: int, failed: str | None = None) -> str:
        at = datetime(2026, 11, loaded, 6)
        return of_loads.Freshness(date(2026, 11, last), at, date(2026, 11, 21), failed).state

    assert [state(14, 14), state(13, 21), state(21, 13), state(21, 21, "sync")] == ["fresh", "stale", "stale", "failed"]


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_page_opens_the_deals_that_lack_something(shown_from):
    app = opened("data.py", tab="quality", open="data_gaps:open:amount")
    assert app.warning == [] and behind(app).value["amount"].isna().all() and len(behind(app).value)
    assert "Deals behind: Open deals: no amount" in app.get("dialog")[0].proto.dialog.title.replace("\\", "")


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_page_names_no_file_and_counts_no_row_of_the_company_to_a_manager(shown_from):
    whole, part = (opened("data.py", "zh", tab="imports", **who) for who in ({}, {"role": "manager:east"}))
    assert len(whole.dataframe) == 1 and "行被拒" in said(whole)
    assert len(part.dataframe) == 0 and "行被拒" not in said(part) and ".csv" not in said(part)
    assert "导入记录属于全公司" in said(part)
