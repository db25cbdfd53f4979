"""Whom and what a person may look at by its key: an account, a deal, a rep … of their regions, as these are today."""

import sqlalchemy as sa

from data_access.database.limits import LONGEST_NOTE, must_fit
from data_access.errors import NotAllowed, Refused
from data_access.filters import below
from data_access.schema import FOREVER, account, deal_span, region, rep_posting, support_person, support_request
from data_access.scope import Person

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


def must_see(connection: sa.Connection, person: Person, column: str, key: str) -> None:
    """Raises Refused where nothing has this key, NotAllowed where it lies outside the person's regions.

    column    account_id, opportunity_id, rep_id, region_id, resource_id or request_id
    """
    what, today = _TODAY[column]
    must_fit(f"The key of a {what}", key, LONGEST_NOTE)
    rows = today.subquery("today")
    found = sa.select(rows.c.region_id).where(rows.c[column] == key)
    if not connection.execute(found).all():
        raise Refused(f"There is no {what} {key!r}. Choose one from the list.")
    if not connection.scalar(sa.select(sa.exists(found.where(below(rows.c.region_id, person.regions))))):
        raise NotAllowed(
            f"{what.capitalize()} {key!r} lies outside your regions. "
            "It can be seen by the manager of its region, by directors and by executives."
        )
