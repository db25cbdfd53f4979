"""Transitions, time in stage and the bridge: the marks equal the frame."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from dashboard.figures import axes, style
from dashboard.figures.marks import BR
from dashboard.figures.pipeline import bridge, stage_time, transitions
from dashboard.words.formats import Formats

FORM = Formats("en", "CNY")
BARS = (
    "opening", "created", "reopened", "amount_up", "amount_down", "moved_in", "moved_out", "won", "lost",
    "left_out", "removed", "closing",
)  # fmt: skip
WORDS = {bar: bar.title() for bar in BARS} | {
    "axis": "CNY",
    "nothing": "nothing here",
    "from": "From",
    "to": "To",
    "entries": "{n} moves",
    "days": "Days",
    "still_there": "Still there",
    "median": "median {days}",
}
ARGUMENTS = {"words": WORDS, "formats": FORM, "tokens": style.LIGHT}

MOVES = pd.DataFrame(
    [
        (None, "A", None, 0, 9),
        (None, "B", None, 1, 1),  # created in the second stage
        ("A", "B", 0, 1, 6),
        ("B", "A", 1, 0, 2),  # back
        ("B", "Won", 1, 2, 4),
        ("A", "Lost", 0, None, 3),
        ("Lost", "B", None, 1, 1),  # reopened
    ],
    columns=["from_stage", "to_stage", "from_position", "to_position", "entries"],
)


def test_the_matrix_holds_every_move_in_the_pipelines_order():
    figure = transitions.matrix(MOVES, **ARGUMENTS)
    heat = figure.data[0]
    assert list(figure.layout.yaxis.ticktext) == ["Created", "A", "B", "Lost"]
    assert list(figure.layout.xaxis.ticktext) == ["A", "B", "Won", "Lost"]
    assert np.nansum(heat.z) == MOVES["entries"].sum()
    assert heat.z[0][0] == 9 and heat.z[2][0] == 2 and heat.z[1][3] == 3
    assert np.isnan(heat.z[0][2]) and heat.text[0][2] == ""  # never happened: blank, not 0


def test_every_cell_can_be_clicked_and_knows_its_move():
    figure = transitions.matrix(MOVES, **ARGUMENTS)
    heat, over = figure.data
    found = {
        tuple(data): heat.z[y][round(left + width / 2)]  # in the middle of what can be clicked
        for left, width, y, data in zip(over.base, over.x, over.y, over.customdata, strict=True)
    }
    assert found == {
        (m.from_stage if pd.notna(m.from_stage) else None, m.to_stage): m.entries for m in MOVES.itertuples()
    }


def test_many_stages_are_numbered_instead_of_turned():
    names = [f"Stage number {n}" for n in range(1, 9)]
    moves = pd.DataFrame(
        [(None, names[0], None, 0, 2000)]
        + [(a, b, i, i + 1, 5) for i, (a, b) in enumerate(zip(names, names[1:], strict=False))],
        columns=MOVES.columns,
    )
    figure = transitions.matrix(moves, **ARGUMENTS)
    assert list(figure.layout.yaxis.ticktext)[:2] == ["0 Created", f"1 Stage{BR}number 1"]
    assert list(figure.layout.xaxis.ticktext)[:2] == ["1", "2"]
    assert figure.data[0].text[0][0] == "2k"


CURVES = pd.DataFrame({"stage": ["A", "A", "A", "B"], "days": [3.0, 8.0, 20.0, 5.0], "share": [0.8, 0.5, 0.1, 0.7]})


def test_the_curve_begins_with_everybody_and_marks_the_median():
    figure = stage_time.survival(CURVES, stage="A", **ARGUMENTS)
    curve = next(trace for trace in figure.data if trace.name == "A")
    assert list(curve.x) == [0, 3, 8, 20] and list(curve.y) == [1, 0.8, 0.5, 0.1]
    assert curve.line.shape == "hv" and curve.line.color == style.LIGHT.accent
    assert figure.layout.annotations[0].x == 8 and figure.layout.annotations[0].text == "median 8 days"
    assert figure.layout.xaxis.title.text == "Days" and figure.layout.yaxis.range[0] == 0


def test_a_curve_that_never_falls_to_a_half_has_no_median():
    figure = stage_time.survival(CURVES, stage="B", **ARGUMENTS)
    assert not figure.layout.annotations


def _bars(amounts):
    return pd.DataFrame({"bar": BARS, "amount": [*amounts, sum(amounts)]})


@settings(deadline=None, max_examples=30)  # plotly checks every value: slow, and slower the first time
@given(st.lists(st.integers(-(10**9), 10**9), min_size=len(BARS) - 1, max_size=len(BARS) - 1))
def test_every_bar_of_the_bridge_hangs_where_the_one_before_ended(amounts):
    bars = bridge.waterfall(_bars(amounts), **ARGUMENTS).data[0]
    starts = np.array(bars.base, dtype=float)
    ends = starts + bars.x
    assert list(bars.x) == [*amounts, sum(amounts)]
    assert starts[0] == 0 and starts[-1] == 0
    assert np.allclose(starts[1:-1], ends[:-2])
    assert ends[-1] == pytest.approx(ends[-2])  # the closing is what all before it lead to


def test_lines_join_the_bars_and_each_bar_knows_itself():
    figure = bridge.waterfall(_bars([50, 12, 1, 3, -2, 4, -1, -9, -7, -1, -2]), **ARGUMENTS)
    bars, lines = figure.data
    assert [data[0] for data in bars.customdata] == list(BARS)
    ends = np.array(bars.base) + np.array(bars.x)
    assert list(lines.x[::3]) == list(ends[:-1])
    assert figure.layout.xaxis.range[0] == 0 and figure.layout.xaxis.title.text == "CNY"


def test_a_bridge_with_an_unknown_bar_is_not_drawn():
    unknown = _bars([50.0, np.nan, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    assert not bridge.waterfall(unknown, **ARGUMENTS).data


def test_empty_frames_say_so():
    for figure in (
        transitions.matrix(MOVES.iloc[:0], **ARGUMENTS),
        stage_time.survival(CURVES, stage="C", **ARGUMENTS),
        bridge.waterfall(pd.DataFrame({"bar": [], "amount": []}), **ARGUMENTS),
    ):
        assert not figure.data and figure.layout.annotations[0].text == "nothing here"


@given(st.integers(0, 10**14), st.integers(-(10**14), 0), st.booleans())
def test_ticks_are_few_round_and_hold_zero(high_cents, low_cents, whole):
    high, low = high_cents / 100, low_cents / 100
    at = axes.ticks(low, high, whole=whole)
    assert 0 in at and len(at) <= 7
    reach = (high - low) * 1e-8  # a tick on the very end may stand a rounding beyond it
    assert at.min() >= low - reach and at.max() <= high + reach
    if whole:
        assert all(float(tick).is_integer() for tick in at)
