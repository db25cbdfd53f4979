"""`report support` equals a second, independent computation: on the demo, on random organisations, and on support
written by hand for what goes wrong. And the laws that hold whatever the data."""

from datetime import date

import pytest

from dashboard.answers.support import resources as answers
from data_access.engine import engine
from data_access.scope import Period, Person, Scope
from tests.independent.compare import differences
from tests.independent.product import TODAY, load, report
from tests.independent.random.organisations import questions, write
from tests.independent.random.supported import supported_organisation
from tests.independent.scopes import Asked
from tests.independent.support.resources import overdue, overloads, support
from tests.rings import rings

BASE = "CNY"


def printed(database, asked: Asked) -> dict:
    answer = report(database, "support", asked.arguments())
    return {"values": answer["values"], "rows": {row["resource_id"]: row for row in answer["rows"]}}


def agree(database, folder, asked: Asked) -> list[str]:
    lines = differences(support(folder, asked, BASE, TODAY), printed(database, asked))
    return [f"{asked} {line}" for line in lines]


DEMO_QUESTIONS = (
    Asked(),
    Asked(date(2026, 10, 1), date(2026, 12, 31)),
    Asked(date(2025, 7, 1), date(2026, 6, 30), as_of=date(2026, 3, 31)),
    Asked(manager_of="east"),
    Asked(track="large", regions=("south",)),
)


@pytest.mark.parametrize("asked", rings(DEMO_QUESTIONS))
def test_the_demo_equals_the_independent_computation(asked, demo_url, demo_folder):
    assert agree(engine(demo_url), demo_folder, asked) == []


@pytest.mark.parametrize("seed", rings(range(3)))
def test_random_organisations_equal_it_on_each_database(seed, database, tmp_path):
    folder = write(supported_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    assert [line for asked in questions(seed, 10) for line in agree(database, folder, asked)] == []


# --- by hand ------------------------------------------------------------------------------------------

APRIL = Asked(date(2026, 4, 1), date(2026, 4, 30), as_of=date(2026, 4, 30))
WEEKS = ("2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27")  # its Mondays
STAGES = [
    {"pipeline": "sales", "stage": "offer", "position": 1, "kind": "open", "probability": "0.5"},
    {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won", "probability": "1"},
    {"pipeline": "sales", "stage": "lost", "position": 3, "kind": "lost", "probability": "0"},
]
REGIONS = [{"region_id": one, "name": one.title(), "parent_id": ""} for one in ("north", "south")]


def person(key: str, hours=40, **more) -> dict:
    return {"resource_id": key, "name": key, "kind": "expert", "weekly_hours": hours, "region_id": "north"} | more


def deal(key: str, region: str = "north", amount="1000", **more) -> dict:
    cells = {"opportunity_id": key, "pipeline": "sales", "stage": "offer", "created_on": "2026-01-05"}
    return cells | {"amount": amount, "region_id": region} | more


def won(key: str, closed_on: str) -> dict:
    return deal(key, stage="won", closed_on=closed_on)


def request(key: str, needed_by: str = "2026-04-15", decision: str = "", decided_on: str = "", **more) -> dict:
    cells = {"request_id": key, "opportunity_id": "d", "kind": "expert", "hours": 10, "requested_on": "2026-03-02"}
    return cells | {"needed_by": needed_by, "decision": decision, "decided_on": decided_on} | more


def booked(who: str, hours, week: str = WEEKS[0], on: str = "d", request_id: str = "") -> dict:
    return {"resource_id": who, "opportunity_id": on, "week": week, "hours": hours, "request_id": request_id}


@pytest.fixture
def organisation(database, tmp_path):
    """Loads people, deals, requests, bookings, absences; gives what the report says about April."""

    def made(people=(), requests=(), bookings=(), absences=(), deals=(), asked=APRIL):
        tables = {"stage": STAGES, "region": REGIONS, "opportunity": [deal("d"), *deals], "support_person": people}
        tables |= {"support_request": requests, "support_booking": bookings, "support_absence": absences}
        folder = write(tables, tmp_path / "by hand")
        load(database, folder)
        for one in (asked, Asked(), Asked(manager_of="south"), Asked(regions=("north",))):
            assert agree(database, folder, one) == []
        return printed(database, asked)

    return made


def test_who_is_there_one_day_of_a_week_has_all_of_its_hours(organisation):
    people = [
        person("all along"),
        person("joined on a sunday", active_from="2026-04-12"),
        person("joined on the next day", active_from="2026-04-13"),
        person("left on a monday", active_to="2026-04-20"),
        person("left on the day before", active_to="2026-04-19"),
        person("not yet", active_from="2026-05-04"),
    ]
    rows = organisation(people)["rows"]
    assert {key: row["available_hours"] for key, row in rows.items()} == {
        "all along": 160,
        "joined on a sunday": 160,
        "joined on the next day": 120,
        "left on a monday": 120,
        "left on the day before": 80,
        "not yet": 0,
    }
    assert rows["not yet"]["utilisation"] is None


def test_away_longer_than_the_week_is_not_below_0(organisation):
    away = [{"resource_id": "p", "week": WEEKS[0], "hours": 50}, {"resource_id": "p", "week": WEEKS[1], "hours": 8}]
    bookings = [booked("p", 20), booked("p", 32, WEEKS[1])]
    values = organisation([person("p")], bookings=bookings, absences=away)["values"]
    assert (values["available_hours"], values["booked_hours"]) == (112, 52)


def test_no_weekly_hours_is_no_utilisation_and_its_bookings_count(organisation):
    found = organisation([person("none", 0), person("some")], bookings=[booked("none", 8)])
    assert found["rows"]["none"]["utilisation"] is None and found["rows"]["none"]["booked_hours"] == 8
    assert found["values"]["utilisation"] == pytest.approx(8 / 160)


def test_a_booking_is_known_from_its_entry_on_and_what_is_done_counts_in_its_week(organisation):
    bookings = [
        booked("known from always", 1),
        booked("in time", 2) | {"booked_on": APRIL.as_of},
        booked("entered later", 4) | {"booked_on": "2026-05-01"},
        booked("done, entered later", 8) | {"booked_on": "2026-05-01", "done": "true"},
        booked("done, its week not begun", 16, "2026-05-04") | {"booked_on": "2026-05-05", "done": "true"},
    ]
    asked = Asked(APRIL.start, date(2026, 5, 31), as_of=APRIL.as_of)
    rows = organisation([person(one["resource_id"]) for one in bookings], bookings=bookings, asked=asked)["rows"]
    assert {key: row["booked_hours"] for key, row in rows.items()} == {
        "known from always": 1,
        "in time": 2,
        "entered later": 0,
        "done, entered later": 8,
        "done, its week not begun": 0,
    }


def test_only_weeks_whose_monday_lies_in_the_period_count_also_coming_ones(organisation):
    weeks = ("2026-03-30", *WEEKS, "2026-05-04")
    asked = Asked(APRIL.start, APRIL.end, as_of=date(2026, 4, 15))
    bookings = [booked("p", 10, week) for week in weeks]
    values = organisation([person("p")], bookings=bookings, deals=[won("w", "2026-04-20")], asked=asked)["values"]
    assert (values["available_hours"], values["booked_hours"]) == (160, 40)


def test_the_queue_is_what_was_asked_and_not_decided_by_then(organisation):
    requests = [
        request("waiting"),
        request("asked on the last day", requested_on="2026-04-30"),
        request("asked later", requested_on="2026-05-01"),
        request("decided on the last day", decision="declined", decided_on="2026-04-30"),
        request("decided later", decision="granted", decided_on="2026-05-01"),
        request("decided nobody knows when", decision="granted"),
        request("needed nobody knows when", needed_by="", hours="2.5"),
        request("of a closed deal", opportunity_id="w"),
    ]
    values = organisation([person("p")], requests, deals=[won("w", "2026-04-20")])["values"]
    assert (values["open_requests"], values["requested_hours"]) == (5, 42.5)


@pytest.mark.parametrize(
    ("asked_for", "bookings", "met"),
    [
        (request("q", decision="granted"), [booked("p", 10, WEEKS[1], request_id="q")], 1),
        (request("q", decision="granted", needed_by=WEEKS[1]), [booked("p", 10, WEEKS[1], request_id="q")], 1),
        (request("q", decision="granted"), [booked("p", "9.99", request_id="q")], 0),  # too few hours
        (request("q", decision="granted"), [booked("p", 10, WEEKS[2], request_id="q")], 0),  # a week too late
        (request("q", decision="granted"), [booked("p", 10)], 0),  # booked for nobody's request
        (request("q", decision="granted", hours=0), [], 1),
        (request("q", decision="granted", decided_on="2026-05-01"), [booked("p", 10, request_id="q")], 0),  # not yet
        (request("q", decision="declined"), [booked("p", 10, request_id="q")], 0),
        (request("q"), [booked("p", 10, request_id="q")], 0),  # never decided
        (request("q", decision="withdrawn"), [booked("p", 10, request_id="q")], None),
        (request("q", decision="withdrawn", decided_on="2026-05-01"), [], 0),  # not withdrawn by then
        (request("q", needed_by="2026-03-31", decision="granted"), [], None),  # before the period
        (request("q", needed_by="2026-05-01", decision="granted"), [], None),  # after it
        (request("q", needed_by="", decision="granted"), [], None),
    ],
)
def test_met_in_time_is_granted_and_booked_in_full_by_the_day_it_is_needed(asked_for, bookings, met, organisation):
    assert organisation([person("p")], [asked_for], bookings)["values"]["met_in_time_share"] == met


def test_thirds_of_hours_add_up_to_the_whole(organisation):
    """As floats, 3.3 + 3.3 + 3.4 is not quite 10."""
    bookings = [booked("p", hours, WEEKS[n], request_id="q") for n, hours in enumerate(("3.3", "3.4", "3.3"))]
    asked_for = request("q", needed_by="2026-04-25", decision="granted")
    assert organisation([person("p")], [asked_for], bookings)["values"]["met_in_time_share"] == 1


def test_hours_per_won_deal_are_all_hours_by_then_over_all_won_deals(organisation):
    deals = [won("w1", "2026-04-10"), won("w2", "2026-04-11"), won("earlier", "2026-03-31")]
    bookings = [booked("p", 6, on="w1"), booked("p", 4, "2026-04-27", on="w1"), booked("p", 7, on="earlier")]
    bookings += [booked("p", 9, "2026-05-04", on="w1")]  # not by then
    values = organisation([person("p")], bookings=bookings, deals=deals)["values"]
    assert values["hours_per_won_deal"] == 5


def test_every_deal_counts_once_under_how_it_ended(sqlite, tmp_path):
    lost = {"stage": "lost", "closed_on": "2026-04-10"}
    deals = [deal("d"), won("w", "2026-04-10"), deal("l", **lost), deal("q", loss_reason="qualified_out", **lost)]
    tables = {"stage": STAGES, "opportunity": deals, "support_person": [person("p")]}
    tables |= {"support_booking": [booked("p", 6, on="w"), booked("p", 2, on="q")]}
    load(sqlite, write(tables, tmp_path / "by hand"))
    april = Scope(Person("executive"), Period(APRIL.start, APRIL.end), APRIL.as_of, TODAY)
    found = answers.outcomes(asking(sqlite), april).set_index("outcome")[["deals", "support_hours"]]
    assert found.T.to_dict("list") == {"lost": [1, 0], "open": [1, 0], "qualified_out": [1, 2], "won": [1, 6]}


def test_alignment_counts_deals_without_hours_and_leaves_out_those_of_unknown_worth(organisation):
    deals = [deal("rich", amount="9000"), deal("poor", amount="10"), deal("unknown", amount="")]
    bookings = [booked("p", 30, on="rich"), booked("p", 99, on="unknown")]
    values = organisation([person("p")], bookings=bookings, deals=deals)["values"]
    assert values["alignment_n"] == 3 and values["alignment"] == pytest.approx(0.866025404)


def test_without_any_support_nothing_is_said_to_be_0(organisation):
    values = organisation()["values"]
    assert values == dict.fromkeys(values) | {"alignment_n": 1}


def test_a_manager_sees_neither_people_nor_requests_nor_hours_of_others(organisation, database):
    people = [person("near"), person("far", region_id="south", reach="any"), person("nowhere", region_id="")]
    requests = [request("here"), request("there", opportunity_id="s", hours=3)]
    organisation(people, requests, [booked("near", 8, on="s"), booked("far", 5)], deals=[deal("s", "south")])
    for region, who, hours in (("north", {"near"}, 10), ("south", {"far"}, 3)):
        found = printed(database, Asked(APRIL.start, APRIL.end, APRIL.as_of, manager_of=region))
        assert set(found["rows"]) == who
        assert (found["values"]["open_requests"], found["values"]["requested_hours"]) == (1, hours)
        assert found["values"]["alignment_n"] == 1


# --- laws ---------------------------------------------------------------------------------------------


def test_rows_sum_to_the_values_and_regions_to_the_company(demo_url):
    database = engine(demo_url)
    company = printed(database, DEMO_QUESTIONS[1])
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    regions = [printed(database, Asked(*quarter, regions=(one,))) for one in ("east", "south", "north", "west")]
    for name in ("available_hours", "booked_hours"):
        assert sum(row[name] for row in company["rows"].values()) == pytest.approx(company["values"][name])
        assert sum(one["values"][name] for one in regions) == pytest.approx(company["values"][name])
    for name in ("open_requests", "requested_hours", "alignment_n"):
        assert sum(one["values"][name] for one in regions) == pytest.approx(company["values"][name])


# --- what Attention takes from here -------------------------------------------------------------------


def asking(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def test_overload_and_overdue_requests_of_the_demo_are_those_of_its_files(demo_url, demo_folder):
    last = date(2026, 11, 21)
    scope = Scope(Person("manager", ("east",)), Period(date(2026, 10, 1), last), last, last)
    asked = Asked(date(2026, 11, 23), date(2027, 1, 17), as_of=last, manager_of="east")
    over = answers.overload(asking(engine(demo_url)), scope)
    by_week = overloads(demo_folder, asked, BASE, TODAY)
    found = {(row.resource_id, row.week.date()): row.over_hours for row in over.itertuples()}
    assert found.keys() == by_week.keys() and len(found) > 0
    assert all(found[key] == pytest.approx(float(hours)) for key, hours in by_week.items())

    late = answers.overdue_requests(asking(engine(demo_url)), scope)
    expected = overdue(demo_folder, Asked(as_of=last, manager_of="east"), BASE, TODAY)
    assert dict(zip(late["request_id"], late["days_overdue"], strict=True)) == expected and len(expected) > 0
    assert list(late["days_overdue"]) == sorted(expected.values(), reverse=True)
    assert late.loc[late["outcome"] == "open", "worth"].notna().any()
    assert late.loc[late["outcome"] != "open", "worth"].isna().all()
