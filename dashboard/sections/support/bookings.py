"""The bookings behind a mark of utilisation: who, on which deal, how many hours."""

from dataclasses import dataclass

import streamlit as st

from dashboard.answers.support import resources
from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.support import words
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST_ROWS = 1_000  # nobody reads further; the file has all


@dataclass(frozen=True)
class Booked:
    """A mark: the bookings of the scope's weeks whose `column` is one of `values` (no column: all), and their hours."""

    title: str
    hours: float
    column: str | None = None
    values: tuple[str | None, ...] = ()


def panel(scope: Scope, key: str) -> None:
    """The bookings of the mark open under this key, and whether they sum to it."""
    mark, form = parts.opened(key), parts.formats()
    rows = resources.bookings(ask, scope)
    if mark.column:
        belongs = rows[mark.column]
        rows = rows[belongs.isin(mark.values) | (belongs.isna() & (None in mark.values))]
    with st.container(border=True, key=f"{key}_bookings"):
        parts.panel_head(_("Bookings behind: {mark}").format(mark=mark.title), key)
        parts.say(
            one_of("{n} booking, together {hours} hours", "{n} bookings, together {hours} hours", len(rows)).format(
                n=form.count(len(rows)), hours=form.number(rows["hours"].sum())
            )
        )
        if abs(rows["hours"].sum() - mark.hours) > 1e-6:
            parts.notice(_("These rows do not add up to the mark. Please report this."))
        if rows.empty:
            parts.nothing(_("Nothing is booked here."))
            return
        shown = rows.head(_MOST_ROWS)
        shown = shown.assign(
            deal=shown["deal"].fillna(_("(a deal of another region)")),
            kind=words.kind_names(shown["kind"]),
            state=shown["outcome"].map(words.outcome_name, na_action="ignore"),
            locked=shown["is_locked"].map({True: _("locked"), False: None}),
        )
        parts.table(
            shown,
            {
                "week": Column(_("Week of"), "date"),
                "person": Column(_("Person")),
                "kind": Column(_("Kind of support")),
                "hours": Column(_("Hours"), "number"),
                "deal": Column(_("Deal")),
                "account": Column(_("Account")),
                "owner": Column(_("Owner")),
                "state": Column(_("Deal is")),
                "locked": Column(_("Fixed")),
            },
            key=f"{key}_rows",
            height=300,
        )
        parts.download(rows, key=f"{key}_bookings")
