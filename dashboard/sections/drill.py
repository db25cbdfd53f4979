"""A figure whose marks open the deals (or other rows) behind them, in a panel below it."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from dashboard.frame import parts
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
    """`parts.figure`, clickable; the panel stands below as long as a mark is chosen and not closed.

    panel   draws what is open under a key; the panel of deals unless told
    """
    with st.container(key=key):
        points = parts.figure(drawn, key=f"{key}_{_drawing(key)}", clickable=True, **arguments)
        found = mark_of(list(points[0]["customdata"])) if points and points[0].get("customdata") else None
        if found is None:
            parts.close(key)
        else:
            scope, mark = found
            parts.open_(key, mark)
            panel(scope, key)
        st.session_state[f"drawn_open_{key}"] = found is not None


def _drawing(key: str) -> int:
    """Which drawing of the figure this is. Closing the panel begins a new one, because a figure keeps its
    chosen mark until it is drawn anew, and would open the panel again."""
    number = st.session_state.get(f"drawing_{key}", 0)
    if st.session_state.get(f"drawn_open_{key}") and parts.opened(key) is None:
        number += 1
        st.session_state[f"drawing_{key}"] = number
    return number
