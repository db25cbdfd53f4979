"""What a team does and achieves: who was active when, plans kept, activity beside results, how newcomers start."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import bold, in_lines

ROW = 19  # pixels of a row of the heat map: its name can still be read
_LONGEST_NAME = 22
_ROOM_OF_A_DAY = 0.2  # of the width of the heat map on a telephone


@kept
def heat(
    cells: pd.DataFrame,
    rows: Sequence[tuple[str | None, str]],
    weeks: Sequence[pd.Timestamp],
    *,
    most: float,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """Completed activities by row and week, one hue.

    cells    one row per key and week with any: key, week, completed
    rows     what stands in each row, from the top: (key, name); a heading has no key
    weeks    all Mondays, also those in which nobody did anything
    most     the count of the darkest cell: the same for every page of rows
    words    cell (around {row}, {week}, {n}), axis, nothing
    clicks   customdata [key, Monday as ISO date]
    """
    places = {key: place for place, (key, _name) in enumerate(rows) if key is not None}
    if not places or not len(weeks):
        return axes.nothing(words["nothing"], tokens)
    columns = {week: place for place, week in enumerate(weeks)}
    inside = cells[cells["key"].isin(list(places)) & cells["week"].isin(list(columns))]
    at_row, at_week = inside["key"].map(places).to_numpy(int), inside["week"].map(columns).to_numpy(int)
    grid = np.full((len(rows), len(weeks)), np.nan)
    grid[list(places.values()), :] = 0
    grid[at_row, at_week] = inside["completed"].to_numpy(float)
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=np.arange(len(weeks)),
            y=np.arange(len(rows)),
            colorscale=[[0, tokens.surface], [1, tokens.accent]],
            zmin=0,
            zmax=max(most, 1),
            showscale=False,
            xgap=1,
            ygap=1,
            hoverinfo="skip",
        )
    )
    names = dict(rows)
    axes.over_cells(
        figure,
        at_week,
        at_row,
        customdata=[[key, str(week.date())] for key, week in zip(inside["key"], inside["week"], strict=True)],
        hovertext=[
            in_lines(words["cell"]).format(
                row=names[one.key], week=formats.day(one.week), n=formats.count(one.completed)
            )
            for one in inside.itertuples()
        ],
    )
    return _by_week(figure, rows, weeks, words["axis"], formats)


def _by_week(figure: go.Figure, rows, weeks, axis: str, formats) -> go.Figure:
    """Rows from the top, headings bold; the weeks that begin a month named."""
    firsts = [place for place, week in enumerate(weeks) if place == 0 or week.month != weeks[place - 1].month]
    if len(firsts) > 1 and firsts[1] < _ROOM_OF_A_DAY * len(weeks):  # the first month has hardly begun
        firsts = firsts[1:]
    named = firsts[:1]
    for place in firsts[1:]:
        if place - named[-1] >= _ROOM_OF_A_DAY * len(weeks):
            named.append(place)
    return figure.update_layout(
        height=70 + ROW * len(rows),
        xaxis={
            "title": {"text": axis},
            "tickvals": named,
            "ticktext": [formats.day(weeks[place]) for place in named],
            "tickangle": 0,
            "side": "top",
            "showline": False,
            "zeroline": False,
            "range": [-0.5, len(weeks) - 0.5],
        },
        yaxis={
            "tickvals": np.arange(len(rows)),
            "ticktext": [bold(_short(name)) if key is None else _short(name) for key, name in rows],
            "tickfont": {"size": 11},
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


@kept
def sorts(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """How many activities of each sort, in the given order.

    rows     key, name, completed, share (0–1)
    words    axis, nothing
    clicks   customdata [key]
    """
    if rows.empty or not rows["completed"].sum():
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure(
        go.Bar(
            x=rows["completed"],
            y=np.arange(len(rows)),
            orientation="h",
            marker={"color": tokens.accent},
            customdata=[[key] for key in rows["key"]],
            hovertext=[f"{one.name}: {formats.count(one.completed)}" for one in rows.itertuples(index=False)],
            width=0.42,
        )
    )
    told = [f"{formats.count(one.completed)} · {formats.share(one.share)}" for one in rows.itertuples(index=False)]
    axes.write_above(figure, list(rows["name"]), told, tokens)
    return figure.update_layout(
        height=40 + axes.ROW_HEIGHT * len(rows),
        xaxis=axes.counts(rows["completed"], words["axis"], formats),
        yaxis=axes.named_rows(len(rows)),
    )


@kept
def plans(groups: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """What became of the planned activities of each group: on time, late, overdue.

    groups   name, planned, planned_done_on_time, planned_done_late, planned_overdue, on_time_share
    words    on_time, late, overdue, axis, nothing
    clicks   customdata [row, state]
    """
    groups = groups[groups["planned"] > 0].reset_index()
    if groups.empty:
        return axes.nothing(words["nothing"], tokens)
    colours = {"on_time": tokens.won, "late": tokens.warning, "overdue": tokens.overload}
    columns = {"on_time": "planned_done_on_time", "late": "planned_done_late", "overdue": "planned_overdue"}
    figure = go.Figure()
    for state, column in columns.items():
        figure.add_bar(
            x=groups[column],
            y=np.arange(len(groups)),
            orientation="h",
            name=words[state],
            marker={"color": colours[state]},
            customdata=[[int(row), state] for row in groups["index"]],
            hovertext=[
                f"{name} · {words[state]}: {formats.count(n)}"
                for name, n in zip(groups["name"], groups[column], strict=True)
            ],
            width=0.42,
        )
    told = [
        f"{formats.share(one.on_time_share, one.planned)} {words['on_time']} · {formats.count(one.planned)}"
        for one in groups.itertuples(index=False)
    ]
    axes.write_above(figure, list(groups["name"]), told, tokens)
    return figure.update_layout(
        barmode="stack",
        height=90 + axes.ROW_HEIGHT * len(groups),
        xaxis=axes.counts(groups["planned"], words["axis"], formats),
        yaxis=axes.named_rows(len(groups)),
        legend={"traceorder": "normal"},
    )


@kept
def beside(points: pd.DataFrame, *, x: dict, y: dict, words: Mapping[str, str], tokens: style.Tokens) -> go.Figure:
    """One measure beside another, a point per rep; no line through them, since none is claimed.

    points   key, x, y, told (what the hover says)
    x, y     the axes
    words    nothing
    clicks   customdata [key]
    """
    if points.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure(
        go.Scatter(
            x=points["x"],
            y=points["y"],
            mode="markers",
            marker={"color": tokens.accent, "size": 9, "opacity": 0.65, "line": {"width": 0}},
            customdata=[[key] for key in points["key"]],
            hovertext=points["told"],
        )
    )
    return figure.update_layout(height=340, xaxis=x, yaxis=y, showlegend=False)


@kept
def ramps(curves: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """How much the newcomers of each year have won since they came, per head; the latest year in front.

    curves   cohort, month, reps, cumulative
    words    months, axis, end (around {cohort}, {n}), nothing
    """
    if curves.empty:
        return axes.nothing(words["nothing"], tokens)
    figure, cohorts = go.Figure(), sorted(curves["cohort"].unique())
    for cohort in cohorts:
        own = curves[curves["cohort"] == cohort]
        is_latest = cohort == cohorts[-1]
        end, colour = own.iloc[-1], tokens.accent if is_latest else tokens.context
        figure.add_scatter(
            x=own["month"],
            y=own["cumulative"],
            mode="lines+markers" if len(own) == 1 else "lines",
            line={"color": colour, "width": 2.5 if is_latest else 1.5},
            hovertext=[
                in_lines(words["point"]).format(
                    cohort=cohort, month=one.month, won=formats.money(one.cumulative), n=formats.count(one.reps)
                )
                for one in own.itertuples(index=False)
            ],
        )
        figure.add_annotation(
            x=end["month"], y=end["cumulative"], showarrow=False, xanchor="left", xshift=5,
            text=words["end"].format(cohort=cohort, n=formats.count(own["reps"].iloc[0])),
            font={"color": tokens.accent if is_latest else tokens.muted, "size": 12},
        )  # fmt: skip
    longest = float(curves["month"].max()) or 1.0
    return figure.update_layout(
        height=340,
        showlegend=False,
        xaxis={
            "title": {"text": words["months"]},
            "tickvals": axes.ticks(0, longest, about=6, whole=True),
            "range": [0, longest * 1.22 + 0.5],
        },
        yaxis=axes.money(curves["cumulative"], words["axis"], formats, room=0.1),
    )
