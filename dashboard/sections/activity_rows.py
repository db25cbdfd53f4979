"""The activities behind a mark."""

import pandas as pd
import streamlit as st

from dashboard import load
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import words
from dashboard.words.language import _, one_of
from data_access.scope import Scope

MOST_ROWS = 2_000  # a browser table with more is slower to open than to download


def panel(scope: Scope, key: str) -> None:
    """What is open under this key: the activities, their number, and whether it equals the mark's."""
    mark = parts.opened(key)
    if mark is None:
        return
    rows, form = in_words(load.activity_rows(scope, mark.what, **mark.narrower)), parts.formats()
    with st.container(border=True, key=f"{key}_activities"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            parts.say(_("Activities behind: {mark}").format(mark=mark.title))
            st.button(_("Close"), key=f"{key}_close", type="tertiary", on_click=parts.close, args=(key,))
        parts.say(one_of("{n} activity", "{n} activities", len(rows)).format(n=form.count(len(rows))))
        if mark.count is not None and len(rows) != mark.count:
            parts.notice(_("These rows do not add up to the mark. Please report this."))
        parts.table(rows.head(MOST_ROWS), columns(), key=f"{key}_rows", height=330)
        if len(rows) > MOST_ROWS:
            parts.note(_("The first {n} are shown; the file has all.").format(n=form.count(MOST_ROWS)))
        parts.download(rows, key=key)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Kinds, origins and flags as people call them; what is not known stays empty."""
    flags = {1: _("yes"), 0: _("no")}
    return rows.assign(
        kind=rows["kind"].map(words.activity_kinds()),
        origin=rows["origin"].map(words.origins()),
        two_way=rows["two_way"].map(flags),
        has_result=rows["has_result"].map(flags),
    )


def columns() -> dict[str, Column]:
    return {
        "completed_on": Column(_("Completed on"), "date"),
        "planned_on": Column(_("First planned for"), "date"),
        "rep": Column(_("Rep")),
        "kind": Column(_("Kind")),
        "origin": Column(_("Source of activity")),
        "account": Column(_("Account")),
        "deal": Column(_("Deal")),
        "two_way": Column(_("Two-way")),
        "has_result": Column(_("Has a result")),
        "minutes": Column(_("Minutes"), "count"),
        "activity_id": Column(_("Key")),
    }
