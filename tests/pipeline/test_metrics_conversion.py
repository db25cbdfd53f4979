"""What leaks, who converts better, which deals are at risk: the pipeline page's pure parts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.metrics.pipeline import conversion, leaks, risk


def funnel_rows(**columns):
    whole = {"stage": ["A", "B", "C", "Won"], "position": [1, 2, 3, 4]} | columns
    frame = pd.DataFrame(whole)
    counts = ["step_entered", "step_advanced", "step_undecided"]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def test_the_largest_leak_is_where_most_deals_were_lost_not_where_most_wait():
    rows = funnel_rows(
        step_entered=[100, 70, 50, None],
        step_advanced=[70, 50, 10, None],
        step_undecided=[5, 0, 30, None],  # C lets few through, but most of them only wait: 10 lost
    )
    assert leaks.largest(rows) == leaks.Leak("A", entered=100, lost=25, undecided=5)


def test_of_equal_leaks_the_earlier_one():
    rows = funnel_rows(step_entered=[10, 9, 0, None], step_advanced=[9, 8, 0, None], step_undecided=[0, 0, 0, None])
    assert leaks.largest(rows).stage == "A"


@pytest.mark.parametrize(
    ("entered", "advanced", "undecided"),
    [
        ([0, 0, 0, None], [0, 0, 0, None], [0, 0, 0, None]),  # no history
        ([5, 3, 2, None], [3, 2, 2, None], [2, 1, 0, None]),  # nothing lost
    ],
)
def test_without_a_history_or_a_loss_there_is_no_leak(entered, advanced, undecided):
    rows = funnel_rows(step_entered=entered, step_advanced=advanced, step_undecided=undecided)
    assert leaks.largest(rows) is None


TOTALS = pd.DataFrame(
    {
        "key": ["E", "N", None],
        "label": ["East", "North", None],
        "created": [20, 10, 4],
        "won": [6, 4, 0],
        "lost": [6, 1, 0],
        "undecided": [8, 5, 4],
    }
)


def test_won_is_compared_among_the_decided_the_best_first_and_the_unknown_last():
    groups = conversion.by_group(pd.DataFrame(), TOTALS, conversion.WON)
    assert list(groups["label"].iloc[:2]) == ["North", "East"] and pd.isna(groups["key"].iloc[2])
    assert list(groups["cases"]) == [5, 12, 0]
    assert list(groups["share"].iloc[:2]) == [0.8, 0.5] and np.isnan(groups["share"].iloc[2])
    assert ((groups["low"] < groups["share"]) & (groups["share"] < groups["high"])).iloc[:2].all()
    assert groups["low"].isna().iloc[2]


def test_a_step_is_compared_at_its_stage_alone():
    rows = pd.DataFrame(
        {
            "key": ["E", "E", "N"],
            "label": ["East", "East", "North"],
            "stage": ["A", "B", "B"],
            "step_entered": pd.array([20, 10, 8], dtype="Int64"),
            "step_advanced": pd.array([10, 6, 2], dtype="Int64"),
            "step_undecided": pd.array([5, 2, 0], dtype="Int64"),
        }
    )
    groups = conversion.by_group(rows, TOTALS, "B")
    assert list(groups["label"]) == ["East", "North"]
    assert list(groups["counted"]) == [10, 8] and list(groups["cases"]) == [8, 8]
    assert list(groups["share"]) == [0.75, 0.25]


AS_OF = date(2026, 11, 21)


def open_deals():
    """Four deals: one quiet, one overdue, one pushed, one stalled without an amount."""
    return pd.DataFrame(
        {
            "opportunity_id": ["quiet", "overdue", "pushed", "stalled"],
            "amount": pd.array([900.0, 100.0, 500.0, None], dtype="Float64"),
            "expected_close_on": [date(2026, 11, 21), date(2026, 11, 20), None, date(2027, 1, 1)],
            "is_stalled": [False, False, False, True],
            "pushes": pd.array([2, 0, 3, None], dtype="Int64"),
            "next_step_on": pd.to_datetime(["2026-12-01", "2026-12-01", None, "2026-12-02"]),
        }
    )


def test_deals_stand_by_value_at_risk_and_the_signs_are_told_apart():
    found = risk.signs(open_deals(), AS_OF).set_index("opportunity_id")
    assert list(found.index) == ["pushed", "overdue", "quiet", "stalled"]
    assert list(found["value_at_risk"].iloc[:3]) == [500, 100, 0] and np.isnan(found["value_at_risk"].iloc[3])
    assert found.loc["overdue", "is_overdue"] and not found.loc["quiet", "is_overdue"]  # due on the day itself
    assert found.loc["pushed", "is_fiction"] and not found.loc["quiet", "is_fiction"]  # pushed twice
    assert list(found["signs"]) == [2, 1, 0, 1]  # pushed: no next step either


def test_where_no_deal_has_a_next_step_its_lack_is_no_sign():
    deals = open_deals().assign(next_step_on=pd.NaT)
    assert not risk.signs(deals, AS_OF)["has_no_next_step"].any()
