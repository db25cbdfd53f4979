"""What reps are given equals a second, independent computation over the demo; how stages moved, who is compared with
whom, and the tilt of support, on frames written by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.answers.accounts import key_accounts
from dashboard.answers.reps import company_help as answers
from dashboard.metrics.reps import fairness, stage_moves
from dashboard.reports import as_text
from data_access.engine import engine
from tests.independent.reps import company_help as independent
from tests.independent.reps.life_stage import Company, life_stages

BASE = "CNY"
UNTIL = date(2026, 11, 21)


@pytest.fixture(scope="module")
def asked(demo_url):
    """How to ask the demo organisation, and a scope of everything as of a day."""
    database = engine(demo_url)

    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    def scope(as_of=UNTIL, role="executive", regions=()):
        asked = {"start": None, "end": None, "with_left_out": False}
        return as_text.scope(ask, role=role, regions=regions, as_of=as_of, **asked)

    yield ask, scope
    database.dispose()


@pytest.fixture(scope="module")
def company(demo_folder):
    return Company(demo_folder, UNTIL, BASE)


@pytest.fixture(scope="module")
def reps(asked):
    ask, scope = asked
    return answers.given(ask, scope())


def test_leads_and_help_equal_the_independent_computation(reps, company):
    leads, helped = independent.leads(company), independent.helped(company)
    assert leads.total() > 1_000 and helped.total() > 100
    for row in reps.itertuples():
        assert (row.rep_id, row.leads, row.helped) == (row.rep_id, leads[row.rep_id], helped[row.rep_id])


def test_key_accounts_owned_equal_the_independent_computation(asked, reps, company):
    ask, scope = asked
    ranked, _ = key_accounts.ranked(ask, scope(), key_accounts.profile(ask, scope()))
    key = set(ranked.loc[ranked["is_key"], "account_id"])
    owners = independent.owners(company)
    owned = {rep: sum(owner == rep for account, owner in owners.items() if account in key) for rep in reps["rep_id"]}
    assert sum(owned.values()) > 30
    assert dict(zip(reps["rep_id"], reps["key_owned"], strict=True)) == owned


def test_solutions_of_an_industry_equal_the_independent_computation(asked, company):
    ask, scope = asked
    segment = "制造"
    found = answers.solution_fit(ask, scope(), (segment,))
    rates = {(row.product, row.track): (row.won, row.decided) for row in found.itertuples()}
    assert rates == independent.win_rates(company, segment) and len(rates) > 3
    assert found["low"].is_monotonic_decreasing and (found["low"] <= found["win_rate"]).all()
    assert answers.solution_fit(ask, scope(), ()).empty


def test_the_history_is_each_days_own_stages(asked, demo_folder):
    ask, scope = asked
    history = answers.history(ask, scope())
    days = sorted(history["day"].dt.date.unique())
    assert days[0] == date(2024, 12, 31) and days[-2:] == [date(2026, 9, 30), UNTIL] and len(days) == 9
    for day in (days[0], days[5], days[-1]):
        computed = life_stages(demo_folder, day, BASE)
        expected = {rep: row["life_stage"] for rep, row in computed.items() if row["is_here"]}
        rows = history[history["day"] == pd.Timestamp(day)]
        for row in rows.itertuples():
            assert row.life_stage == expected[row.rep_id] or (pd.isna(row.life_stage) and expected[row.rep_id] is None)
        assert {rep for rep, stage in expected.items() if stage} == set(rows.loc[rows["life_stage"].notna(), "rep_id"])


def test_a_manager_sees_the_own_region_and_the_same_stages(asked, reps):
    ask, scope = asked
    north = answers.given(ask, scope(role="manager:north"))
    assert set(north["unit_id"]) == {"north"} and 5 < len(north) < len(reps)
    whole = reps.set_index("rep_id").loc[north["rep_id"]].reset_index()
    pd.testing.assert_frame_equal(north, whole[north.columns], check_dtype=False)
    history = answers.history(ask, scope(role="manager:north"))
    assert set(history["rep_id"]) <= set(north["rep_id"])


# --- moves --------------------------------------------------------------------------------------------

DAYS = [pd.Timestamp(day) for day in ("2025-12-31", "2026-03-31", "2026-06-30")]


def history_of(**stages: str) -> pd.DataFrame:
    """A letter per day: s, c, a, - (not yet known), blank (not here)."""
    names = {"s": "subsistence", "c": "comfortable", "a": "affluent", "-": None}
    rows = [
        (rep, day, names[letter])
        for rep, letters in stages.items()
        for day, letter in zip(DAYS, letters, strict=True)
        if letter != " "
    ]
    return pd.DataFrame(rows, columns=["rep_id", "day", "life_stage"])


def test_moves_are_between_known_stages():
    history = history_of(up="sca", back="csc", same="aaa", new=" -s", gone="sc ", blind="s-c")
    moves = stage_moves.moves(history)
    assert [tuple(row) for row in moves[["rep_id", "from_stage", "to_stage", "is_up"]].itertuples(index=False)] == [
        ("back", "subsistence", "comfortable", True),
        ("up", "comfortable", "affluent", True),
        ("back", "comfortable", "subsistence", False),
        ("gone", "subsistence", "comfortable", True),
        ("up", "subsistence", "comfortable", True),
    ]
    counts = stage_moves.transitions(history)
    assert counts.loc["unknown", "subsistence"] == 1 and counts.loc["affluent", "affluent"] == 2
    assert counts.to_numpy().sum() == 10  # pairs of days on both of which the rep was here
    by_day = stage_moves.by_day(history)
    assert by_day.groupby("day")["reps"].sum().tolist() == [5, 6, 5] and len(by_day) == 12


def test_time_in_the_stage_is_unbroken():
    since = stage_moves.since(history_of(up="sca", held="ccc", back="csc", new=" -s", gone="sc ", lost="ss-"))
    found = {row.rep_id: (row.since, row.is_from_start) for row in since.itertuples()}
    assert found["up"] == (DAYS[2], False) and found["held"] == (DAYS[0], True) and found["back"] == (DAYS[2], False)
    assert found["new"] == (DAYS[2], False)
    assert pd.isna(found["gone"][0]) and pd.isna(found["lost"][0])


# --- fairness -----------------------------------------------------------------------------------------


def sellers(*rows: tuple) -> pd.DataFrame:
    """life_stage, open deals, support hours, new deals of each."""
    frame = pd.DataFrame(rows, columns=["life_stage", "open_deals", "support_hours", "new_deals"])
    frame["support_hours"] = frame["support_hours"].astype(float)
    return frame.assign(leads=2, key_owned=1, key_filled_in=0, helped=3)


def test_groups_are_compared_by_ratios_of_sums():
    rows = sellers(("subsistence", 1, 10, 1), ("subsistence", 3, 2, 3), ("affluent", 0, 0, 8))
    found = fairness.by_group(rows, rows["life_stage"]).set_index("group")
    assert found["support_per_deal"].to_dict() == {"subsistence": 3.0, "affluent": pytest.approx(np.nan, nan_ok=True)}
    assert found["to_even"].to_dict() == {"subsistence": 0.5, "affluent": 2.0}
    assert found["reps"].to_dict() == {"subsistence": 2, "affluent": 1}
    assert found["leads_per_rep"].tolist() == [2, 2] and found["key_per_rep"].tolist() == [1, 1]
    unbooked = rows.assign(support_hours=np.nan)
    assert fairness.by_group(unbooked, rows["life_stage"])["support_per_deal"].isna().all()


def test_the_tilt_is_a_ratio_with_its_interval_over_reps():
    even = [(stage, 2, 20 + n % 5, 1) for stage in ("subsistence", "comfortable") for n in range(20)]
    found = fairness.tilt(sellers(*even, (None, 4, 900, 1), ("affluent", 0, 0, 1)))
    assert found.ratio == 1 and found.low < 1 < found.high and (found.subsistence, found.others) == (20, 20)
    assert found.is_shown is False
    leaning = [(stage, deals, hours * (3 if stage == "subsistence" else 1), new) for stage, deals, hours, new in even]
    found = fairness.tilt(sellers(*leaning))
    assert found.ratio == 3 and found.is_shown and found.low <= found.ratio <= found.high
    assert fairness.tilt(sellers(*leaning)) == found  # the same draws every time


def test_no_tilt_without_two_reps_on_each_side_or_without_support():
    one = fairness.tilt(sellers(("subsistence", 2, 10, 1), ("comfortable", 2, 5, 1), ("affluent", 2, 5, 1)))
    assert one.ratio == 2 and one.low is None and one.is_shown is None
    nobody = fairness.tilt(sellers(("subsistence", 2, 10, 1), ("subsistence", 2, 10, 1)))
    assert nobody.ratio is None and (nobody.subsistence, nobody.others) == (2, 0)
    unbooked = [("subsistence", 2, np.nan, 1)] * 3 + [("affluent", 2, np.nan, 1)] * 3
    assert fairness.tilt(sellers(*unbooked)).ratio is None
    zero = [("subsistence", 2, 5, 1)] * 3 + [("affluent", 2, 0, 1)] * 3
    assert fairness.tilt(sellers(*zero)).ratio is None


def test_tenure_classes_at_their_edges():
    months = pd.Series([0, 11, 12, 35, 36, 59, 60, None], dtype="Int64")
    assert fairness.tenure(months).tolist() == [
        "under_1", "under_1", "1_to_3", "1_to_3", "3_to_5", "3_to_5", "5_and_more", "unknown",
    ]  # fmt: skip
