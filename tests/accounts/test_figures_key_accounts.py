"""The figures of key accounts: the marks equal the frame."""

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import style
from dashboard.figures.accounts import key_accounts as figures
from dashboard.metrics.accounts.key_accounts import FACTORS
from dashboard.words.formats import Formats

FORM = Formats("en", "CNY")
WORDS = {name: name for name in (*FACTORS, "group", "key", "other", "one_off", "revenue_rank", "rank", "score")} | {
    "nothing": "nothing here",
    "axis": "Stability",
    "edge": "the edge",
    "first": "One",
    "second": "Two",
    "here": "here",
    "same": "same",
    "changed": "{n} change",
}
ARGUMENTS = {"words": WORDS, "formats": FORM, "tokens": style.LIGHT}
MEDIANS = {"group": [5, 4, 3, 2], "key": [9, 8, 7, 6]}


def accounts(n):
    return pd.DataFrame(
        {"account_id": [f"a{i}" for i in range(n)], "account": [f"Account {i}" for i in range(n)]}
        | {factor: [float((i + place) % 11) for i in range(n)] for place, factor in enumerate(FACTORS)}
    )


@pytest.mark.parametrize("n", [1, 4])
def test_the_radar_closes_each_polygon_on_fixed_axes(n):
    figure = figures.radar(accounts(n), MEDIANS, **ARGUMENTS)
    assert len(figure.data) == n + 2
    for trace, account in zip(figure.data, accounts(n).itertuples(), strict=False):
        assert list(trace.r) == [*(getattr(account, f) for f in FACTORS), account.past_revenue]
        assert trace.fill == "toself"
    assert list(figure.data[-1].r) == [9, 8, 7, 6, 9] and figure.data[-1].fill == "none"
    assert list(figure.layout.polar.radialaxis.range) == [0, 10]
    assert figure.layout.margin.l == figure.layout.margin.r == 80


def test_without_key_accounts_their_median_is_not_drawn():
    figure = figures.radar(accounts(1), MEDIANS | {"key": [np.nan] * 4}, **ARGUMENTS)
    assert [trace.name for trace in figure.data] == ["Account 0", "group"]


def ranked():
    return accounts(6).assign(
        revenue_rank=pd.array([1, 2, 3, 4, 5, 6], dtype="Int64"),
        rank=pd.array([1, 2, 6, 3, 4, 5], dtype="Int64"),
        is_key=[True, True, False, False, False, False],
        is_one_off=[False, False, True, False, False, False],
    )


def test_every_account_is_one_mark_and_spikes_are_named():
    figure = figures.two_ranks(ranked(), **ARGUMENTS)
    found = {
        data[0]: (x, y, trace.name)
        for trace in figure.data
        if trace.customdata is not None
        for x, y, data in zip(trace.x, trace.y, trace.customdata, strict=True)
    }
    kinds = ["key", "key", "one_off", "other", "other", "other"]
    assert found == {
        one.account_id: (one.revenue_rank, one.rank, kind)
        for one, kind in zip(ranked().itertuples(), kinds, strict=True)
    }
    assert [note.text for note in figure.layout.annotations] == ["Account 2"]
    assert figure.layout.xaxis.range[0] > figure.layout.xaxis.range[1]  # the best is at the right, and on top
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_a_score_holds_until_the_next_assessment():
    trend = pd.DataFrame(
        {"on": pd.to_datetime(["2025-01-01", "2025-06-01", "2026-01-01"])}
        | {factor: [np.nan, 4.0, 6.0] for factor in FACTORS}
        | {"score": [np.nan, 4.0, 6.0]}
    )
    figure = figures.score_over_time(trend, **ARGUMENTS)
    assert [trace.name for trace in figure.data] == [*FACTORS, "score"]
    score = figure.data[-1]
    assert score.line.shape == "hv" and score.line.color == style.LIGHT.accent
    assert np.isnan(score.y[0]) and list(score.y[1:]) == [4, 6]  # unknown is a gap, not a zero
    assert figure.layout.annotations[0].text == "6"


def test_each_dot_is_an_accounts_stability_and_the_edge_is_marked():
    near = accounts(3).assign(stability=[0.9, 0.5, 0.2], is_key=[True, True, False])
    figure = figures.stability_dots(near, **ARGUMENTS)
    dots = {
        (y, x, trace.name)
        for trace in figure.data
        if trace.mode == "markers"
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert dots == {(0, 0.9, "key"), (1, 0.5, "key"), (2, 0.2, "other")}
    assert figure.layout.shapes[0].x0 == 0.5
    assert figure.layout.xaxis.range[0] == 0 and figure.layout.xaxis.range[1] >= 1


def test_the_map_shows_the_same_set_in_a_colour_of_its_own():
    grid = pd.DataFrame(
        [(0.0, 0.0, 3), (0.5, 0.0, 0), (1.0, 0.0, 6), (0.0, 0.5, 1)], columns=["first", "second", "changed"]
    )
    figure = figures.same_set(grid, (0.5, 0.0), **ARGUMENTS)
    heat, here = figure.data
    assert heat.z[0][1] == 0 and heat.z[0][2] == 6 and np.isnan(heat.z[1][2])  # a pair over 100 % is no cell
    assert "same" in heat.hovertext[0][1] and "6 change" in heat.hovertext[0][2] and heat.hovertext[1][2] == ""
    assert (here.x[0], here.y[0]) == (0.5, 0.0)
    accent = [at for at, colour in heat.colorscale if colour == style.LIGHT.accent]
    assert max(accent) < 1 / heat.zmax  # one account that changes already has another colour


def test_nothing_to_draw_is_said():
    empty = ranked().iloc[:0]
    trend = pd.DataFrame(columns=["on", *FACTORS, "score"])
    near = empty.assign(stability=[])
    for figure in (
        figures.radar(empty, MEDIANS, **ARGUMENTS),
        figures.two_ranks(empty, **ARGUMENTS),
        figures.score_over_time(trend, **ARGUMENTS),
        figures.stability_dots(near, **ARGUMENTS),
        figures.same_set(pd.DataFrame(columns=["first", "second", "changed"]), (0, 0), **ARGUMENTS),
    ):
        assert not figure.data and figure.layout.annotations[0].text == "nothing here"
