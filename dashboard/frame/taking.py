"""Files that people take from a page: each is written down with who took it, before it is given."""

from collections.abc import Callable

import streamlit as st

from dashboard import database
from dashboard.words import literal
from data_access.people import audit


def button(label: str, made: Callable[[], bytes], name: str, *, key: str, icon: str | None = None) -> None:
    """A button that gives a file of this name, made when it is asked for, in no session."""
    of, by = database.engine(), st.session_state["scope"].person.key

    def taken() -> bytes:
        content = made()
        audit.note_access(of, "export", name, by)
        return content

    st.download_button(literal.markdown(label), data=taken, file_name=name, on_click="ignore", key=key, icon=icon)
