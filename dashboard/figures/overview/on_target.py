"""Are we on target, where, and what moved: the figures of the executive's first page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold


@kept
def won_against_target(months: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Won per month as bars, the target as a step line over them; a month still running is hatched.

    months   one row per month, in order: month (datetime), won_amount, target_amount, is_partial
    words    won, target, so_far, axis (the currency), nothing
    clicks   customdata [month as YYYY-MM-DD]
    """
    if months.empty:
        return axes.nothing(words["nothing"], tokens)
    position = np.arange(len(months))
    won = months["won_amount"].to_numpy(dtype=float)
    target = months["target_amount"].to_numpy(dtype=float)
    names = [formats.month(month) for month in months["month"]]
    partial = months["is_partial"].to_numpy(dtype=bool)
    hatched = style.waiting(tokens) | {"shape": np.where(partial, "/", "")}
    figure = go.Figure(
        go.Bar(
            x=position,
            y=won,
            name=words["won"],
            marker={"color": tokens.won, "pattern": hatched},
            customdata=[[f"{month:%Y-%m-%d}"] for month in months["month"]],
            hovertext=[
                f"{name}{' · ' + words['so_far'] if running else ''}{BR}{words['won']} {formats.money(w)}"
                f"{BR}{words['target']} {formats.money(t)}"
                for name, running, w, t in zip(names, partial, won, target, strict=True)
            ],
        )
    )
    if np.isfinite(target).any():
        _add_target_steps(figure, target, words["target"], tokens)
    # The last month alone is labelled: it is the one being asked about.
    figure.add_annotation(
        x=position[-1], y=won[-1], text=bold(formats.short(won[-1])), showarrow=False, yanchor="bottom",
        font={"size": 12}, bgcolor=tokens.background, borderpad=1,
    )  # fmt: skip
    labels = axes.months(months["month"], formats)
    return figure.update_layout(
        height=220,
        showlegend=False,
        xaxis={"tickvals": position, "ticktext": labels, "tickangle": 0, "range": [-0.6, len(won) - 0.4]},
        yaxis=axes.money(np.concatenate([won, target]), words["axis"], formats, room=0.12),
    )


def _add_target_steps(figure: go.Figure, target: np.ndarray, name: str, tokens: style.Tokens) -> None:
    """Each month's target across the whole width of its bar, named once at the last step."""
    edges = np.arange(len(target) + 1) - 0.5
    figure.add_scatter(
        x=edges,
        y=np.append(target, target[-1]),
        mode="lines",
        line={"shape": "hv", "color": tokens.target, "width": 1.5},
        name=name,
        hoverinfo="skip",
    )
    known = np.flatnonzero(np.isfinite(target))[0]
    figure.add_annotation(
        x=edges[known], y=target[known], text=name, showarrow=False, xanchor="left", yanchor="bottom",
        font={"color": tokens.target, "size": 12}, bgcolor=tokens.background, borderpad=1, yshift=2,
    )  # fmt: skip


@kept
def regions_compared(
    regions: pd.DataFrame,
    *,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
    order: Sequence[str] = ("attainment", "won_amount"),
) -> go.Figure:
    """Bullet bars: won as a narrow bar over the target's wide pale one, the highest of `order` first.

    regions   one row per region or person: key, label, won_amount, target_amount, attainment (0–1), those of `order`
    words     won, target, axis (the currency), nothing
    clicks    customdata [key]
    """
    if regions.empty:
        return axes.nothing(words["nothing"], tokens)
    # Plotly draws the first row at the bottom; regions without a target come last, by what they won.
    rows = regions.sort_values(list(order), na_position="first")
    ends = rows[["won_amount", "target_amount"]].max(axis=1)
    hover = [
        f"{r.label}{BR}{words['won']} {formats.money(r.won_amount)}"
        f"{BR}{words['target']} {formats.money(r.target_amount)}"
        for r in rows.itertuples()
    ]
    shared = {
        "y": np.arange(len(rows)),
        "orientation": "h",
        "customdata": [[key] for key in rows["key"]],
        "hovertext": hover,
    }
    figure = go.Figure(
        [
            go.Bar(x=rows["target_amount"], name=words["target"], width=0.72, **shared),
            go.Bar(x=rows["won_amount"], name=words["won"], width=0.34, **shared),
        ]
    )
    figure.data[0].marker.color = tokens.undecided
    figure.data[1].marker.color = tokens.won
    figure.add_scatter(
        x=rows["target_amount"],
        y=np.arange(len(rows)),
        mode="markers",
        marker={"symbol": "line-ns", "size": 20, "line": {"width": 2, "color": tokens.target}},
        hoverinfo="skip",
        name=words["target"],
    )
    for at, (row, end) in enumerate(zip(rows.itertuples(), ends, strict=True)):
        text = formats.short(row.won_amount)
        if np.isfinite(row.attainment):
            text = f"{bold(formats.share(row.attainment))}  {text}"
        figure.add_annotation(
            x=end if np.isfinite(end) else 0, y=at, text=text, showarrow=False, xanchor="left", xshift=6,
            font={"size": 12},
        )  # fmt: skip
    return figure.update_layout(
        height=70 + 36 * len(rows),
        barmode="overlay",
        showlegend=False,
        xaxis=axes.money(ends, words["axis"], formats, room=0.6),
        yaxis={"tickvals": np.arange(len(rows)), "ticktext": rows["label"], "showgrid": False},
    )


@kept
def moved_most(moves: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """Bars: what a region won, lost, created, with a mark at what it was in the earlier period, coloured by whether the
    difference is better, worse, or neither.

    moves    one row per region and cause: region_id, region, cause, moved, moved_before, difference, effect
    words    a name for every cause (created, won, …), now, before, more and less (than before, around {amount}),
             same, axis, nothing
    clicks   customdata [region_id, cause]
    """
    if moves.empty:
        return axes.nothing(words["nothing"], tokens)
    rows = moves.sort_values("difference", key=np.abs, ascending=False, kind="stable")
    moved, before = (rows[name].to_numpy(dtype=float) for name in ("moved", "moved_before"))
    position = np.arange(len(rows))
    colours = {1: tokens.won, -1: tokens.lost, 0: tokens.context}
    figure = go.Figure(
        go.Bar(
            x=moved,
            y=position,
            orientation="h",
            width=0.4,
            marker_color=[colours[effect] for effect in rows["effect"]],
            customdata=rows[["region_id", "cause"]].to_numpy(dtype=object),
            hovertext=[
                f"{r.region} · {words[r.cause]}{BR}{words['now']} {formats.money(r.moved)}"
                f"{BR}{words['before']} {formats.money(r.moved_before)}"
                for r in rows.itertuples()
            ],
        )
    )
    figure.add_scatter(
        x=before,
        y=position,
        mode="markers",
        marker={"symbol": "line-ns", "size": 14, "line": {"width": 2, "color": tokens.target}},
        hoverinfo="skip",
        name=words["before"],
    )
    names = [f"{r.region} · {words[r.cause]}" for r in rows.itertuples()]
    told = [f"{bold(formats.money(r.moved))}  {against(r.difference, words, formats)}" for r in rows.itertuples()]
    axes.write_above(figure, names, told, tokens)
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * len(rows),
        showlegend=False,
        xaxis=axes.money(np.concatenate([moved, before]), words["axis"], formats),
        yaxis=axes.named_rows(len(rows)),
    )


def against(difference: float, words: Mapping[str, str], formats) -> str:
    """By how much something is more or less than before, in words."""
    if not difference:
        return words["same"]
    return words["more" if difference > 0 else "less"].format(amount=formats.money(abs(difference)))
