"""What deals are worth soon and later, how they opened, and why they were lost."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold

_MOST_NAMED = 6  # deals named when a point is hovered
_MOST_COLUMNS = 8  # of the matrix: the names of more would overlap
# Where each quadrant's name stands: the corner of the plot, by (short, long).
_CORNERS = {"both": (10, 10), "short": (10, 0), "long": (0, 10), "neither": (0, 0)}


@kept
def value(
    points: pd.DataFrame,
    cuts: Mapping[str, float],
    counts: Mapping[str, int],
    *,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """Short-term against long-term value, 0–10, cut into four; a point's size is its number of deals.

    points   short_term, long_term, deals, names (of the deals there)
    counts   deals per quadrant
    words    short_term, long_term (axes), both, short, long, neither, more (with {n}), nothing
    clicks   customdata ["point", short_term, long_term] or ["quadrant", name]
    """
    if points.empty:
        return axes.nothing(words["nothing"], tokens)
    figure = go.Figure()
    figure.add_scatter(
        x=points["short_term"],
        y=points["long_term"],
        mode="markers",
        marker={
            "size": points["deals"].astype(float),
            "sizemode": "area",
            "sizeref": 2 * max(float(points["deals"].max()), 6.0) / 26**2,
            "sizemin": 4,
            "color": tokens.open,
            "opacity": 0.75,
            "line": {"width": 1, "color": tokens.background},
        },
        customdata=[["point", one.short_term, one.long_term] for one in points.itertuples()],
        hovertext=[_named(one, words, formats) for one in points.itertuples()],
        showlegend=False,
    )
    corners = {name: (9.6 if x else 0.4, 9.7 if y else 0.3) for name, (x, y) in _CORNERS.items()}
    figure.add_scatter(
        x=[x for x, _y in corners.values()],
        y=[y for _x, y in corners.values()],
        mode="markers+text",
        marker={"symbol": "square", "size": 22, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        text=[f"{bold(words[name])} {formats.count(counts.get(name, 0))}" for name in corners],
        textposition=["middle left" if x else "middle right" for x, _y in _CORNERS.values()],
        textfont={"color": tokens.accent, "size": 12},
        customdata=[["quadrant", name] for name in corners],
        hovertext=[words[name] for name in corners],
        cliponaxis=False,
        showlegend=False,
    )
    line = {"color": tokens.target, "width": 1, "dash": "dash"}
    figure.add_vline(x=cuts["short_term"], line=line)
    figure.add_hline(y=cuts["long_term"], line=line)
    axis = {"range": [-0.3, 10.3], "tickvals": [0, 2, 4, 6, 8, 10], "showgrid": True, "zeroline": False}
    return figure.update_layout(
        height=420,
        xaxis=axis | {"title": {"text": words["short_term"]}},
        yaxis=axis | {"title": {"text": words["long_term"]}},
    )


def _named(point, words: Mapping[str, str], formats) -> str:
    """What hovering a point says: its values, and its largest deals."""
    lines = [
        f"{words['short_term']} {formats.number(point.short_term)}",
        f"{words['long_term']} {formats.number(point.long_term)}",
        *point.names[:_MOST_NAMED],
    ]
    if len(point.names) > _MOST_NAMED:
        lines.append(words["more"].format(n=formats.count(len(point.names) - _MOST_NAMED)))
    return BR.join(lines)


@kept
def tiles(cells: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """The opening grid: territory down, position across, a tile per pair with what to do, what is open and how often
    such deals were won.

    cells    one row per pair, in rows of three: territory, position, opening, deals, amount, and in words advice (what
             to do) and past (how often such deals were won)
    words    a name per territory and position; open (around {n})
    clicks   customdata [territory, position]
    """
    rows, columns = list(dict.fromkeys(cells["territory"])), list(dict.fromkeys(cells["position"]))
    colours = {"normal": tokens.surface, "problem": style.faint(tokens.warning, 0.28)}
    colours["abnormal"] = style.faint(tokens.overload, 0.24)
    figure = go.Figure()
    for cell in cells.itertuples():
        x, y = columns.index(cell.position), rows.index(cell.territory)
        figure.add_shape(
            type="rect", x0=x - 0.48, x1=x + 0.48, y0=y - 0.47, y1=y + 0.47, layer="below",
            fillcolor=colours[cell.opening], line={"color": tokens.line, "width": 1},
        )  # fmt: skip
        lines = (
            bold(axes.in_two_lines(cell.advice)),
            words["open"].format(n=formats.count(cell.deals)),
            formats.money(cell.amount),
            axes.in_two_lines(cell.past),
        )
        figure.add_annotation(x=x, y=y, text=BR.join(lines), showarrow=False, font={"size": 11}, align="center")
    axes.over_cells(
        figure,
        [columns.index(one) for one in cells["position"]],
        [rows.index(one) for one in cells["territory"]],
        customdata=cells[["territory", "position"]].to_numpy().tolist(),
        hovertext=cells["advice"],
    )
    hidden = {"showgrid": False, "zeroline": False, "showline": False, "tickangle": 0}
    return figure.update_layout(
        height=420,
        xaxis=hidden
        | {"tickvals": [0, 1, 2], "ticktext": [words[one] for one in columns], "side": "top", "range": [-0.5, 2.5]},
        yaxis=hidden
        | {"tickvals": [0, 1, 2], "ticktext": [axes.in_two_lines(words[one]) for one in rows], "range": [2.5, -0.5]},
    )


@kept
def reasons(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Lost deals by reason: the two that matter first, and darker.

    rows     loss_reason, name, deals, amount, share
    words    first: the reasons that matter (names separated by spaces), axis, nothing
    clicks   customdata [loss_reason]
    """
    if rows.empty:
        return axes.nothing(words["nothing"], tokens)
    first = words["first"].split()
    told = [
        f"{formats.count(one.deals)} · {formats.share(one.share)} · {formats.money(one.amount)}"
        for one in rows.itertuples()
    ]
    figure = go.Figure(
        go.Bar(
            x=rows["deals"].astype(float),
            y=list(range(len(rows))),
            orientation="h",
            width=0.42,
            marker={"color": [tokens.lost if one in first else tokens.context for one in rows["loss_reason"]]},
            customdata=[[one] for one in rows["loss_reason"]],
            hovertext=[f"{name}{BR}{text}" for name, text in zip(rows["name"], told, strict=True)],
        )
    )
    axes.write_above(figure, list(rows["name"]), told, tokens)
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * len(rows),
        xaxis=axes.counts(rows["deals"], words["axis"], formats),
        yaxis=axes.named_rows(len(rows)),
    )


@kept
def matrix(cells: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Where, or to whom, deals are lost for which reason: the share of the column's losses, the count written.

    cells    by (key, NaN: none), name (of it), reason (name), loss_reason, deals, of, share; in order
    words    nothing
    clicks   customdata [by, loss_reason]
    """
    if cells.empty:
        return axes.nothing(words["nothing"], tokens)
    columns = list(dict.fromkeys(cells["name"]))[:_MOST_COLUMNS]
    cells = cells[cells["name"].isin(columns)]
    place = cells.drop_duplicates("reason").set_index("reason")["place"].sort_values()
    rows = list(place.index)
    figure = go.Figure(
        go.Heatmap(
            x=[columns.index(one) for one in cells["name"]],
            y=[rows.index(one) for one in cells["reason"]],
            z=cells["share"],
            text=[formats.count(one) for one in cells["deals"]],
            texttemplate="%{text}",
            colorscale=[[0, tokens.surface], [1, tokens.lost]],
            zmin=0,
            zmax=max(0.5, float(cells["share"].max())),
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    axes.over_cells(
        figure,
        [columns.index(one) for one in cells["name"]],
        [rows.index(one) for one in cells["reason"]],
        customdata=[[None if pd.isna(one.by) else one.by, one.loss_reason] for one in cells.itertuples()],
        hovertext=[
            f"{one.name}{BR}{one.reason} {formats.count(one.deals)}/{formats.count(one.of)}"
            for one in cells.itertuples()
        ],
    )
    totals = cells.drop_duplicates("name").set_index("name")["of"]
    hidden = {"showgrid": False, "zeroline": False, "showline": False, "tickangle": 0}
    return figure.update_layout(
        height=90 + 38 * len(rows),
        xaxis=hidden
        | {
            "tickvals": list(range(len(columns))),
            "ticktext": [f"{axes.in_two_lines(one)}{BR}{formats.count(totals[one])}" for one in columns],
            "side": "top",
            "range": [-0.5, len(columns) - 0.5],
        },
        yaxis=hidden | {"tickvals": list(range(len(rows))), "ticktext": rows, "range": [len(rows) - 0.5, -0.5]},
    )
