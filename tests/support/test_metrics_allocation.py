"""The laws of the recommended allocation, over many small problems; small ones also against a program of another
form, with a variable per person × request × week."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from dashboard.answers.support.allocation_review import why
from dashboard.metrics.support.allocation import HOUR_PARTS, Problem, parts, recommend, scaled_shares, value_per_hour
from tests.rings import examples

REGIONS = ("east", "east-1", "west")
WITHIN = frozenset({("east", "east"), ("east-1", "east-1"), ("east-1", "east"), ("west", "west")})
WEEKS = 3
TINY = 1e-6


def problem(people, capacity, requests, booked=(), tilt=0.0) -> Problem:
    """people: (kind, skills, region, reach); capacity: hours per person and week; requests: (kind, skill, region,
    hours, weeks, value, day, is_subsistence, and a priority or none: 1); booked: (person, request, week, hours)."""
    return Problem(
        people=pd.DataFrame(
            [(f"s{row}", kind, frozenset(skills), region, reach) for row, (kind, skills, region, reach) in
             enumerate(people)],
            columns=["resource_id", "kind", "skills", "region_id", "reach"],
        ),
        capacity=parts(np.array(capacity, dtype=float).reshape(len(people), WEEKS)),
        requests=pd.DataFrame(
            [
                (f"q{row}", kind, skill, region, int(parts(hours)), weeks, float(value), date(2026, 1, day), favoured,
                 *(priority or (1,)))
                for row, (kind, skill, region, hours, weeks, value, day, favoured, *priority) in enumerate(requests)
            ],
            columns=["request_id", "kind", "skill", "region_id", "hours", "weeks", "value", "requested_on",
                     "is_subsistence", "priority"],
        ),
        booked=pd.DataFrame(
            [(person, request, week, int(parts(hours))) for person, request, week, hours in booked],
            columns=["person", "request", "week", "hours"],
        ).astype(np.int64),
        within=WITHIN,
        tilt=tilt,
    )  # fmt: skip


KIND = st.sampled_from(["presales", "lab"])
HOURS = st.one_of(st.sampled_from([0, 8, 20, 40]), st.integers(0, 400).map(lambda tenths: tenths / 10))
PERSON = st.tuples(
    KIND, st.sets(st.sampled_from("ab"), max_size=2), st.sampled_from(REGIONS), st.sampled_from(["own", "any"])
)
REQUEST = st.tuples(
    KIND,
    st.sampled_from([None, None, "a", "b", "c"]),
    st.sampled_from([*REGIONS, None]),
    HOURS.filter(bool),
    st.integers(1, WEEKS),
    st.one_of(st.integers(0, 9), st.floats(0.01, 5000, allow_nan=False)),
    st.integers(1, 5),
    st.booleans(),
    st.integers(1, 3),
)


NO_TILT = st.just(0.0)


@st.composite
def problems(draw, tilts=NO_TILT) -> Problem:
    people = draw(st.lists(PERSON, min_size=1, max_size=5))
    requests = draw(st.lists(REQUEST, min_size=1, max_size=6))
    capacity = draw(st.lists(HOURS, min_size=len(people) * WEEKS, max_size=len(people) * WEEKS))
    booking = st.tuples(
        st.integers(0, len(people) - 1), st.integers(-1, len(requests) - 1), st.integers(0, WEEKS - 1), HOURS
    )
    return problem(people, capacity, requests, draw(st.lists(booking, max_size=8)), draw(tilts))


def may(one: Problem, person: int, request: int) -> bool:
    """Whether a person may serve a request, in the words of the definition."""
    who, what = one.people.iloc[person], one.requests.iloc[request]
    has_skill = pd.isna(what["skill"]) or what["skill"] in who["skills"]
    reaches = who["reach"] == "any" or (what["region_id"], who["region_id"]) in WITHIN
    return who["kind"] == what["kind"] and has_skill and reaches


def slots(one: Problem) -> list[tuple[int, int, int]]:
    """Every (person, request, week) in which hours are allowed."""
    return [
        (person, request, week)
        for person in range(len(one.people))
        for request in range(len(one.requests))
        if may(one, person, request)
        for week in range(one.requests["weeks"].iloc[request])
    ]


def exact(one: Problem, objective=None, rows=(), limits=()) -> float:
    """The highest Σ hours × value (or another objective per request) with a variable per slot."""
    free = slots(one)
    if not free:
        return 0.0
    value = one.requests["value"].to_numpy(dtype=float) if objective is None else objective
    matrix, most = [], []
    for person in range(len(one.people)):
        for week in range(WEEKS):
            matrix.append([float(slot[0] == person and slot[2] == week) for slot in free])
            most.append(one.capacity[person, week] / HOUR_PARTS)
    for request in range(len(one.requests)):
        matrix.append([float(slot[1] == request) for slot in free])
        most.append(one.requests["hours"].iloc[request] / HOUR_PARTS)
    for row, limit in zip(rows, limits, strict=True):
        matrix.append([row[slot[1]] for slot in free])
        most.append(limit)
    found = linprog([-value[slot[1]] for slot in free], A_ub=matrix, b_ub=most, method="highs-ds")
    assert found.status == 0, found.message
    return -found.fun


def exact_tilted(one: Problem) -> tuple[float, float]:
    """The best value where the favoured get their share, or all they can get; and the hours that these are."""
    favoured = one.requests["is_subsistence"].to_numpy(dtype=float)
    most = exact(one, favoured)
    share = exact(one, rows=[one.tilt - favoured], limits=[0.0])
    return max(share, exact(one, rows=[-favoured], limits=[TINY - most])), most


def close(one: float, other: float) -> bool:
    return one == pytest.approx(other, rel=1e-6, abs=0.05)


def keeps_to_its_constraints(one: Problem, plan) -> None:
    dealt = plan.dealt
    used = np.zeros_like(one.capacity)
    np.add.at(used, (dealt["person"].to_numpy(), dealt["week"].to_numpy()), dealt["hours"].to_numpy())
    assert (used <= one.capacity).all()  # whole millionths: no tolerance is needed
    assert (plan.hours <= one.requests["hours"]).all()
    assert (dealt["hours"] > 0).all()
    assert {*dealt[["person", "request", "week"]].itertuples(index=False, name=None)} <= {*slots(one)}


@given(problems())
@settings(max_examples=examples(100))
def test_no_plan_breaks_a_constraint_and_none_is_better(one):
    found = recommend(one)
    for plan in (found.plan, found.first_come):
        keeps_to_its_constraints(one, plan)
    assert close(found.plan.value, exact(one))
    assert found.plan.value * (1 + 1e-6) >= found.first_come.value >= 0


@given(problems(st.sampled_from([0.0, 0.1, 0.3, 0.5])))
@settings(max_examples=examples(120))
def test_first_come_first_served_keeps_to_the_tilt_and_is_no_better(one):
    found = recommend(one)
    keeps_to_its_constraints(one, found.first_come)
    ours = found.first_come.hours[one.requests["is_subsistence"]].sum()
    most = exact(one, one.requests["is_subsistence"].to_numpy(dtype=float)) * HOUR_PARTS
    assert ours >= min(one.tilt * found.first_come.hours.sum(), most) - 2
    assert found.plan.value * (1 + 1e-6) + TINY >= found.first_come.value >= 0


@given(problems(st.sampled_from([0.0, 0.0, 0.3])))
@settings(max_examples=examples(100))
def test_among_plans_of_equal_value_none_serves_higher_priorities_more(one):
    """For each priority: its hours and those of higher ones, the most that a plan of this value can give them."""
    found = recommend(one)
    value = one.requests["value"].to_numpy(dtype=float)
    for priority in (3, 2, 1) if not one.tilt else ():
        these = (one.requests["priority"] >= priority).to_numpy(dtype=float)
        most = exact(one, these, rows=[-value], limits=[-exact(one)])
        assert found.plan.hours[these > 0].sum() / HOUR_PARTS >= most - 1e-3
    alike = replace(one, requests=one.requests.assign(value=2 * value))
    doubled = recommend(alike)
    assert doubled.plan.hours.tolist() == found.plan.hours.tolist()
    assert doubled.plan.value == 2 * found.plan.value


@given(problems())
@settings(max_examples=examples(60))
def test_todays_bookings_are_scaled_to_what_there_is_and_count_at_most_what_is_wanted(one):
    """In fractions: what each request is given in time."""
    given = dict.fromkeys(range(len(one.requests)), Fraction(0))
    for row in one.booked.itertuples():
        if row.request >= 0 and row.week < one.requests["weeks"].iloc[row.request]:
            same = one.booked[(one.booked["person"] == row.person) & (one.booked["week"] == row.week)]
            there = Fraction(int(one.capacity[row.person, row.week]), max(1, int(same["hours"].sum())))
            given[row.request] += int(row.hours) * min(Fraction(1), there)
    right = [min(hours, int(one.requests["hours"].iloc[row])) for row, hours in given.items()]
    assert recommend(one).today.hours.tolist() == pytest.approx([float(hours) for hours in right], abs=len(one.booked))


@given(problems(st.sampled_from([0.1, 0.3, 0.5])))
@settings(max_examples=examples(80))
def test_the_tilt_is_met_where_it_can_be_and_costs_what_is_said(one):
    found = recommend(one)
    keeps_to_its_constraints(one, found.plan)
    value, most = exact_tilted(one)
    favoured = found.plan.hours[one.requests["is_subsistence"]].sum() / HOUR_PARTS
    assert favoured >= min(one.tilt * found.plan.hours.sum() / HOUR_PARTS, most) - 1e-4
    assert close(found.plan.value, value)
    assert found.tilt_price >= -0.05
    assert close(found.tilt_price, exact(one) - value)


@given(problems(), st.data())
@settings(max_examples=examples(60))
def test_an_hour_more_brings_at_most_its_dual_and_an_hour_less_costs_at_least_it(one, data):
    person, week = data.draw(st.integers(0, len(one.people) - 1)), data.draw(st.integers(0, WEEKS - 1))
    found = recommend(one)
    dual = found.worth[one.group_of[person], week]

    def with_(hours: int) -> float:
        capacity = one.capacity.copy()
        capacity[person, week] += hours * HOUR_PARTS
        return exact(replace(one, capacity=capacity))

    assert with_(1) - exact(one) <= dual + 0.01
    if one.capacity[person, week] >= HOUR_PARTS:
        assert dual <= exact(one) - with_(-1) + 0.01
    assert found.worth_of_person[person] == found.worth[one.group_of[person], 0]
    assert (np.diff(found.worth, axis=1) <= TINY).all()  # an earlier hour can do all that a later one can


@given(problems(st.sampled_from([0.0, 0.0, 0.1, 0.3, 0.5])), st.data())
@settings(max_examples=examples(150))
def test_an_hour_is_worth_what_a_little_more_of_it_brings_when_solved_again(one, data):
    """In every order of the requests, ties included: hours that just run out, and requests of equal value."""
    person, week = data.draw(st.integers(0, len(one.people) - 1)), data.draw(st.integers(0, WEEKS - 1))
    little, more = 0.01, one.capacity.copy()
    more[person, week] += int(parts(little))

    def best(problem: Problem) -> float:
        return exact_tilted(problem)[0] if problem.tilt else exact(problem)

    gain = (best(replace(one, capacity=more)) - best(one)) / little
    order = data.draw(st.permutations(range(len(one.requests))))
    shuffled = replace(
        one,
        requests=one.requests.iloc[order].reset_index(drop=True),
        booked=one.booked.assign(request=one.booked["request"].map({row: to for to, row in enumerate(order)})),
    )
    for problem in (one, shuffled):
        assert recommend(problem).worth[one.group_of[person], week] == pytest.approx(gain, rel=1e-4, abs=0.02)


@pytest.mark.parametrize("values", [(10, 6), (6, 10)])
@pytest.mark.parametrize(("available", "worth"), [(8, 6), (16, 0), (12, 6)])
def test_an_hour_more_is_worth_what_still_waits_whatever_the_order(values, available, worth):
    requests = [("lab", None, None, 8, 1, value, 1, False) for value in values]
    found = recommend(problem([("lab", "", "east", "any")], [available, 0, 0], requests))
    assert found.worth.tolist() == [[worth, 0, 0]]


@given(problems(st.sampled_from([0.0, 0.3])))
@settings(max_examples=examples(25))
def test_the_same_input_gives_the_same_plan(one):
    again = replace(one)
    assert one.fingerprint == again.fingerprint
    first, second = recommend(one), recommend(again)
    pd.testing.assert_frame_equal(first.plan.dealt, second.plan.dealt)
    assert first.worth.tolist() == second.worth.tolist()


def test_hours_go_to_what_is_worth_most_and_to_one_person_where_possible():
    people = [("lab", "", "east", "any")] * 2
    requests = [
        ("lab", None, None, 40, 3, 10, 1, False),
        ("lab", None, None, 30, 1, 30, 2, False),
        ("lab", None, None, 100, 3, 1, 3, False),
    ]
    found = recommend(problem(people, [20, 20, 0, 20, 20, 0], requests))
    assert found.plan.hours.tolist() == [40 * HOUR_PARTS, 30 * HOUR_PARTS, 10 * HOUR_PARTS]
    assert found.plan.value == 40 * 10 + 30 * 30 + 10
    assert found.worth.tolist() == [[1, 1, 1]]
    assert found.first_come.hours.tolist() == [40 * HOUR_PARTS, 20 * HOUR_PARTS, 20 * HOUR_PARTS]


def test_a_deadline_takes_the_early_hours_and_its_worth_shows_in_them():
    requests = [("lab", None, None, 10, 1, 9, 1, False), ("lab", None, None, 30, 3, 5, 1, False)]
    found = recommend(problem([("lab", "", "east", "any")], [5, 10, 10], requests))
    assert found.plan.hours.tolist() == [5 * HOUR_PARTS, 20 * HOUR_PARTS]
    assert found.worth.tolist() == [[9, 5, 5]]


def test_who_is_booked_on_a_request_today_keeps_it():
    people, requests = [("lab", "", "east", "any")] * 3, [("lab", None, None, 10, 3, 5, 1, False)]
    found = recommend(problem(people, [20] * 9, requests, [(2, 0, 0, 4)]))
    assert found.plan.dealt["person"].tolist() == [2]
    assert found.today.hours.tolist() == [4 * HOUR_PARTS]


def test_todays_bookings_count_as_far_as_they_can_be_done_in_time():
    people = [("lab", "a", "east", "own"), ("lab", "", "west", "own")]
    requests = [("lab", "a", "east-1", 10, 2, 5, 1, False), ("lab", None, "west", 50, 3, 5, 1, False)]
    booked = [(0, 0, 0, 8), (0, 0, 1, 8), (0, 0, 2, 8), (0, 1, 2, 8), (1, 1, 0, 30), (1, -1, 0, 10)]
    found = recommend(problem(people, [20, 20, 20, 20, 0, 0], requests, booked))
    # 8 + 2 of its 10 hours, none after the deadline; by whom skill or reach is missing too: 8, and 20 × 30 ÷ 40
    assert found.today.hours.tolist() == [10 * HOUR_PARTS, (8 + 15) * HOUR_PARTS]


def test_hours_worth_nothing_are_dealt_by_priority_and_day():
    requests = [
        ("lab", None, None, 10, 3, 0, 3, False, 1),
        ("lab", None, None, 10, 3, 0, 2, False, 1),
        ("lab", None, None, 10, 3, 0, 3, False, 2),
        ("lab", None, None, 5, 3, 7, 5, False, 1),
    ]
    found = recommend(problem([("lab", "", "east", "any")], [22, 0, 0], requests))
    assert (found.plan.hours / HOUR_PARTS).tolist() == [0, 7, 10, 5]
    assert found.plan.value == 35 and found.worth.tolist() == [[0, 0, 0]]


def test_priority_breaks_ties_and_never_outbids():
    requests = [(kind, None, None, 10, 3, value, 1, False, priority)
                for kind, value, priority in (("lab", 5, 1), ("lab", 5, 3), ("lab", 5.1, 1))]  # fmt: skip
    found = recommend(problem([("lab", "", "east", "any")], [20, 0, 0], requests))
    assert (found.plan.hours / HOUR_PARTS).tolist() == [0, 10, 10]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([5, 5, 0], ["tie", "tie", "worthless"]),  # the second one is of a higher priority
        ([9, 5, 3], ["worth", "outbid", "outbid"]),
        ([0, 0, 0], ["worthless", "worthless", "worthless"]),
    ],
)
def test_why_tells_a_tie_from_being_outbid_and_from_being_worth_nothing(values, said):
    requests = [("lab", None, None, 10, 3, value, 1, False, priority)
                for value, priority in zip(values, (1, 3, 1), strict=True)]  # fmt: skip
    assert why(recommend(problem([("lab", "", "east", "any")], [10, 0, 0], requests))).tolist() == said


def test_under_a_tilt_others_wait_for_the_favoured_behind_them():
    requests = [("lab", None, None, 30, 3, 9, 1, False), ("lab", None, None, 30, 3, 5, 2, True),
                ("lab", None, None, 30, 3, 5, 3, False)]  # fmt: skip
    found = recommend(problem([("lab", "", "east", "any")], [40, 0, 0], requests, tilt=0.5))
    assert (found.first_come.hours / HOUR_PARTS).tolist() == [10, 30, 0]


@pytest.mark.parametrize(
    ("tilt", "hours"), [(0.0, [40, 0]), (0.25, [30, 10]), (0.5, [20, 20])], ids=["none", "a quarter", "half"]
)
def test_the_tilt_gives_its_share(tilt, hours):
    requests = [("lab", None, None, 40, 3, 9, 1, False), ("lab", None, None, 40, 3, 5, 1, True)]
    found = recommend(problem([("lab", "", "east", "any")], [20, 20, 0], requests, tilt=tilt))
    assert (found.plan.hours / HOUR_PARTS).tolist() == pytest.approx(hours)
    assert found.tilt_price == pytest.approx(4 * hours[1])
    assert found.subsistence_share(found.plan) == pytest.approx(hours[1] / 40)
    assert found.tilt_worth == pytest.approx(4 if tilt else 0)


def test_the_tilt_takes_nobody_beyond_what_they_ask_for():
    requests = [("lab", None, None, 60, 3, 9, 1, False), ("lab", None, None, 4, 3, 5, 1, True)]
    found = recommend(problem([("lab", "", "east", "any")], [20, 20, 0], requests, tilt=0.5))
    assert (found.plan.hours / HOUR_PARTS).tolist() == pytest.approx([36, 4])


@pytest.mark.parametrize("people", [[], [("lab", "", "east", "any")]])
@pytest.mark.parametrize("requests", [[], [("presales", None, None, 8, 3, 5, 1, True)]])
def test_nothing_to_allocate_is_an_empty_plan(people, requests):
    found = recommend(problem(people, [10] * (WEEKS * len(people)), requests, tilt=0.2))
    assert found.plan.value == found.today.value == found.first_come.value == 0
    assert found.plan.dealt.empty
    assert found.worth_of_person.tolist() == [0] * len(people)


def test_value_per_hour_is_the_definition():
    values = value_per_hour(worth=[500, 500, np.nan, 20], share=[0.1, 0.25, 0.1, 0.1], hours=[10, 10, 10, 0])
    assert values.tolist()[:2] == [5, 12.5]
    assert np.isnan(values[2:]).all()


def test_the_shares_of_a_deals_requests_together_never_exceed_1():
    found = scaled_shares(pd.Series(list("aabbbc")), pd.Series([0.2, 0.3, 0.5, 0.5, 1.0, 1.0]))
    assert found.tolist() == [0.2, 0.3, 0.25, 0.25, 0.5, 1.0]
