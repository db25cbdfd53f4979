"""What somebody commits to, in the drawer beside the forecast: entered, taken back, and scored once it ended."""

from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.forecast import outlook, review
from dashboard.answers.forecast.review import subject
from dashboard.answers.overview import numbers
from dashboard.ask import answer_of, ask, write
from dashboard.frame import drawer, parts, trouble, wording
from dashboard.frame.parts import Column
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.sections.forecast import outlook as words
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.errors import NotAllowed, Refused
from data_access.forecast import commits
from data_access.scope import Scope

_KEY = "commit"  # what the drawer calls it
_TURN = "commit_turn"  # how often something was saved here
_LONGEST = 500  # characters of a note: what one reads in a meeting
_FEW, _TABLE = 6, 250  # commits of the period that stand as they are; pixels for more


def way(kind: Literal["secondary", "tertiary"]) -> None:
    """The button that opens it, of this kind."""
    st.button(
        literal.markdown(_("Commit to an amount")),
        key="commit_open",
        type=kind,
        on_click=drawer.open_,
        args=(_KEY,),
    )


def offer(scope: Scope) -> None:
    """Over any page, if it is open, for this run's drawer."""
    if drawer.at(_KEY) is not None:
        parts.offer(_("Commit for the period"), lambda: _draw(scope, parts.formats()), key="commit_drawer")


def _draw(scope: Scope, form: Formats) -> None:
    """The commit that holds and the form for another beside the forecast; below it what was said so far, and how past
    commits did beside the forecast of their day."""
    parts.note(wording.in_words(scope, form))
    asked, expected = st.columns(2, gap="large")
    with asked:
        _ask(scope, form)
    with expected:
        _expected(scope, form)
    _said(scope, form)
    _past(scope, form)


def _ask(scope: Scope, form: Formats) -> None:
    held, reason, whose = answer_of(review.held_commit, scope), problem(scope), subject(scope)
    if held is None:
        parts.say(_("Nobody has committed to an amount for this choice and period."))
    else:
        said = _("{amount}, committed by {who} on {day}.").format(
            amount=form.money_exact(held["amount"]),
            who=wording.who(held["committed_by"]),
            day=form.date(held["committed_at"]),
        )
        parts.say(said if is_missing(held["note"]) else f"{said} {held['note']}")
    if reason:
        parts.nothing(reason)
    elif whose is None:
        parts.nothing(_("A commit is for one region, one owner or the whole company. Take the other filters away."))
    else:
        _form(scope, whose, held, form)


def _expected(scope: Scope, form: Formats) -> None:
    """The forecast of now in its band, which is not the commit's business: it stands beside it."""
    found = answer_of(outlook.forecast, scope)
    if found.refused:
        parts.nothing(words.refused(found, form))
        return
    parts.say(words.answer(found, answer_of(numbers.target, scope), form))
    parts.table(words.made_of(scope, found, form), words.made_of_columns(), key="commit_expected", height="content")


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
    if held is not None and st.button(_("Take it back"), key="commit_undo"):
        write(commits.withdraw, scope, int(held["commit_id"]), at=database.now())
        st.rerun()  # the page, which says what is committed to, as well
    # What is typed is kept for whom it is, until it is saved: then the fields get another key.
    of_whom = "_".join([str(scope.period.start), str(scope.period.end), *(one or "" for one in whose)])
    key = f"{of_whom}_{st.session_state.get(_TURN, 0)}"
    with st.container(border=True):  # no `st.form`, which knows nothing of what is typed until it is sent
        amount = st.number_input(
            literal.markdown(
                _("Won by {day} ({currency})").format(day=form.date(scope.period.end), currency=form.money_unit)
            ),
            min_value=0.0,
            step=1000.0,
            format="%.0f",
            value=None,
            placeholder=_("amount"),
            key=f"commit_amount_{key}",
            persist_state="session",
        )
        note = st.text_input(_("Why this much"), max_chars=_LONGEST, key=f"commit_note_{key}", persist_state="session")
        wanted = st.button(_("Commit to this amount"), key="commit_save", type="primary")
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
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.rerun()


def _said(scope: Scope, form: Formats) -> None:
    """Every commit of the period, as it was said, the latest first."""
    found = ask(commits.commits, scope)
    period = pd.Timestamp(scope.period.start), pd.Timestamp(scope.period.end)
    found = found[(found["from_on"] == period[0]) & (found["to_on"] == period[1])].iloc[::-1]
    if found.empty:
        return
    text = one_of("{n} commit of this period", "{n} commits of this period", len(found))
    parts.heading(text.format(n=form.count(len(found))))
    rows = found.assign(
        whose=found["rep"].fillna(found["region"]).fillna(_("whole company")),
        day=found["committed_at"].dt.normalize(),
        who=[wording.who(name) for name in found["committed_by"]],
        amount=found["amount"].astype(float) / MINOR_UNITS,
    )
    columns = {
        "day": Column(_("Committed on"), "date"),
        "whose": Column(_("For")),
        "who": Column(_("By")),
        "amount": Column.of("commit_amount"),
        "note": Column(_("Note")),
    }
    parts.table(rows, columns, key="commits_said", height=_TABLE if len(rows) > _FEW else "content")


def _past(scope: Scope, form: Formats) -> None:
    """The commits of ended periods, each beside what the forecast said on its day."""
    scored = answer_of(review.scored_commits, scope)
    if scored.empty:
        return
    with st.expander(literal.markdown(_("Past commits ({n})").format(n=form.count(len(scored)))), key="commits_past"):
        rows = scored.assign(
            whose=scored["rep"].fillna(scored["region"]).fillna(_("whole company")),
            day=scored["committed_at"].dt.normalize(),
            who=[wording.who(name) for name in scored["committed_by"]],
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
