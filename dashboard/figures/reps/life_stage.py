"""Stages: how many reps were in each over time, and what the groups of reps are given."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR


@kept
def over_time(counts: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """How many reps were in each stage at the ends of quarters and now (hatched: the quarter still runs).

    counts   day, life_stage (subsistence, comfortable, affluent, unknown), reps; the last day is now
    words    a name per stage, now, axis, nothing
    clicks   customdata [ISO day, life_stage]
    """
    if not counts["reps"].sum():
        return axes.nothing(words["nothing"], tokens)
    days = sorted(counts["day"].unique())
    names = [*axes.months(days[:-1], formats), words["now"]]
    hatching = style.waiting(tokens) | {"shape": ["/" if day == days[-1] else "" for day in days]}
    figure = go.Figure()
    for stage, colour in _colours(tokens).items():
        of_stage = counts[counts["life_stage"] == stage].sort_values("day")
        figure.add_bar(
            x=np.arange(len(days)),
            y=of_stage["reps"].to_numpy(dtype=float),
            name=words[stage],
            marker={"color": colour, "pattern": hatching},
            text=[formats.count(n) if n else "" for n in of_stage["reps"]],
            textposition="inside",
            textangle=0,
            insidetextanchor="middle",
            customdata=[[pd.Timestamp(day).date().isoformat(), stage] for day in days],
            hovertext=[
                f"{formats.date(day)}{BR}{words[stage]} {formats.count(n)}"
                for day, n in zip(days, of_stage["reps"], strict=True)
            ],
        )
    return figure.update_layout(
        height=340,
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        xaxis={"tickvals": np.arange(len(days)), "ticktext": names, "tickangle": 0},
        yaxis=axes.counts(counts.groupby("day")["reps"].sum(), words["axis"], formats, room=0.05),
        legend={"traceorder": "normal"},
    )


def _colours(tokens: style.Tokens) -> dict[str, str]:
    return {
        "affluent": tokens.accent,
        "comfortable": tokens.open,
        "subsistence": tokens.theirs,
        "unknown": tokens.undecided,
    }


@kept
def given(groups: pd.DataFrame, *, words: Mapping[str, str], write, formats, tokens: style.Tokens) -> go.Figure:
    """One measure of what reps are given, by group, over the line of all reps together.

    groups   group, name, value (NaN: no data), reps
    words    value (the axis), everybody (with {value}), reps (with {n}), nothing
    write    a value as text
    clicks   customdata [group]
    """
    known = groups["value"].notna()
    if not known.any():
        return axes.nothing(words["nothing"], tokens)
    values = groups["value"].to_numpy(dtype=float)
    at = np.arange(len(groups))
    figure = go.Figure()
    figure.add_bar(
        x=values,
        y=at,
        orientation="h",
        marker_color=tokens.accent,
        width=0.42,
        customdata=[[group] for group in groups["group"]],
        hovertext=[f"{name}{BR}{write(value)}" for name, value in zip(groups["name"], values, strict=True)],
        showlegend=False,
    )
    told = [
        f"{write(value)} · {words['reps'].format(n=formats.count(reps))}"
        for value, reps in zip(values, groups["reps"], strict=True)
    ]
    axes.write_above(figure, list(groups["name"]), told, tokens)
    everybody = groups.attrs["everybody"]
    if np.isfinite(everybody):
        figure.add_vline(x=everybody, line={"color": tokens.target, "width": 1.5, "dash": "dot"})
        figure.add_annotation(
            x=everybody, y=1.0, yref="paper", yanchor="bottom", showarrow=False, xanchor="center",
            text=words["everybody"].format(value=write(everybody)), font={"size": 11, "color": tokens.muted},
        )  # fmt: skip
    longest = max(np.nanmax(values), everybody if np.isfinite(everybody) else 0.0)
    ticks = axes.ticks(0.0, longest)
    return figure.update_layout(
        height=90 + axes.ROW_HEIGHT * len(groups),
        margin={"t": 28},
        xaxis={
            "title": {"text": words["value"]},
            "tickvals": ticks,
            "ticktext": [write(tick) for tick in ticks],
            "tickangle": 0,
            "range": [0, longest * 1.06 or 1.0],
            "showgrid": True,
        },
        yaxis=axes.named_rows(len(groups)),
    )
