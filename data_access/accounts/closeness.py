"""Questions about how close the company is to all its accounts at once, and what they will need."""

from datetime import timedelta

import pandas as pd
import sqlalchemy as sa

from data_access.accounts.assessments import latest
from data_access.engine import read
from data_access.schema import account, account_need, activity, activity_day, closeness_score, contact, opportunity
from data_access.scope import Scope


def contacts(database: sa.Engine, scope: Scope, days: int) -> pd.DataFrame:
    """One row per account of the whole company that anybody was ever active with by the as-of date. As on the page of
    one account, an activity that names none belongs to that of its deal. Of the scope, only the as-of date counts.

    account_id
    contacts, two_way_activities    of the last so many days: distinct contacts, completed two-way activities
    seniority                       the highest among those contacts, 1 to 5 (empty: none is known)
    two_way_day                     of the last two-way activity among them (an ordinal; empty: none)
    knows_two_way                   1 where any activity ever told whether it was two-way, else 0
    """
    a, since = activity_day.c, scope.as_of - timedelta(days=days)
    by_then = sa.and_(a.completed_day <= scope.as_of.toordinal(), ~_is_of_its_lead())
    spoke = a.two_way.is_(True)
    recent = (
        sa.select(
            a.account_id,
            sa.func.count(sa.distinct(a.contact_id)).label("contacts"),
            sa.func.max(contact.c.seniority).label("seniority"),
            sa.func.sum(sa.case((spoke, 1), else_=0)).label("two_way_activities"),
            sa.func.max(sa.case((spoke, a.completed_day))).label("two_way_day"),
        )
        .select_from(activity_day.outerjoin(contact, contact.c.contact_id == a.contact_id))
        .where(by_then, a.completed_day > since.toordinal())
        .group_by(a.account_id)
        .subquery("recent")
    )
    # Whether there ever was one stops at the first: a sum would read every activity there is.
    ever = sa.select(a.activity_id).where(a.account_id == account.c.account_id, by_then).correlate(account)
    statement = (
        sa.select(
            account.c.account_id,
            *(sa.func.coalesce(recent.c[name], 0).label(name) for name in ("contacts", "two_way_activities")),
            recent.c.seniority,
            recent.c.two_way_day,
            sa.case((ever.where(a.two_way.is_not(None)).exists(), 1), else_=0).label("knows_two_way"),
        )
        .select_from(account.outerjoin(recent, recent.c.account_id == account.c.account_id))
        .where(ever.exists())
        .order_by(account.c.account_id)
    )
    return read(database, statement)


def _is_of_its_lead():
    """Whether an activity has its account from its lead alone: neither it nor its deal names one."""
    a, own, deal = activity_day.c, activity.alias("own"), opportunity.alias("deal")
    named = sa.func.coalesce(own.c.account_id, deal.c.account_id)
    itself = (
        sa.select(own.c.activity_id)
        .select_from(own.outerjoin(deal, deal.c.opportunity_id == own.c.opportunity_id))
        .where(own.c.activity_id == a.activity_id, named.is_(None))
        .correlate(activity_day)
    )
    return sa.and_(a.lead_id.is_not(None), itself.exists())


def judged(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a judged closeness as of the date: account_id, score 0–10 (the one that holds)."""
    held = latest(closeness_score, ("account_id",), scope)
    statement = sa.select(held.c.account_id, held.c.score).order_by(held.c.account_id)
    return read(database, statement)


def needs(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account, window and solution with a need assessed by the as-of date: account_id, window, solution,
    value (minor units of the base currency), capability 0–10 (those that hold)."""
    names = ("account_id", "window", "solution")
    held = latest(account_need, names, scope)
    columns = [held.c[name] for name in (*names, "value", "capability")]
    statement = sa.select(*columns).order_by(*columns[:3])
    return read(database, statement)
