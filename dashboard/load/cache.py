"""The one cache of answers: the only place with `st.cache_*`, besides the ranking of `key_accounts`.

Every cached answer carries the database and the stamp of its data version in its key: after an import all sessions see
new numbers at their next rerun, and nothing is served stale, nor from another file that took the place of this one.
"""

import threading
import time
from datetime import date, datetime

import streamlit as st

from data_access import migrations, organisation
from data_access.engine import database_url, for_pages
from data_access.errors import DatabaseUnusable
from data_access.lists import deal_list
from data_access.reps.activities import activity_list
from data_access.scope import Scope

# Small aggregated frames: this many answers are some tens of megabytes.
_KEPT = 2_000
# How long, in seconds, a database that did not answer is left alone: a page asks dozens of times, and each may wait.
_LEFT_ALONE = 5
# Lists of deals and activities: thousands of rows each, megabytes.
_LISTS_KEPT = 50


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _answer(question_name: str, url: str, stamp: str, scope: Scope, arguments: tuple, named: tuple, _question):
    return _question(for_pages(url), scope, *arguments, **dict(named))


@st.cache_data(max_entries=_LISTS_KEPT, show_spinner=False)
def _list(question_name: str, url: str, stamp: str, scope: Scope, arguments: tuple, named: tuple, _question):
    return _question(for_pages(url), scope, *arguments, **dict(named))


def ask(question, scope: Scope | None, *arguments, **named):
    """One question of `data_access` about a scope, from the cache where it has been asked of these data before."""
    url = database_url()
    if question is organisation.state:  # what the cache depends on is never cached
        return question(for_pages(url), scope)
    name = f"{question.__module__}.{question.__name__}"
    keep = _list if question in (deal_list, activity_list) else _answer
    return keep(name, url, state().stamp, scope, arguments, tuple(sorted(named.items())), question)


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _composed(answer_name: str, url: str, stamp: str, scope: Scope, arguments: tuple, named: tuple, _answer_of):
    return _answer_of(ask, scope, *arguments, **dict(named))


def kept(answer, scope: Scope, *arguments, **named):
    """An answer of `dashboard.answers`, from the cache likewise: its composing is worth keeping too."""
    name = f"{answer.__module__}.{answer.__name__}"
    return _composed(name, database_url(), state().stamp, scope, arguments, tuple(sorted(named.items())), answer)


_last: dict[str, organisation.State] = {}  # what each database said when it last answered
_here = threading.local()  # of this run of a script: when the database did not answer, and why


def state() -> organisation.State:
    """The data's version and days, and the settings.

    Of a database that does not answer: what it said last, so that a page of kept answers stays, with all that somebody
    is typing into it. `trouble` says so, and the page its reader. Raises DatabaseUnusable where it never answered.
    """
    url = database_url()
    unusable = trouble() or trouble_now()
    if unusable is not None and url not in _last:
        raise DatabaseUnusable(str(unusable), unusable.kind)
    return _last[url]


def trouble() -> DatabaseUnusable | None:
    """Why the database did not answer when this run asked it a moment ago; None: it did."""
    url, when, unusable = getattr(_here, "trouble", ("", 0.0, None))
    return unusable if url == database_url() and time.monotonic() - when < _LEFT_ALONE else None


def trouble_now() -> DatabaseUnusable | None:
    """The same, asked now."""
    url = database_url()
    try:
        found = ask(organisation.state, None)
        if url not in _last or _last[url].stamp != found.stamp:
            migrations.must_be_current(for_pages(url))  # another file may have taken the place of the former
    except DatabaseUnusable as unusable:
        _here.trouble = url, time.monotonic(), unusable
        return unusable
    _last[url] = found
    ask_again()
    return None


def ask_again() -> None:
    """Forgets that the database did not answer."""
    _here.__dict__.clear()


def now() -> datetime:
    """What time it is where the organisation is."""
    return state().now()


def today() -> date:
    """The day it is where the organisation is."""
    return now().date()
