"""What was done, and by whom: for those who see the whole company."""

from datetime import timedelta

import streamlit as st

from dashboard import database
from dashboard.ask import own_of
from dashboard.frame import parts, wording
from dashboard.frame.parts import Column
from dashboard.words import literal
from dashboard.words.language import _
from data_access.people import trail
from data_access.people.audit import Action, moment
from data_access.scope import Scope

_EVERYTHING = ""
_BACK = (7, 30, 365)  # days


def draw(scope: Scope) -> None:
    """What anybody did in the last days, the newest first, narrowed by who and by what; all of these in the file."""
    if not scope.person.sees_everything:
        parts.nothing(_("What everybody did is shown to those who see the whole company."))
        return
    _listed(scope)


@parts.fragment
def _listed(scope: Scope) -> None:
    names = {_EVERYTHING: _("Everything")} | names_of_actions()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        back = st.selectbox(_("How far back"), _BACK, format_func=_in_days, key="trail_back", persist_state="session")
        by = st.text_input(
            _("By whom"),
            key="trail_by",
            placeholder=_("Part of a name or an address"),
            max_chars=100,
            persist_state="session",
        )
        action = st.selectbox(
            _("What"),
            list(names),
            format_func=lambda one: literal.markdown(names[one]),
            key="trail_action",
            persist_state="session",
        )
    today = moment().date()
    found = own_of(trail.trail, scope, today - timedelta(days=back), today, by=by.strip(), action=action)
    if found.empty:
        parts.nothing(_("Nothing was written down in these days."))
        return
    there = database.state().there
    shown = found.assign(
        at=[f"{there(at):%Y-%m-%d %H:%M}" for at in found["at"]],
        by=found["by"].map(wording.who),
        action=found["action"].map(names),
    )
    if len(found) == trail.MOST:
        parts.note(_("These are the newest {n}; choose fewer days.").format(n=parts.formats().count(trail.MOST)))
    columns = {
        "at": Column(_("When")),
        "by": Column(_("By whom"), width=220),
        "action": Column(_("What"), width=220),
        "subject": Column(_("Subject"), width=420),
    }
    parts.table(shown, columns, key="trail_rows", height=480)
    parts.download(shown, key="trail")


def _in_days(days: int) -> str:
    return _("{n} days").format(n=parts.formats().count(days))


def names_of_actions() -> dict[Action, str]:
    """What each action is called."""
    return {
        "sign_in": _("Signed in"),
        "sign_out": _("Signed out"),
        "turn_away": _("Was turned away"),
        "export": _("Took a file"),
        "report": _("Asked for a report by a program"),
        "import": _("Imported"),
        "undo_import": _("Took an import back"),
        "publish": _("Published"),
        "enter": _("Entered a value"),
        "withdraw": _("Took an entry back"),
        "commit": _("Committed"),
        "judge": _("Judged a deal in or out"),
        "dismiss": _("Put a line aside"),
        "revert_dismissal": _("Brought a line back"),
        "give": _("Gave a line to somebody"),
        "revert_handover": _("Took a line back"),
        "set": _("Changed a setting"),
        "put_person": _("Put a person on file"),
        "close_person": _("Closed a person's access"),
        "new_token": _("Made a token"),
        "revoke_token": _("Revoked a token"),
        "put_digest": _("Had a digest sent"),
        "wish_digest": _("Asked for a digest"),
        "end_digest": _("Ended a digest"),
        "make_alert": _("Set an alert"),
        "end_alert": _("Ended an alert"),
        "save_view": _("Kept a view"),
        "change_view": _("Changed a view"),
        "begin_with_view": _("Chose where to begin"),
        "delete_view": _("Deleted a view"),
        "arrange_board": _("Arranged a dashboard"),
        "share_board": _("Shared a dashboard"),
    }
