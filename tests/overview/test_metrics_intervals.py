"""The Wilson interval behind the dot plots, against its inversion property and a published value."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm

from dashboard.metrics.intervals import wilson


def test_a_published_value():
    # Newcombe (1998), table I: 81 of 263 at 95 % is 0.2553 to 0.3662.
    low, high = wilson(81, 263, confidence=0.95)
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


def test_nothing_counted_has_no_bounds():
    low, high = wilson([0, 3], [0, 4])
    assert np.isnan(low[0]) and np.isnan(high[0])
    assert 0 < low[1] < 0.75 < high[1] < 1


def test_none_and_all_keep_a_width_and_stay_within_bounds():
    low, high = wilson([0, 7], [7, 7])
    assert low[0] == 0 and 0 < high[0] < 1
    assert 0 < low[1] < 1 and high[1] == 1


def test_more_successes_than_trials_is_refused():
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson(5, 4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_bound_is_where_the_score_test_just_rejects(case):
    successes, trials = case
    low, high = wilson(successes, trials)
    z = norm.ppf(0.9)
    for bound in (float(low), float(high)):
        if 0 < bound < 1:
            score = (successes / trials - bound) / np.sqrt(bound * (1 - bound) / trials)
            assert abs(abs(score) - z) < 1e-6
