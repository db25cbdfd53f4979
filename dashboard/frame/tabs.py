"""The tabs of a page: below its answer, one subject at a time, remembered in the address."""

from collections.abc import Mapping

import streamlit as st

from dashboard.words import literal
from dashboard.words.language import _

TAB = "tab"  # of the session's state and of the address; none: the page's first
_ROW = "tabs"  # the control's own key: it holds the first tab too, which no address names


def chosen(offered: Mapping[str, str], first: str | None = None) -> str:
    """The row of tabs, names by id, and the id of the one that is open; only that one is worked out and drawn.

    first   the one that is open where the address names none: the first in the row, unless told

    Not `st.tabs`: those know the open one by its label, which is another in the other language.
    """
    ids = list(offered)
    current = st.session_state.get(TAB)
    if current not in ids:  # another page's, or a mistyped address
        current = st.session_state[TAB] = None
    first = first or ids[0]
    st.session_state[_ROW] = current or first
    with st.container(key="tab_row"):
        return st.segmented_control(
            _("Subjects of this page"),
            ids,
            default=st.session_state[_ROW],
            required=True,
            format_func=literal.options(offered.__getitem__),
            key=_ROW,
            label_visibility="collapsed",
            width="stretch",
            on_change=_follow,
            args=(first,),
        )


def _follow(first: str) -> None:
    opened = st.session_state[_ROW]
    st.session_state[TAB] = None if opened == first else opened


def open_(tab: str) -> None:
    """Opens a tab of this page from elsewhere on it, with the next run."""
    st.session_state[TAB] = tab
