"""What somebody commits to beside the forecast: entered, taken back, and scored once the period has ended."""

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.forecast import review
from dashboard.answers.forecast.review import subject
from dashboard.ask import answer_of, write
from dashboard.frame import parts, trouble, wording
from dashboard.frame.identity import ROLES
from dashboard.frame.parts import Column
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _
from data_access.errors import NotAllowed, Refused
from data_access.forecast import commits
from data_access.scope import Scope

_LONGEST = 500  # characters of a note: what one reads in a meeting


def draw(scope: Scope) -> None:
    """The commit that holds, the form for another, and how past ones did beside the forecast of their day."""
    form, held = parts.formats(), answer_of(review.held_commit, scope)
    parts.heading(_("Commit for the period"))
    if held is None:
        parts.note(_("Nobody has committed to an amount for this choice and period."))
    else:
        said = _("{amount}, committed by {who} on {day}.").format(
            amount=form.money_exact(held["amount"]),
            who=who(held["committed_by"]),
            day=form.date(held["committed_at"]),
        )
        parts.say(said if is_missing(held["note"]) else f"{said} {held['note']}")
    reason, whose = problem(scope), subject(scope)
    if reason:
        parts.nothing(reason)
    elif whose is None:
        parts.nothing(_("A commit is for one region, one owner or the whole company. Take the other filters away."))
    else:
        _form(scope, whose, held, form)
    _past(scope, form)


def problem(scope: Scope) -> str | None:
    """Why the person cannot commit here; None where they can. `data_access.forecast.commits` refuses by itself too."""
    try:
        scope.person.must_be_allowed_to_write("forecast_commit")
    except NotAllowed:
        return _("Commits are made by regional managers, and by executives.")
    if not scope.is_live:
        return _("You are looking at the past. Set the as-of date to the last day to commit.")
    if scope.period.end < database.today():
        return _("The period has ended: what was committed for it stands.")
    return None


def _form(scope: Scope, whose: tuple[str | None, str | None], held: pd.Series | None, form: Formats) -> None:
    """whose   the region or the rep the commit is for; neither: the whole company"""
    if held is not None:
        st.button(_("Take it back"), key="commit_undo", on_click=_take_back, args=(scope, int(held["commit_id"])))
    if st.session_state.pop("commit_saved", False):
        st.session_state["commit_amount"], st.session_state["commit_note"] = None, ""  # not by sending: see below
    with st.form(key="commit_form", enter_to_submit=False):
        amount = st.number_input(
            literal.markdown(
                _("Won by {day} ({currency})").format(day=form.date(scope.period.end), currency=form.money_unit)
            ),
            min_value=0.0,
            step=1000.0,
            format="%.0f",
            value=None,
            placeholder=_("amount"),
            key="commit_amount",
        )
        note = st.text_input(_("Why this much"), max_chars=_LONGEST, key="commit_note")
        wanted = st.form_submit_button(_("Commit"), key="commit_save", type="primary")
    if not wanted:
        return
    if amount is None:
        parts.notice(_("Nothing was entered, so nothing was saved."))
        return
    try:
        units, (region_id, rep_id) = round(amount * MINOR_UNITS), whose
        write(
            commits.commit,
            scope,
            scope.period,
            units,
            region_id=region_id,
            rep_id=rep_id,
            note=note.strip(),
            at=database.now(),
        )
    except Refused as refused:
        parts.notice(_("Nothing was saved. {why}").format(why=trouble.in_words(refused)))
    else:
        st.session_state["commit_saved"] = True
        st.rerun()


def _take_back(scope: Scope, commit_id: int) -> None:
    write(commits.withdraw, scope, commit_id, at=database.now())


def _past(scope: Scope, form: Formats) -> None:
    """The commits of ended periods, each beside what the forecast said on its day."""
    scored = answer_of(review.scored_commits, scope)
    if scored.empty:
        return
    with st.expander(literal.markdown(_("Past commits ({n})").format(n=form.count(len(scored)))), key="commits_past"):
        rows = scored.assign(
            whose=scored["rep"].fillna(scored["region"]).fillna(_("whole company")),
            day=scored["committed_at"].dt.normalize(),
            who=[who(name) for name in scored["committed_by"]],
        )
        parts.table(
            rows,
            {
                "whose": Column(_("For")),
                "to_on": Column(_("End"), "date"),
                "amount": Column.of("commit_amount"),
                "forecast": Column(_("Forecast that day"), "money"),
                "won": Column.of("won_amount"),
                "error_share": Column(_("Commit error"), "share"),
                "forecast_error_share": Column(_("Forecast error"), "share"),
                "day": Column(_("Committed on"), "date"),
                "who": Column(_("By")),
            },
            key="commits_table",
        )
        parts.note(_("Error: (said − won) ÷ won, the same way for both."))


def who(name: str) -> str:
    """Who committed: a name, or the role of somebody who has none."""
    return wording.role_name(name) if name in ROLES else name
