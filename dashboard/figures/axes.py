"""Axes shared by the figures: ticks that people read as they read the numbers, and the empty figure."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import style
from dashboard.figures.marks import BR, muted

ROW_HEIGHT = 46  # of a bar and the line written above it
_ROUND = (1, 2, 2.5, 5, 10)


def ticks(low: float, high: float, about: int = 4, whole: bool = False) -> np.ndarray:
    """Round values from low to high, zero among them, roughly `about` of them.

    whole   for counts: no half deals
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        return np.array([0.0])
    rough = (high - low) / about
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(r * power for r in _ROUND if r * power >= rough * (1 - 1e-9))
    if whole:
        step = max(1.0, round(step))
    return np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step


def write_above(figure: go.Figure, names: Sequence[str], texts: Sequence[str], tokens: style.Tokens) -> None:
    """Names each horizontal bar of `figure` in a line above it, what it stands for behind the name in grey; no line of
    the grid runs through it.

    Above and not beside: on a telephone a name at the left would leave the bar no room, and a text at the
    right would be cut off. Goes with `named_rows` as the y axis.
    """
    above = {"x": 0, "xref": "paper", "xanchor": "left", "yshift": 19, "showarrow": False, "font": {"size": 12}}
    above |= {"bgcolor": tokens.background, "borderpad": 1}
    written = [
        above | {"y": at, "text": f"{name}  {muted(text)}"}
        for at, (name, text) in enumerate(zip(names, texts, strict=True))
    ]
    figure.layout.annotations = [*figure.layout.annotations, *written]  # one by one takes ten times as long


def over_cells(figure: go.Figure, columns, rows, *, customdata: Sequence[list], hovertext: Sequence[str]) -> None:
    """Makes the cells at these places answer, of a heat map (which itself reports no clicks) or of tiles.

    An unseen bar lies over each cell and fills it, however wide the screen makes it: a mark in the middle would leave
    the rest of a wide cell dead. The axes need a range of their own, since bars ask for room around them.
    """
    figure.add_bar(
        x=np.ones(len(hovertext)),
        base=np.asarray(columns, dtype=float) - 0.5,
        y=np.asarray(rows),
        width=1,
        orientation="h",
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        customdata=customdata,
        hovertext=hovertext,
        showlegend=False,
    )


def named_rows(rows: int) -> dict:
    """The axis of bars named by `write_above`: first row on top, room above it for its name."""
    return {"range": [rows - 0.6, -0.85], "showticklabels": False, "showgrid": False, "zeroline": False}


def money(amounts, title: str, formats, room: float = 0.0) -> dict:
    """An axis over amounts in base currency units, zero included; NaN among them is passed over. Its ticks say the
    currency, so that a title which says no more is left out.

    room   free space beyond the longest bar for its label, as a part of the whole
    """
    low, high = _ends(amounts)
    at = ticks(low, high)
    return {
        "title": {"text": "" if title == formats.money_unit else title},
        "tickvals": at,
        "tickangle": 0,
        "ticktext": [formats.money(v) for v in at],
        "range": _range(low, high, room),
        "zeroline": True,
        "showgrid": True,
    }


def counts(numbers, title: str, formats, room: float = 0.0) -> dict:
    """An axis over counts, zero included, whole ticks only."""
    low, high = _ends(numbers)
    at = ticks(low, high, whole=True)
    return {
        "title": {"text": title},
        "tickvals": at,
        "tickangle": 0,
        "ticktext": [formats.count(v) for v in at],
        "range": _range(low, high, room),
        "zeroline": True,
        "showgrid": True,
    }


def shares(title: str, formats) -> dict:
    """An axis over shares, 0 to 1, whole range whatever the data: two plots of it compare at a glance."""
    at = np.linspace(0, 1, 5)
    return {
        "title": {"text": title},
        "tickvals": at,
        "tickangle": 0,
        "ticktext": [formats.share(v) for v in at],
        "range": [0, 1.001],  # the line of 100 % itself would be cut in half
        "showgrid": True,
    }


def months(days, formats) -> list[str]:
    """The months of some days, the year below where another begins, so that many stand side by side."""
    told, year = [], None
    for day in days:
        month = formats.month_alone(day)
        told.append(month if day.year == year else f"{month}{BR}{day.year}")
        year = day.year
    return told


def nothing(text: str, tokens: style.Tokens, height: int = 160) -> go.Figure:
    """An empty figure that says what is missing, instead of bare axes that look like a zero."""
    figure = go.Figure()
    figure.add_annotation(
        text=text, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"color": tokens.muted}
    )
    hidden = {"visible": False, "fixedrange": True}
    return figure.update_layout(height=height, xaxis=hidden, yaxis=hidden)


def in_two_lines(name: str) -> str:
    """Broken at the space or slash nearest to the middle, if there is one."""
    breaks = [at for at, letter in enumerate(name) if letter in " /" and 0 < at < len(name) - 1]
    if not breaks:
        return name
    at = min(breaks, key=lambda place: abs(place - len(name) / 2))
    return f"{name[: at + 1].rstrip()}{BR}{name[at + 1 :]}"


def _ends(values) -> tuple[float, float]:
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    return (min(values.min(), 0.0), max(values.max(), 0.0)) if values.size else (0.0, 0.0)


def _range(low: float, high: float, room: float) -> list[float]:
    """Room on the sides that have bars only, so that zero stays at the edge where nothing is negative."""
    extent = (high - low) or 1.0
    room = max(room, 0.02)
    return [low - room * extent if low < 0 else 0.0, high + room * extent]
