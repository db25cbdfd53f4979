"""How long deals stay in a stage before anything ends the stay."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR


@kept
def survival(curves: pd.DataFrame, *, stage: str, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The share of deals still in the stage after so many days, as steps, with the median marked.

    The other stages stand behind in grey, named at their ends: seven colours would be a puzzle.

    curves   one row per stage and day on which the estimate falls: stage, days, share (0–1)
    stage    the one in question
    words    days (axis), still_there (axis), median (around {days}), nothing
    """
    if curves[curves["stage"] == stage].empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    longest = float(curves["days"].max()) or 1.0
    others = [name for name in curves["stage"].unique() if name != stage]
    for name in [*others, stage]:  # the one in question last, over the others
        days, share = _steps(curves[curves["stage"] == name])
        figure.add_scatter(
            x=days,
            y=share,
            mode="lines",
            line={
                "shape": "hv",
                "width": 2.5 if name == stage else 1,
                "color": tokens.accent if name == stage else tokens.context,
            },
            name=name,
            hovertext=[
                f"{name}{BR}{formats.count(day)} {words['days']}: {formats.share(left)}"
                for day, left in zip(days, share, strict=True)
            ],
        )
    _mark_median(figure, curves[curves["stage"] == stage], words["median"], formats, tokens)
    at = axes.ticks(0, longest, about=6, whole=True)
    return figure.update_layout(
        height=320,
        showlegend=False,
        xaxis={"title": {"text": words["days"]}, "tickvals": at, "range": [0, longest * 1.02]},
        yaxis=axes.shares(words["still_there"], formats),
    )


def _steps(curve: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The curve from day 0, where everybody is there."""
    days, share = curve["days"].to_numpy(dtype=float), curve["share"].to_numpy(dtype=float)
    if days[0] > 0:
        days, share = np.insert(days, 0, 0.0), np.insert(share, 0, 1.0)
    return days, share


def _mark_median(figure: go.Figure, curve: pd.DataFrame, text: str, formats, tokens: style.Tokens) -> None:
    """Where the estimate first falls to a half; a curve that never does has no median and gets no mark."""
    reached = curve[curve["share"] <= 0.5 + 1e-9]
    if reached.empty:
        return
    median = float(reached["days"].iloc[0])
    figure.add_scatter(
        x=[0, median, median],
        y=[0.5, 0.5, 0],
        mode="lines",
        line={"color": tokens.muted, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=median, y=0.5, text=text.format(days=formats.days(median)), showarrow=False, xanchor="left",
        yanchor="bottom", xshift=6, yshift=3, bgcolor=tokens.background,
        font={"color": tokens.accent, "size": 13},
    )  # fmt: skip
