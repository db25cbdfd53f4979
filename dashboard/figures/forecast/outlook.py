"""Will we make it, and how well was that known in the past?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold

_BAND = 0.18  # opacity: the lines over it stay readable


@kept
def fan(by_day: pd.DataFrame, ahead: Mapping, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Won so far as a line that grows day by day; from there the forecast to the period's end in its 80 % band.

    by_day   in order, one row per day with wins: day, won (all of the period up to it)
    ahead    start, day (as of), end, won, expected, low, high, target and committed (NaN: none)
    words    won, expected, target, committed, axis (the currency)
    """
    start, day, end = (pd.Timestamp(ahead[name]) for name in ("start", "day", "end"))
    figure = go.Figure()
    if day < end:
        day = max(day, start)
        figure.add_scatter(
            x=[day, end, end, day], y=[ahead["won"], ahead["high"], ahead["low"], ahead["won"]], mode="lines",
            fill="toself", line={"width": 0}, fillcolor=_faint(tokens.accent), hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=[day, end], y=[ahead["won"], ahead["expected"]], mode="lines",
            line={"color": tokens.accent, "width": 2, "dash": "dot"}, hoverinfo="skip",
        )  # fmt: skip
    days, won = [start, *by_day["day"], min(day, end)], [0.0, *by_day["won"], ahead["won"]]
    figure.add_scatter(
        x=days, y=won, mode="lines", line={"color": tokens.won, "width": 2.5, "shape": "hv"},
        hovertext=[f"{formats.date(d)}{BR}{words['won']} {formats.money(w)}" for d, w in zip(days, won, strict=True)],
    )  # fmt: skip
    for name, colour, dash in (("target", tokens.target, "solid"), ("committed", tokens.theirs, "dash")):
        if pd.notna(ahead[name]):
            figure.add_scatter(
                x=[start, end], y=[ahead[name]] * 2, mode="lines",
                line={"color": colour, "width": 1.5, "dash": dash}, hoverinfo="skip",
            )  # fmt: skip
            figure.add_annotation(
                x=start, y=ahead[name], text=f"{words[name]} {formats.money(ahead[name])}", showarrow=False,
                xanchor="left", yanchor="bottom", font={"color": colour, "size": 12},
            )  # fmt: skip
    if day < end:
        figure.add_scatter(
            x=[end] * 3, y=[ahead["low"], ahead["expected"], ahead["high"]], mode="markers",
            marker={"color": tokens.accent, "size": [5, 9, 5]}, cliponaxis=False,
            hovertext=[f"{words[name]} {formats.money(ahead[name])}" for name in ("low", "expected", "high")],
        )  # fmt: skip
        # The band's ends stand below and above their points: a narrow band leaves no room between them.
        for name, side in (("low", "top"), ("expected", "middle"), ("high", "bottom")):
            text = formats.money(ahead[name])
            figure.add_annotation(
                x=end, y=ahead[name], text=bold(text) if name == "expected" else text, showarrow=False,
                xanchor="left", xshift=8, yanchor=side, font={"size": 12},
            )  # fmt: skip
    ticks = pd.date_range(start, end, periods=4)
    amounts = [ahead[name] for name in ("won", "expected", "low", "high", "target", "committed")]
    return figure.update_layout(
        height=230,
        showlegend=False,
        xaxis={
            "tickvals": ticks,
            "ticktext": [formats.day(tick) for tick in ticks],
            "range": [start, end],
        },
        margin={"r": 72},  # room for the amounts at the end, on a telephone too
        yaxis=axes.money(amounts, words["axis"], formats, room=0.08),
    )


@kept
def past_errors(tested: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """How far past forecasts lay from what was won, in shares of it: the band as a line, the forecast as a dot.

    tested   metrics.forecast.back_test
    words    forecast, band, won, axis, nothing
    """
    known = tested[tested["actual"] > 0]
    if known.empty:
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(known))
    to_share = {name: (known[name] / known["actual"] - 1).to_numpy(dtype=float) for name in ("low", "expected", "high")}
    figure = go.Figure()
    gaps = np.full(len(known), np.nan)
    figure.add_scatter(
        x=np.repeat(position, 3), y=np.stack([to_share["low"], to_share["high"], gaps], axis=1).ravel(), mode="lines",
        line={"color": tokens.context, "width": 5}, opacity=0.6, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=position, y=to_share["expected"], mode="markers",
        marker={"size": 9, "color": np.where(known["is_inside"].astype(bool), tokens.accent, tokens.warning)},
        hovertext=[
            f"{formats.date(row.start)} – {formats.date(row.end)}{BR}{words['forecast']} {formats.money(row.expected)}"
            f"{BR}{words['band']} {formats.money(row.low)} – {formats.money(row.high)}"
            f"{BR}{words['won']} {formats.money(row.actual)}"
            for row in known.itertuples()
        ],
    )  # fmt: skip
    most = max(np.nanmax(np.abs(np.concatenate(list(to_share.values())))), 0.1)
    at = axes.ticks(-most, most)
    return figure.update_layout(
        height=240,
        showlegend=False,
        xaxis={
            "tickvals": position,
            "ticktext": axes.months(known["end"], formats),
            "tickangle": 0,
            "range": [-0.6, len(known) - 0.4],
            "zeroline": False,
        },
        yaxis={
            "title": {"text": words["axis"]},
            "tickvals": at,
            "ticktext": [formats.share(value, signed=True) for value in at],
            "range": [-1.1 * most, 1.1 * most],
            "zeroline": True,
            "zerolinecolor": tokens.target,
        },
    )


@kept
def calibration(bands: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Of the deals given a chance, the share that was won, with its 80 % interval; on the diagonal it was right.

    bands    metrics.forecast_review.calibration
    words    chance, won_share, deals, right, nothing
    """
    if bands.empty:
        return axes.nothing(words["nothing"], tokens)
    share = bands["won_share"].to_numpy(dtype=float)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": tokens.muted, "width": 1, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=bands["chance"], y=share, mode="markers",
        marker={"color": tokens.accent, "size": 9},
        error_y={"array": bands["high"] - share, "arrayminus": share - bands["low"], "width": 0, "thickness": 2},
        hovertext=[
            f"{words['chance']} {formats.share(row.chance)}{BR}{words['won_share']} "
            f"{formats.share(row.won_share, row.deals)}{BR}{formats.count(row.deals)} {words['deals']}"
            for row in bands.itertuples()
        ],
    )  # fmt: skip
    for row in bands.itertuples():
        figure.add_annotation(
            x=row.chance, y=row.won_share, text=f"n = {formats.count(row.deals)}", showarrow=False, yanchor="middle",
            xanchor="left", xshift=8, font={"size": 11, "color": tokens.muted},
        )  # fmt: skip
    figure.add_annotation(
        x=0.97, y=0.97, text=words["right"], showarrow=False, xanchor="right", yanchor="bottom",
        font={"size": 11, "color": tokens.muted}, textangle=0,
    )  # fmt: skip
    return figure.update_layout(
        height=320,
        showlegend=False,
        xaxis=axes.shares(words["chance"], formats),
        yaxis=axes.shares(words["won_share"], formats),
    )


def _faint(colour: str) -> str:
    """A colour of the tokens, to lie under lines."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_BAND})"
