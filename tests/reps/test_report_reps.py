"""`report reps` and `report activity` equal a second, independent computation: on random organisations full of what
goes wrong, on the demo, and on small ones written by hand."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.engine import engine
from tests.independent.compare import differences
from tests.independent.product import TODAY, load, report
from tests.independent.random.organisations import questions, write
from tests.independent.random.people import busy_organisation
from tests.independent.reps.results import activity, reps
from tests.independent.scopes import Asked
from tests.rings import rings

BASE = "CNY"
OF_THE_LIFE_STAGE = ("life_stage", "repeat_share")  # tested with their own evidence


def compared(database, folder, asked: Asked) -> list[str]:
    """What differs between the two reports and the computations."""
    told = report(database, "reps", asked.arguments())
    told["rows"] = {
        row["rep_id"]: {key: value for key, value in row.items() if key not in OF_THE_LIFE_STAGE}
        for row in told["rows"]
    }
    done = report(database, "activity", asked.arguments())
    done["rows"] = {f"{row['rep_id']}/{row['week']}/{row['kind']}/{row['origin']}": row for row in done["rows"]}
    found = differences(reps(folder, asked, BASE, TODAY), told)
    return [f"{asked} {line}" for line in found + differences(activity(folder, asked, BASE, TODAY), done)]


def _differences(database, seed, tmp_path) -> list[str]:
    folder = write(busy_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    return [line for asked in questions(seed, 8) for line in compared(database, folder, asked)]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(301, 304))
def test_random_organisations_equal_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


@pytest.mark.parametrize("seed", rings((321, 322)))
def test_random_organisations_equal_it_on_each_database(seed, database, tmp_path):
    assert _differences(database, seed, tmp_path) == []


# --- the demo organisation ----------------------------------------------------------------------------

ON_THE_DEMO = (
    Asked(date(2026, 7, 1)),
    Asked(date(2025, 4, 1), date(2025, 6, 30), date(2025, 5, 20), manager_of="east"),
)


@pytest.mark.parametrize("asked", rings(ON_THE_DEMO))
def test_the_demo_equals_the_independent_computation(asked, demo_url, demo_folder):
    assert compared(engine(demo_url), demo_folder, asked) == []


# --- an organisation written by hand ------------------------------------------------------------------

STAGES = [
    {"pipeline": "sales", "stage": "open", "position": 1, "kind": "open"},
    {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
]
THIRD_QUARTER = Asked(date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 30))


def rep(key, region="north", **more) -> dict:
    return {"rep_id": key, "name": key, "region_id": region} | more


def done(key, who, day, **more) -> dict:
    return {"activity_id": key, "rep_id": who, "kind": "call", "completed_at": day} | more


def won(key, owner, day, amount, **more) -> dict:
    deal = {"opportunity_id": key, "owner_id": owner, "pipeline": "sales", "stage": "won", "amount": amount}
    return deal | {"created_on": "2024-01-05", "closed_on": day} | more


def owns(account, who, from_on, to_on="") -> dict:
    row = {"subject_kind": "account", "subject_id": account, "role": "owner", "rep_id": who}
    return row | {"from_on": from_on, "to_on": to_on}


def told(database, tmp_path, asked=THIRD_QUARTER, **tables) -> dict[str, dict]:
    """The rows by rep, which equal the independent computation; north and south lie in the group."""
    regions = [{"region_id": key, "name": key, "parent_id": above} for key, above in REGIONS.items()]
    nobodys = won("nobody's", "", "2026-10-15", "1")  # so that there is a deal, and a last day
    whole = {"stage": STAGES, "region": regions} | tables
    whole["opportunity"] = [*whole.get("opportunity", []), nobodys]
    folder = write(whole, tmp_path / "company")
    load(database, folder)
    assert compared(database, folder, asked) == []
    return {row["rep_id"]: row for row in report(database, "reps", asked.arguments())["rows"]}


REGIONS = {"group": "", "north": "group", "south": "group"}


def test_a_leaver_stands_while_they_were_there_or_have_something_left(database, tmp_path):
    people = [
        rep("left before", left_on="2026-06-30"),
        rep("left on the first day", left_on="2026-07-01"),
        rep("left an account", left_on="2026-03-01"),
        rep("left a target", left_on="2026-03-01"),
        rep("comes later", hired_on="2026-10-01"),
        rep("comes on the last day", hired_on="2026-09-30"),
    ]
    rows = told(
        database,
        tmp_path,
        rep=people,
        account=[{"account_id": "a", "name": "A", "owner_id": "left an account"}],
        target=[{"rep_id": "left a target", "month": "2026-08-01", "amount": "100"}],
    )
    assert set(rows) == {"left on the first day", "left an account", "left a target", "comes on the last day"}
    assert (rows["left an account"]["accounts_owned"], rows["left an account"]["accounts_touched"]) == (1, None)


def test_a_joiner_in_mid_quarter_has_the_target_of_the_months_there(sqlite, tmp_path):
    months = [{"rep_id": "new", "month": month, "amount": "300"} for month in ("2026-08-01", "2026-09-01")]
    deal = won("d", "new", "2026-09-30", "450")
    new = told(sqlite, tmp_path, rep=[rep("new", hired_on="2026-08-10")], target=months, opportunity=[deal])["new"]
    assert (new["target_amount"], new["won_amount"], new["attainment"]) == (600, 450, 0.75)
    assert new["attainment_swing"] is None  # one ended quarter with a target


def test_what_a_rep_did_stays_where_they_were_posted(database, tmp_path):
    tables = {
        "rep": [rep("mover", "south"), rep("stays", "south")],
        "rep_history": [
            {"rep_id": "mover", "from_on": "2020-01-01", "region_id": "north"},
            {"rep_id": "mover", "from_on": "2026-08-15", "region_id": "south"},
        ],
        "activity": [
            done("last day in the north", "mover", "2026-08-14T23:59:00", kind="meeting"),
            done("first day in the south", "mover", "2026-08-15T00:00:00"),
            done("planned in the north, done in the south", "mover", "2026-08-20", planned_on="2026-08-10"),
        ],
        "account": [{"account_id": "a", "name": "A", "owner_id": "mover", "region_id": "north"}],
        "opportunity": [won("d", "mover", "2026-08-01", "5"), won("e", "mover", "2026-09-01", "7")],
    }
    whole = told(database, tmp_path, **tables)["mover"]
    north = _as_manager(database, tmp_path, "north")
    south = _as_manager(database, tmp_path, "south")
    assert set(north) == {"mover"} and set(south) == {"mover", "stays"}
    for key in ("completed", "meetings_held", "planned_done_late", "accounts_owned", "won_amount"):
        assert north["mover"][key] + south["mover"][key] == whole[key], key
    assert (north["mover"]["completed"], north["mover"]["planned_done_late"]) == (1, 1)
    assert (south["mover"]["accounts_owned"], south["mover"]["won_amount"]) == (1, 7)


def _as_manager(database, tmp_path, region) -> dict[str, dict]:
    asked = replace(THIRD_QUARTER, manager_of=region)
    assert compared(database, tmp_path / "company", asked) == []
    return {row["rep_id"]: row for row in report(database, "reps", asked.arguments())["rows"]}


def test_an_activity_counts_for_the_doer_and_touches_only_their_own_accounts(database, tmp_path):
    rows = told(
        database,
        tmp_path,
        rep=[rep("doer"), rep("owner"), rep("next")],
        account=[{"account_id": key, "name": key, "owner_id": "doer"} for key in ("a", "b", "never assigned")],
        assignment=[
            owns("a", "owner", "2026-01-01"),
            owns("b", "owner", "2026-01-01", "2026-09-30"),
            owns("b", "next", "2026-09-30"),
        ],
        opportunity=[won("d", "next", "2026-08-01", "", account_id="b")],
        activity=[
            done("for the owner", "doer", "2026-08-01", account_id="a"),
            done("by the owner of then", "owner", "2026-08-02", account_id="b"),
            done("through the deal", "next", "2026-08-03", opportunity_id="d"),
        ],
    )
    counted = ("completed", "accounts_owned", "accounts_touched", "won_amount")
    assert [rows["doer"][key] for key in counted] == [1, 1, 0, 0]
    assert [rows["owner"][key] for key in counted] == [1, 1, 0, 0]
    assert [rows["next"][key] for key in counted] == [1, 1, 1, None]  # its one deal has no amount


def test_what_was_planned_is_done_on_time_late_never_or_cancelled(database, tmp_path):
    def plan(key, day="2026-08-10", **more):
        return {"activity_id": key, "rep_id": "one", "kind": "meeting", "planned_on": day} | more

    activity = [
        plan("on the day", completed_at="2026-08-10T23:59:00"),
        plan("the day after", completed_at="2026-08-11T00:00:00"),
        plan("moved", "2026-12-01", first_planned_on="2026-08-01", completed_at="2026-08-02"),
        plan("never"),
        plan("cancelled", cancelled_on="2026-08-05"),
        plan("cancelled after the day", cancelled_on="2026-10-01"),
        plan("due on the day", "2026-09-30"),
        plan("done after the day", "2026-09-29", completed_at="2026-10-02"),
        plan("before the period", "2026-06-30"),
        plan("entered on the day", "2026-09-20", created_on="2026-09-30"),
        plan("entered after the day", "2026-09-20", created_on="2026-10-01"),
    ]
    row = told(database, tmp_path, rep=[rep("one")], activity=activity)["one"]
    planned = [row[key] for key in ("planned_done_on_time", "planned_done_late", "planned_overdue", "meetings_held")]
    assert planned == [1, 2, 4, 3]


def test_without_target_or_activity_there_is_a_row_and_no_attainment(database, tmp_path):
    rows = told(database, tmp_path, rep=[rep("idle"), rep("busy")], activity=[done("a", "busy", "2026-08-03")])
    keys = ("completed", "won_amount", "target_amount", "attainment")
    assert [rows["idle"][key] for key in keys] == [0, 0, None, None]


def test_where_no_activity_was_imported_what_was_done_is_no_data(database, tmp_path):
    accounts = [{"account_id": "a", "name": "A", "owner_id": "one"}]
    row = told(database, tmp_path, rep=[rep("one")], account=accounts)["one"]
    absent = ("completed", "planned_done_on_time", "planned_done_late", "planned_overdue", "meetings_held")
    assert {row[key] for key in (*absent, "accounts_touched")} == {None}
    assert (row["accounts_owned"], row["won_amount"]) == (1, 0)  # these rest on other tables


@pytest.mark.parametrize(("quarters", "swing"), [(3, None), (4, 0.6), (9, 0.6)])
def test_the_swing_needs_four_ended_quarters_and_takes_the_last_eight(quarters, swing, sqlite, tmp_path):
    """Attainments of 0.4 and 1.6 by turns; the ninth quarter back, far off, does not count."""
    starts = [f"{year}-{month:02}-01" for year in (2026, 2025, 2024) for month in (10, 7, 4, 1)]
    starts = starts[1 : quarters + 1]  # that of October 2026 has not ended
    amounts = ["40" if back % 2 else "160" for back in range(8)] + ["9999"]
    months = [{"rep_id": "one", "month": start, "amount": "100"} for start in starts]
    deals = [won(start, "one", start, amount) for start, amount in zip(starts, amounts, strict=False)]
    running = {"rep_id": "one", "month": "2026-10-01", "amount": "100"}
    row = told(sqlite, tmp_path, rep=[rep("one")], target=[*months, running], opportunity=deals)["one"]
    assert row["attainment_swing"] == (pytest.approx(swing) if swing else None)


def test_a_target_knows_no_pipeline(sqlite, tmp_path):
    asked = replace(THIRD_QUARTER, pipeline="sales")
    target = [{"rep_id": "one", "month": "2026-08-01", "amount": "100"}]
    deals = [won("d", "one", "2026-08-01", "5")]
    activity = [done("on it", "one", "2026-08-01", opportunity_id="d"), done("on nothing", "one", "2026-08-01")]
    row = told(sqlite, tmp_path, asked, rep=[rep("one")], target=target, opportunity=deals, activity=activity)["one"]
    assert [row[key] for key in ("won_amount", "target_amount", "attainment", "completed")] == [5, None, None, 1]
