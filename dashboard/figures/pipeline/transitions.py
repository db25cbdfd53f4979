"""Which stage deals went to from which, backward and skipping moves included."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import axes, style
from dashboard.figures.kept import kept
from dashboard.figures.marks import BR

_MOST_NAMED = 6  # columns; the names of more would be turned or overlap


@kept
def matrix(moves: pd.DataFrame, *, words: Mapping[str, str], formats, tokens: style.Tokens) -> go.Figure:
    """From-stage down, to-stage across, in the pipeline's order: below the diagonal deals went back.

    moves    one row per pair of one pipeline and track: from_stage (None: just created), to_stage,
             from_position, to_position, entries; a position is None for lost and for creation
    words    created, from, to, entries (around {n}), nothing
    clicks   customdata [from_stage, to_stage]
    """
    if moves.empty:
        return axes.nothing(words["nothing"], tokens)
    # Creation precedes every stage, a loss (no position) follows them all.
    source = moves.assign(rank=moves["from_position"].where(moves["from_stage"].notna(), -1))
    rows = _in_order(source, "from_stage", "rank")
    columns = [to for to in _in_order(moves, "to_stage", "to_position") if to is not None]
    entries = {(_key(m.from_stage), m.to_stage): m.entries for m in moves.itertuples()}
    cells = [(row, column) for row in rows for column in columns if (row, column) in entries]
    grid = np.array([[entries.get((row, column), np.nan) for column in columns] for row in rows], dtype=float)
    names = [words["created"] if row is None else row for row in rows]
    written = formats.count if len(columns) <= _MOST_NAMED else formats.short  # narrow cells: 1.6k
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=np.arange(len(columns)),
            y=np.arange(len(rows)),
            text=[["" if np.isnan(n) else written(n) for n in line] for line in grid],
            texttemplate="%{text}",  # its colour follows the cell's by itself
            # Of many cells the text is left to shrink with them, down to a telephone's.
            textfont={"size": 11} if len(columns) <= _MOST_NAMED else None,
            colorscale=[[0, tokens.surface], [1, tokens.accent]],
            zmin=0,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    axes.over_cells(
        figure,
        [columns.index(column) for _, column in cells],
        [rows.index(row) for row, _ in cells],
        customdata=[list(cell) for cell in cells],
        hovertext=[
            f"{names[rows.index(row)]} → {column}{BR}" + words["entries"].format(n=formats.count(entries[row, column]))
            for row, column in cells
        ],
    )
    return _laid_out(figure, rows, columns, words)


def _laid_out(figure: go.Figure, rows: list, columns: list[str], words: Mapping[str, str]) -> go.Figure:
    """The pipeline's order from the top and from the left, the columns named above."""
    row_names, column_names = _names(rows, columns, words["created"])
    return figure.update_layout(
        height=110 + 34 * len(rows),
        xaxis={
            "title": {"text": words["to"]},
            "tickvals": np.arange(len(columns)),
            "ticktext": column_names,
            "tickangle": 0,
            "side": "top",
            "showline": False,
            "zeroline": False,
            "range": [-0.5, len(columns) - 0.5],
        },
        yaxis={
            "title": {"text": words["from"]},
            "tickvals": np.arange(len(rows)),
            "ticktext": row_names,
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _names(rows: list, columns: list[str], created: str) -> tuple[list[str], list[str]]:
    """What stands at the rows and over the columns: names while there is room for them upright over the
    columns, else the rows are numbered and the columns bear the number of their row."""
    row_names = [axes.in_two_lines(created if row is None else row) for row in rows]
    if len(columns) <= _MOST_NAMED:
        return row_names, [axes.in_two_lines(column) for column in columns]
    numbered = [f"{number} {name}" for number, name in enumerate(row_names)]
    return numbered, [str(rows.index(column)) if column in rows else axes.in_two_lines(column) for column in columns]


def _in_order(moves: pd.DataFrame, stage: str, position: str) -> list[str | None]:
    ranked = moves[[stage, position]].drop_duplicates().sort_values(position, na_position="last", kind="stable")
    return [_key(name) for name in ranked[stage]]


def _key(stage) -> str | None:
    """Creation is None whether the frame says None or NaN, so that it can be looked up."""
    return None if pd.isna(stage) else stage
