"""Who is booked how much, what the coming weeks hold, and whether support follows worth."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, in_lines

_MOST_WRITTEN = 16  # weeks across which a number still fits into a cell
_MOST_NAMED = 5  # weeks; the names of more overlap on a telephone
_MOST_OF_ONE_SIZE = 6  # of more, the text is left to shrink with the cells, down to a telephone's
_LEVELS = ("below", "healthy", "full", "overload")


def level(utilisation, edges: Sequence[float]) -> np.ndarray:
    """0 below the healthy band, 1 in it, 2 above it, 3 overload; NaN without hours. Edges: of the band, and full."""
    values, (low, high, full) = np.asarray(utilisation, dtype=float), edges
    levels = np.select([values < low, values <= high, values <= full], [0.0, 1.0, 2.0], 3.0)
    return np.where(np.isnan(values), np.nan, levels)


def level_colours(tokens: style.Tokens) -> tuple[str, ...]:
    return tokens.undecided, tokens.won, tokens.warning, tokens.overload


@kept
def heat(
    weeks: pd.DataFrame,
    names: Sequence[str],
    *,
    now,
    edges: Sequence[float],
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """A row per person or group, a column per week, coloured by the band its utilisation lies in.

    weeks    one row per row and week, complete and in order: row (position), week, available_hours, booked_hours,
             utilisation (NaN without hours; booked all the same it is overload)
    names    of the rows, from the top
    now      the as-of date: weeks after it stand behind a line
    edges    of the levels, see `level`
    words    below, healthy, full, overload (the levels), cell (around {name}, {week}, {booked}, {available}, {share})
    clicks   customdata [row, week as YYYY-MM-DD]
    """
    columns = sorted(weeks["week"].unique())
    share = weeks["utilisation"].where(weeks["utilisation"].notna() | (weeks["booked_hours"] <= 0), np.inf)
    shape = (len(names), len(columns))
    levels = level(share, edges).reshape(shape)
    is_written = len(columns) <= _MOST_WRITTEN
    written = np.where(np.isinf(share), "!", [formats.number(100 * value, 0) for value in weeks["utilisation"]])
    colours = level_colours(tokens)
    scale = [[edge / 4, colours[number]] for number in range(4) for edge in (number, number + 1)]
    figure = go.Figure(
        go.Heatmap(
            z=levels, x=np.arange(len(columns)), y=np.arange(len(names)), zmin=-0.5, zmax=3.5, colorscale=scale,
            showscale=False, xgap=2, ygap=2, hoverinfo="skip", hoverongaps=False,
            text=np.where(np.isnan(levels), "", written.reshape(shape)) if is_written else None,
            texttemplate="%{text}" if is_written else None,
            textfont={"size": 11} if len(columns) <= _MOST_OF_ONE_SIZE else None,
        )
    )  # fmt: skip
    cells = weeks.assign(share=share)[share.notna()]
    axes.over_cells(
        figure, [columns.index(week) for week in cells["week"]], cells["row"],
        customdata=[[int(row), f"{week:%Y-%m-%d}"] for row, week in zip(cells["row"], cells["week"], strict=True)],
        hovertext=[
            in_lines(words["cell"]).format(
                name=names[cell.row], week=formats.date(cell.week), booked=formats.number(cell.booked_hours),
                available=formats.number(cell.available_hours), share=formats.share(cell.utilisation),
            )
            for cell in cells.itertuples()
        ],
    )  # fmt: skip
    _name_levels(figure, words, colours)
    return _laid_out(figure, columns, names, pd.Timestamp(now), formats, tokens)


def _name_levels(figure: go.Figure, words: Mapping[str, str], colours: Sequence[str]) -> None:
    """The legend: a square of each level's colour."""
    for name, colour in zip(_LEVELS, colours, strict=True):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=words[name],
            marker={"symbol": "square", "size": 11, "color": colour},
        )  # fmt: skip


def _laid_out(figure, columns: list, names: Sequence[str], now: pd.Timestamp, formats, tokens) -> go.Figure:
    at = np.arange(0, len(columns), max(1, -(-len(columns) // _MOST_NAMED)))
    past = sum(week <= now for week in columns)
    if 0 < past < len(columns):
        figure.add_vline(x=past - 0.5, line={"color": tokens.text, "width": 1.5, "dash": "dot"})
    return figure.update_layout(
        height=110 + 23 * len(names),
        xaxis={
            "tickvals": at, "ticktext": [formats.day(columns[n]) for n in at], "tickangle": 0, "side": "bottom",
            "showline": False, "zeroline": False, "range": [-0.5, len(columns) - 0.5],
        },
        yaxis={
            "tickvals": np.arange(len(names)), "ticktext": list(names), "range": [len(names) - 0.5, -0.5],
            "showgrid": False, "zeroline": False,
        },
        legend={"y": 1.0},
    )  # fmt: skip


@kept
def compared(
    groups: pd.DataFrame, *, edges: Sequence[float], words: Mapping[str, str], formats, tokens: style.Tokens
) -> go.Figure:
    """One bar of utilisation per group, the healthy band behind them, 100 % as a line.

    groups   one row per group, in order: key, name, utilisation, booked_hours, available_hours, people
    edges    of the levels, see `level`
    words    beside (around {share}, {booked}, {available}, {n}), axis, nothing
    clicks   customdata [key]
    """
    if groups.empty:
        return axes.nothing(words["nothing"], tokens)
    share = groups["utilisation"].to_numpy(dtype=float)
    colours = np.array(level_colours(tokens))
    at = np.nan_to_num(level(share, edges)).astype(int)
    texts = [
        words["beside"].format(
            share=formats.share(one.utilisation), booked=formats.number(one.booked_hours, 0),
            available=formats.number(one.available_hours, 0), n=formats.count(one.people),
        )
        for one in groups.itertuples()
    ]  # fmt: skip
    figure = go.Figure(
        go.Bar(
            x=share, y=np.arange(len(groups)), orientation="h", width=0.4, marker={"color": colours[at]},
            customdata=[[key] for key in groups["key"]], hovertext=texts,
        )
    )  # fmt: skip
    axes.write_above(figure, list(groups["name"]), texts, tokens)
    low, high, full = edges
    figure.add_vrect(x0=low, x1=high, fillcolor=tokens.won, opacity=0.12, line_width=0, layer="below")
    figure.add_vline(x=full, line={"color": tokens.overload, "width": 1, "dash": "dot"})
    most = max(1.1, np.nanmax(share, initial=0) * 1.05)
    ticks = np.arange(0, most + 1e-9, 0.25 if most < 2 else 0.5)
    return figure.update_layout(
        height=60 + axes.ROW_HEIGHT * len(groups),
        showlegend=False,
        xaxis={
            "range": [0, most], "tickvals": ticks, "ticktext": [formats.share(tick) for tick in ticks],
            "title": {"text": words["axis"]}, "showgrid": True, "tickangle": 0,
        },
        yaxis=axes.named_rows(len(groups)),
    )  # fmt: skip


@kept
def coming(weeks: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The coming weeks: booked hours, what open requests still ask for upon them (hatched), capacity as a step line.

    weeks    one row per week, in order: week, available_hours, booked_hours, asked_hours
    words    booked, asked, capacity, axis
    clicks   customdata [booked or asked, week as YYYY-MM-DD]
    """
    at = np.arange(len(weeks))
    figure = go.Figure()
    for name, colour, pattern in (("booked", tokens.accent, None), ("asked", tokens.context, style.waiting(tokens))):
        figure.add_bar(
            x=at, y=weeks[f"{name}_hours"], name=words[name], marker={"color": colour, "pattern": pattern},
            customdata=[[name, f"{week:%Y-%m-%d}"] for week in weeks["week"]],
            hovertext=[
                f"{formats.date(one.week)}{BR}{words[name]} {formats.number(getattr(one, f'{name}_hours'))}"
                f"{BR}{words['capacity']} {formats.number(one.available_hours)}"
                for one in weeks.itertuples()
            ],
        )  # fmt: skip
    edges = np.arange(len(weeks) + 1) - 0.5
    figure.add_scatter(
        x=edges, y=np.append(weeks["available_hours"], weeks["available_hours"].iloc[-1]), mode="lines",
        line={"shape": "hv", "color": tokens.target, "width": 1.5}, name=words["capacity"], hoverinfo="skip",
    )  # fmt: skip
    together = weeks["booked_hours"] + weeks["asked_hours"]
    return figure.update_layout(
        barmode="stack",
        height=300,
        xaxis={
            "tickvals": at,
            "ticktext": [formats.day(week).replace(" ", BR) for week in weeks["week"]],
            "tickangle": 0,
        },
        yaxis=axes.counts(np.concatenate([together, weeks["available_hours"]]), words["axis"], formats, room=0.05),
    )


@kept
def against_worth(deals: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """One dot per open deal: worth across (each step ten times the one before), hours so far upwards.

    deals    opportunity_id, deal, worth (above 0), hours, is_unserved (of high worth, without an hour)
    words    served, unserved, worth, hours, nothing
    clicks   customdata [opportunity_id]
    """
    if deals.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    for name, is_unserved, colour in (("served", False, tokens.open), ("unserved", True, tokens.overload)):
        part = deals[deals["is_unserved"] == is_unserved]
        figure.add_scatter(
            x=np.log10(part["worth"].astype(float)), y=part["hours"], mode="markers", name=words[name],
            marker={"color": colour, "size": 9 if is_unserved else 7, "opacity": 0.75,
                    "symbol": "diamond" if is_unserved else "circle", "line": {"width": 0}},
            customdata=[[key] for key in part["opportunity_id"]],
            hovertext=[
                f"{one.deal}{BR}{words['worth']} {formats.money(one.worth)}{BR}"
                f"{words['hours']} {formats.number(one.hours)}"
                for one in part.itertuples()
            ],
        )  # fmt: skip
    worth = np.log10(deals["worth"].astype(float))
    at = np.arange(np.floor(worth.min()), np.ceil(worth.max()) + 1)
    return figure.update_layout(
        height=340,
        xaxis={
            "title": {"text": words["worth"]}, "tickvals": at, "ticktext": [formats.short(10.0**n) for n in at],
            "tickangle": 0, "showgrid": True, "range": [worth.min() - 0.1, worth.max() + 0.1],
        },
        yaxis=axes.counts(deals["hours"], words["hours"], formats, room=0.05) | {"rangemode": "tozero"},
    )  # fmt: skip


@kept
def outcomes(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Hours by what became of the deals.

    rows     one row per outcome, in order: outcome (won, lost, qualified_out, duplicate, open), name, support_hours,
             text (what stands beside the name)
    words    axis, nothing
    """
    colours = {"won": tokens.won, "lost": tokens.lost, "open": tokens.open}
    figure = go.Figure(
        go.Bar(
            x=rows["support_hours"], y=np.arange(len(rows)), orientation="h", width=0.4,
            marker={"color": [colours.get(one, tokens.undecided) for one in rows["outcome"]]},
            hovertext=[f"{one.name}{BR}{one.text}" for one in rows.itertuples(index=False)],
        )
    )  # fmt: skip
    axes.write_above(figure, list(rows["name"]), list(rows["text"]), tokens)
    return figure.update_layout(
        height=60 + axes.ROW_HEIGHT * len(rows),
        showlegend=False,
        xaxis=axes.counts(rows["support_hours"], words["axis"], formats, room=0.05),
        yaxis=axes.named_rows(len(rows)),
    )
