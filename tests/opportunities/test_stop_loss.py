"""Cost of sale and stop-loss equal a second, independent computation: on the demo, on random organisations, and on
deals written by hand for what goes wrong."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.answers.opportunities import stop_loss as answers
from dashboard.reports import as_text
from data_access.engine import engine
from tests.independent.compare import differences
from tests.independent.facts import Facts
from tests.independent.opportunities.cost_of_sale import stop_loss
from tests.independent.product import TODAY, load
from tests.independent.random.organisations import questions, write
from tests.independent.random.supported import supported_organisation
from tests.independent.scopes import Asked
from tests.rings import rings

BASE = "CNY"
COMPARED = (
    "cost", "support_cost", "activity_cost", "expected_margin", "support_hours", "activities", "is_candidate",
)  # fmt: skip


def found(database, asked: Asked) -> tuple[dict[str, dict], dict[str, int]]:
    """What the product answers, by deal, and what it leaves out."""

    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    scope = as_text.scope(
        ask,
        role=f"manager:{asked.manager_of}" if asked.manager_of else "executive",
        start=asked.start,
        end=asked.end,
        as_of=asked.as_of,
        regions=asked.regions,
        with_left_out=asked.with_left_out,
        owner=asked.owner,
        pipeline=asked.pipeline,
        track=asked.track,
        product=asked.product,
        source=asked.source,
        segments=(asked.segment,) if asked.segment else (),
    )
    rows = answers.candidates(ask, scope)
    assert rows["is_candidate"].is_monotonic_decreasing
    return printed_rows(rows), answers.left_out(ask, scope)


def printed_rows(rows: pd.DataFrame) -> dict[str, dict]:
    return {row["opportunity_id"]: {key: row[key] for key in COMPARED} for row in as_text.rows(rows)}


def agree(database, folder, asked: Asked) -> list[str]:
    ours = stop_loss(Facts(folder, BASE), asked, TODAY)
    return [f"{asked} {line}" for line in differences(dict(enumerate(ours)), dict(enumerate(found(database, asked))))]


def test_the_demo_equals_the_independent_computation(demo_url, demo_folder):
    database = engine(demo_url)
    for asked in (Asked(), Asked(as_of=date(2026, 3, 31)), Asked(manager_of="east"), Asked(track="fast")):
        assert agree(database, demo_folder, asked) == []
    rows, left_out = found(database, Asked())
    assert 0 < sum(row["is_candidate"] for row in rows.values()) < len(rows) and left_out["deals"] > 0


@pytest.mark.parametrize("seed", rings(range(4)))
def test_random_organisations_equal_it_on_each_database(seed, database, tmp_path):
    folder = write(supported_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    assert [line for asked in questions(seed, 8) for line in agree(database, folder, asked)] == []


# --- by hand ------------------------------------------------------------------------------------------

DAY = date(2026, 6, 17)  # a Wednesday
STAGES = [
    {"pipeline": "sales", "stage": "offer", "position": 1, "kind": "open", "probability": "0.5"},
    {"pipeline": "sales", "stage": "talk", "position": 2, "kind": "open", "probability": ""},
    {"pipeline": "sales", "stage": "won", "position": 3, "kind": "won", "probability": "1"},
]
PEOPLE = [
    {"resource_id": "ann", "name": "Ann", "kind": "expert", "weekly_hours": 40, "hourly_cost": "100"},
    {"resource_id": "lab", "name": "Lab", "kind": "lab", "weekly_hours": 40, "hourly_cost": ""},
]
COSTS = [
    {"kind": "call", "valid_from": "2026-01-01", "hourly_cost": "60", "default_minutes": 10},
    {"kind": "call", "valid_from": "2026-06-10", "hourly_cost": "120", "default_minutes": 20},
]


def deal(key: str, margin: str, stage: str = "offer", **more) -> dict:
    cells = {"opportunity_id": key, "pipeline": "sales", "stage": stage, "created_on": "2026-01-05"}
    return cells | {"gross_margin": margin, "amount": "1000"} | more


def changed(its: dict) -> dict:
    """The deal's history: in its stage since its closing, else since its creation."""
    return {
        "opportunity_id": its["opportunity_id"],
        "changed_at": its.get("closed_on") or its["created_on"],
        "stage": its["stage"],
    }


def booked(key: str, hours, week: str = "2026-06-15", who: str = "ann") -> dict:
    return {"resource_id": who, "opportunity_id": key, "week": week, "hours": hours}


def called(key: str, completed_at: str, minutes="", kind: str = "call") -> dict:
    cells = {"activity_id": f"{key} {completed_at}", "rep_id": "r", "opportunity_id": key, "kind": kind}
    return cells | {"completed_at": completed_at, "minutes": minutes}


@pytest.fixture
def organisation(database, tmp_path):
    """Loads deals with bookings and activities; gives what the product answers as of DAY."""

    def made(deals, bookings=(), activities=()):
        tables = {"stage": STAGES, "opportunity": deals, "support_person": PEOPLE, "activity_cost": COSTS}
        tables |= {"rep": [{"rep_id": "r", "name": "Rep"}], "support_booking": list(bookings)}
        tables |= {"opportunity_history": [changed(one) for one in deals]}
        folder = write(tables | {"activity": list(activities)}, tmp_path / "by hand")
        load(database, folder)
        assert agree(database, folder, Asked(as_of=DAY)) == []
        return found(database, Asked(as_of=DAY))

    return made


def test_the_cost_must_exceed_the_expected_margin(organisation):
    """Half of 400 can be expected: 200 spent is no loss yet, a cent more is."""
    at, above = booked("at", 2), booked("above", "2.0001")
    rows, _ = organisation([deal("at", "400"), deal("above", "400"), deal("free", "0")], [at, above])
    assert {key: row["is_candidate"] for key, row in rows.items()} == {"at": False, "above": True, "free": False}
    assert rows["above"]["cost"] == 200.01


def test_a_negative_margin_makes_a_candidate_of_every_deal(organisation):
    rows, _ = organisation([deal("d", "-0.01")])
    assert rows["d"]["expected_margin"] == -0.01 and rows["d"]["is_candidate"]  # half a cent, rounded by its size


def test_only_what_was_booked_and_done_by_then_counts(organisation):
    bookings = [booked("d", 1), booked("d", 8, week="2026-06-22")]  # the second: next week
    activities = [
        called("d", "2026-06-17T23:59:59", 30),
        called("d", "2026-06-18T00:00:00", 30),  # too late
        called("d", "", 30),  # never done
    ]
    rows, _ = organisation([deal("d", "1000")], bookings, activities)
    assert (rows["d"]["support_cost"], rows["d"]["activity_cost"], rows["d"]["activities"]) == (100, 60, 1)


def test_an_activity_costs_what_its_kind_cost_that_day_for_its_usual_minutes(organisation):
    before, on, own = called("d", "2026-06-09T23:59:59"), called("d", "2026-06-10"), called("d", "2026-06-11", 1)
    rows, _ = organisation([deal("d", "1000")], activities=[before, on, own])
    assert rows["d"]["activity_cost"] == pytest.approx(10 + 40 + 2)


def test_every_row_is_rounded_half_up_to_the_cent(organisation):
    """A third of a cent, three times, is nothing; half a cent, twice, is two cents."""
    small = [called(key, f"2026-05-0{n}", 0) for key in ("a",) for n in (1, 2, 3)]
    bookings = [booked("b", "0.00005"), booked("b", "0.00005", week="2026-06-08")]
    rows, _ = organisation([deal("a", "10"), deal("b", "10")], bookings, small)
    assert (rows["a"]["cost"], rows["b"]["cost"]) == (0, 0.02)


def test_what_is_not_known_leaves_a_deal_out_and_is_counted(organisation):
    deals = [
        deal("no margin", ""),
        deal("no probability", "10", "talk"),
        deal("no rate", "10", currency="USD"),
        deal("no hourly cost", "10"),
        deal("no hours of the lab", "10"),
        deal("no cost of the kind", "10"),
        deal("before any cost", "10"),
        deal("won", "10", "won", closed_on="2026-06-01"),
    ]
    bookings = [booked("no hourly cost", 1, who="lab"), booked("no hours of the lab", 0, who="lab")]
    activities = [called("no cost of the kind", "2026-06-01", 5, "visit"), called("before any cost", "2025-12-31", 5)]
    rows, left_out = organisation(deals, bookings, activities)
    assert set(rows) == {"no hours of the lab"}
    assert left_out == {"deals": 6, "without_cost": 3, "without_margin": 2, "without_probability": 1}


def test_the_sum_behind_each_adds_up(demo_url):
    rows, _ = found(engine(demo_url), Asked())
    for row in rows.values():
        assert Decimal(str(row["cost"])) == Decimal(str(row["support_cost"])) + Decimal(str(row["activity_cost"]))
