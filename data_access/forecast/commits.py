"""What people commit to: the amount a region, a rep or the whole company will have won by a period's end. Append-only.

A newer commit takes the place of the one before; taking one back writes a withdrawal beside it (an `audit_event`).
Once the period has ended both are refused, so that every commit that stood then is scored.
"""

from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from data_access.database.limits import LARGEST_AMOUNT, LONGEST_NOTE, must_fit
from data_access.database.versions import raise_version
from data_access.engine import read, writing
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.filters import entered_by, in_regions, valid_on
from data_access.names import region_name, rep_name
from data_access.permitted import must_see
from data_access.schema import MONEY_SCALE, audit_event, forecast_commit, rep_posting
from data_access.scope import Period, Person, Scope

LARGEST = LARGEST_AMOUNT * MONEY_SCALE


def commit(
    database: sa.Engine,
    person: Person,
    period: Period,
    amount: int,
    *,
    region_id: str | None = None,
    rep_id: str | None = None,
    note: str = "",
    at: datetime,
) -> int:
    """Write a commit for a region or a rep (neither: the whole company), and give its id. amount in minor units; note:
    why this much, and why more or less than those below said.

    Raises NotAllowed where the person may not commit, NotFound for what they may not see; Refused for an amount that is
    none, for a note that is too long, and for a period that has ended.
    """
    must_fit("A note", note, LONGEST_NOTE)
    if not 0 <= amount <= LARGEST:
        raise Refused("A commit is an amount from 0 on, and not that large.")
    with writing(database) as connection:
        _must_be_allowed(connection, person, region_id, rep_id)
        must_not_have_ended(period.end, at)
        written = forecast_commit.insert().values(
            region_id=region_id,
            rep_id=rep_id,
            from_on=period.start,
            to_on=period.end,
            amount=amount,
            note=note or None,
            committed_by=person.name or person.role,
            committed_at=at,
        )
        commit_id = connection.execute(written.returning(forecast_commit.c.commit_id)).scalar_one()
        raise_version(connection)
    return commit_id


def withdraw(database: sa.Engine, person: Person, commit_id: int, *, at: datetime) -> None:
    """Take a commit back, for who may make one like it. The row stays; taking back twice changes nothing."""
    with writing(database) as connection:
        found = connection.execute(
            sa.select(forecast_commit).where(forecast_commit.c.commit_id == commit_id)
        ).one_or_none()
        missing = NotFound(f"There is no commit {commit_id} to take back.")
        if found is None:
            raise missing
        try:
            _must_be_allowed(connection, person, found.region_id, found.rep_id)
        except NotFound:  # nor is it told that there is a commit for what they may not see
            raise missing from None
        must_not_have_ended(found.to_on, at)
        subject = f"forecast_commit {commit_id}"
        known = sa.exists().where(audit_event.c.action == "withdraw", audit_event.c.subject == subject)
        if not connection.scalar(sa.select(known)):
            connection.execute(
                audit_event.insert().values(
                    at=at, by=person.name or person.role, action="withdraw", subject=subject, detail=None
                )
            )
            raise_version(connection)


def commits(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per commit that is not taken back, made by the as-of date, in the order in which they were made.

    commit_id, region_id and region, rep_id and rep (names; both empty: the whole company), from_on, to_on,
    amount (minor units of the base currency), note (empty: none), committed_by, committed_at
    Of regions in scope and of reps posted there on the as-of date; the company's with no region chosen, for those who
    see everything. Under an owner filter that rep's only.
    """
    c = forecast_commit.c
    withdrawn = sa.select(audit_event.c.subject).where(audit_event.c.action == "withdraw")
    subject = sa.literal("forecast_commit ").concat(sa.cast(c.commit_id, sa.Text))
    posted = sa.select(rep_posting.c.rep_id).where(
        valid_on(rep_posting, scope.as_of), in_regions(rep_posting.c.region_id, scope)
    )
    of_company = sa.and_(c.region_id.is_(None), c.rep_id.is_(None))
    sees_company = sa.true() if scope.person.sees_everything and not scope.regions else sa.false()
    of_region = sa.and_(c.region_id.is_not(None), in_regions(c.region_id, scope))
    chosen = sa.or_(sa.and_(of_company, sees_company), of_region, c.rep_id.in_(posted))
    if scope.owner is not None:
        chosen = sa.and_(chosen, c.rep_id == scope.owner)
    statement = (
        sa.select(
            c.commit_id,
            c.region_id,
            region_name(c.region_id).label("region"),
            c.rep_id,
            rep_name(c.rep_id).label("rep"),
            c.from_on,
            c.to_on,
            c.amount,
            c.note,
            c.committed_by,
            c.committed_at,
        )
        .where(entered_by(c.committed_at, scope), subject.not_in(withdrawn), chosen)
        .order_by(c.commit_id)
    )
    return read(database, statement)


def _must_be_allowed(connection: sa.Connection, person: Person, region_id: str | None, rep_id: str | None) -> None:
    person.must_be_allowed_to_write("forecast_commit")
    if region_id is not None and rep_id is not None:
        raise Refused("A commit is for a region or for a rep, not for both.")
    if rep_id is not None:
        must_see(connection, person, "rep_id", rep_id)
    elif region_id is None:
        if not person.sees_everything:
            raise NotAllowed("A commit for the whole company is for those who see all of it. Choose your region.")
    else:
        must_see(connection, person, "region_id", region_id)


def must_not_have_ended(end: date, at: datetime) -> None:
    """Raises Refused once the period that ends then is over."""
    if end < at.date():
        raise Refused(f"The period ended on {end}. What was committed for it stands, and is scored.")
