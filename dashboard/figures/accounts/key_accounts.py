"""Accounts and their scores: the radar, two ranks against each other, a score over time, and how sure it all is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR

FACTORS = ("past_revenue", "potential", "reference_effect", "winnability")
MOST_OVERLAID = 4
_MOST_NAMED = 4  # labels in a scatter; more would lie on each other
_ROW = 26  # height of an account's row in the dot plot


@kept
def radar(
    polygons: pd.DataFrame,
    medians: Mapping[str, Sequence[float]],
    *,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """Up to four accounts, filled, over the group's median and the key accounts' median; axes fixed at 0–10.

    polygons   one row per account: account and the four FACTORS; NaN leaves the corner out
    medians    group and key, each the four scores in the order of FACTORS (NaN: not drawn)
    words      a name per factor, group, key (of the medians), nothing
    """
    if polygons.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    colours = (tokens.accent, tokens.theirs, tokens.won, tokens.lost)
    for colour, account in zip(colours, polygons.itertuples(), strict=False):
        scores = [getattr(account, factor) for factor in FACTORS]
        figure.add_trace(_polygon(scores, account.account, words, formats, colour, "solid", 2.5, 0.14))
    for name, colour, dash in (("group", tokens.muted, "dot"), ("key", tokens.text, "dash")):
        if not np.isnan(np.asarray(medians[name], dtype=float)).any():
            figure.add_trace(_polygon(medians[name], words[name], words, formats, colour, dash, 1.5, 0.0))
    return figure.update_layout(
        height=400,
        margin={"l": 80, "r": 80, "t": 24, "b": 24},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0.5, "xanchor": "center"},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {
                "range": [0, 10],
                "tickvals": [0, 5, 10],
                "gridcolor": tokens.line,
                "linecolor": tokens.line,
                "tickfont": {"color": tokens.muted, "size": 11},
                "angle": 45,
                "tickangle": 0,
            },
            "angularaxis": {
                "gridcolor": tokens.line,
                "linecolor": tokens.line,
                "rotation": 90,
                "direction": "clockwise",
            },
        },
    )


def _polygon(scores, name, words, formats, colour, dash, width, opacity) -> go.Scatterpolar:
    """A closed line over the four factors."""
    corners = [*scores, scores[0]]
    factors = [words[factor] for factor in (*FACTORS, FACTORS[0])]
    return go.Scatterpolar(
        r=corners,
        theta=factors,
        name=name,
        mode="lines" if not opacity else "lines+markers",
        line={"color": colour, "dash": dash, "width": width},
        marker={"size": 6},
        fill="toself" if opacity else "none",
        fillcolor=style.faint(colour, opacity),
        hovertext=[
            f"{name}{BR}{factor} {formats.number(score)}" for factor, score in zip(factors, corners, strict=True)
        ],
    )


@kept
def two_ranks(accounts: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Rank by revenue against composite rank inside one group, best at the top right; one-off spikes named.

    accounts   one row per scored account: account_id, account, revenue_rank, rank, is_key, is_one_off
    words      revenue_rank, rank (axis titles), key, other, one_off, nothing
    clicks     customdata [account_id]
    """
    if accounts.empty:
        return axes.nothing(words["nothing"], tokens)
    worst = int(max(accounts["rank"].max(), accounts["revenue_rank"].max()))
    figure = go.Figure()
    figure.add_scatter(
        x=[1, worst], y=[1, worst], mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": tokens.line, "width": 1},
    )  # fmt: skip
    is_key, is_one_off = accounts["is_key"].to_numpy(), accounts["is_one_off"].to_numpy()
    kinds = (
        ("other", ~is_key & ~is_one_off, tokens.context, "circle", 7),
        ("key", is_key & ~is_one_off, tokens.accent, "circle", 8),
        ("one_off", is_one_off, tokens.warning, "diamond", 11),
    )
    for name, chosen, colour, symbol, size in kinds:
        some = accounts[chosen]
        if len(some):
            figure.add_scatter(
                x=some["revenue_rank"].astype(float),
                y=some["rank"].astype(float),
                mode="markers",
                name=words[name],
                marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 0}},
                customdata=[[account_id] for account_id in some["account_id"]],
                hovertext=[
                    f"{one.account}{BR}{words['revenue_rank']} {formats.count(one.revenue_rank)}"
                    f"{BR}{words['rank']} {formats.count(one.rank)}"
                    for one in some.itertuples()
                ],
            )
    for one in _apart(accounts[is_one_off], worst):
        figure.add_annotation(
            x=float(one.revenue_rank), y=float(one.rank), text=_short(one.account), showarrow=False, yshift=-14,
            font={"size": 11, "color": tokens.text}, bgcolor=tokens.surface, opacity=0.85,
            xanchor="right" if one.revenue_rank < worst / 2 else "left",
        )  # fmt: skip
    at = sorted({1, *(int(tick) for tick in axes.ticks(0, worst, whole=True) if tick >= 1)})
    axis = {
        "range": [worst + 0.04 * worst + 0.5, 1 - 0.04 * worst - 0.5],
        "tickvals": at,
        "ticktext": [formats.count(tick) for tick in at],
        "zeroline": False,
        "showgrid": True,
    }
    return figure.update_layout(
        height=400,
        xaxis=axis | {"title": {"text": words["revenue_rank"]}},
        yaxis=axis | {"title": {"text": words["rank"]}},
    )


def _apart(spikes: pd.DataFrame, worst: int) -> list:
    """The highest spikes whose names do not lie on each other."""
    kept: list = []
    for one in spikes.sort_values("revenue_rank").itertuples():
        if len(kept) < _MOST_NAMED and all(abs(one.rank - other.rank) > 0.09 * worst for other in kept):
            kept.append(one)
    return kept


@kept
def score_over_time(trend: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """A score and the factors it comes from, as steps that hold from one assessment to the next; 0–10.

    trend   in order of days: on, the four FACTORS, score; NaN as long as a factor is missing
    words   a name per factor, score, nothing
    """
    if trend["score"].notna().sum() == 0:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    factor_colours = (tokens.context, tokens.open, tokens.theirs, tokens.won)
    lines = [(factor, colour, 1.5) for factor, colour in zip(FACTORS, factor_colours, strict=True)]
    for name, colour, width in [*lines, ("score", tokens.accent, 3)]:
        figure.add_scatter(
            x=trend["on"],
            y=trend[name],
            mode="lines",
            name=words[name],
            line={"color": colour, "width": width, "shape": "hv", "dash": "solid" if name == "score" else "dot"},
            hovertext=[
                f"{formats.date(on)}{BR}{words[name]} {formats.number(score)}"
                for on, score in zip(trend["on"], trend[name], strict=True)
            ],
        )
    last = trend.iloc[-1]
    figure.add_annotation(
        x=last["on"], y=last["score"], text=formats.number(last["score"]), showarrow=False, xanchor="left", xshift=5,
        font={"color": tokens.accent, "size": 13},
    )  # fmt: skip
    first, end = trend["on"].iloc[0], last["on"]
    at = pd.date_range(first, end, periods=3).normalize()
    return figure.update_layout(
        height=340,
        margin={"r": 40},
        xaxis={
            "tickvals": at,
            "ticktext": [formats.month(tick) for tick in at],
            "tickangle": 0,
            "range": [first - (end - first) * 0.04, end + (end - first) * 0.08 + pd.Timedelta(days=1)],
        },
        yaxis={"range": [0, 10.2], "tickvals": [0, 2, 4, 6, 8, 10]},
    )


@kept
def stability_dots(near: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """A dot per account on 0–100 % of the drawn weights, the surest on top; the edge at one half is marked.

    near    accounts near the edge, surest first: account, stability (0–1), is_key
    words   axis, edge, key, other, nothing
    """
    if near.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    place = np.arange(len(near))
    figure.add_scatter(
        x=np.stack([np.zeros(len(near)), near["stability"], np.full(len(near), np.nan)], axis=1).ravel(),
        y=np.repeat(place, 3).astype(float),
        mode="lines",
        line={"color": tokens.line, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    for name, is_key, colour in (("key", True, tokens.accent), ("other", False, tokens.context)):
        chosen = (near["is_key"] == is_key).to_numpy()
        if chosen.any():
            some = near[chosen]
            figure.add_scatter(
                x=some["stability"],
                y=place[chosen],
                mode="markers",
                name=words[name],
                marker={"color": colour, "size": 9},
                hovertext=[f"{one.account}{BR}{formats.share(one.stability)}" for one in some.itertuples()],
            )
    figure.add_vline(x=0.5, line={"color": tokens.warning, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=0.5, y=-0.9, text=words["edge"], showarrow=False, xanchor="left", xshift=4,
        font={"color": tokens.warning, "size": 12},
    )  # fmt: skip
    return figure.update_layout(
        height=110 + _ROW * len(near),
        xaxis=axes.shares(words["axis"], formats) | {"range": [0, 1.06]},  # else 100 % has no room for its label
        yaxis={
            "tickvals": place,
            "ticktext": [_short(name) for name in near["account"]],
            "range": [len(near) - 0.4, -1.4],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _short(name: str, most: int = 20) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


@kept
def same_set(
    grid: pd.DataFrame, here: tuple[float, float], *, words: Mapping[str, str], formats, tokens: style.Tokens
) -> go.Figure:
    """Where in the plane of two weights the key set stays the same, and how far it changes elsewhere.

    grid    one row per pair of shares: first, second, changed (accounts whose status differs)
    here    the present shares of the two
    words   first, second (axis titles), here, same, changed ("{n} accounts change"), nothing
    """
    if grid.empty:
        return axes.nothing(words["nothing"], tokens)
    wide = grid.pivot(index="second", columns="first", values="changed")
    z = wide.to_numpy(dtype=float)
    most = max(1.0, np.nanmax(z))
    least = 0.5 / most  # below it: no account at all
    hover = [
        [
            f"{words['first']} {formats.share(x)} · {words['second']} {formats.share(y)}{BR}"
            + (words["same"] if n == 0 else words["changed"].format(n=formats.count(n)))
            if not np.isnan(n)
            else ""
            for x, n in zip(wide.columns, row, strict=True)
        ]
        for y, row in zip(wide.index, z, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            x=wide.columns,
            y=wide.index,
            z=z,
            zmin=0,
            zmax=most,
            colorscale=[
                (0, tokens.accent),
                (least, tokens.accent),
                (least, tokens.open),
                (max(0.3, least), tokens.undecided),
                (1, tokens.surface),
            ],
            showscale=False,
            xgap=1,
            ygap=1,
            hovertext=hover,
        )
    )
    figure.add_scatter(
        x=[here[0]], y=[here[1]], mode="markers", hovertext=[words["here"]], showlegend=False,
        marker={"symbol": "x", "size": 12, "color": tokens.theirs, "line": {"width": 0}},
    )  # fmt: skip
    at = [0, 0.25, 0.5, 0.75, 1]
    axis = {
        "tickvals": at,
        "ticktext": [formats.share(tick) for tick in at],
        "range": [-0.03, 1.03],
        "showgrid": False,
        "zeroline": False,
    }
    return figure.update_layout(
        height=400,
        xaxis=axis | {"title": {"text": words["first"]}},
        yaxis=axis | {"title": {"text": words["second"]}},
    )
