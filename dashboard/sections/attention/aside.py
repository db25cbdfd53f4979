"""Putting a leak aside: with a reason, until a day, and back. And what is muted because it rests on too little."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.attention.leaks import Leaks
from dashboard.ask import write
from dashboard.frame import drawer, parts, trouble, wording
from dashboard.frame.parts import Column
from dashboard.sections.attention import words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.attention import dismissals
from data_access.attention.dismissals import LONGEST
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.scope import Scope

_USUAL = timedelta(days=14)
_JUST = "leaks_just"  # the line put aside last, so that it can be taken back at once
_TURN = "leaks_turn"  # how often one was taken back: another row stands then where it was clicked


@dataclass(frozen=True)
class PutAside:
    """What was just dismissed: its dismissal, and in words."""

    dismissal_id: int
    name: str


def form_of(leak: pd.Series, scope: Scope) -> None:
    """The form that puts a leak aside, or who may, or why not now."""
    refused = _refusal(scope)
    if refused:
        parts.note(refused)
        return
    today = database.today()
    subject = leak["rule"], leak["subject_kind"], leak["subject_id"]
    with st.container(border=True):  # no `st.form`, which knows nothing of what is typed until it is sent
        left, right = st.columns([3, 1])
        with left:
            reason = st.text_input(
                _("Why it can wait (required)"),
                key=f"leaks_reason_{':'.join(subject)}",
                max_chars=LONGEST_TEXT,
                persist_state="session",
            )
        with right:
            until = st.date_input(
                _("Until, that day included"),
                value=today + _USUAL,
                min_value=today,
                max_value=today + LONGEST,
                format="YYYY-MM-DD",
                key="leaks_until",
            )
        wanted = st.button(_("Dismiss for everybody"), key="leaks_dismiss_send", type="primary")
    if not wanted:
        return
    if not reason.strip():
        parts.notice(_("A line is dismissed with a reason. Say in a sentence why it can wait."))
        return
    try:
        made = write(dismissals.dismiss, scope, *subject, reason, until, at=database.now())
    except (NotAllowed, NotFound):
        parts.notice(_("This line lies outside your regions, so it is not yours to dismiss."))
    except Refused as refusal:
        parts.notice(trouble.in_words(refusal))
    else:
        st.session_state[_JUST] = PutAside(made, words.line(leak))
        drawer.close()
        st.rerun()


def _refusal(scope: Scope) -> str | None:
    """Why the person cannot dismiss here; None where they can."""
    try:
        scope.person.must_be_allowed_to_write("attention_dismissal")
    except NotAllowed:
        return _("{role}: may look. Dismissing is for directors, and for regional managers in their regions.").format(
            role=wording.role_name(scope.person.role)
        )
    if not scope.is_live:
        return _("You are looking at the past. Choose the last day of the data to dismiss something.")
    return None


def just_done(scope: Scope) -> None:
    """What was dismissed last, and the way back."""
    just: PutAside | None = st.session_state.get(_JUST)
    if just is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="leaks_saved"):
        parts.say(_("Dismissed: {line}").format(line=just.name))
        st.button(_("Undo"), key="leaks_undo", on_click=_take_back, args=(scope, just.dismissal_id))


def _take_back(scope: Scope, dismissal_id: int) -> None:
    write(dismissals.revert, scope, dismissal_id, at=database.now())
    st.session_state.pop(_JUST, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def dismissed(leaks: Leaks, scope: Scope, form: Formats) -> None:
    """What somebody put aside and would be listed otherwise: by whom, why, until when; a click takes it back."""
    parts.heading(_("Dismissed"))
    if leaks.dismissed.empty:
        parts.nothing(_("Nothing is dismissed. A line can be put aside with a reason, until a day."))
        return
    rows = words.with_words(leaks.dismissed, form)
    rows = rows.assign(
        by=[wording.who(name) for name in rows["dismissed_by"]],
        on=rows["dismissed_at"].dt.normalize(),
    )
    clicked = parts.table(
        rows,
        {
            **Column.each("subject_name"),
            "by": Column(_("By"), width=100),
            "until_on": Column(_("Until"), "date"),
            **Column.each("reason", "rule_name", "value_at_risk"),
            "on": Column(_("Dismissed on"), "date"),
        },
        key=f"leaks_dismissed_{st.session_state.get(_TURN, 0)}",
        clickable=True,
    )
    parts.note(_("They come back by themselves on the day after, or at once: click a line."))
    if clicked is not None and _refusal(scope) is None:
        one = rows.iloc[clicked]
        st.button(
            literal.markdown(_("List it again: {line}").format(line=words.line(one))),
            key="leaks_take_back",
            on_click=_take_back,
            args=(scope, int(one["dismissal_id"])),
        )


def muted(leaks: Leaks, form: Formats) -> None:
    """What rests on too few cases to be held against anybody, and the rules that found nothing."""
    parts.heading(_("Too few cases"))
    least = form.count(leaks.limits.values["least_n"])
    if leaks.muted.empty:
        parts.say(_("Every norm and win rate here rests on {n} cases or more.").format(n=least))
    else:
        with st.container(key="leaks_muted"):
            parts.table(
                words.with_words(leaks.muted.head(words.MOST_ROWS), form),
                {
                    **Column.each("subject_name", "rule_name"),
                    "n": Column(_("Cases"), "count"),
                    "why": Column(_("Why it would be listed")),
                },
                key="leaks_muted_rows",
            )
        parts.note(_("Not listed: their limit rests on fewer than {n} cases.").format(n=least))
    silent = words.silent_rules(leaks)
    if silent:
        parts.note(_("These rules found nothing: {rules}.").format(rules=_(", ").join(silent)))
