"""Whom and what a person may look at by its key: an account, a deal, a rep … of their regions, as these are today;
and the way by which each question is asked, so that none reaches beyond the person's regions."""

import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from data_access.database.limits import LONGEST_NOTE, must_fit
from data_access.engine import Engine, is_recorded, of_question, rows_of
from data_access.errors import NotFound
from data_access.filters import below
from data_access.schema import FOREVER, account, deal_span, region, rep_posting, support_person, support_request
from data_access.scope import Person, Scope

log = logging.getLogger(__name__)

_Asked = TypeVar("_Asked", bound=Scope | None)
_More = ParamSpec("_More")
_Found = TypeVar("_Found")

# Regions that were found to be a person's, by database: looked up once, not by each of a page's questions. Where the
# tree has changed since, `filters.in_regions` stands behind it, and finds nothing.
_within: WeakKeyDictionary[Engine, set[tuple]] = WeakKeyDictionary()

_TODAY = {
    "account_id": ("account", sa.select(account.c.account_id, account.c.region_id)),
    "opportunity_id": (
        "deal",
        sa.select(deal_span.c.opportunity_id, deal_span.c.region_id).where(deal_span.c.to_day == FOREVER),
    ),
    "rep_id": ("rep", sa.select(rep_posting.c.rep_id, rep_posting.c.region_id).where(rep_posting.c.to_day == FOREVER)),
    "region_id": ("region", sa.select(region.c.region_id)),
    "resource_id": ("support person", sa.select(support_person.c.resource_id, support_person.c.region_id)),
    "request_id": (
        "request",
        sa.select(support_request.c.request_id, deal_span.c.region_id)
        .join(deal_span, deal_span.c.opportunity_id == support_request.c.opportunity_id)
        .where(deal_span.c.to_day == FOREVER),
    ),
}


def seen_today(person: Person, column: str, key: sa.ColumnElement) -> sa.ColumnElement[bool]:
    """Whether the person may look at what has this key, as `must_see` says of one: for the rows of a question."""
    if person.sees_everything:  # of what there is, nothing is hidden
        return sa.true()
    rows = _TODAY[column][1].subquery("today")
    # One set for all rows: asked of row by row, SQLite takes three times as long where many have the name.
    return key.in_(sa.select(rows.c[column]).where(below(rows.c.region_id, person.regions)))


def answered(
    question: Callable[Concatenate[Engine, _Asked, _More], _Found],
    database: Engine,
    scope: _Asked,
    /,
    *arguments: _More.args,
    **named: _More.kwargs,
) -> _Found:
    """What a question finds about a scope. Raises NotFound, and says so in the log, where that asks about a region
    which the person may not see, or which does not exist."""
    if scope is not None and scope.regions:
        _must_be_within(database, scope)
    if is_recorded():
        with of_question(f"{question.__module__}.{question.__name__}"):
            return question(database, scope, *arguments, **named)
    return question(database, scope, *arguments, **named)


def _must_be_within(database: Engine, scope: Scope) -> None:
    known, asked = _within.setdefault(database, set()), (scope.person.regions, scope.regions)
    if asked in known:
        return
    theirs = sa.select(region.c.region_id).where(
        region.c.region_id.in_(scope.regions), below(region.c.region_id, scope.person.regions)
    )
    seen = {one for (one,) in rows_of(database, theirs, is_of_facts=True)}
    for one in scope.regions:
        if one not in seen:
            log.warning(
                "Refused: %s %r of the regions %r asked about the region %r.",
                *(scope.person.role, scope.person.name, scope.person.regions, one),
            )
            raise NotFound(_NOTHING.format(what="region", key=one))
    known.add(asked)


_NOTHING = "There is no {what} {key!r} that you can see. Choose one from the list."


def must_see(connection: sa.Connection, person: Person, column: str, key: str) -> None:
    """Raises NotFound where nothing that the person may see has this key: the same for what lies in other regions and
    for what does not exist.

    column    account_id, opportunity_id, rep_id, region_id, resource_id or request_id
    """
    what, today = _TODAY[column]
    must_fit(f"The key of a {what}", key, LONGEST_NOTE)
    rows = today.subquery("today")
    found = sa.select(rows.c.region_id).where(rows.c[column] == key, below(rows.c.region_id, person.regions))
    if not connection.scalar(sa.select(sa.exists(found))):
        raise NotFound(_NOTHING.format(what=what, key=key))
