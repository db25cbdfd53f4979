"""A planted bias is shown and its believed part lies between none and all of it; where none is planted, one in five is
shown at most; and the laws of a correction."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.metrics.forecast.bias import FEWEST_PERIODS, bias
from dashboard.metrics.forecast.outlook import Forecast

MADE = Forecast(won=40e6, refused=None, periods=8, wins=200, expected=90e6, low=80e6, high=100e6)


def past(rng, periods: int = 8, biased: float = 0.0, spread: float = 0.12, mean: float = 100e6) -> pd.DataFrame:
    """Quarters of a unit whose forecasts are off by `biased` of what is won, and by chance."""
    starts = pd.date_range("2024-01-01", periods=periods, freq="QS")
    actual = mean * rng.normal(1, 0.1, periods)
    made = actual * (1 + biased) + mean * rng.normal(0, spread, periods)
    ends = starts + pd.offsets.QuarterEnd(0)
    return pd.DataFrame({"start": starts, "end": ends, "won": 0.3 * actual, "expected": made, "actual": actual})


def organisations(count: int, first: int, **of) -> list:
    return [bias(past(np.random.default_rng(seed), **of)) for seed in range(first, first + count)]


@pytest.mark.parametrize("biased", [-0.2, 0.2])
def test_a_planted_bias_is_shown_and_believed_in_part(biased):
    found = organisations(200, 9000, biased=biased)
    assert np.mean([one.is_shown for one in found]) > 0.95
    assert np.mean([one.low <= biased <= one.high for one in found]) == pytest.approx(0.8, abs=0.08)
    for one in found:
        assert 0 < one.shrunk / one.share < 1
    assert np.mean([one.shrunk for one in found]) == pytest.approx(biased, abs=0.05)
    assert np.mean([one.corrected_error for one in found]) < 0.8 * np.mean([one.error for one in found])
    assert all((one.corrected(MADE) > MADE.expected) is (one.share < 0) for one in found if one.is_shown)


@pytest.mark.parametrize("periods", [6, 8])
def test_where_none_is_planted_one_in_five_is_shown(periods):
    found = organisations(1000, 20_000, periods=periods)
    assert np.mean([one.is_shown for one in found]) == pytest.approx(0.2, abs=0.04)
    shown = [one for one in found if one.is_shown]
    assert np.mean([abs(one.shrunk) for one in shown]) < 0.1  # little is believed of what chance does


def test_the_wider_the_errors_the_less_is_believed():
    parts = []
    for spread in (0.02, 0.1, 0.3, 0.9):
        one = bias(past(np.random.default_rng(4), biased=0.2, spread=spread))
        parts.append(one.shrunk / one.share)
    assert parts == sorted(parts, reverse=True) and 0 < parts[-1] < 0.2 and 0.95 < parts[0] < 1


def test_money_in_another_unit_has_the_same_bias():
    rows = past(np.random.default_rng(5), biased=-0.2)
    one, other = bias(rows), bias(rows.assign(**rows[["won", "expected", "actual"]] * 100))
    assert [getattr(one, key) for key in vars(one)] == pytest.approx([getattr(other, key) for key in vars(other)])
    hundredfold = replace(MADE, won=MADE.won * 100, expected=MADE.expected * 100, low=1.0, high=2.0)
    assert other.corrected(hundredfold) == pytest.approx(100 * one.corrected(MADE))


@pytest.mark.parametrize("periods", range(FEWEST_PERIODS))
def test_of_few_periods_none_is_shown(periods):
    one = bias(past(np.random.default_rng(6), periods=periods, biased=-0.5, spread=0.01))
    assert (one.periods, one.is_shown, one.corrected(MADE)) == (periods, False, None)
    assert (one.low is None) is (periods < 2) and (one.share is None) is (periods == 0)


def test_periods_that_overlap_count_once():
    """Eight half-years that begin a quarter apart are four; what they say is what these four say."""
    rows = past(np.random.default_rng(7), biased=-0.3)
    half_years = rows.assign(end=rows["start"] + pd.offsets.QuarterEnd(2))
    assert bias(half_years) == bias(half_years.iloc[[1, 3, 5, 7]]) and bias(half_years).periods == 4


def test_a_forecast_is_never_corrected_below_what_is_won_and_not_at_all_once_it_is_settled():
    one = bias(past(np.random.default_rng(8), biased=1.5, spread=0.05))
    assert one.is_shown and one.corrected(replace(MADE, won=70e6)) == 70e6
    assert one.corrected(replace(MADE, expected=40e6, low=40e6, high=40e6)) is None
    assert one.corrected(replace(MADE, expected=None, low=None, high=None)) is None


def test_of_nothing_won_there_is_no_bias():
    rows = past(np.random.default_rng(9)).assign(actual=0.0, won=0.0)
    assert bias(rows).share is None and not bias(rows).is_shown
