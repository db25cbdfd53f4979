"""One rep: the profile over the peers, the quarter's target, open deals by stage, the calendar, attainment."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR


@kept
def radar(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The rep's measures, filled, over the median of the peers; axes fixed at 0–10.

    rows     name (of the measure), score, peers; NaN leaves the corner out
    words    rep, peers (the names of the two), nothing
    """
    if len(rows) < 3:  # two corners make no polygon
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    lines = (("score", words["rep"], tokens.accent, "solid", 2.5), ("peers", words["peers"], tokens.muted, "dot", 1.5))
    for column, name, colour, dash, width in lines:
        values = rows[column].to_numpy(dtype=float)
        if np.isnan(values).all():
            continue
        names = [axes.in_two_lines(name) for name in rows["name"]]  # narrow enough for a telephone
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        figure.add_scatterpolar(
            r=[*values, values[0]],
            theta=[*names, names[0]],
            name=name,
            mode="lines+markers" if column == "score" else "lines",
            line={"color": colour, "dash": dash, "width": width},
            marker={"size": 6},
            fill="toself" if column == "score" else "none",
            fillcolor=f"rgba({red},{green},{blue},0.14)",
            hovertext=[
                f"{name}{BR}{measure} {formats.number(value)}"
                for measure, value in zip([*names, names[0]], [*values, values[0]], strict=True)
            ],
        )
    line = {"gridcolor": tokens.line, "linecolor": tokens.line}
    return figure.update_layout(
        height=400,
        margin={"l": 80, "r": 80, "t": 24, "b": 24},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0.5, "xanchor": "center"},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": line
            | {
                "range": [0, 10],
                "tickvals": [0, 5, 10],
                "tickfont": {"color": tokens.muted, "size": 11},
                "angle": 45,
                "tickangle": 0,
            },
            "angularaxis": line | {"rotation": 90, "direction": "clockwise"},
        },
    )


@kept
def bullet(
    won: float | None,
    target: float | None,
    gone: float,
    *,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """What was won against the quarter's target, and where an even pace would be by now.

    gone    the part of the quarter's days that has passed
    words   won, target, even (the names of the bar and its two marks), axis, nothing
    """
    if won is None or not target:
        return axes.nothing(words["nothing"], tokens, height=120)
    figure = go.Figure()
    figure.add_bar(x=[target], y=[0], orientation="h", width=0.75, marker_color=tokens.surface, hoverinfo="skip")
    figure.add_bar(
        x=[won],
        y=[0],
        orientation="h",
        width=0.34,
        marker_color=tokens.accent,
        hovertext=[f"{words['won']} {formats.money(won)}"],
    )
    for at, name, colour, dash, place in (
        (target, words["target"], tokens.target, "solid", "bottom"),
        (target * gone, words["even"], tokens.muted, "dot", "top"),
    ):
        figure.add_shape(type="line", x0=at, x1=at, y0=-0.42, y1=0.42, line={"color": colour, "width": 2, "dash": dash})
        figure.add_annotation(
            x=at, y=0.5 if place == "bottom" else -0.5, text=name, showarrow=False, yanchor=place, xanchor="right",
            font={"size": 11, "color": tokens.muted},
        )  # fmt: skip
    return figure.update_layout(
        height=170,
        barmode="overlay",
        showlegend=False,
        xaxis=axes.money([won, target], words["axis"], formats, room=0.06),
        yaxis={"visible": False, "range": [-0.85, 0.85]},
    )


@kept
def stages(counts: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Open deals by stage, those stalled or overdue apart.

    counts   stage, name (what is written), fine, at_risk; the first row on top
    words    fine, at_risk, axis, nothing
    clicks   customdata [pipeline, stage]
    """
    if counts.empty:
        return axes.nothing(words["nothing"], tokens)
    at, figure = np.arange(len(counts)), go.Figure()
    for column, colour in (("fine", tokens.open), ("at_risk", tokens.warning)):
        figure.add_bar(
            x=counts[column].to_numpy(dtype=float),
            y=at,
            orientation="h",
            width=0.42,
            name=words[column],
            marker_color=colour,
            customdata=counts[["pipeline", "stage"]].to_numpy().tolist(),
            hovertext=[
                f"{name}{BR}{words[column]} {formats.count(n)}"
                for name, n in zip(counts["name"], counts[column], strict=True)
            ],
        )
    axes.write_above(figure, list(counts["name"]), list(counts["told"]), tokens)
    return figure.update_layout(
        height=110 + axes.ROW_HEIGHT * len(counts),
        barmode="stack",
        xaxis=axes.counts(counts["fine"] + counts["at_risk"], words["axis"], formats),
        yaxis=axes.named_rows(len(counts)),
        legend={"traceorder": "normal"},
    )


@kept
def calendar(days: pd.DataFrame, *, words: Mapping[str, Any], formats, tokens: style.Tokens) -> go.Figure:
    """Completed activities, a column per week and a row per weekday, one hue: the darker, the more.

    days     day, completed
    words    weekdays (seven short names), activities (with {n}), nothing
    clicks   customdata [ISO day]
    """
    if not days["completed"].sum():
        return axes.nothing(words["nothing"], tokens)
    moments = days["day"].dt
    first = days["day"].min()
    week = ((days["day"] - first).dt.days + first.weekday()) // 7
    most = int(days["completed"].max())
    grid = np.full((7, int(week.max()) + 1), np.nan)
    grid[moments.day_of_week.to_numpy(), week.to_numpy()] = days["completed"].to_numpy(dtype=float)
    figure = go.Figure(
        go.Heatmap(
            z=grid, zmin=0, zmax=most, xgap=2, ygap=2, showscale=False, hoverinfo="skip",
            colorscale=[[0, tokens.surface], [1, tokens.accent]],
        )
    )  # fmt: skip
    axes.over_cells(
        figure,
        week,
        moments.day_of_week,
        customdata=[[day.date().isoformat()] for day in days["day"]],
        hovertext=[
            f"{formats.date(row.day)}{BR}{words['activities'].format(n=formats.count(row.completed))}"
            for row in days.itertuples(index=False)
        ],
    )
    mondays = [first + pd.Timedelta(days=7 * number) for number in range(int(week.max()) + 1)]
    shown = [at for at, day in enumerate(mondays) if at % 4 == 0]
    return figure.update_layout(
        height=230,
        xaxis={
            "tickvals": shown,
            "ticktext": [formats.day(mondays[at]) for at in shown],
            "tickangle": 0,
            "range": [-0.5, len(mondays) - 0.5],
        },
        yaxis={
            "tickvals": list(range(7)),
            "ticktext": list(words["weekdays"]),
            "range": [6.5, -0.5],
            "showgrid": False,
        },
    )


@kept
def attained(quarters: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Attainment by fiscal quarter, with 100 % as the line to reach; the running quarter's bar is hatched.

    quarters   quarter (its first day), attainment (NaN: no data), is_partial
    words      target (the line), so_far, axis, nothing
    """
    values = quarters["attainment"].to_numpy(dtype=float)
    if not len(values) or np.isnan(values).all():
        return axes.nothing(words["nothing"], tokens)
    at = np.arange(len(values))
    months = axes.months(quarters["quarter"], formats)
    names = [
        f"{month}{BR}{words['so_far']}" if partial else month
        for month, partial in zip(months, quarters["is_partial"], strict=True)
    ]
    hatching = style.waiting(tokens) | {"shape": np.where(quarters["is_partial"], "/", "").tolist()}
    figure = go.Figure()
    figure.add_bar(
        x=at,
        y=values,
        marker={"color": tokens.accent, "pattern": hatching},
        text=[formats.share(round(value, 2)) for value in values],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        hovertext=[f"{name}{BR}{formats.share(value)}" for name, value in zip(names, values, strict=True)],
        showlegend=False,
    )
    figure.add_hline(y=1, line={"color": tokens.target, "width": 1.5, "dash": "dot"})
    top = max(float(np.nanmax(values)), 1.0)
    ticks = axes.ticks(0.0, top)
    return figure.update_layout(
        height=300,
        uniformtext={"minsize": 10, "mode": "show"},
        xaxis={"tickvals": at, "ticktext": names, "tickangle": 0},
        yaxis={
            "title": {"text": words["axis"]},
            "tickvals": ticks,
            "ticktext": [formats.share(tick) for tick in ticks],
            "range": [0, top * 1.15],
        },
    )
