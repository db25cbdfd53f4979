"""What was ever entered or imported about an account, a deal or a rep, and which of it holds."""

import pandas as pd
import streamlit as st

from dashboard.frame import parts, wording
from dashboard.frame.identity import ROLES
from dashboard.frame.parts import Column
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _


def draw(entries: pd.DataFrame, columns: dict[str, Column], by: list[str], table: str, form: Formats) -> None:
    """Everything ever entered or imported, the latest first, and which of it holds."""
    if entries.empty:
        return
    with st.expander(
        literal.markdown(_("History ({n})").format(n=form.count(len(entries)))), key=f"{table}_history_of"
    ):
        kept = entries[~entries["is_withdrawn"]]
        holds = kept.drop_duplicates(by, keep="last").index if by else kept.index[-1:]
        state = pd.Series(_("replaced"), index=entries.index).mask(entries.index.isin(holds), _("holds"))
        rows = entries.assign(
            state=state.mask(entries["is_withdrawn"], _("taken back")),
            entered_by=[_who(name) for name in entries["entered_by"]],
            entered_at=[_moment(at, form) for at in entries["entered_at"]],
        ).iloc[::-1]
        if "assessed_by" in rows:
            rows = rows.assign(assessed_by=[_who(name) for name in rows["assessed_by"]])
        common = {
            **Column.each("assessed_on"),
            "assessed_by": Column(_("Assessed by")),
            "state": Column(_("State")),
            "entered_by": Column(_("Entered by")),
            "entered_at": Column(_("Entered at")),
        }
        shown = columns | {name: column for name, column in common.items() if name in rows}
        parts.table(rows, shown, key=f"{table}_history")
        parts.note(_("Nothing is overwritten: a new entry replaces the one before; imports never touch entries."))


def _who(name) -> str | None:
    """Who entered or assessed something: a name, or the role of somebody who has none."""
    return wording.role_name(name) if name in ROLES else None if is_missing(name) else name


def _moment(at, form: Formats) -> str | None:
    """When something was entered; None where it was not entered here."""
    return None if is_missing(at) else f"{form.date(at)} {at:%H:%M}"
