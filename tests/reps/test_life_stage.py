"""Which stage each rep is in equals a second, independent computation: on the demo, on random organisations, and on
reps written by hand. Each threshold from both sides, and the laws that hold whatever the data."""

from datetime import date, datetime
from fractions import Fraction

import pandas as pd
import pytest

from dashboard.answers.reps.life_stage import KIND, life_stages
from dashboard.metrics.reps.life_stage import DEFAULTS, employed_months, stage_of
from dashboard.reports import as_text
from data_access import organisation, profiles
from data_access.engine import engine
from data_access.scope import Person
from tests.independent.facts import Facts
from tests.independent.product import load
from tests.independent.random.customers import random_company
from tests.independent.random.organisations import REGIONS, write
from tests.independent.reps.life_stage import THRESHOLDS, life_stages as computed
from tests.rings import rings

BASE = "CNY"  # the setting a new database starts with
UNTIL = date(2026, 11, 21)


def asking(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def found(database, as_of: date, role: str = "executive", regions=(), **more) -> dict[str, dict]:
    """The rows of the answer by rep; undefined is None."""
    ask = asking(database)
    everything = {"start": None, "end": None, "with_left_out": False}
    scope = as_text.scope(ask, role=role, regions=regions, as_of=as_of, **everything | more)
    frame = life_stages(ask, scope).astype(object)
    return {row["rep_id"]: row for row in frame.where(frame.notna(), None).to_dict("records")}


def different(ours: dict[str, dict], theirs: dict[str, dict]) -> list[str]:
    """What the answer says otherwise than the independent computation: money to the cent, ratios within 1e-9."""
    lines = [f"only one has {rep}" for rep in ours.keys() ^ theirs.keys()]
    for rep in ours.keys() & theirs.keys():
        for key, value in ours[rep].items():
            other = theirs[rep][key]
            if isinstance(value, (int, Fraction)) or hasattr(value, "quantize"):
                same = other is not None and abs(float(value) - float(other)) <= 1e-9 * max(1.0, abs(float(value)))
            else:
                same = value == (other.date() if isinstance(other, pd.Timestamp) else other)
            lines += [] if same else [f"{rep} {key}: {value} and {other}"]
    return lines


# --- organisations ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_company(demo_url, demo_folder):
    """The demo organisation as a database and as files."""
    database = engine(demo_url)
    yield database, demo_folder
    database.dispose()


@pytest.mark.parametrize("as_of", rings([UNTIL, date(2024, 2, 29)]))
def test_the_demo_equals_the_independent_computation(as_of, demo_company):
    database, folder = demo_company
    ours, theirs = computed(folder, as_of, BASE), found(database, as_of)
    assert len(theirs) > 40 and different(ours, theirs) == []
    if as_of == UNTIL:
        assert {row["life_stage"] for row in theirs.values()} == {None, "subsistence", "comfortable", "affluent"}


def test_every_rep_is_in_the_same_stage_for_whoever_looks_and_whatever_is_filtered(demo_company):
    database, folder = demo_company
    company = found(database, UNTIL)
    facts = Facts(folder, BASE)
    for narrowed, visible in (
        (found(database, UNTIL, role="manager:east"), facts.within("east")),
        (found(database, UNTIL, regions=("south", "west-chengdu")), facts.within("south") | {"west-chengdu"}),
        (found(database, UNTIL, role="manager:east", regions=("east-hangzhou",)), {"east-hangzhou"}),
    ):
        expected = {rep: row for rep, row in company.items() if facts.region_of_rep(rep, UNTIL) in visible}
        assert narrowed and narrowed == expected
    filtered = {"start": date(2026, 10, 1), "end": date(2026, 12, 31), "track": "fast", "pipeline": "none such"}
    assert found(database, UNTIL, **filtered) == company
    one = next(iter(company))
    assert found(database, UNTIL, owner=one) == {one: company[one]}


@pytest.mark.parametrize("seed", rings((1, 2, 3)))
def test_random_organisations_equal_the_independent_computation(seed, database, tmp_path):
    tables = random_company(seed)
    folder = write(tables, tmp_path / "organisation")
    keys = [deal["opportunity_id"] for deal in tables["opportunity"]]
    bookings = [
        f"s1,{key},{week},{number / 2},"
        for number, key in enumerate(keys[:: seed + 1])
        for week in ("2026-01-05", "2026-05-04")
    ]
    people = "resource_id,name,kind,weekly_hours\ns1,Sam,presales,40\n"
    (folder / "support_person.csv").write_text(people, encoding="utf-8")
    booked = "\n".join(["resource_id,opportunity_id,week,hours,request_id", *bookings]) + "\n"
    (folder / "support_booking.csv").write_text(booked, encoding="utf-8")
    load(database, folder)
    organisation.set_setting(database, "fiscal_year_start_month", "4")
    for as_of in (date(2026, 11, 20), date(2026, 6, 30), date(2026, 1, 4), date(2025, 12, 1)):
        assert different(computed(folder, as_of, BASE, 4), found(database, as_of)) == []


# --- reps written by hand -----------------------------------------------------------------------------

AS_OF = date(2026, 6, 30)
STAGES = [{"pipeline": "sales", "stage": kind, "position": at, "kind": kind} for at, kind in enumerate(("open", "won"))]

HAND_MADE = {
    # Two strong years, and every deal of the last from a known customer.
    "affluent": "affluent",
    "strong": "comfortable",  # one strong year only
    "lone": "subsistence",  # strong, but only new customers
    "joiner": None,  # hired on 15 August: not yet a year
    "year old": "comfortable",  # hired a year ago to the day
    "no target": None,
    "idle": "subsistence",  # a target, and nothing done at all
    "leaver": "comfortable",  # left in May: judged by the months with a target
    "mover": "comfortable",  # won in the South, is in the North now
    "foreign": None,  # a deal in a currency nobody has a rate for
    "amountless": None,  # won deals without any amount
    "faceless": None,  # won deals whose accounts nobody knows: no repeat share
    "faceless, short": "subsistence",  # the same, but far from the target
    "undated": "comfortable",  # hired nobody knows when
}


WON = {  # in the trailing year and in the one before it: amounts, perhaps with a currency
    "affluent": ("120", "120"),
    "strong": ("120", "100"),
    "lone": ("120", "120"),
    "joiner": ("500", ""),
    "year old": ("90", ""),
    "no target": ("500", "500"),
    "leaver": ("90", ""),
    "mover": ("90", "90"),
    "foreign": ("500 XYZ", ""),
    "amountless": ("", ""),
    "faceless": ("500", ""),
    "faceless, short": ("10", ""),
    "undated": ("90", ""),
}


def won_by(rep: str, account: str, worth: str, closed_on: str) -> dict:
    amount, _, currency = worth.partition(" ")
    stage = {"pipeline": "sales", "stage": "won", "created_on": "2020-01-01", "closed_on": closed_on}
    whose = {"opportunity_id": f"{rep} {closed_on}", "account_id": account, "owner_id": rep}
    return stage | whose | {"amount": amount, "currency": currency}


@pytest.fixture
def hand_made(database, tmp_path):
    hired, left = {"joiner": "2025-08-15", "year old": "2025-06-30", "undated": ""}, {"leaver": "2026-05-10"}
    customers = {"lone": ("new", "newer"), "faceless": ("", ""), "faceless, short": ("", "")}
    deals = [won_by("", "known", "1", "2020-02-01"), won_by("", "", "1", str(AS_OF))]
    for rep, amounts in WON.items():
        accounts = customers.get(rep, ("known", "known"))
        for account, worth, day in zip(accounts, amounts, ("2026-02-01", "2025-02-01"), strict=True):
            deals.append(won_by(rep, account, worth, day))
    tables = {
        "region": [{"region_id": key, "name": key, "parent_id": above} for key, above in REGIONS.items()],
        "rep": [
            {
                "rep_id": rep,
                "name": rep,
                "region_id": "north" if rep == "mover" else "south",
                "hired_on": hired.get(rep, "2020-01-01"),
                "left_on": left.get(rep, ""),
            }
            for rep in HAND_MADE
        ],
        "rep_history": [
            {"rep_id": "mover", "from_on": from_on, "region_id": region}
            for from_on, region in (("2019-01-01", "south"), ("2026-03-01", "north"))
        ],
        "account": [{"account_id": key, "name": key} for key in ("known", "new", "newer")],
        "stage": STAGES,
        "opportunity": deals,
        "target": [
            {"rep_id": rep, "month": month, "amount": "100"}
            for rep in HAND_MADE
            for month in ("2024-09-01", "2025-09-01")
            if rep != "no target"
        ],
    }
    folder = write(tables, tmp_path / "hand made")
    load(database, folder)
    return database, folder


def test_reps_written_by_hand(hand_made):
    database, folder = hand_made
    rows = found(database, AS_OF)
    assert {rep: row["life_stage"] for rep, row in rows.items()} == HAND_MADE
    assert different(computed(folder, AS_OF, BASE), rows) == []
    assert rows["faceless"]["repeat_share"] is None and rows["idle"]["repeat_share"] is None
    assert rows["mover"]["region_id"] == "north" and rows["mover"]["attainment"] == 0.9
    assert rows["idle"]["support_hours"] is None  # nobody ever booked support here
    assert list(found(database, AS_OF, role="manager:north")) == ["mover"]
    assert found(database, date(2026, 2, 10))["mover"]["region_id"] == "south"
    assert "joiner" not in found(database, date(2025, 8, 14)) and "joiner" in found(database, date(2025, 8, 15))
    assert found(database, date(2026, 5, 9))["leaver"]["is_here"]
    assert not found(database, date(2026, 5, 10))["leaver"]["is_here"]


# --- thresholds ---------------------------------------------------------------------------------------

EVIDENCE = {
    "employed_months": 12,
    "won": 110_00,
    "target": 100_00,
    "won_before": 110_00,
    "target_before": 100_00,
    "repeat_won": 55_00,
}


def test_each_threshold_from_both_sides(subtests):
    for changed, stage in (
        ({}, "affluent"),  # at every threshold of it
        ({"won": 109_99}, "comfortable"),
        ({"won_before": 109_99}, "comfortable"),
        ({"won_before": 110_01}, "affluent"),
        ({"repeat_won": 54_99}, "comfortable"),
        ({"employed_months": 11}, None),
        ({"employed_months": 13}, "affluent"),
        ({"employed_months": None}, "affluent"),
        ({"target": None}, None),
        ({"target": 0}, None),
        ({"target_before": None}, "comfortable"),
        ({"target_before": 0}, "comfortable"),
        ({"won_before": None}, "comfortable"),
        ({"won": 80_00, "repeat_won": 24_00}, "comfortable"),  # at both thresholds
        ({"won": 79_99, "repeat_won": 79_99}, "subsistence"),
        ({"won": 80_01, "repeat_won": 24_01}, "comfortable"),
        ({"won": 80_00, "repeat_won": 23_99}, "subsistence"),
        ({"won": 0, "repeat_won": 0}, "subsistence"),
        ({"won": None, "repeat_won": None}, None),
        ({"won": 80_00, "repeat_won": None}, None),
        ({"won": 79_99, "repeat_won": None}, "subsistence"),
        # Beyond what a float holds: a cent more or less decides.
        ({"won": 11 * 10**16, "target": 10**17, "repeat_won": 55 * 10**15}, "affluent"),
        ({"won": 11 * 10**16 - 1, "target": 10**17, "repeat_won": 55 * 10**15}, "comfortable"),
        ({"won": 8 * 10**16 - 1, "target": 10**17, "repeat_won": 8 * 10**16 - 1}, "subsistence"),
        ({"won": 10**17, "target": 10**17, "repeat_won": 3 * 10**16}, "comfortable"),
        ({"won": 10**17, "target": 10**17, "repeat_won": 3 * 10**16 - 1}, "subsistence"),
    ):
        with subtests.test(changed=changed):
            assert stage_of(EVIDENCE | changed, DEFAULTS) == stage


def test_the_thresholds_are_those_of_the_definition():
    assert {key: Fraction(str(value)) for key, value in DEFAULTS.items()} == THRESHOLDS


def test_months_employed(subtests):
    for hired, left, months in (
        ("2025-06-30", None, 12),
        ("2025-07-01", None, 11),
        ("2026-06-30", None, 0),
        ("2025-05-31", None, 12),
        ("2020-01-01", "2026-05-10", 76),
        ("2020-01-01", "2026-07-10", 77),
        (None, None, None),
    ):
        with subtests.test(hired=hired, left=left):
            assert employed_months(pd.Timestamp(hired or "NaT"), pd.Timestamp(left or "NaT"), AS_OF) == months


def test_published_thresholds_hold_from_their_day_on(hand_made):
    database, folder = hand_made
    harder = DEFAULTS | {"comfortable_attainment": 0.95}
    director = Person("director", name="Dora")
    for version, (payload, at) in enumerate(((DEFAULTS, datetime(2026, 1, 1)), (harder, datetime(2026, 6, 20)))):
        profiles.publish(database, director, KIND, dict(payload), "a test", based_on=version, at=at)
    assert found(database, date(2026, 6, 19))["mover"]["life_stage"] == "comfortable"
    rows = found(database, date(2026, 6, 20))
    assert rows["mover"]["life_stage"] == "subsistence" and rows["strong"]["life_stage"] == "comfortable"
    rules = THRESHOLDS | {"comfortable_attainment": Fraction(95, 100)}
    assert different(computed(folder, date(2026, 6, 20), BASE, rules=rules), rows) == []


def test_without_any_creation_date_nobody_knows_who_received_new_deals(sqlite, tmp_path):
    tables = {
        "rep": [{"rep_id": "r", "name": "R"}],
        "stage": [{"pipeline": "p", "stage": "won", "position": 1, "kind": "won"}],
        "opportunity": [
            {"opportunity_id": "d", "pipeline": "p", "stage": "won", "owner_id": "r", "closed_on": "2026-02-01"}
        ],
    }
    load(sqlite, write(tables, tmp_path / "files"))
    row = found(sqlite, date(2026, 2, 1))["r"]
    assert (row["new_deals"], row["new_deal_share"]) == (None, None)
