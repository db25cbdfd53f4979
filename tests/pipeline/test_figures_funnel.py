"""The funnel's figures show what their frames hold: the golden case of the definitions, drawn."""

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import style
from dashboard.figures.marks import bold
from dashboard.figures.pipeline import funnel
from dashboard.words.formats import Formats

WORDS = {
    "lost": "Lost",
    "undecided": "Undecided",
    "advanced": "Advanced",
    "axis": "Deals",
    "nothing": "nothing here",
    "of_before": "{share} of before",
    "of_all": "{share} of all",
    "step": "{advanced} of {entered}: {share}, decided {decided}",
    "cases": "n = {n}",
    "overall": "together {share}",
}
ARGUMENTS = {"words": WORDS, "formats": Formats("en", "CNY"), "tokens": style.LIGHT}
TOTALS = {"created": 10, "won": 4, "lost": 3, "undecided": 3}


@pytest.fixture
def golden():
    whole = {
        "position": [1, 2, 3, 4, 5],
        "in_stage_now": [1, 1, 0, 1, 4],
        "visited": [9, 6, 6, 4, 4],
        "strict_path": [9, 6, 4, 3, 2],
        "reached_at_least": [10, 8, 6, 5, 4],
        "step_entered": [9, 6, 6, 4, None],
        "step_advanced": [7, 4, 5, 3, None],
        "step_undecided": [1, 1, 0, 1, None],
    }
    return pd.DataFrame(whole, dtype="Int64").assign(stage=["1", "2", "3", "4", "W"])


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.mark.parametrize("reading", ["visited", "strict_path", "reached_at_least"])
def test_a_bar_per_stage_then_the_lost_and_the_undecided(golden, reading):
    figure = funnel.stages(golden, TOTALS, reading=reading, **ARGUMENTS)
    assert list(figure.data[0].x) == [*golden[reading], 3, 3]
    assert list(figure.data[0].customdata[1]) == ["2", None]
    assert [list(data) for data in figure.data[0].customdata[-2:]] == [[None, "lost"], [None, "undecided"]]
    assert list(figure.data[0].marker.pattern.shape) == [""] * 6 + ["/"]


def test_nested_readings_bear_both_rates_and_the_visited_only_that_of_all(golden):
    reached = texts(funnel.stages(golden, TOTALS, reading="reached_at_least", **ARGUMENTS))
    assert "8/10" not in reached[1] and "80% of before · 80% of all" in reached[1]
    assert "6/8 of before · 60% of all" in reached[2]  # of eight, the fraction
    visited = texts(funnel.stages(golden, TOTALS, reading="visited", **ARGUMENTS))
    assert not any("of before" in text for text in visited) and "60% of all" in visited[1]


def test_a_stock_has_no_rates_and_its_stages_are_the_undecided(golden):
    figure = funnel.stages(golden, TOTALS, reading="in_stage_now", **ARGUMENTS)
    assert list(figure.data[0].x) == [1, 1, 0, 1, 4, 3]
    assert not any("%" in text or "/1" in text for text in texts(figure))


def test_won_and_lost_wear_their_colours(golden):
    colours = funnel.stages(golden, TOTALS, reading="visited", **ARGUMENTS).data[0].marker.color
    assert colours[4] == style.LIGHT.won and colours[5] == style.LIGHT.lost
    assert style.LIGHT.won not in colours[:4]


def test_the_segments_of_a_step_sum_to_what_entered(golden):
    figure = funnel.steps(golden, **ARGUMENTS)
    by_name = {trace.name: np.array(trace.x) for trace in figure.data}
    assert list(by_name["Advanced"]) == [7, 4, 5, 3]
    assert list(by_name["Undecided"]) == [1, 1, 0, 1]
    assert list(sum(by_name.values())) == [9, 6, 6, 4]
    assert figure.layout.barmode == "stack"
    assert list(figure.data[2].customdata[1]) == ["2", "step_lost"]
    assert bold("7") + " of 9: 7/9, decided 7/8" in texts(figure)[0]


def test_stages_stand_in_order_from_the_top_from_zero_in_deals(golden):
    for figure in (
        funnel.stages(golden, TOTALS, reading="visited", **ARGUMENTS),
        funnel.steps(golden, **ARGUMENTS),
    ):
        assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
        assert figure.layout.xaxis.range[0] == 0 and figure.layout.xaxis.title.text == "Deals"
        assert all(float(tick).is_integer() for tick in figure.layout.xaxis.tickvals)


def test_groups_stand_by_share_with_their_interval_and_n():
    groups = pd.DataFrame(
        {
            "key": ["a", "b", "c"],
            "label": ["A", "B", "C"],
            "share": [0.2, 0.6, np.nan],
            "low": [0.1, 0.5, np.nan],
            "high": [0.35, 0.7, np.nan],
            "cases": [30.0, 50.0, 0.0],
        }
    )
    figure = funnel.conversion_by_group(groups, overall=0.45, **ARGUMENTS)
    dots = figure.data[0]
    assert list(dots.x) == [0.2, 0.6]  # C has no case, so no share: left out
    assert list(figure.layout.yaxis.ticktext) == ["A", "B"]  # the axis goes up: B on top
    assert np.allclose(dots.x - dots.error_x.arrayminus, [0.1, 0.5])
    assert np.allclose(dots.x + dots.error_x.array, [0.35, 0.7])
    assert texts(figure) == ["together 45%", "n = 30", "n = 50"]
    assert figure.layout.shapes[0].x0 == 0.45
    assert list(figure.layout.xaxis.ticktext) == ["0%", "25%", "50%", "75%", "100%"]


def test_empty_frames_say_so(golden):
    nothing = golden.iloc[:0]
    for figure in (
        funnel.stages(nothing, TOTALS, reading="visited", **ARGUMENTS),
        funnel.steps(golden.iloc[-1:], **ARGUMENTS),  # won alone has no step
        funnel.conversion_by_group(
            pd.DataFrame(columns=["key", "label", "share", "low", "high", "cases"], dtype=float),
            overall=np.nan,
            **ARGUMENTS,
        ),
    ):
        assert not figure.data and texts(figure) == ["nothing here"]
