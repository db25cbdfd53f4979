"""The one door from pages to the data: `ask` puts a question of `data_access`, `answer_of` has an answer of
`dashboard.answers` worked out, `own_of` asks for what is one person's own, `write` enters something. Each takes the
function itself, so that a type checker sees what goes in and what comes out.

Questions and answers are kept, for all sessions. The key of what is kept carries the database and the stamp of its data
version: after an import all sessions see new numbers at their next rerun, and nothing is served stale, nor from another
file that took the place of this one. What was found without reading anything that people enter goes by the stamp of the
facts alone: it stays when somebody enters a score.

Where a large organisation has a reading copy, what is kept is kept beside it too (`server/shared.py`), for the other
workers and for this one when it is started again: memory is asked first, then the files, then the data.

An answer of many rows that come from a question one by one, a list, is not kept beside the question's: it is called
with the door in hand, `opportunities.valued(ask, scope)`, and made anew of what `ask` has kept.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from dashboard import database
from dashboard.answers import Ask
from dashboard.server import shared, sign_in
from data_access.copies.serving import copy_of
from data_access.database.url import database_url
from data_access.engine import Engine, Sent, entered_was_read, for_pages, is_recorded, reads_entered, recorded
from data_access.errors import DatabaseUnusable, NotAllowed
from data_access.forecast.deciding import open_deals
from data_access.leads.outcomes import lead_list
from data_access.lists import deal_list
from data_access.permitted import answered
from data_access.reps.activities import activity_list
from data_access.scope import Person, Scope

# Small aggregated frames: this many answers are some tens of megabytes.
_KEPT = 2_000
# Lists of deals, activities and leads: thousands of rows each, megabytes.
_LISTS = (deal_list, open_deals, activity_list, lead_list)
_LISTS_KEPT = 50

_Asked = TypeVar("_Asked", bound=Scope | None)
_More = ParamSpec("_More")
_Answer = TypeVar("_Answer")


# Questions and answers that were seen to read what people enter: asked for by the stamp of all from then on.
_of_entered: set[str] = set()


class _NotKept(Exception):
    """What was found, where it may not be kept by the stamp that it was asked for by."""

    def __init__(self, found: object):
        super().__init__()
        self.found = found


class _OfEntered(_NotKept):
    """It rests on more than facts."""


class _OfOthers(_NotKept):
    """It rests on newer facts, or on some of either."""


def ask(
    question: Callable[Concatenate[Engine, _Asked, _More], _Answer],
    scope: _Asked,
    /,
    *arguments: _More.args,
    **named: _More.kwargs,
) -> _Answer:
    """One question of `data_access` about a scope, from the cache where it has been asked of these data before."""
    keep = _list if question in _LISTS else _one
    find = lambda: answered(question, database.engine(), scope, *arguments, **named)  # noqa: E731
    with database.one_version(), _about(scope):
        return _kept(keep, question, scope, arguments, named, find)


def answer_of(
    answered_by: Callable[Concatenate[Ask, Scope, _More], _Answer],
    scope: Scope,
    /,
    *arguments: _More.args,
    **named: _More.kwargs,
) -> _Answer:
    """An answer of `dashboard.answers` about a scope, from the cache likewise: its composing is worth keeping too."""
    find = lambda: answered_by(ask, scope, *arguments, **named)  # noqa: E731
    with database.one_version(), _about(scope):
        return _kept(_one, answered_by, scope, arguments, named, find)


def sent_for(find: Callable[[], object]) -> list[Sent]:
    """What is sent to the database while `find` asks: all of it, since nothing that is kept is given meanwhile."""
    with database.one_version(), recorded() as sent:
        find()
    return sent


def own_of(
    question: Callable[Concatenate[Engine, Person, _More], _Answer],
    scope: Scope,
    /,
    *arguments: _More.args,
    **named: _More.kwargs,
) -> _Answer:
    """What somebody keeps for themselves, as the person of the scope. Asked each time: what is kept of answers is for
    all who see the same, and they have other things. So is what changes without a new version of the data: a sync that
    failed."""
    return question(for_pages(database_url()), scope.person, *arguments, **named)


def write(
    entry: Callable[Concatenate[Engine, Person, _More], _Answer],
    scope: Scope,
    /,
    *arguments: _More.args,
    **named: _More.kwargs,
) -> _Answer:
    """One write of `data_access`, as the person of the scope; what is kept of the data before is asked no more.

    Raises NotAllowed where they have signed out meanwhile, or are something else by now."""
    if not sign_in.is_still(scope.person):
        raise NotAllowed("You have signed out, or your role has changed. Load the page again.")
    try:
        return entry(for_pages(database_url()), scope.person, *arguments, **named)
    finally:
        database.look_again()


@contextmanager
def _about(scope: Scope | None) -> Iterator[None]:
    """What the database refuses within says what was asked about: what the person asked, not the questions in it."""
    try:
        yield
    except DatabaseUnusable as unusable:
        unusable.about = scope or unusable.about
        raise


def _kept(
    keep: Callable, asked: Callable, scope: Scope | None, arguments: tuple, named: dict, find: Callable[[], _Answer]
) -> _Answer:
    """What was found before, else what `find` finds: kept by the stamp of the facts if it reads nothing but facts.
    Where somebody wants to see what is sent, it is sent: nothing that was kept is given, and nothing is kept."""
    if is_recorded():
        return find()
    name, version = _name(asked), database.version()
    # A scope is made of days, numbers and words alone, so what it is written as says it whole; Streamlit's own way to
    # tell two of them apart takes ten times as long.
    about, only = f"{database_url()} {scope!r}", lambda: _of_version(find, version)
    by_facts, by_all = f"{version.state.facts} of {about}", f"{version.state.stamp} {about}"

    def place(by: str) -> shared.Place:
        return shared.place(copy_of(version.engine), name, by, arguments, named)

    if name not in _of_entered:
        try:
            return keep(name, by_facts, arguments, named, lambda: _of_facts_alone(only, place(by_facts), place(by_all)))
        except _OfEntered as reads:
            _of_entered.add(name)
            found = cast(_Answer, reads.found)
            only = lambda: found  # noqa: E731
        except _OfOthers as moved:
            return cast(_Answer, moved.found)
    reads_entered()  # so does whoever asked, be it from the cache
    try:
        return keep(name, by_all, arguments, named, lambda: _of_all(only, place(by_all), version))
    except _OfOthers as moved:
        return cast(_Answer, moved.found)


def _of_version(find: Callable[[], _Answer], version: database.Version) -> _Answer:
    """What `find` finds; raises _OfOthers where the facts are others by now, as an import was committed meanwhile."""
    found = find()
    if not database.is_of(version):
        database.look_again()
        database.version()
        raise _OfOthers(found)
    return found


def _of_facts_alone(find: Callable[[], _Answer], place: shared.Place, of_all: shared.Place) -> _Answer:
    """What lies in its place, else what `find` finds; raises _OfEntered where it read more than facts, or lies in the
    place `of_all` for what did."""
    found = place.find()
    if found is not shared.MISSING:
        return found
    found = of_all.find()
    if found is not shared.MISSING:
        raise _OfEntered(found)
    before = entered_was_read()
    found = find()
    if entered_was_read() != before:
        raise _OfEntered(found)
    place.keep(found)
    return found


def _of_all(find: Callable[[], _Answer], place: shared.Place, version: database.Version) -> _Answer:
    """What lies in its place, else what `find` finds, which others are given as long as it is of this version."""
    found = place.find()
    if found is shared.MISSING:
        found = find()
        if database.is_still(version):
            place.keep(found)
    return found


def _name(asked: Callable) -> str:
    """What tells one question about these data from every other, but its arguments. Raises ValueError where its name
    does not: another function would be given its answers."""
    module, name = getattr(asked, "__module__", ""), getattr(asked, "__name__", "")
    if getattr(sys.modules.get(module), name, None) is not asked:
        raise ValueError(f"{asked} is not what {module or 'any module'} calls {name!r}. Ask by a function of a module.")
    return f"{module}.{name}"


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _one(asked: str, about: str, arguments: tuple, named: dict, _find: Callable[[], _Answer]) -> _Answer:
    return _find()


@st.cache_data(max_entries=_LISTS_KEPT, show_spinner=False)
def _list(asked: str, about: str, arguments: tuple, named: dict, _find: Callable[[], _Answer]) -> _Answer:
    return _find()
