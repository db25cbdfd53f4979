"""Where deals stop on their way: the funnel in its readings, its steps, and conversion group by group.

Bars, not a funnel shape: a length is read exactly, a slanted area is not. What a bar stands for is written
above it rather than beside, so that it can be read in full on a telephone.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR, bold

_NESTED = ("strict_path", "reached_at_least")  # each stage's deals are among those of the stage before


@kept
def stages(
    rows: pd.DataFrame,
    totals: Mapping,
    *,
    reading: str,
    words: Mapping[str, str],
    formats,
    tokens: style.Tokens,
) -> go.Figure:
    """One bar per stage of one pipeline and track, won below them, then what was lost and is undecided.

    rows      one row per open stage and one for won, by position: stage, position, and the reading's column
    totals    of the same pipeline and track: created, won, lost, undecided
    reading   in_stage_now, visited, strict_path or reached_at_least
    words     lost, undecided, axis (deals), nothing; of_before and of_all, sentences around {share}
    clicks    customdata [stage]; lost and undecided: ["lost"], ["undecided"] after a None
    """
    if rows.empty:
        return axes.nothing(words["nothing"], tokens)
    count = rows[reading].to_numpy(dtype=float)
    is_won = np.arange(len(rows)) == len(rows) - 1
    passing = tokens.open if reading == "in_stage_now" else tokens.accent
    marks = [
        (stage, number, tokens.won if won else passing, "", [stage])
        for stage, number, won in zip(rows["stage"], count, is_won, strict=True)
    ]
    marks.append((words["lost"], totals["lost"], tokens.lost, "", [None, "lost"]))
    if reading != "in_stage_now":  # there the stages themselves are the undecided
        marks.append((words["undecided"], totals["undecided"], tokens.undecided, "/", [None, "undecided"]))
    numbers = [mark[1] for mark in marks]
    beside = _rates(numbers, len(rows), totals["created"], reading, words, formats)
    names, _, colours, hatching, data = zip(*marks, strict=True)
    figure = go.Figure(
        go.Bar(
            x=numbers,
            y=np.arange(len(marks)),
            orientation="h",
            width=0.4,
            marker={"color": colours, "pattern": style.waiting(tokens) | {"shape": hatching}},
            customdata=[list(item) + [None] * (2 - len(item)) for item in data],
            hovertext=[f"{name}{BR}{formats.count(n)}" for name, n in zip(names, numbers, strict=True)],
        )
    )
    texts = [
        " · ".join([bold(formats.count(n))] + ([rate] if rate else [])) for n, rate in zip(numbers, beside, strict=True)
    ]
    axes.write_above(figure, names, texts, tokens)
    return _laid_out(figure, len(marks), axes.counts(numbers, words["axis"], formats))


def _rates(numbers, stage_count, created, reading: str, words: Mapping[str, str], formats) -> list[str]:
    """What stands beside each number: its share of the stage before and of all, where they mean something.

    Of the stock in a stage now no rate is computed; of the visited only the share of all, since a stage's
    visitors need not have visited the one before. Lost and undecided, after the stages, have no stage before.
    """
    if reading == "in_stage_now":
        return [""] * len(numbers)
    texts = []
    for at, number in enumerate(numbers):
        parts = []
        if reading in _NESTED and 0 < at < stage_count:
            before = numbers[at - 1]
            parts.append(words["of_before"].format(share=formats.share(_ratio(number, before), before)))
        parts.append(words["of_all"].format(share=formats.share(_ratio(number, created), created)))
        texts.append(" · ".join(parts))
    return texts


@kept
def steps(rows: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """One bar per open stage: of the deals that entered it, those advanced, undecided and lost.

    rows     one row per open stage, by position: stage, step_entered, step_advanced, step_undecided
    words    advanced, undecided, lost, axis (deals), nothing; step, a sentence around {advanced} {entered}
             {share} {decided}
    clicks   customdata [stage, "step_advanced" | "step_undecided" | "step_lost"]
    """
    rows = rows[rows["step_entered"].notna()]
    if rows.empty:
        return axes.nothing(words["nothing"], tokens)
    entered, advanced, undecided = (
        rows[column].to_numpy(dtype=float) for column in ("step_entered", "step_advanced", "step_undecided")
    )
    segments = (
        ("advanced", advanced, tokens.accent, ""),
        ("undecided", undecided, tokens.undecided, "/"),
        ("lost", entered - advanced - undecided, tokens.lost, ""),
    )
    figure = go.Figure(
        [
            go.Bar(
                x=numbers,
                y=np.arange(len(rows)),
                orientation="h",
                width=0.4,
                name=words[key],
                marker={"color": colour, "pattern": style.waiting(tokens) | {"shape": shape}},
                customdata=[[stage, f"step_{key}"] for stage in rows["stage"]],
                hovertext=[
                    f"{stage}{BR}{words[key]} {formats.count(n)}"
                    for stage, n in zip(rows["stage"], numbers, strict=True)
                ],
            )
            for key, numbers, colour, shape in segments
        ]
    )
    texts = [
        words["step"].format(
            advanced=bold(formats.count(a)),
            entered=formats.count(e),
            share=formats.share(_ratio(a, e), e),
            decided=formats.share(_ratio(a, e - u), e - u),
        )
        for e, a, u in zip(entered, advanced, undecided, strict=True)
    ]
    axes.write_above(figure, list(rows["stage"]), texts, tokens)
    figure = _laid_out(figure, len(rows), axes.counts(entered, words["axis"], formats))
    figure.layout.height += 34  # the legend's line
    return figure.update_layout(barmode="stack", showlegend=True, legend={"traceorder": "normal"})


@kept
def conversion_by_group(
    groups: pd.DataFrame, *, overall: float, words: Mapping[str, str], formats, tokens: style.Tokens
) -> go.Figure:
    """A dot per group with its 80 % interval, the best on top, the number of cases at the right.

    groups   one row per group: key, label, share (0–1), low, high, cases; groups without a case are left out
    overall  the share of all groups together, also of those not drawn (0–1): the line to compare with
    words    axis (what share of what), cases (around {n}), overall (around {share}), nothing
    clicks   customdata [key]
    """
    groups = groups[groups["cases"] > 0]
    if groups.empty:
        return axes.nothing(words["nothing"], tokens)
    rows = groups.sort_values(["share", "cases"])
    share = rows["share"].to_numpy(dtype=float)
    position = np.arange(len(rows))
    cases = rows["cases"].to_numpy(dtype=float)
    texts = [words["cases"].format(n=formats.count(n)) for n in cases]
    figure = go.Figure(
        go.Scatter(
            x=share,
            y=position,
            mode="markers",
            marker={"size": 11, "color": tokens.accent},
            error_x={
                "array": rows["high"] - rows["share"],
                "arrayminus": rows["share"] - rows["low"],
                "color": tokens.context,
                "thickness": 2,
                "width": 0,
            },
            customdata=[[key] for key in rows["key"]],
            hovertext=[
                f"{r.label}{BR}{formats.share(r.share, r.cases)} "
                f"({formats.share(r.low)}–{formats.share(r.high)}), {among}"
                for r, among in zip(rows.itertuples(), texts, strict=True)
            ],
        )
    )
    figure.add_vline(x=overall, line={"color": tokens.muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=overall, y=1, yref="paper", yanchor="bottom", showarrow=False,
        text=words["overall"].format(share=formats.share(overall)),
        font={"color": tokens.muted, "size": 12},
    )  # fmt: skip
    for at, text in zip(position, texts, strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=at, text=text, showarrow=False,
            font={"color": tokens.muted, "size": 12},
        )  # fmt: skip
    return figure.update_layout(
        height=100 + 26 * len(rows),
        margin={"t": 26, "r": 76},
        xaxis=axes.shares(words["axis"], formats) | {"range": [-0.03, 1.03]},  # a dot on an end is whole
        yaxis={
            "tickvals": position,
            "ticktext": list(rows["label"]),
            "range": [-0.6, len(rows) - 0.4],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _laid_out(figure: go.Figure, rows: int, x_axis: dict) -> go.Figure:
    return figure.update_layout(
        height=56 + axes.ROW_HEIGHT * rows, showlegend=False, xaxis=x_axis, yaxis=axes.named_rows(rows)
    )
