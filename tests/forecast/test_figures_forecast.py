"""The forecast's figures draw what their frames say."""

from datetime import date

import pandas as pd
import pytest

from dashboard.figures.forecast import outlook as figures
from dashboard.figures.style import LIGHT
from dashboard.words.formats import Formats

FORM = Formats("en", "USD")
WORDS = dict.fromkeys(
    ("won", "expected", "low", "high", "target", "committed", "axis", "forecast", "band", "chance", "won_share",
     "deals", "right"), "word",
) | {"nothing": "nothing here"}  # fmt: skip
AHEAD = {"start": date(2026, 10, 1), "day": date(2026, 11, 21), "end": date(2026, 12, 31), "won": 40.0,
         "expected": 90.0, "low": 70.0, "high": 110.0, "target": 100.0, "committed": float("nan")}  # fmt: skip
BY_DAY = pd.DataFrame({"day": pd.to_datetime(["2026-10-05", "2026-11-02"]), "won": [10.0, 40.0]})


def fan(**changes):
    return figures.fan(BY_DAY, AHEAD | changes, words=WORDS, formats=FORM, tokens=LIGHT)


def test_the_fan_opens_from_what_is_won_to_the_band():
    band, middle, won, target, ends = fan().data
    assert list(band.y) == [40, 110, 70, 40]
    assert list(middle.y) == [40, 90]
    assert list(won.y) == [0, 10, 40, 40]
    assert set(target.y) == {100}
    assert list(ends.y) == [70, 90, 110]


def test_a_commit_is_a_line_more_and_an_ended_period_has_no_fan():
    assert len(fan(committed=95.0).data) == 6
    ended = fan(day=date(2027, 1, 5), target=float("nan"))
    assert len(ended.data) == 1
    assert list(ended.data[0].y)[-1] == 40


def test_past_errors_are_shares_of_what_was_won():
    tested = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-01-01", "2026-04-01"]),
            "end": pd.to_datetime(["2026-03-31", "2026-06-30"]),
            "expected": [110.0, 80.0], "low": [90.0, 70.0], "high": [130.0, 95.0], "actual": [100.0, 100.0],
            "is_inside": [True, False],
        }
    )  # fmt: skip
    band, dots = figures.past_errors(tested, words=WORDS, formats=FORM, tokens=LIGHT).data
    assert list(dots.y) == pytest.approx([0.1, -0.2])
    assert list(dots.marker.color) == [LIGHT.accent, LIGHT.warning]
    assert list(band.y)[:2] == pytest.approx([-0.1, 0.3])
    assert not figures.past_errors(tested.iloc[:0], words=WORDS, formats=FORM, tokens=LIGHT).data


def test_calibration_marks_share_and_interval():
    bands = pd.DataFrame(
        {"chance": [0.2], "won_share": [0.25], "low": [0.2], "high": [0.31], "deals": [40], "won": [10]}
    )
    _, dots = figures.calibration(bands, words=WORDS, formats=FORM, tokens=LIGHT).data
    assert (list(dots.x), list(dots.y)) == ([0.2], [0.25])
    assert list(dots.error_y.arrayminus) == pytest.approx([0.05])
