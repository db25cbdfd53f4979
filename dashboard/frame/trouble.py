"""What a page says when the database cannot: what happened, whom to ask, and a way to try again."""

import secrets

import streamlit as st

from dashboard import database
from dashboard.frame import parts, wording
from dashboard.words.language import _
from data_access.engine import question_seconds
from data_access.errors import DatabaseUnusable, Refused

# What ends by itself as soon as the database answers; the rest is tried again by whoever wants to.
_PASSES = ("away", "exchanged", "another_version")


def in_words(refused: Refused) -> str:
    """A refusal as a reader of pages is told it: that of a database without its name and place, which the log has."""
    if not isinstance(refused, DatabaseUnusable):
        return str(refused)
    if refused.kind == "slow":
        return _(
            "This took the database longer than {seconds} seconds, and was stopped: {asked}. Choose "
            "a shorter period or a smaller region, or try again when fewer ask. The other pages go "
            "on."
        ).format(seconds=f"{question_seconds():g}", asked=_asked(refused))
    happened = {
        "away": _(
            "The database does not answer: its file was moved or exchanged, or its server cannot be reached. Whoever "
            "runs this cockpit can bring it back."
        ),
        "exchanged": _(
            "Another file took the place of the database. Beside it lies what was last written to "
            "the former one. Nothing is lost. Whoever runs this cockpit finds in its log what to "
            "move where."
        ),
        "busy": _("Somebody else keeps the database busy, such as an import. Try again in a moment."),
        "many": _("This is more than can be shown at once. Choose a shorter period or a smaller region."),
        "full": _("The disk of the database is full. Whoever runs this cockpit can make room."),
        "disk": _("The disk of the database refused. Whoever runs this cockpit can see whether it is full, or broken."),
        "read_only": _("The database may only be read. Whoever runs this cockpit can give the right to write it."),
        "no_database": _(
            "The file of the database is broken, or is none. Whoever runs this cockpit can put a copy in its place."
        ),
        "tables": _(
            "The database lacks tables of this version. Whoever runs this cockpit can bring it up to date: "
            "python -m dashboard migrate"
        ),
        "another_version": _(
            "A newer version of this cockpit made the database. Whoever runs this one can start that version."
        ),
    }
    other = _("The database cannot be used at the moment. Whoever runs this cockpit finds the reason in its log.")
    return happened.get(refused.kind, other)


def _asked(unusable: DatabaseUnusable) -> str:
    """What a page was asked for: its title, period, places and people."""
    title, about = st.session_state.get(parts.PAGE), unusable.about
    asked = [title] if title else []
    if about is not None:
        asked.append(wording.in_words(about, parts.formats()))
    return " · ".join(asked) or _("a question of this page")


def say(unusable: DatabaseUnusable) -> None:
    """In place of a part of a page."""
    with st.container(border=True):
        parts.problem(in_words(unusable))
        _try_again()


def say_in_place_of_a_page(unusable: DatabaseUnusable) -> None:
    """The same where there is nothing else; it goes on by itself."""
    say(unusable)
    _go_on(unusable)


def say_above_a_page(unusable: DatabaseUnusable) -> None:
    """Above a page of answers that were read before; it goes on by itself."""
    with st.container(border=True):
        parts.notice(in_words(unusable))
        parts.say(
            _("What stands below was read before. What you have typed stays, and can be saved when it answers again.")
        )
        _try_again()
    _go_on(unusable)


def _try_again() -> None:
    # A key of its own: several parts of a page may be in the same trouble. Any click runs the script again.
    st.button(_("Try again"), key=f"try_again_{secrets.token_hex(4)}", on_click=database.ask_again)


def _go_on(unusable: DatabaseUnusable) -> None:
    if unusable.kind in _PASSES:
        _go_on_when_it_answers()


@st.fragment(run_every="3s")
def _go_on_when_it_answers() -> None:
    if database.trouble_now() is None:
        st.rerun()
