"""What three plans are expected to bring, and what one more hour of each group of people is worth."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold


@kept
def plans_compared(plans: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """One bar per plan, in the given order; the recommended one in the accent.

    plans   one row per plan: name, value (base currency units), is_recommended
    words   axis (the currency), nothing
    """
    if plans.empty or not plans["value"].any():
        return axes.nothing(words["nothing"], tokens)
    value = plans["value"].to_numpy(dtype=float)
    return _bars(
        value,
        list(plans["name"]),
        [formats.money(one) for one in value],
        np.where(plans["is_recommended"], tokens.accent, tokens.context),
        words["axis"],
        formats,
        tokens,
    )


@kept
def hour_worth(groups: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """One bar per group of people: what one more hour of theirs in the first coming week is worth, the most on top.

    groups   name, worth (base currency units)
    words    axis, nothing
    clicks   customdata [position of the group]
    """
    if groups.empty or not groups["worth"].any():
        return axes.nothing(words["nothing"], tokens)
    worth = groups["worth"].to_numpy(dtype=float)
    texts = [formats.money(one) for one in worth]
    return _bars(worth, list(groups["name"]), texts, tokens.accent, words["axis"], formats, tokens)


def _bars(values, names: Sequence[str], texts: Sequence[str], colour, title: str, formats, tokens) -> go.Figure:
    """Horizontal bars, each with its amount and then its name in the line above it: a long name may be cut off."""
    figure = go.Figure(
        go.Bar(
            x=values,
            y=np.arange(len(values)),
            orientation="h",
            width=0.4,
            marker_color=colour,
            customdata=[[number] for number in range(len(values))],
            hovertext=[f"{name}{BR}{text}" for name, text in zip(names, texts, strict=True)],
        )
    )
    axes.write_above(figure, [bold(text) for text in texts], names, tokens)
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * len(values),
        showlegend=False,
        xaxis=axes.money(values, title, formats),
        yaxis=axes.named_rows(len(values)),
    )
