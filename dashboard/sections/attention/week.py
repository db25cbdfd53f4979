"""This week: one line per deal or account, most value at risk first, with whose it is and what is to do."""

import pandas as pd
import streamlit as st

from dashboard.answers.attention.leaks import Lines
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.attention import lines as metrics
from dashboard.sections import regions
from dashboard.sections.attention import given, words
from dashboard.words.formats import Formats
from dashboard.words.language import _, meaning
from data_access.scope import Scope


def draw(lines: Lines, handed: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The first lines of the week, and what became of those of a week ago; one opens, to be given to somebody."""
    parts.heading(_("What is to do this week?"))
    if lines.this_week.empty:
        nothing_at_risk(lines.lines)
    else:
        rows = words.lines_with_words(lines.this_week, handed)
        shown = {key: column for key, column in columns().items() if key not in ("days", "rests_on")}
        with st.container(key="leaks_week"):
            parts.table(rows, shown, key="leaks_week_rows", height="content", opens=given.opener(rows))
        parts.note(_told(lines, form))
        given.opened(rows, handed, scope, form)
    if len(lines.gone):
        names = _(", ").join(words.subject_name(row) for row in lines.gone.itertuples())
        parts.note(_("Gone since a week ago: {names}.").format(names=names))


def nothing_at_risk(found: pd.DataFrame) -> None:
    """Where a week begins with no line, though there may be some: of unknown value, or about regions and people."""
    if metrics.is_risk_unknown(found):
        parts.nothing(_("What is at risk is not known: the open deals in these lines lack an amount or a probability."))
    else:
        parts.nothing(_("No deal and no account has value at risk by these rules."))


def _told(lines: Lines, form: Formats) -> str:
    told = _("Here the first {most} by value at risk. A name opens its line, to be given to somebody.")
    return f"{words.asking(lines.lines, form)} {told.format(most=form.count(metrics.MOST))}"


def columns() -> dict[str, Column]:
    """The columns of the lines of a week."""
    return {
        "subject_name": Column(_("What"), width=240),
        "value_at_risk": Column(_("At risk"), "money", help=meaning("value_at_risk")),
        "reasons": Column(_("Why"), width=230),
        "owner_name": Column(_("Owner"), width=95),
        "action": Column(_("Next"), width=250),
        "since_name": Column(_("Since last week"), width=120, badges=words.since_badges()),
        "days": Column.of("leak_days"),
        "rests_on": Column(_("Rests on"), width=100),
    }


def _given_columns(rows: pd.DataFrame) -> dict[str, Column]:
    """To whom lines are given and until when, where any is."""
    if rows["receiver"].isna().all():
        return {}
    return {"receiver": Column(_("Given to"), width=125), "due_on": Column(_("Due"), "date")}


def view(name: str, lines: Lines, handed: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Every line of one view: deals, accounts, capacity, or gaps (what nobody wrote down). Coverage is that of the
    regions right below what is looked at; the way into each stands beneath."""
    of_view = lines.lines[lines.lines["view"] == name]
    if of_view.empty:
        parts.nothing(_("No line of this kind."))
        return
    shown = {key: column for key, column in columns().items() if key != "since_name"}
    own = words.lines_with_words(of_view.head(words.MOST_ROWS), handed)
    shown |= _given_columns(own)
    parts.table(
        own,
        shown,
        key=f"leaks_lines_{name}",
        height=560,
        opens=given.opener(own),
        total={"value_at_risk": metrics.at_risk(of_view)} if name == "deals" else None,
        order=_("Most at risk first."),
    )
    parts.note(words.how_many(len(of_view), form))
    parts.download(lambda: _file(words.lines_with_words(of_view, handed), shown), key="attention_lines")
    given.opened(own, handed, scope, form)
    if name == "capacity":
        regions.ways(scope, "leaks")


def _file(rows: pd.DataFrame, shown: dict[str, Column]) -> pd.DataFrame:
    columns = [*shown, *(name for name in _given_columns(rows) if name not in shown)]
    return rows[[*columns, "subject_kind", "subject_id"]]
