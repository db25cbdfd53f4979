"""The database of the pages: what it says of itself, what day it is there, and whether it answers at all."""

import threading
import time
from datetime import date, datetime

from dashboard.server import copying
from data_access import migrations, organisation
from data_access.copies.serving import read_from_copy
from data_access.engine import Engine, database_url, for_pages, question_seconds
from data_access.errors import DatabaseUnusable

# How long, in seconds, a database that did not answer is left alone: a page asks dozens of times, and each may wait.
_LEFT_ALONE = 5

_last: dict[str, organisation.State] = {}  # what each database said when it last answered
_here = threading.local()  # of this run of a script: when the database did not answer, and why


def engine() -> Engine:
    """The way to it, for people who wait."""
    return for_pages(database_url())


def state() -> organisation.State:
    """The data's version and days, and the settings: asked anew each time, since what is kept of the data goes by it.

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
        found = organisation.state(engine())
        if url not in _last or _last[url].stamp != found.stamp:
            migrations.must_be_current(engine())  # another file may have taken the place of the former
        if not read_from_copy(engine(), found.facts, question_seconds()):
            copying.start(engine(), url, found.facts)
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
