"""Which rules hold most value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold


@kept
def by_rule(rules: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Horizontal bars: value at risk per rule, the largest on top; a chosen rule in the accent.

    rules    one row per rule: rule, name, lines (how many, in words), value_at_risk (units; NaN: not known), is_chosen
    words    axis (the currency), nothing
    clicks   customdata [rule]
    """
    if rules.empty:
        return axes.nothing(words["nothing"], tokens)
    value = rules["value_at_risk"].to_numpy(dtype=float, na_value=np.nan)
    texts = [f"{bold(formats.money(amount))} · {lines}" for amount, lines in zip(value, rules["lines"], strict=True)]
    figure = go.Figure(
        go.Bar(
            x=np.nan_to_num(value),
            y=np.arange(len(rules)),
            orientation="h",
            width=0.4,
            marker_color=np.where(rules["is_chosen"], tokens.accent, tokens.context),
            customdata=[[rule] for rule in rules["rule"]],
            hovertext=[f"{name}{BR}{text}" for name, text in zip(rules["name"], texts, strict=True)],
        )
    )
    axes.write_above(figure, list(rules["name"]), texts, tokens)
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * len(rules),
        showlegend=False,
        xaxis=axes.money(value, words["axis"], formats),
        yaxis=axes.named_rows(len(rules)),
    )
