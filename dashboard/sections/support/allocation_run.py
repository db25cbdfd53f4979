"""Waiting for a plan that is worked out in a process of its own: what it does, for how long, and a way to end it."""

from dataclasses import dataclass, field

import streamlit as st

from dashboard import database
from dashboard.answers.support import allocation_review
from dashboard.answers.support.allocation import Asked
from dashboard.answers.support.allocation_review import Review
from dashboard.frame import parts
from dashboard.metrics.support.allocation import Problem, Recommendation, recommend
from dashboard.server import long_work
from dashboard.words import literal
from dashboard.words.language import _
from data_access.scope import Scope

MOST_SECONDS = 60  # what takes longer is not worth waiting for: the promised size takes 5
_EVERY = 0.5  # seconds between two looks at the process


@dataclass
class _Work:
    """One problem of this session, by its fingerprint. state: running, done, cancelled, late.

    reviews   the solution from all its sides, by the data and the scope it was looked at with: the last one alone
    """

    about: str
    running: long_work.Running
    state: str = "running"
    solved: Recommendation | None = None
    reviews: dict[tuple[str, str], Review] = field(default_factory=dict)


def solved(name: str, problem: Problem, doing: str) -> Recommendation | None:
    """The solution of a problem, or None while it is worked out, and where it was cancelled or took too long.

    name    which place of the page asks: it has one process at a time
    problem another one than before ends the process that works on that
    doing   what it is doing, in words
    """
    key = _key(name)
    work = st.session_state.get(key)
    if work is None or work.about != problem.fingerprint:
        forget(name)
        work = st.session_state[key] = _Work(
            problem.fingerprint, long_work.start(recommend, problem, limit=MOST_SECONDS)
        )
    if work.state == "done":
        return work.solved
    if work.state == "running":
        _watch(name, doing)
    else:
        _ended(name, work)
    return None


def reviewed(name: str, asked: Asked, scope: Scope) -> Review:
    """What was solved at a place of the page, from all its sides: looked at once, not at every rerun."""
    work = st.session_state[_key(name)]
    about = database.state().stamp, repr(scope)
    if about not in work.reviews:
        work.reviews = {about: allocation_review.review(asked, work.solved)}
    return work.reviews[about]


def forget(name: str) -> None:
    """Drops what a place has asked for, and ends the process that works on it."""
    work = st.session_state.pop(_key(name), None)
    if work is not None and work.state == "running":
        work.running.cancel()


@st.fragment(run_every=_EVERY)
def _watch(name: str, doing: str) -> None:
    """Looks at the process again and again; once it has ended, the page is drawn anew."""
    work = st.session_state.get(_key(name))
    if work is None or work.state != "running":
        st.rerun()
    try:
        if work.running.is_done():
            work.solved, work.state = work.running.answer(), "done"
    except long_work.TookTooLong:
        work.state = "late"
    if work.state != "running":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key=f"allocation_{name}_wait"):
        st.status(
            literal.markdown(
                _("{doing} {seconds} s").format(doing=doing, seconds=parts.formats().number(work.running.seconds, 0))
            ),
            width=560,
        )
        st.button(_("Cancel"), key=f"allocation_{name}_cancel", on_click=_cancel, args=(name,))


def _cancel(name: str) -> None:
    work = st.session_state.get(_key(name))
    if work is not None and work.state == "running":
        work.running.cancel()
        work.state = "cancelled"


def _ended(name: str, work: _Work) -> None:
    if work.state == "cancelled":
        parts.notice(_("Cancelled. Nothing is being worked out any more."))
    else:
        text = _("No plan was found within {seconds} seconds, so the search was ended. Fewer people or requests help.")
        parts.notice(text.format(seconds=MOST_SECONDS))
    st.button(_("Work it out again"), key=f"allocation_{name}_again", on_click=forget, args=(name,))


def _key(name: str) -> str:
    return f"allocation_work_{name}"
