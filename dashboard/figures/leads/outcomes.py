"""What becomes of leads, by source and by month of creation; what is left to nurture; the scissors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold


@kept
def conversion(
    groups: pd.DataFrame, *, mark: float, words: Mapping[str, str], formats, tokens: style.Tokens
) -> go.Figure:
    """A dot per group with its 80 % interval, the best on top; hollow where the cohort is immature. A line at the mark.

    groups   one row per group with leads: key (a list), label, conversion (0–1), low, high, leads,
             converted, is_immature
    mark     the share that is usual
    words    axis, mark (around {share}), of (around {converted} and {leads}), immature, nothing
    clicks   customdata key
    """
    rows = groups[groups["leads"] > 0].sort_values(["conversion", "leads"])
    if rows.empty:
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(rows))
    told = [
        words["of"].format(converted=formats.count(row.converted), leads=formats.count(row.leads))
        for row in rows.itertuples()
    ]
    hover = [
        f"{row.label}{BR}{formats.share(row.conversion, row.leads)} · {text}"
        + (f"{BR}{words['immature']}" if row.is_immature else "")
        for row, text in zip(rows.itertuples(), told, strict=True)
    ]
    immature = rows["is_immature"].to_numpy(dtype=bool)
    figure = go.Figure(
        go.Scatter(
            x=rows["conversion"].to_numpy(dtype=float),
            y=position,
            mode="markers",
            marker={
                "size": 11,
                "color": np.where(immature, tokens.background, tokens.accent),
                "line": {"color": tokens.accent, "width": 2},
            },
            error_x={
                "array": (rows["high"] - rows["conversion"]).to_numpy(dtype=float),
                "arrayminus": (rows["conversion"] - rows["low"]).to_numpy(dtype=float),
                "color": tokens.context,
                "thickness": 2,
                "width": 0,
            },
            customdata=list(rows["key"]),
            hovertext=hover,
        )
    )
    figure.add_vline(x=mark, line={"color": tokens.muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=mark, y=1, yref="paper", yanchor="bottom", showarrow=False, font={"color": tokens.muted, "size": 12},
        text=words["mark"].format(share=formats.share(mark)),
    )  # fmt: skip
    axes.write_above(figure, list(rows["label"]), told, tokens)
    top = max(float(rows["high"].max()), mark) * 1.08
    return figure.update_layout(
        height=80 + axes.ROW_HEIGHT * len(rows),
        margin={"t": 26},
        xaxis=_shares(top, words["axis"], formats) | {"range": [-0.02 * top, top]},
        yaxis={"range": [-0.6, len(rows) - 0.2], "showticklabels": False, "showgrid": False, "zeroline": False},
    )


@kept
def cohorts(months: pd.DataFrame, *, mark: float, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The share of each month's leads that became a deal, and the part of it that is won; immature months are hatched.

    months   one row per month, in order: month (datetime), leads, converted, won, conversion, won_share, is_immature,
             undecided_share
    mark     the share that is usual
    words    axis, converted, won, mark (around {share}), undecided (around {share}), nothing
    clicks   customdata [month as YYYY-MM-DD, "converted" | "won"]
    """
    if months.empty:
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(months))
    pattern = style.waiting(tokens) | {"shape": np.where(months["is_immature"], "/", "")}
    figure = go.Figure()
    for key, share, colour, width in (
        ("converted", "conversion", tokens.open, 0.72),
        ("won", "won_share", tokens.won, 0.36),
    ):
        figure.add_bar(
            x=position,
            y=months[share].to_numpy(dtype=float),
            width=width,
            name=words[key],
            marker={"color": colour, "pattern": pattern},
            customdata=[[f"{month:%Y-%m-%d}", key] for month in months["month"]],
            hovertext=[
                f"{formats.month(row.month)}{BR}{words[key]} {formats.count(getattr(row, key))} / "
                f"{formats.count(row.leads)}{BR}{words['undecided'].format(share=formats.share(row.undecided_share))}"
                for row in months.itertuples()
            ],
        )
    figure.add_hline(y=mark, line={"color": tokens.muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", y=mark, yanchor="bottom", showarrow=False,
        font={"color": tokens.muted, "size": 12}, text=words["mark"].format(share=formats.share(mark)),
        bgcolor=tokens.background,
    )  # fmt: skip
    top = max(float(months["conversion"].max()), mark) * 1.2
    labels = axes.months(months["month"], formats)
    ticks = _shares(top, words["axis"], formats)
    return figure.update_layout(
        height=330,
        barmode="overlay",
        legend={"traceorder": "normal"},
        xaxis={"tickvals": position, "ticktext": labels, "tickangle": 0, "range": [-0.6, len(months) - 0.4]},
        yaxis=ticks | {"range": [0, top]},
    )


@kept
def nurture(bands: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The undecided leads by age, the further along the darker; what past leads of that age still became, above.

    bands    one row per age: label, from_days, to_days (None: no end), sql, mql, raw, leads, later_share
    words    sql, mql, raw, axis, later (around {share}), nothing
    clicks   customdata [from_days, to_days (or None), "sql" | "mql" | "raw"]
    """
    if not bands["leads"].sum():
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(bands))
    figure = go.Figure()
    for status, colour in (("sql", tokens.accent), ("mql", tokens.open), ("raw", tokens.undecided)):
        figure.add_bar(
            x=bands[status].to_numpy(dtype=float),
            y=position,
            orientation="h",
            width=0.4,
            name=words[status],
            marker={"color": colour},
            customdata=[
                [row.from_days, None if pd.isna(row.to_days) else row.to_days, status] for row in bands.itertuples()
            ],
            hovertext=[
                f"{row.label}{BR}{words[status]} {formats.count(getattr(row, status))}" for row in bands.itertuples()
            ],
        )
    told = [
        f"{bold(formats.count(row.leads))} · {words['later'].format(share=formats.share(row.later_share))}"
        for row in bands.itertuples()
    ]
    axes.write_above(figure, list(bands["label"]), told, tokens)
    return figure.update_layout(
        height=100 + axes.ROW_HEIGHT * len(bands),
        barmode="stack",
        legend={"traceorder": "normal"},
        xaxis=axes.counts(bands["leads"], words["axis"], formats),
        yaxis=axes.named_rows(len(bands)),
    )


@kept
def scissors(periods: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Cost, revenue and margin of period after period, 100 in the first; the periods of an alarm are shaded.

    periods   one row per period, in order: end (datetime), cost_index, revenue_index, margin_index, is_faster,
              cost, revenue, margin (base currency units); in_alarm: of the latest ones running
    words     cost, revenue, margin, axis, nothing
    """
    if len(periods) < 2:
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(periods))
    figure = go.Figure()
    lines = (("revenue", tokens.context, 1.5), ("margin", tokens.won, 2.5), ("cost", tokens.overload, 2.5))
    for name, colour, width in lines:
        index = periods[f"{name}_index"].to_numpy(dtype=float)
        figure.add_scatter(
            x=position,
            y=index,
            mode="lines+markers",
            name=words[name],
            line={"color": colour, "width": width},
            marker={"size": 6},
            hovertext=[
                f"{formats.month(end)}{BR}{words[name]} {formats.money(value)} ({formats.number(i)})"
                for end, value, i in zip(periods["end"], periods[name], index, strict=True)
            ],
        )
    running = np.flatnonzero(periods["in_alarm"].to_numpy(dtype=bool))
    if running.size:
        figure.add_vrect(
            x0=running[0] - 1, x1=running[-1] + 0.15, line={"width": 0}, fillcolor=tokens.overload, opacity=0.08
        )
    _name_ends(figure, periods, lines, words, formats)
    values = periods[["cost_index", "revenue_index", "margin_index"]].to_numpy(dtype=float)
    low, high = min(np.nanmin(values), 100), max(np.nanmax(values), 100)
    room = 0.12 * (high - low or 1)
    return figure.update_layout(
        height=330,
        showlegend=False,
        margin={"r": 130},
        xaxis={
            "tickvals": position,
            "ticktext": [
                f"{formats.month_alone(end)}{BR}{end:%Y}" if has_year else formats.month_alone(end)
                for end, has_year in zip(periods["end"], _first_of_years(periods["end"]), strict=True)
            ],
            "tickangle": 0,
            "range": [-0.3, len(periods) - 0.8],
        },
        yaxis={"title": {"text": words["axis"]}, "range": [low - room, high + room]},
    )


def _name_ends(
    figure: go.Figure, periods: pd.DataFrame, lines: tuple, words: Mapping[str, str], formats, apart=0.07
) -> None:
    """Each line's name and latest value at its end, moved apart where two ends lie close."""
    values = periods[[f"{name}_index" for name, _, _ in lines]].to_numpy(dtype=float)
    least = apart * (np.nanmax(values) - np.nanmin(values) or 1)
    ends = sorted((float(periods[f"{name}_index"].iloc[-1]), name, colour) for name, colour, _ in lines)
    at = -np.inf
    for value, name, colour in ends:
        if np.isnan(value):
            continue
        at = max(value, at + least)
        figure.add_annotation(
            x=len(periods) - 1, y=at, text=f"{words[name]} {formats.number(value, 0)}", showarrow=False,
            xanchor="left", xshift=10, font={"color": colour, "size": 12},
        )  # fmt: skip


def _first_of_years(ends: pd.Series) -> pd.Series:
    """Which ends carry the year: the first of each; the very first not, where the next would stand against it."""
    first = ends.dt.year.ne(ends.dt.year.shift())
    return first & ~(first.shift(-1, fill_value=False) & (first.index == first.index[0]))


def _shares(top: float, title: str, formats) -> dict:
    at = axes.ticks(0, top)
    return {
        "title": {"text": title},
        "tickvals": at,
        "ticktext": [formats.share(value) for value in at],
        "tickangle": 0,
        "showgrid": True,
        "zeroline": True,
    }
