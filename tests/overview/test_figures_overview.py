"""The overview's figures show what their frames hold, on axes from zero that say their unit."""

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import style
from dashboard.figures.marks import bold
from dashboard.figures.overview import on_target
from dashboard.words.formats import Formats

WORDS = {
    "won": "Won",
    "target": "Target",
    "so_far": "so far",
    "axis": "CNY",
    "nothing": "nothing here",
    "now": "now",
    "before": "before",
    "more": "{amount} more than before",
    "less": "{amount} less than before",
    "same": "as much as before",
    "created": "Created",
    "lost": "Lost",
}
ARGUMENTS = {"words": WORDS, "formats": Formats("en", "CNY"), "tokens": style.LIGHT}


@pytest.fixture
def months():
    return pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-09-01", "2026-10-01", "2026-11-01"]),
            "won_amount": [1_000_000.0, 2_500_000.0, 700_000.0],
            "target_amount": [np.nan, 2_000_000.0, 2_200_000.0],
            "is_partial": [False, False, True],
        }
    )


def test_months_are_bars_and_the_target_steps_over_them(months):
    figure = on_target.won_against_target(months, **ARGUMENTS)
    bars, target = figure.data
    assert list(bars.y) == [1_000_000, 2_500_000, 700_000]
    assert target.line.shape == "hv"
    # One step per month, from edge to edge; the last level is drawn to the end of its month.
    assert list(target.x) == [-0.5, 0.5, 1.5, 2.5]
    assert list(target.y)[1:] == [2_000_000, 2_200_000, 2_200_000] and np.isnan(target.y[0])
    assert [list(data) for data in bars.customdata] == [["2026-09-01"], ["2026-10-01"], ["2026-11-01"]]


def test_only_the_month_still_running_is_hatched_and_only_the_last_is_labelled(months):
    figure = on_target.won_against_target(months, **ARGUMENTS)
    assert list(figure.data[0].marker.pattern.shape) == ["", "", "/"]
    assert [a.text for a in figure.layout.annotations] == ["Target", bold("700k")]


def test_without_any_target_no_target_is_drawn(months):
    figure = on_target.won_against_target(months.assign(target_amount=np.nan), **ARGUMENTS)
    assert [trace.type for trace in figure.data] == ["bar"]


def test_regions_stand_by_attainment_and_those_without_a_target_last():
    regions = pd.DataFrame(
        {
            "key": ["N", "E", None, "S"],
            "label": ["North", "East", "No region", "South"],
            "won_amount": [50.0, 90.0, 10.0, 60.0],
            "target_amount": [100.0, 100.0, np.nan, 50.0],
            "attainment": [0.5, 0.9, np.nan, 1.2],
        }
    )
    figure = on_target.regions_compared(regions, **ARGUMENTS)
    # The axis goes up, so the best stands last in the data and on top on the screen.
    assert list(figure.layout.yaxis.ticktext) == ["No region", "North", "East", "South"]
    target, won, line = figure.data
    assert list(won.x) == [10, 50, 90, 60] and list(won.customdata[-1]) == ["S"]
    assert list(target.x)[1:] == list(line.x)[1:] == [100, 100, 50]
    assert "120%" in figure.layout.annotations[-1].text
    assert "%" not in figure.layout.annotations[0].text  # no target, no attainment


def test_what_moved_most_is_named_by_region_and_cause_the_largest_on_top():
    moves = pd.DataFrame(
        {
            "region_id": ["N", "E"],
            "region": ["North", "East"],
            "cause": ["created", "lost"],
            "moved": [5e6, 2e6],
            "moved_before": [4e6, 9e6],
            "difference": [1e6, -7e6],
            "effect": [1, 1],
        }
    )
    figure = on_target.moved_most(moves, **ARGUMENTS)
    assert list(figure.data[0].x) == [2e6, 5e6] and list(figure.data[1].x) == [9e6, 4e6]
    assert list(figure.data[0].marker.color) == [style.LIGHT.won] * 2  # losing less is as good as creating more
    assert [list(data) for data in figure.data[0].customdata] == [["E", "lost"], ["N", "created"]]
    told = figure.layout.annotations[0].text
    assert "East · Lost" in told and bold("¥2M") in told and "¥7M less than before" in told
    assert figure.layout.xaxis.range[1] > 9e6 and figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


@pytest.mark.parametrize("name", ["won_against_target", "regions_compared"])
def test_bars_start_at_zero_and_the_money_axis_names_its_currency(name, months):
    frames = {
        "won_against_target": months,
        "regions_compared": pd.DataFrame(
            {
                "key": ["N"],
                "label": ["North"],
                "won_amount": [5.0],
                "target_amount": [9.0],
                "attainment": [5 / 9],
            }
        ),
    }
    figure = getattr(on_target, name)(frames[name], **ARGUMENTS)
    axis = figure.layout.yaxis if name == "won_against_target" else figure.layout.xaxis
    assert axis.range[0] == 0 and 0 in axis.tickvals
    assert axis.title.text == "CNY"


@pytest.mark.parametrize("name", ["won_against_target", "regions_compared", "moved_most"])
def test_an_empty_frame_says_so_instead_of_drawing_axes(name):
    figure = getattr(on_target, name)(pd.DataFrame(), **ARGUMENTS)
    assert not figure.data and figure.layout.annotations[0].text == "nothing here"
    assert figure.layout.xaxis.visible is False
