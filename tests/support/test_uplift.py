"""What support moves equals a second, independent computation; the truth that the demo plants is found again; and the
laws of the estimate, on cases by hand."""

from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import assume, given, settings, strategies as st

from dashboard.metrics.support import uplift as metrics
from dashboard.metrics.support.allocation import KINDS
from data_access import demo
from data_access.demo.support import UPLIFTS
from data_access.engine import engine
from data_access.scope import Period, Person, Scope
from data_access.support import resources
from tests.independent.facts import Facts
from tests.independent.product import load
from tests.independent.random.organisations import write
from tests.independent.random.planned import AS_OF, planned_organisation
from tests.independent.random.supported import supported_organisation
from tests.independent.support.uplift import ASSUMED, Judged, judged, uplift
from tests.rings import examples, rings

BASE = "CNY"
LAST = date(2026, 11, 21)
ASSUMED_SHARE = float(ASSUMED)
SEEDS = range(40, 50)  # nothing was tuned on them


def cases(database: sa.Engine, as_of: date, last_day: date = LAST) -> pd.DataFrame:
    return resources.judged_requests(database, Scope(Person("executive"), Period(as_of, as_of), as_of, last_day))


def agree(found: pd.DataFrame, expected: list[Judged], kinds: tuple[str, ...] = KINDS) -> None:
    """The same cases, and of every kind the same uplift."""
    rows = found.assign(is_met=metrics.met_in_time(found)).itertuples(index=False)
    listed = [Judged(one.request_id, one.opportunity_id, one.kind, (one.pipeline, one.track, one.stage),
                     one.is_met, one.is_won) for one in rows]  # fmt: skip
    assert sorted(listed, key=lambda one: one.key) == sorted(expected, key=lambda one: one.key)
    for kind, one in metrics.by_kind(found, kinds, ASSUMED_SHARE).items():
        right = uplift([case for case in expected if case.kind == kind])
        assert (one.met, one.unmet) == (right.met, right.not_met)
        assert one.share == pytest.approx(float(right.shrunk))
        assert one.measured == (None if right.raw is None else pytest.approx(float(right.raw)))


# --- against the independent computation --------------------------------------------------------------


@pytest.mark.parametrize("as_of", [LAST, date(2026, 3, 31)])
def test_the_demo_equals_the_independent_computation(as_of, demo_url, demo_folder):
    expected = judged(Facts(demo_folder, BASE), as_of)
    assert len(expected) > 1_000
    agree(cases(engine(demo_url), as_of), expected)


@pytest.mark.parametrize("seed", rings(range(3)))
@pytest.mark.parametrize("organisation", [planned_organisation, supported_organisation])
def test_random_organisations_equal_it_on_each_database(organisation, seed, database, tmp_path):
    folder = write(organisation(seed), tmp_path / "organisation")
    load(database, folder)
    facts = Facts(folder, BASE)
    for as_of in (AS_OF, facts.last_day):
        agree(cases(database, as_of, facts.last_day), judged(facts, as_of))


CASE = st.tuples(st.integers(0, 7), st.sampled_from("ab"), st.booleans(), st.booleans())


def of(rows, assumed: float = ASSUMED_SHARE) -> metrics.Uplift:
    """rows: (deal, stage, is_met, is_won)."""
    made = [Judged("", f"d{deal}", "lab", ("", "", stage), met, won) for deal, stage, met, won in rows]
    return metrics.by_kind(as_frame(made), ("lab",), assumed)["lab"]


@given(st.lists(CASE, max_size=30), st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 2)]))
@settings(max_examples=examples(100), deadline=None)
def test_any_cases_equal_it(rows, assumed):
    found = of(rows, float(assumed))
    right = uplift([Judged("", "", "lab", ("", "", stage), met, won) for _, stage, met, won in rows], assumed)
    assert found.share == pytest.approx(float(right.shrunk), abs=1e-12)
    assert (found.met, found.unmet) == (right.met, right.not_met)
    assert found.measured == (None if right.raw is None else pytest.approx(float(right.raw), abs=1e-12))


# --- the planted truth --------------------------------------------------------------------------------


def covered(seed: int, folder) -> int:
    """Of how many of the six kinds the unshrunk interval holds what the demo of a seed plants."""
    demo.export(demo.generate("small", seed, LAST), folder)
    found = metrics.by_kind(as_frame(judged(Facts(folder, BASE), LAST)), KINDS, ASSUMED_SHARE)
    return sum(found[kind].low <= truth <= found[kind].high for kind, truth in UPLIFTS.items())


def as_frame(cases: list[Judged]) -> pd.DataFrame:
    return pd.DataFrame(
        [(case.deal, case.kind, *case.stratum, 1, int(case.is_met), True, case.is_won) for case in cases],
        columns=["opportunity_id", "kind", *metrics.STRATUM, "hours", "booked_hours", "is_granted", "is_won"],
    )


def test_a_demos_planted_uplifts_are_found(tmp_path):
    assert covered(SEEDS[0], tmp_path) >= 4


@pytest.mark.long
def test_the_planted_uplifts_are_found_over_ten_demos(tmp_path):
    total = sum(covered(seed, tmp_path / str(seed)) for seed in SEEDS)
    assert total >= 43, f"{total} of 60"


def test_the_easy_comparison_would_find_what_is_not_there(demo_folder):
    """Labs move nothing in the demo; but better deals are met more often."""
    labs = [case for case in judged(Facts(demo_folder, BASE), LAST) if case.kind == "lab"]
    won = [np.mean([case.is_won for case in labs if case.is_met == is_met]) for is_met in (True, False)]
    assert UPLIFTS["lab"] == 0 and 1 - won[1] / won[0] > 0.1


# --- laws ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("assumed", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("rows", [[], [(1, "a", True, True)], [(1, "a", True, True), (2, "b", False, True)],
                                  [(1, "a", True, False), (2, "a", False, False)]])  # fmt: skip
def test_without_anything_to_compare_the_assumption_holds_and_is_not_shown(rows, assumed):
    found = of(rows, assumed)
    assert (found.share, found.measured, found.is_shown, found.on_data) == (assumed, None, False, 0)


@pytest.mark.parametrize("times", [1, 3, 40])
def test_cases_that_say_just_what_is_assumed_change_nothing(times):
    """10 met of which 10 are won, 10 not met of which 9 are."""
    rows = [(number, "a", met, met or number % 10 > 0) for number in range(10 * times) for met in (True, False)]
    assert of(rows).share == pytest.approx(0.1)


@given(st.lists(CASE, max_size=30))
@settings(max_examples=examples(60), deadline=None)
def test_a_share_lies_from_0_to_1_and_more_cases_alike_bring_it_nearer_to_them(rows):
    found = of(rows)
    assert 0 <= found.without_assumed <= found.share <= 1
    assume(found.measured is not None)
    alike = of([(deal + 8 * copy, *rest) for copy in range(20) for deal, *rest in rows])
    inside = min(max(found.measured, 0.0), 1.0)
    assert alike.measured == pytest.approx(found.measured)
    assert abs(alike.share - inside) <= abs(found.share - inside) + 1e-9


def test_the_interval_is_that_of_deals_drawn_one_by_one(demo_url):
    """Another generator, deal after deal; requests of one deal are drawn together."""
    found = cases(engine(demo_url), LAST)
    of_kind = found[found["kind"] == "presales"]
    one = metrics.by_kind(found, KINDS, ASSUMED_SHARE)["presales"]
    judged_ = [Judged("", row.opportunity_id, "", (row.pipeline, row.track, row.stage), bool(met), bool(row.is_won))
               for row, met in zip(of_kind.itertuples(), metrics.met_in_time(of_kind), strict=True)]  # fmt: skip
    deals: dict[str, list[Judged]] = {}
    for case in judged_:
        deals.setdefault(case.deal, []).append(case)
    random, lots = np.random.default_rng(5), list(deals.values())
    drawn = [
        float(uplift([case for lot in random.integers(0, len(lots), len(lots)) for case in lots[lot]]).raw)
        for _ in range(300)
    ]
    assert (one.low, one.high) == pytest.approx(tuple(np.quantile(drawn, (0.1, 0.9))), abs=0.03)
    assert one.low < one.measured < one.high
