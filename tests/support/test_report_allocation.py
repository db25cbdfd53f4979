"""`report allocation` equals a second, independent computation: its plan could be carried out, nothing better can, and
the plans beside it are what they are said to be. On the demo, on random organisations, and on cases by hand."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from data_access import profiles
from data_access.engine import engine
from data_access.scope import Person
from tests.independent.facts import Facts
from tests.independent.product import load, report, report_of, run
from tests.independent.random.organisations import write
from tests.independent.random.planned import AS_OF, planned_organisation
from tests.independent.reps.life_stage import life_stages
from tests.independent.support.allocation import Support
from tests.rings import rings

BASE = "CNY"
TOTALS = ("recommended", "todays_bookings", "first_come_first_served")


def agrees(found: dict, support: Support, tilt: float = 0.0, favoured: set[str] = frozenset()) -> None:
    """A report of the whole company is a plan that keeps to the constraints, and the best one."""
    rows, totals = found["rows"], found["totals"]
    assert support.broken_by(rows) == []
    for row in rows:
        request = support.requests[row["request_id"]]
        assert row["opportunity_id"] == request.deal
        assert row["hours"] > 0 and row["value"] == pytest.approx(row["hours"] * float(request.value), rel=1e-9)
    assert sum(row["value"] for row in rows) == pytest.approx(totals["recommended"], rel=1e-9)
    best = support.best(favoured, tilt)
    assert totals["recommended"] == pytest.approx(best, rel=1e-6, abs=0.01)
    assert totals["todays_bookings"] == pytest.approx(float(support.today()), rel=1e-7, abs=0.001)
    if not tilt:
        assert totals["first_come_first_served"] == pytest.approx(float(support.first_come()), rel=1e-9)
    of_deals = defaultdict(float)
    for row in rows:
        of_deals[row["opportunity_id"]] += row["value"]
    worth = {request.deal: float(request.worth) for request in support.requests.values()}
    assert [deal for deal, value in of_deals.items() if value > worth[deal] * (1 + 1e-9)] == []
    assert totals["recommended"] * (1 + 1e-6) + 0.01 >= totals["first_come_first_served"] >= 0
    assert 0 <= totals["on_assumption"] <= totals["recommended"] * (1 + 1e-9)
    untilted = support.best() if tilt else best
    assert totals["tilt_price"] == pytest.approx(untilted - best, abs=1e-6 * untilted + 0.01)
    assert {row["resource_id"] for row in found["duals"]} == set(support.people)


def favoured_by(folder, support: Support) -> set[str]:
    stages = life_stages(folder, support.as_of, BASE)
    is_favoured = {rep for rep, row in stages.items() if row["life_stage"] == "subsistence"}
    return {key for key, request in support.requests.items() if request.owner in is_favoured}


# --- the demo organisation ----------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", rings([None, "2026-03-31"]))
def test_the_demo_equals_the_independent_computation(as_of, demo_url, demo_folder):
    database, day = engine(demo_url), date.fromisoformat(as_of or "2026-11-21")
    support = Support(Facts(demo_folder, BASE), day)
    found = report_of(database, "allocation", ["--as-of", as_of] if as_of else [])
    assert len(found["rows"]) > 50
    agrees(found, support)
    assert found["totals"]["recommended"] > max(found["totals"][key] for key in TOTALS[1:])
    half = report(database, "allocation", ["--tilt", "0.5", "--as-of", str(day)])
    agrees(half, support, 0.5, favoured_by(demo_folder, support))


def test_regions_and_roles_choose_rows_of_the_companys_plan(demo_url):
    database = engine(demo_url)
    company = report_of(database, "allocation", [])
    east = report(database, "allocation", ["--role", "manager:east"])
    assert 0 < len(east["rows"]) < len(company["rows"])
    keys = [row["request_id"] for row in east["rows"]]
    assert east["rows"] == [row for row in company["rows"] if row["request_id"] in keys]
    assert east["totals"]["recommended"] == pytest.approx(sum(row["value"] for row in east["rows"]), rel=1e-9)
    assert report(database, "allocation", ["--role", "manager:east", "--region", "east"])["rows"] == east["rows"]


@pytest.mark.long
def test_the_totals_of_the_regions_add_up_to_the_companys(demo_url):
    database = engine(demo_url)
    company = report_of(database, "allocation", [])
    units = [report(database, "allocation", ["--region", unit]) for unit in ("east", "south", "north", "west")]
    for total in TOTALS:
        together = sum(unit["totals"][total] for unit in units)
        assert together == pytest.approx(company["totals"][total], rel=1e-9)


def test_the_same_question_has_the_same_answer_and_the_keys_of_the_interface(demo_url):
    found = report_of(engine(demo_url), "allocation", [])
    assert found == report(engine(demo_url), "allocation", [])
    assert list(found) == ["report", "scope", "profile", "rows", "totals", "uplifts", "duals"]
    assert list(found["rows"][0]) == ["request_id", "opportunity_id", "resource_id", "hours", "value"]
    assert list(found["totals"]) == [*TOTALS, "tilt_price", "on_assumption"]
    assert list(found["duals"][0]) == ["resource_id", "kind", "region_id", "reach", "skills", "week", "value"]
    assert {row["week"] for row in found["duals"]} == {"2026-11-23"}


# --- random organisations -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", rings(range(3)))
def test_random_organisations_equal_it_on_each_database(seed, database, tmp_path):
    folder = write(planned_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    support = Support(Facts(folder, BASE), AS_OF)
    assert len(support.requests) > 2
    agrees(report(database, "allocation", ["--as-of", str(AS_OF)]), support)
    agrees(
        report(database, "allocation", ["--as-of", str(AS_OF), "--tilt", "0.4"]),
        support,
        0.4,
        favoured_by(folder, support),
    )


@pytest.mark.parametrize("tilt", rings([0.4, 0.0]))
@pytest.mark.parametrize("seed", rings(range(6, 9)))
def test_no_deal_brings_more_than_it_is_worth_and_doubled_amounts_change_no_plan(seed, tilt, database, tmp_path):
    """With so high an assumption that the requests of a deal would together move more than all of it."""
    tables = planned_organisation(seed)
    more = [row | {"request_id": f"{row['request_id']} {n}"} for row in tables["support_request"] for n in range(3)]
    tables |= {"support_request": tables["support_request"] + more}
    folder = write(tables, tmp_path / "organisation")
    load(database, folder)
    at = datetime(2026, 6, 1, 9)
    values = {"tilt": tilt, "assumption": 0.5}
    profiles.publish(
        database, Person("director", name="Dee"), "allocation", values, "We believe more", based_on=0, at=at
    )
    support = Support(Facts(folder, BASE), AS_OF, Fraction(1, 2))
    assert any(request.share < support.shares[request.kind] for request in support.requests.values())
    found = report(database, "allocation", ["--as-of", str(AS_OF)])
    agrees(found, support, tilt, favoured_by(folder, support))
    load(database, write(doubled(tables), tmp_path / "doubled"))
    twice = report(database, "allocation", ["--as-of", str(AS_OF)])
    assert hours(twice) == hours(found)
    cents = 0.01 * len(support.requests)  # each deal's margin is rounded to the cent before and after
    for total, value in found["totals"].items():
        assert twice["totals"][total] == pytest.approx(2 * value, rel=1e-9, abs=cents)


def doubled(tables: dict) -> dict:
    """The tables with every amount of deals and targets twice as high."""
    amounts = {"opportunity": ("amount", "gross_margin"), "opportunity_history": ("amount",), "target": ("amount",)}
    return tables | {
        table: [
            row | {name: str(2 * Decimal(str(row[name]))) for name in names if row.get(name)} for row in tables[table]
        ]
        for table, names in amounts.items()
        if table in tables
    }


# --- by hand ------------------------------------------------------------------------------------------

STAGES = [
    {"pipeline": "sales", "stage": "offer", "position": 1, "kind": "open", "probability": "0.5"},
    {"pipeline": "sales", "stage": "talk", "position": 2, "kind": "open", "probability": ""},
    {"pipeline": "sales", "stage": "won", "position": 3, "kind": "won", "probability": "1"},
]
REGIONS = [
    {"region_id": "group", "name": "Group", "parent_id": ""},
    {"region_id": "n", "name": "North", "parent_id": "group"},
    {"region_id": "n1", "name": "North 1", "parent_id": "n"},
    {"region_id": "s", "name": "South", "parent_id": "group"},
]


def deal(key: str, margin="1000", stage="offer", region="n1", **more) -> dict:
    cells = {"opportunity_id": key, "pipeline": "sales", "stage": stage, "created_on": "2026-01-05"}
    return cells | {"gross_margin": margin, "region_id": region, "owner_id": "r"} | more


def asked(key: str, of: str = "d", hours=20, **more) -> dict:
    cells = {"request_id": key, "opportunity_id": of, "kind": "lab", "hours": hours, "requested_on": "2026-06-01"}
    return cells | dict.fromkeys(("skill", "priority", "needed_by", "decided_on", "decision"), "") | more


def person(key: str, weekly_hours=10, **more) -> dict:
    cells = {"resource_id": key, "name": key, "kind": "lab", "region_id": "", "reach": "any", "skills": ""}
    return cells | {"weekly_hours": weekly_hours, "active_from": "", "active_to": ""} | more


def booked(who: str, of: str, week: str, hours, request: str = "", locked: str = "") -> dict:
    cells = {"resource_id": who, "opportunity_id": of, "week": week, "hours": hours}
    return cells | {"request_id": request, "locked": locked}


@pytest.fixture
def planned(database, tmp_path):
    """Loads an organisation; gives what `report` says, the whole company's as of AS_OF, compared."""

    def made(deals, requests, people, bookings=(), absences=(), arguments=(), **more):
        tables = {"stage": STAGES, "region": REGIONS, "opportunity": deals, "support_request": list(requests)}
        tables |= {"rep": [{"rep_id": "r", "name": "Rep"}, {"rep_id": "p", "name": "Poor", "hired_on": "2024-01-01"}]}
        tables |= {"support_person": people, "support_booking": list(bookings), "support_absence": list(absences)}
        tables |= {"opportunity_history": [
            {"opportunity_id": one["opportunity_id"], "changed_at": "2026-01-05", "stage": one["stage"]}
            for one in deals
        ]}  # fmt: skip
        folder = write(tables | more, tmp_path / "by hand")
        load(database, folder)
        found = report(database, "allocation", ["--as-of", str(AS_OF), *arguments])
        if not arguments:
            agrees(found, Support(Facts(folder, BASE), AS_OF))
        return found

    return made


def hours(found: dict) -> dict[str, float]:
    """Hours by request."""
    keys = {row["request_id"] for row in found["rows"]}
    return {key: round(sum(row["hours"] for row in found["rows"] if row["request_id"] == key), 6) for key in keys}


def test_priority_never_multiplies_money(planned):
    requests = [asked("none"), asked("one", priority=1), asked("two", priority=2), asked("three", priority=3)]
    found = planned([deal("d")], requests, [person("lab", 100)])
    by_request = {row["request_id"]: row["value"] for row in found["rows"]}
    assert by_request == pytest.approx(dict.fromkeys(("none", "one", "two", "three"), 50))


def test_a_week_counts_where_its_monday_comes_before_the_deadline(planned):
    """The first coming Monday is 22 June, the last of the eight 10 August."""
    weeks = {"2026-06-21": 0, "2026-06-22": 1, "2026-06-28": 1, "2026-06-29": 2, "2026-08-10": 8, "2027-01-01": 8}
    requests = [asked(day, hours=500, needed_by=day, skill=day) for day in weeks]
    found = planned([deal("d")], requests, [person(day, skills=day) for day in weeks])
    assert hours(found) == {day: 10 * number for day, number in weeks.items() if number}


def test_only_requests_that_still_want_hours_on_open_deals_are_planned(planned):
    deals = [deal("d"), deal("w", stage="won", closed_on="2026-01-05"), deal("t", stage="talk"), deal("e", margin="")]
    deals += [deal("cost", margin="-5"), deal("nought", margin="0"), deal("foreign", currency="XXX")]
    requests = [
        asked("open"),
        asked("late", requested_on="2026-06-18"),
        asked("granted", decision="granted", decided_on="2026-06-02"),
        asked("declined", decision="declined", decided_on="2026-06-17"),
        asked("declined later", decision="declined", decided_on="2026-06-18"),
        asked("withdrawn", decision="withdrawn"),
        *(asked(key, of=key) for key in ("w", "t", "e", "cost", "nought", "foreign")),
    ]
    found = planned(deals, requests, [person("lab", 100)])
    assert hours(found) == dict.fromkeys(("open", "granted", "declined later", "nought"), 20)


def test_locked_and_past_bookings_reduce_hours_and_capacity_and_others_may_change(planned):
    granted = {"decision": "granted", "decided_on": "2026-06-02"}
    requests = [asked("q", hours=40, **granted), asked("r", of="better", hours=100, needed_by="2026-06-22", **granted)]
    bookings = [
        booked("lab", "d", "2026-06-15", 5, "q"),  # has begun: given
        booked("lab", "d", "2026-06-22", 4, "q", "true"),
        booked("lab", "d", "2026-06-29", 3, "", "true"),  # for the deal's only request of the kind
        booked("lab", "d", "2026-07-06", 6, "q"),
        booked("lab", "d", "2026-09-28", 2, "q", "true"),  # beyond the weeks
    ]
    found = planned([deal("d"), deal("better", margin="100000")], requests, [person("lab")], bookings)
    assert hours(found) == {"r": 6, "q": 40 - 5 - 4 - 3 - 2}
    assert found["totals"]["todays_bookings"] == pytest.approx(6 * 50 / 40)


def test_absences_and_the_days_somebody_is_there_are_kept(planned):
    people = [person("a", active_from="2026-06-29"), person("b", active_to="2026-06-22"), person("c")]
    absences = [{"resource_id": "c", "week": "2026-06-22", "hours": 7}]
    absences += [{"resource_id": "a", "week": "2026-06-29", "hours": 70}]
    found = planned([deal("d")], [asked("q", hours=500, needed_by="2026-06-30")], people, absences=absences)
    assert {row["resource_id"]: row["hours"] for row in found["rows"]} == {"b": 10, "c": 13}


def test_skills_and_reach_are_kept(planned):
    deals = [deal("north", region="n1"), deal("south", region="s"), deal("nowhere", region="", owner_id="")]
    requests = [asked(f"{one['opportunity_id']} {skill or 'any'}", of=one["opportunity_id"], skill=skill, hours=100)
                for one in deals for skill in ("", "a", "c")]  # fmt: skip
    people = [
        person("own", region_id="n", reach="own", skills="a; b"),
        person("none given", region_id="s", reach="", skills="b"),
        person("everywhere", skills="c"),
    ]
    found = planned(deals, requests, people)
    served = {(row["resource_id"], row["request_id"]) for row in found["rows"]}
    allowed = {("own", "north any"), ("own", "north a"), ("none given", "south any")}
    assert {pair for pair in served if pair[0] != "everywhere"} <= allowed
    assert not any(key.endswith(" a") for who, key in served if who == "everywhere")


def test_one_more_hour_brings_what_its_dual_says(planned):
    """Two days of a lab, three requests: the second one is served in part."""
    deals = [deal("d", "4000"), deal("e", "2000"), deal("f", "1000")]
    requests = [asked(key, of=key, hours=50) for key in "def"]
    found = planned(deals, requests, [person("lab")])
    assert hours(found) == {"d": 50, "e": 30}
    assert [row["value"] for row in found["duals"]] == [pytest.approx(0.1 * 0.5 * 2000 / 50)]


def test_the_tilt_gives_its_share_to_subsistence_stage_reps(planned):
    """Rep p has a target, a year of service and won nothing; nothing is known of rep r."""
    months = [f"2025-{month:02}-01" for month in range(7, 13)]
    targets = [{"rep_id": "p", "month": month, "amount": 1000, "region_id": ""} for month in months]
    deals = [deal("rich", "4000"), deal("poor", "1000", owner_id="p")]
    requests = [asked("rich", of="rich", hours=80), asked("poor", of="poor", hours=80)]
    found = planned(deals, requests, [person("lab")], arguments=["--tilt", "0.25"], target=targets)
    assert hours(found) == {"rich": 60, "poor": 20}
    assert found["profile"]["tilt"] == 0.25
    assert found["totals"]["tilt_price"] == pytest.approx(20 * 0.1 * 0.5 * (4000 - 1000) / 80)


def test_a_published_assumption_holds(planned, database):
    payload = {"tilt": 0.0, "assumption": 0.3}
    director = Person("director", name="Dee")
    at = datetime(2026, 6, 1, 9)
    assert profiles.publish(database, director, "allocation", payload, "We believe more", based_on=0, at=at) == 1
    found = planned([deal("d")], [asked("q")], [person("lab", 100)], arguments=["--role", "executive"])
    assert found["profile"]["version"] == 1 and found["profile"]["assumption"] == 0.3
    assert found["totals"]["recommended"] == found["totals"]["on_assumption"] == pytest.approx(150)


@pytest.mark.parametrize("requests", [[], [asked("q")]], ids=["nothing asked", "nobody there"])
def test_nothing_to_allocate_is_an_empty_plan(requests, planned):
    found = planned([deal("d")], requests, [] if requests else [person("lab")])
    assert found["rows"] == [] and set(found["totals"].values()) == {0}


@pytest.mark.parametrize("tilt", ["0.51", "-0.1", "nan"])
def test_a_tilt_out_of_bounds_is_refused(tilt, demo_url):
    result = run(engine(demo_url), "report", "allocation", "--tilt", tilt)
    assert result.exit_code == 1 and "must lie between 0 and 0.5" in result.stderr
