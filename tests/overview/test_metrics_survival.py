"""Kaplan–Meier, against an estimate written out by hand."""

import math

from hypothesis import given, strategies as st

from dashboard.metrics import survival


def by_hand(stays: list[tuple[int, bool]], q: float) -> float:
    """The product of the shares that stay, day by day; an end precedes a cut of the same day."""
    share = 1.0
    for day in sorted({days for days, _ in stays}):
        at_risk = sum(days >= day for days, _ in stays)
        ended = sum(days == day and not cut for days, cut in stays)
        share *= 1 - ended / at_risk
        if ended and share <= 1 - q + 1e-9:
            return day
    return math.nan


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40), st.sampled_from([0.5, 0.8]))
def test_quantiles_equal_the_estimate_by_hand(stays, q):
    days, cut = [d for d, _ in stays], [c for _, c in stays]
    found, expected = survival.quantile(days, cut, [1] * len(stays), q), by_hand(stays, q)
    assert found == expected or (math.isnan(found) and math.isnan(expected))


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 5)), max_size=20))
def test_stays_that_are_alike_count_as_many(stays):
    columns = [list(column) for column in zip(*stays, strict=True)] or [[], [], []]
    each = [(days, cut) for days, cut, deals in stays for _ in range(deals)]
    apart = survival.curve([days for days, _ in each], [cut for _, cut in each], [1] * len(each))
    assert survival.curve(*columns).equals(apart)


def test_the_golden_case():
    """Days in stage 2 of docs/metrics.md: D1 10, D2 13, D4 35, D7 20, D10 4, D6 70 and still there."""
    days, cut = [10, 13, 35, 20, 4, 70], [False] * 5 + [True]
    assert survival.quantile(days, cut, [1] * 6) == 13
    assert math.isnan(survival.quantile([5], [True], [3]))
