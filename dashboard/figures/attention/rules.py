"""Which rules, and which owners, hold most value at risk."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold


@kept
def at_risk(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Horizontal bars: value at risk per rule or owner, in the order of the rows; a chosen one in the accent.

    rows     one each: key, name, told (how many lines, in words), value_at_risk (units; NaN: not known), is_chosen
    words    axis (the currency), nothing
    clicks   customdata [key]
    """
    if rows.empty:
        return axes.nothing(words["nothing"], tokens)
    value = rows["value_at_risk"].to_numpy(dtype=float, na_value=np.nan)
    texts = [f"{bold(formats.money(amount))} · {told}" for amount, told in zip(value, rows["told"], strict=True)]
    figure = go.Figure(
        go.Bar(
            x=np.nan_to_num(value),
            y=np.arange(len(rows)),
            orientation="h",
            width=0.4,
            marker_color=np.where(rows["is_chosen"], tokens.accent, tokens.context),
            customdata=[[key] for key in rows["key"]],
            hovertext=[f"{name}{BR}{text}" for name, text in zip(rows["name"], texts, strict=True)],
        )
    )
    axes.write_above(figure, list(rows["name"]), texts, tokens)
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * len(rows),
        showlegend=False,
        xaxis=axes.money(value, words["axis"], formats),
        yaxis=axes.named_rows(len(rows)),
    )
