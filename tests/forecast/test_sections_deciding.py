"""The deals that decide in words: which close the gap, or that none do; what changed with one. And a bias in words."""

from datetime import datetime

import pandas as pd
import pytest

from dashboard.answers.forecast.deciding import Deciding
from dashboard.metrics.forecast.bias import Bias
from dashboard.metrics.forecast.deciding import Closing, changes
from dashboard.metrics.forecast.outlook import Forecast
from dashboard.sections.forecast import bias, deciding
from dashboard.words.formats import Formats

FORM = Formats("en", "USD")
DEALS = pd.DataFrame({"amount": [4e6, 2e6, 1e6], "chance": [0.5, 0.25, 0.5]})
SAID = {
    "no target": (None, Closing(), "No target is set"),
    "made as it is, surely": (-3e6, Closing(0), "makes the target, with $3M to spare"),
    "made in the middle of its band": (-2e6, Closing(0), "lies $2M above the target, not surely"),
    "one": (
        1e6,
        Closing(1, 0.5),
        "1 deal closes the gap of $1M, the first of these: the chance that it is won is 50%.",
    ),
    "two": (
        3e6,
        Closing(2, 0.125),
        "2 deals close the gap of $3M, the first of these: the chance that all are won is 12.5%.",
    ),
    "none": (9e6, Closing(), "closes the gap of $9M: won, the 3 heaviest deals bring $4M of it"),
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_says_which_close_the_gap_or_that_none_do(name):
    """The forecast is 5M, in a band of 2.5M to 7.5M."""
    gap, closing, said = SAID[name]
    made, target = Forecast(0.0, None, 8, 99, expected=5e6, low=2.5e6, high=7.5e6), None if gap is None else 5e6 + gap
    assert said in deciding.answer(Deciding(made, target, gap, closing, 3, DEALS), FORM)


NOW = {"created_on": "2026-01-05", "amount": 500, "stage": "Bid", "expected_close_on": "2026-12-01", "owner_id": "a"}
SAME = {"outcome_before": "open", "amount_before": 500, "stage_before": "Bid", "expected_close_before": "2026-12-01",
        "owner_id_before": "a"}  # fmt: skip
CHANGED = {
    "nothing": ({}, {}, (), None),
    "created": ({"created_on": "2026-11-15"}, {"outcome_before": None}, ("created",), "new"),
    "created on the day before the seven": ({"created_on": "2026-11-14"}, {"outcome_before": None}, ("moved_in",),
                                            "came from elsewhere"),
    "from always, out of sight": ({"created_on": None}, {"outcome_before": None}, ("moved_in",), "came from elsewhere"),
    "reopened": ({}, {"outcome_before": "lost"}, ("reopened",), "reopened"),
    "an amount where none was": ({}, {"amount_before": None}, ("amount",), "amount was –"),
    "all at once": ({}, {"amount_before": 300, "stage_before": None, "expected_close_before": "2026-11-30",
                         "owner_id_before": None},
                    ("amount", "stage", "expected_close", "owner"),
                    "amount was $3; stage was not known; expected close was 30 Nov; had no owner"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_what_changed_is_found_and_said(name):
    now, before, found, said = CHANGED[name]
    row = pd.DataFrame([NOW | SAME | now | before])
    days = ("created_on", "expected_close_on", "expected_close_before")
    row = row.assign(**{day: pd.to_datetime(row[day]) for day in days})
    row["changes"] = changes(row, pd.Timestamp(datetime(2026, 11, 14)))
    assert row["changes"].iloc[0] == found
    row["amount_before"], row["owner_before"] = row["amount_before"].astype("Float64") / 100, row["owner_id_before"]
    assert deciding._changed(next(row.itertuples()), FORM) == said


def test_a_bias_is_said_with_what_the_correction_would_have_done():
    found = Bias(8, -0.2, -0.25, -0.15, -0.18, 0.2, 0.06)
    made = Forecast(1e6, None, 8, 99, expected=4.1e6, low=3e6, high=5e6)
    assert bias.said(found, found.corrected(made), FORM) == (
        "Forecasts made this early were 20% too low over 8 periods (15% to 25%). Without the 18% of "
        "it that is believed, the forecast is $5M; their mean error of 20% would have been 6%."
    )
    assert "too high" in bias.said(Bias(8, 0.2, 0.15, 0.25, 0.18, 0.2, 0.06), 3e6, FORM)
    assert bias.said(Bias(5, -0.2, -0.25, -0.15, -0.18, 0.2, 0.06), None, FORM) is None
