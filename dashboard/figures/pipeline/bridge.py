"""How the open pipeline came from what it was to what it is."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR

_STOCKS = ("opening", "closing")  # these stand on zero; every other bar hangs where the one before ended


@kept
def waterfall(bars: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """A bar per cause from opening to closing, top to bottom, joined by lines.

    bars     in order, one row per bar: bar (opening, created, … closing), amount, signed; opening and what
             follows it add up to closing
    words    a name per bar, axis (the currency), nothing
    clicks   customdata [bar]
    """
    if bars.empty or bars["amount"].isna().any():
        return axes.nothing(words["nothing"], tokens)
    amount = bars["amount"].to_numpy(dtype=float)
    is_stock = bars["bar"].isin(_STOCKS).to_numpy()
    after = np.where(is_stock, amount, np.cumsum(amount))
    before = np.where(is_stock, 0.0, after - amount)
    position = np.arange(len(bars))
    names = [words[bar] for bar in bars["bar"]]
    figure = go.Figure(
        go.Bar(
            x=amount,
            base=before,
            y=position,
            orientation="h",
            width=0.6,
            marker_color=[_colour(bar, tokens) for bar in bars["bar"]],
            customdata=[[bar] for bar in bars["bar"]],
            hovertext=[
                f"{name}{BR}{formats.money(a, signed=not stock)}"
                for name, a, stock in zip(names, amount, is_stock, strict=True)
            ],
        )
    )
    # Each line goes down from where a bar ends to the top of the next, at the level both share.
    level = np.repeat(after[:-1], 3)
    height = np.stack([position[:-1] + 0.3, position[1:] - 0.3, np.full(len(bars) - 1, np.nan)], axis=1)
    figure.add_scatter(
        x=level, y=height.ravel(), mode="lines", line={"color": tokens.muted, "width": 1}, hoverinfo="skip"
    )
    for at, (value, stock) in enumerate(zip(amount, is_stock, strict=True)):
        figure.add_annotation(
            x=max(before[at], after[at]), y=at, xanchor="left", xshift=6, showarrow=False, font={"size": 12},
            text=formats.short(value, signed=not stock),
        )  # fmt: skip
    return figure.update_layout(
        height=70 + 32 * len(bars),
        showlegend=False,
        xaxis=axes.money(np.concatenate([before, after]), words["axis"], formats, room=0.25),
        yaxis={
            "tickvals": position,
            "ticktext": names,
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
        },
    )


def _colour(bar: str, tokens: style.Tokens) -> str:
    """Won and lost as everywhere; what adds to the open pipeline in its blue; mere shifts in grey."""
    if bar in _STOCKS:
        return tokens.accent
    if bar in ("created", "reopened", "amount_up"):
        return tokens.open
    if bar in ("won", "lost"):
        return {"won": tokens.won, "lost": tokens.lost}[bar]
    return tokens.context
