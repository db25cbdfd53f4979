"""One account: closeness over time, contacts by seniority, what it needs and can get, whose its purchases are."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold, in_lines


@kept
def closeness(trend: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Closeness by month's end, its counted and judged half behind it; the running month's point is hollow.

    trend    day, counted, judged, closeness (0–10, empty: a gap), is_partial
    words    closeness, counted, judged, axis, nothing
    """
    lines = (
        ("judged", tokens.muted, "dot", 1.5),
        ("counted", tokens.context, "solid", 1.5),
        ("closeness", tokens.accent, "solid", 2.5),
    )
    if trend[[name for name, *_ in lines]].isna().all(axis=None):
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    months = [formats.month(day) for day in trend["day"]]
    for name, colour, dash, width in lines:
        values = trend[name].to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(values).all():
            continue
        figure.add_scatter(
            x=np.arange(len(trend)),
            y=values,
            mode="lines+markers",
            name=words[name],
            line={"color": colour, "dash": dash, "width": width},
            marker={
                "size": 6,
                "symbol": np.where(trend["is_partial"], "circle-open", "circle"),
            },
            hovertext=[
                f"{words[name]}{BR}{formats.date(day)}: {formats.number(value)}"
                for day, value in zip(trend["day"], values, strict=True)
            ],
        )
    shown = np.arange(len(trend) - 1, -1, -3)[::-1]
    return figure.update_layout(
        height=300,
        xaxis={"tickvals": shown, "ticktext": [months[at] for at in shown], "tickangle": 0},
        yaxis={"range": [0, 10.2], "tickvals": [0, 2, 4, 6, 8, 10], "title": {"text": words["axis"]}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )


@kept
def contacts(levels: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """How many people are known at each level of seniority, and how many of them were reached lately.

    levels   name (of the level), known, reached; the first row on top
    words    known, reached, axis, nothing
    """
    if levels.empty or not levels["known"].sum():
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    at = np.arange(len(levels))
    for name, values, colour in (
        ("reached", levels["reached"], tokens.accent),
        ("known", levels["known"] - levels["reached"], tokens.undecided),
    ):
        figure.add_bar(
            x=values,
            y=at,
            orientation="h",
            name=words[name],
            marker_color=colour,
            hovertext=[
                f"{level}{BR}{words[name]} {formats.count(n)}" for level, n in zip(levels["name"], values, strict=True)
            ],
        )
    return figure.update_layout(
        height=90 + 34 * len(levels),
        barmode="stack",
        xaxis=axes.counts(levels["known"], words["axis"], formats, room=0.05),
        yaxis={
            "tickvals": at,
            "ticktext": levels["name"],
            "autorange": "reversed",
            "showgrid": False,
        },
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )


@kept
def needs(
    grid: pd.DataFrame,
    windows: Sequence[str],
    *,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """Solutions × windows: each tile a need, the darker the wider its gap, with gap, value and capability written.

    grid      window, solution, value, capability, gap, expected
    windows   the keys of the columns in order
    words     a name per window, tile (with {gap}, {value}, {capability}), gap, value, capability, expected, nothing
    """
    if grid.empty:
        return axes.nothing(words["nothing"], tokens)
    solutions = list(grid.groupby("solution")["gap"].sum().sort_values(ascending=False).index)
    widest = float(grid["gap"].max()) or 1.0
    figure = go.Figure()
    for need in grid.itertuples():
        x, y = windows.index(need.window), solutions.index(need.solution)
        strength = 0.10 + 0.62 * need.gap / widest
        figure.add_shape(
            type="rect", x0=x - 0.48, x1=x + 0.48, y0=y - 0.46, y1=y + 0.46, layer="below",
            line={"width": 0}, fillcolor=_tint(tokens.theirs, strength),
        )  # fmt: skip
        figure.add_annotation(
            x=x, y=y, showarrow=False, font={"size": 12},
            text=in_lines(words["tile"]).format(
                gap=bold(formats.short(need.gap)),
                value=formats.short(need.value),
                capability=formats.number(need.capability),
            ),
        )  # fmt: skip
    figure.add_scatter(
        x=[windows.index(window) for window in grid["window"]],
        y=[solutions.index(solution) for solution in grid["solution"]],
        mode="markers",
        marker={"opacity": 0, "size": 40},
        hovertext=[
            f"{need.solution} · {words[need.window]}{BR}{words['value']} {formats.money(need.value)}"
            f"{BR}{words['capability']} {formats.number(need.capability)}"
            f"{BR}{words['gap']} {formats.money(need.gap)}{BR}{words['expected']} {formats.money(need.expected)}"
            for need in grid.itertuples()
        ],
        showlegend=False,
    )
    return figure.update_layout(
        height=60 + 72 * len(solutions),
        xaxis={
            "range": [-0.5, len(windows) - 0.5],
            "tickvals": list(range(len(windows))),
            "ticktext": [words[window] for window in windows],
            "side": "top",
            "zeroline": False,
        },
        yaxis={
            "range": [len(solutions) - 0.5, -0.5],
            "tickvals": list(range(len(solutions))),
            "ticktext": [_two_lines(solution) for solution in solutions],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _tint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:.2f})"


def _two_lines(name: str, most: int = 12) -> str:
    """A long name in two lines, broken at the space nearest its middle."""
    if len(name) <= most or " " not in name:
        return name
    middle = min((at for at, sign in enumerate(name) if sign == " "), key=lambda at: abs(at - len(name) / 2))
    return f"{name[:middle]}{BR}{name[middle + 1 :]}"


@kept
def wallet(years: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """What the account bought by year, ours and the rivals', our share written above.

    years   year, ours, theirs, share, is_partial (drawn hatched)
    words   ours, theirs, so_far, axis, nothing
    """
    if years.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    running = years["is_partial"].to_numpy()
    names = [
        f"{year}{BR}{words['so_far']}" if partial else str(year)
        for year, partial in zip(years["year"], running, strict=True)
    ]
    hatching = style.waiting(tokens) | {"shape": np.where(running, "/", "").tolist()}
    at = np.arange(len(years))  # an axis of years would be read as numbers
    for name, colour in (("ours", tokens.ours), ("theirs", tokens.theirs)):
        figure.add_bar(
            x=at,
            y=years[name],
            name=words[name],
            marker={"color": colour, "pattern": hatching},
            hovertext=[
                f"{year}{BR}{words[name]} {formats.money(value)}"
                for year, value in zip(names, years[name], strict=True)
            ],
        )
    whole = years["ours"] + years["theirs"]
    for x, top, share in zip(at, whole, years["share"], strict=True):
        figure.add_annotation(x=x, y=top, text=bold(formats.share(share)), showarrow=False, yanchor="bottom", yshift=2)
    return figure.update_layout(
        height=300,
        barmode="stack",
        xaxis={"tickvals": at, "ticktext": names},
        yaxis=axes.money(whole, words["axis"], formats, room=0.12),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
