"""The one cache of answers: the only place with `st.cache_*`, besides the ranking of `key_accounts`.

Every cached answer carries the database and the stamp of its data version in its key: after an import all sessions see
new numbers at their next rerun, and nothing is served stale, nor from another file that took the place of this one.
"""

from datetime import date, datetime

import streamlit as st

from data_access import organisation
from data_access.activities import activity_list
from data_access.engine import database_url, for_pages
from data_access.lists import deal_list
from data_access.scope import Scope

# Small aggregated frames: this many answers are some tens of megabytes.
_KEPT = 2_000
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


def state() -> organisation.State:
    """The data's version and days, and the settings."""
    return ask(organisation.state, None)


def now() -> datetime:
    """What time it is where the organisation is."""
    return state().now()


def today() -> date:
    """The day it is where the organisation is."""
    return now().date()
