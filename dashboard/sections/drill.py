"""A figure whose marks open the deals (or other rows) behind them, in the drawer."""

import json
from collections.abc import Callable

import plotly.graph_objects as go
import plotly.io as pio
import streamlit as st

from dashboard.frame import drawer, parts
from data_access.scope import Scope

# From a mark's customdata to the scope its rows are asked in and what is asked; None: nothing behind it.
MarkOf = Callable[[list], tuple[Scope, object] | None]


def figure(
    drawn: go.Figure,
    mark_of: MarkOf,
    *,
    key: str,
    panel: Callable[[Scope, str], None] = parts.panel_of,
    **arguments,
) -> None:
    """`parts.figure`, clickable; what stands behind the mark clicked, or named in the address, is in the drawer. Where
    the mark says which number it is, the drawer explains that, too.

    panel   offers what is open under a key; the deals unless told
    """
    with st.container(key=key):
        parts.figure(drawn, key=f"{key}_figure", opens=key, **arguments)
    explained = drawer.explained(key)
    data = named(drawn, drawer.at(key) if explained is None else explained)
    found = None if data is None else mark_of(data)
    if found is None:
        return
    scope, mark = found
    if explained is None:
        parts.keep(key, mark)
        panel(scope, key)
    elif isinstance(mark, parts.Opened) and mark.number:
        parts.explain(mark, scope, key)


def named(drawn: go.Figure, name: str | None) -> list | None:
    """The customdata that is called so, as a browser sends it; None where the figure has no such mark."""
    try:
        wanted = json.loads(name or "null")
    except ValueError:  # an address that somebody typed
        return None
    marks = [list(row) for trace in drawn.data if trace.customdata is not None for row in trace.customdata]
    return next((data for data in json.loads(pio.json.to_json_plotly(marks)) if data == wanted), None)
