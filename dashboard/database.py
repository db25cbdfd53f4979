"""The database of the pages: what it says of itself, what day it is there, and whether it answers at all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from dashboard.server import ahead, copying
from data_access import migrations, organisation
from data_access.copies.serving import copy_of, is_former, reading_copy, reading_former
from data_access.database.url import database_url
from data_access.database.versions import fact_stamps, facts_stamp, stamp
from data_access.engine import Engine, for_pages, question_seconds
from data_access.errors import DatabaseUnusable

# How long, in seconds, a database that did not answer is left alone: a page asks dozens of times, and each may wait.
_LEFT_ALONE = 5


@dataclass(frozen=True)
class Version:
    """One version of the data, as a page shows it.

    state    what the database says of it
    newest   what it says of the newest: of other facts than these while a copy of those is being made
    engine   what answers from it
    """

    state: organisation.State
    newest: organisation.State
    engine: Engine

    @property
    def is_newest(self) -> bool:
        """Whether there are no newer facts."""
        return self.state.facts == self.newest.facts


_last: dict[str, Version] = {}  # what each database said when it last answered
_here = threading.local()  # of this run of a script: when the database did not answer, and why; its version


@contextmanager
def one_version() -> Iterator[None]:
    """All that is asked within, of a page or a part of it that is drawn anew, is of one version of the facts; where
    that cannot be, because newer ones came meanwhile, the page is begun anew. Within another such: part of that one."""
    if getattr(_here, "is_running", False):
        yield
        return
    _here.is_running, _here.version = True, None
    try:
        yield
    finally:
        _here.is_running, _here.version = False, None


def engine() -> Engine:
    """The way to it, for people who wait."""
    return version().engine


def state() -> organisation.State:
    """The data's version and days, and the settings: what is kept of the data goes by it."""
    return version().state


def version() -> Version:
    """The version to ask: looked for once in a run of a script, else each time.

    Of a database that does not answer: what it said last, so that a page of kept answers stays, with all that somebody
    is typing into it. `trouble` says so, and the page its reader. Raises DatabaseUnusable where it never answered.
    """
    url, seen = database_url(), getattr(_here, "version", None)
    if seen is not None and _here.is_fresh:
        return seen
    unusable = trouble() or trouble_now()
    if unusable is not None and url not in _last:
        raise DatabaseUnusable(str(unusable), unusable.kind)
    found = _last[url]
    if getattr(_here, "is_running", False) and unusable is None:
        if seen is not None and seen.state.facts != found.state.facts:
            st.rerun()
        _here.version, _here.is_fresh = found, True
    return found


def trouble() -> DatabaseUnusable | None:
    """Why the database did not answer when this run asked it a moment ago; None: it did."""
    url, when, unusable = getattr(_here, "trouble", ("", 0.0, None))
    return unusable if url == database_url() and time.monotonic() - when < _LEFT_ALONE else None


def trouble_now() -> DatabaseUnusable | None:
    """The same, asked now."""
    url = database_url()
    try:
        found = _look(url)
    except DatabaseUnusable as unusable:
        _here.trouble = url, time.monotonic(), unusable
        return unusable
    _last[url] = found
    ask_again()
    return None


def _look(url: str) -> Version:
    """The version that pages show now: the newest, but while the copy of that is being made that of the last one."""
    plain, seconds = for_pages(url), question_seconds()
    newest = organisation.state(plain)
    known = _last.get(url)
    if known is None or known.newest.stamp != newest.stamp:
        migrations.must_be_current(plain)  # another file may have taken the place of the former
    copied = reading_copy(plain, newest.facts, seconds, entries=newest.stamp)
    if copied is None and copying.is_made(plain, url, newest.facts):
        copied = reading_former(plain, fact_stamps(plain), newest.stamp, seconds)
    elif copied is not None:
        ahead.begin(url, newest.facts)
    if copied is None or not is_former(copied):
        return Version(newest, newest, copied or plain)
    if known is not None and known.newest == newest and copy_of(known.engine) is copy_of(copied):
        return known
    return Version(organisation.state(copied), newest, copied)


def ask_again() -> None:
    """Forgets that the database did not answer."""
    _here.trouble = "", 0.0, None


def look_again() -> None:
    """What this run asks from here on is of the version that is there then: it entered something, say."""
    _here.is_fresh = False


def is_of(asked: Version) -> bool:
    """Whether what was found since this version was looked for is of its facts alone: newer ones may have come."""
    try:
        return not asked.is_newest or facts_stamp(asked.engine) == asked.newest.facts
    except DatabaseUnusable:
        return False


def is_still(asked: Version) -> bool:
    """Whether nobody has entered or loaded anything since this version was looked for."""
    try:
        return stamp(asked.engine) == asked.newest.stamp
    except DatabaseUnusable:
        return False


def now() -> datetime:
    """What time it is where the organisation is."""
    return state().now()


def today() -> date:
    """The day it is where the organisation is."""
    return now().date()
